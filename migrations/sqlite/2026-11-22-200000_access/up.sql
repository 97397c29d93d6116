-- A token acts as its user; only the hash of its secret is kept. A narrowed one carries at most the roles listed for it.
-- One that was made with another is revoked with that.
CREATE TABLE access_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    parent_id TEXT REFERENCES access_tokens (id) ON DELETE CASCADE,
    secret_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    comment TEXT NOT NULL DEFAULT '',
    narrowed BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    last_used_at TIMESTAMP,
    revoked_at TIMESTAMP,
    warned_days INTEGER
);
CREATE INDEX access_tokens_by_user ON access_tokens (user_id, id);
CREATE INDEX access_tokens_by_organization ON access_tokens (organization_id, id);
CREATE INDEX access_tokens_by_parent ON access_tokens (parent_id);
CREATE INDEX access_tokens_by_end ON access_tokens (expires_at);

CREATE TABLE token_roles (
    token_id TEXT NOT NULL REFERENCES access_tokens (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    PRIMARY KEY (token_id, role)
);

-- A role asked for and, once approved, held until ends_at.
CREATE TABLE access_requests (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    reason TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'expired', 'ended', 'withdrawn')),
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    decided_at TIMESTAMP,
    decided_by TEXT REFERENCES users (id) ON DELETE SET NULL,
    decision_note TEXT NOT NULL DEFAULT '',
    ends_at TIMESTAMP
);
CREATE INDEX access_requests_by_user ON access_requests (user_id, state, id);
CREATE INDEX access_requests_by_state ON access_requests (organization_id, state, id);
CREATE INDEX access_requests_by_organization ON access_requests (organization_id, id);

-- What an act asked for with an Idempotency-Key answered, so that asking again does not do it again.
CREATE TABLE idempotency_keys (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
