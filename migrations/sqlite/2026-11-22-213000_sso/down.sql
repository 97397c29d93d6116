DROP TABLE sso_identities;
DROP TABLE sso_groups;
DROP TABLE sso_domains;
DROP TABLE sso_drafts;
DROP TABLE sso_connections;
