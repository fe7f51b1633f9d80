-- The functions of fuzz.c, from the library whose path is :library.
SET client_min_messages = warning;
CREATE FUNCTION fuzz_one(target text, input bytea) RETURNS void
	AS :'library' LANGUAGE c STRICT;
CREATE FUNCTION fuzz_run(target text, VARIADIC arguments text[]) RETURNS void
	AS :'library' LANGUAGE c STRICT;
CREATE FUNCTION receive_appointment(bytea) RETURNS appointment
	AS :'library', 'fuzz_receive' LANGUAGE c STRICT;
CREATE FUNCTION receive_appointment_event(bytea) RETURNS appointment_event
	AS :'library', 'fuzz_receive' LANGUAGE c STRICT;
CREATE FUNCTION receive_occupancy(bytea) RETURNS occupancy
	AS :'library', 'fuzz_receive' LANGUAGE c STRICT;
CREATE FUNCTION receive_open_hours(bytea) RETURNS open_hours
	AS :'library', 'fuzz_receive' LANGUAGE c STRICT;
CREATE FUNCTION receive_rrule(bytea) RETURNS rrule
	AS :'library', 'fuzz_receive' LANGUAGE c STRICT;
CREATE FUNCTION receive_busy(bytea) RETURNS busy
	AS :'library', 'fuzz_receive' LANGUAGE c STRICT;
