//! One setting after the other becomes a value, or an error that is kept.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use secrecy::SecretString;
use url::{Host, Url};

use super::{
    DatabaseUrl, GitHub, Google, Setting, SettingError, Settings, Wrong,
    secret_key::{self, KeySource},
    sources::Said,
    values,
};
use crate::{
    base::email_address::{EmailAddress, Named},
    crypto::hashing::PasswordCost,
};

/// Hardly felt by a person; a program that waits for each answer comes to three tries a second on a connection.
const REFUSAL_PAUSE: Duration = Duration::from_millis(300);

/// Takes values out of what was said, and keeps what is wrong with them.
pub struct Reader {
    pub said: BTreeMap<&'static str, Said>,
    pub errors: Vec<SettingError>,
}

impl Reader {
    fn value<T>(&mut self, key: &str, parse: impl FnOnce(&str) -> Result<T, Wrong>) -> Option<T> {
        let said = self.said.get(key)?;
        match parse(said.text.trim()) {
            Ok(value) => Some(value),
            Err(Wrong { wrong, right }) => {
                self.errors.push(SettingError::new(said.named.clone(), wrong, right));
                None
            }
        }
    }

    fn text(&mut self, key: &str) -> Option<String> {
        self.value(key, |text| Ok(text.to_owned()))
    }

    fn secret(&mut self, key: &str) -> Option<SecretString> {
        self.value(key, |text| Ok(SecretString::from(text.to_owned())))
    }

    fn has(&self, key: &str) -> bool {
        self.said.contains_key(key)
    }

    /// The name under which `key` was said, or under which it would be.
    fn named(&self, key: &str) -> String {
        match (self.said.get(key), Setting::named(key)) {
            (Some(said), _) => said.named.clone(),
            (None, Some(setting)) => setting.variable(),
            (None, None) => key.to_owned(),
        }
    }
}

/// Reads one setting after the other to the end, so that every error is found; `None` when a needed one is wrong.
pub fn read(from: &mut Reader) -> Option<Settings> {
    let listen = from.value("listen", values::listen);
    let data_dir = PathBuf::from(from.text("data_dir")?);
    let database = match from.has("database_url") {
        true => from.value("database_url", DatabaseUrl::parse),
        false => Some(DatabaseUrl::Sqlite(data_dir.join("roster.sqlite3"))),
    };
    let public_url = match (from.has("public_url"), listen) {
        (false, Some(listen)) => values::public_url(&format!("http://localhost:{}", listen.port())).ok(),
        _ => from.value("public_url", values::public_url),
    };
    let mail_from = match from.has("mail_from") {
        true => from.value("mail_from", values::mail_from),
        false => public_url.as_ref().and_then(sender_of),
    };
    let key = key_source(from, &data_dir, database.as_ref());
    let previous_key = from.value("secret_key_previous", secret_key::given);
    let smtp_url = from.value("smtp_url", values::smtp_url);
    let support_url = from.value("support_url", values::support_url);
    let trusted_proxies = from.value("trusted_proxies", values::networks).unwrap_or_default();
    let allow_private_targets = from.value("allow_private_targets", values::truth);
    let ca_file = from.text("ca_file").map(PathBuf::from);
    let roles_file = from.text("roles_file").map(PathBuf::from);
    let access_request_hours = from.value("access_request_hours", values::request_hours);
    let google = google(from);
    let github = github(from);
    let log = from.value("log", values::log);
    let log_format = from.value("log_format", values::log_format);
    Some(Settings {
        listen: listen?,
        public_url: public_url?,
        data_dir,
        database: database?,
        smtp_url,
        mail_from: mail_from?,
        support_url,
        trusted_proxies,
        allow_private_targets: allow_private_targets?,
        ca_file,
        roles_file,
        access_request_hours: access_request_hours?,
        google,
        github,
        log: log?,
        log_format: log_format?,
        password_cost: PasswordCost::default(),
        refusal_pause: REFUSAL_PAUSE,
        key: key?,
        previous_key,
        in_force: Vec::new(),
    })
}

fn key_source(from: &mut Reader, data_dir: &Path, database: Option<&DatabaseUrl>) -> Option<KeySource> {
    let given = from.value("secret_key", secret_key::given);
    let file = from.text("secret_key_file").map(PathBuf::from);
    match (from.has("secret_key"), file) {
        (true, Some(_)) => {
            from.errors.push(SettingError::new(
                from.named("secret_key_file"),
                format!("{} is given as well", from.named("secret_key")),
                "give the key in one way",
            ));
            None
        }
        (true, None) => given.map(KeySource::Given),
        (false, Some(file)) => Some(KeySource::File(file)),
        (false, None) if database.is_some_and(|database| !database.is_sqlite()) => {
            from.errors.push(SettingError::new(
                from.named("secret_key"),
                "with PostgreSQL the key must be given, the same on every machine",
                secret_key::HOW_TO_MAKE,
            ));
            None
        }
        (false, None) => Some(KeySource::MadeIn(data_dir.join("secret.key"))),
    }
}

fn google(from: &mut Reader) -> Option<Google> {
    let issuer =
        from.value("google_issuer", |text| values::web_address(text, "say https://accounts.google.com"));
    let (client_id, client_secret) = client(from, "google_client_id", "google_client_secret")?;
    Some(Google { client_id, client_secret, issuer: issuer? })
}

fn github(from: &mut Reader) -> Option<GitHub> {
    let url = from.value("github_url", |text| values::web_address(text, "say https://github.com"));
    let api_url =
        from.value("github_api_url", |text| values::web_address(text, "say https://api.github.com"));
    let (client_id, client_secret) = client(from, "github_client_id", "github_client_secret")?;
    Some(GitHub { client_id, client_secret, url: url?, api_url: api_url? })
}

/// Client id and secret: both or neither.
fn client(from: &mut Reader, id: &'static str, secret: &'static str) -> Option<(String, SecretString)> {
    match (from.text(id), from.secret(secret)) {
        (Some(id), Some(secret)) => Some((id, secret)),
        (None, None) => None,
        (id_said, _) => {
            let (there, missing) = if id_said.is_some() { (id, secret) } else { (secret, id) };
            from.errors.push(SettingError::new(
                from.named(missing),
                format!("it is missing, and {} is there", from.named(there)),
                "give both or neither",
            ));
            None
        }
    }
}

/// `Roster <roster@HOST>`; an address of numbers takes no mail, so that is localhost.
fn sender_of(public_url: &Url) -> Option<Named> {
    let host = match public_url.host() {
        Some(Host::Domain(host)) => host,
        _ => "localhost",
    };
    let address = EmailAddress::parse(&format!("roster@{host}"))
        .or_else(|_| EmailAddress::parse("roster@localhost"))
        .ok()?;
    Some(Named { name: Some("Roster".to_owned()), address })
}
