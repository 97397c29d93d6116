//! The server: which layers a request passes, and in which order.

use std::net::{SocketAddr, TcpListener};

use actix_session::{
    SessionMiddleware,
    config::{PersistentSession, TtlExtensionPolicy},
};
use actix_web::{
    App, HttpResponse, HttpServer,
    cookie::{Key, SameSite, time::Duration},
    dev::{HttpServiceFactory, Server},
    http::header,
    middleware::{Compress, from_fn},
    web::{self, Data, PayloadConfig, ServiceConfig},
};
use tokio::sync::watch;

use super::StartError;
use crate::{
    mail,
    reference::{self, Described, Reference},
    routes, scim, telemetry,
    web::{
        Site, api, assets, forgery, form, headers, problem,
        session::{Keeper, LONGEST_DAYS},
        throttle, url,
    },
};

/// How long the head of a request may take to arrive. Short enough that slow senders do not pile up, long enough for a
/// machine that has more to do than it can.
const PATIENCE_WITH_A_REQUEST: std::time::Duration = std::time::Duration::from_secs(30);

/// A server with its port, not yet running.
pub struct Bound {
    pub address: SocketAddr,
    pub server: Server,
}

/// Whether the console is about to stop, for `/readyz`.
type Stopping = watch::Receiver<bool>;

pub fn bind(site: Site, cookie_key: &[u8; 64], stopping: Stopping) -> Result<Bound, StartError> {
    let asked = site.settings.listen;
    let cannot = |source| StartError::Listen { address: asked, source };
    let listener = TcpListener::bind(asked).map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let (site, key) = (Data::new(site), Key::from(cookie_key));
    let described = Data::new(described());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(site.clone())
            .app_data(Data::new(stopping.clone()))
            .app_data(PayloadConfig::new(form::MOST_BYTES))
            .app_data(api::Epochs::default())
            .wrap(Compress::default())
            .wrap(from_fn(headers::bound))
            .wrap(from_fn(headers::add))
            .wrap(from_fn(telemetry::observe))
            .wrap(from_fn(throttle::pause))
            .configure(|config| everything(config, &site, &described, &key))
    })
    .disable_signals()
    .client_request_timeout(PATIENCE_WITH_A_REQUEST)
    .shutdown_timeout(super::PATIENCE.as_secs())
    .listen(listener)
    .map_err(cannot)?
    .run();
    Ok(Bound { address, server })
}

/// Every route there is: what machines ask for, what programs ask for with a token, and what browsers ask for behind
/// the layers of a browser.
pub fn everything(config: &mut ServiceConfig, site: &Site, described: &Data<Described>, cookie_key: &Key) {
    let browser = web::scope("")
        .wrap(from_fn(form::read_body))
        .wrap(from_fn(forgery::refuse))
        .wrap(sessions(site, cookie_key))
        .wrap(from_fn(problem::pages))
        .configure(routes::browser);
    config
        .configure(for_machines)
        .service(programs(described))
        .service(providers())
        .service(answers_of_providers())
        .service(browser);
}

/// What programs ask for with an access token: no session is looked up or written, and no other site may read it.
fn programs(described: &Data<Described>) -> impl HttpServiceFactory + 'static {
    web::scope("/api")
        .wrap(from_fn(api::problems))
        .app_data(described.clone())
        .service(web::scope("/v1").configure(routes::api).default_service(web::to(api::not_found)))
        .configure(reference::routes)
        .default_service(web::to(api::not_found))
}

/// What identity providers ask for: no session either, and every answer in SCIM's form.
fn providers() -> impl HttpServiceFactory + 'static {
    web::scope("/scim")
        .wrap(from_fn(scim::problems))
        .service(web::scope("/v2").configure(routes::scim).default_service(web::to(scim::NotFound::answer)))
        .default_service(web::to(scim::NotFound::answer))
}

/// What pages of identity providers send browsers here with: no cookie comes along, so there is neither a session nor
/// anything that another site could forge; what counts is verified by itself.
fn answers_of_providers() -> impl HttpServiceFactory + 'static {
    routes::answers_of_providers().wrap(from_fn(form::read_body)).wrap(from_fn(problem::pages))
}

/// What the API says of itself, made once for all threads.
pub fn described() -> Described {
    Described::new(|| Reference::of(&serde_json::to_value(routes::document()).unwrap_or_default()))
}

fn sessions(site: &Site, key: &Key) -> SessionMiddleware<Keeper> {
    let secure = site.settings.secure_cookies();
    let lifecycle = PersistentSession::default()
        .session_ttl(Duration::days(LONGEST_DAYS))
        .session_ttl_extension_policy(TtlExtensionPolicy::OnStateChanges);
    SessionMiddleware::builder(Keeper::new(site.db.clone()), key.clone())
        .cookie_name(if secure { "__Host-roster" } else { "roster" }.to_owned())
        .cookie_secure(secure)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .session_lifecycle(lifecycle)
        .build()
}

/// What no session is looked up for.
fn for_machines(config: &mut ServiceConfig) {
    config
        .route(assets::ROUTE, web::get().to(assets::serve))
        .route(assets::ROUTE, web::head().to(assets::serve))
        .route("/healthz", web::get().to(alive))
        .route("/readyz", web::get().to(ready))
        .route("/metrics", web::get().to(figures))
        .route("/.well-known/change-password", web::get().to(change_password));
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("alive\n")
}

async fn ready(site: Data<Site>, stopping: Data<Stopping>) -> HttpResponse {
    let (mut response, word) = match (*stopping.borrow(), site.db.is_ready().await) {
        (true, _) => (HttpResponse::ServiceUnavailable(), "stopping\n"),
        (false, false) => (HttpResponse::ServiceUnavailable(), "the database does not answer\n"),
        (false, true) => (HttpResponse::Ok(), "ready\n"),
    };
    response.content_type("text/plain").body(word)
}

async fn figures(site: Data<Site>) -> HttpResponse {
    use telemetry::figures;
    figures::hashes_waiting(site.hasher.waiting());
    figures::hashes_refused(site.hasher.refused());
    let (in_use, idle) = site.db.connections();
    figures::connections(in_use, idle);
    // While the database is away the last known figure stands.
    if let Ok((waiting, failed)) = site.db.read(mail::waiting_and_failed).await {
        figures::letters(waiting, failed);
    }
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(telemetry::figures::render())
}

async fn change_password() -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, url::settings_at("password"))).finish()
}
