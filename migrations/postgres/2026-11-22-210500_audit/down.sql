DROP INDEX audit_search;
DROP INDEX audit_details_unfolded;
DROP INDEX audit_details_by_address;
ALTER TABLE audit_details DROP CONSTRAINT audit_details_pkey;
ALTER TABLE audit_details DROP CONSTRAINT audit_details_organization_id_sequence_key;
ALTER TABLE audit_details DROP COLUMN number, DROP COLUMN address, DROP COLUMN search_text;
ALTER TABLE audit_details ADD PRIMARY KEY (organization_id, sequence);
DROP INDEX audit_lines_by_time;
DROP INDEX audit_lines_by_action;
