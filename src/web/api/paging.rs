//! Lists in pages: `{"items": […], "next": "…"}`, with `?cursor=` for the page after and `?limit=` for its length.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use serde::{Serialize, de::DeserializeOwned};
use subtle::ConstantTimeEq;
use utoipa::{IntoParams, ToSchema};

use super::problem::{self, ApiProblem};
use crate::{
    base::clock::Moment,
    crypto::signing::Signer,
    db::Fault,
    web::{Fields, Site},
};

const USUAL: usize = 50;
/// The longest page.
pub const MOST: usize = 200;
/// How long a cursor can be gone on from.
const LIFE: Duration = Duration::hours(24);
/// Half of an HMAC-SHA256 in hexadecimal: 128 bits.
const SIGNATURE: usize = 32;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the page after this one; null on the last page.
    pub next: Option<String>,
}

/// How much of a list is asked for, and from where on.
pub struct Paging {
    /// How many items, 1 to 200. Fetch one more than that, so that [`Paging::page`] knows whether there are more.
    pub limit: usize,
    cursor: Option<String>,
    site: Data<Site>,
}

/// For `params(…)` of a path that takes a [`Paging`].
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PagingParams {
    /// The `next` of the page before. Good for 24 hours.
    pub cursor: Option<String>,
    /// How many items a page has at the most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
}

impl Paging {
    /// How many rows to fetch.
    pub fn fetch(&self) -> i64 {
        i64::try_from(self.limit + 1).unwrap_or(i64::MAX)
    }

    /// Where the page before ended; none for the first page. `list` names the list and its filters: a cursor of another
    /// one is refused.
    pub fn after<P: DeserializeOwned>(&self, list: &str) -> Result<Option<P>, ApiProblem> {
        let now = self.site.db.now();
        self.cursor.as_deref().map(|cursor| open(&self.site.signer, list, cursor, now)).transpose()
    }

    /// The page of these rows, of which there may be one more than its limit. `position` says of the last one where it
    /// stands.
    pub fn page<R, T, P: Serialize>(
        &self,
        list: &str,
        mut rows: Vec<R>,
        position: impl Fn(&R) -> P,
        item: impl FnMut(R) -> T,
    ) -> Result<Page<T>, ApiProblem> {
        let is_more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let next = match rows.last() {
            Some(last) if is_more => {
                Some(seal(&self.site.signer, list, &position(last), self.site.db.now())?)
            }
            _ => None,
        };
        Ok(Page { items: rows.into_iter().map(item).collect(), next })
    }
}

impl FromRequest for Paging {
    type Error = ApiProblem;
    type Future = Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(paging(request))
    }
}

fn paging(request: &HttpRequest) -> Result<Paging, ApiProblem> {
    let site = request.app_data::<Data<Site>>().cloned();
    let site = site.ok_or_else(|| Fault::broken("answering a request", "the site is not set up"))?;
    let asked = Fields::decode(request.query_string().as_bytes());
    let limit = match asked.get("limit") {
        "" => USUAL,
        text => text
            .parse()
            .ok()
            .filter(|limit| (1..=MOST).contains(limit))
            .ok_or_else(|| ApiProblem::invalid("limit is a number from 1 to 200."))?,
    };
    let cursor = Some(asked.get("cursor")).filter(|cursor| !cursor.is_empty()).map(str::to_owned);
    Ok(Paging { limit, cursor, site })
}

fn seal(signer: &Signer, list: &str, position: &impl Serialize, now: Moment) -> Result<String, Fault> {
    let position = serde_json::to_string(position).map_err(|e| Fault::broken("writing a cursor", e))?;
    let text = format!("{}.{position}", now.micros());
    let signature = signatures(signer, list, &text).swap_remove(0);
    Ok(URL_SAFE_NO_PAD.encode(format!("{signature}{text}")))
}

fn open<P: DeserializeOwned>(
    signer: &Signer,
    list: &str,
    cursor: &str,
    now: Moment,
) -> Result<P, ApiProblem> {
    let no_cursor = || ApiProblem::new(problem::CURSOR, "This is no cursor of this list. Start without one.");
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| no_cursor())?;
    let text = String::from_utf8(bytes).map_err(|_| no_cursor())?;
    let (signature, text) = text.split_at_checked(SIGNATURE).ok_or_else(no_cursor)?;
    let is_ours = |known: &String| bool::from(known.as_bytes().ct_eq(signature.as_bytes()));
    if !signatures(signer, list, text).iter().any(is_ours) {
        return Err(no_cursor());
    }
    let (made, position) = text.split_once('.').ok_or_else(no_cursor)?;
    let made = made.parse().map(Moment::from_micros).map_err(|_| no_cursor())?;
    if now.since(made) > LIFE {
        let words = "The cursor has expired after 24 hours. Start without one.";
        return Err(ApiProblem::new(problem::CURSOR, words));
    }
    serde_json::from_str(position).map_err(|_| no_cursor())
}

fn signatures(signer: &Signer, list: &str, text: &str) -> Vec<String> {
    let mut all = signer.fingerprints(&format!("cursor of {list}"), text);
    all.iter_mut().for_each(|signature| signature.truncate(SIGNATURE));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_goes_on_with_its_own_list_only_for_a_day_and_only_unchanged() {
        let (signer, now) = (Signer::new([1; 32], None), Moment::from_micros(1_000_000));
        let cursor = seal(&signer, "groups", &("read", 7), now).unwrap();
        let opened = |list: &str, cursor: &str, now| open::<(String, i32)>(&signer, list, cursor, now);
        assert_eq!(opened("groups", &cursor, now).unwrap(), ("read".to_owned(), 7));
        assert!(opened("users", &cursor, now).is_err());
        assert!(opened("groups", &cursor, now.plus(Duration::hours(25))).is_err());
        for wrong in ["", "x", "%", &cursor[1..], &cursor[..cursor.len() - 1]] {
            assert!(opened("groups", wrong, now).is_err(), "{wrong}");
        }
        let next = Signer::new([2; 32], Some([1; 32]));
        assert!(open::<(String, i32)>(&next, "groups", &cursor, now).is_ok());
    }
}
