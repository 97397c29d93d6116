//! The password of who is signed in.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use crate::{
    access::{Proof, ProofMethod},
    passwords::{
        commands,
        forms::{ChangeDraft, ChangeErrors, ChangeFilled},
        model::Holder,
        pages::PasswordSection,
        presented::is_right,
        words,
    },
    web::{
        Fields, Halt, Problem, SignedIn, Wants, reply, section,
        session::{self, Entering, Stage},
        url,
    },
};

/// The section of the settings, for this person.
pub async fn section(person: &SignedIn) -> Result<PasswordSection, Problem> {
    Ok(drawn(person, &holder(person).await?, ChangeErrors::default()))
}

async fn holder(person: &SignedIn) -> Result<Holder, Problem> {
    let user = person.me.id;
    let found = person.read(move |conn, _| commands::holder(conn, user)).await?;
    found.ok_or(Problem::NotFound)
}

fn drawn(person: &SignedIn, holder: &Holder, errors: ChangeErrors) -> PasswordSection {
    PasswordSection::new(&holder.email, holder.rules(person.site.db.now()).minimum, errors)
}

pub async fn show(person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    section::show(&person, &wants, StatusCode::OK, &section(&person).await?)
}

pub async fn change(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let holder = holder(&person).await?;
    let filled = match ChangeDraft::of(&fields).parse(&holder, person.site.db.now()) {
        Ok(filled) => filled,
        Err(errors) => return refused(&person, &wants, &holder, errors),
    };
    match save(&person, &holder, &filled).await? {
        Ok(entering) => {
            go_on(&person, entering)?;
            Ok(reply::onward_saying(&request, &url::settings_at("password"), words::SAVED))
        }
        Err(words) => {
            let errors = ChangeErrors { current: Some(words.to_owned()), ..ChangeErrors::default() };
            refused(&person, &wants, &holder, errors)
        }
    }
}

fn refused(
    person: &SignedIn,
    wants: &Wants,
    holder: &Holder,
    errors: ChangeErrors,
) -> Result<HttpResponse, Problem> {
    section::show(person, wants, StatusCode::UNPROCESSABLE_ENTITY, &drawn(person, holder, errors))
}

/// The new password is hashed only when the current one is right, and before the transaction opens. It takes the place
/// of the hash that was there when the request came: in between nobody else may have set another.
async fn save(
    person: &SignedIn,
    holder: &Holder,
    filled: &ChangeFilled,
) -> Result<Result<Entering, &'static str>, Problem> {
    let (site, visitor, user) = (&person.site, &person.visitor, person.me.id);
    let Some(stored) = holder.credential.as_ref().map(|it| it.hash.clone()) else {
        return Ok(Err(words::WRONG));
    };
    if !is_right(site, visitor, user, &filled.current).await? {
        return Ok(Err(words::WRONG));
    }
    let hash = site.hasher.hash(visitor.address, filled.new.expose().to_owned()).await?;
    let changed = person.write(move |tx, actor| Ok(commands::change(tx, actor, user, &stored, &hash)?)).await;
    match changed {
        Ok(entering) => Ok(Ok(entering)),
        Err(Halt::Refused(commands::Overtaken)) => Ok(Err(words::OVERTAKEN)),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

/// Every session has ended; this browser goes on in a new one, with the password as a fresh proof.
fn go_on(person: &SignedIn, entering: Entering) -> Result<(), Problem> {
    let fresh = Proof { method: ProofMethod::Password, at: person.site.db.now() };
    let mut proofs = person.who.proofs.clone();
    proofs.retain(|proof| proof.method != ProofMethod::Password);
    proofs.push(fresh);
    session::begin(&person.session, &person.visitor, entering, Stage::Full, proofs)
}
