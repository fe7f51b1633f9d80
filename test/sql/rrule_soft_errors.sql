-- PostgreSQL 16 and later: bad input can be asked about without an error.
SELECT count(*), count(*) FILTER (WHERE pg_input_is_valid(input, 'rrule')) AS valid
FROM (VALUES ('FREQ=DAILY'), (''), ('x'), ('FREQ=DAILY;'), ('FREQ=DAILY;X=1'), ('FREQ=DAILY;BYDAYS=MO'), ('RSCALE=GREGORIAN;FREQ=DAILY'),
	('FREQ=DAILY;COUNT=1;UNTIL=20261231'), ('FREQ=DAILY;BYDAY=XX'), ('FREQ=DAILY;FREQ=DAILY'), ('COUNT=1'), (repeat(' ', 20000))) t (input);
