-- SAML answers that were used, by the hash of their ids, for as long as they would otherwise be accepted.
CREATE TABLE saml_replays (
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    key_hash TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    PRIMARY KEY (organization_id, key_hash)
);
CREATE INDEX saml_replays_by_expiry ON saml_replays (expires_at);
