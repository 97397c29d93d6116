//! The console's own acts, each with its name in the catalogue. A permit is for exactly one of these.

use crate::base::ids::{AccessRequestId, AccessTokenId, GroupId, InvitationId, JobId, PolicyId, UserId};

/// Something that needs a permit.
pub trait Action: Send {
    /// Its name in the catalogue.
    const NAME: &'static str;
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $action:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;
            impl Action for $name {
                const NAME: &'static str = $action;
            }
        )*
        /// The names of all of them, for the test that compares them with the catalogue.
        pub const NAMES: &[&str] = &[$($action),*];
    };
}

macro_rules! actions_with_bodies {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* } = $action:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name { $(pub $field: $type),* }
            impl Action for $name {
                const NAME: &'static str = $action;
            }
        )*
        /// The names of those that have a target.
        pub const TARGETED_NAMES: &[&str] = &[$($action),*];
    };
}

actions! {
    ReadUsers = "iam.users.read";
    InviteUsers = "iam.users.invite";
    ReadGroups = "iam.groups.read";
    ReadAudit = "iam.audit.read";
    ReadOrganization = "iam.organization.read";
    SendTestLetter = "iam.mail.test";
    /// What holds for everyone: name, second factor, sessions, invitations.
    ChangeOrganization = "iam.organization.write";
    ReadSso = "iam.sso.read";
    /// Setting up the organization's own provider, and requiring it.
    ChangeSso = "iam.sso.write";
    CreateGroup = "iam.groups.write";
    ReadPolicies = "iam.policies.read";
    CreatePolicy = "iam.policies.write";
    ReadRoles = "iam.roles.read";
    /// Asking what somebody else may do.
    CheckOthers = "iam.access.check";
    /// Asking whose token a secret is, in the manner of RFC 7662.
    IntrospectTokens = "iam.tokens.introspect";
    /// Everybody's tokens, without their secrets.
    ReadTokens = "iam.tokens.read";
    ListOwnTokens = "tokens.list";
    CreateToken = "tokens.create";
    ReadRequests = "requests.read";
    /// How an identity provider provisions the organization, and what it did.
    ReadScim = "iam.scim.read";
    /// Turning provisioning on and off, its tokens, and the groups it may look after.
    ConfigureScim = "iam.scim.write";
}

actions_with_bodies! {
    ResendInvitation { of: InvitationId } = "iam.users.resend";
    RevokeInvitation { of: InvitationId } = "iam.users.revoke";
    /// Correcting the address of an invitation, or the name of a person.
    EditUser { of: UserId } = "iam.users.edit";
    DeactivateUser { of: UserId } = "iam.users.deactivate";
    ReactivateUser { of: UserId } = "iam.users.reactivate";
    ResetSecondFactor { of: UserId } = "iam.users.reset_second_factor";
    EndSessions { of: UserId } = "iam.users.end_sessions";
    /// Making somebody set a new password by a mailed link.
    RequirePassword { of: UserId } = "iam.users.require_password";
    ChangeMemberships { of: UserId } = "iam.memberships.write";
    ReadGroup { of: GroupId } = "iam.groups.read";
    ChangeGroup { of: GroupId } = "iam.groups.write";
    DeleteGroup { of: GroupId } = "iam.groups.write";
    /// Adding people to a group and taking them out, from the group's side.
    ChangeMembers { of: GroupId } = "iam.memberships.write";
    ChangePolicy { of: PolicyId } = "iam.policies.write";
    DeletePolicy { of: PolicyId } = "iam.policies.write";
    RevokeToken { of: AccessTokenId } = "iam.tokens.revoke";
    RevokeOwnToken { of: AccessTokenId } = "tokens.revoke";
    DecideRequest { of: AccessRequestId } = "requests.decide";
    /// Taking a role away that somebody holds by an approved request.
    EndGrant { of: AccessRequestId } = "requests.end";
    /// Looking at work that runs for the organization.
    ReadJob { of: JobId } = "iam.users.read";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Catalogue;

    #[test]
    fn every_act_of_the_console_stands_in_the_catalogue() {
        let catalogue = Catalogue::built_in().unwrap();
        for name in NAMES.iter().chain(TARGETED_NAMES) {
            assert!(catalogue.has_action(name), "{name}");
        }
    }
}
