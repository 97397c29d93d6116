//! Invitations with whom they invite to what, for programs.

use std::collections::BTreeMap;

use crate::{
    access::{Permit, actions::ReadUsers},
    base::ids::{InvitationId, OrganizationId, UserId},
    db::{AnyConnection, Fault},
    groups,
    invitations::{
        model::{Invitation, PendingPlace, Told},
        store,
    },
    mail::{self, MailStatus},
};

/// At most `most` pending invitations after a place, by the names of the invited, or their addresses.
pub fn told_pending(
    conn: &mut AnyConnection,
    permit: &Permit<ReadUsers>,
    after: Option<&PendingPlace>,
    most: i64,
) -> Result<Vec<(PendingPlace, Told)>, Fault> {
    let organization = permit.organization();
    let (places, invitations): (Vec<_>, Vec<_>) =
        store::pending_page(conn, organization, after, most)?.into_iter().unzip();
    Ok(places.into_iter().zip(dressed(conn, organization, invitations)?).collect())
}

/// One invitation in whatever state; nothing when the organization has none by this id.
pub fn told(
    conn: &mut AnyConnection,
    permit: &Permit<ReadUsers>,
    id: InvitationId,
) -> Result<Option<Told>, Fault> {
    let organization = permit.organization();
    let found = store::of_organization(conn, organization, id)?;
    Ok(dressed(conn, organization, found.into_iter().collect())?.pop())
}

fn dressed(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invitations: Vec<Invitation>,
) -> Result<Vec<Told>, Fault> {
    let invited: Vec<UserId> = invitations.iter().filter_map(|it| it.user).collect();
    let inviters = invitations.iter().filter_map(|it| it.inviter);
    let people: Vec<UserId> = invited.iter().copied().chain(inviters).collect();
    let people = store::people(conn, organization, &people)?.into_iter();
    let people: BTreeMap<UserId, store::Person> = people.map(|person| (person.id, person)).collect();
    let groups = groups::of_people(conn, organization, &invited)?;
    let abouts: Vec<String> = invitations.iter().map(Invitation::about).collect();
    let letters = mail::status_of(conn, organization, &abouts)?.into_iter();
    let letters: BTreeMap<String, MailStatus> =
        letters.map(|letter| (letter.about.clone(), letter)).collect();
    let dress = |invitation: Invitation| {
        let person = invitation.user.and_then(|user| people.get(&user));
        let inviter = invitation.inviter.and_then(|inviter| people.get(&inviter));
        Told {
            name: person.map(|person| person.name.clone()).unwrap_or_default(),
            groups: invitation.user.and_then(|user| groups.get(&user).cloned()).unwrap_or_default(),
            inviter: inviter.map(|inviter| inviter.shown().to_owned()).unwrap_or_default(),
            mail: letters.get(&invitation.about()).cloned(),
            invitation,
        }
    };
    Ok(invitations.into_iter().map(dress).collect())
}
