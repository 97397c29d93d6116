CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE organizations (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    access_epoch BIGINT NOT NULL DEFAULT 0,
    audit_sequence BIGINT NOT NULL DEFAULT 0,
    audit_head TEXT NOT NULL DEFAULT '',
    users_invited BIGINT NOT NULL DEFAULT 0,
    users_active BIGINT NOT NULL DEFAULT 0,
    users_deactivated BIGINT NOT NULL DEFAULT 0,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE organization_settings (
    organization_id TEXT NOT NULL PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
    invitation_days INTEGER NOT NULL DEFAULT 7,
    session_idle_minutes INTEGER NOT NULL DEFAULT 720,
    session_overall_minutes INTEGER NOT NULL DEFAULT 10080,
    invitation_domains TEXT NOT NULL DEFAULT '',
    second_factor_required BOOLEAN NOT NULL DEFAULT FALSE,
    second_factor_from TIMESTAMP
);

CREATE TABLE users (
    number INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    given_name TEXT NOT NULL DEFAULT '',
    family_name TEXT NOT NULL DEFAULT '',
    person_key TEXT NOT NULL,
    search_text TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('invited', 'active', 'deactivated')),
    source TEXT NOT NULL DEFAULT 'local',
    second_factor TEXT NOT NULL DEFAULT 'none',
    session_epoch BIGINT NOT NULL DEFAULT 0,
    theme TEXT NOT NULL DEFAULT 'system',
    time_zone TEXT NOT NULL DEFAULT 'UTC',
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    joined_at TIMESTAMP,
    last_active_at TIMESTAMP NOT NULL,
    deactivated_at TIMESTAMP,
    UNIQUE (organization_id, email_key)
);
CREATE INDEX users_email ON users (email_key);
CREATE INDEX users_by_person ON users (organization_id, person_key, number);
CREATE INDEX users_by_status_person ON users (organization_id, status, person_key, number);
CREATE INDEX users_by_activity ON users (organization_id, last_active_at, number);
CREATE INDEX users_by_status_activity ON users (organization_id, status, last_active_at, number);
CREATE INDEX users_by_factor_person ON users (organization_id, second_factor, person_key, number);

CREATE TABLE password_credentials (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    disabled BOOLEAN NOT NULL DEFAULT FALSE,
    changed_at TIMESTAMP NOT NULL
);

CREATE TABLE invitations (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT UNIQUE REFERENCES users (id) ON DELETE SET NULL,
    inviter_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    email TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'revoked')),
    generation BIGINT NOT NULL DEFAULT 1,
    message TEXT NOT NULL DEFAULT '',
    revoked_groups TEXT NOT NULL DEFAULT '',
    fresh_link_asked_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    sent_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX invitations_by_inviter ON invitations (organization_id, inviter_id);

CREATE TABLE groups (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    standard BOOLEAN NOT NULL DEFAULT FALSE,
    members BIGINT NOT NULL DEFAULT 0,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (organization_id, name_key)
);

CREATE TABLE memberships (
    group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (group_id, user_id)
) WITHOUT ROWID;
CREATE INDEX memberships_by_user ON memberships (user_id, group_id);

CREATE TABLE policies (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    standard BOOLEAN NOT NULL DEFAULT FALSE,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (organization_id, name_key)
);

CREATE TABLE rules (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    policy_id TEXT NOT NULL REFERENCES policies (id) ON DELETE CASCADE,
    position INTEGER NOT NULL
);
CREATE INDEX rules_by_policy ON rules (policy_id, position);

CREATE TABLE rule_users (
    rule_id TEXT NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    PRIMARY KEY (rule_id, user_id)
);
CREATE INDEX rule_users_by_user ON rule_users (user_id);

CREATE TABLE rule_groups (
    rule_id TEXT NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    PRIMARY KEY (rule_id, group_id)
);
CREATE INDEX rule_groups_by_group ON rule_groups (group_id);

CREATE TABLE rule_roles (
    rule_id TEXT NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    PRIMARY KEY (rule_id, role)
);
CREATE INDEX rule_roles_by_role ON rule_roles (organization_id, role);

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    key_hash TEXT NOT NULL UNIQUE,
    organization_id TEXT REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    session_epoch BIGINT NOT NULL DEFAULT 0,
    stage TEXT NOT NULL CHECK (stage IN ('anonymous', 'half', 'full')),
    proofs TEXT NOT NULL DEFAULT '[]',
    state TEXT NOT NULL,
    agent TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE setup_links (
    id TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('first', 'further')),
    email TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('pending', 'used', 'replaced')),
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);

CREATE TABLE throttles (
    name TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_failure_at TIMESTAMP NOT NULL,
    wait_until TIMESTAMP NOT NULL
);
CREATE INDEX throttles_by_age ON throttles (last_failure_at);

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT REFERENCES organizations (id) ON DELETE CASCADE,
    queue TEXT NOT NULL CHECK (queue IN ('mail', 'work')),
    kind TEXT NOT NULL,
    parameters TEXT NOT NULL,
    about TEXT,
    singleton TEXT UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'leased', 'done', 'failed', 'cancelled')),
    attempts INTEGER NOT NULL DEFAULT 0,
    run_at TIMESTAMP NOT NULL,
    lease TEXT,
    lease_until TIMESTAMP,
    problem TEXT NOT NULL DEFAULT '',
    created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
    created_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX jobs_due ON jobs (queue, state, run_at);
CREATE INDEX jobs_about ON jobs (about, created_at);

CREATE TABLE job_items (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    target_id TEXT NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'refused')),
    words TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (job_id, position)
);

CREATE TABLE audit_lines (
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    sequence BIGINT NOT NULL,
    format INTEGER NOT NULL,
    at TIMESTAMP NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    action TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    commitment TEXT NOT NULL,
    mac TEXT NOT NULL,
    PRIMARY KEY (organization_id, sequence)
);
CREATE INDEX audit_lines_by_target ON audit_lines (organization_id, target_id, sequence);
CREATE INDEX audit_lines_by_actor ON audit_lines (organization_id, actor_id, sequence);

CREATE TABLE audit_details (
    organization_id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    salt TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (organization_id, sequence),
    FOREIGN KEY (organization_id, sequence) REFERENCES audit_lines (organization_id, sequence) ON DELETE CASCADE
);

-- Search inside names and addresses: an index of three-letter pieces, kept by the database itself.
CREATE VIRTUAL TABLE users_search USING fts5 (search_text, content = 'users', content_rowid = 'number', tokenize = 'trigram', detail = 'none');
CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN
    INSERT INTO users_search (rowid, search_text) VALUES (new.number, new.search_text);
END;
CREATE TRIGGER users_search_delete AFTER DELETE ON users BEGIN
    INSERT INTO users_search (users_search, rowid, search_text) VALUES ('delete', old.number, old.search_text);
END;
CREATE TRIGGER users_search_update AFTER UPDATE OF search_text ON users BEGIN
    INSERT INTO users_search (users_search, rowid, search_text) VALUES ('delete', old.number, old.search_text);
    INSERT INTO users_search (rowid, search_text) VALUES (new.number, new.search_text);
END;
