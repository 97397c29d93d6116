//! The files of `static/`, embedded in the binary and served under an address that changes with their contents.
//!
//! In a debug build they are read from disk when the first of them is asked for.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{LazyLock, OnceLock};

use actix_web::http::Method;
use actix_web::http::header::{
    self, AcceptEncoding, ContentEncoding, ETag, Encoding, EntityTag, Header, IfNoneMatch,
};
use actix_web::web::{Bytes, Path};
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};

/// Where [`serve`] is mounted.
pub const ROUTE: &str = "/static/{hash}/{name}";

const FOREVER: &str = "public, max-age=31536000, immutable";
/// For an address with another release's hash: right now, perhaps wrong in a moment.
const BRIEFLY: &str = "no-cache";

#[derive(rust_embed::Embed)]
#[folder = "static/"]
struct Files;

struct Asset {
    mime: String,
    plain: Bytes,
    tag: String,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

struct Shelf {
    hash: String,
    assets: BTreeMap<String, Asset>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(Shelf::fill);

/// The address of a file of `static/`: `/static/<hash>/<name>`. The hash is one for all files, so that a stylesheet may
/// name its font by a relative address.
pub fn url(name: &str) -> String {
    format!("/static/{}/{name}", SHELF.hash)
}

/// Serves a file: for ever under its own hash, with revalidation under any other, 404 when there is none of that name.
/// Text is sent as brotli or gzip when the asker takes it; each is computed once.
pub async fn serve(request: HttpRequest, path: Path<(String, String)>) -> HttpResponse {
    let (hash, name) = path.into_inner();
    let Some(asset) = SHELF.assets.get(&name) else {
        return HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("There is no such file.");
    };
    let (encoding, body) = asset.body_for(&request);
    let tag = EntityTag::new_strong(format!("{}-{}", asset.tag, encoding.as_str()));
    let caching = if hash == SHELF.hash { FOREVER } else { BRIEFLY };

    let known = IfNoneMatch::parse(&request).is_ok_and(|known| match known {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|other| other.weak_eq(&tag)),
    });
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::CACHE_CONTROL, caching)).insert_header(ETag(tag));
    response
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::CONTENT_TYPE, asset.mime.as_str()));
    if known {
        return response.finish();
    }
    response.insert_header((header::CONTENT_ENCODING, encoding.as_str()));
    if request.method() == Method::HEAD {
        response.insert_header((header::CONTENT_LENGTH, body.len()));
        return response.finish();
    }
    response.body(body)
}

impl Shelf {
    fn fill() -> Shelf {
        let names: std::collections::BTreeSet<_> = Files::iter().collect();
        let mut whole = Sha256::new();
        let mut assets = BTreeMap::new();
        for name in names {
            let Some(file) = Files::get(&name) else { continue };
            let digest = Sha256::digest(&file.data);
            whole.update(name.as_bytes());
            whole.update(digest);
            assets.insert(name.to_string(), Asset::new(&name, file.data.into_owned(), hex(&digest, 10)));
        }
        Shelf { hash: hex(&whole.finalize(), 6), assets }
    }
}

impl Asset {
    fn new(name: &str, contents: Vec<u8>, tag: String) -> Asset {
        let kind = mime_guess::from_path(name).first_or_octet_stream();
        let text = kind.type_() == "text" || kind.subtype() == "javascript";
        let mime = if text { format!("{kind}; charset=utf-8") } else { kind.to_string() };
        Asset { mime, plain: contents.into(), tag, brotli: OnceLock::new(), gzip: OnceLock::new() }
    }

    fn shrinks(&self) -> bool {
        self.mime.starts_with("text/") || self.mime.contains("javascript") || self.mime.ends_with("+xml")
    }

    fn body_for(&self, request: &HttpRequest) -> (ContentEncoding, Bytes) {
        let accepted = AcceptEncoding::parse(request).unwrap_or_else(|_| AcceptEncoding(Vec::new()));
        let offered = [Encoding::brotli(), Encoding::gzip(), Encoding::identity()];
        match accepted.negotiate(offered.iter()) {
            Some(Encoding::Known(ContentEncoding::Brotli)) if self.shrinks() => {
                (ContentEncoding::Brotli, self.brotli.get_or_init(|| brotli(&self.plain)).clone())
            }
            Some(Encoding::Known(ContentEncoding::Gzip)) if self.shrinks() => {
                (ContentEncoding::Gzip, self.gzip.get_or_init(|| gzip(&self.plain)).clone())
            }
            _ => (ContentEncoding::Identity, self.plain.clone()),
        }
    }
}

fn brotli(plain: &[u8]) -> Bytes {
    // The best quality takes a moment that an unoptimized build would stretch to a second.
    let quality = if cfg!(debug_assertions) { 5 } else { 11 };
    let parameters = brotli::enc::BrotliEncoderParams { quality, ..Default::default() };
    let mut packed = Vec::new();
    match brotli::BrotliCompress(&mut &plain[..], &mut packed, &parameters) {
        Ok(_) => packed.into(),
        Err(failure) => unreachable!("writing to memory failed: {failure}"),
    }
}

fn gzip(plain: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    match encoder.write_all(plain).and_then(|()| encoder.finish()) {
        Ok(packed) => packed.into(),
        Err(failure) => unreachable!("writing to memory failed: {failure}"),
    }
}

fn hex(digest: &[u8], bytes: usize) -> String {
    digest.iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{App, http::StatusCode, test, web};

    async fn answer(address: &str, headers: &[(&str, &str)]) -> actix_web::dev::ServiceResponse {
        let app = test::init_service(App::new().route(ROUTE, web::get().to(serve))).await;
        let mut request = test::TestRequest::get().uri(address);
        for header in headers {
            request = request.insert_header(*header);
        }
        test::call_service(&app, request.to_request()).await
    }

    fn value(response: &actix_web::dev::ServiceResponse, name: header::HeaderName) -> String {
        response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    #[actix_web::test]
    async fn a_file_under_its_own_hash_may_be_kept_for_ever() {
        let response = answer(&url("console.css"), &[]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(value(&response, header::CACHE_CONTROL), FOREVER);
        assert_eq!(value(&response, header::CONTENT_TYPE), "text/css; charset=utf-8");
    }

    #[actix_web::test]
    async fn a_file_under_another_hash_is_served_but_not_kept() {
        let response = answer("/static/0000/console.css", &[]).await;
        assert_eq!(
            (response.status(), value(&response, header::CACHE_CONTROL).as_str()),
            (StatusCode::OK, BRIEFLY)
        );
    }

    #[actix_web::test]
    async fn an_unknown_file_is_not_found() {
        assert_eq!(answer("/static/0000/nothing.css", &[]).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(answer("/static/0000/..%2fCargo.toml", &[]).await.status(), StatusCode::NOT_FOUND);
    }

    #[actix_web::test]
    async fn text_is_packed_as_the_asker_likes_and_a_font_is_not() {
        for (accepted, sent) in [("br, gzip", "br"), ("gzip", "gzip"), ("identity", "identity")] {
            let response = answer(&url("htmx.min.js"), &[("Accept-Encoding", accepted)]).await;
            assert_eq!(value(&response, header::CONTENT_ENCODING), sent);
        }
        let response = answer(&url("geist.woff2"), &[("Accept-Encoding", "br")]).await;
        assert_eq!(value(&response, header::CONTENT_ENCODING), "identity");
        assert_eq!(value(&response, header::CONTENT_TYPE), "font/woff2");
    }

    #[actix_web::test]
    async fn a_known_file_is_not_sent_again() {
        let first = answer(&url("console.js"), &[("Accept-Encoding", "br")]).await;
        let tag = value(&first, header::ETAG);
        let again = answer(&url("console.js"), &[("Accept-Encoding", "br"), ("If-None-Match", &tag)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert!(test::read_body(again).await.is_empty());
    }
}
