/*-------------------------------------------------------------------------
 *
 * libpq.c
 *		A client in C: binary parameters and results, pipeline mode, the
 *		fields of an error, and cancel.  Prints TAP.
 *
 * It works on the tables of schema.sql, and connects as the environment says.
 *
 *-------------------------------------------------------------------------
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libpq-fe.h>

/*----------------------------------------------------------
 * Tests
 *----------------------------------------------------------*/

static int	tests = 0;
static int	failures = 0;

static void ok(bool passed, const char *format,...)
			__attribute__((format(printf, 2, 3)));

static void
ok(bool passed, const char *format,...)
{
	va_list		args;

	if (!passed)
		failures++;
	printf("%sok %d - ", passed ? "" : "not ", ++tests);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
}

static void
is(const char *got, const char *expected, const char *what)
{
	bool		same = got == NULL || expected == NULL ?
		got == expected : strcmp(got, expected) == 0;

	ok(same, "%s", what);
	if (!same)
		printf("#   got:      %s\n#   expected: %s\n",
			   got ? got : "(none)", expected ? expected : "(none)");
}

static void
die(const char *what, const char *why)
{
	printf("Bail out! %s: %s\n", what, why);
	exit(1);
}

/*----------------------------------------------------------
 * Statements
 *----------------------------------------------------------*/

static PGconn *
connect_to_database(void)
{
	PGconn	   *conn = PQconnectdb("");

	if (PQstatus(conn) != CONNECTION_OK)
		die("connection", PQerrorMessage(conn));
	return conn;
}

/* One that has to succeed. */
static void
run(PGconn *conn, const char *statement)
{
	PGresult   *result = PQexec(conn, statement);

	if (PQresultStatus(result) != PGRES_COMMAND_OK &&
		PQresultStatus(result) != PGRES_TUPLES_OK)
		die(statement, PQerrorMessage(conn));
	PQclear(result);
}

/* A statement with one text parameter, its first value as text: malloc'ed. */
static char *
ask(PGconn *conn, const char *statement, const char *parameter)
{
	const char *values[] = {parameter};
	PGresult   *result = PQexecParams(conn, statement, parameter != NULL, NULL,
									  values, NULL, NULL, 0);
	char	   *answer;

	if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
		die(statement, PQerrorMessage(conn));
	answer = strdup(PQgetvalue(result, 0, 0));
	PQclear(result);
	return answer;
}

static bool
alive(PGconn *conn)
{
	char	   *one = ask(conn, "SELECT 1", NULL);
	bool		answered = strcmp(one, "1") == 0;

	free(one);
	return answered;
}

static Oid
type_oid(PGconn *conn, const char *name)
{
	char	   *oid = ask(conn, "SELECT $1::regtype::oid", name);
	Oid			value = (Oid) strtoul(oid, NULL, 10);

	free(oid);
	return value;
}

/*----------------------------------------------------------
 * Binary values
 *----------------------------------------------------------*/

/* A value's binary form: malloc'ed. */
static char *
binary_of(PGconn *conn, const char *type, const char *text, int *len)
{
	char		statement[128];
	const char *values[] = {text};
	PGresult   *result;
	char	   *copy;

	snprintf(statement, sizeof(statement), "SELECT $1::text::%s", type);
	result = PQexecParams(conn, statement, 1, NULL, values, NULL, NULL, 1);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		die(statement, PQerrorMessage(conn));
	ok(PQfformat(result, 0) == 1 && PQftype(result, 0) == type_oid(conn, type),
	   "a binary result of type %s", type);
	*len = PQgetlength(result, 0, 0);
	copy = malloc(*len + 1);
	memcpy(copy, PQgetvalue(result, 0, 0), *len + 1);
	PQclear(result);
	return copy;
}

/*
 * Send a binary value and ask for its text, in "answer": malloc'ed, NULL for
 * an error, whose SQLSTATE is then in "state".
 */
static char *
text_of(PGconn *conn, Oid type, const char *binary, int len, char *state)
{
	const char *values[] = {binary};
	int			lengths[] = {len};
	int			formats[] = {1};
	PGresult   *result = PQexecParams(conn, "SELECT $1::text", 1, &type,
									  values, lengths, formats, 0);
	char	   *answer = NULL;

	state[0] = '\0';
	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		answer = strdup(PQgetvalue(result, 0, 0));
	else
		snprintf(state, 6, "%s", PQresultErrorField(result, PG_DIAG_SQLSTATE));
	PQclear(result);
	return answer;
}

/* May damage be reported so?  08P01 is what libpq's own readers raise. */
static bool
fair_state(const char *state)
{
	return strcmp(state, "22P03") == 0 || strcmp(state, "22P02") == 0 ||
		strcmp(state, "08P01") == 0 || strcmp(state, "22021") == 0 ||
		strcmp(state, "54000") == 0;
}

static void
test_binary(PGconn *conn, const char *type, const char *text)
{
	Oid			oid = type_oid(conn, type);
	int			len;
	char	   *binary = binary_of(conn, type, text, &len);
	char	   *damaged = malloc(len + 1);
	char		state[6];
	char	   *answer;
	int			unfair = 0;
	int			taken = 0;
	unsigned	seed = 20260301;

	answer = text_of(conn, oid, binary, len, state);
	is(answer, text, "sent back as a binary parameter it is the same");
	free(answer);

	/* another version */
	memcpy(damaged, binary, len);
	damaged[0] = 2;
	answer = text_of(conn, oid, damaged, len, state);
	is(answer, NULL, "a binary value of another version is no value");
	is(state, "22P03", "but an error of its own");
	free(answer);

	/* cut anywhere */
	for (int cut = 0; cut < len; cut++)
	{
		answer = text_of(conn, oid, binary, cut, state);
		if (answer != NULL)
			taken++;
		else if (!fair_state(state))
			unfair++;
		free(answer);
	}
	ok(taken == 0, "none of %d cut %s values is taken", len, type);
	ok(unfair == 0, "and each is an error of the value");

	/* longer than it says */
	memcpy(damaged, binary, len);
	damaged[len] = '\001';
	answer = text_of(conn, oid, damaged, len + 1, state);
	ok(answer == NULL && fair_state(state), "a byte too many is an error: %s",
	   state);
	free(answer);

	/* changed anywhere: perhaps another value, never another kind of error */
	unfair = 0;
	for (int round = 0; round < 2000; round++)
	{
		memcpy(damaged, binary, len);
		damaged[rand_r(&seed) % len] = (char) (rand_r(&seed) % 256);
		answer = text_of(conn, oid, damaged, len, state);
		if (answer == NULL && !fair_state(state))
		{
			unfair++;
			printf("# %s\n", state);
		}
		free(answer);
	}
	ok(unfair == 0, "2000 changed %s values, seed 20260301: values, or errors of the value",
	   type);
	ok(alive(conn), "the connection lives");

	free(binary);
	free(damaged);
}

static int64_t
get_int64(const char *bytes)
{
	uint32_t	high;
	uint32_t	low;

	memcpy(&high, bytes, 4);
	memcpy(&low, bytes + 4, 4);
	return (int64_t) ((uint64_t) ntohl(high) << 32 | ntohl(low));
}

static void
test_binary_layout(PGconn *conn)
{
	int			len;
	char	   *binary;

	/* README: a byte with the version, 1, and canonical JSON */
	binary = binary_of(conn, "appointment", "{\"id\":\"app_1\"}", &len);
	ok(len == 15 && binary[0] == 1 &&
	   memcmp(binary + 1, "{\"id\":\"app_1\"}", 14) == 0,
	   "an appointment is a version byte and its JSON");
	free(binary);

	/* microseconds since 2000-01-01, as for timestamptz */
	binary = binary_of(conn, "occupancy",
					   "acme:[2000-01-01T00:00:01Z,2000-01-01T00:00:02Z){r}", &len);
	ok(len == 2 + 16 + 4 + 4 + 4 + 4 + 1 && binary[0] == 1 &&
	   get_int64(binary + 2) == 1000000 && get_int64(binary + 10) == 2000000,
	   "an occupancy is version, flags, two instants, scope and names");
	free(binary);

	binary = binary_of(conn, "rrule",
					   "RRULE:freq=monthly;wkst=mo;byday=-1fr,mo", &len);
	ok(len == 27 && binary[0] == 1 &&
	   memcmp(binary + 1, "FREQ=MONTHLY;BYDAY=MO,-1FR", 26) == 0,
	   "a recurrence rule is a version byte and its canonical text");
	free(binary);
}

/* A rule as a parameter, in either form; its occurrences as binary results. */
static void
test_rules(PGconn *conn)
{
	const char *rule = "FREQ=MONTHLY;UNTIL=20260301T000000Z;BYDAY=-1FR";
	char		binary[64];
	const char *values[] = {binary, "2026-01-01 16:00", "Europe/Berlin"};
	int			lengths[] = {0, 0, 0};
	int			formats[] = {1, 0, 0};
	PGresult   *result;
	char	   *answer;

	answer = ask(conn, "SELECT $1::rrule::text", "freq=monthly;byday=-1fr;until=20260301T000000Z");
	is(answer, rule, "a rule as a text parameter is the canonical one");
	free(answer);

	binary[0] = 1;
	strcpy(binary + 1, rule);
	lengths[0] = 1 + strlen(rule);
	result = PQexecParams(conn, "SELECT rrule_occurrences($1, $2, $3)", 3,
						  NULL, values, lengths, formats, 1);
	ok(PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 2 &&
	   PQgetlength(result, 1, 0) == 8,
	   "a rule as a binary parameter has two occurrences");
	ok(get_int64(PQgetvalue(result, 0, 0)) == INT64_C(823100400) * 1000000 &&
	   get_int64(PQgetvalue(result, 1, 0)) == INT64_C(825519600) * 1000000,
	   "which are instants, 2026-01-30 and 2026-02-27 15:00 UTC");
	PQclear(result);
}

/* What a driver is told of the parameters that it does not type itself. */
static void
test_parameter_types(PGconn *conn)
{
	PGresult   *result;

	result = PQprepare(conn, "store", "INSERT INTO diary (a) VALUES ($1)", 0,
					   NULL);
	PQclear(result);
	result = PQdescribePrepared(conn, "store");
	ok(PQnparams(result) == 1 &&
	   PQparamtype(result, 0) == type_oid(conn, "appointment"),
	   "a parameter for a column of the type is of the type");
	PQclear(result);

	result = PQprepare(conn, "read", "SELECT appointment_from_json($1, $2)", 0,
					   NULL);
	PQclear(result);
	result = PQdescribePrepared(conn, "read");
	ok(PQnparams(result) == 2 && PQparamtype(result, 0) == 25 &&
	   PQparamtype(result, 1) == 25, "an untyped document is text");
	PQclear(result);
}

/*----------------------------------------------------------
 * Errors
 *----------------------------------------------------------*/

static void
field_is(PGresult *result, int field, const char *expected, const char *what)
{
	is(PQresultErrorField(result, field), expected, what);
}

static void
test_error_fields(PGconn *conn)
{
	PGresult   *result;
	const char *detail;

	/* the constraint alone */
	run(conn, "INSERT INTO diary (a) VALUES ('{\"id\":\"one\",\"starts_at\":\"2026-03-02T09:00Z\",\"ends_at\":\"2026-03-02T10:00Z\",\"status\":\"scheduled\",\"room_id\":\"blue\"}')");
	result = PQexec(conn, "INSERT INTO diary (a) VALUES ('{\"id\":\"two\",\"starts_at\":\"2026-03-02T09:30Z\",\"ends_at\":\"2026-03-02T10:30Z\",\"status\":\"scheduled\",\"room_id\":\"blue\"}')");
	field_is(result, PG_DIAG_SQLSTATE, "23P01", "constraint: SQLSTATE");
	field_is(result, PG_DIAG_SEVERITY_NONLOCALIZED, "ERROR", "constraint: severity");
	field_is(result, PG_DIAG_SCHEMA_NAME, "public", "constraint: schema");
	field_is(result, PG_DIAG_TABLE_NAME, "diary", "constraint: table");
	field_is(result, PG_DIAG_CONSTRAINT_NAME, "diary_no_overlap", "constraint: name");
	field_is(result, PG_DIAG_COLUMN_NAME, NULL, "constraint: no column");
	field_is(result, PG_DIAG_MESSAGE_PRIMARY,
			 "conflicting key value violates exclusion constraint \"diary_no_overlap\"",
			 "constraint: core's own message");
	field_is(result, PG_DIAG_MESSAGE_DETAIL,
			 "Key (appointment_occupancy(a))=([2026-03-02T09:30:00Z,2026-03-02T10:30:00Z){blue}) conflicts with existing key (appointment_occupancy(a))=([2026-03-02T09:00:00Z,2026-03-02T10:00:00Z){blue}).",
			 "constraint: what both hold");
	field_is(result, PG_DIAG_MESSAGE_HINT, NULL, "constraint: no hint");
	PQclear(result);

	/* the guard */
	run(conn, "INSERT INTO hold (held) VALUES ('acme:[2026-03-02T09:00Z,2026-03-02T10:00Z){blue,pra_1}')");
	result = PQexec(conn, "INSERT INTO hold (held) VALUES ('acme:[2026-03-02T09:30Z,2026-03-02T10:30Z){blue,pra_2}')");
	field_is(result, PG_DIAG_SQLSTATE, "23P01", "guard: SQLSTATE");
	field_is(result, PG_DIAG_SCHEMA_NAME, "public", "guard: schema");
	field_is(result, PG_DIAG_TABLE_NAME, "hold", "guard: table");
	field_is(result, PG_DIAG_COLUMN_NAME, "held", "guard: column");
	field_is(result, PG_DIAG_CONSTRAINT_NAME, "hold_no_overlap", "guard: constraint");
	field_is(result, PG_DIAG_MESSAGE_PRIMARY,
			 "double booking: conflict with an existing row of table \"hold\" by \"hold_no_overlap\"",
			 "guard: message");
	field_is(result, PG_DIAG_MESSAGE_DETAIL,
			 "{\"key\":{\"id\":\"1\"},\"scope\":\"acme\",\"starts_at\":\"2026-03-02T09:30:00Z\",\"ends_at\":\"2026-03-02T10:00:00Z\",\"resources\":[\"blue\"]}",
			 "guard: what both want, as JSON");
	field_is(result, PG_DIAG_MESSAGE_HINT, NULL, "guard: no hint");
	PQclear(result);

	/* a document */
	result = PQexec(conn, "SELECT appointment_from_json('{\"id\":\"x\",\"start_time\":0,\"end_time\":1,\"attendees\":[{\"id\":7}]}', 'avon')");
	field_is(result, PG_DIAG_SQLSTATE, "22P02", "document: SQLSTATE");
	field_is(result, PG_DIAG_MESSAGE_DETAIL,
			 "{\"format\":\"avon\",\"path\":\"attendees[0].id\",\"code\":\"wrong_type\"}",
			 "document: the path in the detail");
	PQclear(result);

	/* an argument */
	result = PQexec(conn, "SELECT appointment_from_json('{}', 'avalon')");
	field_is(result, PG_DIAG_SQLSTATE, "22023", "argument: SQLSTATE");
	detail = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
	ok(detail != NULL && strstr(detail, "avon") != NULL,
	   "argument: the hint has the formats");
	PQclear(result);

	/* a step that the life cycle does not have */
	result = PQexec(conn, "SELECT appointment_transition('{\"status\":\"completed\"}', 'pending')");
	field_is(result, PG_DIAG_SQLSTATE, "23514", "life cycle: SQLSTATE");
	field_is(result, PG_DIAG_MESSAGE_DETAIL,
			 "{\"lifecycle\":\"default\",\"from\":\"completed\",\"to\":\"pending\",\"next\":[]}",
			 "life cycle: the detail");
	PQclear(result);
	run(conn, "TRUNCATE diary, hold");
}

/*----------------------------------------------------------
 * Pipeline mode
 *----------------------------------------------------------*/

static void
send_booking(PGconn *conn, const char *starts_at, const char *ends_at)
{
	const char *values[] = {starts_at, ends_at};

	if (!PQsendQueryParams(conn,
						   "INSERT INTO booking (resources, starts_at, ends_at) VALUES ('{blue}', $1, $2) RETURNING id",
						   2, NULL, values, NULL, NULL, 0))
		die("PQsendQueryParams", PQerrorMessage(conn));
}

/* The next statement's result is of this status, and nothing follows it. */
static void
next_is(PGconn *conn, ExecStatusType status, const char *state,
		const char *what)
{
	PGresult   *result = PQgetResult(conn);

	ok(result != NULL && PQresultStatus(result) == status,
	   "%s: %s", what, PQresStatus(PQresultStatus(result)));
	if (state != NULL)
		field_is(result, PG_DIAG_SQLSTATE, state, "its SQLSTATE");
	PQclear(result);
	if (status != PGRES_PIPELINE_SYNC && (result = PQgetResult(conn)) != NULL)
	{
		ok(false, "one result for a statement");
		PQclear(result);
	}
}

static void
test_pipeline(PGconn *conn)
{
	char	   *count;

	if (!PQenterPipelineMode(conn))
		die("PQenterPipelineMode", PQerrorMessage(conn));

	/* up to the sync it is one transaction */
	send_booking(conn, "2026-03-02 09:00Z", "2026-03-02 10:00Z");
	send_booking(conn, "2026-03-02 09:30Z", "2026-03-02 10:30Z");
	send_booking(conn, "2026-03-02 11:00Z", "2026-03-02 12:00Z");
	PQpipelineSync(conn);
	next_is(conn, PGRES_TUPLES_OK, NULL, "pipeline: the first is booked");
	next_is(conn, PGRES_FATAL_ERROR, "23P01", "the second overlaps it");
	ok(PQpipelineStatus(conn) == PQ_PIPELINE_ABORTED, "the pipeline is aborted");
	next_is(conn, PGRES_PIPELINE_ABORTED, NULL, "the third does not run");
	next_is(conn, PGRES_PIPELINE_SYNC, NULL, "sync");
	ok(PQpipelineStatus(conn) == PQ_PIPELINE_ON, "the pipeline has recovered");

	/* each with a sync of its own */
	send_booking(conn, "2026-03-02 09:00Z", "2026-03-02 10:00Z");
	PQpipelineSync(conn);
	send_booking(conn, "2026-03-02 09:30Z", "2026-03-02 10:30Z");
	PQpipelineSync(conn);
	send_booking(conn, "2026-03-02 11:00Z", "2026-03-02 12:00Z");
	PQpipelineSync(conn);
	next_is(conn, PGRES_TUPLES_OK, NULL, "the first again");
	next_is(conn, PGRES_PIPELINE_SYNC, NULL, "sync");
	next_is(conn, PGRES_FATAL_ERROR, "23P01", "the second");
	next_is(conn, PGRES_PIPELINE_SYNC, NULL, "sync");
	next_is(conn, PGRES_TUPLES_OK, NULL, "the third is another transaction");
	next_is(conn, PGRES_PIPELINE_SYNC, NULL, "sync");
	ok(PQexitPipelineMode(conn), "out of pipeline mode");

	count = ask(conn, "SELECT string_agg(to_char(starts_at AT TIME ZONE 'UTC', 'HH24:MI'), ' ' ORDER BY starts_at) FROM booking", NULL);
	is(count, "09:00 11:00", "what was acknowledged is there, and nothing else");
	free(count);
	run(conn, "TRUNCATE booking");
}

/*----------------------------------------------------------
 * Cancel
 *----------------------------------------------------------*/

/* Until a question has this answer, but no longer than a minute */
static bool
wait_until(PGconn *conn, const char *question, const char *parameter,
		   const char *expected)
{
	time_t		limit = time(NULL) + 60;
	bool		reached = false;

	while (!reached && time(NULL) < limit)
	{
		char	   *answer = ask(conn, question, parameter);
		struct timespec pause = {0, 10 * 1000 * 1000};

		reached = strcmp(answer, expected) == 0;
		free(answer);
		if (!reached)
			nanosleep(&pause, NULL);
	}
	return reached;
}

/* Cancel what a connection is doing; it goes on afterwards. */
static void
cancel(PGconn *conn, const char *what)
{
	PGcancel   *handle = PQgetCancel(conn);
	char		message[256] = "";
	PGresult   *result;

	ok(PQcancel(handle, message, sizeof(message)) == 1,
	   "the request to cancel is sent %s", message);
	PQfreeCancel(handle);
	result = PQgetResult(conn);
	field_is(result, PG_DIAG_SQLSTATE, "57014", what);
	PQclear(result);
	while ((result = PQgetResult(conn)) != NULL)
		PQclear(result);
	ok(alive(conn), "the connection lives");
}

static void
test_cancel(PGconn *conn)
{
	PGconn	   *other = connect_to_database();
	char		pid[16];
	char	   *answer;

	snprintf(pid, sizeof(pid), "%d", PQbackendPID(other));

	/* one that waits in the guard for another's transaction */
	run(conn, "BEGIN; INSERT INTO booking (resources, starts_at, ends_at) VALUES ('{blue}', '2026-03-02 09:00Z', '2026-03-02 10:00Z')");
	if (!PQsendQuery(other, "INSERT INTO booking (resources, starts_at, ends_at) VALUES ('{blue}', '2026-03-02 09:30Z', '2026-03-02 10:30Z')"))
		die("PQsendQuery", PQerrorMessage(other));
	ok(wait_until(conn, "SELECT wait_event_type || ' ' || wait_event FROM (SELECT coalesce(wait_event_type, '') AS wait_event_type, coalesce(wait_event, '') AS wait_event FROM pg_stat_activity WHERE pid = $1::int) AS a", pid, "Lock userlock"),
	   "who wants the same waits for the guard's lock");
	cancel(other, "cancelled while waiting");
	answer = ask(conn, "SELECT count(*)::text FROM pg_locks WHERE pid = $1::int AND locktype = 'userlock'", pid);
	is(answer, "0", "and holds none of the guard's locks");
	free(answer);
	run(conn, "ROLLBACK");

	/* one that is at work in the extension */
	if (!PQsendQuery(other, "SELECT count(*) FROM generate_series(1, 1000) AS g, occupancy_conflicts_in((SELECT array_agg(occupancy('2026-01-01Z'::timestamptz + make_interval(mins => n), '2026-01-01Z'::timestamptz + make_interval(mins => n + 1), '{a}')) FROM generate_series(1, 100000) AS n)) AS c"))
		die("PQsendQuery", PQerrorMessage(other));
	ok(wait_until(conn, "SELECT count(*)::text FROM pg_stat_activity WHERE pid = $1::int AND state = 'active' AND query LIKE '%occupancy_conflicts_in%'", pid, "1"),
	   "a long statement runs");
	cancel(other, "cancelled at work");

	/* what was cancelled can be done */
	run(other, "INSERT INTO booking (resources, starts_at, ends_at) VALUES ('{blue}', '2026-03-02 09:30Z', '2026-03-02 10:30Z')");
	PQfinish(other);
	run(conn, "TRUNCATE booking");
}

int
main(void)
{
	PGconn	   *conn = connect_to_database();

	test_binary(conn, "appointment",
				"{\"id\":\"app_1\",\"starts_at\":\"2026-03-02T09:00:00Z\",\"ends_at\":\"2026-03-02T10:00:00.5Z\",\"status\":\"scheduled\",\"resource_ids\":[\"a\",\"b\"],\"claimant\":{\"name\":\"J\303\274rgen\"},\"unknown\":{\"avon\":{\"colour\":\"green\"}}}");
	test_binary(conn, "appointment_event",
				"{\"id\":\"30min\",\"name\":\"30 minutes\",\"duration\":30}");
	test_binary(conn, "occupancy",
				"acme:[2026-03-02T09:00:00Z,2026-03-02T10:00:00.5Z){\"a name\",pra_1,rom_2}");
	test_binary(conn, "occupancy",
				"[2026-03-02T09:00:00Z,2026-03-02T10:00:00Z){*}");
	/* cut anywhere, no rule */
	test_binary(conn, "rrule", "FREQ=MONTHLY");
	test_binary_layout(conn);
	test_rules(conn);
	test_parameter_types(conn);
	test_error_fields(conn);
	test_pipeline(conn);
	test_cancel(conn);
	ok(alive(conn), "the connection has lived all the time");
	PQfinish(conn);

	printf("1..%d\n", tests);
	return failures > 0;
}
