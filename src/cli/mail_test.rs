//! `roster mail-test ADDRESS`: sends one letter now, as the console would, and tells what became of it.

use secrecy::SecretString;

use super::{Outcome, begin};
use crate::{
    base::{
        clock::{Clock, SystemClock},
        token::random_bytes,
    },
    console::trust,
    crypto::signing::Signer,
    mail::{Links, Postman, Transport},
    settings::Settings,
};

pub(super) fn run(settings: &Settings, address: &str) -> Outcome {
    begin(settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let words = runtime.block_on(send(settings, address))?;
    match &settings.smtp_url {
        Some(url) => println!("Sent to {address} by {url}. The mail server said: {words}"),
        None => println!("No mail server is set (ROSTER_SMTP_URL), so the letter to {address} is {words}"),
    }
    Ok(())
}

async fn send(settings: &Settings, address: &str) -> Result<String, Box<dyn std::error::Error>> {
    let smtp_url = settings.smtp_url.as_ref().map(|url| SecretString::from(url.expose().to_owned()));
    let transport = Transport::new(smtp_url.as_ref(), &settings.data_dir, &trust(settings)?)?;
    // The letter holds no link that has to open, so any key will do.
    let links = Links::new(settings.public_url.clone(), Signer::new(random_bytes(), None));
    let postman = Postman::new(links, settings.mail_from.clone(), transport);
    let sent = postman.send_test(address, SystemClock.now()).await?;
    Ok(sent.map_err(|why| format!("the letter to {address} was not sent: {why}"))?.words)
}
