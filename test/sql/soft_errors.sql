--
-- Soft errors: from 16 on
--
SELECT pg_input_is_valid('{"id":"x"}', 'appointment');
SELECT input, pg_input_is_valid(input, 'appointment') AS valid, i.sql_error_code, i.message, i.detail, i.hint
FROM unnest(ARRAY['{"id":"x"}', '', '{', '[]', 'null', '{"id":1}', '{"claimant":{"data":[{"required":"secret"}]}}',
	'{"nothing":1}', '{"id":"\u0000"}', '{"id":"\ud800"}', '{"starts_at":"2024-01-01"}',
	'{"starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T10:00:00Z"}',
	'{"reference":9223372036854775808}', '{"time_zone":"No here"}', '{"source":"nobody"}']) input,
	pg_input_error_info(input, 'appointment') i;
SELECT input, pg_input_is_valid(input, 'appointment_event') AS valid, i.sql_error_code, i.message, i.detail, i.hint
FROM unnest(ARRAY['{"id":"30min"}', '{"duration":"30"}', '{"starts_at":"2024-01-01T10:00:00Z"}']) input,
	pg_input_error_info(input, 'appointment_event') i;
-- beyond the limits
SELECT i.* FROM pg_input_error_info(repeat('[', 10000) || repeat(']', 10000), 'appointment') i;
SELECT i.* FROM pg_input_error_info('[' || repeat('{},', 1000000) || '{}]', 'appointment') i;
SELECT i.* FROM pg_input_error_info('{"note":"' || repeat('x', 17000000) || '"}', 'appointment') i;
-- short enough as it is, but not as it would be written
SELECT i.* FROM pg_input_error_info('{"starts_at":"2024-01-01T10:00Z","note":"' || repeat('x', 16 * 1024 * 1024 - 43) || '"}', 'appointment') i;
SELECT length(input), pg_input_is_valid(input, 'appointment') FROM (SELECT '{"starts_at":"2024-01-01T10:00:00Z","note":"' || repeat('x', 16 * 1024 * 1024 - 46) || '"}' AS input);
-- an array and a domain hand the context on
SELECT pg_input_is_valid('{"{}",NULL}', 'appointment[]'), pg_input_is_valid('{"{"}', 'appointment[]');
CREATE DOMAIN booked AS appointment CHECK (appointment_starts_at(VALUE) IS NOT NULL);
SELECT i.* FROM pg_input_error_info('{}', 'booked') i;
SELECT i.* FROM pg_input_error_info('{"id":1}', 'booked') i;
DROP DOMAIN booked;
-- thousands in a row
SELECT count(*) FILTER (WHERE pg_input_is_valid(format('{"id":%s}', i), 'appointment')) FROM generate_series(1, 10000) i;
