//! What people do in the console, in their words. Everything goes through pages, forms and letters.

use super::page::Page;
use super::person::Person;
use super::world::World;

/// The first administrator, and a password everybody in the tests may have.
pub const ADMINISTRATOR: &str = "ada@example.com";
pub const PASSWORD: &str = "seven quiet rivers at dawn";

impl World {
    /// Sets up the organization Analytical Engines by the printed link; its administrator is signed in.
    pub fn administrator(&self) -> Person {
        let ada = self.visitor();
        let page = ada.opens(&self.setup_link());
        let form = page.form("Create organization").fill("Organization name", "Analytical Engines");
        let form =
            form.fill("Your name", "Ada Lovelace").fill("Email", ADMINISTRATOR).fill("Password", PASSWORD);
        let page = form.press();
        assert_eq!(page.url.path(), "/organization/users", "setup leads to the users: {}", page.text());
        ada
    }

    /// Accepts an invitation by its link, with a browser that has not been here before.
    pub fn accepts(&self, link: &str, name: &str, password: &str) -> Person {
        let person = self.visitor();
        let form =
            person.opens(link).form("Accept invitation").fill("Your name", name).fill("Password", password);
        let page = form.press();
        assert!(page.status.is_success(), "{}: {}", page.status, page.text());
        assert!(person.is_signed_in(), "{name} is signed in: {}", page.text());
        person
    }

    /// The link in the newest invitation to this address.
    pub fn invitation_link(&self, email: &str) -> String {
        let is_invitation = |path: &String| path.contains("/invitations/");
        self.mailbox.wait_for(email, |letter| letter.links().iter().any(is_invitation));
        let letters = self.mailbox.letters().into_iter().rev();
        let newest =
            letters.filter(|letter| letter.is_to(email)).find(|it| it.links().iter().any(is_invitation));
        newest.expect("an invitation").link("/invitations/")
    }

    /// Somebody whom `admin` has invited and who has accepted.
    pub fn member(&self, admin: &Person, email: &str, name: &str, groups: &[&str]) -> Person {
        admin.invites(email, groups);
        self.accepts(&self.invitation_link(email), name, PASSWORD)
    }
}

impl Person {
    /// Opens the users page.
    pub fn users(&self) -> Page {
        self.opens("/organization/users")
    }

    /// Invites one address into these groups.
    pub fn invites(&self, email: &str, groups: &[&str]) -> Page {
        let form = self.users().follow("Invite User").form("Send invitation").fill("Email", email);
        let form = groups.iter().fold(form, |form, group| form.check(group));
        let page = form.press();
        assert!(page.status.is_success(), "{}: {}", page.status, page.text());
        page
    }

    pub fn signs_in(&self, email: &str, password: &str) -> Page {
        let form = self.opens("/sign-in").form("Sign in");
        form.fill("Email", email).fill("Password", password).press()
    }

    pub fn signs_out(&self) -> Page {
        self.opens("/account/settings").form("Sign out").press()
    }

    /// Whether the console knows who this is.
    pub fn is_signed_in(&self) -> bool {
        self.opens("/account/settings").has_button("Sign out")
    }
}
