//! The server process: it starts with nothing, and comes back with everything.

use crate::support::binary::Server;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::fresh_folder;

#[test]
fn it_starts_in_an_empty_folder_and_prints_a_setup_link() {
    let folder = fresh_folder();
    let server = Server::start(&folder, &[]);
    let page = server.visitor().opens(&server.setup_link());
    assert!(page.has_button("Create organization"), "{}", page.text());
    assert!(folder.join("data/roster.sqlite3").exists());
}

#[test]
fn what_was_acknowledged_is_there_after_the_plug_was_pulled() {
    let folder = fresh_folder();
    let server = Server::start(&folder, &[]);
    let form = server.visitor().opens(&server.setup_link()).form("Create organization");
    let form = form.fill("Organization name", "Analytical Engines").fill("Your name", "Ada Lovelace");
    let page = form.fill("Email", ADMINISTRATOR).fill("Password", PASSWORD).press_once();
    assert_eq!(page.status, 303, "{}", page.text());
    server.dies();

    let server = Server::start(&folder, &[]);
    let ada = server.visitor();
    ada.signs_in(ADMINISTRATOR, PASSWORD);
    assert!(ada.is_signed_in());
}

#[test]
fn it_ends_well_when_asked_to() {
    let folder = fresh_folder();
    let server = Server::start(&folder, &[]);
    server.is_asked_to_end();
    let status = server.ends();
    assert!(status.success(), "{status}");
}
