//! Sessions as rows, the way actix-session asks for them. The cookie holds a random key, the row its hash.

use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;

use super::{
    TIMES, Times, WHO, Who,
    store::{self, SessionRow},
};
use crate::{
    base::token,
    db::{Db, Fault},
};

type State = HashMap<String, String>;

#[derive(Clone)]
pub struct Keeper {
    db: Db,
}

impl Keeper {
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

impl SessionStore for Keeper {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        let (hash, now) = (token::hash(key.as_ref()), self.db.now());
        let found = self.db.look_up(move |conn| store::load(conn, &hash, now)).await;
        let Some(kept) = found.map_err(|fault| LoadError::Other(fault.into()))? else { return Ok(None) };
        let mut state: State =
            serde_json::from_str(&kept.state).map_err(|error| LoadError::Deserialization(error.into()))?;
        let times = Times { created: kept.created_at.micros(), seen: kept.last_seen_at.micros() };
        state.insert(
            TIMES.into(),
            serde_json::to_string(&times).map_err(|e| LoadError::Deserialization(e.into()))?,
        );
        Ok(Some(state))
    }

    async fn save(&self, state: State, _: &Duration) -> Result<SessionKey, SaveError> {
        let (key, hash) = new_key().map_err(|fault| SaveError::Other(fault.into()))?;
        let row = row_of(state).map_err(|error| SaveError::Serialization(error.into()))?;
        self.db
            .write(None, move |tx| store::insert(tx, &hash, &row))
            .await
            .map_err(|fault| SaveError::Other(fault.into()))?;
        Ok(key)
    }

    /// A row that is gone stays gone: somebody ended the session while this request was under way.
    async fn update(&self, key: SessionKey, state: State, _: &Duration) -> Result<SessionKey, UpdateError> {
        let hash = token::hash(key.as_ref());
        let row = row_of(state).map_err(|error| UpdateError::Serialization(error.into()))?;
        self.db
            .write(None, move |tx| store::update(tx, &hash, &row))
            .await
            .map_err(|fault| UpdateError::Other(fault.into()))?;
        Ok(key)
    }

    /// The row's life is prolonged by [`super::Touches`], not here.
    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        let hash = token::hash(key.as_ref());
        Ok(self.db.write(None, move |tx| store::delete(tx, &hash)).await?)
    }
}

fn new_key() -> Result<(SessionKey, String), Fault> {
    let secret = token::random_token();
    let hash = token::hash(&secret);
    let key = SessionKey::try_from(secret).map_err(|e| Fault::broken("making a session key", e))?;
    Ok((key, hash))
}

fn row_of(mut state: State) -> Result<SessionRow, serde_json::Error> {
    state.remove(TIMES);
    let who = state.get(WHO).map(|who| serde_json::from_str::<Who>(who)).transpose()?;
    Ok(SessionRow { state: serde_json::to_string(&state)?, who })
}
