//! Name and time zone.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use crate::{
    account::{
        commands::{self, NameIsProvisioned},
        forms::{ProfileDraft, ProfileErrors},
        pages::ProfileSection,
    },
    web::{Fields, Halt, Problem, SignedIn, Wants, kept, reply, section, url},
};

/// Somebody who signed in again finds here what they had typed.
pub async fn edit(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    let draft = kept::take(&request)
        .map_or_else(|| ProfileDraft::from(&person.me), |fields| ProfileDraft::of(&fields));
    let section = ProfileSection::new(&draft, ProfileErrors::default());
    section::show(&person, &wants, StatusCode::OK, &section)
}

pub async fn update(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let draft = ProfileDraft::of(&fields);
    let profile = match draft.parse() {
        Ok(profile) => profile,
        Err(errors) => {
            let section = ProfileSection::new(&draft, errors);
            return section::show(&person, &wants, StatusCode::UNPROCESSABLE_ENTITY, &section);
        }
    };
    let user = person.me.id;
    let saved = person.write(move |tx, actor| Ok(commands::save_profile(tx, actor, user, &profile)?)).await;
    match saved {
        Ok(()) => Ok(reply::onward_saying(&request, &url::settings_at("profile"), "Profile saved.")),
        Err(Halt::Refused(NameIsProvisioned)) => {
            let words = "Your organization’s identity provider settles your name. It can be changed there.";
            let errors = ProfileErrors { name: Some(words.to_owned()), ..ProfileErrors::default() };
            let section = ProfileSection::new(&draft, errors);
            section::show(&person, &wants, StatusCode::UNPROCESSABLE_ENTITY, &section)
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}
