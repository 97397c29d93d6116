//! Which database, by the scheme of its address.

use std::{fmt, path::PathBuf, str::FromStr};

use super::{Wrong, starred};

/// Where rows are kept. Debug and Display show no password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file of this machine.
    Sqlite(PathBuf),
    /// A connection address as libpq reads it.
    Postgres(String),
}

impl DatabaseUrl {
    /// Reads `sqlite:PATH`, `sqlite://PATH`, `postgres://…` or `postgresql://…`; any other scheme is refused.
    pub(super) fn parse(text: &str) -> Result<Self, Wrong> {
        let right = "say sqlite:PATH or postgres://user:password@host/name";
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err(Wrong::new("it does not say which kind of database", right));
        };
        match scheme.to_ascii_lowercase().as_str() {
            "sqlite" => sqlite(rest.strip_prefix("//").unwrap_or(rest)),
            "postgres" | "postgresql" => postgres(text, rest),
            _ => Err(Wrong::new("it begins with another scheme than sqlite or postgres", right)),
        }
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self, DatabaseUrl::Sqlite(_))
    }
}

/// For the command line: what is wrong, and what would be right.
impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|Wrong { wrong, right }| format!("{wrong}; {right}"))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => f.write_str(&starred(url)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn sqlite(path: &str) -> Result<DatabaseUrl, Wrong> {
    if path.is_empty() || path.ends_with('/') {
        return Err(Wrong::new("it names no file", "say for example sqlite:data/roster.sqlite3"));
    }
    if path == ":memory:" {
        return Err(Wrong::new("a database in memory would be lost at the end", "name a file"));
    }
    if path.contains(['?', '\0']) {
        return Err(Wrong::new(
            "a path of a SQLite file takes no options",
            "leave out what follows the path",
        ));
    }
    Ok(DatabaseUrl::Sqlite(PathBuf::from(path)))
}

fn postgres(text: &str, rest: &str) -> Result<DatabaseUrl, Wrong> {
    if !rest.starts_with("//") || rest.chars().any(|c| c.is_control() || c == ' ') {
        return Err(Wrong::new(
            "this is not an address of PostgreSQL",
            "say postgres://user:password@host/name",
        ));
    }
    let wants_tls = ["require", "verify-ca", "verify-full"];
    if !cfg!(feature = "postgres-tls")
        && wants_tls.iter().any(|mode| text.contains(&format!("sslmode={mode}")))
    {
        return Err(Wrong::new(
            "it asks for an encrypted connection, which this build cannot make",
            "build with --features postgres-tls, or leave out sslmode",
        ));
    }
    Ok(DatabaseUrl::Postgres(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_chooses_the_database() {
        let file = |path: &str| DatabaseUrl::Sqlite(PathBuf::from(path));
        assert_eq!(DatabaseUrl::parse("sqlite:data/a.db").ok(), Some(file("data/a.db")));
        assert_eq!(DatabaseUrl::parse("sqlite:///var/a.db").ok(), Some(file("/var/a.db")));
        assert!(matches!(DatabaseUrl::parse("postgresql:///roster"), Ok(DatabaseUrl::Postgres(_))));
        assert!(matches!(DatabaseUrl::parse("postgres://a:1,b:2/roster"), Ok(DatabaseUrl::Postgres(_))));
        for wrong in
            ["mysql://x", "roster.db", "sqlite:", "sqlite::memory:", "sqlite:a?mode=rwc", "postgres:x", ""]
        {
            assert!(DatabaseUrl::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_encrypted_connection_needs_the_feature() {
        let asked = DatabaseUrl::parse("postgres://h/d?sslmode=require");
        assert_eq!(asked.is_ok(), cfg!(feature = "postgres-tls"));
    }
}
