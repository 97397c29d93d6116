//! The words of each action, by the part of the console it belongs to.

/// How an action is called, and how it is told of somebody; `{}` stands for whom or what it was done to.
pub struct Words {
    pub action: &'static str,
    pub area: &'static str,
    pub label: &'static str,
    told: Told,
}

enum Told {
    Once(&'static str),
    /// The same action makes, changes and removes: nothing was before, something was both, nothing is after.
    ByWhatChanged {
        made: &'static str,
        changed: &'static str,
        removed: &'static str,
    },
}

impl Words {
    pub fn phrase(&self, was_nothing: bool, is_nothing: bool) -> &'static str {
        match self.told {
            Told::Once(phrase) => phrase,
            Told::ByWhatChanged { made, .. } if was_nothing && !is_nothing => made,
            Told::ByWhatChanged { removed, .. } if is_nothing && !was_nothing => removed,
            Told::ByWhatChanged { changed, .. } => changed,
        }
    }
}

const fn once(area: &'static str, action: &'static str, label: &'static str, phrase: &'static str) -> Words {
    Words { action, area, label, told: Told::Once(phrase) }
}

const fn three(
    area: &'static str,
    action: &'static str,
    label: &'static str,
    [made, changed, removed]: [&'static str; 3],
) -> Words {
    Words { action, area, label, told: Told::ByWhatChanged { made, changed, removed } }
}

const PEOPLE: &str = "People";
const ACCESS: &str = "Groups and access";
const ACCOUNT: &str = "Own account";
const SIGN_IN: &str = "Signing in";
const ORGANIZATION: &str = "Organization";

/// What people do to their own account that a token tells of them: their name, their address, their time zone.
const TOLD_BY_TOKENS: [&str; 3] = ["account.profile", "account.email", "account.email_undo"];

/// Whether an action may change what somebody may do in the organization, or what a token tells of whom it belongs to;
/// of one without words it is assumed.
pub fn may_change_access(action: &str) -> bool {
    let words = ACTIONS.iter().find(|words| words.action == action);
    let is_own = |words: &Words| words.area == SIGN_IN || words.area == ACCOUNT;
    words.is_none_or(|words| !is_own(words) || TOLD_BY_TOKENS.contains(&action))
}

pub const ACTIONS: &[Words] = &[
    once(PEOPLE, "iam.users.invite", "Invite", "invited {}"),
    once(PEOPLE, "iam.users.resend", "Send an invitation again", "sent the invitation of {} again"),
    once(PEOPLE, "iam.users.revoke", "Revoke an invitation", "revoked the invitation of {}"),
    once(PEOPLE, "iam.users.edit", "Correct an address or name", "corrected the address of {}"),
    once(PEOPLE, "iam.users.deactivate", "Deactivate", "deactivated {}"),
    once(PEOPLE, "iam.users.reactivate", "Reactivate", "reactivated {}"),
    once(PEOPLE, "iam.users.reset_second_factor", "Reset a second factor", "reset the second factor of {}"),
    once(PEOPLE, "iam.users.end_sessions", "End sessions", "ended the sessions of {}"),
    once(PEOPLE, "iam.users.require_password", "Require a new password", "required a new password of {}"),
    once(PEOPLE, "iam.users.read", "Export or work on the list of users", "exported the users of {}"),
    once(PEOPLE, "invitation.accept", "Accept an invitation", "accepted their invitation"),
    once(
        PEOPLE,
        "invitation.ask_for_fresh_link",
        "Ask for a fresh invitation",
        "asked for a fresh link for {}",
    ),
    once(
        PEOPLE,
        "invitation.send_again",
        "Ask to be sent an invitation again",
        "had the invitation of {} sent again",
    ),
    once(PEOPLE, "sso.join", "Join by single sign-on", "joined by single sign-on"),
    once(ACCESS, "sso.memberships", "Groups by single sign-on", "changed groups by single sign-on"),
    once(
        SIGN_IN,
        "sso.dry_run",
        "Dry run of single sign-on",
        "tried single sign-on without anything changed",
    ),
    once(SIGN_IN, "sso.refused", "Refused single sign-on", "was not let in by single sign-on"),
    three(
        ORGANIZATION,
        "iam.sso.write",
        "Set up, change or remove single sign-on",
        ["set up single sign-on", "changed single sign-on", "removed single sign-on"],
    ),
    three(
        ACCESS,
        "iam.groups.write",
        "Create, change or delete a group",
        ["created {}", "changed {}", "deleted {}"],
    ),
    once(ACCESS, "iam.groups.read", "Export groups", "exported {}"),
    once(ACCESS, "iam.memberships.write", "Change memberships", "changed the memberships of {}"),
    three(
        ACCESS,
        "iam.policies.write",
        "Create, change or delete a policy",
        ["created {}", "changed {}", "deleted {}"],
    ),
    once(ACCESS, "tokens.create", "Create an access token", "created {}"),
    once(ACCESS, "tokens.revoke", "Revoke one's own access token", "revoked {}"),
    once(ACCESS, "iam.tokens.revoke", "Revoke somebody's access token", "revoked {}"),
    once(ACCESS, "requests.end", "End somebody's requested access", "ended the access of {}"),
    once(ACCESS, "access_request.ask", "Ask for access", "made {}"),
    once(ACCESS, "requests.decide", "Decide an access request", "decided {}"),
    once(ACCESS, "access_request.give_back", "Give back access", "gave back the access of {}"),
    once(ACCESS, "access_request.withdraw", "Withdraw an access request", "withdrew {}"),
    once(ACCESS, "access_request.expire", "Expiry of an access request", "let {} expire undecided"),
    once(ACCESS, "access_request.end", "End of requested access", "ended the access of {}"),
    once(SIGN_IN, "account.sign_in", "Sign in", "signed in"),
    once(SIGN_IN, "account.sign_out", "Sign out", "signed out"),
    once(SIGN_IN, "account.sign_in_failed", "Failed sign-in", "tried to sign in as {} and failed"),
    once(SIGN_IN, "account.sign_in_refused", "Refused sign-in", "was not let in"),
    once(
        SIGN_IN,
        "account.second_factor_failed",
        "Wrong second-factor code",
        "entered a wrong second-factor code of {}",
    ),
    once(SIGN_IN, "account.proof_failed", "Failed proof", "tried to prove to be {} and failed"),
    once(ACCOUNT, "account.linked", "Link an account elsewhere", "linked an account elsewhere"),
    once(ACCOUNT, "account.unlinked", "Unlink an account elsewhere", "unlinked an account elsewhere"),
    once(SIGN_IN, "account.recovery_code_used", "Recovery code used", "used a recovery code"),
    once(
        SIGN_IN,
        "account.browser_link",
        "Link for a new browser",
        "had a link for a new browser mailed to {}",
    ),
    once(SIGN_IN, "account.browser_let_in", "New browser let in", "let a new browser in"),
    once(
        SIGN_IN,
        "account.password_forgotten",
        "Forgotten password",
        "asked for a link to reset the password of {}",
    ),
    once(SIGN_IN, "account.password_reset", "Password reset", "set a new password by a mailed link"),
    once(SIGN_IN, "account.recovery_link", "Recovery link", "made a recovery link for {}"),
    once(ACCOUNT, "account.password", "Change of password", "changed their password"),
    once(ACCOUNT, "account.two_factor_on", "Two-factor on", "turned two-factor authentication on"),
    once(ACCOUNT, "account.two_factor_off", "Two-factor off", "turned two-factor authentication off"),
    once(ACCOUNT, "account.recovery_codes_renewed", "New recovery codes", "made new recovery codes"),
    once(ACCOUNT, "account.passkey_added", "Passkey added", "added a passkey"),
    once(ACCOUNT, "account.passkey_renamed", "Passkey renamed", "renamed a passkey"),
    once(ACCOUNT, "account.passkey_removed", "Passkey removed", "removed a passkey"),
    once(ACCOUNT, "account.email_ask", "Change of address asked for", "asked to change their e-mail address"),
    once(
        ACCOUNT,
        "account.email_cancel",
        "Change of address cancelled",
        "cancelled the change of their e-mail address",
    ),
    once(ACCOUNT, "account.email", "Change of address", "changed their e-mail address"),
    once(
        ACCOUNT,
        "account.email_undo",
        "Change of address undone",
        "undid the change of their e-mail address",
    ),
    once(ACCOUNT, "account.session_end", "Session ended", "ended one of their sessions"),
    once(ACCOUNT, "account.sessions_end", "Other sessions ended", "ended their other sessions"),
    once(ACCOUNT, "account.profile", "Change of profile", "changed their profile"),
    once(ACCOUNT, "account.theme", "Change of theme", "changed their theme"),
    once(PEOPLE, "scim.person_created", "Create a person by provisioning", "created {}"),
    once(PEOPLE, "scim.person_linked", "Link a person to provisioning", "linked the account of {}"),
    once(PEOPLE, "scim.person_changed", "Change a person by provisioning", "changed {}"),
    once(PEOPLE, "scim.person_let_go", "Let go of a person by provisioning", "let go of {}"),
    once(ORGANIZATION, "iam.scim.write", "Change provisioning", "changed the provisioning of {}"),
    once(ORGANIZATION, "organization.create", "Create the organization", "created {}"),
    once(
        ORGANIZATION,
        "organization.seed",
        "Fill with demonstration people",
        "filled {} with demonstration people",
    ),
    once(ORGANIZATION, "iam.organization.write", "Change settings", "changed the settings of {}"),
    once(
        ORGANIZATION,
        "organization.audit_stream_off",
        "Audit stream given up",
        "turned the audit stream of {} off",
    ),
    once(ORGANIZATION, "iam.mail.test", "Send a test letter", "sent a test letter"),
    once(ORGANIZATION, "iam.audit.read", "Export the audit", "exported the audit of {}"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_signing_in_and_most_of_ones_own_account_may_change_access() {
        for action in [
            "iam.memberships.write",
            "iam.policies.write",
            "requests.decide",
            "access_request.end",
            "new",
            "account.profile",
        ] {
            assert!(may_change_access(action), "{action}");
        }
        assert!(!may_change_access("account.sign_in") && !may_change_access("account.password"));
    }
}
