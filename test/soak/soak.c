/*-------------------------------------------------------------------------
 *
 * soak.c
 *		Many clients that book, cancel, reschedule, confirm and read at once,
 *		while somebody kills the server.
 *
 *	soak CLIENTS SECONDS SEED DIRECTORY
 *
 * Each client is a process with a connection, which it makes anew when it is
 * lost.  It writes what the server has acknowledged to DIRECTORY/N.tsv before
 * it goes on, and what it will never know because the connection broke while
 * a commit was under way.  test/soak/check.sql compares the tables with that.
 *
 * The choices come from the seed; in which order the clients get their turn
 * does not.  The connection is that of libpq's environment variables.  Prints
 * what was done; fails if an error came that none of this explains.
 *
 *-------------------------------------------------------------------------
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <libpq-fe.h>

#define MAX_CLIENTS		256
#define IDS_OF_A_CLIENT	10000000
#define EPOCH			1893456000	/* 2030-01-01, where the bookings begin */
#define QUARTER			900		/* s */
#define RING			256		/* the bookings that are changed, of each client */

/* The connection has done as much before its memory is measured. */
#define WARM			100

typedef struct Table
{
	const char *name;
	const char *index;			/* that occupancy_lock takes */
	bool		value;			/* a column of type appointment */
	bool		guarded;		/* so a deadlock is a failure */
	bool		tenants;
	bool		closing;		/* has closing days */
} Table;

static const Table tables[] = {
	{"bare", "bare_no_overlap", true, false, false, false},
	{"guarded", "guarded_held", false, true, true, false},
	{"whole", "whole_no_overlap", true, true, false, false},
	{"columns", "columns_no_overlap", false, true, true, true},
	{"parts", "parts_held", true, true, false, false},
	{"moves", "moves_held", false, true, true, false},
	{"pairs", "pairs_held", false, true, true, false},
};

#define NTABLES ((int) (sizeof(tables) / sizeof(tables[0])))

typedef enum Kind
{
	BOOK,						/* one row */
	BOOK_OR_NOTHING,			/* ON CONFLICT DO NOTHING */
	BOOK_TWO,					/* two rows, their locks first */
	BOOK_ELSE,					/* another slot if the first is taken */
	BOOK_PREPARED,				/* in two phases */
	CANCEL,
	REINSTATE,
	ARRIVE,
	COMPLETE,
	MISS,
	RESCHEDULE,
	CONFIRM,
	REBOOK,						/* cancel one and book another at once */
	DELETE,
	READ,
	KINDS
} Kind;

static const struct
{
	const char *name;
	int			weight;
}			kinds[KINDS] = {
	{"book", 36},
	{"book or nothing", 4},
	{"book two", 4},
	{"book, or another slot", 4},
	{"book in two phases", 3},
	{"cancel", 9},
	{"reinstate", 5},
	{"arrive", 5},
	{"complete", 4},
	{"no-show", 2},
	{"reschedule", 12},
	{"confirm", 8},
	{"rebook", 4},
	{"delete", 1},
	{"read", 12},
};

typedef enum Outcome
{
	DONE,						/* and acknowledged */
	TAKEN,						/* 23P01, or nothing was inserted */
	ILLEGAL,					/* 23514, by the life cycle */
	NO_ROW,
	DEADLOCK,
	SERIALIZATION,
	LOST,						/* the connection, before the commit */
	UNKNOWN,					/* the connection, during the commit */
	UNEXPECTED,
	OUTCOMES
} Outcome;

static const char *const outcomes[OUTCOMES] = {
	"done", "taken", "illegal", "no row", "deadlock", "serial.", "lost",
	"unknown", "unexpected"
};

/* What the processes share */
typedef struct Shared
{
	uint64_t	attempts[NTABLES];	/* the wanted slots move on with these */
	uint32_t	last[MAX_CLIENTS][NTABLES]; /* number of an id */
	uint32_t	booked[MAX_CLIENTS][NTABLES];	/* and are in the ring */
	int64_t		ring[MAX_CLIENTS][NTABLES][RING];
	uint64_t	counts[MAX_CLIENTS][KINDS][OUTCOMES];
	uint64_t	deadlocks[MAX_CLIENTS][NTABLES];
	uint64_t	connections[MAX_CLIENTS];
	uint64_t	longest[MAX_CLIENTS];	/* transactions of a connection */
	uint64_t	measured[MAX_CLIENTS];	/* connections */
	int64_t		grown[MAX_CLIENTS]; /* kB, the most */
	uint64_t	overlaps[MAX_CLIENTS];	/* that a reader saw */
} Shared;

static Shared *shared;

/* A state of a row, as its statement returned it or would have */
typedef struct State
{
	int			table;
	long		id;
	char		version[16];	/* empty: it is not known */
	char		status[32];
	char		starts_at[40];
	char		ends_at[40];
	char		confirmed[8];
} State;

/* This client */
static int	me;
static int	nclients;
static uint64_t random_state;
static FILE *journal;
static PGconn *conn;
static time_t deadline;
static uint64_t in_connection;	/* transactions */
static long first_size;			/* kB */
static long unfinished;			/* transaction that is prepared, or may be */
static State prepared;
static int	complaints;

static void
die(const char *format,...)
{
	va_list		args;

	va_start(args, format);
	fprintf(stderr, "soak: ");
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	va_end(args);
	_exit(1);
}

/* splitmix64 */
static uint64_t
random_number(void)
{
	uint64_t	z = (random_state += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static int
below(int n)
{
	return (int) (random_number() % (uint64_t) n);
}

/* ----------------------------------------------------------
 * The journal
 * ----------------------------------------------------------
 */

static void
write_field(const char *value)
{
	fprintf(journal, "\t%s", value[0] ? value : "\\N");
}

/* acknowledged: 'A', or 'U' for unknown */
static void
record(char acknowledged, Kind kind, const State *state)
{
	fprintf(journal, "%c\t%s\t%d\t%ld", acknowledged, kinds[kind].name,
			state->table, state->id);
	write_field(state->version);
	write_field(state->status);
	write_field(state->starts_at);
	write_field(state->ends_at);
	write_field(state->confirmed);
	fputc('\n', journal);
	if (fflush(journal) != 0)
		die("could not write the journal: %s", strerror(errno));
	if (strcmp(state->version, "1") == 0)
	{
		uint32_t	n = shared->booked[me][state->table];

		shared->ring[me][state->table][n % RING] = state->id;
		__atomic_store_n(&shared->booked[me][state->table], n + 1,
						 __ATOMIC_RELEASE);
	}
}

/* ----------------------------------------------------------
 * The connection
 * ----------------------------------------------------------
 */

/* Memory of the backend that it shares with nobody, in kB; 0 if unknown */
static long
backend_size(void)
{
	char		path[64];
	long		all;
	long		resident;
	long		common;
	FILE	   *statm;
	int			got;

	snprintf(path, sizeof(path), "/proc/%d/statm", PQbackendPID(conn));
	statm = fopen(path, "r");
	if (statm == NULL)
		return 0;
	got = fscanf(statm, "%ld %ld %ld", &all, &resident, &common);
	fclose(statm);
	return got == 3 ? (resident - common) * (sysconf(_SC_PAGESIZE) / 1024) : 0;
}

static void
measure_backend(void)
{
	long		size;

	in_connection++;
	if (in_connection > shared->longest[me])
		shared->longest[me] = in_connection;
	if (in_connection == WARM)
		first_size = backend_size();
	else if (in_connection > WARM && in_connection % 50 == 0 &&
			 (size = backend_size()) > 0 && first_size > 0)
	{
		if (in_connection == 2 * WARM)
			shared->measured[me]++;
		if (size - first_size > shared->grown[me])
			shared->grown[me] = size - first_size;
	}
}

static void
ignore_notice(void *arg, const char *message)
{
}

/*
 * Connect, again and again while the server is away; NULL at the end.  What
 * is prepared is finished even after that.  Errors of a client's statements
 * are looked at here, and would only fill the server's log.
 */
static void
reconnect(void)
{
	char		options[256];

	snprintf(options, sizeof(options),
			 "application_name=soak options='-c timezone=UTC -c appointment.actor=client_%d -c search_path=soak,public -c log_min_messages=fatal'",
			 me);
	if (conn != NULL)
		PQfinish(conn);
	for (;;)
	{
		conn = PQconnectdb(options);
		if (PQstatus(conn) == CONNECTION_OK)
		{
			PQsetNoticeProcessor(conn, ignore_notice, NULL);
			break;
		}
		PQfinish(conn);
		conn = NULL;
		if (time(NULL) >= deadline + (unfinished ? 60 : 0))
			return;
		usleep(20000 + 1000 * below(60));
	}
	shared->connections[me]++;
	in_connection = 0;
}

static bool
connected(void)
{
	return conn != NULL && PQstatus(conn) == CONNECTION_OK;
}

/*
 * Run a statement.  A result is one only if the server is ready for the next
 * statement, which is when the transaction of this one has ended.
 */
static PGresult *
run(const char *sql, int nparams, const char *const *params)
{
	return PQexecParams(conn, sql, nparams, NULL, params, NULL, NULL, 0);
}

static bool
succeeded(PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) &&
		connected();
}

/* What an error means; the connection may be gone. */
static Outcome
failure(Kind kind, int table, PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (!connected() || state == NULL)
		return LOST;
	if (strcmp(state, "23P01") == 0)
		return TAKEN;
	if (strcmp(state, "23514") == 0)
		return ILLEGAL;
	if (strcmp(state, "40P01") == 0)
	{
		shared->deadlocks[me][table]++;
		return DEADLOCK;
	}
	if (strcmp(state, "40001") == 0)
		return SERIALIZATION;
	if (complaints++ < 5)
		fprintf(stderr, "soak: client %d, %s in %s: %s", me, kinds[kind].name,
				tables[table].name, PQerrorMessage(conn));
	return UNEXPECTED;
}

/* A statement without a result; LOST and so on if it fails */
static Outcome
simple(Kind kind, int table, const char *sql)
{
	PGresult   *result = PQexec(conn, sql);
	Outcome		outcome = succeeded(result) ? DONE :
		failure(kind, table, result);

	PQclear(result);
	return outcome;
}

/* End a transaction that has failed, or that is not to be. */
static void
roll_back(void)
{
	if (connected() && PQtransactionStatus(conn) != PQTRANS_IDLE)
		PQclear(PQexec(conn, "ROLLBACK"));
}

/* ----------------------------------------------------------
 * Statements
 * ----------------------------------------------------------
 */

static void
format_instant(char *buffer, size_t size, int64_t seconds)
{
	time_t		t = (time_t) seconds;
	struct tm	tm;

	gmtime_r(&t, &tm);
	strftime(buffer, size, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/*
 * A slot in the two days that are open now, often one that has just been
 * opened and that everybody wants.  With every few attempts the days move on
 * by a quarter of an hour, so that most slots are taken at last.
 */
static int64_t
choose_start(int table)
{
	uint64_t	n = __atomic_add_fetch(&shared->attempts[table], 1,
									   __ATOMIC_RELAXED);

	return EPOCH + ((int64_t) (n / 8) +
					(below(3) == 0 ? 191 : below(192))) * QUARTER;
}

/* One of somebody's last bookings, or the very last; 0 for none */
static long
some_id(int table)
{
	int			who = below(3) > 0 ? me : below(nclients);
	uint32_t	n = __atomic_load_n(&shared->booked[who][table],
									__ATOMIC_ACQUIRE);

	if (n == 0)
		return 0;
	return (long) shared->ring[who][table][below(3) == 0 ? (n - 1) % RING :
										   (uint32_t) below((int) (n < RING ? n : RING))];
}

/* What to book, as the document of an appointment; the state that it has */
static void
choose_booking(int table, long id, char *doc, size_t size, State *state)
{
	int64_t		starts_at = choose_start(table);
	int64_t		ends_at = starts_at + (1 + below(6)) * QUARTER;
	bool		closed = tables[table].closing && below(200) == 0;
	size_t		len;

	memset(state, 0, sizeof(State));
	state->table = table;
	state->id = id;
	strcpy(state->status, below(5) == 0 ? "pending" : "scheduled");
	strcpy(state->confirmed, "false");
	format_instant(state->starts_at, sizeof(state->starts_at), starts_at);
	format_instant(state->ends_at, sizeof(state->ends_at), ends_at);

	len = (size_t) snprintf(doc, size,
							"{\"id\":\"%ld\",\"status\":\"%s\",\"starts_at\":\"%s\",\"ends_at\":\"%s\",\"practitioner_id\":\"pra_%d\",\"resource_ids\":[",
							id, state->status, state->starts_at,
							state->ends_at, below(12));
	for (int n = below(3), i = 0; i < n; i++)
		len += (size_t) snprintf(doc + len, size - len, "%s\"res_%d\"",
								 i > 0 ? "," : "", below(10));
	len += (size_t) snprintf(doc + len, size - len, "]");
	if (below(3) > 0)
		len += (size_t) snprintf(doc + len, size - len, ",\"room_id\":\"rom_%d\"", below(8));
	if (below(3) == 0)
		len += (size_t) snprintf(doc + len, size - len, ",\"vehicle_id\":\"veh_%d\"", below(4));
	if (tables[table].tenants)
		len += (size_t) snprintf(doc + len, size - len, ",\"org\":\"org_%d\"", below(2));
	if (closed)
		len += (size_t) snprintf(doc + len, size - len, ",\"closed\":true");
	snprintf(doc + len, size - len, "}");
}

/* The occupancy of a document that is a parameter */
static const char *
occupancy_of(int table, const char *param, char *buffer, size_t size)
{
	if (tables[table].value)
		snprintf(buffer, size, "appointment_occupancy(%s::appointment)", param);
	else
		snprintf(buffer, size,
				 "(SELECT CASE WHEN closed THEN occupancy_all(starts_at, ends_at, org) ELSE occupancy(starts_at, ends_at, resource_ids || practitioner_id || room_id || vehicle_id, org) END"
				 " FROM jsonb_to_record(%s::jsonb) AS r(org text, starts_at timestamptz, ends_at timestamptz, practitioner_id text, room_id text, vehicle_id text, resource_ids text[], closed boolean))",
				 param);
	return buffer;
}

#define RETURNING_VALUE \
	" RETURNING version, appointment_status(a), appointment_starts_at(a), appointment_ends_at(a), coalesce(a ->> 'confirmed', 'false')"
#define RETURNING_COLUMNS \
	" RETURNING version, status, starts_at, ends_at, coalesce(confirmed, false)::text"

/*
 * Run a statement that changes a row, and take its state from what it
 * returns.
 */
static Outcome
change(Kind kind, State *state, const char *sql, const char *param)
{
	char		id[32];
	const char *params[2];
	PGresult   *result;
	Outcome		outcome;

	snprintf(id, sizeof(id), "%ld", state->id);
	params[0] = id;
	params[1] = param;
	result = run(sql, param != NULL ? 2 : 1, params);
	if (!succeeded(result))
		outcome = failure(kind, state->table, result);
	else if (PQntuples(result) == 0)
		outcome = kind == BOOK_OR_NOTHING ? TAKEN : NO_ROW;
	else
	{
		snprintf(state->version, sizeof(state->version), "%s", PQgetvalue(result, 0, 0));
		snprintf(state->status, sizeof(state->status), "%s", PQgetvalue(result, 0, 1));
		snprintf(state->starts_at, sizeof(state->starts_at), "%s", PQgetvalue(result, 0, 2));
		snprintf(state->ends_at, sizeof(state->ends_at), "%s", PQgetvalue(result, 0, 3));
		snprintf(state->confirmed, sizeof(state->confirmed), "%s", PQgetvalue(result, 0, 4));
		outcome = DONE;
	}
	PQclear(result);
	return outcome;
}

static Outcome
insert(Kind kind, State *state, const char *doc)
{
	char		sql[1024];
	const char *on_conflict = kind == BOOK_OR_NOTHING ? " ON CONFLICT DO NOTHING" : "";
	const Table *table = &tables[state->table];

	if (table->value)
		snprintf(sql, sizeof(sql),
				 "INSERT INTO %s (id, a) VALUES ($1, $2)%s" RETURNING_VALUE,
				 table->name, on_conflict);
	else
		snprintf(sql, sizeof(sql),
				 "INSERT INTO %s (id, org, status, starts_at, ends_at, practitioner_id, room_id, vehicle_id, resource_ids%s)"
				 " SELECT $1::bigint, r.org, r.status, r.starts_at, r.ends_at, r.practitioner_id, r.room_id, r.vehicle_id, r.resource_ids%s"
				 " FROM jsonb_to_record($2::jsonb) AS r(org text, status text, starts_at timestamptz, ends_at timestamptz, practitioner_id text, room_id text, vehicle_id text, resource_ids text[], closed boolean)%s"
				 RETURNING_COLUMNS,
				 table->name, table->closing ? ", closed" : "",
				 table->closing ? ", r.closed" : "", on_conflict);
	return change(kind, state, sql, doc);
}

/* The change of a row that exists; fills in what is wanted, too */
static Outcome
update(Kind kind, State *state)
{
	char		sql[1024];
	const Table *table = &tables[state->table];
	const char *status = NULL;

	switch (kind)
	{
		case CANCEL:
		case REBOOK:
			status = "cancelled";
			break;
		case REINSTATE:
			status = "scheduled";
			break;
		case ARRIVE:
			status = "arrived";
			break;
		case COMPLETE:
			status = "completed";
			break;
		case MISS:
			status = "no_show";
			break;
		default:
			break;
	}

	if (status != NULL)
	{
		snprintf(state->status, sizeof(state->status), "%s", status);
		snprintf(sql, sizeof(sql),
				 table->value ?
				 "UPDATE %s SET a = appointment_transition(a, $2), version = version + 1 WHERE id = $1" RETURNING_VALUE :
				 "UPDATE %s SET status = $2, version = version + 1 WHERE id = $1" RETURNING_COLUMNS,
				 table->name);
		return change(kind, state, sql, status);
	}
	if (kind == RESCHEDULE)
	{
		char		starts_at[40];

		format_instant(starts_at, sizeof(starts_at), choose_start(state->table));
		snprintf(state->starts_at, sizeof(state->starts_at), "%s", starts_at);
		snprintf(sql, sizeof(sql),
				 table->value ?
				 "UPDATE %s SET a = appointment_reschedule(a, $2), version = version + 1 WHERE id = $1" RETURNING_VALUE :
				 "UPDATE %s SET starts_at = $2::timestamptz, ends_at = $2::timestamptz + (ends_at - starts_at), version = version + 1 WHERE id = $1" RETURNING_COLUMNS,
				 table->name);
		return change(kind, state, sql, starts_at);
	}
	if (kind == CONFIRM)
	{
		strcpy(state->confirmed, "true");
		snprintf(sql, sizeof(sql),
				 table->value ?
				 "UPDATE %s SET a = appointment_confirm(a), version = version + 1 WHERE id = $1" RETURNING_VALUE :
				 "UPDATE %s SET confirmed = true, version = version + 1 WHERE id = $1" RETURNING_COLUMNS,
				 table->name);
		return change(kind, state, sql, NULL);
	}
	snprintf(sql, sizeof(sql),
			 table->value ?
			 "DELETE FROM %s WHERE id = $1" RETURNING_VALUE :
			 "DELETE FROM %s WHERE id = $1" RETURNING_COLUMNS,
			 table->name);
	return change(kind, state, sql, NULL);
}

/*
 * Who is booked in six of the hours that are open, by the index: as plain
 * periods and names, these may not overlap at any time.
 */
static Outcome
look(int table)
{
	char		sql[1024];
	char		from[40];
	char		to[40];
	char		org[8];
	int64_t		start = choose_start(table);
	const char *params[3];
	PGresult   *result;
	Outcome		outcome = DONE;

	format_instant(from, sizeof(from), start);
	format_instant(to, sizeof(to), start + 24 * QUARTER);
	snprintf(org, sizeof(org), "org_%d", below(2));
	params[0] = from;
	params[1] = to;
	params[2] = tables[table].tenants ? org : NULL;
	snprintf(sql, sizeof(sql),
			 "WITH w AS MATERIALIZED (SELECT * FROM %s_plain WHERE held && occupancy_all($1, $2, $3)"
			 " AND status IS DISTINCT FROM 'cancelled' AND status IS DISTINCT FROM 'no_show')"
			 " SELECT count(*) FROM w AS x, w AS y WHERE x.id < y.id"
			 " AND x.starts_at < y.ends_at AND y.starts_at < x.ends_at"
			 " AND (x.closed OR y.closed OR EXISTS (SELECT unnest(x.resources) INTERSECT SELECT unnest(y.resources)))",
			 tables[table].name);
	result = run(sql, 3, params);
	if (!succeeded(result))
		outcome = failure(READ, table, result);
	else if (strcmp(PQgetvalue(result, 0, 0), "0") != 0)
	{
		fprintf(stderr, "soak: client %d sees %s overlaps in %s\n", me,
				PQgetvalue(result, 0, 0), tables[table].name);
		shared->overlaps[me]++;
	}
	PQclear(result);
	return outcome;
}

/* The document of a booking */
static Outcome
show(int table)
{
	char		sql[256];
	char		id[32];
	const char *params[1] = {id};
	PGresult   *result;
	Outcome		outcome;

	snprintf(id, sizeof(id), "%ld", some_id(table));
	snprintf(sql, sizeof(sql),
			 tables[table].value ?
			 "SELECT appointment_to_json(a, 'avon') FROM %s WHERE id = $1" :
			 "SELECT appointment_to_json(appointment_from_row(t), 'caspen') FROM %s AS t WHERE id = $1",
			 tables[table].name);
	result = run(sql, 1, params);
	outcome = !succeeded(result) ? failure(READ, table, result) :
		PQntuples(result) == 0 ? NO_ROW : DONE;
	PQclear(result);
	return outcome;
}

/* ----------------------------------------------------------
 * Transactions
 * ----------------------------------------------------------
 */

static const char *
choose_begin(void)
{
	switch (below(8))
	{
		case 0:
			return "BEGIN ISOLATION LEVEL REPEATABLE READ";
		case 1:
			return "BEGIN ISOLATION LEVEL SERIALIZABLE";
		default:
			return "BEGIN";
	}
}

static long
new_id(int table)
{
	return (long) me * IDS_OF_A_CLIENT + ++shared->last[me][table];
}

/* Commit; the states are acknowledged, or their fate is unknown. */
static Outcome
commit(Kind kind, int table, State *states, int count)
{
	PGresult   *result = PQexec(conn, "COMMIT");
	Outcome		outcome = DONE;
	char		acknowledged = 'A';

	if (!succeeded(result))
	{
		outcome = failure(kind, table, result);
		acknowledged = outcome == LOST ? 'U' : '\0';
		if (outcome == LOST)
			outcome = UNKNOWN;
	}
	else if (strcmp(PQcmdStatus(result), "COMMIT") != 0)
	{
		fprintf(stderr, "soak: client %d: COMMIT rolled back\n", me);
		outcome = UNEXPECTED;
		acknowledged = '\0';
	}
	PQclear(result);
	for (int i = 0; acknowledged && i < count; i++)
		record(acknowledged, kind, &states[i]);
	return outcome;
}

/* One statement, alone or between BEGIN and COMMIT */
static Outcome
single(Kind kind, State *state, const char *doc)
{
	Outcome		outcome;
	bool		alone = below(5) < 3;

	if (!alone)
	{
		outcome = simple(kind, state->table, choose_begin());
		if (outcome != DONE)
			return outcome;
	}
	outcome = kind == READ ? (below(2) ? look : show) (state->table) :
		doc != NULL ? insert(kind, state, doc) : update(kind, state);
	if (kind == READ)
	{
		roll_back();
		return outcome;
	}
	if (alone)
	{
		if (outcome == DONE)
			record('A', kind, state);
		else if (outcome == LOST)
		{
			record('U', kind, state);
			outcome = UNKNOWN;
		}
		return outcome;
	}
	if (outcome == DONE)
		outcome = commit(kind, state->table, state, 1);
	roll_back();
	return outcome;
}

/* Two rows, or the next slot if one is taken */
static Outcome
several(Kind kind, int table)
{
	char		docs[2][1024];
	State		states[2];
	char		sql[4096];
	char		first[1024];
	char		second[1024];
	const char *params[2] = {docs[0], docs[1]};
	Outcome		outcome = simple(kind, table, choose_begin());
	int			count = 0;

	if (outcome != DONE)
		return outcome;
	for (int i = 0; i < 2; i++)
		choose_booking(table, new_id(table), docs[i], sizeof(docs[i]), &states[i]);
	if (kind == BOOK_TWO)
	{
		PGresult   *result;

		snprintf(sql, sizeof(sql), "SELECT occupancy_lock('%s', VARIADIC ARRAY[%s, %s])",
				 tables[table].index,
				 occupancy_of(table, "$1", first, sizeof(first)),
				 occupancy_of(table, "$2", second, sizeof(second)));
		result = run(sql, 2, params);
		outcome = succeeded(result) ? DONE : failure(kind, table, result);
		PQclear(result);
		for (int i = 0; i < 2 && outcome == DONE; i++)
			outcome = insert(kind, &states[count++], docs[i]);
	}
	else
	{
		outcome = simple(kind, table, "SAVEPOINT first");
		if (outcome == DONE)
			outcome = insert(kind, &states[0], docs[0]);
		if (outcome == TAKEN)
		{
			states[0] = states[1];
			outcome = simple(kind, table, "ROLLBACK TO first");
			if (outcome == DONE)
				outcome = insert(kind, &states[0], docs[1]);
		}
		count = 1;
	}
	if (outcome == DONE)
		outcome = commit(kind, table, states, count);
	roll_back();
	return outcome;
}

/* Cancel a booking, and book another instead. */
static Outcome
rebook(int table)
{
	char		doc[1024];
	char		sql[4096];
	char		old[1024];
	char		new[1024];
	char		id[32];
	const char *params[2] = {id, doc};
	State		states[2];
	PGresult   *result;
	Outcome		outcome;

	memset(states, 0, sizeof(states));
	states[0].table = table;
	states[0].id = some_id(table);
	if (states[0].id == 0)
		return NO_ROW;
	snprintf(id, sizeof(id), "%ld", states[0].id);
	outcome = simple(REBOOK, table, choose_begin());
	if (outcome != DONE)
		return outcome;
	choose_booking(table, new_id(table), doc, sizeof(doc), &states[1]);

	/* first the row that somebody else may want, too, then all the locks */
	snprintf(sql, sizeof(sql), "SELECT FROM %s WHERE id = $1 FOR UPDATE",
			 tables[table].name);
	result = run(sql, 1, params);
	outcome = !succeeded(result) ? failure(REBOOK, table, result) :
		PQntuples(result) == 0 ? NO_ROW : DONE;
	PQclear(result);
	if (outcome == DONE)
	{
		snprintf(old, sizeof(old), "SELECT held FROM %s_plain WHERE id = $1",
				 tables[table].name);
		snprintf(sql, sizeof(sql), "SELECT occupancy_lock('%s', VARIADIC ARRAY[(%s), %s])",
				 tables[table].index, old,
				 occupancy_of(table, "$2", new, sizeof(new)));
		result = run(sql, 2, params);
		outcome = succeeded(result) ? DONE : failure(REBOOK, table, result);
		PQclear(result);
	}
	if (outcome == DONE)
		outcome = update(REBOOK, &states[0]);
	if (outcome == DONE)
		outcome = insert(REBOOK, &states[1], doc);
	if (outcome == DONE)
		outcome = commit(REBOOK, table, states, 2);
	roll_back();
	return outcome;
}

/*
 * Finish what was prepared when the connection broke.  Its outcome is known
 * in the end: while it is prepared, it is neither lost nor visible.
 */
static void
finish_prepared(bool acknowledged)
{
	char		sql[128];
	PGresult   *result;
	const char *state;

	while (unfinished && connected())
	{
		snprintf(sql, sizeof(sql), "COMMIT PREPARED 'soak_%ld'", unfinished);
		result = PQexec(conn, sql);
		state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
		if (succeeded(result))
		{
			record('A', BOOK_PREPARED, &prepared);
			shared->counts[me][BOOK_PREPARED][DONE]++;
			unfinished = 0;
		}
		else if (connected() && state != NULL && strcmp(state, "42704") == 0)
		{
			/* committed before, or never prepared */
			record(acknowledged ? 'A' : 'U', BOOK_PREPARED, &prepared);
			shared->counts[me][BOOK_PREPARED][acknowledged ? DONE : UNKNOWN]++;
			unfinished = 0;
		}
		else if (connected())
		{
			fprintf(stderr, "soak: client %d: %s", me, PQerrorMessage(conn));
			shared->counts[me][BOOK_PREPARED][UNEXPECTED]++;
			unfinished = 0;
		}
		PQclear(result);
		if (unfinished)
			reconnect();
	}
}

static Outcome
book_prepared(int table)
{
	char		doc[1024];
	char		sql[128];
	bool		acknowledged;
	PGresult   *result;
	Outcome		outcome = simple(BOOK_PREPARED, table, choose_begin());

	if (outcome != DONE)
		return outcome;
	choose_booking(table, new_id(table), doc, sizeof(doc), &prepared);
	outcome = insert(BOOK_PREPARED, &prepared, doc);
	if (outcome != DONE)
	{
		roll_back();
		return outcome;
	}

	/* ids are unique in a table only */
	unfinished = prepared.id * NTABLES + table;
	snprintf(sql, sizeof(sql), "PREPARE TRANSACTION 'soak_%ld'", unfinished);
	result = PQexec(conn, sql);
	acknowledged = succeeded(result);
	if (!acknowledged)
	{
		outcome = failure(BOOK_PREPARED, table, result);
		if (outcome != LOST)
			unfinished = 0;
	}
	PQclear(result);
	if (!unfinished)
	{
		roll_back();
		return outcome;
	}
	if (!connected())
		reconnect();
	finish_prepared(acknowledged);
	return OUTCOMES;			/* it is counted */
}

static Outcome
transaction(Kind kind, int table)
{
	State		state;
	char		doc[1024];

	switch (kind)
	{
		case BOOK:
		case BOOK_OR_NOTHING:
			choose_booking(table, new_id(table), doc, sizeof(doc), &state);
			return single(kind, &state, doc);
		case BOOK_TWO:
		case BOOK_ELSE:
			return several(kind, table);
		case BOOK_PREPARED:
			return book_prepared(table);
		case REBOOK:
			return rebook(table);
		default:
			memset(&state, 0, sizeof(state));
			state.table = table;
			state.id = some_id(table);
			if (state.id == 0 && kind != READ)
				return NO_ROW;
			return single(kind, &state, NULL);
	}
}

/* ----------------------------------------------------------
 * Clients
 * ----------------------------------------------------------
 */

static void
client(uint64_t seed, const char *directory)
{
	char		path[1024];
	int			weights = 0;

	for (int kind = 0; kind < KINDS; kind++)
		weights += kinds[kind].weight;
	random_state = seed + (uint64_t) me * UINT64_C(0xD1342543DE82EF95);
	snprintf(path, sizeof(path), "%s/%d.tsv", directory, me);
	journal = fopen(path, "w");
	if (journal == NULL)
		die("could not create \"%s\": %s", path, strerror(errno));

	/* a client that hangs is a failure */
	alarm((unsigned) (deadline - time(NULL)) + 120);
	reconnect();
	while (conn != NULL && time(NULL) < deadline)
	{
		int			n = below(weights);
		int			table = below(NTABLES);
		Kind		kind = BOOK;
		Outcome		outcome;

		while (n >= kinds[kind].weight)
			n -= kinds[kind++].weight;
		outcome = transaction(kind, table);
		if (outcome != OUTCOMES)
			shared->counts[me][kind][outcome]++;
		if (!connected())
			reconnect();
		else
			measure_backend();
	}
	if (unfinished)
		fprintf(stderr, "soak: client %d leaves a prepared transaction\n", me);
	if (conn != NULL)
		PQfinish(conn);
	if (fclose(journal) != 0)
		die("could not write \"%s\": %s", path, strerror(errno));
	_exit(unfinished ? 1 : 0);
}

static uint64_t
sum(const uint64_t *of_client, size_t stride)
{
	uint64_t	total = 0;

	for (int i = 0; i < nclients; i++)
		total += *(const uint64_t *) ((const char *) of_client + (size_t) i * stride);
	return total;
}

static int
report(int seconds, int status)
{
	uint64_t	totals[OUTCOMES] = {0};
	uint64_t	all = 0;
	uint64_t	overlaps = 0;
	uint64_t	connections = 0;
	uint64_t	measured = 0;
	uint64_t	longest = 0;
	int64_t		grown = 0;

	printf("%-22s", "transactions");
	for (int outcome = 0; outcome < OUTCOMES; outcome++)
		printf(" %10s", outcomes[outcome]);
	printf("\n");
	for (int kind = 0; kind < KINDS; kind++)
	{
		printf("%-22s", kinds[kind].name);
		for (int outcome = 0; outcome < OUTCOMES; outcome++)
		{
			uint64_t	n = sum(&shared->counts[0][kind][outcome],
								sizeof(shared->counts[0]));

			totals[outcome] += n;
			all += n;
			printf(" %10llu", (unsigned long long) n);
		}
		printf("\n");
	}
	printf("%-22s", "all");
	for (int outcome = 0; outcome < OUTCOMES; outcome++)
		printf(" %10llu", (unsigned long long) totals[outcome]);
	printf("\n");

	for (int i = 0; i < nclients; i++)
	{
		connections += shared->connections[i];
		measured += shared->measured[i];
		overlaps += shared->overlaps[i];
		if (shared->longest[i] > longest)
			longest = shared->longest[i];
		if (shared->grown[i] > grown)
			grown = shared->grown[i];
	}
	printf("%llu transactions in %d s, %.0f/s, by %d clients over %llu connections\n",
		   (unsigned long long) all, seconds, (double) all / seconds, nclients,
		   (unsigned long long) connections);
	printf("deadlocks:");
	for (int table = 0; table < NTABLES; table++)
	{
		uint64_t	n = sum(&shared->deadlocks[0][table],
							sizeof(shared->deadlocks[0]));

		printf(" %s %llu", tables[table].name, (unsigned long long) n);
		if (n > 0 && tables[table].guarded)
			status = 1;
	}
	printf("\n");

	/* result lines for the script: name, then value */
	printf("overlaps_seen %llu\n", (unsigned long long) overlaps);
	printf("unexpected %llu\n", (unsigned long long) totals[UNEXPECTED]);
	printf("measured_connections %llu\n", (unsigned long long) measured);
	printf("longest_connection %llu\n", (unsigned long long) longest);
	printf("grown_kb %lld\n", (long long) grown);
	if (overlaps > 0 || totals[UNEXPECTED] > 0)
		status = 1;
	return status;
}

int
main(int argc, char **argv)
{
	uint64_t	seed;
	int			seconds;
	int			status = 0;

	if (argc != 5)
	{
		fprintf(stderr, "usage: soak CLIENTS SECONDS SEED DIRECTORY\n");
		return 2;
	}
	nclients = atoi(argv[1]);
	seconds = atoi(argv[2]);
	seed = strtoull(argv[3], NULL, 10);
	if (nclients < 1 || nclients > MAX_CLIENTS || seconds < 1)
		die("between 1 and %d clients, for a second at least", MAX_CLIENTS);

	shared = mmap(NULL, sizeof(Shared), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("no shared memory: %s", strerror(errno));
	deadline = time(NULL) + seconds;
	for (me = 0; me < nclients; me++)
	{
		pid_t		pid = fork();

		if (pid < 0)
			die("could not fork: %s", strerror(errno));
		if (pid == 0)
			client(seed, argv[4]);
	}
	for (int i = 0; i < nclients; i++)
	{
		int			result;
		pid_t		pid = wait(&result);

		if (result != 0)
		{
			fprintf(stderr, "soak: process %d ended with %s %d\n", (int) pid,
					WIFSIGNALED(result) ? "signal" : "status",
					WIFSIGNALED(result) ? WTERMSIG(result) : WEXITSTATUS(result));
			status = 1;
		}
	}
	return report(seconds, status);
}
