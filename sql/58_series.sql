-- ---------------------------------------------------------------------
-- series of appointments
-- ---------------------------------------------------------------------

CREATE FUNCTION appointment_series(a appointment, rule rrule,
		during tstzrange DEFAULT NULL, exdates timestamp[] DEFAULT '{}',
		rdates timestamp[] DEFAULT '{}', max integer DEFAULT NULL)
	RETURNS SETOF appointment
	AS 'MODULE_PATHNAME'
	LANGUAGE C VOLATILE PARALLEL RESTRICTED ROWS 50;
COMMENT ON FUNCTION appointment_series(appointment, rrule, tstzrange, timestamp[], timestamp[], int) IS
	'copies of an appointment at a rule''s times on the wall clock of its time zone, as long as it, with new ids and a history of their own; recurrence says the series and the rule';
