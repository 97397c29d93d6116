DROP TABLE idempotency_keys;
DROP TABLE access_requests;
DROP TABLE token_roles;
DROP TABLE access_tokens;
