//! Refusals take their time, so that whoever tries on and on over a connection comes to few tries a second, and takes
//! little of the machine from everybody else.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
    web::Data,
};
use tokio::sync::Semaphore;

use crate::web::Site;

/// How many answers are held back at once; beyond it they go out at once, as each holds its connection.
const MOST_HELD: usize = 1_024;

static PLACES: Semaphore = Semaphore::const_new(MOST_HELD);

/// Holds an answer of 429 (RFC 6585, section 4) back for the pause of the settings. To be wrapped around everything else:
/// what is counted and logged is how long the answer took to make.
pub async fn pause(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let response = next.call(request).await?;
    if response.status() == StatusCode::TOO_MANY_REQUESTS
        && let Some(site) = response.request().app_data::<Data<Site>>()
        && let Ok(_place) = PLACES.try_acquire()
    {
        tokio::time::sleep(site.settings.refusal_pause).await;
    }
    Ok(response)
}
