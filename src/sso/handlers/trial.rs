//! A dry run, for an administrator: the whole way to the provider and back, and then what its word would do.

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload};
use serde_json::json;

use super::{settings::shown, start};
use crate::{
    access::actions::ChangeSso,
    base::ids::UserId,
    db::Fault,
    sso::{
        commands,
        model::{Connection, Goal, Vouched},
        pages::TrialPage,
    },
    web::{Anyone, Halt, Problem, SignedIn, reply, url},
};

/// Values by the names of their attributes, as a provider told them.
pub type Told = Vec<(String, Vec<String>)>;

/// Why nothing is vouched for: heading, story, and the word for the audit.
pub struct Untold {
    pub title: String,
    pub story: String,
    pub word: String,
}

/// Begins it, whether single sign-on is on or off.
pub async fn begin(request: HttpRequest, person: SignedIn) -> Result<HttpResponse, Problem> {
    person.actor.may(ChangeSso)?;
    let Some(connection) = shown(&person).await?.connection else {
        return Ok(reply::onward(&request, url::SSO));
    };
    let from = person.visitor.address;
    if let Some(wait) = person.site.db.write(None, move |tx| commands::throttled(tx, from)).await? {
        return Err(Problem::TooOften { wait });
    }
    let goal = Goal::Try { user: person.me.id };
    start::go(&Anyone::of(&request)?, &connection, &person.organization.code, goal).await
}

/// The form of another page is sent here.
pub async fn to_begin(request: HttpRequest, person: SignedIn) -> Result<HttpResponse, Problem> {
    person.actor.may(ChangeSso)?;
    Ok(reply::onward(&request, url::SSO))
}

/// Shows what came of it to whoever began it.
pub async fn show(
    request: &HttpRequest,
    user: UserId,
    connection: Connection,
    told: Result<(Vouched, Told), Untold>,
) -> Result<HttpResponse, Problem> {
    let person = SignedIn::from_request(request, &mut Payload::None).await?;
    let permit = person.actor.may(ChangeSso)?;
    if person.me.id != user || permit.organization() != connection.organization {
        return Err(Problem::NotFound);
    }
    let page = TrialPage::new(person.frame(), connection.is_on);
    match told {
        Ok((vouched, told)) => {
            let (word, own) = (vouched.clone(), connection.clone());
            let tried = person.write(move |tx, actor| {
                Ok::<_, Halt<Fault>>(commands::try_out(tx, &actor.may(ChangeSso)?, &own, &word)?)
            });
            let trial = tried.await?;
            reply::html(&page.of(&connection, &vouched, &told, &trial))
        }
        Err(why) => {
            let word = why.word.clone();
            let noted = person.write(move |tx, actor| {
                let permit = actor.may(ChangeSso)?;
                Ok::<_, Halt<Fault>>(commands::note_trial(tx, &permit, json!({ "why": word }))?)
            });
            noted.await?;
            reply::html(&page.refused(why.title, why.story))
        }
    }
}
