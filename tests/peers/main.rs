//! Identity providers and a SCIM client that others wrote, against the real program. `./check` installs them at the
//! versions of the lock files beside this one; without them these tests fail and say so.

#[path = "../support/mod.rs"]
mod support;

mod installed;
mod openid;
mod peer;
mod provisioning;
mod saml;
mod town;
