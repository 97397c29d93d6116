-- What a provider says of the address of a person, besides the address itself; nothing where it says nothing.
ALTER TABLE scim_users ADD COLUMN email_type TEXT;
ALTER TABLE scim_users ADD COLUMN email_primary BOOLEAN;
