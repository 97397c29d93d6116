//! Signing in: a try is counted, the password checked, and then the account entered or not.

mod browsers;
mod completing;

use std::{net::IpAddr, time::Duration};

use serde_json::{Value, json};

use super::{model::Account, store};
use crate::{
    access::{Origin, Proof, ProofMethod},
    audit::{self, By, Line, Target},
    base::ids::UserId,
    crypto::hashing::network_of,
    db::{AnyConnection, Db, Fault, Tx},
    passwords,
    people::{self, Status},
    web::{
        Browser,
        session::{Entering, Stage},
        throttle::{self, Admission, Entry, Kind},
    },
};

pub use browsers::{ask_for_link, ask_for_none, completed, let_in, look_at};
use completing::must_use_sso;
pub use completing::{Completed, complete, is_turned_away};

/// Whether a password may be checked now, and against which accounts.
pub enum Try {
    Open {
        accounts: Vec<Account>,
        failures: i32,
    },
    Wait(Duration),
    /// So many tries have failed that a browser these accounts do not know needs a mailed link first.
    LinkFirst {
        accounts: Vec<Account>,
    },
}

/// Counts a try for this address and this network; it stays counted until it turns out right.
pub fn open_try(tx: &mut Tx<'_>, email_key: &str, from: IpAddr, browser: &Browser) -> Result<Try, Fault> {
    let network = network_of(from).to_string();
    let keys = [(Kind::Account, email_key), (Kind::Address, network.as_str())];
    let entry = throttle::admit_browser(tx, &keys, |conn| {
        store::browsers::is_known(conn, email_key, &browser.key_hash())
    })?;
    Ok(match entry {
        Entry::Admitted(Admission::Wait(wait)) => Try::Wait(wait),
        Entry::Admitted(Admission::Open { failures }) => {
            Try::Open { accounts: store::accounts_of(tx.conn(), email_key)?, failures }
        }
        Entry::LinkFirst => Try::LinkFirst { accounts: store::accounts_of(tx.conn(), email_key)? },
    })
}

/// A try that failed.
#[derive(Clone)]
pub struct FailedTry {
    pub email_key: String,
    /// The account that the address has, if any; the oldest of several.
    pub account: Option<Account>,
    pub failures: i32,
}

/// A wrong password for an account there is: one audit line, no more than the first ten and every tenth after. As much
/// is written when there is none.
pub fn note_failure(tx: &mut Tx<'_>, failed: &FailedTry, origin: &Origin) -> Result<(), Fault> {
    let failures = failed.failures;
    if failures > 10 && failures % 10 != 0 {
        return Ok(());
    }
    let Some(account) = &failed.account else { return throttle::note_again(tx, &failed.email_key) };
    let line = Line {
        action: "account.sign_in_failed",
        target: Target::user(account.user),
        before: json!({}),
        after: json!({ "failures": failures }),
    };
    audit::record(tx, account.organization, &By::stranger(origin.clone()), line)
}

/// What a right password leads to.
#[derive(Clone, Debug)]
pub enum Entered {
    /// In, or half in when a second factor is due.
    As { entering: Entering, stage: Stage, theme: String },
    /// The password was right and the account is deactivated: the organization, and whom to ask.
    Deactivated { organization: String, ask: Vec<(String, String)> },
    /// The proof was right, and the organization asks for single sign-on.
    OnlyBySso { organization: String },
    /// The account was there a moment ago.
    Gone,
}

/// How the password came to be right, and what follows from it.
#[derive(Clone)]
pub struct RightPassword {
    pub user: UserId,
    pub proofs: Vec<Proof>,
    /// A hash at today's cost, when the stored one is cheaper.
    pub rehash: Option<String>,
    pub email_key: String,
    pub from: IpAddr,
}

/// By what somebody came to prove who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way<'a> {
    Password,
    /// With the person verified: two factors by itself.
    Passkey,
    /// An account elsewhere, of this provider.
    Account(&'a str),
    /// Their organization's own provider, which may be trusted for the second factor as well.
    SingleSignOn {
        trusts_factor: bool,
    },
}

impl Way<'_> {
    /// As the audit names it; a password goes without saying.
    fn word(&self) -> Option<&str> {
        match self {
            Self::Password => None,
            Self::Passkey => Some("passkey"),
            Self::Account(provider) => Some(provider),
            Self::SingleSignOn { .. } => Some("sso"),
        }
    }

    fn method(&self) -> ProofMethod {
        match self {
            Self::Password => ProofMethod::Password,
            Self::Passkey => ProofMethod::Passkey,
            Self::Account(_) => ProofMethod::Social,
            Self::SingleSignOn { .. } => ProofMethod::SingleSignOn,
        }
    }

    /// The account, if it can be entered this way at all.
    fn account(&self, conn: &mut AnyConnection, user: UserId) -> Result<Option<Account>, Fault> {
        match self {
            Self::Password => store::account(conn, user),
            Self::Account(provider) if !store::is_linked(conn, user, provider)? => Ok(None),
            Self::Account(_) | Self::Passkey | Self::SingleSignOn { .. } => {
                store::account_by_any_means(conn, user)
            }
        }
    }

    /// What this audit line says, with the way in it.
    fn told(&self, mut after: Value) -> Value {
        if let Some(word) = self.word() {
            after["by"] = word.into();
        }
        after
    }
}

/// Enters the account whose password was right.
pub fn enter(
    tx: &mut Tx<'_>,
    right: &RightPassword,
    browser: &Browser,
    origin: &Origin,
) -> Result<Entered, Fault> {
    let Some(account) = locked(tx, right.user, Way::Password)? else { return Ok(Entered::Gone) };
    throttle::forgive(tx, &right.email_key, &network_of(right.from).to_string())?;
    if account.status == Status::Active
        && let Some(hash) = &right.rehash
    {
        let change = passwords::Change { organization: account.organization, user: account.user, hash };
        passwords::set(tx, &change)?;
    }
    settle(tx, &account, (Way::Password, &right.proofs), browser, origin)
}

/// Enters an account by another way. What it still needs besides is asked for like after a password.
pub fn enter_by(
    tx: &mut Tx<'_>,
    user: UserId,
    way: (Way<'_>, &[Proof]),
    browser: &Browser,
    origin: &Origin,
) -> Result<Entered, Fault> {
    match locked(tx, user, way.0)? {
        Some(account) => settle(tx, &account, way, browser, origin),
        None => Ok(Entered::Gone),
    }
}

/// The account, looked up again under its organization's lock.
fn locked(tx: &mut Tx<'_>, user: UserId, way: Way<'_>) -> Result<Option<Account>, Fault> {
    let Some(account) = way.account(tx.conn(), user)? else { return Ok(None) };
    tx.lock(account.organization)?;
    way.account(tx.conn(), user)
}

/// Lets in, or turns away, whoever proved to be the owner of an account.
fn settle(
    tx: &mut Tx<'_>,
    account: &Account,
    (way, proofs): (Way<'_>, &[Proof]),
    browser: &Browser,
    origin: &Origin,
) -> Result<Entered, Fault> {
    let organization = account.organization_name.clone();
    match account.status {
        Status::Deactivated => {
            let after = way.told(json!({ "why": "deactivated" }));
            record(tx, account, "account.sign_in_refused", after, origin)?;
            let ask = store::whom_to_ask(tx.conn(), account.organization)?;
            Ok(Entered::Deactivated { organization, ask })
        }
        Status::Invited => Ok(Entered::Gone),
        Status::Active if must_use_sso(tx, account, &[way.method()])? => {
            let after = way.told(json!({ "why": completing::ONLY_BY_SSO }));
            record(tx, account, "account.sign_in_refused", after, origin)?;
            Ok(Entered::OnlyBySso { organization })
        }
        Status::Active => {
            let stage = match way {
                Way::Passkey | Way::SingleSignOn { trusts_factor: true } => Stage::Full,
                _ => account.stage(tx.now(), proofs),
            };
            let after = way.told(json!({ "complete": stage == Stage::Full }));
            record(tx, account, "account.sign_in", after, origin)?;
            let entering =
                Entering { organization: account.organization, user: account.user, epoch: account.epoch };
            if stage == Stage::Full {
                people::mark_active(tx, account.user)?;
                completed(tx, &entering, browser)?;
            }
            Ok(Entered::As { entering, stage, theme: account.theme.clone() })
        }
    }
}

/// The account, however it signs in.
pub fn account_by_any_means(conn: &mut AnyConnection, user: UserId) -> Result<Option<Account>, Fault> {
    store::account_by_any_means(conn, user)
}

/// How far somebody is in after this proof alone: an organization may require a second one.
pub async fn stage_after(db: &Db, user: UserId, proof: Proof) -> Result<Stage, Fault> {
    let now = db.now();
    let account = db.read(move |conn| store::account_by_any_means(conn, user)).await?;
    Ok(account.map_or(Stage::Full, |account| account.stage(now, &[proof])))
}

/// Signing out is a change of state too: one line.
pub fn leave(tx: &mut Tx<'_>, user: UserId, origin: &Origin) -> Result<(), Fault> {
    let Some(account) = store::account_by_any_means(tx.conn(), user)? else { return Ok(()) };
    record(tx, &account, "account.sign_out", json!({}), origin)
}

/// The accounts to choose from, as they are now, with the names of their organizations; only those with a password when
/// it was that which was right.
pub fn to_choose_from(
    conn: &mut AnyConnection,
    users: &[UserId],
    by_password: bool,
) -> Result<Vec<Account>, Fault> {
    let find = if by_password { store::account } else { store::account_by_any_means };
    let found: Result<Vec<_>, Fault> = users.iter().map(|user| find(conn, *user)).collect();
    Ok(found?.into_iter().flatten().collect())
}

fn record(
    tx: &mut Tx<'_>,
    account: &Account,
    action: &'static str,
    after: serde_json::Value,
    origin: &Origin,
) -> Result<(), Fault> {
    let line = Line { action, target: Target::user(account.user), before: json!({}), after };
    audit::record(tx, account.organization, &By::person(account.user, origin.clone()), line)
}
