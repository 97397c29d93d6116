-- Whether setting a password by this link also takes the second factor away: for an administrator who has lost it.
ALTER TABLE password_resets ADD COLUMN lifts_factor BOOLEAN NOT NULL DEFAULT FALSE;
