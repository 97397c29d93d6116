//! What somebody does who came by a link.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use crate::{
    base::{ids::PasswordResetId, password::NewPassword},
    crypto::signing::Purpose,
    db::Stop,
    mail::letters::Reset,
    passwords::{
        commands,
        forms::ResetDraft,
        model::{Gone, Opened},
        pages::{ResetPage, StoryPage},
        words,
    },
    web::{Anyone, Fields, Problem, reply, url},
};

/// A link that was opened.
struct Guest {
    anyone: Anyone,
    token: String,
    id: PasswordResetId,
    opened: Opened,
}

impl Guest {
    /// A token that was never issued is not found, whatever it says.
    async fn receive(anyone: Anyone, path: Path<String>) -> Result<Self, Problem> {
        let token = path.into_inner();
        let site = &anyone.site;
        let named = site.signer.open(Purpose::PasswordReset, &token).ok_or(Problem::NotFound)?;
        let (id, now) = (PasswordResetId::of(named.id), site.db.now());
        let opened = site.db.read(move |conn| commands::look_at(conn, id, now)).await?;
        Ok(Self { token, id, opened: opened.ok_or(Problem::NotFound)?, anyone })
    }

    fn form(&self, error: Option<String>) -> ResetPage {
        ResetPage::new(self.anyone.frame(), &self.token, &self.opened, self.anyone.site.db.now(), error)
    }

    fn story(&self, gone: Gone) -> Result<HttpResponse, Problem> {
        match gone {
            Gone::NeverIssued => Err(Problem::NotFound),
            gone => reply::with_status(StatusCode::GONE, &StoryPage::new(self.anyone.frame(), gone)),
        }
    }

    /// Where an administrator wants a new password, it is another one than before.
    async fn is_as_before(&self, new: &NewPassword) -> Result<bool, Problem> {
        let credential = self.opened.holder.credential.as_ref();
        let Some(before) = credential.filter(|_| self.opened.link.why == Reset::Required) else {
            return Ok(false);
        };
        let (hasher, from) = (&self.anyone.site.hasher, self.anyone.visitor.address);
        let [checked] = hasher.check(from, new.expose().to_owned(), [Some(before.hash.clone())]).await?;
        Ok(checked.matches)
    }

    /// The password is hashed before the transaction opens.
    async fn set(&self, new: &NewPassword) -> Result<Result<(), Gone>, Problem> {
        let (site, visitor, id) = (&self.anyone.site, &self.anyone.visitor, self.id);
        let hash = site.hasher.hash(visitor.address, new.expose().to_owned()).await?;
        let (organization, origin) = (self.opened.holder.organization, visitor.origin());
        match site.db.write(organization, move |tx| commands::reset(tx, id, &hash, &origin)).await {
            Ok(()) => Ok(Ok(())),
            Err(Stop::Refused(gone)) => Ok(Err(gone)),
            Err(Stop::Fault(fault)) => Err(fault.into()),
        }
    }
}

pub async fn show(anyone: Anyone, path: Path<String>) -> Result<HttpResponse, Problem> {
    let guest = Guest::receive(anyone, path).await?;
    match guest.opened.state {
        Ok(()) => reply::html(&guest.form(None)),
        Err(gone) => guest.story(gone),
    }
}

pub async fn reset(
    request: HttpRequest,
    anyone: Anyone,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let guest = Guest::receive(anyone, path).await?;
    if let Err(gone) = guest.opened.state {
        return guest.story(gone);
    }
    let new = match ResetDraft::of(&fields).parse(&guest.opened.holder, guest.anyone.site.db.now()) {
        Ok(new) => new,
        Err(error) => return reply::unprocessable(&guest.form(Some(error))),
    };
    if guest.is_as_before(&new).await? {
        return reply::unprocessable(&guest.form(Some(words::SAME_AS_BEFORE.to_owned())));
    }
    if let Err(gone) = guest.set(&new).await? {
        return guest.story(gone);
    }
    // Whoever this browser was signed in as, its session may just have ended: it begins anew, as nobody's.
    guest.anyone.session.clear();
    guest.anyone.session.renew();
    Ok(reply::onward_saying(&request, url::SIGN_IN, words::RESET))
}
