//! What every command that touches data stands on: the database, migrated, and the installation's keys, opened.

use std::{
    io::{self, Read},
    path::PathBuf,
    sync::Arc,
};

use crate::{
    access::{Catalogue, Mistake, Rulebooks},
    base::{clock::SharedClock, token::random_bytes},
    crypto::{hashing::Hasher, sealing::Sealer, signing::Signer},
    db::{Db, Fault, Place, Stop, Tx, installation},
    outbound::{NoTrust, Trust},
    saml,
    settings::{DatabaseUrl, SecretKeyError, SecretKeys, Settings},
    web::{Site, api::KnownTokens, session::Touches},
};

/// The installation's own key: random, sealed under the secret key, so that changing that one ends neither sessions
/// nor the audit chain.
const OWN_KEY: &str = "own_key";

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the data folder cannot be made")]
    DataFolder(#[source] io::Error),
    #[error(transparent)]
    SecretKey(#[from] SecretKeyError),
    #[error(
        "the secret key is not the one this database was made with (its fingerprint is {expected}); give that key, \
         or give it as secret_key_previous while changing keys"
    )]
    OtherKey { expected: String },
    #[error("the database holds a copy that was interrupted; run roster copy again to complete it")]
    UnfinishedCopy,
    #[error("the installation's keys cannot be opened: {0}")]
    Keys(String),
    #[error("the catalogue of roles is not sound: {0}")]
    Catalogue(String),
    #[error("the file {} cannot be read", file.display())]
    Unreadable { file: PathBuf, source: io::Error },
    #[error("the file of authorities {}: {why}", file.display())]
    Authorities { file: PathBuf, why: NoTrust },
    #[error(transparent)]
    Trust(#[from] NoTrust),
    #[error("the roles file {}, line {}: {}", file.display(), mistake.line, mistake.reason)]
    Roles { file: PathBuf, mistake: Mistake },
    #[error("nothing can listen on {address}")]
    Listen { address: std::net::SocketAddr, source: io::Error },
    #[error(transparent)]
    Fault(#[from] Fault),
}

pub struct Foundation {
    pub settings: Arc<Settings>,
    pub db: Db,
    pub signer: Signer,
    pub sealer: Sealer,
    pub audit_key: [u8; 32],
    pub cookie_key: [u8; 64],
}

impl Foundation {
    /// Opens the database, applies the migrations that are missing and checks the secret key against it.
    pub fn open(settings: Settings, clock: SharedClock) -> Result<Self, StartError> {
        create_data_folder(&settings).map_err(StartError::DataFolder)?;
        let secrets = settings.secret_key()?;
        let db = Db::open(place(&settings.database), clock)?;
        let applied = db.migrate()?;
        if applied > 0 {
            tracing::info!(applied, "the database is up to date");
        }
        let previous = |purpose| secrets.previous.as_ref().map(|key| key.derive(purpose));
        let signer = Signer::new(secrets.current.derive("links"), previous("links"));
        let sealer = Sealer::new(secrets.current.derive("sealing"), previous("sealing"));
        let own_key = own_key(&db, &secrets, &sealer)?;
        let (audit_key, cookie_key) = split(&own_key);
        db.set_audit_key(audit_key);
        Ok(Self { settings: Arc::new(settings), db, signer, sealer, audit_key, cookie_key })
    }

    /// What the web and the rooms stand on.
    pub fn site(&self) -> Result<Site, StartError> {
        Ok(Site {
            settings: self.settings.clone(),
            db: self.db.clone(),
            hasher: Hasher::new(self.settings.password_cost)?,
            signer: self.signer.clone(),
            sealer: self.sealer.clone(),
            catalogue: Arc::new(catalogue(&self.settings)?),
            touches: Touches::default(),
            rulebooks: Rulebooks::default(),
            known: KnownTokens::default(),
            trust: trust(&self.settings)?,
        })
    }
}

/// The longest roles file, or file of authorities, that is read; in bytes.
const MOST_OF_A_FILE: u64 = 1024 * 1024;

/// The well-known authorities, and those of the operator's file.
pub fn trust(settings: &Settings) -> Result<Trust, StartError> {
    let Some(file) = settings.ca_file.clone() else { return Ok(Trust::new(None)?) };
    let pem = read_whole(&file).map_err(|source| StartError::Unreadable { file: file.clone(), source })?;
    Trust::new(Some(pem.as_bytes())).map_err(|why| StartError::Authorities { file, why })
}

/// The built-in catalogue, with what the operator's file adds to it.
fn catalogue(settings: &Settings) -> Result<Catalogue, StartError> {
    let built_in = Catalogue::built_in().map_err(StartError::Catalogue)?;
    let Some(file) = settings.roles_file.clone() else { return Ok(built_in) };
    match read_whole(&file) {
        Ok(text) => built_in.extended(&text).map_err(|mistake| StartError::Roles { file, mistake }),
        Err(source) => Err(StartError::Unreadable { file, source }),
    }
}

fn read_whole(file: &PathBuf) -> io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(file)?.take(MOST_OF_A_FILE + 1).read_to_string(&mut text)?;
    match text.len() as u64 > MOST_OF_A_FILE {
        true => Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 MiB")),
        false => Ok(text),
    }
}

pub fn place(database: &DatabaseUrl) -> Place {
    match database {
        DatabaseUrl::Sqlite(path) => Place::Sqlite(path.clone()),
        DatabaseUrl::Postgres(url) => Place::Postgres(url.clone()),
    }
}

/// Only whoever runs Roster may look inside.
pub fn create_data_folder(settings: &Settings) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&settings.data_dir)
}

/// The own key, made at the first start; sealed anew when the secret key has changed.
fn own_key(db: &Db, secrets: &SecretKeys, sealer: &Sealer) -> Result<[u8; 96], StartError> {
    let fingerprint = secrets.current.fingerprint();
    let known = [Some(&fingerprint), secrets.previous.as_ref().map(|key| key.fingerprint()).as_ref()]
        .into_iter()
        .flatten()
        .cloned()
        .collect::<Vec<_>>();
    db.write_now(None, |tx| in_force(tx, sealer, &fingerprint, &known)).map_err(|stop| match stop {
        Stop::Refused(error) => error,
        Stop::Fault(fault) => fault.into(),
    })
}

fn in_force(
    tx: &mut Tx<'_>,
    sealer: &Sealer,
    fingerprint: &str,
    known: &[String],
) -> Result<[u8; 96], Stop<StartError>> {
    let seal =
        |key: &[u8]| sealer.seal(OWN_KEY, key).ok_or(Fault::broken("sealing the own key", "it does not fit"));
    tx.lock_installation()?;
    if installation::value(tx.conn(), installation::COPYING)?.is_some() {
        return Err(Stop::Refused(StartError::UnfinishedCopy));
    }
    let Some(expected) = installation::value(tx.conn(), installation::SECRET_KEY_FINGERPRINT)? else {
        let fresh = random_bytes::<96>();
        installation::set_value(tx, installation::SECRET_KEY_FINGERPRINT, fingerprint)?;
        installation::set_value(tx, OWN_KEY, &seal(&fresh)?)?;
        return Ok(fresh);
    };
    if !known.contains(&expected) {
        return Err(Stop::Refused(StartError::OtherKey { expected }));
    }
    let sealed = installation::value(tx.conn(), OWN_KEY)?.unwrap_or_default();
    let opened = sealer.open(OWN_KEY, &sealed);
    let opened = opened.ok_or(Stop::Refused(StartError::Keys("the own key does not open".into())))?;
    if opened.with_previous_key {
        installation::set_value(tx, installation::SECRET_KEY_FINGERPRINT, fingerprint)?;
        installation::set_value(tx, OWN_KEY, &seal(&opened.secret)?)?;
        saml::reseal_signing_key(tx, sealer)?;
    }
    let length = opened.secret.len();
    opened.secret.try_into().map_err(|_| Stop::Refused(StartError::Keys(format!("it has {length} bytes"))))
}

fn split(own_key: &[u8; 96]) -> ([u8; 32], [u8; 64]) {
    let (mut audit, mut cookies) = ([0; 32], [0; 64]);
    audit.copy_from_slice(&own_key[..32]);
    cookies.copy_from_slice(&own_key[32..]);
    (audit, cookies)
}
