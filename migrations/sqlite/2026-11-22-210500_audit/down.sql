DROP TABLE audit_search;
CREATE TABLE audit_details_plain (
    organization_id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    salt TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (organization_id, sequence),
    FOREIGN KEY (organization_id, sequence) REFERENCES audit_lines (organization_id, sequence) ON DELETE CASCADE
);
INSERT INTO audit_details_plain SELECT organization_id, sequence, salt, details FROM audit_details;
DROP TABLE audit_details;
ALTER TABLE audit_details_plain RENAME TO audit_details;
DROP INDEX audit_lines_by_time;
DROP INDEX audit_lines_by_action;
