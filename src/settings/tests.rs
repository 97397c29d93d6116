use secrecy::ExposeSecret;

use super::*;

fn from(flags: &[(&'static str, &str)], environment: &[(&str, &str)], file: Option<&str>) -> Sources {
    Sources {
        flags: flags.iter().map(|(key, text)| (*key, (*text).to_owned())).collect(),
        environment: environment
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect(),
        file: file.map(|text| SettingsFile { name: "roster.toml".to_owned(), text: text.to_owned() }),
    }
}

fn errors(environment: &[(&str, &str)], file: Option<&str>) -> Vec<String> {
    let errors = Settings::load(&from(&[], environment, file)).expect_err("wrong settings");
    errors.iter().map(ToString::to_string).collect()
}

const KEY: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn every_setting_has_a_default_that_works_on_a_laptop() {
    let settings = Settings::load(&Sources::default()).expect("defaults");
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.public_origin(), "http://localhost:8080");
    assert_eq!(settings.database, DatabaseUrl::Sqlite(PathBuf::from("./data/roster.sqlite3")));
    assert_eq!(settings.mail_from.to_string(), "Roster <roster@localhost>");
    assert_eq!(settings.log_format, LogFormat::Text);
    assert_eq!(settings.password_cost, PasswordCost::default());
    assert!(!settings.secure_cookies() && !settings.allow_private_targets);
    assert!(settings.smtp_url.is_none() && settings.google.is_none() && settings.github.is_none());
    assert_eq!(settings.access_request_minutes(), 8 * 60);
    assert!(settings.warnings().is_empty());
}

#[test]
fn a_role_can_be_asked_for_for_an_hour_to_a_week() {
    let set = |hours| errors(&[("ROSTER_ACCESS_REQUEST_HOURS", hours)], None);
    for hours in ["0", "169", "1.5", "eight"] {
        let told = set(hours).join(" ");
        assert!(told.contains("not a number of hours from 1 to 168"), "{told}");
    }
    let longest = from(&[], &[("ROSTER_ACCESS_REQUEST_HOURS", "168")], None);
    assert_eq!(Settings::load(&longest).expect("settings").access_request_minutes(), 168 * 60);
}

#[test]
fn flags_win_over_variables_and_variables_over_the_file() {
    let file = Some("listen = \"127.0.0.1:1\"\ndata_dir = \"from-file\"\nlog = \"warn\"");
    let environment = [("ROSTER_LISTEN", "127.0.0.1:2"), ("ROSTER_DATA_DIR", "from-variable"), ("HOME", "/")];
    let settings = Settings::load(&from(&[("listen", "127.0.0.1:3")], &environment, file)).expect("settings");
    assert_eq!(settings.listen.port(), 3);
    assert_eq!(settings.data_dir, PathBuf::from("from-variable"));
    assert_eq!(settings.log, "warn");
    let origin = |key: &str| {
        settings.in_force().iter().find(|line| line.setting.key == key).map(|line| line.origin.to_string())
    };
    assert_eq!(origin("listen").as_deref(), Some("flag"));
    assert_eq!(origin("data_dir").as_deref(), Some("variable"));
    assert_eq!(origin("log").as_deref(), Some("roster.toml"));
    assert_eq!(origin("log_format").as_deref(), Some("default"));
}

#[test]
fn an_empty_value_takes_a_weaker_one_back_to_the_default() {
    let file = Some("smtp_url = \"smtp://mail.example.com\"\nlisten = \"127.0.0.1:1\"");
    let settings = Settings::load(&from(&[], &[("ROSTER_SMTP_URL", ""), ("ROSTER_LISTEN", " ")], file))
        .expect("settings");
    assert!(settings.smtp_url.is_none());
    assert_eq!(settings.listen.port(), 8080);
}

#[test]
fn the_public_address_follows_the_port_and_the_sender_its_host() {
    let settings = Settings::load(&from(&[("listen", "127.0.0.1:9000")], &[], None)).expect("settings");
    assert_eq!(settings.public_origin(), "http://localhost:9000");
    let settings =
        Settings::load(&from(&[("public_url", "https://people.example.com/")], &[], None)).expect("settings");
    assert_eq!(settings.mail_from.to_string(), "Roster <roster@people.example.com>");
    assert!(settings.secure_cookies());
}

#[test]
fn every_wrong_setting_is_told_at_once_by_the_name_it_was_written_with() {
    let sources = from(
        &[("listen", "8080")],
        &[("ROSTER_PUBLIC_URL", "ftp://x"), ("ROSTER_LOG_FORMAT", "xml"), ("ROSTER_LISTN", "x")],
        Some("database_url = \"mysql://x\"\nsupport = \"x\"\nsmtp_url = [1]\n[mail]\nfrom = \"a\""),
    );
    let errors: Vec<String> =
        Settings::load(&sources).expect_err("wrong").iter().map(ToString::to_string).collect();
    let found =
        |begin: &str| assert!(errors.iter().any(|line| line.starts_with(begin)), "{begin}: {errors:#?}");
    found("--listen: “8080” is not");
    found("ROSTER_PUBLIC_URL: it begins neither with http:// nor with https://; say");
    found("ROSTER_LOG_FORMAT: “xml”");
    found("ROSTER_LISTN: there is no such setting; did you mean ROSTER_LISTEN?");
    found("database_url in roster.toml: it begins with another scheme");
    found("support in roster.toml: there is no such setting");
    found("smtp_url in roster.toml: its value is of the kind array");
    found("mail in roster.toml: there is no such setting");
    assert_eq!(errors.len(), 8);
}

#[test]
fn a_file_that_is_not_toml_is_told_by_line_without_quoting_it() {
    let errors = errors(&[], Some("log = \"info\"\nsecret_key = \"hunter2hunter2\nlisten = 1"));
    assert_eq!(errors.len(), 1);
    assert!(errors[0].starts_with("roster.toml, line 2: this is not TOML"), "{errors:?}");
    assert!(!errors[0].contains("hunter2"), "{errors:?}");
}

#[test]
fn with_postgresql_the_key_must_be_given() {
    let url = ("ROSTER_DATABASE_URL", "postgres://roster:s3cret@db/roster");
    let told = errors(&[url], None);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("ROSTER_SECRET_KEY: with PostgreSQL"), "{told:?}");
    let settings = Settings::load(&from(&[], &[url, ("ROSTER_SECRET_KEY", KEY)], None)).expect("settings");
    assert_eq!(settings.secret_key().expect("keys").current, SecretKey::from_text(KEY).expect("a key"));
}

#[test]
fn the_key_is_given_in_one_way_and_is_long_enough() {
    let told = errors(&[("ROSTER_SECRET_KEY", "hunter2"), ("ROSTER_SECRET_KEY_FILE", "k")], None);
    assert_eq!(told.len(), 2);
    assert!(told.iter().any(|line| line.starts_with("ROSTER_SECRET_KEY: it has 7 characters")), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("ROSTER_SECRET_KEY_FILE: ROSTER_SECRET_KEY is given")));
    assert!(told.iter().all(|line| !line.contains("hunter2")));
}

#[test]
fn a_provider_has_id_and_secret_or_neither() {
    let told = errors(&[("ROSTER_GITHUB_CLIENT_ID", "abc")], None);
    assert!(told[0].starts_with("ROSTER_GITHUB_CLIENT_SECRET: it is missing"), "{told:?}");
    let environment = [("ROSTER_GOOGLE_CLIENT_ID", "abc"), ("ROSTER_GOOGLE_CLIENT_SECRET", "s3cret")];
    let google = Settings::load(&from(&[], &environment, None)).expect("settings").google.expect("google");
    assert_eq!(google.client_secret.expose_secret(), "s3cret");
    assert_eq!(google.issuer.as_str(), "https://accounts.google.com/");
}

#[test]
fn secrets_are_starred_in_debug_and_in_what_is_in_force() {
    let environment = [
        ("ROSTER_DATABASE_URL", "postgres://roster:s3cret@db/roster?password=s3cret"),
        ("ROSTER_SECRET_KEY", "s3cret-0123456789abcdef0123456789abcdef"),
        ("ROSTER_SECRET_KEY_PREVIOUS", "s3cret+0123456789abcdef0123456789abcdef"),
        ("ROSTER_SMTP_URL", "smtps://ada:s3cret@mail.example.com"),
        ("ROSTER_GOOGLE_CLIENT_ID", "abc"),
        ("ROSTER_GOOGLE_CLIENT_SECRET", "s3cret"),
    ];
    let settings = Settings::load(&from(&[], &environment, None)).expect("settings");
    let debug = format!("{settings:?}");
    assert!(!debug.contains("s3cret"), "{debug}");
    let shown: Vec<&str> = settings.in_force().iter().filter_map(|line| line.shown.as_deref()).collect();
    assert!(shown.contains(&"postgres://roster:***@db/roster?password=***"), "{shown:?}");
    assert!(shown.contains(&"smtps://ada:***@mail.example.com"), "{shown:?}");
}

#[test]
fn unencrypted_addresses_of_other_hosts_are_warned_about() {
    let warned = |url: &str| {
        let settings = Settings::load(&from(&[("public_url", url)], &[], None)).expect("settings");
        !settings.warnings().is_empty()
    };
    assert!(warned("http://people.example.com"));
    for quiet in ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost", "https://people.example.com"] {
        assert!(!warned(quiet), "{quiet}");
    }
}

#[test]
fn settings_for_tests_are_cheap_and_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings::for_tests(folder.path());
    assert_eq!(
        (settings.listen.port(), settings.password_cost),
        (0, PasswordCost { memory_kib: 8, passes: 1, lanes: 1 })
    );
    assert!(settings.secret_key().is_ok());
    assert!(folder.path().join("secret.key").exists());
}

/// The table as the documentation shows it.
fn documented() -> String {
    let mut table = "| flag | variable | default | what it is |\n| --- | --- | --- | --- |\n".to_owned();
    for setting in SETTINGS {
        let value = setting.value.replace('|', "\\|");
        let default = match setting.default {
            Default::Text(text) => format!("`{text}`"),
            Default::From(words) | Default::Unset(words) => words.replace('<', "\\<"),
        };
        table += &format!(
            "| `--{} {value}` | `{}` | {default} | {} |\n",
            setting.flag,
            setting.variable(),
            setting.help
        );
    }
    table
}

#[test]
fn the_documented_table_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md");
    let (begin, end) = ("<!-- table: begin -->\n", "<!-- table: end -->");
    let text = std::fs::read_to_string(&path).expect("docs/settings.md");
    let (before, rest) = text.split_once(begin).expect("the table's begin");
    let (table, after) = rest.split_once(end).expect("the table's end");
    if std::env::var_os("ROSTER_TEST_WRITE").is_some() {
        std::fs::write(&path, format!("{before}{begin}{}{end}{after}", documented())).expect("written");
    } else {
        assert!(
            table == documented(),
            "docs/settings.md is old: `ROSTER_TEST_WRITE=1 cargo test documented` writes it"
        );
    }
}
