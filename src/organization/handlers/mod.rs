//! The organization over HTTP.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};

mod settings;

use super::{
    commands,
    pages::{
        DomainsTopic, InvitationLifeTopic, NameTopic, OrganizationPage, SecondFactorTopic, SessionsTopic,
        Subject, TestLetter, TopicSection, View,
    },
};
use crate::{
    access::actions::{Action, ChangeOrganization, ReadAudit, ReadOrganization, SendTestLetter},
    audit::{self, StreamSection},
    db::Fault,
    mail::{self, MailState, MailStatus},
    web::{Halt, Problem, SignedIn, Site, reply, url, when},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::ORGANIZATION).get(show))
        .configure(section::<NameTopic>)
        .configure(section::<SecondFactorTopic>)
        .configure(section::<SessionsTopic>)
        .configure(section::<DomainsTopic>)
        .configure(section::<InvitationLifeTopic>)
        .service(web::resource(url::TEST_LETTER).post(send_test_letter));
}

fn section<S: Subject>(config: &mut ServiceConfig) {
    config.service(web::resource(S::PATH).get(settings::show::<S>).post(settings::save::<S>));
}

async fn show(person: SignedIn) -> Result<HttpResponse, Problem> {
    let (organization, about) = (person.organization.id, mail::about_test_of(person.me.id));
    let (settled, newest, stream) = person
        .read(move |conn, actor| {
            let permit = actor.may(ReadOrganization)?;
            let settled = commands::settings(conn, &permit)?;
            let stream = audit::stream(conn, &permit)?;
            Ok::<_, Problem>((settled, mail::status_of(conn, organization, &[about])?, stream))
        })
        .await?;
    let view = View {
        settings: &settled,
        may_change: person.actor.may_do(ChangeOrganization::NAME),
        now: person.site.db.now(),
        zone: &person.me.time_zone,
    };
    reply::html(&OrganizationPage {
        frame: person.frame(),
        name: TopicSection::of(view),
        second_factor: TopicSection::of(view),
        sessions: TopicSection::of(view),
        domains: TopicSection::of(view),
        invitation_life: TopicSection::of(view),
        audit_stream: StreamSection::new(
            stream.as_ref(),
            view.may_change && person.actor.may_do(ReadAudit::NAME),
            &person.me.time_zone,
        ),
        mail: way_of_letters(&person.site),
        may_send: person.actor.may(SendTestLetter).is_ok(),
        test_letter: newest.into_iter().next().map(|status| told(&status, &person.me.time_zone)),
        address: person.me.email,
    })
}

async fn send_test_letter(request: HttpRequest, person: SignedIn) -> Result<HttpResponse, Problem> {
    let (id, name, email) = (person.me.id, person.me.name.clone(), person.me.email.clone());
    let queued = person
        .write(move |tx, actor| {
            Ok(commands::send_test_letter(tx, actor.may(SendTestLetter)?, id, &name, &email)?)
        })
        .await;
    match queued {
        Ok(()) => {
            let words = format!("A test letter to {} is on its way.", person.me.email);
            Ok(reply::onward_saying(&request, url::ORGANIZATION, words))
        }
        Err(Halt::<Fault>::Refused(fault)) => Err(fault.into()),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

fn way_of_letters(site: &Site) -> String {
    match &site.settings.smtp_url {
        Some(smtp) => {
            let host =
                ::url::Url::parse(smtp.expose()).ok().and_then(|url| url.host_str().map(str::to_owned));
            format!("Sent through {}.", host.unwrap_or_else(|| "the mail server of the settings".into()))
        }
        None => "No mail server is set: letters are kept as files in the folder “mail” of the data folder. \
                 Copy the link of an invitation to hand it over yourself."
            .into(),
    }
}

fn told(status: &MailStatus, zone: &str) -> TestLetter {
    let at = when::in_zone(status.at, zone);
    let (tone, words) = match status.state {
        MailState::Queued if status.words.is_empty() => {
            ("wait", "The newest test letter is queued.".to_owned())
        }
        MailState::Queued => {
            ("wait", format!("The newest test letter waits to be tried again: {}", status.words))
        }
        MailState::Sent => ("good", format!("The newest test letter was sent on {at}.")),
        MailState::Failed => ("bad", format!("The newest test letter failed on {at}: {}", status.words)),
    };
    TestLetter { tone, words }
}
