//! The table of every setting: one place for names, help and defaults. Flags, variables, the keys of `roster.toml`,
//! `--help`, `roster settings` and the table in the documentation are all made from it.

/// One setting, known by three names: flag, variable and key in the file.
#[derive(Debug)]
pub struct Setting {
    /// The key in `roster.toml`, such as `public_url`.
    pub key: &'static str,
    /// The flag without its dashes, such as `public-url`.
    pub flag: &'static str,
    /// What stands for the value in help, such as `URL`.
    pub value: &'static str,
    pub default: Default,
    /// The whole value is a secret and is never shown.
    pub secret: bool,
    pub help: &'static str,
}

/// What is in force when nobody says anything.
#[derive(Debug)]
pub enum Default {
    /// This very text, read like any other value.
    Text(&'static str),
    /// Worked out from other settings; told in words.
    From(&'static str),
    /// Nothing; told in words what that means.
    Unset(&'static str),
}

impl Setting {
    /// The environment variable, such as `ROSTER_PUBLIC_URL`.
    pub fn variable(&self) -> String {
        format!("ROSTER_{}", self.key.to_uppercase())
    }

    pub fn named(key: &str) -> Option<&'static Setting> {
        SETTINGS.iter().find(|setting| setting.key == key)
    }
}

impl Default {
    /// The default as the documentation tells it.
    pub fn words(&self) -> &'static str {
        match self {
            Default::Text(text) | Default::From(text) | Default::Unset(text) => text,
        }
    }
}

/// Every setting, in the order in which people read about them.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "listen",
        flag: "listen",
        value: "ADDRESS:PORT",
        default: Default::Text("127.0.0.1:8080"),
        secret: false,
        help: "Network address and port to answer on",
    },
    Setting {
        key: "public_url",
        flag: "public-url",
        value: "URL",
        default: Default::From("http://localhost and the port of listen"),
        secret: false,
        help: "Address people use in the browser; every link in a letter begins with it",
    },
    Setting {
        key: "data_dir",
        flag: "data-dir",
        value: "FOLDER",
        default: Default::Text("./data"),
        secret: false,
        help: "Folder for the SQLite file, the secret key and letters that are kept as files",
    },
    Setting {
        key: "database_url",
        flag: "database-url",
        value: "URL",
        default: Default::From("roster.sqlite3 in the data folder"),
        secret: false,
        help: "sqlite:PATH, or postgres://… to run on more than one machine",
    },
    Setting {
        key: "secret_key",
        flag: "secret-key",
        value: "TEXT",
        default: Default::From("made in the data folder as secret.key; with PostgreSQL it must be given"),
        secret: true,
        help: "At least 32 random characters that links and sealed secrets are made with; best given as a variable or a file",
    },
    Setting {
        key: "secret_key_file",
        flag: "secret-key-file",
        value: "FILE",
        default: Default::Unset("none"),
        secret: false,
        help: "File that holds the secret key, instead of the key itself",
    },
    Setting {
        key: "secret_key_previous",
        flag: "secret-key-previous",
        value: "TEXT",
        default: Default::Unset("none"),
        secret: true,
        help: "The key used until now, while changing to another one",
    },
    Setting {
        key: "smtp_url",
        flag: "smtp-url",
        value: "URL",
        default: Default::Unset("letters are kept as .eml files in the data folder"),
        secret: false,
        help: "Mail server: smtps://user:password@host, or smtp://host:587?tls=required",
    },
    Setting {
        key: "mail_from",
        flag: "mail-from",
        value: "MAILBOX",
        default: Default::From("Roster <roster@HOST>, with the host of public_url"),
        secret: false,
        help: "Sender of every letter",
    },
    Setting {
        key: "support_url",
        flag: "support-url",
        value: "URL",
        default: Default::Unset("none"),
        secret: false,
        help: "Where people ask for what the console cannot do: an https:// page or mailto:ADDRESS",
    },
    Setting {
        key: "trusted_proxies",
        flag: "trusted-proxies",
        value: "NETWORKS",
        default: Default::Unset("none"),
        secret: false,
        help: "Networks whose X-Forwarded-For is believed, such as 10.0.0.0/8, 127.0.0.1",
    },
    Setting {
        key: "allow_private_targets",
        flag: "allow-private-targets",
        value: "true|false",
        default: Default::Text("false"),
        secret: false,
        help: "Let addresses typed by administrators lead into private networks",
    },
    Setting {
        key: "ca_file",
        flag: "ca-file",
        value: "FILE",
        default: Default::Unset("none"),
        secret: false,
        help: "Certificates (PEM) of authorities that are believed besides the well-known ones: those of a mail server, an identity provider or a webhook of your own",
    },
    Setting {
        key: "roles_file",
        flag: "roles-file",
        value: "FILE",
        default: Default::Unset("the roles that are built in"),
        secret: false,
        help: "Catalogue of further roles and actions",
    },
    Setting {
        key: "access_request_hours",
        flag: "access-request-hours",
        value: "HOURS",
        default: Default::Text("8"),
        secret: false,
        help: "For how long a role can be asked for at most, from 1 to 168",
    },
    Setting {
        key: "google_client_id",
        flag: "google-client-id",
        value: "ID",
        default: Default::Unset("no sign-in with Google"),
        secret: false,
        help: "Sign-in with Google: client id",
    },
    Setting {
        key: "google_client_secret",
        flag: "google-client-secret",
        value: "TEXT",
        default: Default::Unset("none"),
        secret: true,
        help: "Sign-in with Google: client secret",
    },
    Setting {
        key: "google_issuer",
        flag: "google-issuer",
        value: "URL",
        default: Default::Text("https://accounts.google.com"),
        secret: false,
        help: "Sign-in with Google: issuer",
    },
    Setting {
        key: "github_client_id",
        flag: "github-client-id",
        value: "ID",
        default: Default::Unset("no sign-in with GitHub"),
        secret: false,
        help: "Sign-in with GitHub: client id",
    },
    Setting {
        key: "github_client_secret",
        flag: "github-client-secret",
        value: "TEXT",
        default: Default::Unset("none"),
        secret: true,
        help: "Sign-in with GitHub: client secret",
    },
    Setting {
        key: "github_url",
        flag: "github-url",
        value: "URL",
        default: Default::Text("https://github.com"),
        secret: false,
        help: "Sign-in with GitHub: address of the site",
    },
    Setting {
        key: "github_api_url",
        flag: "github-api-url",
        value: "URL",
        default: Default::Text("https://api.github.com"),
        secret: false,
        help: "Sign-in with GitHub: address of its API",
    },
    Setting {
        key: "log",
        flag: "log",
        value: "FILTER",
        default: Default::Text("info"),
        secret: false,
        help: "What is logged: error, warn, info, debug or trace, also per part, such as info,roster::mail=debug",
    },
    Setting {
        key: "log_format",
        flag: "log-format",
        value: "text|json",
        default: Default::Text("text"),
        secret: false,
        help: "How log lines look",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_its_key_with_dashes() {
        for setting in SETTINGS {
            assert_eq!(setting.flag, setting.key.replace('_', "-"));
        }
    }
}
