//! Where the way to an organization's provider ends.

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::StatusCode, web::Path};

use super::{
    redirect, refused, story,
    trial::{self, Untold},
    turned_away,
};
use crate::{
    access::{Proof, ProofMethod},
    base::ids::{OrganizationId, UserId},
    db::{Fault, Tx},
    openid::NotVouched,
    sign_in,
    sso::{
        commands, forms,
        forms::Back,
        model::{Admitted, Attempt, Connection, Goal, Vouched},
        pages::StoryPage,
        words,
    },
    web::{
        Anyone, Browser, Fields, Halt, Problem, SignedIn,
        form::Query,
        page::ToastKind,
        reply, round_trip,
        session::{self, Stage},
        url,
    },
};

pub async fn show(
    request: HttpRequest,
    person: Anyone,
    path: Path<String>,
    query: Query,
) -> Result<HttpResponse, Problem> {
    let Some((attempt, connection)) = take(&person, &path, &query.0).await? else { return over(&person) };
    let vouched = match forms::back(&query.0) {
        Back::Code(code) => ask(&person, (&attempt, &connection), &code, &path).await,
        Back::Declined => Err(NotVouched::Declined),
        Back::Nothing => Err(NotVouched::Unreadable("the way back brings no code")),
    };
    if let Goal::Try { user } = attempt.goal {
        let told = vouched.map(|vouched| (vouched, Vec::new())).map_err(|why| untold(&why));
        return trial::show(&request, user, connection, told).await;
    }
    match vouched {
        Err(why) => refused(&person, connection.organization, &attempt.goal, why).await,
        Ok(vouched) => arrive(&request, &person, connection.organization, vouched, attempt.goal).await,
    }
}

fn untold(why: &NotVouched) -> Untold {
    let (title, story) = words::not_vouched(why);
    Untold { title: title.to_owned(), story: story.to_owned(), word: why.for_the_log() }
}

/// What follows from the provider's word, by whichever kind it came.
pub(super) async fn arrive(
    request: &HttpRequest,
    person: &Anyone,
    organization: OrganizationId,
    vouched: Vouched,
    goal: Goal,
) -> Result<HttpResponse, Problem> {
    match goal {
        Goal::SignIn { .. } => sign_in(request, person, organization, vouched, goal).await,
        Goal::Join { .. } => join(request, person, organization, vouched, goal).await,
        Goal::Prove { user, return_to } => {
            prove(request, own(request, user).await?, vouched, &return_to).await
        }
        Goal::Try { .. } => Err(Problem::NotFound),
    }
}

async fn take(person: &Anyone, code: &str, query: &Fields) -> Result<Option<(Attempt, Connection)>, Problem> {
    let Some(holder) = round_trip::held(&person.session) else { return Ok(None) };
    let (state, sealer) = (query.get("state").to_owned(), person.site.sealer.clone());
    let (code, from) = (code.to_owned(), person.visitor.address);
    let take = move |tx: &mut Tx<'_>| commands::take(tx, &sealer, (&state, &holder), (&code, from));
    Ok(person.site.db.write(None, take).await?)
}

async fn ask(
    person: &Anyone,
    (attempt, connection): (&Attempt, &Connection),
    code: &str,
    org: &str,
) -> Result<Vouched, NotVouched> {
    let site = &person.site;
    let provider = commands::provider(&site.sealer, connection, site.settings.allow_private_targets)?;
    provider.vouched(attempt, code, &redirect(site, org), site.db.now()).await
}

/// Whatever it was that does not fit, the answer is the same.
pub(super) fn over(person: &Anyone) -> Result<HttpResponse, Problem> {
    let page = StoryPage {
        frame: person.frame(),
        title: "This way is over".to_owned(),
        story: "It was begun in another browser or more than ten minutes ago, it has been used already, or single sign-on \
                was turned off meanwhile. Nothing was changed."
            .to_owned(),
        back: url::SIGN_IN.to_owned(),
        label: "Back to sign in",
    };
    reply::with_status(StatusCode::GONE, &page)
}

/// Whoever began the way, who must be signed in still.
async fn own(request: &HttpRequest, user: UserId) -> Result<SignedIn, Problem> {
    let person = SignedIn::from_request(request, &mut Payload::None).await?;
    if person.me.id == user { Ok(person) } else { Err(Problem::NotFound) }
}

/// An invitation is accepted by the word about its own address, and by no other.
async fn join(
    request: &HttpRequest,
    person: &Anyone,
    organization: OrganizationId,
    vouched: Vouched,
    goal: Goal,
) -> Result<HttpResponse, Problem> {
    match &goal {
        Goal::Join { email, .. } if vouched.is_of_another(email) => {
            let told = words::other_address(email, &vouched);
            let (expected, origin) = (email.clone(), person.visitor.origin());
            let note = move |tx: &mut Tx<'_>| {
                commands::note_other_address(tx, organization, (&vouched, &expected), &origin)
            };
            person.site.db.write(None, note).await?;
            story(person, StatusCode::FORBIDDEN, (&told.0, &told.1), &goal)
        }
        _ => sign_in(request, person, organization, vouched, goal).await,
    }
}

async fn sign_in(
    request: &HttpRequest,
    person: &Anyone,
    organization: OrganizationId,
    vouched: Vouched,
    goal: Goal,
) -> Result<HttpResponse, Problem> {
    let (db, origin, browser) = (&person.site.db, person.visitor.origin(), Browser::of(request));
    let (proof, own) = (Proof { method: ProofMethod::SingleSignOn, at: db.now() }, browser.clone());
    let admit = move |tx: &mut Tx<'_>| commands::admit(tx, organization, &vouched, proof, (&own, &origin));
    match db.write(None, admit).await? {
        Admitted::In(entered) => {
            let arrived = sign_in::arrive(request, person, &browser, entered, vec![proof], goal.leads_to())?;
            Ok(arrived.unwrap_or_else(|| reply::onward(request, url::SIGN_IN)))
        }
        Admitted::Not(why) => turned_away(person, &goal, why),
    }
}

/// A fresh proof; a second step that the account asks for at a sign-in is asked for anew as well.
async fn prove(
    request: &HttpRequest,
    person: SignedIn,
    vouched: Vouched,
    goal: &str,
) -> Result<HttpResponse, Problem> {
    let (user, now) = (person.me.id, person.site.db.now());
    let proof = Proof { method: ProofMethod::SingleSignOn, at: now };
    let proved = person.write(move |tx, actor| {
        let Some(trusts_factor) = commands::proves(tx, actor, user, &vouched)? else { return Ok(None) };
        let account = sign_in::account_by_any_means(tx.conn(), user)?;
        let stage = |account: sign_in::Account| match trusts_factor {
            true => Stage::Full,
            false => account.stage(now, &[proof]),
        };
        Ok::<_, Halt<Fault>>(account.map(stage))
    });
    match proved.await? {
        Some(stage) => {
            session::prove_anew(&person.session, &person.who, proof, stage)?;
            Ok(reply::onward(request, &stage.on_the_way_to(goal)))
        }
        None => {
            let words = "Your organization’s provider vouches for somebody else, so it proves nothing here.";
            reply::flash(request, ToastKind::Error, words);
            Ok(reply::onward(request, &url::prove_and_return(goal)))
        }
    }
}
