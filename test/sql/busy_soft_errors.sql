-- PostgreSQL 16 and later: bad input can be asked about without an error.
SELECT count(*), count(*) FILTER (WHERE pg_input_is_valid(input, 'busy')) AS valid
FROM (VALUES ('{}'), (''), ('x'), ('{'), ('{[}'), ('{[,)(0)}'), ('{[,)(99999999999)}'), ('{[,)-}'), ('{(2026-03-02T09:00:00Z,)}'),
	('{[2026-03-02T09:00:00Z,2026-03-02T09:00:00Z)}'), ('{[2026-02-30T09:00:00Z,)}'), ('{[yesterday,)}'), ('{} x')) t (input);
