ALTER TABLE scim_users DROP COLUMN email_primary;
ALTER TABLE scim_users DROP COLUMN email_type;
