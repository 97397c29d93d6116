//! One function for each path, so that a page that moves does not leave links behind.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::base::ids::{
    AccessRequestId, AccessTokenId, GroupId, InvitationId, JobId, PasskeyId, PolicyId, ScimTokenId,
    SessionId, UserId,
};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub const HOME: &str = "/";
pub const SETUP: &str = "/setup";
pub const SIGN_IN: &str = "/sign-in";
pub const CHOOSE_ACCOUNT: &str = "/sign-in/organization";
pub const SIGN_OUT: &str = "/sign-out";
pub const SETTINGS: &str = "/account/settings";
pub const THEME: &str = "/account/theme";
pub const SECOND_FACTOR: &str = "/sign-in/second-factor";
pub const ENROL: &str = "/sign-in/second-factor/set-up";
pub const ENROL_KEY: &str = "/sign-in/second-factor/set-up/key";
pub const ENROL_PASSKEY: &str = "/sign-in/second-factor/set-up/passkey";
pub const ENROL_PASSKEY_BEGIN: &str = "/sign-in/second-factor/set-up/passkey/begin";
pub const PROVE: &str = "/account/prove";
pub const PROFILE: &str = "/account/profile";
pub const EMAIL: &str = "/account/email";
pub const PASSWORD: &str = "/account/password";
pub const PASSWORD_FORGOTTEN: &str = "/password/forgotten";
pub const TWO_FACTOR: &str = "/account/two-factor";
pub const TWO_FACTOR_ENABLE: &str = "/account/two-factor/enable";
pub const TWO_FACTOR_KEY: &str = "/account/two-factor/key";
pub const TWO_FACTOR_DISABLE: &str = "/account/two-factor/disable";
pub const RECOVERY_CODES: &str = "/account/two-factor/recovery-codes";
pub const RECOVERY_CODES_TXT: &str = "/account/two-factor/recovery-codes.txt";
pub const PASSKEYS: &str = "/account/passkeys";
pub const PASSKEY_BEGIN: &str = "/account/passkeys/begin";
pub const PASSKEY_PROVE: &str = "/account/passkeys/prove";
pub const PASSKEY_PROVE_BEGIN: &str = "/account/passkeys/prove/begin";
pub const PASSKEY_SIGN_IN: &str = "/sign-in/passkey";
pub const PASSKEY_SIGN_IN_BEGIN: &str = "/sign-in/passkey/begin";
pub const LINKED: &str = "/account/linked";
pub const JOIN: &str = "/invitations/join";
pub const SESSIONS: &str = "/account/sessions";
pub const CANCEL_EMAIL: &str = "/account/email/cancel";
pub const END_OTHER_SESSIONS: &str = "/account/sessions/end-others";
pub const USERS: &str = "/organization/users";
pub const USERS_CSV: &str = "/organization/users.csv";
pub const USERS_SELECTED: &str = "/organization/users/selected";
pub const INVITE: &str = "/organization/users/invite";
pub const SEND_INVITATION_AGAIN: &str = "/invitations/send-again";
pub const ORGANIZATION: &str = "/organization/settings";
pub const ORGANIZATION_NAME: &str = "/organization/settings/name";
pub const ORGANIZATION_SECOND_FACTOR: &str = "/organization/settings/second-factor";
pub const ORGANIZATION_SESSIONS: &str = "/organization/settings/sessions";
pub const ORGANIZATION_DOMAINS: &str = "/organization/settings/domains";
pub const ORGANIZATION_INVITATIONS: &str = "/organization/settings/invitations";
pub const AUDIT_STREAM: &str = "/organization/settings/audit-stream";
pub const GROUPS: &str = "/organization/groups";
pub const GROUP_CREATE: &str = "/organization/groups/create";
pub const POLICIES: &str = "/organization/iam/access-policies";
pub const POLICY_CREATE: &str = "/organization/iam/access-policies/create";
pub const ROLES: &str = "/organization/iam/roles";
pub const ACCESS_REQUESTS: &str = "/organization/iam/access-requests";
pub const REQUEST_ACCESS: &str = "/organization/iam/access-requests/new";
pub const SCIM: &str = "/organization/iam/scim";
pub const SCIM_ENABLE: &str = "/organization/iam/scim/enable";
pub const SCIM_DISABLE: &str = "/organization/iam/scim/disable";
pub const SCIM_TOKEN_NEW: &str = "/organization/iam/scim/tokens/new";
pub const SSO: &str = "/organization/iam/sso";
pub const SSO_OIDC: &str = "/organization/iam/sso/oidc";
pub const SSO_SAML: &str = "/organization/iam/sso/saml";
pub const SSO_TRY: &str = "/organization/iam/sso/try";
pub const SSO_DEPLOY: &str = "/organization/iam/sso/deploy";
pub const SSO_REQUIRE: &str = "/organization/iam/sso/require";
pub const SSO_SIGN_IN: &str = "/sign-in/sso";
pub const SSO_PROVE: &str = "/account/prove/sso";
pub const SSO_OWN: &str = "/account/single-sign-on";
pub const SSO_UNLINK: &str = "/account/single-sign-on/unlink";
pub const AUDIT: &str = "/organization/audit";
pub const AUDIT_CSV: &str = "/organization/audit.csv";
pub const AUDIT_JSONL: &str = "/organization/audit.jsonl";
pub const TOKENS: &str = "/tokens";
pub const TOKEN_NEW: &str = "/tokens/new";
pub const TEST_LETTER: &str = "/organization/settings/test-letter";

/// The way to a provider begins here, and ends at [`auth_callback`], which is the redirect address registered there.
pub fn auth_start(provider: &str) -> String {
    format!("/auth/{provider}/start")
}

/// Whether identity providers ask for it.
pub fn is_scim(path: &str) -> bool {
    path == "/scim" || path.starts_with("/scim/")
}

pub fn auth_callback(provider: &str) -> String {
    format!("/auth/{provider}/callback")
}

/// The redirect address of an organization's OpenID Connect connection, by its Org ID.
pub fn oidc_callback(code: &str) -> String {
    format!("/accounts/oidc/{code}/callback")
}

pub fn sso_sign_in_and_return(to: &str) -> String {
    match to {
        "" | HOME => SSO_SIGN_IN.to_owned(),
        to => format!("{SSO_SIGN_IN}?return_to={}", encoded(to)),
    }
}

pub fn auth_prove(provider: &str) -> String {
    format!("/auth/{provider}/prove")
}

/// What identity providers, and browsers on their way to one, ask for of an organization, by its code: `metadata`, `login`,
/// `acs`, `finish`.
pub fn saml(code: &str, act: &str) -> String {
    format!("/accounts/saml/{code}/{act}")
}

pub fn link_account(provider: &str) -> String {
    format!("{LINKED}/{provider}")
}

pub fn unlink_account(provider: &str) -> String {
    format!("{LINKED}/{provider}/unlink")
}

pub fn revoke_token(id: AccessTokenId) -> String {
    format!("{TOKENS}/{id}/revoke")
}

pub fn revoke_scim_token(id: ScimTokenId) -> String {
    format!("{SCIM}/tokens/{id}/revoke")
}

pub fn link_scim_group(id: GroupId) -> String {
    format!("{SCIM}/groups/{id}/link")
}

pub fn user(id: UserId) -> String {
    format!("{USERS}/{id}")
}

pub fn deactivate(id: UserId) -> String {
    format!("{USERS}/{id}/deactivate")
}

pub fn reactivate(id: UserId) -> String {
    format!("{USERS}/{id}/reactivate")
}

pub fn reset_second_factor(id: UserId) -> String {
    format!("{USERS}/{id}/second-factor")
}

pub fn access_request(id: AccessRequestId) -> String {
    format!("{ACCESS_REQUESTS}/{id}")
}

pub fn on_access_request(id: AccessRequestId, act: &str) -> String {
    format!("{ACCESS_REQUESTS}/{id}/{act}")
}

pub fn end_sessions(id: UserId) -> String {
    format!("{USERS}/{id}/end-sessions")
}

pub fn end_session(id: SessionId) -> String {
    format!("{SESSIONS}/{id}/end")
}

pub fn require_password(id: UserId) -> String {
    format!("{USERS}/{id}/password")
}

pub fn password_reset(token: &str) -> String {
    format!("/password/reset/{token}")
}

pub fn user_groups(id: UserId) -> String {
    format!("{USERS}/{id}/groups")
}

pub fn group(id: GroupId) -> String {
    format!("{GROUPS}/{id}")
}

/// An act on a group: `edit`, `delete`, `members` (adding some), `remove` (some).
pub fn group_act(id: GroupId, act: &str) -> String {
    format!("{GROUPS}/{id}/{act}")
}

pub fn role(id: &str) -> String {
    format!("{ROLES}/{}", encoded(id))
}

pub fn policy(id: PolicyId) -> String {
    format!("{POLICIES}/{id}")
}

pub fn delete_policy(id: PolicyId) -> String {
    format!("{POLICIES}/{id}/delete")
}

pub fn job(id: JobId) -> String {
    format!("{USERS}/jobs/{id}")
}

pub fn pending(id: InvitationId, act: &str) -> String {
    format!("{USERS}/invitations/{id}/{act}")
}

pub fn invitation(token: &str) -> String {
    format!("/invitations/{token}")
}

/// Where an invitation is accepted with an account elsewhere.
pub fn join_invitation(token: &str) -> String {
    format!("/invitations/{token}/join")
}

/// The audit of one thing, by its kind (`user`, `group`, `policy`, `token`, `access_request`, `invitation`) and id; of a
/// person, what they did as well.
pub fn audit_of(kind: &str, id: impl std::fmt::Display) -> String {
    format!("{AUDIT}?of={kind}%3A{id}")
}

/// A path with these values as its query.
pub fn with_query(path: &str, pairs: &[(&str, String)]) -> String {
    let mut address = path.to_owned();
    for (number, (name, value)) in pairs.iter().enumerate() {
        address.push(if number == 0 { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        address.push_str(&encoded(value));
    }
    address
}

/// A section of the organization's settings, by the id of its element.
pub fn organization_at(section: &str) -> String {
    format!("{ORGANIZATION}#{section}")
}

pub fn browser(token: &str) -> String {
    format!("{SIGN_IN}/browser/{token}")
}

pub fn confirm_email(token: &str) -> String {
    format!("{EMAIL}/confirm/{token}")
}

pub fn undo_email(token: &str) -> String {
    format!("{EMAIL}/undo/{token}")
}

/// A section of one's settings, by the id of its element.
pub fn settings_at(section: &str) -> String {
    format!("{SETTINGS}#{section}")
}

pub fn prove_and_return(to: &str) -> String {
    format!("{PROVE}?return_to={}", encoded(to))
}

pub fn passkey(id: PasskeyId) -> String {
    format!("{PASSKEYS}/{id}")
}

pub fn remove_passkey(id: PasskeyId) -> String {
    format!("{PASSKEYS}/{id}/remove")
}

pub fn second_factor_and_return(to: &str) -> String {
    format!("{SECOND_FACTOR}?return_to={}", encoded(to))
}

pub fn enrol_and_return(to: &str) -> String {
    format!("{ENROL}?return_to={}", encoded(to))
}

pub fn setup(token: &str) -> String {
    format!("{SETUP}?token={}", encoded(token))
}

pub fn sign_in_and_return(to: &str) -> String {
    format!("{SIGN_IN}?return_to={}", encoded(to))
}

/// Text as a value in a query string.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// The path when it leads to a page of ours; nothing for another host, another scheme or a trick.
pub fn local(path: &str) -> Option<&str> {
    let is_plain = path.bytes().all(|b| (0x21..0x7f).contains(&b) && b != b'\\');
    (path.starts_with('/') && !path.starts_with("//") && is_plain && path.len() <= 2_000).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_ours_is_returned_to() {
        assert_eq!(local("/organization/users?q=ada%20l"), Some("/organization/users?q=ada%20l"));
        for trick in
            ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "evil", "", "/a b"]
        {
            assert_eq!(local(trick), None, "{trick:?}");
        }
    }
}
