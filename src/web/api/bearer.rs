//! A program with an access token: what the handlers of the API take in place of `SignedIn`.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Data};
use serde::Serialize;

use super::{
    epochs::Epochs,
    idempotency::{self, Answer, Made, Once},
    known::Known,
    problem::{self, ApiProblem},
    store::{self, Presented},
    token::Token,
};
use crate::{
    access::{Actor, ActorKind, Standing, load_standing},
    base::{
        access_secret::AccessSecret,
        clock::Moment,
        ids::{AccessTokenId, OrganizationId, UserId},
    },
    db::{AnyConnection, Failure, Fault, Tx},
    web::{Halt, Problem, Site, Visitor},
};

/// An Active person behind a token that is known, not revoked and not over; with the person's rights as they are now,
/// narrowed to what the token carries.
pub struct Bearer {
    pub site: Data<Site>,
    pub visitor: Visitor,
    pub me: UserId,
    pub organization: OrganizationId,
    pub actor: Actor,
    known: Arc<Known>,
    secret: AccessSecret,
}

impl Bearer {
    /// The token, and whom it belongs to.
    pub fn token(&self) -> &Token {
        &self.known.token
    }

    /// Reads on the blocking pool.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
        F: FnOnce(&mut AnyConnection, &Actor) -> Result<T, E> + Send + 'static,
    {
        let actor = self.actor.clone();
        self.site.db.read(move |conn| work(conn, &actor)).await
    }

    /// One transaction under the organization's lock. Token and person are looked up again inside it: what was
    /// revoked, deactivated or taken away a moment ago does nothing any more.
    pub async fn write<T, R, F>(&self, work: F) -> Result<T, Halt<R>>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: Fn(&mut Tx<'_>, &Actor) -> Result<T, Halt<R>> + Send + 'static,
    {
        let (hash, earlier) = (self.secret.hash(), self.actor.clone());
        let outcome = self
            .site
            .db
            .write(self.organization, move |tx| {
                let actor = actor_now(tx, &hash, &earlier)?;
                actor.map_or(Ok(None), |actor| work(tx, &actor).map(Some))
            })
            .await?;
        outcome.ok_or_else(|| Halt::Problem(Problem::NotSignedIn { return_to: String::new() }))
    }

    /// [`Self::write`] for what makes something: 201 with the JSON of what `work` made. With an Idempotency-Key the
    /// answer is kept in the same transaction for 24 hours, and asking again answers the same without doing it again.
    pub async fn create<T, R, F>(&self, once: &Option<Once>, work: F) -> Result<Answer, CreateHalt<R>>
    where
        T: Serialize + 'static,
        R: Send + 'static,
        F: Fn(&mut Tx<'_>, &Actor) -> Result<Made<T>, Halt<R>> + Send + 'static,
    {
        let (once, me) = (once.clone(), self.me);
        let made = self
            .write(move |tx, actor| match &once {
                None => Ok(Ok(Answer::new(&work(tx, actor)?)?)),
                Some(once) => match idempotency::earlier(tx, me, once)? {
                    Some(earlier) => Ok(earlier),
                    None => {
                        let made = work(tx, actor)?;
                        idempotency::keep(tx, actor.organization(), me, once, &made)?;
                        Ok(Ok(Answer::new(&made)?))
                    }
                },
            })
            .await;
        match made {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(problem)) => Err(CreateHalt::Key(problem)),
            Err(halt) => Err(CreateHalt::Halt(halt)),
        }
    }
}

/// Why nothing was made.
#[derive(Debug)]
pub enum CreateHalt<R> {
    /// The Idempotency-Key belongs to another request.
    Key(ApiProblem),
    Halt(Halt<R>),
}

impl<R> CreateHalt<R> {
    /// As [`Halt::told`].
    pub fn told(self, words: impl FnOnce(R) -> ApiProblem) -> ApiProblem {
        match self {
            Self::Key(problem) => problem,
            Self::Halt(halt) => halt.told(words),
        }
    }
}

impl FromRequest for Bearer {
    type Error = ApiProblem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiProblem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { enter(&request).await })
    }
}

async fn enter(request: &HttpRequest) -> Result<Bearer, ApiProblem> {
    let site = request.app_data::<Data<Site>>().cloned();
    let site = site.ok_or_else(|| Fault::broken("answering a request", "the site is not set up"))?;
    let secret = secret_in(request)?;
    let (now, visitor) = (site.db.now(), Visitor::of(request));
    let epochs = request.app_data::<Epochs>().cloned().unwrap_or_default();
    let known = match site.known.still_holds((&site, &epochs), &secret, now).await {
        Some(known) => known,
        None => presented(&site, &secret, now).await?,
    };
    let token = &known.token;
    if known.is_used_anew(now) {
        site.touches.note_use(token.id, now);
    }
    let (me, organization, groups) = (token.user, token.organization(), token.around.groups.clone());
    let standing = site.standing(organization, known.access_epoch, (me, groups), now).await?;
    let (kind, origin) = (ActorKind::Token { user: me }, visitor.origin());
    let actor = Actor::person(kind, organization, token.narrow(standing), site.catalogue.clone(), origin);
    Ok(Bearer { site, visitor, me, organization, actor, known, secret })
}

/// What the database says of a secret, kept for the next time it is presented.
async fn presented(site: &Site, secret: &AccessSecret, now: Moment) -> Result<Arc<Known>, ApiProblem> {
    let hash = secret.hash();
    let found = site.db.look_up(move |conn| store::by_hash(conn, &hash)).await?;
    let (presented, groups) = found.ok_or_else(unknown)?;
    judge(&presented, now)?;
    let (narrowed, token_id) = (presented.narrowed, presented.token);
    let roles = match narrowed {
        true => Some(site.db.look_up(move |conn| store::roles_of(conn, token_id)).await?),
        false => None,
    };
    Ok(site.known.keep(secret, &presented, roles, groups))
}

/// The secret that a request presents (RFC 6750, section 2.1); the checksum is right, nothing else is known of it.
fn secret_in(request: &HttpRequest) -> Result<AccessSecret, ApiProblem> {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, secret) = sent
        .and_then(|sent| sent.split_once(' '))
        .ok_or_else(|| ApiProblem::new(problem::TOKEN_MISSING, problem::NEEDED))?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(ApiProblem::new(problem::TOKEN_MISSING, problem::NEEDED));
    }
    AccessSecret::parse(secret.trim_matches(' ')).ok_or_else(unknown)
}

fn unknown() -> ApiProblem {
    ApiProblem::new(problem::TOKEN_UNKNOWN, "There is no such token, or it was copied in part.")
}

/// Whether a token may be used now; why not, otherwise.
fn judge(presented: &Presented, now: Moment) -> Result<(), ApiProblem> {
    if presented.revoked_at.is_some() {
        return Err(ApiProblem::new(problem::TOKEN_REVOKED, "The token was revoked. Create another one."));
    }
    if presented.expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Err(ApiProblem::new(problem::TOKEN_EXPIRED, "The token has expired. Create another one."));
    }
    if presented.status != "active" {
        let words = "The person whom the token belongs to is deactivated.";
        return Err(ApiProblem::new(problem::TOKEN_SUSPENDED, words));
    }
    Ok(())
}

/// A token that may be used now.
fn usable(conn: &mut AnyConnection, secret_hash: &str, now: Moment) -> Result<Option<Token>, Fault> {
    let found = store::by_hash(conn, secret_hash)?;
    let Some((presented, groups)) = found.filter(|(it, _)| judge(it, now).is_ok()) else { return Ok(None) };
    let roles = match presented.narrowed {
        true => Some(store::roles_of(conn, presented.token)?),
        false => None,
    };
    Ok(Some(Token::of(&presented, roles, Arc::new, groups)))
}

fn actor_now(tx: &mut Tx<'_>, secret_hash: &str, earlier: &Actor) -> Result<Option<Actor>, Fault> {
    let now = tx.now();
    let Some(token) = usable(tx.conn(), secret_hash, now)? else { return Ok(None) };
    let organization = token.organization();
    let standing = token.narrow(load_standing(tx.conn(), organization, token.user, now)?.into());
    let (kind, catalogue, origin) = (earlier.kind(), earlier.catalogue().clone(), earlier.origin().clone());
    Ok(Some(Actor::person(kind, organization, standing, catalogue, origin)))
}

/// What is known of a secret that somebody else presented, as a service asks about it; `None` when it opens nothing.
pub fn look_up(conn: &mut AnyConnection, secret: &str, now: Moment) -> Result<Option<Token>, Fault> {
    match AccessSecret::parse(secret) {
        Some(secret) => usable(conn, &secret.hash(), now),
        None => Ok(None),
    }
}

/// What a token gives at this moment to work that was begun with it, and to whom; `None` when it opens nothing any
/// more.
pub fn standing_now(
    conn: &mut AnyConnection,
    token: AccessTokenId,
    now: Moment,
) -> Result<Option<(UserId, OrganizationId, Arc<Standing>)>, Fault> {
    let Some(hash) = store::hash_of(conn, token)? else { return Ok(None) };
    let Some(token) = usable(conn, &hash, now)? else { return Ok(None) };
    let (user, organization) = (token.user, token.organization());
    let standing = token.narrow(load_standing(conn, organization, user, now)?.into());
    Ok(Some((user, organization, standing)))
}
