//! Proving oneself anew over HTTP.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};

use super::{
    forms::{self, Errors, Proving, WRONG_PASSWORD},
    pages::{Means, ProvePage},
};
use crate::{
    access::{Proof, ProofMethod},
    db::Fault,
    passwords,
    second_factor::{self, Presented, Presenter, Verdict},
    social, sso,
    web::{
        Fields, Halt, Problem, SignedIn,
        form::Query,
        reply,
        session::{self, Stage},
        url,
    },
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(web::resource(url::PROVE).get(show).post(create));
}

async fn show(person: SignedIn, query: Query) -> Result<HttpResponse, Problem> {
    let means = means(&person).await?;
    reply::html(&page(&person, &means, &forms::goal(&query.0), Errors::default()))
}

async fn create(request: HttpRequest, person: SignedIn, fields: Fields) -> Result<HttpResponse, Problem> {
    let (means, goal) = (means(&person).await?, forms::goal(&fields));
    let proved = match forms::read(&fields, means.standing.since.is_some()) {
        Ok(proving) => prove(&person, proving).await?,
        Err(errors) => Err(errors),
    };
    match proved {
        Ok(methods) => {
            add(&person, &methods)?;
            Ok(reply::onward(&request, &goal))
        }
        Err(errors) => reply::unprocessable(&page(&person, &means, &goal, errors)),
    }
}

fn page(person: &SignedIn, means: &Means, goal: &str, errors: Errors) -> ProvePage {
    ProvePage::new(person.frame(), (person.me.email.clone(), means), goal, errors)
}

async fn means(person: &SignedIn) -> Result<Means, Problem> {
    let (user, issuers) = (person.me.id, person.site.settings.issuers());
    let means = person.read(move |conn, _| -> Result<Means, Fault> {
        let standing = second_factor::standing(conn, user)?;
        let providers = social::ways(conn, user, &issuers)?;
        Ok(Means { standing, providers, has_sso: sso::is_a_way(conn, user)? })
    });
    Ok(means.await?)
}

/// By which means it was proved. A code is used up only after the password was right.
async fn prove(person: &SignedIn, proving: Proving) -> Result<Result<Vec<ProofMethod>, Errors>, Problem> {
    let (site, visitor, user) = (&person.site, &person.visitor, person.me.id);
    if !passwords::is_right(site, visitor, user, &proving.password).await? {
        return Ok(Err(Errors { password: Some(WRONG_PASSWORD.to_owned()), ..Errors::default() }));
    }
    let mut methods = vec![ProofMethod::Password];
    if let Some(presented) = proving.code {
        match try_code(person, presented).await? {
            Verdict::Right(method) => methods.push(method),
            Verdict::Wait(wait) => return Err(Problem::TooOften { wait }),
            // Switched off in another browser meanwhile.
            Verdict::Off => {}
            Verdict::Wrong => {
                let code = Some(second_factor::WRONG_CODE.to_owned());
                return Ok(Err(Errors { code, ..Errors::default() }));
            }
        }
    }
    Ok(Ok(methods))
}

async fn try_code(person: &SignedIn, presented: Presented) -> Result<Verdict, Problem> {
    let who = Presenter {
        organization: person.organization.id,
        user: person.me.id,
        from: person.visitor.address,
        origin: person.visitor.origin(),
    };
    let site = person.site.clone();
    let tried = person
        .write(move |tx, _| Ok::<_, Halt<Fault>>(second_factor::try_code(tx, &site, &who, &presented)?));
    Ok(tried.await?)
}

/// The session goes on under a new id, with these proofs beside the earlier ones.
fn add(person: &SignedIn, methods: &[ProofMethod]) -> Result<(), Problem> {
    let mut who = person.who.clone();
    for &method in methods {
        let proof = Proof { method, at: person.site.db.now() };
        session::prove(&person.session, &who, proof, Stage::Full)?;
        who = session::who(&person.session).unwrap_or(who);
    }
    Ok(())
}
