-- Accounts elsewhere that sign in to one here: an issuer's word for a subject, and the address it vouched for then.
CREATE TABLE identities (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider TEXT NOT NULL CHECK (provider IN ('google', 'github')),
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP,
    UNIQUE (organization_id, issuer, subject),
    UNIQUE (user_id, provider)
);
CREATE INDEX identities_by_subject ON identities (issuer, subject);

-- Ways to a provider and back that were begun and not ended. The row goes when the browser comes back, once.
CREATE TABLE social_attempts (
    state_hash TEXT NOT NULL PRIMARY KEY,
    holder_hash TEXT NOT NULL,
    sealed TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX social_attempts_by_expiry ON social_attempts (expires_at);
