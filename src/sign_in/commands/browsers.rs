//! Browsers that an account knows: those it was signed in with, and those its owner let in by a mailed link.

use serde_json::json;

use crate::{
    access::Origin,
    audit::{self, By, Line, Target},
    base::{clock::Moment, ids::BrowserLinkId},
    db::{AnyConnection, Fault, Stop, Tx},
    mail::{self, Letter, letters::AccountEvent},
    people::{self, Status},
    sign_in::{
        model::{Account, BROWSER_LINK_EVERY, BROWSER_LINK_LIFE, BrowserLink, LinkGone},
        store,
    },
    web::{Browser, session::Entering, throttle},
};

/// To be called in the transaction in which the last proof of a sign-in was right: remembers the browser, and mails the
/// person when it is not one of those that the account knows. Silent at the very first sign-in, when it knows none.
pub fn completed(tx: &mut Tx<'_>, entering: &Entering, browser: &Browser) -> Result<(), Fault> {
    tx.lock(entering.organization)?;
    let key_hash = browser.key_hash();
    if store::browsers::touch(tx, entering.user, &key_hash)? {
        return Ok(());
    }
    let is_first = !store::browsers::has_any(tx.conn(), entering.user)?;
    store::browsers::insert(tx, entering.organization, entering.user, &key_hash)?;
    if is_first {
        return Ok(());
    }
    let event = AccountEvent::NewBrowser { device: browser.device.clone(), address: browser.address.clone() };
    people::tell(tx, entering.user, event)
}

/// Mails the owner of an account a link that lets a browser in, at most one in ten minutes.
pub fn ask_for_link(tx: &mut Tx<'_>, account: &Account, origin: &Origin) -> Result<(), Fault> {
    tx.lock(account.organization)?;
    let now = tx.now();
    if account.status != Status::Active
        || store::browsers::has_link_since(tx.conn(), account.user, now.minus(BROWSER_LINK_EVERY))?
    {
        return Ok(());
    }
    let Some(person) = people::contact(tx.conn(), account.user)? else { return Ok(()) };
    let (link, expires_at) = (BrowserLinkId::new(), now.plus(BROWSER_LINK_LIFE));
    store::browsers::insert_link(tx, link, (account.organization, account.user), expires_at)?;
    let letter = Letter::BrowserLink { link, organization: person.organization_name.clone(), expires_at };
    mail::enqueue(tx, &person.recipient(), &letter)?;
    let line = Line {
        action: "account.browser_link",
        target: Target::user(account.user),
        before: json!({}),
        after: json!({}),
    };
    audit::record(tx, account.organization, &By::stranger(origin.clone()), line)
}

/// As much as [`ask_for_link`] writes at least, for an address without an account.
pub fn ask_for_none(tx: &mut Tx<'_>, email_key: &str) -> Result<(), Fault> {
    throttle::note_again(tx, email_key)
}

/// The link as it stands; looking at it uses nothing up. Nothing when it was swept away long after its time.
pub fn look_at(conn: &mut AnyConnection, link: BrowserLinkId) -> Result<Option<BrowserLink>, Fault> {
    store::browsers::link(conn, link)
}

/// Uses the link up and makes this browser known to the account. Of many tries with it one succeeds.
pub fn let_in(
    tx: &mut Tx<'_>,
    link: &BrowserLink,
    browser: &Browser,
    origin: &Origin,
) -> Result<(), Stop<LinkGone>> {
    let now: Moment = tx.now();
    tx.lock(link.organization)?;
    if link.expires_at <= now {
        return Err(Stop::Refused(LinkGone::Expired));
    }
    if !store::browsers::use_up(tx, link.id)? {
        return Err(Stop::Refused(LinkGone::Used));
    }
    let key_hash = browser.key_hash();
    if !store::browsers::touch(tx, link.user, &key_hash)? {
        store::browsers::insert(tx, link.organization, link.user, &key_hash)?;
    }
    let line = Line {
        action: "account.browser_let_in",
        target: Target::user(link.user),
        before: json!({}),
        after: json!({ "device": browser.device }),
    };
    Ok(audit::record(tx, link.organization, &By::person(link.user, origin.clone()), line)?)
}
