//! The ground: values and rules that do no input or output and know no framework.
pub mod clock;
pub mod fold;
pub mod ids;
pub mod token;
