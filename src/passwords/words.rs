//! Sentences about passwords.

use super::model::Gone;

pub const WRONG: &str = "This is not your current password. Nothing was changed; nothing is locked.";
pub const SAME_AS_BEFORE: &str = "This is the password that has to be replaced; choose another.";
pub const SAVED: &str =
    "Password saved. Your other sessions have ended, and a letter about it is on its way.";
pub const OVERTAKEN: &str =
    "Your password was changed elsewhere a moment ago. Nothing was changed here; enter the newer one.";
pub const RESET: &str = "Your new password is saved, and all your sessions have ended. Sign in with it.";

/// Title, what became of the link, what to do.
pub fn story(gone: Gone) -> (&'static str, &'static str, &'static str) {
    match gone {
        Gone::Used => (
            "This link was used",
            "A new password was set with it. Each link works once.",
            "Sign in with that password. If it was not you who set it, ask for another link at once.",
        ),
        Gone::Replaced => (
            "This link works no more",
            "A newer link was made, or the password was set another way since.",
            "Open the newest letter in your mailbox, or ask for another link.",
        ),
        Gone::Expired => (
            "This link has expired",
            "It was open for a limited time, and the password is as it was.",
            "Ask for another link; the letter takes a moment.",
        ),
        Gone::Deactivated | Gone::NeverIssued => (
            "This account is deactivated",
            "A deactivated account gets no new password. Nothing of it was deleted.",
            "Ask an administrator of your organization to reactivate it.",
        ),
    }
}
