//! Setting single sign-on up, changing it, turning it on and off.

use reqwest::StatusCode;

use super::{READ, comes, deploys, filled, is_led, with_a_provider, with_sso};
use crate::snapshot::{Snapshot, texts};
use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::providers::{Lie, Providers};
use crate::support::world::World;
use crate::users::lines;

const PAGE: &str = "/organization/iam/sso";

with_a_provider!(
    it_is_in_force_when_it_is_deployed_and_the_secret_is_never_shown,
    what_is_wrong_is_told_beside_its_field_and_nothing_is_kept,
    a_domain_belongs_to_one_organization,
    what_was_confirmed_is_what_was_shown,
    it_is_turned_off_and_on_and_removed,
    a_change_keeps_the_secret_of_the_same_client_only,
    another_provider_knows_nobody_yet,
    a_provider_is_not_turned_off_under_the_last_administrator,
    a_member_of_read_looks_and_changes_nothing,
);
on_both!(a_private_address_is_not_asked);

fn it_is_in_force_when_it_is_deployed_and_the_secret_is_never_shown(world: World, providers: Providers) {
    let ada = world.administrator();
    let page = ada.opens(PAGE);
    assert!(page.says("No provider yet"));
    let page = page.follow("Configure OpenID Connect");
    let code = texts(&world, "SELECT code FROM organizations").remove(0);
    let redirect = format!("/accounts/oidc/{code}/callback");
    assert!(page.whole().control("Redirect address").attr("value").is_some_and(|it| it.ends_with(&redirect)));

    let page = filled(&ada, &providers).press();
    assert!(page.says("example.com") && page.says("the-client"), "{}", page.text());
    assert_eq!(is_led(&world.visitor(), ADMINISTRATOR).status, StatusCode::UNPROCESSABLE_ENTITY, "not yet");
    assert_eq!(lines(&world, "iam.sso.write"), 0);
    let page = page.form("Deploy SSO").press();
    assert!(page.toast().is_some_and(|toast| toast.contains("deployed")), "{}", page.text());
    assert!(is_led(&world.visitor(), ADMINISTRATOR).heading().starts_with("On to"));
    assert_eq!(lines(&world, "iam.sso.write"), 1);

    let [_, _, secret] = providers.client();
    for page in [ada.opens(PAGE), ada.opens("/organization/iam/sso/oidc"), ada.opens("/organization/audit")] {
        assert!(!page.body.contains(&secret), "{}", page.url);
    }
    let rows = "SELECT secret || configuration FROM sso_connections";
    let details = "SELECT details FROM audit_details";
    let kept = [texts(&world, rows), texts(&world, details)].concat().join(" ");
    assert!(!kept.contains("the secret"), "{kept}");
}

fn what_is_wrong_is_told_beside_its_field_and_nothing_is_kept(world: World, providers: Providers) {
    let ada = world.administrator();
    let before = Snapshot::of(&world);
    let form = || filled(&ada, &providers);
    let cases = [
        ("Discovery URL", form().fill("Discovery URL", "login"), "Write the whole address"),
        ("Client ID", form().fill("Client ID", ""), "Enter the client ID"),
        ("Client secret", form().fill("Client secret", ""), "Enter the client secret"),
        ("Domains", form().fill("Domains", ""), "Enter at least one domain"),
        ("Domains", form().fill("Domains", "a_b.com"), "is not a domain"),
        ("Groups claim", form().fill("Groups claim", ""), "Enter the name of the claim"),
        ("Group 1", form().fill("Claim value 1", "x"), "Choose the group"),
        ("Claim value 1", form().choose("Group 1", READ), "Enter the value"),
    ];
    for (field, form, words) in cases {
        let page = form.press();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        let error = page.error_for(field).unwrap_or_default();
        assert!(error.contains(words), "{field}: {error}");
        assert!(!page.body.contains("the secret"), "{field}");
    }
    for (lie, words) in [
        (Lie::Rubbish, "no discovery document"),
        (Lie::Fault, "no discovery document"),
        (Lie::OtherDocument, "The discovery document is another's"),
        (Lie::Silence, "longer than"),
    ] {
        providers.lies(lie);
        let page = form().press();
        let error = page.error_for("Discovery URL").unwrap_or_default();
        assert!(error.contains(words), "{lie:?}: {error}");
    }
    providers.lies(None);
    let page = form()
        .forge("mapped_group", "0190a5a0-0000-7000-8000-000000000000")
        .fill("Claim value 1", "x")
        .press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(Snapshot::of(&world), before);
    let more = form().press();
    assert_eq!(more.heading(), "Deploy SSO");
}

fn a_private_address_is_not_asked(world: World) {
    let ada = world.administrator();
    let form = ada.opens("/organization/iam/sso/oidc").form("Next").fill("Client ID", "id");
    let form = form.fill("Client secret", "secret").fill("Domains", "example.com");
    for (address, words) in [
        ("https://127.0.0.1:9", "private network"),
        ("https://[::1]/", "private network"),
        ("https://10.1.2.3/x", "private network"),
        ("https://localhost", "private network"),
        ("http://login.example.com", "https://"),
    ] {
        let page = form.clone().fill("Discovery URL", address).press();
        let error = page.error_for("Discovery URL").unwrap_or_default();
        assert!(error.contains(words), "{address}: {error}");
    }
    assert_eq!(texts(&world, "SELECT id FROM sso_drafts").len(), 0);
}

fn a_domain_belongs_to_one_organization(world: World, providers: Providers) {
    with_sso(&world, &providers);
    let grace = crate::cast::another_organization(&world, "Second", "grace@second.example", PASSWORD);
    let page = filled(&grace, &providers).fill("Domains", "second.example EXAMPLE.com").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("Domains").is_some_and(|error| error.contains("example.com")));
    deploys(&filled(&grace, &providers).fill("Domains", "second.example"));
}

fn what_was_confirmed_is_what_was_shown(world: World, providers: Providers) {
    let ada = world.administrator();
    let old = filled(&ada, &providers).press().form("Deploy SSO");
    let new = filled(&ada, &providers).fill("Domains", "other.example").press().form("Deploy SSO");
    let page = old.press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("waits no more") && page.says("other.example"), "{}", page.text());
    assert!(new.press().toast().is_some());
    let again = new.press();
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);

    let change = ada.opens("/organization/iam/sso/oidc").form("Next").press().form("Deploy SSO");
    ada.opens(PAGE).form("Disable SSO").press();
    let page = change.press();
    assert!(page.says("Somebody changed single sign-on meanwhile"), "{}", page.text());
    assert_eq!(lines(&world, "iam.sso.write"), 2);
}

fn it_is_turned_off_and_on_and_removed(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    comes(&world.visitor(), ADMINISTRATOR);
    let off = ada.opens(PAGE).form("Disable SSO");
    let page = off.press();
    assert!(page.says("Off") && page.has_button("Enable SSO"));
    assert!(off.press().says("It is like that already"));
    assert_eq!(is_led(&world.visitor(), ADMINISTRATOR).status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = page.form("Enable SSO").press();
    assert!(page.says("One person has come by it"));
    let visitor = world.visitor();
    comes(&visitor, ADMINISTRATOR);
    assert!(visitor.is_signed_in());
    assert!(ada.post(PAGE, &[("act", "remove")]).says("Disable it first"));
    let page = ada.opens(PAGE).form("Disable SSO").press().form("Remove SSO").press();
    assert!(page.says("No provider yet"));
    assert_eq!(lines(&world, "iam.sso.write"), 5);
    assert_eq!(texts(&world, "SELECT domain FROM sso_domains").len(), 0);
    assert_eq!(ada.post(PAGE, &[("act", "nonsense")]).status, StatusCode::NOT_FOUND);
}

fn a_change_keeps_the_secret_of_the_same_client_only(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    let form = || ada.opens("/organization/iam/sso/oidc").form("Next");
    deploys(&form().fill("Domains", "example.com other.example"));
    providers.knows("1001", ADMINISTRATOR, "Ada");
    let visitor = world.visitor();
    comes(&visitor, "anybody@other.example");
    assert!(visitor.is_signed_in(), "the secret is the same");
    for form in
        [form().fill("Client ID", "another"), form().fill("Discovery URL", "http://127.0.0.1:9/other")]
    {
        let page = form.press();
        let error = page.error_for("Client secret").unwrap_or_default();
        assert!(error.contains("belongs to another"), "{error}");
    }
}

fn another_provider_knows_nobody_yet(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    comes(&world.visitor(), ADMINISTRATOR);
    let other = Providers::open();
    other.keep_time_with(&world.clock);
    let page = filled(&ada, &other).press();
    assert!(page.says("This is another provider than before") && page.says("one person"), "{}", page.text());
    page.form("Deploy SSO").press();
    assert_eq!(texts(&world, "SELECT user_id FROM sso_identities").len(), 0);
    other.knows("7", ADMINISTRATOR, "Ada");
    let visitor = world.visitor();
    comes(&visitor, ADMINISTRATOR);
    assert!(visitor.is_signed_in());
    assert_eq!(lines(&world, "account.linked"), 2);
}

fn a_provider_is_not_turned_off_under_the_last_administrator(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    comes(&world.visitor(), ADMINISTRATOR);
    let id = crate::users::id_of(&world, ADMINISTRATOR);
    let disable = move |tx: &mut roster::db::Tx<'_>| {
        use diesel::RunQueryDsl;
        let statement = format!("UPDATE password_credentials SET disabled = TRUE WHERE user_id = '{id}'");
        Ok::<_, roster::db::Fault>(diesel::sql_query(statement).execute(tx.conn())?)
    };
    assert_eq!(world.db().write_now(None, disable).expect("a change"), 1);
    let page = ada.opens(PAGE).form("Disable SSO").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Nobody who administers the organization could sign in any more"), "{}", page.text());
}

fn a_member_of_read_looks_and_changes_nothing(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    let rita = world.member(&ada, "rita@example.com", "Rita", &["read"]);
    let page = rita.opens(PAGE);
    assert!(page.says("example.com") && !page.has_button("Disable SSO") && !page.has_link("Edit"));
    let before = Snapshot::of(&world);
    assert_eq!(rita.get("/organization/iam/sso/oidc").status, StatusCode::FORBIDDEN);
    assert_eq!(rita.post(PAGE, &[("act", "disable")]).status, StatusCode::FORBIDDEN);
    assert_eq!(Snapshot::of(&world), before);
}
