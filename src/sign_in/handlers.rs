//! Signing in and out over HTTP.

mod browsers;
mod due;

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, ServiceConfig},
};
use chrono::Duration;

use super::{
    commands::{self, Entered, FailedTry, RightPassword, Try, Way},
    forms::{SignIn, SignInDraft, SignInErrors},
    model::MOST_ACCOUNTS,
    pages::{ChoosePage, DeactivatedPage, LinkFirstPage, OnlyBySsoPage, SignInPage},
};
use crate::{
    access::{Proof, ProofMethod},
    base::ids::UserId,
    crypto::hashing::Checked,
    db::Tx,
    web::{
        Anyone, Browser, Fields, Problem,
        form::Query,
        reply,
        session::{self, Choosing},
        theme, url,
    },
};

pub use due::{Due, is_open};

/// How long the choice between organizations stays open.
const CHOICE: Duration = Duration::minutes(5);

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::SIGN_IN).get(show).post(create))
        .service(web::resource(url::CHOOSE_ACCOUNT).get(choose).post(chosen))
        .service(web::resource(url::browser("{token}")).get(browsers::show).post(browsers::let_in))
        .service(web::resource(url::SIGN_OUT).post(leave));
}

async fn show(request: HttpRequest, person: Anyone, query: Query) -> Result<HttpResponse, Problem> {
    let return_to = url::local(query.0.get("return_to")).unwrap_or_default().to_owned();
    if person.signed_in().await?.is_some() {
        return Ok(reply::onward(&request, if return_to.is_empty() { url::HOME } else { &return_to }));
    }
    let draft = SignInDraft::returning_to(return_to);
    reply::html(&page(&person, &draft, SignInErrors::default()))
}

fn page(person: &Anyone, draft: &SignInDraft, errors: SignInErrors) -> SignInPage {
    SignInPage::new(person.frame(), draft, errors, person.site.settings.providers())
}

async fn create(request: HttpRequest, person: Anyone, fields: Fields) -> Result<HttpResponse, Problem> {
    let draft = SignInDraft::of(&fields);
    let sign_in = match draft.parse() {
        Ok(sign_in) => sign_in,
        Err(errors) => return reply::unprocessable(&page(&person, &draft, errors)),
    };
    let Some(mut right) = check(&request, &person, sign_in).await? else {
        let page = LinkFirstPage { frame: person.frame() };
        return reply::with_status(StatusCode::FORBIDDEN, &page);
    };
    match right.len() {
        0 => wrong(&person, &draft),
        1 => finish(&request, &person, right.remove(0), draft.goal()).await,
        _ => {
            let choosing = Choosing {
                accounts: right.into_iter().map(|right| right.user).collect(),
                at: person.site.db.now().micros(),
                return_to: draft.goal().to_owned(),
                by: None,
            };
            session::keep_choosing(&person.session, &choosing)?;
            Ok(reply::onward(&request, url::CHOOSE_ACCOUNT))
        }
    }
}

/// The accounts whose password this is. As many hashes are computed and as much is written when there is none. Nothing
/// when this browser needs a mailed link first, whatever the password is.
async fn check(
    request: &HttpRequest,
    person: &Anyone,
    sign_in: SignIn,
) -> Result<Option<Vec<RightPassword>>, Problem> {
    let (db, from, key) = (&person.site.db, person.visitor.address, sign_in.email_key.clone());
    let browser = Browser::of(request);
    let opened = db.write(None, move |tx| commands::open_try(tx, &key, from, &browser)).await?;
    let (accounts, failures) = match opened {
        Try::Open { accounts, failures } => (accounts, failures),
        Try::Wait(wait) => return Err(Problem::TooOften { wait }),
        Try::LinkFirst { accounts } => {
            browsers::mail_links(person, sign_in.email_key, accounts).await?;
            return Ok(None);
        }
    };
    let mut stored: [Option<String>; MOST_ACCOUNTS] = Default::default();
    for (place, account) in stored.iter_mut().zip(&accounts) {
        *place = Some(account.hash.clone());
    }
    let password = sign_in.password.expose().to_owned();
    let checked = person.site.hasher.check(from, password.clone(), stored).await?;
    let at = db.now();
    let mut right = Vec::new();
    for (account, found) in accounts.iter().zip(checked).filter(|(_, found)| found.matches) {
        right.push(RightPassword {
            user: account.user,
            proofs: vec![Proof { method: ProofMethod::Password, at }],
            rehash: rehashed(person, found, &password).await?,
            email_key: sign_in.email_key.clone(),
            from,
        });
    }
    if right.is_empty() {
        let account = accounts.into_iter().next();
        let (failed, origin) =
            (FailedTry { email_key: sign_in.email_key, account, failures }, person.visitor.origin());
        db.write(None, move |tx| commands::note_failure(tx, &failed, &origin)).await?;
    }
    Ok(Some(right))
}

async fn rehashed(person: &Anyone, found: Checked, password: &str) -> Result<Option<String>, Problem> {
    if !found.outdated {
        return Ok(None);
    }
    Ok(Some(person.site.hasher.hash(person.visitor.address, password.to_owned()).await?))
}

fn wrong(person: &Anyone, draft: &SignInDraft) -> Result<HttpResponse, Problem> {
    let errors = SignInErrors {
        pair: Some("That address and password do not go together. Nothing is locked; try again.".into()),
        ..SignInErrors::default()
    };
    reply::unprocessable(&page(person, draft, errors))
}

/// The sign-in page after a passkey that did not do: the same words whatever was wrong with it.
pub fn not_by_passkey(person: &Anyone, return_to: &str) -> Result<HttpResponse, Problem> {
    let errors = SignInErrors {
        whole: Some(
            "That passkey did not sign you in. Try again, or sign in with your address and password.".into(),
        ),
        ..SignInErrors::default()
    };
    let draft = SignInDraft::returning_to(return_to.to_owned());
    reply::unprocessable(&page(person, &draft, errors))
}

async fn finish(
    request: &HttpRequest,
    person: &Anyone,
    right: RightPassword,
    goal: &str,
) -> Result<HttpResponse, Problem> {
    let (origin, proofs, browser) = (person.visitor.origin(), right.proofs.clone(), Browser::of(request));
    let own = browser.clone();
    let entered = person.site.db.write(None, move |tx| commands::enter(tx, &right, &own, &origin)).await?;
    match arrive(request, person, &browser, entered, proofs, goal)? {
        Some(answer) => Ok(answer),
        None => wrong(person, &SignInDraft::default()),
    }
}

/// Begins the session of whoever entered, and leads on to what is due; a deactivated account is told of it. Nothing
/// when the account is gone.
pub fn arrive(
    request: &HttpRequest,
    person: &Anyone,
    browser: &Browser,
    entered: Entered,
    proofs: Vec<Proof>,
    goal: &str,
) -> Result<Option<HttpResponse>, Problem> {
    match entered {
        Entered::As { entering, stage, theme } => {
            session::begin(&person.session, &person.visitor, entering, stage, proofs)?;
            let mut response = reply::onward(request, &stage.on_the_way_to(goal));
            theme::remember_of_account(request, &mut response, &theme);
            browser.remember(request, &mut response);
            Ok(Some(response))
        }
        Entered::Deactivated { organization, ask } => {
            let page = DeactivatedPage { frame: person.frame(), organization, ask };
            reply::with_status(StatusCode::FORBIDDEN, &page).map(Some)
        }
        Entered::OnlyBySso { organization } => only_by_sso(person, organization).map(Some),
        Entered::Gone => Ok(None),
    }
}

/// The page for somebody who proved who they are by a way that their organization does not take.
pub fn only_by_sso(person: &Anyone, organization: String) -> Result<HttpResponse, Problem> {
    reply::with_status(StatusCode::FORBIDDEN, &OnlyBySsoPage { frame: person.frame(), organization })
}

async fn choose(request: HttpRequest, person: Anyone) -> Result<HttpResponse, Problem> {
    let Some(choosing) = open_choice(&person) else { return Ok(reply::onward(&request, url::SIGN_IN)) };
    let by_password = choosing.by.is_none();
    let accounts = person
        .site
        .db
        .read(move |conn| commands::to_choose_from(conn, &choosing.accounts, by_password))
        .await?;
    reply::html(&ChoosePage::new(person.frame(), accounts))
}

async fn chosen(request: HttpRequest, person: Anyone, fields: Fields) -> Result<HttpResponse, Problem> {
    let Some(choosing) = open_choice(&person) else { return Ok(reply::onward(&request, url::SIGN_IN)) };
    let user: UserId = fields.get("account").parse().map_err(|_| Problem::NotFound)?;
    if !choosing.accounts.contains(&user) {
        return Err(Problem::NotFound);
    }
    let at = crate::base::clock::Moment::from_micros(choosing.at);
    if let Some(by) = choosing.by {
        let (origin, browser) = (person.visitor.origin(), Browser::of(&request));
        let (proof, own) = (Proof { method: ProofMethod::Social, at }, browser.clone());
        let enter =
            move |tx: &mut Tx<'_>| commands::enter_by(tx, user, (Way::Account(&by), &[proof]), &own, &origin);
        let entered = person.site.db.write(None, enter).await?;
        let arrived = arrive(&request, &person, &browser, entered, vec![proof], &choosing.return_to)?;
        return Ok(arrived.unwrap_or_else(|| reply::onward(&request, url::SIGN_IN)));
    }
    let email_key = email_key_of(&person, user).await?;
    let proofs = vec![Proof { method: ProofMethod::Password, at }];
    let right = RightPassword { user, proofs, rehash: None, email_key, from: person.visitor.address };
    finish(&request, &person, right, &choosing.return_to).await
}

async fn email_key_of(person: &Anyone, user: UserId) -> Result<String, Problem> {
    let accounts = person.site.db.read(move |conn| commands::to_choose_from(conn, &[user], true)).await?;
    let email = accounts.into_iter().next().ok_or(Problem::NotFound)?.email;
    Ok(crate::base::email_address::EmailAddress::parse(&email)
        .map_or(email, |email| email.folded().to_owned()))
}

fn open_choice(person: &Anyone) -> Option<Choosing> {
    let choosing = session::choosing(&person.session)?;
    let at = crate::base::clock::Moment::from_micros(choosing.at);
    (person.site.db.now().since(at) <= CHOICE).then_some(choosing)
}

async fn leave(request: HttpRequest, person: Anyone) -> Result<HttpResponse, Problem> {
    if let Some(account) = person.signed_in().await? {
        let origin = person.visitor.origin();
        person.site.db.write(None, move |tx| commands::leave(tx, account.user, &origin)).await?;
    }
    person.session.purge();
    Ok(reply::onward(&request, url::SIGN_IN))
}
