-- PostgreSQL 16 and later: bad input can be asked about without an error.
SELECT count(*), count(*) FILTER (WHERE pg_input_is_valid(input, 'occupancy')) AS valid
FROM (VALUES ('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}'), (''), ('x'), ('x:'), ('('), ('[2024'),
	('[2024-01-01T10:00:00,2024-01-01T11:00:00Z){a}'), ('[2024-01-01T10:00:00Z,infinity){a}'),
	('[2024-01-01T10:00:00Z,2024-01-01T10:00:00Z){a}'), ('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){*,a}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){"a'), ('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){a}x'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){' || repeat('x', 1025) || '}'),
	('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){' || repeat('x,', 40000) || 'x}')) t (input);
-- seats: the same message and detail as the error would have
SELECT resources, e.message IS NOT NULL AS refused, e.sql_error_code, e.detail
FROM unnest('{a(3/12),"a(1/2),a(1/2)",a(0/12),a(13/12),a(1/0),a(1/2147483648),a(1),"a(1/2","a(1/2),a(2/2)","a,a(1/2)",*(1/2),a(1/2)b}'::text[]) resources,
	pg_input_error_info('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){' || resources || '}', 'occupancy') e;
SELECT sql_error_code, message FROM pg_input_error_info('[2024-01-01T10:00:00Z,2024-01-01T11:00:00Z){' || repeat('x(1/40000),', 32767) || 'x(1/40000)}', 'occupancy');
