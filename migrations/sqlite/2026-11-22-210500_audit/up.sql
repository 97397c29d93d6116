-- The audit is looked through by action, time, address and words. What of that is personal stands beside the details it
-- was made from and is erased with them. The search text is folded by the program, so lines that are there already wait
-- for it with NULL.
CREATE INDEX audit_lines_by_action ON audit_lines (organization_id, action, sequence);
CREATE INDEX audit_lines_by_time ON audit_lines (organization_id, at, sequence);

CREATE TABLE audit_details_numbered (
    number INTEGER NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    salt TEXT NOT NULL,
    details TEXT NOT NULL,
    address TEXT NOT NULL DEFAULT '',
    search_text TEXT,
    UNIQUE (organization_id, sequence),
    FOREIGN KEY (organization_id, sequence) REFERENCES audit_lines (organization_id, sequence) ON DELETE CASCADE
);
INSERT INTO audit_details_numbered (organization_id, sequence, salt, details)
    SELECT organization_id, sequence, salt, details FROM audit_details ORDER BY organization_id, sequence;
DROP TABLE audit_details;
ALTER TABLE audit_details_numbered RENAME TO audit_details;
CREATE INDEX audit_details_by_address ON audit_details (organization_id, address, sequence);
CREATE INDEX audit_details_unfolded ON audit_details (number) WHERE search_text IS NULL;

CREATE VIRTUAL TABLE audit_search USING fts5 (search_text, content = 'audit_details', content_rowid = 'number', tokenize = 'trigram', detail = 'none');
CREATE TRIGGER audit_search_insert AFTER INSERT ON audit_details WHEN new.search_text IS NOT NULL BEGIN
    INSERT INTO audit_search (rowid, search_text) VALUES (new.number, new.search_text);
END;
CREATE TRIGGER audit_search_delete AFTER DELETE ON audit_details WHEN old.search_text IS NOT NULL BEGIN
    INSERT INTO audit_search (audit_search, rowid, search_text) VALUES ('delete', old.number, old.search_text);
END;
CREATE TRIGGER audit_search_forget AFTER UPDATE OF search_text ON audit_details WHEN old.search_text IS NOT NULL BEGIN
    INSERT INTO audit_search (audit_search, rowid, search_text) VALUES ('delete', old.number, old.search_text);
END;
CREATE TRIGGER audit_search_update AFTER UPDATE OF search_text ON audit_details WHEN new.search_text IS NOT NULL BEGIN
    INSERT INTO audit_search (rowid, search_text) VALUES (new.number, new.search_text);
END;
