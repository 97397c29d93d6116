//! Somebody whose account elsewhere signs nobody in yet: an invitation is needed, or is there already.

use actix_web::{HttpRequest, HttpResponse};

use super::open::begin;
use crate::{
    access::ProofMethod,
    base::ids::InvitationId,
    db::Stop,
    invitations::{
        commands::{self, Acceptance, NotAccepted, WayIn},
        forms,
        model::Offer,
        pages::{JoinDraft, JoinErrors, JoinPage, Joined},
        words,
    },
    sign_in,
    social::{self, Vouched},
    web::{Anyone, Browser, Fields, Problem, reply, url},
};

/// Who came with an account that a provider vouches for, and the invitations that wait for its addresses.
struct Newcomer {
    anyone: Anyone,
    vouched: Vouched,
    awaited: Vec<Offer>,
}

impl Newcomer {
    /// Nothing when nobody is vouched for, or somebody is signed in.
    async fn receive(anyone: Anyone) -> Result<Option<Self>, Problem> {
        let (db, now) = (&anyone.site.db, anyone.site.db.now());
        let Some(vouched) = social::kept(&anyone.session, now) else { return Ok(None) };
        if anyone.signed_in().await?.is_some() {
            return Ok(None);
        }
        let addresses = vouched.parsed();
        let awaited = db.read(move |conn| commands::awaited_by(conn, &addresses, now)).await?;
        Ok(Some(Self { anyone, vouched, awaited }))
    }

    fn page(&self, name: &str, errors: JoinErrors) -> JoinPage {
        let joined = self.awaited.iter().map(|offer| Joined::of(offer, offer.id.to_string())).collect();
        let draft = JoinDraft { name, errors, action: url::JOIN.to_owned() };
        JoinPage::new(self.anyone.frame(), &self.vouched, joined, draft)
    }
}

pub async fn show(request: HttpRequest, anyone: Anyone) -> Result<HttpResponse, Problem> {
    let Some(newcomer) = Newcomer::receive(anyone).await? else {
        return Ok(reply::onward(&request, url::SIGN_IN));
    };
    let known = newcomer.awaited.iter().map(|awaited| &awaited.name).chain([&newcomer.vouched.name]);
    let name = known.into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_default();
    reply::html(&newcomer.page(&name, JoinErrors::default()))
}

pub async fn create(request: HttpRequest, anyone: Anyone, fields: Fields) -> Result<HttpResponse, Problem> {
    let Some(newcomer) = Newcomer::receive(anyone).await? else {
        return Ok(reply::onward(&request, url::SIGN_IN));
    };
    let id: InvitationId = fields.get("invitation").parse().map_err(|_| Problem::NotFound)?;
    let typed = fields.get("name");
    let Some(awaited) = newcomer.awaited.iter().find(|awaited| awaited.id == id) else {
        let whole = Some("That invitation is not open any more.".to_owned());
        return reply::unprocessable(&newcomer.page(typed, JoinErrors { name: None, whole }));
    };
    let name = match forms::name(&fields) {
        Ok(name) => name,
        Err(words) => {
            let errors = JoinErrors { name: Some(words), whole: None };
            return reply::unprocessable(&newcomer.page(typed, errors));
        }
    };
    let acceptance = Acceptance { name, way_in: WayIn::Account(newcomer.vouched.clone()) };
    let (db, origin, organization) =
        (&newcomer.anyone.site.db, newcomer.anyone.visitor.origin(), awaited.organization);
    let browser = Browser::of(&request);
    let own = browser.clone();
    let joined = db.write(organization, move |tx| -> Result<_, Stop<NotAccepted>> {
        let accepted = commands::join(tx, (organization, id), &acceptance, &origin)?;
        sign_in::completed(tx, &accepted.entering, &own)?;
        Ok(accepted)
    });
    let words = match joined.await {
        Ok(accepted) => {
            let name = &awaited.organization_name;
            return begin((&request, &browser), &newcomer.anyone, accepted, ProofMethod::Social, name).await;
        }
        Err(Stop::Fault(fault)) => return Err(fault.into()),
        Err(Stop::Refused(NotAccepted::OnlyBySso)) => {
            return sign_in::only_by_sso(&newcomer.anyone, awaited.organization_name.clone());
        }
        Err(Stop::Refused(NotAccepted::AnothersAlready)) => {
            words::anothers_already(newcomer.vouched.provider, &awaited.organization_name)
        }
        Err(Stop::Refused(NotAccepted::Gone(_) | NotAccepted::OtherAddress)) => {
            "That invitation is not open any more.".to_owned()
        }
    };
    reply::unprocessable(&newcomer.page(typed, JoinErrors { name: None, whole: Some(words) }))
}
