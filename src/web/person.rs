//! Who may call a handler: every handler takes exactly one of [`Anyone`], [`HalfSignedIn`], [`SignedIn`].

use std::{future::Future, pin::Pin};

use actix_session::{Session, SessionExt};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use chrono::Duration;

use super::{
    Halt, Problem, Site, Visitor, form, kept,
    page::{Plain, Shell, Theme},
    reply,
    session::{
        self, Stage, Who,
        store::{self, Account},
    },
    shell, url,
};
use crate::{
    access::{
        Actor, ActorKind, Origin,
        actions::{Action, DecideRequest},
        load_standing, requests_waiting_for,
    },
    base::ids::{OrganizationId, UserId},
    db::{AnyConnection, Fault, Tx},
};

/// Somebody who need not be signed in.
pub struct Anyone {
    pub site: Data<Site>,
    pub visitor: Visitor,
    pub session: Session,
    theme: Theme,
    path: String,
    request: HttpRequest,
}

impl Anyone {
    pub fn of(request: &HttpRequest) -> Result<Self, Problem> {
        Ok(Self {
            site: site_of(request)?,
            visitor: Visitor::of(request),
            session: request.get_session(),
            theme: shell::theme_of(request),
            path: shell::path_of(request),
            request: request.clone(),
        })
    }

    /// The frame of a page for people who are not signed in, with the message kept for it.
    pub fn frame(&self) -> Plain {
        Plain {
            theme: self.theme,
            toasts: reply::take_flash(&self.request),
            path: self.path.clone(),
            support_url: self.site.support_url(),
        }
    }

    /// Who this browser is signed in as, if the account agrees.
    pub async fn signed_in(&self) -> Result<Option<Account>, Problem> {
        match session::who(&self.session) {
            Some(who) if who.stage == Stage::Full => {
                Ok(verified(&self.site, &self.session, &who).await?.map(|it| it.account))
            }
            _ => Ok(None),
        }
    }
}

impl FromRequest for Anyone {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::of(request))
    }
}

/// Somebody whose first proof was right and whose second is due.
pub struct HalfSignedIn {
    pub anyone: Anyone,
    pub who: Who,
}

impl FromRequest for HalfSignedIn {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let half = Anyone::of(request).and_then(|anyone| match session::who(&anyone.session) {
            Some(who) if who.stage == Stage::Half => Ok(Self { anyone, who }),
            // Not back here: whoever signs in now is led here when it is due.
            _ => Err(Problem::NotSignedIn { return_to: url::HOME.to_owned() }),
        });
        std::future::ready(half)
    }
}

/// The person behind a request.
#[derive(Clone, Debug)]
pub struct Me {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub time_zone: String,
}

/// Their organization.
#[derive(Clone, Debug)]
pub struct Organization {
    pub id: OrganizationId,
    pub name: String,
    pub code: String,
    pub invitation_days: i32,
}

/// An Active person with a session that is complete and within its limits.
pub struct SignedIn {
    pub site: Data<Site>,
    pub visitor: Visitor,
    pub session: Session,
    pub who: Who,
    pub me: Me,
    pub organization: Organization,
    pub actor: Actor,
    /// How many access requests wait for an answer of theirs, up to [`MOST_COUNTED`].
    waiting: usize,
    theme: Theme,
    path: String,
    request: HttpRequest,
}

/// More waiting requests than these are not counted for the navigation.
const MOST_COUNTED: i64 = 100;

impl SignedIn {
    /// The frame of a page, with the message kept for it and the navigation this person may use.
    pub fn frame(&self) -> Shell {
        let actor = (&self.actor, self.waiting);
        let mut shell = shell::of(&self.me, &self.organization, actor, self.theme, &self.path);
        shell.support_url = self.site.support_url();
        shell.help_href = self.site.support_url();
        shell.toasts = reply::take_flash(&self.request);
        shell
    }

    /// Whether they proved who they are within the last ten minutes, by the means that start a session.
    pub fn is_freshly_proved(&self) -> bool {
        let now = self.site.db.now();
        self.who.proofs.iter().any(|proof| proof.is_fresh(now))
    }

    /// For sensitive acts: goes on when [`Self::is_freshly_proved`]; otherwise the form is kept, without its secrets,
    /// and stands there again after the proof.
    pub fn needs_fresh_proof(&self) -> Result<(), Problem> {
        if self.is_freshly_proved() {
            return Ok(());
        }
        kept::keep(&self.request, Some(self.me.id));
        Err(Problem::proof_needed(&self.request))
    }

    /// Path and query of what was asked for.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Reads on the blocking pool.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: crate::db::Failure + Send + 'static,
        F: FnOnce(&mut AnyConnection, &Actor) -> Result<T, E> + Send + 'static,
    {
        let actor = self.actor.clone();
        self.site.db.read(move |conn| work(conn, &actor)).await
    }

    /// One transaction under the organization's lock. Who asks is looked up again inside it: whoever was
    /// deactivated or demoted a moment ago does nothing any more.
    pub async fn write<T, R, F>(&self, work: F) -> Result<T, Halt<R>>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: Fn(&mut Tx<'_>, &Actor) -> Result<T, Halt<R>> + Send + 'static,
    {
        let (who, earlier, signed_out) =
            (self.who.clone(), self.actor.clone(), Problem::not_signed_in(&self.request));
        let outcome = self
            .site
            .db
            .write(self.organization.id, move |tx| {
                let actor = actor_now(tx, &who, &earlier)?;
                actor.map_or(Ok(None), |actor| work(tx, &actor).map(Some))
            })
            .await?;
        outcome.ok_or(Halt::Problem(signed_out))
    }
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let claimed = session::who(&request.get_session()).map(|who| who.user);
            if let Some(person) = enter(&request).await? {
                return Ok(person);
            }
            kept::keep(&request, claimed);
            Err(Problem::not_signed_in(&request))
        })
    }
}

async fn enter(request: &HttpRequest) -> Result<Option<SignedIn>, Problem> {
    let (site, session) = (site_of(request)?, request.get_session());
    let Some(who) = session::who(&session).filter(|who| who.stage == Stage::Full) else { return Ok(None) };
    let visitor = Visitor::of(request);
    let Some(Verified { account, actor, waiting }) = verified(&site, &session, &who).await? else {
        end(&session, request);
        return Ok(None);
    };
    Ok(Some(SignedIn {
        theme: shell::theme_of(request),
        path: shell::path_of(request),
        me: Me { id: account.user, name: account.name, email: account.email, time_zone: account.time_zone },
        organization: Organization {
            id: account.organization,
            name: account.organization_name,
            code: account.organization_code,
            invitation_days: account.invitation_days,
        },
        actor: with_origin(actor, visitor.origin()),
        waiting,
        request: request.clone(),
        site,
        visitor,
        session,
        who,
    }))
}

/// A purged session keeps nothing, so one whose form is to be kept begins anew instead.
fn end(session: &Session, request: &HttpRequest) {
    if form::sent(request).is_some() {
        session.clear();
        session.renew();
    } else {
        session.purge();
    }
}

/// Somebody whose session's claim holds.
struct Verified {
    account: Account,
    actor: Actor,
    waiting: usize,
}

/// The account and what it may do, when the session's claim holds and its limits are not reached.
async fn verified(site: &Data<Site>, session: &Session, who: &Who) -> Result<Option<Verified>, Problem> {
    let (now, times) = (site.db.now(), session::times(session));
    let (user, organization) = (who.user, who.organization);
    let found = site.db.look_up(move |conn| store::presented(conn, user)).await?;
    let Some(found) = found.filter(|found| agrees(&found.account, who)) else { return Ok(None) };
    let account = found.account;
    // A session that begins with this request has no row yet, so no times.
    if let Some(times) = times {
        let is_idle = now.since(times.seen()) > Duration::minutes(account.idle_minutes.into());
        let is_old = now.since(times.created()) > Duration::minutes(account.overall_minutes.into());
        if is_idle || is_old {
            return Ok(None);
        }
        if now.since(times.seen()) >= session::STALE {
            site.touches.note(who.session, who.user, now);
        }
    }
    let standing = site.standing(organization, found.access_epoch, (user, found.groups), now).await?;
    let kind = ActorKind::Session { user, session: who.session };
    let actor = Actor::person(kind, organization, standing, site.catalogue.clone(), Origin::default());
    let waiting = match actor.may_do(DecideRequest::NAME) {
        true => {
            let count = move |conn: &mut AnyConnection| {
                requests_waiting_for(conn, organization, (user, now), MOST_COUNTED)
            };
            site.db.look_up(count).await?
        }
        false => 0,
    };
    Ok(Some(Verified { account, actor, waiting }))
}

fn agrees(account: &Account, who: &Who) -> bool {
    account.status == "active" && account.epoch == who.epoch && account.organization == who.organization
}

fn actor_now(tx: &mut Tx<'_>, who: &Who, earlier: &Actor) -> Result<Option<Actor>, Fault> {
    let now = tx.now();
    let conn = tx.conn();
    let account = store::account(conn, who.user)?.filter(|account| agrees(account, who));
    if account.is_none() {
        return Ok(None);
    }
    let standing = load_standing(conn, who.organization, who.user, now)?;
    let (kind, catalogue, origin) = (earlier.kind(), earlier.catalogue().clone(), earlier.origin().clone());
    Ok(Some(Actor::person(kind, who.organization, standing, catalogue, origin)))
}

fn with_origin(actor: Actor, origin: Origin) -> Actor {
    let (kind, organization) = (actor.kind(), actor.organization());
    Actor::person(kind, organization, actor.standing().clone(), actor.catalogue().clone(), origin)
}

fn site_of(request: &HttpRequest) -> Result<Data<Site>, Problem> {
    let site = request.app_data::<Data<Site>>().cloned();
    site.ok_or_else(|| Problem::Fault(Fault::broken("answering a request", "the site is not set up")))
}
