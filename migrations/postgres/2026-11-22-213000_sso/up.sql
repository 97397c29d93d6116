-- An organization's own provider of identities: one of each organization, of a kind whose particulars are JSON. Its secret
-- is sealed.
CREATE TABLE sso_connections (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL UNIQUE REFERENCES organizations (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('oidc', 'saml')),
    enabled BOOLEAN NOT NULL,
    configuration TEXT NOT NULL,
    secret TEXT NOT NULL,
    groups_claim TEXT NOT NULL,
    trusted_factor BOOLEAN NOT NULL,
    required_of TEXT NOT NULL DEFAULT 'nobody' CHECK (required_of IN ('nobody', 'domains', 'everybody')),
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

-- What was typed and waits to be confirmed, sealed as a whole.
CREATE TABLE sso_drafts (
    organization_id TEXT NOT NULL PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    sealed TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

-- Addresses of which domain lead to whose provider.
CREATE TABLE sso_domains (
    domain TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE INDEX sso_domains_by_organization ON sso_domains (organization_id);

-- Which value of the claim puts a person into which group.
CREATE TABLE sso_groups (
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    value TEXT NOT NULL,
    group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    PRIMARY KEY (organization_id, value, group_id)
);
CREATE INDEX sso_groups_by_group ON sso_groups (group_id);

-- Whom a provider's subject is here, and the address it was vouched for with when it came last.
CREATE TABLE sso_identities (
    connection_id TEXT NOT NULL REFERENCES sso_connections (id) ON DELETE CASCADE,
    subject TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    PRIMARY KEY (connection_id, subject)
);
CREATE INDEX sso_identities_by_organization ON sso_identities (organization_id);
