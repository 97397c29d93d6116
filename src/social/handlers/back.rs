//! Where the way to a provider ends.

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::StatusCode, web::Path};

use super::{keep, provider, redirect, refused};
use crate::{
    access::{Proof, ProofMethod},
    base::ids::{OrganizationId, UserId},
    db::{Fault, Tx},
    settings::Provider,
    sign_in,
    social::{
        commands, forms,
        forms::Back,
        model::{Attempt, Goal, NotLinked, NotVouched, Vouched},
        pages::StoryPage,
        providers, words,
    },
    web::{
        Anyone, Browser, Fields, Halt, Problem, SignedIn,
        form::Query,
        page::ToastKind,
        reply, round_trip,
        session::{self, Choosing},
        url,
    },
};

pub async fn show(
    request: HttpRequest,
    person: Anyone,
    path: Path<String>,
    query: Query,
) -> Result<HttpResponse, Problem> {
    let provider = provider(&person.site, &path)?;
    let Some(attempt) = take(&person, provider, &query.0).await? else { return over(&person) };
    let vouched = match forms::back(&query.0) {
        Back::Code(code) => {
            let (site, redirect) = (&person.site, redirect(&person.site, provider));
            providers::vouched(&site.settings, &attempt, &code, &redirect, site.db.now()).await
        }
        Back::Declined => Err(NotVouched::Declined),
        Back::Nothing => Err(NotVouched::Unreadable("the way back brings no code")),
    };
    match vouched {
        Ok(vouched) => arrive(&request, &person, attempt.goal, vouched).await,
        Err(why) => refused(&person, provider, &attempt.goal, why).await,
    }
}

async fn take(person: &Anyone, provider: Provider, query: &Fields) -> Result<Option<Attempt>, Problem> {
    let Some(holder) = round_trip::held(&person.session) else { return Ok(None) };
    let (state, sealer) = (query.get("state").to_owned(), person.site.sealer.clone());
    let by = (provider, person.visitor.address);
    let take = move |tx: &mut Tx<'_>| commands::take(tx, &sealer, (&state, &holder), by);
    Ok(person.site.db.write(None, take).await?)
}

/// Whatever it was that does not fit, the answer is the same.
fn over(person: &Anyone) -> Result<HttpResponse, Problem> {
    let page = StoryPage {
        frame: person.frame(),
        title: "This way is over".to_owned(),
        story: "It was begun in another browser or more than ten minutes ago, or it has been used already. Nothing was \
                changed."
            .to_owned(),
        back: url::SIGN_IN.to_owned(),
        label: "Back to sign in",
    };
    reply::with_status(StatusCode::GONE, &page)
}

async fn arrive(
    request: &HttpRequest,
    person: &Anyone,
    goal: Goal,
    vouched: Vouched,
) -> Result<HttpResponse, Problem> {
    match goal {
        Goal::SignIn { return_to } => sign_in(request, person, vouched, return_to).await,
        Goal::Join { token } => {
            keep(&person.session, &vouched)?;
            Ok(reply::onward(request, &url::invitation(&token)))
        }
        Goal::Link { user } => link(request, own(request, user).await?, vouched).await,
        Goal::Prove { user, return_to } => {
            prove(request, own(request, user).await?, vouched, &return_to).await
        }
    }
}

/// Whoever began the way, who must be signed in still.
async fn own(request: &HttpRequest, user: UserId) -> Result<SignedIn, Problem> {
    let person = SignedIn::from_request(request, &mut Payload::None).await?;
    if person.me.id == user { Ok(person) } else { Err(Problem::NotFound) }
}

async fn sign_in(
    request: &HttpRequest,
    person: &Anyone,
    vouched: Vouched,
    goal: String,
) -> Result<HttpResponse, Problem> {
    let (db, known) = (&person.site.db, vouched.clone());
    let found = db.read(move |conn| commands::signed_in_by(conn, &known)).await?;
    match found[..] {
        [] => unknown(request, person, &vouched),
        [one] => enter(request, person, one, vouched, &goal).await,
        _ => choose(request, person, found, vouched, goal).await,
    }
}

/// Nobody is signed in by this account yet: it is kept for the invitation.
fn unknown(request: &HttpRequest, person: &Anyone, vouched: &Vouched) -> Result<HttpResponse, Problem> {
    keep(&person.session, vouched)?;
    Ok(reply::onward(request, url::JOIN))
}

async fn enter(
    request: &HttpRequest,
    person: &Anyone,
    who: (OrganizationId, UserId),
    vouched: Vouched,
    goal: &str,
) -> Result<HttpResponse, Problem> {
    let (db, origin, browser) = (&person.site.db, person.visitor.origin(), Browser::of(request));
    let (proof, own, by) = (social_proof(db.now()), browser.clone(), vouched.clone());
    let enter = move |tx: &mut Tx<'_>| commands::enter(tx, who, &by, proof, (&own, &origin));
    let entered = db.write(None, enter).await?;
    match sign_in::arrive(request, person, &browser, entered, vec![proof], goal)? {
        Some(answer) => Ok(answer),
        None => unknown(request, person, &vouched),
    }
}

async fn choose(
    request: &HttpRequest,
    person: &Anyone,
    found: Vec<(OrganizationId, UserId)>,
    vouched: Vouched,
    return_to: String,
) -> Result<HttpResponse, Problem> {
    let db = &person.site.db;
    for who in found.iter().copied() {
        let by = vouched.clone();
        db.write(None, move |tx| commands::touch(tx, who, &by)).await?;
    }
    let choosing = Choosing {
        accounts: found.into_iter().map(|(_, user)| user).collect(),
        at: db.now().micros(),
        return_to,
        by: Some(vouched.provider.word().to_owned()),
    };
    session::keep_choosing(&person.session, &choosing)?;
    Ok(reply::onward(request, url::CHOOSE_ACCOUNT))
}

async fn link(request: &HttpRequest, person: SignedIn, vouched: Vouched) -> Result<HttpResponse, Problem> {
    let (user, provider, label) = (person.me.id, vouched.provider, vouched.provider.label());
    let linked = person.write(move |tx, actor| Ok(commands::link(tx, actor, user, &vouched)?)).await;
    let back = url::settings_at("linked");
    match linked {
        Ok(()) => {
            let words = format!("Your {label} account can sign in from now on.");
            Ok(reply::onward_saying(request, &back, words))
        }
        Err(Halt::Refused(why @ (NotLinked::AnothersAlready | NotLinked::AnotherAccount))) => {
            reply::flash(request, ToastKind::Error, words::not_linked(provider, why));
            Ok(reply::onward(request, &back))
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

/// A fresh proof; a second step that the account asks for at a sign-in is asked for anew as well.
async fn prove(
    request: &HttpRequest,
    person: SignedIn,
    vouched: Vouched,
    goal: &str,
) -> Result<HttpResponse, Problem> {
    let (user, label, now) = (person.me.id, vouched.provider.label(), person.site.db.now());
    let proof = social_proof(now);
    let proved = person.write(move |tx, actor| {
        let proves = commands::proves(tx, actor, user, &vouched)?;
        let account = sign_in::account_by_any_means(tx.conn(), user)?;
        Ok::<_, Halt<Fault>>(account.filter(|_| proves).map(|account| account.stage(now, &[proof])))
    });
    match proved.await? {
        Some(stage) => {
            session::prove_anew(&person.session, &person.who, proof, stage)?;
            Ok(reply::onward(request, &stage.on_the_way_to(goal)))
        }
        None => {
            let words = format!("That {label} account is not linked to yours, so it proves nothing here.");
            reply::flash(request, ToastKind::Error, words);
            Ok(reply::onward(request, &url::prove_and_return(goal)))
        }
    }
}

fn social_proof(at: crate::base::clock::Moment) -> Proof {
    Proof { method: ProofMethod::Social, at }
}
