//! Letting a browser in by a mailed link.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use crate::{
    base::ids::BrowserLinkId,
    crypto::signing::Purpose,
    db::Stop,
    sign_in::{
        commands,
        model::{Account, BrowserLink, LinkGone},
        pages::{BrowserPage, BrowserStoryPage},
    },
    web::{Anyone, Browser, Problem, reply, url},
};

/// Mails a link to those who have this address; as much is written when nobody has.
pub async fn mail_links(person: &Anyone, email_key: String, accounts: Vec<Account>) -> Result<(), Problem> {
    let db = &person.site.db;
    for account in accounts {
        let origin = person.visitor.origin();
        db.write(None, move |tx| commands::ask_for_link(tx, &account, &origin)).await?;
    }
    Ok(db.write(None, move |tx| commands::ask_for_none(tx, &email_key)).await?)
}

pub async fn show(request: HttpRequest, person: Anyone, path: Path<String>) -> Result<HttpResponse, Problem> {
    match open(&person, &path).await? {
        Ok(link) => reply::html(&BrowserPage {
            frame: person.frame(),
            organization: link.organization_name,
            email: link.email,
            device: Browser::of(&request).device,
            action: url::browser(&path),
        }),
        Err(gone) => story(&person, gone),
    }
}

pub async fn let_in(
    request: HttpRequest,
    person: Anyone,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let link = match open(&person, &path).await? {
        Ok(link) => link,
        Err(gone) => return story(&person, gone),
    };
    let (browser, origin) = (Browser::of(&request), person.visitor.origin());
    let own = browser.clone();
    let done = person.site.db.write(None, move |tx| commands::let_in(tx, &link, &own, &origin)).await;
    match done {
        Ok(()) => {
            let words = "This browser is known now. Sign in with your password.";
            let mut response = reply::onward_saying(&request, url::SIGN_IN, words);
            browser.remember(&request, &mut response);
            Ok(response)
        }
        Err(Stop::Refused(gone)) => story(&person, gone),
        Err(Stop::Fault(fault)) => Err(fault.into()),
    }
}

/// A token that was never made here is not found, whatever it says; one whose row was swept away has expired.
async fn open(person: &Anyone, token: &str) -> Result<Result<BrowserLink, LinkGone>, Problem> {
    let named = person.site.signer.open(Purpose::Browser, token).ok_or(Problem::NotFound)?;
    let (id, now) = (BrowserLinkId::of(named.id), person.site.db.now());
    let link = person.site.db.read(move |conn| commands::look_at(conn, id)).await?;
    let Some(link) = link else { return Ok(Err(LinkGone::Expired)) };
    Ok(link.works(now).map(|()| link))
}

fn story(person: &Anyone, gone: LinkGone) -> Result<HttpResponse, Problem> {
    reply::with_status(StatusCode::GONE, &BrowserStoryPage::new(person.frame(), gone))
}
