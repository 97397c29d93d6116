//! Linking a group that the provider pushed to the one of its name.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use crate::{
    access::actions::ConfigureScim,
    base::ids::GroupId,
    scim::{
        commands,
        model::{LinkRefusal, Waiting},
        pages::LinkPage,
    },
    web::{Fields, Halt, Problem, SignedIn, Wants, page::ToastKind, reply, url},
};

pub async fn linking(person: SignedIn, wants: Wants, path: Path<String>) -> Result<HttpResponse, Problem> {
    let page = LinkPage::new(&person, known(&person, id(&path)?).await?, None);
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

async fn known(person: &SignedIn, id: GroupId) -> Result<Waiting, Problem> {
    let found = person
        .read(move |conn, actor| Ok::<_, Problem>(commands::linking(conn, &actor.may(ConfigureScim)?, id)?))
        .await?;
    found.ok_or(Problem::NotFound)
}

pub async fn link(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let id = id(&path)?;
    known(&person, id).await?;
    person.needs_fresh_proof()?;
    let seen: Vec<String> = fields.get("roles").split_whitespace().take(500).map(str::to_owned).collect();
    let linked =
        person.write(move |tx, actor| Ok(commands::link(tx, actor.may(ConfigureScim)?, id, &seen)?)).await;
    match linked {
        Ok(name) => {
            let words = format!("The provider looks after {name} from its next push on.");
            Ok(reply::onward_saying(&request, url::SCIM, words))
        }
        Err(Halt::Refused(LinkRefusal::NoSuchGroup)) => Err(Problem::NotFound),
        Err(Halt::Refused(LinkRefusal::LinkedAlready)) => {
            reply::flash(&request, ToastKind::Notice, "That group was linked already.");
            Ok(reply::onward(&request, url::SCIM))
        }
        Err(Halt::Refused(LinkRefusal::Changed)) => {
            let words = "What the group carries has changed meanwhile. This is how it is now.";
            let page = LinkPage::new(&person, known(&person, id).await?, Some(words));
            reply::page_or_dialog(&wants, StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

fn id(path: &Path<String>) -> Result<GroupId, Problem> {
    path.parse().map_err(|_| Problem::NotFound)
}
