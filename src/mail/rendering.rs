//! From a letter to the message that goes over the wire: a text part that is complete by itself, and the same as
//! plain HTML. The same letter gives the same message each time, but for the boundary between its parts.

use askama::Template;
use lettre::{
    Address, Message,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};

use super::{
    content::{Content, content},
    letters::Envelope,
    links::Links,
    words::line,
};
use crate::{
    base::{
        clock::Moment,
        email_address::{BadAddress, EmailAddress, Named},
        ids::JobId,
    },
    db::Fault,
};

/// Which letter this is: its name stays the same when it is sent again, so that a reader's mailbox shows it once.
#[derive(Clone, Copy, Debug)]
pub struct Postmark {
    pub id: JobId,
    /// When it was queued: its date.
    pub at: Moment,
}

/// Why there is no message.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    #[error(transparent)]
    Address(#[from] BadAddress),
    #[error(transparent)]
    Fault(#[from] Fault),
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct TextPart<'a> {
    content: &'a Content,
    address: &'a str,
    home: &'a str,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct HtmlPart<'a> {
    content: &'a Content,
    address: &'a str,
    home: &'a str,
}

/// # Errors
/// When the recipient's address is not one, or a part cannot be rendered.
pub fn message(
    envelope: &Envelope,
    from: &Named,
    links: &Links,
    postmark: Postmark,
) -> Result<Message, Unwritable> {
    let to = EmailAddress::parse(&envelope.address)?;
    let content = content(&envelope.letter, links, postmark.at);
    let (address, home) = (to.as_str(), links.home());
    let text = TextPart { content: &content, address, home }.render().map_err(broken)?;
    let html = HtmlPart { content: &content, address, home }.render().map_err(broken)?;
    let message = Message::builder()
        .message_id(Some(format!("<{}@{}>", postmark.id, from.address.ascii_domain())))
        .date(postmark.at.utc().into())
        .from(mailbox(from.name.as_deref().unwrap_or_default(), &from.address)?)
        .to(mailbox(&envelope.name, &to)?)
        .subject(content.subject)
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(MultiPart::alternative().singlepart(plain(text)).singlepart(SinglePart::html(html)))
        .map_err(broken)?;
    Ok(message)
}

/// The longest line a letter may have (RFC 5322, 2.1.1).
const LONGEST_LINE: usize = 998;

/// The text as it is where mail servers take it so, that is in ASCII and in short lines: then a link stands in the
/// letter's source as a person would copy it.
fn plain(text: String) -> SinglePart {
    if !text.is_ascii() || text.lines().any(|line| line.len() > LONGEST_LINE) {
        return SinglePart::plain(text);
    }
    let lines = text.lines().collect::<Vec<_>>().join("\r\n");
    let body = Body::dangerous_pre_encoded(lines.into_bytes(), ContentTransferEncoding::SevenBit);
    SinglePart::builder().header(ContentType::TEXT_PLAIN).body(body)
}

fn mailbox(name: &str, address: &EmailAddress) -> Result<Mailbox, Fault> {
    let name = line(name, 60);
    let address = Address::new(address.local(), address.ascii_domain()).map_err(broken)?;
    Ok(Mailbox::new((!name.is_empty()).then_some(name), address))
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> Fault {
    Fault::broken("writing a letter", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> String {
        String::from_utf8(plain(text.to_owned()).formatted()).unwrap()
    }

    #[test]
    fn a_link_stands_in_the_source_of_a_plain_letter_in_one_piece() {
        let link = format!("https://people.example.com/invitations/{}", "x".repeat(60));
        assert!(source(&format!("Open this:\n{link}\n")).contains(&link));
        assert!(source("Zoë invites you").contains("Zo=C3=AB"), "what is not ASCII is encoded");
    }
}
