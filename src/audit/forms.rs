//! What was typed into the section of the stream.

use url::Url;

use crate::{audit::model::Act, outbound, web::Fields};

/// No address is longer.
const LONGEST: usize = 2_000;

/// The form as it was sent.
#[derive(Clone, Debug, Default)]
pub struct StreamDraft {
    pub url: String,
    act: String,
}

impl StreamDraft {
    pub fn read(fields: &Fields) -> Self {
        Self { url: fields.text("url"), act: fields.get("act").to_owned() }
    }

    pub fn leading_to(url: &str) -> Self {
        Self { url: url.to_owned(), act: String::new() }
    }

    /// What is to be done, or what is wrong with the address.
    pub fn parse(&self, allow_private: bool) -> Result<Act, String> {
        match self.act.as_str() {
            "on" => Ok(Act::TurnOn),
            "off" => Ok(Act::TurnOff),
            "secret" => Ok(Act::RenewSecret),
            "test" => Ok(Act::SendTest),
            "remove" => Ok(Act::Remove),
            _ => self.address(allow_private).map(Act::Lead),
        }
    }

    fn address(&self, allow_private: bool) -> Result<Url, String> {
        let wrong = "Write the whole address, such as https://siem.example.com/hooks/roster.";
        if self.url.is_empty() || self.url.len() > LONGEST {
            return Err(wrong.to_owned());
        }
        let url = Url::parse(&self.url).map_err(|_| wrong.to_owned())?;
        if url.fragment().is_some() {
            return Err("Leave out the part from # on; it is never sent.".to_owned());
        }
        match outbound::check(&url, allow_private) {
            Ok(()) => Ok(url),
            Err(error) => {
                let words = error.to_string();
                let mut letters = words.chars();
                let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
                Err(format!("{first}{}.", letters.as_str()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_whole_and_leads_outside() {
        let parse = |url: &str| StreamDraft::leading_to(url).parse(false);
        assert!(matches!(parse("https://siem.example.com/hook"), Ok(Act::Lead(_))));
        for wrong in [
            "",
            "siem",
            "https://",
            "http://siem.example.com",
            "https://10.0.0.1/",
            "https://a:b@siem.example.com",
            "https://siem.example.com/#a",
            "javascript:alert(1)",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(matches!(StreamDraft::leading_to("http://127.0.0.1:9/").parse(true), Ok(Act::Lead(_))));
    }
}
