/*-------------------------------------------------------------------------
 *
 * desk.c
 *		A front desk: books, lists, shows, confirms, reschedules and cancels
 *		appointments, and prints them as a service's JSON.
 *
 * An example of an application over libpq, to be copied.  desk.sql makes its
 * tables.  What it shows:
 *
 * - The database does the work.  A command is one statement, which answers
 *	 with the finished document; there is no JSON library here.
 * - No SQL is put together: what the user says goes in as parameters.
 * - Each change is a transaction that says who makes it, so it can be used
 *	 behind a pooler.
 * - A double booking is told from other errors by its SQLSTATE, and told to
 *	 the user with the time and the resources in question, as far as the
 *	 database shows them.
 *
 * The document goes to standard output, everything else to standard error.
 * The exit status tells a script what has happened.
 *
 *-------------------------------------------------------------------------
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

enum
{
	EXIT_DONE = 0,
	EXIT_FAILED = 1,			/* no connection, no privilege, ... */
	EXIT_USAGE = 2,
	EXIT_TAKEN = 3,				/* the time is taken */
	EXIT_NOT_FOUND = 4,
	EXIT_REFUSED = 5,			/* a bad value, or a step that cannot be */
};

/*
 * Every statement has the same parameters, in this order, all of type text;
 * what the user did not say is null.
 */
typedef enum Parameter
{
	ID,							/* $1 */
	FORMAT,						/* $2 */
	ZONE,						/* $3 */
	START,						/* $4 */
	MINUTES,					/* $5 */
	PRACTITIONER,				/* $6 */
	ROOM,						/* $7 */
	ITEMS,						/* $8 */
	CLIENT,						/* $9 */
	NOTE,						/* $10 */
	REASON,						/* $11 */
	EVENT,						/* $12 */
	DAY,						/* $13 */
	PARAMETERS
} Parameter;

#define TEXT_OID 25

/* The document of what a statement has changed or found */
#define DOCUMENT "appointment_to_json(a, $2, jsonb_build_object('time_zone', $3))"

typedef struct Command
{
	const char *name;
	bool		takes_id;
	bool		takes_start;
	const char *help;
	const char *statement;
} Command;

static const Command commands[] = {
	{
		"book", false, true, "make an appointment: --start, and what it is with",
		"INSERT INTO booked (a)"
		" SELECT appointment_from_row(r) FROM (SELECT"
		"  appointment_new_id($2) AS id, 'scheduled' AS status,"
		"  $4::timestamptz AS starts_at,"
		"  $4::timestamptz + make_interval(mins => coalesce($5, '30')::int) AS ends_at,"
		"  $3 AS time_zone, $6 AS practitioner_id, $7 AS room_id,"
		"  string_to_array($8, ',') AS resource_ids, $9 AS client_id, $10 AS note,"
		"  now() AS created_at) AS r"
		" RETURNING " DOCUMENT
	},
	{
		"book-event", false, true, "the same from an event that is offered: --event",
		"INSERT INTO booked (a)"
		" SELECT appointment_set(appointment_set(appointment_from_event(e,"
		"   $4::timestamptz, array_remove(ARRAY[$9], NULL), appointment_new_id($2)),"
		"  'practitioner_id', to_jsonb($6)), 'room_id', to_jsonb($7))"
		" FROM offered WHERE e ->> 'id' = $12"
		" RETURNING " DOCUMENT
	},
	{
		"list", false, false, "the appointments to come, or those of --day",
		"SELECT appointment_list_to_json(coalesce(array_agg(a ORDER BY a), '{}'), $2,"
		"  jsonb_build_object('time_zone', $3))"
		" FROM booked WHERE appointment_starts_at(a) >= coalesce($13::date::timestamptz, now())"
		" AND appointment_starts_at(a) < coalesce(($13::date + 1)::timestamptz, 'infinity')"
		" AND ($6 IS NULL OR a ->> 'practitioner_id' = $6)"
		" AND ($7 IS NULL OR a ->> 'room_id' = $7)"
	},
	{
		"show", true, false, "one of them",
		"SELECT " DOCUMENT " FROM booked WHERE id = $1"
	},
	{
		"confirm", true, false, "it will take place",
		"UPDATE booked SET a = appointment_confirm(a) WHERE id = $1 RETURNING " DOCUMENT
	},
	{
		"reschedule", true, true, "move it: --start, and --minutes if the length changes",
		"UPDATE booked SET a = appointment_reschedule(a, $4::timestamptz,"
		"  $4::timestamptz + make_interval(mins => $5::int)) WHERE id = $1 RETURNING " DOCUMENT
	},
	{
		"cancel", true, false, "give its time back: --reason, --note",
		"UPDATE booked SET a = appointment_transition(a, 'cancelled', reason_id => $11, note => $10)"
		" WHERE id = $1 RETURNING " DOCUMENT
	},
	{
		"events", false, false, "what is offered, in format appointment_one",
		"SELECT appointment_event_list_to_json(coalesce(array_agg(e ORDER BY e), '{}'), 'appointment_one')"
		" FROM offered WHERE e ->> 'status' = 'active'"
	},
};

static const struct option long_options[] = {
	{"dbname", required_argument, NULL, 'd'},
	{"actor", required_argument, NULL, 'a'},
	{"format", required_argument, NULL, 'f'},
	{"zone", required_argument, NULL, 'z'},
	{"start", required_argument, NULL, 's'},
	{"minutes", required_argument, NULL, 'm'},
	{"practitioner", required_argument, NULL, 'p'},
	{"room", required_argument, NULL, 'r'},
	{"items", required_argument, NULL, 'i'},
	{"client", required_argument, NULL, 'c'},
	{"note", required_argument, NULL, 'n'},
	{"reason", required_argument, NULL, 'R'},
	{"event", required_argument, NULL, 'e'},
	{"day", required_argument, NULL, 'D'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0}
};

static void
usage(FILE *stream)
{
	fprintf(stream, "usage: desk COMMAND [ID] [OPTION]...\n\ncommands:\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(stream, "  %-10s %-3s %s\n", commands[i].name,
				commands[i].takes_id ? "ID" : "", commands[i].help);
	fprintf(stream, "\noptions:\n"
			"  -d, --dbname=CONNINFO    the database (default: by the environment)\n"
			"  -a, --actor=ID           who is at the desk\n"
			"  -f, --format=FORMAT      of what is printed: caspen (default), sqod, avon, savvycal\n"
			"  -z, --zone=ZONE          of times that are given, and of the appointment: Europe/Berlin\n"
			"  -s, --start=TIME         '2026-03-02 09:00'\n"
			"  -m, --minutes=N          30 if it is not said\n"
			"  -p, --practitioner=ID, -r, --room=ID, -i, --items=ID,ID, -c, --client=ID\n"
			"  -n, --note=TEXT, -R, --reason=ID, -e, --event=ID, -D, --day=DATE\n"
			"\nexit status: 0 done, 1 failed, 2 wrong usage, 3 the time is taken, 4 not found,\n"
			"5 a value or step that cannot be\n");
}

/*
 * A statement of the program's own, which has no more than two parameters and
 * gives no error that a user could cause.
 */
static bool
run(PGconn *conn, const char *statement, const char *first, const char *second)
{
	const char *values[] = {first, second};
	PGresult   *result = PQexecParams(conn, statement, second ? 2 : first ? 1 : 0,
									  NULL, values, NULL, NULL, 0);
	bool		done = PQresultStatus(result) == PGRES_COMMAND_OK ||
		PQresultStatus(result) == PGRES_TUPLES_OK;

	if (!done)
		fprintf(stderr, "desk: %s", PQerrorMessage(conn));
	PQclear(result);
	return done;
}

/*
 * Say what is in the way.  The guard's detail is a line of JSON, which the
 * server reads for us; all of its members are null if the user may not see the
 * other appointment.  (The constraint's own detail is text, for people.)
 */
static void
say_taken(PGconn *conn, const char *detail, const char *zone)
{
	const char *values[] = {detail, zone};
	PGresult   *result;

	if (detail == NULL || detail[0] != '{')
	{
		fprintf(stderr, "desk: this time is taken\n");
		return;
	}
	result = PQexecParams(conn,
						  "SELECT d #>> '{key,id}',"
						  " to_char((d ->> 'starts_at')::timestamptz AT TIME ZONE z, 'YYYY-MM-DD HH24:MI'),"
						  " to_char((d ->> 'ends_at')::timestamptz AT TIME ZONE z, 'YYYY-MM-DD HH24:MI'),"
						  " coalesce((SELECT string_agg(name, ', ') FROM json_array_elements_text("
						  "  CASE json_typeof(d -> 'resources') WHEN 'array' THEN d -> 'resources' END) AS name), 'everything')"
						  " FROM (SELECT $1::json AS d, coalesce($2, current_setting('TimeZone')) AS z) AS s",
						  2, NULL, values, NULL, NULL, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK || PQgetisnull(result, 0, 1))
		fprintf(stderr, "desk: this time is taken, by an appointment that you may not see\n");
	else
		fprintf(stderr, "desk: this time is taken: %s from %s to %s by appointment %s\n",
				PQgetvalue(result, 0, 3), PQgetvalue(result, 0, 1),
				PQgetvalue(result, 0, 2), PQgetvalue(result, 0, 0));
	PQclear(result);
}

/*
 * Say what went wrong, once the transaction is over; the exit status for it.
 */
static int
say_error(PGconn *conn, const PGresult *result, const char *zone)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);

	/* not from the server */
	if (state == NULL || message == NULL)
	{
		fprintf(stderr, "desk: %s", PQresultErrorMessage(result));
		return EXIT_FAILED;
	}
	if (strcmp(state, "23P01") == 0)
	{
		say_taken(conn, PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL), zone);
		return EXIT_TAKEN;
	}
	fprintf(stderr, "desk: %s\n", message);
	if (hint != NULL)
		fprintf(stderr, "desk: %s\n", hint);
	if (strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0)
		return EXIT_REFUSED;
	return EXIT_FAILED;
}

/* Errors that another transaction has caused, and that another try may not meet */
static bool
worth_another_try(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state != NULL && (strcmp(state, "40001") == 0 ||
							 strcmp(state, "40P01") == 0 ||
							 strcmp(state, "55P03") == 0);
}

/*
 * A command in a transaction of its own, which knows who makes the change and
 * in what zone times are meant.
 */
static int
carry_out(PGconn *conn, const Command *command, const char *actor,
		  const char *const *values)
{
	Oid			types[PARAMETERS];

	for (int i = 0; i < PARAMETERS; i++)
		types[i] = TEXT_OID;

	for (int tries = 1;; tries++)
	{
		PGresult   *result;
		int			status;

		if (!run(conn, "BEGIN", NULL, NULL) ||
			!run(conn, "SELECT set_config('appointment.actor', $1, true)", actor, NULL))
			return EXIT_FAILED;

		/* the one setting whose value comes from the user */
		result = PQexecParams(conn,
							  "SELECT set_config('TimeZone', coalesce($1, current_setting('TimeZone')), true)",
							  1, types, &values[ZONE], NULL, NULL, 0);
		if (PQresultStatus(result) == PGRES_TUPLES_OK)
		{
			PQclear(result);
			result = PQexecParams(conn, command->statement, PARAMETERS, types,
								  values, NULL, NULL, 0);
		}

		if (PQresultStatus(result) == PGRES_TUPLES_OK)
		{
			/* only what is committed is told */
			if (!run(conn, "COMMIT", NULL, NULL))
				status = EXIT_FAILED;
			else if (PQntuples(result) == 0)
			{
				fprintf(stderr, "desk: there is no such %s\n",
						command->takes_id ? "appointment" : "event");
				status = EXIT_NOT_FOUND;
			}
			else
			{
				printf("%s\n", PQgetvalue(result, 0, 0));
				status = EXIT_DONE;
			}
			PQclear(result);
			return status;
		}

		if (PQstatus(conn) == CONNECTION_OK && !run(conn, "ROLLBACK", NULL, NULL))
			status = EXIT_FAILED;
		else if (worth_another_try(result) && tries < 5)
		{
			PQclear(result);
			continue;
		}
		else
			status = say_error(conn, result, values[ZONE]);
		PQclear(result);
		return status;
	}
}

static const Command *
find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

int
main(int argc, char **argv)
{
	const char *conninfo = "";
	const char *actor = "";
	const char *values[PARAMETERS] = {[FORMAT] = "caspen"};
	const Command *command;
	PGconn	   *conn;
	int			option;
	int			status;

	while ((option = getopt_long(argc, argv, "d:a:f:z:s:m:p:r:i:c:n:R:e:D:h",
								 long_options, NULL)) != -1)
	{
		switch (option)
		{
			case 'd':
				conninfo = optarg;
				break;
			case 'a':
				actor = optarg;
				break;
			case 'f':
				values[FORMAT] = optarg;
				break;
			case 'z':
				values[ZONE] = optarg;
				break;
			case 's':
				values[START] = optarg;
				break;
			case 'm':
				values[MINUTES] = optarg;
				break;
			case 'p':
				values[PRACTITIONER] = optarg;
				break;
			case 'r':
				values[ROOM] = optarg;
				break;
			case 'i':
				values[ITEMS] = optarg;
				break;
			case 'c':
				values[CLIENT] = optarg;
				break;
			case 'n':
				values[NOTE] = optarg;
				break;
			case 'R':
				values[REASON] = optarg;
				break;
			case 'e':
				values[EVENT] = optarg;
				break;
			case 'D':
				values[DAY] = optarg;
				break;
			case 'h':
				usage(stdout);
				return EXIT_DONE;
			default:
				usage(stderr);
				return EXIT_USAGE;
		}
	}

	command = optind < argc ? find_command(argv[optind]) : NULL;
	if (command == NULL || argc - optind != 1 + command->takes_id ||
		(command->takes_start && values[START] == NULL))
	{
		usage(stderr);
		return EXIT_USAGE;
	}
	if (command->takes_id)
		values[ID] = argv[optind + 1];

	conn = PQconnectdb(conninfo);
	if (PQstatus(conn) != CONNECTION_OK)
	{
		fprintf(stderr, "desk: %s", PQerrorMessage(conn));
		status = EXIT_FAILED;
	}
	else if (!run(conn, "SELECT set_config('search_path', 'desk, ext', false)", NULL, NULL))
		status = EXIT_FAILED;
	else
		status = carry_out(conn, command, actor, values);
	PQfinish(conn);

	/* a full disk is no success */
	if (fflush(stdout) != 0 && status == EXIT_DONE)
		status = EXIT_FAILED;
	return status;
}
