//! Rows of provisioning. Whatever is asked starts from one organization.

mod connection;
mod groups;
mod links;
mod log;
mod people;

pub use connection::{
    enabled, insert_token, live_tokens, live_tokens_count, name_of_token, presented, revoke_token,
    set_enabled, touch,
};
pub use groups::{
    all_groups, drop_waiting, end_group, group_by_id, group_of_name, insert_group, is_provisioned,
    linked_ids_of, members_of, of_member, put_waiting, take_up, touch_group, waiting,
};
pub use links::{NewLink, end_link, insert_link, link_of, mark_going, mark_stopped, write_link};
pub use log::{append, latest, sweep};
pub use people::{PersonRow, by_id, by_user_name, count, find, groups_of, users_of};
