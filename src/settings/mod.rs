//! Settings: flags, then `ROSTER_…` variables, then `roster.toml`, then defaults, as typed values.
//! Everything that is wrong is told at once; nothing here opens a file, but for the secret key.

mod database_url;
mod providers;
mod reading;
mod secret_key;
mod sources;
mod table;
mod values;

use std::{collections::BTreeMap, fmt, net::SocketAddr, path::Path, path::PathBuf, time::Duration};

use ipnet::IpNet;
use secrecy::SecretString;
use url::{Host, Url};

use crate::{base::email_address::Named, crypto::hashing::PasswordCost};
use reading::{Reader, read};
use secret_key::KeySource;
use sources::Said;
use values::starred;

pub use database_url::DatabaseUrl;
pub use providers::Provider;
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
    /// Authorities that are believed besides the well-known ones, in PEM.
    pub ca_file: Option<PathBuf>,
    pub roles_file: Option<PathBuf>,
    /// For how long a role can be asked for at most: 1 to 168.
    pub access_request_hours: u8,
    pub google: Option<Google>,
    pub github: Option<GitHub>,
    pub log: String,
    pub log_format: LogFormat,
    /// What a password hash costs. No flag, variable or file sets it; only tests make it cheap.
    pub password_cost: PasswordCost,
    /// How long whoever tries too often waits for being told so. Set by nothing either; tests do not wait.
    pub refusal_pause: Duration,
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

    /// Settings for a test: everything in `data_dir`, a free port of the loopback, cheap password hashes, no pauses.
    pub fn for_tests(data_dir: &Path) -> Self {
        let flags = vec![
            ("listen", "127.0.0.1:0".to_owned()),
            ("public_url", "http://localhost:8080".to_owned()),
            ("data_dir", data_dir.display().to_string()),
            ("log", "warn".to_owned()),
        ];
        match Self::load(&Sources { flags, ..Sources::default() }) {
            Ok(settings) => Self {
                password_cost: PasswordCost { memory_kib: 8, passes: 1, lanes: 1 },
                refusal_pause: Duration::ZERO,
                ..settings
            },
            Err(errors) => panic!("settings for tests are right: {errors:?}"),
        }
    }

    /// For how many minutes a role can be asked for at most.
    pub fn access_request_minutes(&self) -> i32 {
        i32::from(self.access_request_hours) * 60
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
