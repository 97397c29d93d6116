//! The ground: values and rules that do no input or output and know no framework.
pub mod access_secret;
pub mod clock;
pub mod email_address;
pub mod fold;
pub mod ids;
pub mod password;
pub mod scim_secret;
pub mod token;
