//! Sentences about passkeys.

use super::model::AddRefusal;

pub fn not_added(refusal: AddRefusal) -> &'static str {
    match refusal {
        AddRefusal::Unfit => {
            "No passkey was added: the device gave no answer that fits, or it took longer than five minutes. Try again."
        }
        AddRefusal::Known => "That passkey belongs to an account already.",
        AddRefusal::TooMany => "You have twenty passkeys, which is the most. Remove one first.",
    }
}
