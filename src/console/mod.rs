//! The running console as a value: built from settings and a clock, so that tests start it like `roster serve` does.

mod foundation;
mod housekeeping;
mod server;

use std::{net::SocketAddr, time::Duration};

use actix_web::dev::ServerHandle;
use tokio::sync::watch;

use crate::{
    base::{clock::SharedClock, ids::SetupLinkId},
    crypto::signing::{Named, Purpose},
    db::Db,
    jobs::Running,
    settings::Settings,
    setup::{self, FirstLink},
    web::{Site, session, url},
};

pub use foundation::{Foundation, StartError, create_data_folder, place, trust};
pub use server::{described, everything};

/// How long a stop waits for requests that are under way.
const PATIENCE: Duration = Duration::from_secs(25);
/// How long `/readyz` says no before connections are closed, so that a proxy can turn elsewhere.
const NOTICE: Duration = Duration::from_millis(500);

/// A console that listens, ready to [`Console::run`].
pub struct Console {
    site: Site,
    server: server::Bound,
    setup_link: Option<String>,
    stop: watch::Sender<bool>,
}

/// Stops a console from elsewhere, gracefully.
#[derive(Clone)]
pub struct Handle(watch::Sender<bool>);

impl Handle {
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Console {
    /// Opens the database, applies migrations, opens the keys and begins to listen.
    pub async fn build(settings: Settings, clock: SharedClock) -> Result<Self, StartError> {
        let foundation = tokio::task::spawn_blocking(move || Foundation::open(settings, clock))
            .await
            .map_err(|panic| StartError::Keys(panic.to_string()))??;
        let site = foundation.site()?;
        let (stop, stopping) = watch::channel(false);
        let server = server::bind(site.clone(), &foundation.cookie_key, stopping)?;
        let first = site.db.write(None, setup::first_link).await?;
        let setup_link = match first {
            FirstLink::Needed(id) => Some(setup_link(&site, id)),
            FirstLink::NotNeeded => None,
        };
        Ok(Self { site, server, setup_link, stop })
    }

    /// Where it listens; with port 0 in the settings, the port that was free.
    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// The link to print when there is no organization yet.
    pub fn setup_link(&self) -> Option<String> {
        self.setup_link.clone()
    }

    pub fn db(&self) -> &Db {
        &self.site.db
    }

    pub fn site(&self) -> &Site {
        &self.site
    }

    pub fn handle(&self) -> Handle {
        Handle(self.stop.clone())
    }

    /// Answers requests and does what is due, until it is stopped; then finishes what is under way.
    pub async fn run(self) -> std::io::Result<()> {
        let running = housekeeping::start(&self.site).map_err(std::io::Error::other)?;
        let touches = tokio::spawn(session::flush_regularly(self.site.touches.clone(), self.site.db.clone()));
        let stopping = self.stop.subscribe();
        let handle = self.server.server.handle();
        let drain = tokio::spawn(drain(handle, stopping));
        let outcome = self.server.server.await;
        self.stop.send_replace(true);
        drain.abort();
        touches.abort();
        finish(&self.site, running).await;
        outcome
    }
}

async fn drain(handle: ServerHandle, mut stopping: watch::Receiver<bool>) {
    if stopping.wait_for(|stop| *stop).await.is_ok() {
        tokio::time::sleep(NOTICE).await;
        handle.stop(true).await;
    }
}

async fn finish(site: &Site, running: Running) {
    running.stop(Duration::from_secs(4)).await;
    if let Err(fault) = site.touches.flush(&site.db).await {
        tracing::warn!(error = %fault, "when people were last active could not be written");
    }
}

/// Runs a console, or what it is made of, on a runtime of its own.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

/// The absolute link of a setup link's row.
pub fn setup_link(site: &Site, id: SetupLinkId) -> String {
    let named = Named { id: id.uuid(), generation: crate::mail::SETUP_GENERATION };
    site.absolute(&url::setup(&site.signer.token(Purpose::Setup, named)))
}
