ALTER TABLE password_resets DROP COLUMN lifts_factor;
