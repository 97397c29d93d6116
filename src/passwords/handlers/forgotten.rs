//! Asking for a link.

use actix_web::HttpResponse;

use crate::{
    passwords::{
        commands,
        forms::AddressDraft,
        pages::{AskedPage, ForgottenPage},
    },
    web::{Anyone, Fields, Problem, reply},
};

pub async fn show(anyone: Anyone) -> Result<HttpResponse, Problem> {
    reply::html(&ForgottenPage::new(anyone.frame(), "", None))
}

/// The same answer, after the same work, for every address: whose it is, is found out afterwards.
pub async fn ask(anyone: Anyone, fields: Fields) -> Result<HttpResponse, Problem> {
    let draft = AddressDraft::of(&fields);
    let email = match draft.parse() {
        Ok(email) => email,
        Err(error) => {
            return reply::unprocessable(&ForgottenPage::new(anyone.frame(), &draft.email, Some(error)));
        }
    };
    let (from, origin, wanted) = (anyone.visitor.address, anyone.visitor.origin(), email.clone());
    let wait = anyone.site.db.write(None, move |tx| commands::ask(tx, &wanted, from, &origin)).await?;
    match wait {
        Some(wait) => Err(Problem::TooOften { wait }),
        None => reply::html(&AskedPage { frame: anyone.frame(), email: email.to_string() }),
    }
}
