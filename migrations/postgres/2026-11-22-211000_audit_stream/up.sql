-- Where an organization's audit lines are sent as they are written, and how far they have come.
CREATE TABLE audit_streams (
    organization_id TEXT NOT NULL PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    sequence BIGINT NOT NULL,
    problem TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMP NOT NULL,
    tried_at TIMESTAMP,
    delivered_at TIMESTAMP
);
