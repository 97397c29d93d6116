//! What letters about an account tell.

use serde::{Deserialize, Serialize};

/// Something that happened to a person's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum AccountEvent {
    /// With the old password; the other sessions ended.
    PasswordChanged,
    /// By a mailed link; every session ended.
    PasswordReset,
    TwoFactorOn,
    TwoFactorOff,
    RecoveryCodesRenewed,
    RecoveryCodeUsed {
        left: usize,
    },
    PasskeyAdded {
        name: String,
    },
    PasskeyRenamed {
        from: String,
        name: String,
    },
    PasskeyRemoved {
        name: String,
    },
    /// An account of this provider, known there by this address, can sign in from now on.
    AccountLinked {
        provider: String,
        address: String,
    },
    AccountUnlinked {
        provider: String,
        address: String,
    },
    /// From now on the organization's identity provider looks after the account.
    ProviderTookOver,
    /// The organization's identity provider gave the account another address.
    ProviderChangedAddress {
        to: String,
    },
    /// Sessions were ended by the person, or by an administrator of this name.
    SessionsEnded {
        by: Option<String>,
    },
    /// Somebody signed in from a browser that was not seen with this account before.
    NewBrowser {
        device: String,
        address: String,
    },
    /// The old address is in force again.
    EmailChangeUndone,
    /// An administrator took the second factor away, for this reason.
    SecondFactorReset {
        by: String,
        reason: String,
    },
    /// Somebody with the machine itself made a link for an administrator who is locked out.
    RecoveryLinkMade {
        /// Using it also takes the second factor away.
        #[serde(default)]
        lifts_factor: bool,
    },
    TokenCreated {
        name: String,
    },
    /// By the person, or by an administrator of this name.
    TokenRevoked {
        name: String,
        by: Option<String>,
    },
}

/// Why a person is to set a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    /// They asked for it.
    Forgotten,
    /// An administrator requires it.
    Required,
    /// Somebody with the machine itself lets them in again.
    Recovery,
}
