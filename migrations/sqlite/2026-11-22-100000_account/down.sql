DROP TABLE browser_links;
DROP TABLE browsers;
DROP TABLE email_changes;
DROP TABLE password_resets;
DROP TABLE passkeys;
DROP TABLE recovery_codes;
DROP TABLE totp_credentials;
