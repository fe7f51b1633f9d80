-- PostgreSQL 16 and later: bad input can be asked about without an error.
SELECT count(*), count(*) FILTER (WHERE pg_input_is_valid(input, 'open_hours')) AS valid
FROM (VALUES ('UTC Mo 09:00-17:00'), (''), ('x'), ('UTC Mo'), ('UTC Mo 24:01-25:00'), ('UTC Mo[6] off'), ('UTC 2026-02-29 off'), ('(UTC off'), ('UTC off override'), ('UTC capacity 0 09:00-10:00'),
	('UTC every 2 weeks off'), ('UTC priority x off'), ('UTC ' || repeat('09:00-10:00,', 60000) || '09:00-10:00'), ('(UTC off)' || repeat('*(UTC off)', 64))) t (input);
