//! A console that runs as a process of its own, by the machine's clock, with its first administrator.

use std::path::PathBuf;

use crate::support::binary::Server;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::postgres::{Cluster, TestDatabase};
use crate::support::world::{Database, fresh_folder};

pub struct Town {
    pub server: Server,
    pub ada: Person,
    _folder: PathBuf,
    _database: Option<TestDatabase>,
}

impl Town {
    pub fn on(database: Database, settings: &[(&str, &str)]) -> Town {
        let folder = fresh_folder();
        let own = (database == Database::Postgres).then(|| Cluster::shared().empty_database());
        let url = own.as_ref().map(TestDatabase::url);
        let mut settings = settings.to_vec();
        settings.push(("secret_key", "a key for tests, as long as a key has to be"));
        settings.extend(url.as_ref().map(|url| ("database_url", url.as_str())));
        let server = Server::start(&folder, &settings);
        let ada = server.visitor();
        let form = ada.opens(&server.setup_link()).form("Create organization");
        let form = form.fill("Organization name", "Analytical Engines").fill("Your name", "Ada Lovelace");
        let page = form.fill("Email", ADMINISTRATOR).fill("Password", PASSWORD).press();
        assert!(page.status.is_success(), "{}: {}", page.status, page.text());
        Town { server, ada, _folder: folder, _database: own }
    }

    pub fn visitor(&self) -> Person {
        self.server.visitor()
    }
}

/// What a page shows in the field with this label, to be copied.
pub fn shown_in(page: &Page, label: &str) -> String {
    page.whole().control(label).attr("value").expect("a value").to_owned()
}
