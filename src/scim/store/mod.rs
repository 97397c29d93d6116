//! Rows of provisioning. Whatever is asked starts from one organization.

mod connection;
mod groups;
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
pub use log::{append, latest, sweep};
pub use people::{
    NewLink, PersonRow, by_id, by_user_name, count, end_link, find, groups_of, insert_link, link_of,
    mark_going, mark_stopped, users_of, write_link,
};
