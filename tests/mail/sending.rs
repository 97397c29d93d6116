//! Letters through a real mail server: friendly, refusing, greylisting, slow, down.

use std::sync::{Arc, Mutex};

use chrono::Duration;
use roster::base::email_address::EmailAddress;
use roster::crypto::signing::{Purpose, Signer};
use roster::db::{Fault, Tx};
use roster::jobs::{Runner, Running};
use roster::mail::{
    FailedLetter, Letter, Links, MailState, NotSent, OnFinalFailure, Postman, Recipient, Transport,
    about_test_of, cancel_waiting, enqueue, enqueue_test, retry_about,
};
use roster::outbound::Trust;
use secrecy::SecretString;

use crate::ground::{Ground, on_both};
use crate::support::PATIENCE;
use crate::support::mailbox::Mailbox;

fn signer() -> Signer {
    Signer::new([7; 32], None)
}

fn postman(ground: &Ground, smtp_url: Option<String>) -> Postman {
    let url = smtp_url.map(SecretString::from);
    let trust = Trust::new(None).expect("the well-known authorities");
    let transport = Transport::new(url.as_ref(), ground.folder.path(), &trust).expect("a transport");
    let from = EmailAddress::parse_list("Roster <roster@example.com>").remove(0).expect("a sender");
    let links = Links::new("https://people.example.com".parse().expect("an address"), signer());
    Postman::new(links, from, transport)
}

/// Waits for the mailbox while the letters are on their way.
async fn meanwhile<T: Send + 'static>(
    mailbox: &Arc<Mailbox>,
    wait: impl FnOnce(&Mailbox) -> T + Send + 'static,
) -> T {
    let mailbox = mailbox.clone();
    tokio::task::spawn_blocking(move || wait(&mailbox)).await.expect("something that happens")
}

fn working(ground: &Ground, postman: Postman) -> Running {
    postman.joins(Runner::new(ground.db.clone())).start()
}

#[derive(Default)]
struct Told(Mutex<Vec<FailedLetter>>);

impl OnFinalFailure for Told {
    fn given_up(&self, tx: &mut Tx<'_>, failed: &FailedLetter) -> Result<(), Fault> {
        self.0.lock().expect("the list").push(failed.clone());
        let to = Recipient {
            address: "ada@example.com".into(),
            name: "Ada".into(),
            organization: failed.organization,
            about: None,
        };
        let news = Letter::InvitationMailFailed {
            email: failed.address.clone(),
            reason: failed.words.clone(),
            organization: "Acme".into(),
        };
        enqueue(tx, &to, &news).map(drop)
    }
}

#[test]
fn an_invitation_arrives_with_a_link_that_opens() {
    on_both(|ground| async move {
        let mailbox = Mailbox::open();
        let running = working(&ground, postman(&ground, Some(mailbox.url())));
        let about = ground.invite("bob@bücher.example");
        let sent = ground.until(&about, MailState::Sent).await;
        assert_eq!((sent.attempts, sent.words.as_str()), (1, ""));

        let letter = mailbox.letter_to("bob@xn--bcher-kva.example");
        assert_eq!(letter.sender, "roster@example.com");
        assert_eq!(letter.subject, "Ada Lovelace invites you to join Acme");
        let link = letter.link("/invitations/");
        let token = link.strip_prefix("https://people.example.com/invitations/").expect("our link");
        let named = signer().open(Purpose::Invitation, token).expect("a token that opens");
        assert_eq!((named.id.to_string(), named.generation), (about, 1));
        assert!(letter.html.contains(&link));
        for part in [&letter.text, &letter.html] {
            assert!(part.contains("for 7 days, until Sunday, 29 November 2026 at 09:00 UTC"), "{part}");
            assert!(part.contains("Sent to bob@bücher.example"), "{part}");
            assert!(part.contains("If you did not expect this"), "{part}");
        }
        let domain = |name| letter.header(name).unwrap_or_default();
        assert_eq!(domain("Auto-Submitted"), "auto-generated");
        assert_eq!(domain("From"), "\"Roster\" <roster@example.com>".replace('"', ""));
        assert_eq!(domain("Message-ID"), format!("<{}@example.com>", sent.job));
        assert_eq!(domain("Date"), "Sun, 22 Nov 2026 09:00:00 +0000");
        assert_eq!(letter.header("Reply-To"), None);
        running.stop(PATIENCE).await;
    });
}

#[test]
fn a_refused_letter_fails_at_once_in_the_servers_words_and_is_told_of() {
    on_both(|ground| async move {
        let mailbox = Arc::new(Mailbox::open());
        mailbox.refuses("bob@example.com", "550 5.1.1 No such person here");
        let told = Arc::new(Told::default());
        let running = working(&ground, postman(&ground, Some(mailbox.url())).telling(told.clone()));
        let about = ground.invite("bob@example.com");
        let failed = ground.until(&about, MailState::Failed).await;
        assert_eq!((failed.attempts, failed.words.as_str()), (1, "550 5.1.1 No such person here"));
        let news = meanwhile(&mailbox, |mailbox| mailbox.letter_to("ada@example.com")).await;
        assert_eq!(news.subject, "The invitation to bob@example.com was not delivered");
        assert!(news.text.contains("> 550 5.1.1 No such person here"), "{}", news.text);
        assert_eq!(news.link("/organization/users"), "https://people.example.com/organization/users");
        let told = told.0.lock().expect("the list").clone();
        assert_eq!(told.len(), 1);
        assert_eq!(
            (told[0].about.as_deref(), told[0].organization),
            (Some(about.as_str()), Some(ground.organization))
        );
        running.stop(PATIENCE).await;
    });
}

#[test]
fn a_greylisted_letter_is_sent_later_under_the_same_name() {
    on_both(|ground| async move {
        let mailbox = Mailbox::open();
        mailbox.greylists();
        let running = working(&ground, postman(&ground, Some(mailbox.url())));
        let about = ground.invite("bob@example.com");
        let waiting = ground.until_it(&about, |status| !status.words.is_empty()).await;
        assert_eq!((waiting.state, waiting.attempts), (MailState::Queued, 1));
        assert_eq!(waiting.words, "451 4.7.1 Greylisted, come again later");
        ground.clock.advance(Duration::seconds(15));
        running.nudge();
        let sent = ground.until(&about, MailState::Sent).await;
        assert_eq!((sent.attempts, sent.words.as_str()), (2, ""));
        let letter = mailbox.letter_to("bob@example.com");
        assert_eq!(letter.header("Message-ID"), Some(format!("<{}@example.com>", sent.job)));
        running.stop(PATIENCE).await;
    });
}

#[test]
fn a_letter_whose_fate_is_unknown_is_sent_again_as_the_same_letter() {
    on_both(|ground| async move {
        let mailbox = Mailbox::open();
        mailbox.forgets_to_answer(true);
        let running = working(&ground, postman(&ground, Some(mailbox.url())));
        let about = ground.invite("bob@example.com");
        ground.until_it(&about, |status| !status.words.is_empty()).await;
        mailbox.forgets_to_answer(false);
        ground.clock.advance(Duration::seconds(15));
        running.nudge();
        ground.until(&about, MailState::Sent).await;
        let letters = mailbox.letters_to("bob@example.com", 2);
        assert_eq!(letters.len(), 2);
        for name in ["Message-ID", "Date"] {
            assert_eq!(letters[0].header(name), letters[1].header(name));
        }
        assert_eq!(letters[0].text, letters[1].text);
        running.stop(PATIENCE).await;
    });
}

#[test]
fn while_the_server_is_down_letters_wait_and_a_day_later_they_have_failed() {
    on_both(|ground| async move {
        let mailbox = Mailbox::open();
        mailbox.closes();
        let told = Arc::new(Told::default());
        let running = working(&ground, postman(&ground, Some(mailbox.url())).telling(told.clone()));
        let (lost, late) = (ground.invite("bob@example.com"), ground.invite("eve@example.com"));
        let waiting = ground.until_it(&lost, |status| !status.words.is_empty()).await;
        assert_eq!(waiting.state, MailState::Queued);
        assert!(waiting.words.starts_with("The mail server cannot be reached: "), "{}", waiting.words);
        ground.until_it(&late, |status| !status.words.is_empty()).await;

        ground.clock.advance(Duration::hours(24));
        running.nudge();
        ground.until(&lost, MailState::Failed).await;
        ground.until(&late, MailState::Failed).await;
        assert_eq!(told.0.lock().expect("the list").len(), 2);

        mailbox.opens();
        let (organization, again) = (ground.organization, late.clone());
        let retried = ground.db.write(organization, move |tx| retry_about(tx, organization, &again)).await;
        assert!(retried.expect("a transaction"));
        ground.until(&late, MailState::Sent).await;
        mailbox.letter_to("eve@example.com");
        assert_eq!(ground.status(&lost).state, MailState::Failed);
        running.stop(PATIENCE).await;
    });
}

#[test]
fn a_slow_server_holds_up_nobody_and_a_letter_taken_back_meanwhile_is_not_tried_again() {
    on_both(|ground| async move {
        let mailbox = Arc::new(Mailbox::open());
        mailbox.dawdles();
        let running = working(&ground, postman(&ground, Some(mailbox.url())));
        let about = ground.invite("bob@example.com");
        meanwhile(&mailbox, |mailbox| mailbox.wait_for_visits(1)).await;
        let revoked = about.clone();
        let taken_back = ground.db.write(ground.organization, move |tx| cancel_waiting(tx, &revoked)).await;
        assert_eq!(taken_back.expect("a transaction"), 1);
        running.stop(std::time::Duration::ZERO).await;
        let organization = ground.organization;
        let gone = ground.db.read_now(|conn| roster::mail::status_of(conn, organization, &[about]));
        assert!(gone.expect("a status").is_empty());
    });
}

#[test]
fn without_a_mail_server_letters_are_kept_as_files() {
    on_both(|ground| async move {
        let running = working(&ground, postman(&ground, None));
        let about = ground.invite("bob@example.com");
        ground.until(&about, MailState::Sent).await;
        let files: Vec<_> = std::fs::read_dir(ground.folder.path().join("mail"))
            .expect("the folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        assert_eq!(files.len(), 1);
        let name = files[0].file_name().expect("a name").to_string_lossy().into_owned();
        assert!(name.starts_with("2026-11-22T09-00-00Z-invitation-bob@example.com-"), "{name}");
        let raw = std::fs::read(&files[0]).expect("the letter");
        let letter = crate::support::letter::Letter::parse("", &[], &raw);
        assert!(letter.link("/invitations/").starts_with("https://people.example.com/"));
        running.stop(PATIENCE).await;
    });
}

#[test]
fn an_invitation_that_expired_before_it_could_be_sent_is_not_sent() {
    on_both(|ground| async move {
        let about = ground.invite("bob@example.com");
        ground.clock.advance(Duration::days(7));
        let running = working(&ground, postman(&ground, None));
        let failed = ground.until(&about, MailState::Failed).await;
        assert_eq!(failed.words, "The link expired before the letter could be sent.");
        running.stop(PATIENCE).await;
    });
}

#[test]
fn a_test_letter_is_queued_from_the_console_or_sent_on_the_spot() {
    on_both(|ground| async move {
        let mailbox = Mailbox::open();
        mailbox.refuses("eve@example.com", "550 5.7.1 Not wanted");
        let now = ground.now();
        let by_hand = postman(&ground, Some(mailbox.url()));
        let sent = by_hand.send_test("bob@example.com", now).await.expect("a letter").expect("a delivery");
        assert_eq!(sent.words, "250 2.0.0 Kept");
        let refused = by_hand.send_test("eve@example.com", now).await.expect("a letter");
        assert_eq!(refused, Err(NotSent::ForGood("550 5.7.1 Not wanted".into())));
        let wrong = by_hand.send_test("nobody", now).await.expect("a letter").expect_err("a refusal");
        assert!(wrong.to_string().contains("“nobody” is not an e-mail address"), "{wrong}");

        let running = working(&ground, by_hand);
        let (organization, user) = (ground.organization, roster::base::ids::UserId::new());
        let queue = move |tx: &mut Tx<'_>| enqueue_test(tx, organization, user, "Ada", "ada@example.com");
        ground.db.write(organization, queue).await.expect("a letter");
        ground.until(&about_test_of(user), MailState::Sent).await;
        assert!(mailbox.letter_to("ada@example.com").text.contains("Ada asked for it."));
        running.stop(PATIENCE).await;
    });
}

#[test]
fn what_people_write_stays_text_wherever_it_stands() {
    on_both(|ground| async move {
        let mailbox = Mailbox::open();
        let running = working(&ground, postman(&ground, Some(mailbox.url())));
        let to = Recipient {
            address: "bob@example.com".into(),
            name: "Bob\r\nBcc: eve@example.com".into(),
            organization: Some(ground.organization),
            about: Some("hostile".into()),
        };
        let letter = Letter::Invitation {
            invitation: roster::base::ids::InvitationId::new(),
            generation: 1,
            organization: "Acme\r\nBcc: eve@example.com\r\n\r\nHello".into(),
            inviter: format!("<b>\u{202E}שלום</b>{}", "x".repeat(500)),
            groups: vec!["<script>alert(1)</script>".into()],
            message: format!("<img src=x>\r\n.\r\nQUIT\n{}", "long ".repeat(5_000)),
            expires_at: ground.now().plus(Duration::days(7)),
        };
        ground.db.write(None, move |tx| enqueue(tx, &to, &letter)).await.expect("a letter");
        ground.until("hostile", MailState::Sent).await;
        let letter = mailbox.letter_to("bob@example.com");
        assert_eq!(letter.recipients, ["bob@example.com"]);
        assert_eq!(letter.header("Bcc"), None);
        assert!(letter.subject.starts_with("<b>שלום</b>xxx"), "{}", letter.subject);
        assert!(letter.subject.chars().count() < 160 && !letter.subject.contains(['\r', '\n']));
        assert!(letter.html.contains("&#60;script&#62;") || letter.html.contains("&lt;script&gt;"));
        for tag in ["<b>", "<script", "<img"] {
            assert!(!letter.html.contains(tag), "{tag}");
        }
        assert!(!letter.text.contains('\u{202E}') && letter.text.contains("\u{2068}<b>שלום"));
        assert!(letter.text.contains("\n> .\n> QUIT\n") || letter.text.contains("\r\n> .\r\n> QUIT\r\n"));
        assert!(letter.text.len() < 6_000, "{}", letter.text.len());
        running.stop(PATIENCE).await;
    });
}
