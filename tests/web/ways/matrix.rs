//! What follows from each way in, for each state of an account and each rule: one table, every cell of which is tried,
//! with the lines of the audit and the letters that come of it.

use std::collections::BTreeMap;

use chrono::Duration;
use reqwest::StatusCode;

use super::person::{Cast, Protocol, Someone, State, Way};
use super::{is_required_of, with_every_way};
use crate::second_factor::{key_on, require_a_factor};
use crate::snapshot::texts;
use crate::support::authenticator::Authenticator;
use crate::support::page::Page;
use crate::support::person::Person;
use crate::support::providers::Providers;
use crate::support::world::World;

with_every_way!(
    nothing_is_asked_for_besides,
    an_app_is_the_second_factor,
    a_second_factor_is_required_from_next_week_on,
    a_second_factor_is_required_now,
    single_sign_on_is_required,
    whoever_is_in_stays_as_long_as_the_organization_lets_sessions_live,
    by_saml_nothing_is_asked_for_besides,
    by_saml_an_app_is_the_second_factor,
    by_saml_a_second_factor_is_required_from_next_week_on,
    by_saml_a_second_factor_is_required_now,
    by_saml_single_sign_on_is_required,
    whoever_is_in_by_saml_stays_as_long_as_the_organization_lets_sessions_live,
);

/// What a way leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Inside at once.
    In,
    /// To a code first, then inside.
    Code,
    /// To setting up a second factor first, then inside.
    SetUp,
    /// Address and password do not go together.
    Wrong,
    /// No passkey of anybody.
    NoKey,
    /// To the page that explains that an invitation is needed.
    Stranger,
    /// The invitation is over.
    Over,
    /// The account is deactivated, and who can help.
    Off,
    /// To single sign-on.
    OnlySso,
}

use End::{Code, In, NoKey, Off, OnlySso, Over, SetUp, Stranger, Wrong};

/// What follows for each way, in the order of [`Way::ALL`]. A way that begins by a kind of its own gets a column.
type Row = (State, [End; Way::ALL.len()]);

/// What an organization asks for besides, and what then follows.
struct Rule {
    begins: fn(&World),
    /// Everybody who can have an app has one.
    with_apps: bool,
    table: &'static [Row],
}

#[rustfmt::skip]
const NOTHING_BESIDES: Rule = Rule {
    begins: |_| {},
    with_apps: false,
    table: &[
        //                   password  passkey google    github    sso
        (State::Unknown,     [Wrong,   NoKey,  Stranger, Stranger, In]),
        (State::Invited,     [In,      NoKey,  In,       In,       In]),
        (State::Expired,     [Over,    NoKey,  Stranger, Stranger, Over]),
        (State::Active,      [In,      In,     In,       In,       In]),
        (State::Deactivated, [Off,     Off,    Off,      Off,      Off]),
    ],
};

#[rustfmt::skip]
const AN_APP: Rule = Rule {
    begins: |_| {},
    with_apps: true,
    table: &[
        (State::Active,      [Code,    In,     Code,     Code,     Code]),
        (State::Deactivated, [Off,     Off,    Off,      Off,      Off]),
    ],
};

#[rustfmt::skip]
const A_FACTOR_NEXT_WEEK: Rule = Rule {
    begins: |world| {
        require_a_factor(world);
        let from = world.db().now().plus(Duration::days(7)).rfc3339().replace('T', " ").replace('Z', "");
        super::changes(world, &format!("UPDATE organization_settings SET second_factor_from = '{from}'"));
    },
    with_apps: false,
    table: &[
        (State::Unknown,     [Wrong,   NoKey,  Stranger, Stranger, In]),
        (State::Invited,     [In,      NoKey,  In,       In,       In]),
        (State::Expired,     [Over,    NoKey,  Stranger, Stranger, Over]),
        (State::Active,      [In,      In,     In,       In,       In]),
        (State::Deactivated, [Off,     Off,    Off,      Off,      Off]),
    ],
};

#[rustfmt::skip]
const A_FACTOR_NOW: Rule = Rule {
    begins: require_a_factor,
    with_apps: false,
    table: &[
        (State::Unknown,     [Wrong,   NoKey,  Stranger, Stranger, SetUp]),
        (State::Invited,     [SetUp,   NoKey,  SetUp,    SetUp,    SetUp]),
        (State::Expired,     [Over,    NoKey,  Stranger, Stranger, Over]),
        (State::Active,      [SetUp,   In,     SetUp,    SetUp,    SetUp]),
        (State::Deactivated, [Off,     Off,    Off,      Off,      Off]),
    ],
};

#[rustfmt::skip]
const ONLY_SINGLE_SIGN_ON: Rule = Rule {
    begins: |world| is_required_of(world, "domains"),
    with_apps: false,
    table: &[
        (State::Unknown,     [Wrong,   NoKey,   Stranger, Stranger, In]),
        (State::Invited,     [OnlySso, NoKey,   OnlySso,  OnlySso,  In]),
        (State::Expired,     [Over,    NoKey,   Stranger, Stranger, Over]),
        (State::Active,      [OnlySso, OnlySso, OnlySso,  OnlySso,  In]),
        (State::Deactivated, [Off,     Off,     Off,      Off,      Off]),
    ],
};

fn nothing_is_asked_for_besides(world: World, providers: Providers) {
    holds(&world, &providers, Protocol::OpenId, &NOTHING_BESIDES);
}

fn an_app_is_the_second_factor(world: World, providers: Providers) {
    holds(&world, &providers, Protocol::OpenId, &AN_APP);
}

fn a_second_factor_is_required_from_next_week_on(world: World, providers: Providers) {
    holds(&world, &providers, Protocol::OpenId, &A_FACTOR_NEXT_WEEK);
}

fn a_second_factor_is_required_now(world: World, providers: Providers) {
    holds(&world, &providers, Protocol::OpenId, &A_FACTOR_NOW);
}

fn single_sign_on_is_required(world: World, providers: Providers) {
    holds(&world, &providers, Protocol::OpenId, &ONLY_SINGLE_SIGN_ON);
}

fn by_saml_nothing_is_asked_for_besides(world: World, providers: Providers) {
    holds(&world, &providers, Protocol::Saml, &NOTHING_BESIDES);
}

fn by_saml_an_app_is_the_second_factor(world: World, providers: Providers) {
    holds(&world, &providers, Protocol::Saml, &AN_APP);
}

fn by_saml_a_second_factor_is_required_from_next_week_on(world: World, providers: Providers) {
    holds(&world, &providers, Protocol::Saml, &A_FACTOR_NEXT_WEEK);
}

fn by_saml_a_second_factor_is_required_now(world: World, providers: Providers) {
    holds(&world, &providers, Protocol::Saml, &A_FACTOR_NOW);
}

fn by_saml_single_sign_on_is_required(world: World, providers: Providers) {
    holds(&world, &providers, Protocol::Saml, &ONLY_SINGLE_SIGN_ON);
}

fn whoever_is_in_stays_as_long_as_the_organization_lets_sessions_live(world: World, providers: Providers) {
    sessions_end(&world, &providers, Protocol::OpenId);
}

fn whoever_is_in_by_saml_stays_as_long_as_the_organization_lets_sessions_live(
    world: World,
    providers: Providers,
) {
    sessions_end(&world, &providers, Protocol::Saml);
}

fn sessions_end(world: &World, providers: &Providers, protocol: Protocol) {
    let cast = Cast::assemble((world, providers), protocol, false);
    super::changes(
        world,
        "UPDATE organization_settings SET session_idle_minutes = 60, session_overall_minutes = 150",
    );
    let enter = || {
        let come = |way: &Way| {
            let visitor = world.visitor();
            cast.comes(*way, cast.someone(State::Active, *way), &visitor);
            assert!(visitor.is_signed_in(), "{way:?}");
            visitor
        };
        protocol.ways().iter().map(come).collect::<Vec<_>>()
    };
    let are_all = |people: &[Person], are_in: bool| people.iter().all(|it| it.is_signed_in() == are_in);
    let idle = enter();
    world.later(Duration::minutes(61));
    assert!(are_all(&idle, false), "idle");
    let busy = enter();
    for _ in 0..3 {
        world.later(Duration::minutes(40));
        assert!(are_all(&busy, true), "busy");
    }
    world.later(Duration::minutes(31));
    assert!(are_all(&busy, false), "in the end");
}

fn holds(world: &World, providers: &Providers, protocol: Protocol, rule: &Rule) {
    let cast = Cast::assemble((world, providers), protocol, rule.with_apps);
    (rule.begins)(world);
    for (state, ends) in rule.table {
        for (way, end) in Way::ALL.into_iter().zip(ends).filter(|(way, _)| protocol.ways().contains(way)) {
            try_cell(&cast, cast.someone(*state, way), way, *end);
        }
    }
}

fn try_cell(cast: &Cast<'_>, someone: &Someone, way: Way, end: End) {
    let (world, state) = (cast.world, someone.state);
    let (lines, letters) = (lines(world).len(), letters(world));
    let visitor = world.visitor();
    let page = cast.comes(way, someone, &visitor);
    let told = format!("{state:?} by {way:?}: {} {} {}", page.status, page.heading(), page.text());
    is_as(end, &page, &visitor, someone, world, &told);
    assert_eq!(self::lines(world)[lines..], expected_lines(state, way, end), "{told}");
    assert_eq!(came(&letters, &self::letters(world)), expected_letters(state, way, end), "{told}");
}

fn is_as(end: End, page: &Page, visitor: &Person, someone: &Someone, world: &World, told: &str) {
    let (status, heading) = (page.status, page.heading());
    if end != In {
        assert!(!visitor.is_signed_in(), "{told}");
    }
    match end {
        In => {}
        Code => {
            assert_eq!(heading, "Second step", "{told}");
            let app = someone.app.as_ref().expect("an app");
            page.form("Verify").fill("Code", app.code(world.db().now())).press();
        }
        SetUp => {
            assert_eq!(heading, "Set up a second factor", "{told}");
            let key = page.form("Use an app").press();
            let app = Authenticator::typed(&key_on(&key));
            key.form("Verify").fill("Code", app.code(world.db().now())).press();
        }
        Wrong => assert!(page.says("That address and password do not go together"), "{told}"),
        NoKey => assert!(page.says("That passkey did not sign you in"), "{told}"),
        Stranger => assert_eq!(heading, "You need an invitation", "{told}"),
        Over => assert!(heading.ends_with("invitation has expired"), "{told}"),
        Off => {
            assert_eq!(
                (status, heading.as_str()),
                (StatusCode::FORBIDDEN, "Your account is deactivated"),
                "{told}"
            );
            assert!(page.says("Ada Lovelace"), "whom to ask: {told}");
        }
        OnlySso => {
            assert_eq!((status, heading.as_str()), (StatusCode::FORBIDDEN, "Sign in with SSO"), "{told}");
        }
    }
    assert_eq!(visitor.is_signed_in(), matches!(end, In | Code | SetUp), "{told}");
}

fn expected_lines(state: State, way: Way, end: End) -> Vec<&'static str> {
    let mut lines = Vec::new();
    let is_through = matches!(end, In | Code | SetUp);
    match state {
        State::Unknown if is_through => lines.push("sso.join"),
        State::Invited if is_through => lines.push("invitation.accept"),
        _ => {}
    }
    // Whoever accepts an invitation is in by that, but single sign-on signs in whom it has let accept.
    let signs_in = state != State::Invited || way == Way::Sso;
    match end {
        In | Code | SetUp if signs_in => lines.push("account.sign_in"),
        Off => lines.push("account.sign_in_refused"),
        OnlySso if state == State::Active => lines.push("account.sign_in_refused"),
        Over if way == Way::Sso => lines.push("account.sign_in_refused"),
        _ => {}
    }
    match end {
        Code => lines.push("account.sign_in"),
        SetUp => lines.extend(["account.two_factor_on", "account.sign_in"]),
        _ => {}
    }
    lines
}

fn expected_letters(state: State, _: Way, end: End) -> Vec<String> {
    let mut letters = Vec::new();
    if matches!(end, In | Code | SetUp) {
        match state {
            State::Invited => letters.push("invitation_accepted"),
            // Somebody new knows no browser yet.
            State::Active => letters.push("new_browser"),
            _ => {}
        }
    }
    if end == SetUp {
        letters.push("two_factor_on");
    }
    letters.into_iter().map(str::to_owned).collect()
}

fn lines(world: &World) -> Vec<String> {
    texts(world, "SELECT action FROM audit_lines ORDER BY sequence")
}

/// How many letters there are of each kind; notices by what they tell.
fn letters(world: &World) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    let told = |parameters: &str| {
        let (_, rest) = parameters.split_once("\"event\":\"")?;
        rest.split('"').next().map(str::to_owned)
    };
    for letter in texts(world, "SELECT kind || ' ' || parameters FROM jobs WHERE queue = 'mail'") {
        let kind = letter.split(' ').next().unwrap_or_default().to_owned();
        *counted.entry(told(&letter).unwrap_or(kind)).or_insert(0) += 1;
    }
    counted
}

fn came(before: &BTreeMap<String, usize>, after: &BTreeMap<String, usize>) -> Vec<String> {
    let more = |(kind, count): (&String, &usize)| {
        vec![kind.clone(); count - before.get(kind).copied().unwrap_or_default()]
    };
    after.iter().flat_map(more).collect()
}
