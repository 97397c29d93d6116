//! A letter as its recipient sees it.

use mail_parser::MessageParser;

#[derive(Clone, Debug)]
pub struct Letter {
    /// The envelope's sender and recipients, as the mail server was told.
    pub sender: String,
    pub recipients: Vec<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// The message as it came over the wire.
    pub raw: String,
}

impl Letter {
    pub fn parse(sender: &str, recipients: &[String], raw: &[u8]) -> Letter {
        let message = MessageParser::default().parse(raw).expect("a letter that can be parsed");
        Letter {
            sender: sender.to_owned(),
            recipients: recipients.to_vec(),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: part(message.text_bodies().find(|part| part.is_text() && !part.is_text_html())),
            html: part(message.html_bodies().find(|part| part.is_text_html())),
            raw: String::from_utf8_lossy(raw).into_owned(),
        }
    }

    pub fn is_to(&self, address: &str) -> bool {
        self.recipients.iter().any(|recipient| recipient.eq_ignore_ascii_case(address))
    }

    /// A header's value, unfolded and decoded only as far as the raw lines go.
    pub fn header(&self, name: &str) -> Option<String> {
        let message = MessageParser::default().parse(self.raw.as_bytes())?;
        message.header_raw(name).map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Every address in the text part, in order.
    pub fn links(&self) -> Vec<String> {
        let ends = |letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '"' | ')');
        self.text
            .split(ends)
            .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
            .map(str::to_owned)
            .collect()
    }

    /// The one link whose path begins with `path`.
    pub fn link(&self, path: &str) -> String {
        let is_there = |link: &&String| url::Url::parse(link).is_ok_and(|url| url.path().starts_with(path));
        self.links()
            .iter()
            .find(is_there)
            .unwrap_or_else(|| panic!("no link to {path} in the letter:\n{}", self.text))
            .clone()
    }
}

fn part(part: Option<&mail_parser::MessagePart>) -> String {
    part.and_then(|part| part.text_contents()).unwrap_or_default().to_owned()
}
