//! Settings: flags, then `ROSTER_…` variables, then `roster.toml`, then defaults, as typed values.
//! Everything that is wrong is told at once; nothing here opens a file, but for the secret key.

mod database_url;
mod secret_key;
mod sources;
mod table;
mod values;

use std::{collections::BTreeMap, fmt, net::SocketAddr, path::Path, path::PathBuf};

use ipnet::IpNet;
use secrecy::SecretString;
use url::{Host, Url};

use crate::{
    base::email_address::{EmailAddress, Named},
    crypto::hashing::PasswordCost,
};
use secret_key::KeySource;
use sources::Said;
use values::starred;

pub use database_url::DatabaseUrl;
pub use secret_key::{SecretKey, SecretKeyError, SecretKeys};
pub use sources::{Origin, SettingsFile, Sources};
pub use table::{Default, SETTINGS, Setting};
pub use values::{LogFormat, SmtpUrl};

/// Every setting of an installation, read and checked.
#[derive(Clone, Debug)]
pub struct Settings {
    pub listen: SocketAddr,
    /// An origin; links are made with [`Settings::public_origin`].
    pub public_url: Url,
    pub data_dir: PathBuf,
    pub database: DatabaseUrl,
    pub smtp_url: Option<SmtpUrl>,
    pub mail_from: Named,
    pub support_url: Option<Url>,
    pub trusted_proxies: Vec<IpNet>,
    pub allow_private_targets: bool,
    pub roles_file: Option<PathBuf>,
    pub google: Option<Google>,
    pub github: Option<GitHub>,
    pub log: String,
    pub log_format: LogFormat,
    /// What a password hash costs. No flag, variable or file sets it; only tests make it cheap.
    pub password_cost: PasswordCost,
    key: KeySource,
    previous_key: Option<SecretString>,
    in_force: Vec<InForce>,
}

/// Sign-in with Google.
#[derive(Clone, Debug)]
pub struct Google {
    pub client_id: String,
    pub client_secret: SecretString,
    pub issuer: Url,
}

/// Sign-in with GitHub.
#[derive(Clone, Debug)]
pub struct GitHub {
    pub client_id: String,
    pub client_secret: SecretString,
    pub url: Url,
    pub api_url: Url,
}

/// One line of `roster settings`: the value in force, starred where it is secret, and who said it.
#[derive(Clone, Debug)]
pub struct InForce {
    pub setting: &'static Setting,
    pub shown: Option<String>,
    pub origin: Origin,
}

/// One wrong setting: its name as the person wrote it, what is wrong, and what would be right. Never quotes a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    pub named: String,
    pub wrong: String,
    pub right: String,
}

/// What is wrong with a text, and what would be right.
#[derive(Debug)]
struct Wrong {
    wrong: String,
    right: String,
}

impl Settings {
    /// Reads and checks everything that was said.
    ///
    /// # Errors
    /// Every wrong, misspelt, clashing or missing setting, all at once.
    pub fn load(sources: &Sources) -> Result<Self, Vec<SettingError>> {
        let mut errors = Vec::new();
        let said = sources::merge(sources, &mut errors);
        let mut reader = Reader { said, errors };
        let read = read(&mut reader);
        match read {
            Some(mut settings) if reader.errors.is_empty() => {
                settings.in_force = in_force(&settings, &reader.said);
                Ok(settings)
            }
            _ => Err(reader.errors),
        }
    }

    /// Settings for a test: everything in `data_dir`, a free port of the loopback, cheap password hashes.
    pub fn for_tests(data_dir: &Path) -> Self {
        let flags = vec![
            ("listen", "127.0.0.1:0".to_owned()),
            ("public_url", "http://localhost:8080".to_owned()),
            ("data_dir", data_dir.display().to_string()),
            ("log", "warn".to_owned()),
        ];
        match Self::load(&Sources { flags, ..Sources::default() }) {
            Ok(settings) => {
                Self { password_cost: PasswordCost { memory_kib: 8, passes: 1, lanes: 1 }, ..settings }
            }
            Err(errors) => panic!("settings for tests are right: {errors:?}"),
        }
    }

    /// What every link begins with: scheme, host and port, without a slash at the end.
    pub fn public_origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// Whether cookies are kept to encrypted connections: so it is when people come by https.
    pub fn secure_cookies(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// The key in force and the one before it; makes a key in the data folder when none is given and the database
    /// is SQLite.
    ///
    /// # Errors
    /// When the key's file cannot be read or written, or holds no fit key.
    pub fn secret_key(&self) -> Result<SecretKeys, SecretKeyError> {
        let previous = self.previous_key.clone().map(|text| KeySource::Given(text).resolve()).transpose()?;
        Ok(SecretKeys { current: self.key.resolve()?, previous })
    }

    /// The keys of [`Settings::secret_key`], as far as there are any; makes none.
    ///
    /// # Errors
    /// When the key's file cannot be read, or holds no fit key.
    pub fn secret_keys_there(&self) -> Result<Vec<SecretKey>, SecretKeyError> {
        let previous = self.previous_key.clone().map(|text| KeySource::Given(text).resolve()).transpose()?;
        Ok(self.key.resolve_if_there()?.into_iter().chain(previous).collect())
    }

    /// The file that holds the secret key, or will hold it.
    pub fn secret_key_file(&self) -> Option<&Path> {
        self.key.file()
    }

    /// What is allowed and yet unwise, to be told at the start.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.secure_cookies() && !is_loopback(&self.public_url) {
            warnings.push(format!(
                "public_url is {}: passwords and cookies travel unencrypted; use an https:// address",
                self.public_origin()
            ));
        }
        if self.trusted_proxies.iter().any(|network| network.prefix_len() == 0) {
            warnings.push(
                "trusted_proxies trusts every network: anyone can pretend to come from any address"
                    .to_owned(),
            );
        }
        if self.smtp_url.is_some() && self.mail_from.address.domain() == "localhost" {
            warnings.push(format!(
                "mail_from is {}: mail servers refuse letters from localhost; name a mailbox of your own",
                self.mail_from
            ));
        }
        warnings
    }

    /// Every setting with the value in force, secrets starred, in the order of [`SETTINGS`].
    pub fn in_force(&self) -> &[InForce] {
        &self.in_force
    }
}

impl SettingError {
    pub(crate) fn new(named: impl Into<String>, wrong: impl Into<String>, right: impl Into<String>) -> Self {
        Self { named: named.into(), wrong: wrong.into(), right: right.into() }
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.named, self.wrong, self.right)
    }
}

impl Wrong {
    fn new(wrong: impl Into<String>, right: impl Into<String>) -> Self {
        Self { wrong: wrong.into(), right: right.into() }
    }
}

/// Takes values out of what was said, and keeps what is wrong with them.
struct Reader {
    said: BTreeMap<&'static str, Said>,
    errors: Vec<SettingError>,
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
fn read(from: &mut Reader) -> Option<Settings> {
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
    let roles_file = from.text("roles_file").map(PathBuf::from);
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
        roles_file,
        google,
        github,
        log: log?,
        log_format: log_format?,
        password_cost: PasswordCost::default(),
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

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(host)) => host == "localhost" || host.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn in_force(settings: &Settings, said: &BTreeMap<&'static str, Said>) -> Vec<InForce> {
    let line = |setting: &'static Setting| {
        let said = said.get(setting.key);
        let origin = said.map_or(Origin::Default, |said| said.origin.clone());
        let shown = match setting.key {
            "public_url" => Some(settings.public_origin()),
            "database_url" => Some(settings.database.to_string()),
            "mail_from" => Some(settings.mail_from.to_string()),
            _ if setting.secret => said.map(|_| "***".to_owned()),
            _ => said.map(|said| starred(said.text.trim())),
        };
        InForce { setting, shown, origin }
    };
    SETTINGS.iter().map(line).collect()
}

#[cfg(test)]
mod tests;
