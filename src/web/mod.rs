//! The kit for pages over HTTP; knows actix, knows no room.

pub mod api;
pub mod assets;
pub mod browser;
mod desk;
pub mod device;
pub mod field;
pub mod forgery;
pub mod form;
pub mod headers;
pub mod htmx;
pub mod kept;
pub mod page;
pub mod person;
pub mod problem;
pub mod reply;
pub mod round_trip;
pub mod section;
pub mod session;
pub mod shell;
mod site;
pub mod theme;
pub mod throttle;
pub mod url;
mod visitor;
pub mod when;

pub use browser::Browser;
pub use desk::Desk;
pub use form::Fields;
pub use htmx::Wants;
pub use person::{Anyone, HalfSignedIn, Me, Organization, SignedIn};
pub use problem::{Halt, Problem};
pub use site::Site;
pub use visitor::Visitor;
