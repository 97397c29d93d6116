DROP TABLE scim_log;
DROP TABLE scim_waiting_groups;
DROP TABLE scim_groups;
DROP TABLE scim_users;
DROP TABLE scim_tokens;
DROP TABLE scim_connections;
