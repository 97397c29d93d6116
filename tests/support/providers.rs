//! A provider of identities for the tests: an OpenID provider that stands for Google, and GitHub's four endpoints. It
//! checks what it is sent as a real one does (redirect address, secret, PKCE, a code once), signs ID tokens with RSA, and
//! lies when it is told to.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use roster::base::clock::{Clock, SetClock};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

const CLIENT: &str = "the-client";
const SECRET: &str = "the secret/of+the client";

/// How the provider answers wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    Issuer,
    Audience,
    TwoAudiences,
    Nonce,
    NoNonce,
    Expired,
    Future,
    NoAlgorithm,
    SharedSecret,
    OtherKey,
    Claims,
    Rubbish,
    NoCode,
    Fault,
    OtherDocument,
    Silence,
}

/// Whom the browser is signed in as there.
#[derive(Clone, Debug)]
pub struct Account {
    pub subject: String,
    pub addresses: Value,
    pub name: String,
}

struct State {
    clock: Option<SetClock>,
    account: Account,
    groups: Option<Value>,
    key: usize,
    lie: Option<Lie>,
    codes: HashMap<String, HashMap<String, String>>,
    issued: usize,
    /// Connections that are never answered.
    silent: Vec<TcpStream>,
}

#[derive(Clone)]
pub struct Providers {
    base: String,
    state: Arc<Mutex<State>>,
}

impl Providers {
    pub fn open() -> Providers {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let account = Account { subject: "1001".into(), addresses: json!([]), name: String::new() };
        let state = State {
            clock: None,
            account,
            groups: None,
            key: 1,
            lie: None,
            codes: HashMap::new(),
            issued: 0,
            silent: Vec::new(),
        };
        let providers = Providers { base, state: Arc::new(Mutex::new(state)) };
        let own = providers.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let own = own.clone();
                std::thread::spawn(move || own.serve(stream));
            }
        });
        providers
    }

    /// What the console must be told to use it.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("google_client_id", CLIENT.into()),
            ("google_client_secret", SECRET.into()),
            ("google_issuer", format!("{}/openid", self.base)),
            ("github_client_id", CLIENT.into()),
            ("github_client_secret", SECRET.into()),
            ("github_url", format!("{}/github", self.base)),
            ("github_api_url", format!("{}/github/api", self.base)),
        ]
    }

    pub fn keep_time_with(&self, clock: &SetClock) {
        self.state().clock = Some(clock.clone());
    }

    /// From now on the browser is signed in there as this subject, whose address is verified.
    pub fn knows(&self, subject: &str, email: &str, name: &str) {
        let addresses = json!([{ "email": email, "verified": true, "primary": true }]);
        self.state().account = Account { subject: subject.into(), addresses, name: name.into() };
    }

    pub fn knows_addresses(&self, subject: &str, addresses: Value) {
        self.state().account = Account { subject: subject.into(), addresses, name: "Eve".into() };
    }

    /// What stands in the claim of groups from now on.
    pub fn knows_groups(&self, groups: impl Into<Option<Value>>) {
        self.state().groups = groups.into();
    }

    /// The issuer of the OpenID provider; and the client's id and secret there.
    pub fn client(&self) -> [String; 3] {
        [format!("{}/openid", self.base), CLIENT.into(), SECRET.into()]
    }

    pub fn lies(&self, lie: impl Into<Option<Lie>>) {
        self.state().lie = lie.into();
    }

    /// The old key is gone, another signs.
    pub fn changes_its_key(&self) {
        self.state().key += 1;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn serve(&self, stream: TcpStream) {
        let Some(request) = Request::read(&stream) else { return };
        if self.state().lie == Some(Lie::Silence) {
            self.state().silent.push(stream);
            return;
        }
        let answer = self.answer(&request);
        let mut stream = stream;
        let _ = stream.write_all(answer.as_bytes());
    }

    fn answer(&self, request: &Request) -> String {
        let lie = self.state().lie;
        match (request.path.as_str(), lie) {
            (_, Some(Lie::Fault)) => answer(500, "it broke"),
            (_, Some(Lie::Rubbish)) => answer(200, "<html>hello</html>"),
            ("/openid/.well-known/openid-configuration", _) => {
                let base = format!("{}/openid", self.base);
                let issuer = if lie == Some(Lie::OtherDocument) { "https://other.example" } else { &base };
                json_answer(&json!({
                    "issuer": issuer, "authorization_endpoint": format!("{base}/authorize?prompting=no"),
                    "token_endpoint": format!("{base}/token"), "jwks_uri": format!("{base}/keys"),
                }))
            }
            ("/openid/authorize" | "/github/login/oauth/authorize", _) => self.authorize(request, lie),
            ("/openid/keys", _) => self.keys(),
            ("/openid/token", _) => self.token(request),
            ("/github/login/oauth/access_token", _) => self.access_token(request),
            ("/github/api/user", _) => self.api(request, |account| {
                let id: u64 = account.subject.parse().expect("GitHub's subjects are numbers");
                json!({ "id": id, "login": "octo", "name": account.name })
            }),
            ("/github/api/user/emails", _) => self.api(request, |account| account.addresses.clone()),
            _ => answer(404, "nothing"),
        }
    }

    fn authorize(&self, request: &Request, lie: Option<Lie>) -> String {
        let asked = &request.fields;
        let is_openid = request.path.starts_with("/openid");
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["state"].len() >= 40 && asked["code_challenge"].len() == 43, "{asked:?}");
        assert!(!is_openid || (asked["response_type"] == "code" && asked["nonce"].len() >= 40), "{asked:?}");
        let mut back = Url::parse(&asked["redirect_uri"]).expect("an address");
        let is_ours = back.path().starts_with("/auth/") || back.path().starts_with("/accounts/oidc/");
        assert!(is_ours && back.path().ends_with("/callback"), "{back}");
        if lie == Some(Lie::NoCode) {
            back.query_pairs_mut()
                .append_pair("error", "access_denied")
                .append_pair("state", &asked["state"]);
            return redirect(&back);
        }
        let mut state = self.state();
        state.issued += 1;
        let code = format!("code-{}", state.issued);
        state.codes.insert(code.clone(), asked.clone());
        back.query_pairs_mut().append_pair("code", &code).append_pair("state", &asked["state"]);
        redirect(&back)
    }

    /// What was asked for with this code; once, with the right secret and verifier.
    fn redeem(&self, request: &Request) -> Option<HashMap<String, String>> {
        let sent = &request.fields;
        let asked = self.state().codes.remove(sent.get("code")?)?;
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(sent.get("code_verifier")?.as_bytes()));
        let fits =
            challenge == asked["code_challenge"] && sent.get("redirect_uri") == asked.get("redirect_uri");
        fits.then_some(asked)
    }

    fn token(&self, request: &Request) -> String {
        let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = BASE64_STANDARD.encode(format!("{}:{}", encoded(CLIENT), encoded(SECRET)));
        assert_eq!(request.headers.get("authorization"), Some(&format!("Basic {pair}")));
        assert_eq!(request.fields["grant_type"], "authorization_code");
        match self.redeem(request) {
            Some(asked) => json_answer(&json!({
                "access_token": "the-token", "token_type": "Bearer", "id_token": self.id_token(&asked["nonce"]),
            })),
            None => answer(400, r#"{"error": "invalid_grant"}"#),
        }
    }

    fn id_token(&self, nonce: &str) -> String {
        let state = self.state();
        let now = state.clock.as_ref().expect("a clock").now().utc().timestamp();
        let address = state.account.addresses.get(0).cloned().unwrap_or_default();
        let mut claims = json!({
            "iss": format!("{}/openid", self.base), "sub": state.account.subject, "aud": CLIENT,
            "iat": now, "exp": now + 300, "nonce": nonce, "email": address["email"],
            "email_verified": address["verified"], "name": state.account.name,
        });
        if let Some(groups) = &state.groups {
            claims["groups"] = groups.clone();
        }
        let (mut header, mut key) =
            (json!({ "alg": "RS256", "kid": format!("key-{}", state.key) }), state.key);
        match state.lie {
            Some(Lie::Issuer) => claims["iss"] = "https://other.example".into(),
            Some(Lie::Audience) => claims["aud"] = "another-client".into(),
            Some(Lie::TwoAudiences) => {
                claims["aud"] = json!([CLIENT, "another-client"]);
                claims["azp"] = "another-client".into();
            }
            Some(Lie::Nonce) => claims["nonce"] = "another".into(),
            Some(Lie::NoNonce) => drop(claims.as_object_mut().map(|it| it.remove("nonce"))),
            Some(Lie::Expired) => claims["exp"] = (now - 120).into(),
            Some(Lie::Future) => claims["iat"] = (now + 3_600).into(),
            Some(Lie::NoAlgorithm) => header["alg"] = "none".into(),
            Some(Lie::SharedSecret) => header["alg"] = "HS256".into(),
            Some(Lie::OtherKey) => key = 3,
            _ => {}
        }
        let encoded = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
        let mut signed = format!("{}.{}", encoded(&header), encoded(&claims));
        let signature = match state.lie {
            Some(Lie::NoAlgorithm) => Vec::new(),
            _ => sign(key, signed.as_bytes()),
        };
        if state.lie == Some(Lie::Claims) {
            claims["exp"] = (now + 301).into();
            signed = format!("{}.{}", encoded(&header), encoded(&claims));
        }
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    fn keys(&self) -> String {
        let key = self.state().key;
        let pair = key_pair(key);
        let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
        let number = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        json_answer(&json!({ "keys": [
            { "kty": "oct", "kid": "shared", "k": "AAAA" },
            { "kty": "RSA", "use": "sig", "alg": "RS256", "kid": format!("key-{key}"),
              "n": number(&public.n),
              "e": number(&public.e) },
        ]}))
    }

    fn access_token(&self, request: &Request) -> String {
        assert_eq!(
            (request.fields["client_id"].as_str(), request.fields["client_secret"].as_str()),
            (CLIENT, SECRET)
        );
        match self.redeem(request) {
            Some(_) => json_answer(&json!({ "access_token": "the-token", "token_type": "bearer" })),
            None => json_answer(&json!({ "error": "bad_verification_code" })),
        }
    }

    fn api(&self, request: &Request, told: impl Fn(&Account) -> Value) -> String {
        assert_eq!(request.headers.get("authorization").map(String::as_str), Some("Bearer the-token"));
        json_answer(&told(&self.state().account))
    }
}

fn key_pair(number: usize) -> RsaKeyPair {
    let keys: [&[u8]; 3] =
        [include_bytes!("keys/1.der"), include_bytes!("keys/2.der"), include_bytes!("keys/3.der")];
    RsaKeyPair::from_der(keys[number - 1]).expect("a key")
}

fn sign(key: usize, message: &[u8]) -> Vec<u8> {
    let pair = key_pair(key);
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).expect("a signature");
    signature
}

struct Request {
    path: String,
    headers: HashMap<String, String>,
    /// Of the query and of the body.
    fields: HashMap<String, String>,
}

impl Request {
    fn read(stream: &TcpStream) -> Option<Request> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let target = line.split(' ').nth(1)?.to_owned();
        let mut headers = HashMap::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
        let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let pairs = [query.as_bytes(), &body]
            .map(|text| url::form_urlencoded::parse(text).into_owned().collect::<Vec<_>>());
        Some(Request { path: path.to_owned(), headers, fields: pairs.concat().into_iter().collect() })
    }
}

fn answer(status: u16, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Told\r\ncontent-type: text/html\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

fn json_answer(body: &Value) -> String {
    answer(200, &body.to_string())
}

fn redirect(to: &Url) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}
