-- Whether an identity provider may provision an organization; no row means that it never might.
CREATE TABLE scim_connections (
    organization_id TEXT NOT NULL PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
    enabled BOOLEAN NOT NULL,
    changed_at TIMESTAMP NOT NULL
);

-- What a provider proves itself with; only the hash of the secret is kept.
CREATE TABLE scim_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    secret_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP,
    revoked_at TIMESTAMP
);
CREATE INDEX scim_tokens_by_organization ON scim_tokens (organization_id, id);

-- People whom the provider looks after. Without an id the provider has let go of them; stopped_at is when it last
-- deactivated them, so that it does not undo what an administrator did.
CREATE TABLE scim_users (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    id TEXT UNIQUE,
    user_name TEXT NOT NULL,
    user_name_key TEXT,
    external_id TEXT,
    formatted_name TEXT NOT NULL DEFAULT '',
    given_name TEXT NOT NULL DEFAULT '',
    family_name TEXT NOT NULL DEFAULT '',
    display_name TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    stopped_at TIMESTAMP,
    UNIQUE (organization_id, user_name_key)
);
CREATE INDEX scim_users_in_order ON scim_users (organization_id, id);
CREATE INDEX scim_users_by_external_id ON scim_users (organization_id, external_id);

-- Groups that the provider pushed, and those that an administrator linked to what it pushes (is_linked).
CREATE TABLE scim_groups (
    group_id TEXT NOT NULL PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    id TEXT NOT NULL UNIQUE,
    external_id TEXT,
    is_linked BOOLEAN NOT NULL,
    is_taken_up BOOLEAN NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL
);
CREATE INDEX scim_groups_in_order ON scim_groups (organization_id, id);

-- Groups of a name that the provider pushed and was refused, until an administrator links them.
CREATE TABLE scim_waiting_groups (
    group_id TEXT NOT NULL PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    asked_at TIMESTAMP NOT NULL
);

-- What was synchronized and what was refused; the oldest lines go.
CREATE TABLE scim_log (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    at TIMESTAMP NOT NULL,
    token_name TEXT NOT NULL,
    status INTEGER NOT NULL,
    subject TEXT NOT NULL,
    words TEXT NOT NULL
);
CREATE INDEX scim_log_in_order ON scim_log (organization_id, id);
