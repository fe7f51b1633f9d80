/*-------------------------------------------------------------------------
 *
 * fuzz.c
 *		Fuzz targets: bytes go into the extension's SQL functions, and what
 *		comes out is checked.
 *
 * This runs in a backend, so that memory contexts, errors, the server's JSON
 * parser and its time zones are the real ones.  fuzz_one() takes one input;
 * fuzz_run() hands a target to libFuzzer, which must be in the process
 * (tools/test_fuzz.sh links it into the extension).
 *
 * Every call is a subtransaction that is rolled back if it fails.  An error
 * is a good answer, but for those of class XX (internal error), of which only
 * "corrupted" is one, and only for damaged values.  Whatever else is not as it
 * should be is a finding: an error of fuzz_one(), the end of fuzz_run().
 *
 * A value under test lies in a block of malloc() that is as long as the value,
 * so that AddressSanitizer and valgrind see a read beyond its end.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <dlfcn.h>

#include "access/gist.h"
#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/memutils.h"
#include "utils/rangetypes.h"
#include "utils/regproc.h"
#include "utils/sortsupport.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

#include "../../src/compat.h"

PG_MODULE_MAGIC;

APPOINTMENT_FUNCTION(fuzz_one);
APPOINTMENT_FUNCTION(fuzz_run);
APPOINTMENT_FUNCTION(fuzz_receive);

/* What is left of an input. */
typedef struct Input
{
	const uint8 *data;
	size_t		size;
} Input;

typedef void (*Target) (Input *input);

/* A function of the extension, ready to be called. */
typedef struct Function
{
	const char *signature;
	FmgrInfo	flinfo;
} Function;

/* How a call ended. */
typedef struct Outcome
{
	bool		ok;
	bool		isnull;
	Datum		result;
	Tuplestorestate *rows;		/* of a function that returns a set */
	TupleDesc	row;
	int			sqlstate;
	char	   *message;
} Outcome;

/* Are the values damaged, so that "corrupted" is a good answer? */
static bool damaged = false;

/* Does libFuzzer run us? */
static bool driven = false;

static const char *const formats[] = {
	"caspen", "sqod", "avon", "savvycal", "appointment_one"
};

/* For parameters of type text */
static const char *const words[] = {
	"avon", "caspen", "sqod", "savvycal", "appointment_one", "default",
	"cancelled", "scheduled", "arrived", "completed", "starts_at", "ends_at",
	"claimant", "attendees", "status_history", "duration", "note", "unknown",
	"source", "resource_ids", "recurrence", "id", "nothing", "update"
};

/* The names of the fields, by record */
#define RECORD(symbol) \
	static const char *const pg_attribute_unused() fields_of_##symbol[] = {
#define FIELD(symbol, number, name, kind, sub, personal, comment) name,
#define RECORD_END(symbol) };
#include "../../src/record/fields.def"

/*
 * A finding.
 */
static void
finding(const char *format,...) pg_attribute_printf(1, 2);

static void
finding(const char *format,...)
{
	char		text[1000];
	va_list		args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (driven)
	{
		fprintf(stderr, "FINDING: %s\n", text);
		abort();
	}
	ereport(ERROR,
			(errcode(ERRCODE_ASSERT_FAILURE), errmsg("finding: %s", text)));
}

/*
 * What a failed assertion of the extension calls, if it was built so that
 * ExceptionalCondition means this.  A damaged value may well break what the
 * code believes of it; without assertions, it goes on from there.
 */
#if PG_VERSION_NUM >= 160000
#define ASSERTION_ARGUMENTS	const char *condition, const char *file, int line
#else
#define ASSERTION_ARGUMENTS \
	const char *condition, const char *type, const char *file, int line
#endif

pg_noreturn extern PGDLLEXPORT void fuzz_assertion_failed(ASSERTION_ARGUMENTS);

void
fuzz_assertion_failed(ASSERTION_ARGUMENTS)
{
	if (damaged)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("assertion %s failed", condition)));
	fprintf(stderr, "FINDING: assertion %s failed, %s, line %d\n",
			condition, file, line);
	abort();
}

/*----------------------------------------------------------
 * Calls
 *----------------------------------------------------------*/

/*
 * The function of a signature; looked up once.
 */
static Function *
function(const char *signature)
{
	static List *known = NIL;
	Function   *result;
	ListCell   *cell;
	MemoryContext old;

	foreach(cell, known)
	{
		result = (Function *) lfirst(cell);
		if (result->signature == signature ||
			strcmp(result->signature, signature) == 0)
			return result;
	}
	old = MemoryContextSwitchTo(TopMemoryContext);
	result = palloc0(sizeof(Function));
	fmgr_info(DatumGetObjectId(DirectFunctionCall1(regprocedurein,
												   CStringGetDatum(signature))),
			  &result->flinfo);
	result->signature = pstrdup(signature);
	known = lcons(result, known);
	MemoryContextSwitchTo(old);
	return result;
}

/*
 * Is an error a good answer?
 */
static void
check_error(const char *what, const Outcome *outcome)
{
	if (ERRCODE_TO_CATEGORY(outcome->sqlstate) != ERRCODE_INTERNAL_ERROR)
		return;
	if (damaged && (outcome->sqlstate == ERRCODE_DATA_CORRUPTED ||
					outcome->sqlstate == ERRCODE_INDEX_CORRUPTED))
		return;
	finding("%s: %s: %s", what, unpack_sql_state(outcome->sqlstate),
			outcome->message);
}

/*
 * Call a function in a subtransaction, NULL being no argument.
 */
static Outcome
call(const char *signature, int nargs, const NullableDatum *args)
{
	LOCAL_FCINFO(fcinfo, FUNC_MAX_ARGS);
	Function   *f = function(signature);
	Outcome		outcome = {0};
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ReturnSetInfo set = {.type = T_ReturnSetInfo};

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		InitFunctionCallInfoData(*fcinfo, &f->flinfo, nargs, InvalidOid, NULL,
								 NULL);
		for (int i = 0; i < nargs; i++)
			fcinfo->args[i] = args[i];
		if (f->flinfo.fn_retset)
		{
			set.econtext = CreateStandaloneExprContext();
			set.allowedModes = SFRM_Materialize;
			get_func_result_type(f->flinfo.fn_oid, NULL, &set.expectedDesc);
			if (set.expectedDesc == NULL)
			{
				set.expectedDesc = CreateTemplateTupleDesc(1);
				TupleDescInitEntry(set.expectedDesc, 1, "", TEXTOID, -1, 0);
			}
			fcinfo->resultinfo = (Node *) &set;
		}
		outcome.result = FunctionCallInvoke(fcinfo);
		outcome.isnull = fcinfo->isnull;
		outcome.rows = set.setResult;
		outcome.row = set.setDesc ? set.setDesc : set.expectedDesc;
		ReleaseCurrentSubTransaction();
		outcome.ok = true;
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		outcome = (Outcome) {0};
		outcome.sqlstate = error->sqlerrcode;
		outcome.message = error->message;
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	if (!outcome.ok)
		check_error(signature, &outcome);
	return outcome;
}

#define COUNT(array)	((int) lengthof(array))

#define ARG(datum)		{(datum), false}
#define NO_ARG			{(Datum) 0, true}
#define CALL(signature, ...) \
	call(signature, lengthof(((NullableDatum[]) {__VA_ARGS__})), \
		 (NullableDatum[]) {__VA_ARGS__})

/* The same for a function that must not fail. */
#define MUST(signature, ...) \
	must(signature, CALL(signature, __VA_ARGS__))

static Datum
must(const char *signature, Outcome outcome)
{
	if (!outcome.ok)
		finding("%s fails: %s: %s", signature,
				unpack_sql_state(outcome.sqlstate), outcome.message);
	if (outcome.isnull)
		finding("%s is null", signature);
	return outcome.result;
}

/*
 * The blocks of this input, which are freed with it.
 */
static List *blocks = NIL;

static void *
block(size_t size)
{
	void	   *result = malloc(Max(size, 1));

	if (result == NULL)
		elog(ERROR, "out of memory");
	blocks = lappend(blocks, result);
	return result;
}

/* A varlena of some bytes; the header is short if the caller likes. */
static Datum
make_varlena(const void *data, size_t size, bool short_header)
{
	char	   *result;

	if (short_header && size + VARHDRSZ_SHORT <= VARATT_SHORT_MAX)
	{
		result = block(size + VARHDRSZ_SHORT);
		SET_VARSIZE_SHORT(result, size + VARHDRSZ_SHORT);
	}
	else
	{
		result = block(size + VARHDRSZ);
		SET_VARSIZE(result, size + VARHDRSZ);
	}
	if (size > 0)
		memcpy(VARDATA_ANY(result), data, size);
	return PointerGetDatum(result);
}

/* A copy of a string, in a block of its length. */
static char *
cstring(const void *data, size_t size)
{
	char	   *result = block(size + 1);

	if (size > 0)
		memcpy(result, data, size);
	result[size] = '\0';
	return result;
}

static Datum
word(const char *text)
{
	return PointerGetDatum(cstring_to_text(text));
}

/* The text of an input as the server gets it: valid in its encoding. */
static bool
is_text(const Input *input)
{
	return pg_verifymbstr((const char *) input->data, (int) input->size, true);
}

static uint8
take_byte(Input *input)
{
	if (input->size == 0)
		return 0;
	input->size--;
	return *input->data++;
}

/* A digit, or any byte, as one of n choices. */
static int
take_choice(Input *input, int n)
{
	return (uint8) (take_byte(input) - '0') % n;
}

/* What jsonb makes of a text; false if it is none. */
static bool
as_jsonb(const Input *input, Datum *jsonb)
{
	Outcome		outcome = CALL("pg_catalog.jsonb_in(cstring)",
							   ARG(CStringGetDatum(cstring(input->data, input->size))));

	*jsonb = outcome.result;
	return outcome.ok;
}

static int
count_errors(Outcome *outcome)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(outcome->row,
													&TTSOpsMinimalTuple);
	int			errors = 0;

	while (tuplestore_gettupleslot(outcome->rows, true, false, slot))
	{
		bool		isnull;
		Datum		severity = slot_getattr(slot, 3, &isnull);

		if (isnull)
			finding("a problem without severity");
		if (strcmp(TextDatumGetCString(severity), "error") == 0)
			errors++;
	}
	ExecDropSingleTupleTableSlot(slot);
	return errors;
}

/*----------------------------------------------------------
 * What holds for every value
 *----------------------------------------------------------*/

/* The types under test, by the first byte of some inputs. */
typedef struct Type
{
	const char *name;
	const char *in;
	const char *out;
	const char *receive;
	const char *send;
	const char *compare;
	const char *hash;
} Type;

#define TYPE(name) \
	{#name, #name "_in(cstring)", #name "_out(" #name ")", \
	"receive_" #name "(bytea)", #name "_send(" #name ")", \
	#name "_cmp(" #name "," #name ")", #name "_hash(" #name ")"}

static const Type types[] = {
	TYPE(appointment), TYPE(appointment_event), TYPE(occupancy), TYPE(rrule),
	TYPE(open_hours), TYPE(busy)
};

#define APPOINTMENT		(&types[0])
#define EVENT			(&types[1])
#define OCCUPANCY		(&types[2])
#define RRULE			(&types[3])
#define OPEN_HOURS		(&types[4])
#define BUSY			(&types[5])

static Oid
type_oid(const char *name)
{
	return DatumGetObjectId(DirectFunctionCall1(regtypein, CStringGetDatum(name)));
}

static void
check_equal(const Type *type, Datum a, Datum b, const char *what)
{
	if (DatumGetInt32(MUST(type->compare, ARG(a), ARG(b))) != 0 ||
		DatumGetInt32(MUST(type->compare, ARG(b), ARG(a))) != 0)
		finding("%s: another value after %s", type->name, what);
	if (DatumGetInt32(MUST(type->hash, ARG(a))) !=
		DatumGetInt32(MUST(type->hash, ARG(b))))
		finding("%s: equal, but another hash after %s", type->name, what);
}

/* A value that was accepted comes back from its text and binary forms. */
static void
check_value(const Type *type, Datum value)
{
	char	   *text = DatumGetCString(MUST(type->out, ARG(value)));
	Datum		again = MUST(type->in, ARG(CStringGetDatum(text)));
	char	   *text_again = DatumGetCString(MUST(type->out, ARG(again)));
	Datum		sent;

	check_equal(type, value, again, "its text form");
	if (strcmp(text, text_again) != 0)
		finding("%s: another text form after the text form", type->name);
	sent = MUST(type->send, ARG(value));
	check_equal(type, value, MUST(type->receive, ARG(sent)), "its binary form");
}

/*
 * Every format can be written; and read again, the value's own without loss.
 * Both types of JSON take it, and json gives it back.
 */
static void
check_written(Datum value, int own, bool is_event)
{
	Datum		json = MUST(is_event ? "appointment_event_as_json(appointment_event)" :
							"appointment_as_json(appointment)", ARG(value));

	check_equal(is_event ? EVENT : APPOINTMENT, value,
				MUST(is_event ? "appointment_event_of_json(json)" :
					 "appointment_of_json(json)", ARG(json)), "its cast to json");
	MUST(is_event ? "appointment_event_as_jsonb(appointment_event)" :
		 "appointment_as_jsonb(appointment)", ARG(value));
	for (int i = 0; i < COUNT(formats); i++)
	{
		Outcome		again;
		Datum		written;

		if ((i == 4) != is_event)
			continue;
		written = MUST(is_event ? "appointment_event_to_json(appointment_event,text,jsonb)" :
					   "appointment_to_json(appointment,text,jsonb)",
					   ARG(value), ARG(word(formats[i])), NO_ARG);
		MUST("pg_catalog.json_in(cstring)",
			 ARG(CStringGetDatum(TextDatumGetCString(written))));
		again = CALL(is_event ? "appointment_event_from_json(json,text,jsonb)" :
					 "appointment_from_json(json,text,jsonb)",
					 ARG(written), ARG(word(formats[i])), NO_ARG);
		if (i == own)
		{
			Datum		twice;

			if (!again.ok)
				finding("%s cannot be read after writing: %s", formats[i],
						again.message);
			twice = MUST(is_event ? "appointment_event_to_json(appointment_event,text,jsonb)" :
						 "appointment_to_json(appointment,text,jsonb)",
						 ARG(again.result), ARG(word(formats[i])), NO_ARG);
			if (strcmp(TextDatumGetCString(written), TextDatumGetCString(twice)) != 0)
				finding("%s: writing, reading and writing gives another text",
						formats[i]);
		}
	}
}

/*----------------------------------------------------------
 * Targets
 *----------------------------------------------------------*/

/*
 * A digit, the format; then a document.
 */
static void
target_document(Input *input)
{
	int			number = take_choice(input, lengthof(formats));
	bool		is_event = number == 4;
	Datum		format = word(formats[number]);
	Datum		text;
	Datum		jsonb;
	Outcome		value;
	Outcome		problems;
	bool		valid;

	if (!is_text(input))
		return;
	text = make_varlena(input->data, input->size, false);

	value = CALL(is_event ? "appointment_event_from_json(text,text,jsonb)" :
				 "appointment_from_json(text,text,jsonb)",
				 ARG(text), ARG(format), NO_ARG);
	valid = DatumGetBool(MUST("appointment_is_valid(text,text,text)",
							  ARG(text), ARG(format), NO_ARG));
	problems = CALL("appointment_validate(text,text,text)",
					ARG(text), ARG(format), NO_ARG);
	if (!problems.ok)
		finding("validation of %s fails: %s", formats[number], problems.message);
	if (valid != (count_errors(&problems) == 0))
		finding("%s: is_valid and validate disagree", formats[number]);
	if (valid != value.ok)
		finding("%s: %s, but reading says: %s", formats[number],
				valid ? "valid" : "not valid", value.ok ? "fine" : value.message);

	if (value.ok)
	{
		check_value(is_event ? EVENT : APPOINTMENT, value.result);
		check_written(value.result, number, is_event);
		if (!is_event)
		{
			CALL("appointment_problems(appointment)", ARG(value.result));
			CALL("appointment_occupancy(appointment)", ARG(value.result));
			MUST("appointment_erase(appointment)", ARG(value.result));
		}
		if (as_jsonb(input, &jsonb))
			CALL(is_event ? "appointment_event_from_json(jsonb,text,jsonb)" :
				 "appointment_from_json(jsonb,text,jsonb)",
				 ARG(jsonb), ARG(format), NO_ARG);
	}
}

/*
 * A digit, the format; then a list document.  The same text is recognised.
 */
static void
target_list(Input *input)
{
	int			number = take_choice(input, lengthof(formats));
	bool		is_event = number == 4;
	Datum		text;
	Outcome		list;
	TupleTableSlot *slot;

	if (!is_text(input))
		return;
	text = make_varlena(input->data, input->size, false);
	CALL("appointment_format(text)", ARG(text));
	list = CALL(is_event ? "appointment_event_list_from_json(text,text,jsonb)" :
				"appointment_list_from_json(text,text,jsonb)",
				ARG(text), ARG(word(formats[number])), NO_ARG);
	if (!list.ok)
		return;
	slot = MakeSingleTupleTableSlot(list.row, &TTSOpsMinimalTuple);
	for (int n = 0; n < 5 && tuplestore_gettupleslot(list.rows, true, false, slot); n++)
	{
		bool		isnull;
		Datum		value = slot_getattr(slot, 2, &isnull);

		if (!isnull)
		{
			check_value(is_event ? EVENT : APPOINTMENT, value);
			/* an item may lack what a single document must have */
			check_written(value, -1, is_event);
		}
		else
		{
			slot_getattr(slot, 3, &isnull);
			if (isnull)
				finding("an item that is neither a value nor a problem");
		}
	}
	ExecDropSingleTupleTableSlot(slot);
}

/*
 * A digit, the request; then its JSON.
 */
static void
target_request(Input *input)
{
	static const char *const kinds[][2] = {
		{"sqod", "create"}, {"avon", "create"},
		{"caspen", "update"}, {"sqod", "update"}, {"avon", "update"},
		{"savvycal", "cancel"}, {"savvycal", "reschedule"}
	};
	static const char *const base =
		"{\"id\":\"appt_2UxtAULYUrX7GVsTKePy\",\"starts_at\":\"2024-01-01T10:00:00Z\","
		"\"ends_at\":\"2024-01-01T11:00:00Z\",\"status\":\"scheduled\","
		"\"claimant\":{\"name\":\"A\",\"data\":[{\"name\":\"x\"}]},"
		"\"attendees\":[{\"id\":\"u\"}],\"note\":\"n\"}";
	int			number = take_choice(input, lengthof(kinds));
	const char *format = kinds[number][0];
	const char *kind = kinds[number][1];
	Datum		at = TimestampTzGetDatum(INT64CONST(770000000000000));
	Datum		text;
	Outcome		value;
	bool		valid;

	if (!is_text(input))
		return;
	text = make_varlena(input->data, input->size, false);
	valid = DatumGetBool(MUST("appointment_is_valid(text,text,text)",
							  ARG(text), ARG(word(format)), ARG(word(kind))));
	if (strcmp(kind, "create") == 0)
		value = CALL("appointment_from_request(text,text,text,timestamptz)",
					 ARG(text), ARG(word(format)),
					 ARG(word("appt_2UxtAULYUrX7GVsTKePy")), ARG(at));
	else
		value = CALL("appointment_apply_request(appointment,text,text,text,timestamptz,bool)",
					 ARG(MUST("appointment_in(cstring)", ARG(CStringGetDatum(base)))),
					 ARG(text), ARG(word(format)), ARG(word(kind)), ARG(at),
					 ARG(BoolGetDatum(false)));
	/* a request may be fine as such, and not for this appointment */
	if (value.ok && !valid)
		finding("the request %s of %s is not valid, but carried out", kind, format);
	if (value.ok)
		check_value(APPOINTMENT, value.result);
}

/*
 * A digit, the type; then its text form.
 */
static void
target_text(Input *input)
{
	const Type *type = &types[take_choice(input, lengthof(types))];
	Outcome		value;
	Datum		jsonb;

	if (!is_text(input) || memchr(input->data, 0, input->size) != NULL)
		return;
	value = CALL(type->in, ARG(CStringGetDatum(cstring(input->data, input->size))));
	if (value.ok)
	{
		check_value(type, value.result);
		if (type == OCCUPANCY)
		{
			if (DatumGetBool(MUST("occupancy_eq(occupancy,occupancy)",
								  ARG(value.result), ARG(value.result))) !=
				true)
				finding("an occupancy differs from itself");
			CALL("occupancy_buffer(occupancy,int4,int4)", ARG(value.result),
				 ARG(Int32GetDatum(15)), ARG(Int32GetDatum(INT_MAX)));
			CALL("occupancy_intersection(occupancy,occupancy)",
				 ARG(value.result), ARG(value.result));
			CALL("occupancy_add(occupancy,occupancy)",
				 ARG(value.result), ARG(value.result));
		}
		else if (type == APPOINTMENT || type == EVENT)
			check_written(value.result, -1, type == EVENT);
	}
	if (type == APPOINTMENT && as_jsonb(input, &jsonb))
	{
		Outcome		from = CALL("appointment_from_jsonb(jsonb)", ARG(jsonb));

		/* jsonb keeps the last of two members of a name */
		if (value.ok && !from.ok)
			finding("the text is read, but not as jsonb: %s", from.message);
	}
}

/*
 * A digit, the type; then its binary form.
 */
static void
target_binary(Input *input)
{
	const Type *type = &types[take_choice(input, lengthof(types))];
	Outcome		value = CALL(type->receive,
							 ARG(make_varlena(input->data, input->size, false)));

	if (value.ok)
		check_value(type, value.result);
}

/*
 * The functions of the extension that take a value of a type and only read.
 */
static List *
functions_of(int number)
{
	static List *functions[lengthof(types)];

	if (functions[number] == NIL)
	{
		MemoryContext context = CurrentMemoryContext;
		char	   *query =
			psprintf("SELECT p.oid::regprocedure::text FROM pg_proc p"
					 " JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'"
					 " JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'appointment'"
					 " WHERE '%s'::regtype = ANY (p.proargtypes) AND p.provolatile <> 'v' AND p.prokind = 'f'"
					 " AND NOT 'internal'::regtype = ANY (p.proargtypes)"
	/* a rule may be long to walk over; target_recurrence has shorter ones */
					 " AND p.proname !~ '^(rrule_(occurrences|next|last)|next_opening)$' ORDER BY p.oid",
					 types[number].name);

		SPI_connect();
		SPI_execute(query, true, 0);
		MemoryContextSwitchTo(TopMemoryContext);
		for (uint64 i = 0; i < SPI_processed; i++)
			functions[number] = lappend(functions[number],
										pstrdup(SPI_getvalue(SPI_tuptable->vals[i],
															 SPI_tuptable->tupdesc, 1)));
		MemoryContextSwitchTo(context);
		SPI_finish();
		if (functions[number] == NIL)
			elog(ERROR, "no functions of %s", types[number].name);
	}
	return functions[number];
}

/* An argument of a function beside the value. */
static NullableDatum
other_argument(Oid type, Datum value, Oid value_type, uint8 choice)
{
	NullableDatum arg = {(Datum) 0, false};

	if (type == value_type)
		arg.value = value;
	else if (type == TEXTOID)
		arg.value = word(words[choice % lengthof(words)]);
	else if (type == TIMESTAMPTZOID)
		arg.value = TimestampTzGetDatum(INT64CONST(770000000000000));
	else if (type == BOOLOID)
		arg.value = BoolGetDatum(choice & 1);
	else if (type == INT4OID)
		arg.value = Int32GetDatum(choice);
	else if (type == INT8OID)
		arg.value = Int64GetDatum(choice);
	else if (type == TEXTARRAYOID)
	{
		Datum		element = word(words[choice % lengthof(words)]);

		arg.value = PointerGetDatum(construct_array(&element, 1, TEXTOID, -1,
													false, TYPALIGN_INT));
	}
	else
		arg.isnull = true;
	return arg;
}

/*
 * A digit, the type (and whether its header is short); a byte, the function; a
 * byte, its other arguments; then the value's bytes after the header.
 */
static void
target_stored(Input *input)
{
	bool		high = input->size > 0 && (input->data[0] & 0x80) != 0;
	int			number = take_choice(input, lengthof(types));
	const Type *type = &types[number];
	List	   *functions = functions_of(number);
	const char *signature = list_nth(functions,
									 take_choice(input, list_length(functions)));
	uint8		choice = take_byte(input);
	Datum		value = make_varlena(input->data, input->size,
								high && type == OCCUPANCY);
	Oid			value_type = type_oid(type->name);
	NullableDatum args[FUNC_MAX_ARGS];
	bool		first_seen = false;
	HeapTuple	tuple;
	Form_pg_proc proc;
	Outcome		outcome;
	int			nargs;

	damaged = true;
	tuple = SearchSysCache1(PROCOID,
							ObjectIdGetDatum(function(signature)->flinfo.fn_oid));
	proc = (Form_pg_proc) GETSTRUCT(tuple);
	nargs = proc->pronargs;
	for (int i = 0; i < nargs; i++)
	{
		if (proc->proargtypes.values[i] == value_type && !first_seen)
		{
			args[i].value = value;
			args[i].isnull = false;
			first_seen = true;
		}
		else
			args[i] = other_argument(proc->proargtypes.values[i], value,
									 value_type, choice + i);
	}
	ReleaseSysCache(tuple);
	for (int i = 0; i < nargs; i++)
		if (args[i].isnull && function(signature)->flinfo.fn_strict)
			return;
	outcome = call(signature, nargs, args);

	/* what it makes of a damaged value can be printed, or is damaged too */
	if (outcome.ok && !outcome.isnull && outcome.rows == NULL)
	{
		Oid			result_type = get_func_rettype(function(signature)->flinfo.fn_oid);

		for (int i = 0; i < COUNT(types); i++)
			if (result_type == type_oid(types[i].name))
				CALL(types[i].out, ARG(outcome.result));
	}
	CALL(type->out, ARG(value));
}

/*
 * Damaged keys of the index, each after its length in two bytes, and a damaged
 * value that is searched for.
 */
static void
target_key(Input *input)
{
	GISTENTRY	entries[8];
	GISTENTRY	leaf;
	GistEntryVector *vector;
	GIST_SPLITVEC split;
	SortSupportData ssup = {0};
	int			n = 0;
	int			size;
	float		penalty;
	bool		flag;
	Datum		query;

	damaged = true;
	while (n < COUNT(entries) && input->size >= 2)
	{
		size_t		len = input->data[0] | (input->data[1] << 8);
		char	   *key;

		if (len == 0)
			break;
		input->data += 2;
		input->size -= 2;
		len = Min(len, input->size);
		/* a page has nothing shorter than a key's fixed part */
		key = block(Max(len + VARHDRSZ, 32));
		memset(key, 0, Max(len + VARHDRSZ, 32));
		SET_VARSIZE(key, Max(len + VARHDRSZ, 32));
		memcpy(VARDATA(key), input->data, len);
		input->data += len;
		input->size -= len;
		gistentryinit(entries[n], PointerGetDatum(key), NULL, NULL, n + 1, false);
		n++;
	}
	query = make_varlena(input->data, input->size, false);
	gistentryinit(leaf, query, NULL, NULL, 0, true);
	CALL("occupancy_gist_compress(internal)", ARG(PointerGetDatum(&leaf)));
	if (n == 0)
		return;

	for (int i = 0; i < n; i++)
	{
		CALL("occupancy_key_out(occupancy_key)", ARG(entries[i].key));
		CALL("occupancy_gist_consistent(internal,occupancy,smallint,oid,internal)",
			 ARG(PointerGetDatum(&entries[i])), ARG(query), ARG(Int16GetDatum(3)),
			 ARG(ObjectIdGetDatum(InvalidOid)), ARG(PointerGetDatum(&flag)));
		CALL("occupancy_gist_penalty(internal,internal,internal)",
			 ARG(PointerGetDatum(&entries[0])), ARG(PointerGetDatum(&entries[i])),
			 ARG(PointerGetDatum(&penalty)));
		CALL("occupancy_gist_same(occupancy_key,occupancy_key,internal)",
			 ARG(entries[0].key), ARG(entries[i].key),
			 ARG(PointerGetDatum(&flag)));
	}

	/* vectors begin at 0, but a page to be split at 1 */
	vector = palloc0(GEVHDRSZ + sizeof(GISTENTRY) * (n + 1));
	vector->n = n;
	memcpy(vector->vector, entries, sizeof(GISTENTRY) * n);
	CALL("occupancy_gist_union(internal,internal)",
		 ARG(PointerGetDatum(vector)), ARG(PointerGetDatum(&size)));
	if (n >= 2)
	{
		vector->n = n + 1;
		memcpy(vector->vector + 1, entries, sizeof(GISTENTRY) * n);
		CALL("occupancy_gist_picksplit(internal,internal)",
			 ARG(PointerGetDatum(vector)), ARG(PointerGetDatum(&split)));
		ssup.ssup_cxt = CurrentMemoryContext;
		CALL("occupancy_gist_sortsupport(internal)", ARG(PointerGetDatum(&ssup)));
		ssup.comparator(entries[0].key, entries[1].key, &ssup);
	}
}

/*
 * A digit, the format; then options.
 */
static void
target_options(Input *input)
{
	static const char *const appointment =
		"{\"id\":\"appt_2UxtAULYUrX7GVsTKePy\",\"starts_at\":\"2024-01-01T10:00:00Z\","
		"\"ends_at\":\"2024-01-01T11:00:00Z\",\"status\":\"scheduled\"}";
	static const char *const event =
		"{\"id\":\"30min\",\"name\":\"n\",\"status\":\"active\",\"duration\":30}";
	int			number = take_choice(input, lengthof(formats));
	bool		is_event = number == 4;
	const char *const *fields = is_event ? fields_of_EVENT : fields_of_APPOINTMENT;
	int			field_count = is_event ? lengthof(fields_of_EVENT) :
		lengthof(fields_of_APPOINTMENT);
	Datum		format = word(formats[number]);
	const char *document;
	Datum		options;
	Datum		value;
	ArrayType  *list;
	Outcome		written;

	if (!is_text(input) || memchr(input->data, 0, input->size) != NULL ||
		!as_jsonb(input, &options))
		return;
	document = is_event ? event : appointment;
	value = MUST(types[is_event].in, ARG(CStringGetDatum(document)));
	list = construct_array(&value, 1, type_oid(types[is_event].name), -1,
						   false, TYPALIGN_INT);
	written = CALL(is_event ? "appointment_event_to_json(appointment_event,text,jsonb)" :
				   "appointment_to_json(appointment,text,jsonb)",
				   ARG(value), ARG(format), ARG(options));
	CALL(is_event ? "appointment_event_from_json(text,text,jsonb)" :
		 "appointment_from_json(text,text,jsonb)",
		 ARG(word(document)), ARG(format), ARG(options));
	CALL(is_event ? "appointment_event_list_to_json(appointment_event[],text,jsonb)" :
		 "appointment_list_to_json(appointment[],text,jsonb)",
		 ARG(PointerGetDatum(list)), ARG(format), ARG(options));

	/* as the value of any field */
	for (int i = 0; i < field_count; i++)
	{
		Outcome		set = CALL(is_event ? "appointment_event_set(appointment_event,text,jsonb)" :
							   "appointment_set(appointment,text,jsonb)",
							   ARG(value), ARG(word(fields[i])), ARG(options));

		if (set.ok)
			check_value(&types[is_event], set.result);
	}
	if (written.ok)
		MUST("pg_catalog.json_in(cstring)",
			 ARG(CStringGetDatum(TextDatumGetCString(written.result))));
}

/*
 * The first values of a set that a function returns one value per call; what
 * it keeps for more of them goes.
 */
static int
call_for_set(const char *signature, int nargs, const NullableDatum *args,
			 int most, Datum *values)
{
	LOCAL_FCINFO(fcinfo, FUNC_MAX_ARGS);
	FmgrInfo	flinfo;
	ReturnSetInfo set = {.type = T_ReturnSetInfo};
	int			count = 0;

	fmgr_info(function(signature)->flinfo.fn_oid, &flinfo);
	set.econtext = CreateStandaloneExprContext();
	set.allowedModes = SFRM_ValuePerCall;
	set.returnMode = SFRM_ValuePerCall;
	InitFunctionCallInfoData(*fcinfo, &flinfo, nargs, InvalidOid, NULL,
							 (Node *) &set);
	for (int i = 0; i < nargs; i++)
		fcinfo->args[i] = args[i];
	while (count < most)
	{
		fcinfo->isnull = false;
		set.isDone = ExprSingleResult;
		values[count] = FunctionCallInvoke(fcinfo);
		if (set.isDone != ExprMultipleResult)
			break;
		count++;
	}
	FreeExprContext(set.econtext, true);
	return count;
}

/*
 * A digit, the zone; four bytes, the start; then a rule: its first occurrences
 * ascend, a walk that begins at each has the next one, and the last is none of
 * these or the last of them.
 */
static void
target_recurrence(Input *input)
{
	static const char *const zones[] = {
		"UTC", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"
	};
	const char *occurrences =
		"rrule_occurrences(rrule,timestamp,text,tstzrange,timestamp[],timestamp[],int4)";
	Datum		zone = word(zones[take_choice(input, lengthof(zones))]);
	uint32		offset = 0;
	Timestamp	start;
	Outcome		value;
	Outcome		last;
	Datum		instants[40];
	int			count;
	char	   *text;

	for (int i = 0; i < 4; i++)
		offset = offset << 8 | take_byte(input);
	/* 73 times as many seconds are the years 0001 to 9923 */
	start = (offset * INT64CONST(73) - INT64CONST(63082281600)) * USECS_PER_SEC;
	if (!is_text(input) || memchr(input->data, 0, input->size) != NULL)
		return;
	text = cstring(input->data, input->size);
	value = CALL(RRULE->in, ARG(CStringGetDatum(text)));
	if (!value.ok)
		return;
	check_value(RRULE, value.result);

	count = call_for_set(occurrences, 7,
						 (NullableDatum[])
	{
		ARG(value.result), ARG(TimestampGetDatum(start)), ARG(zone),
			NO_ARG, NO_ARG, NO_ARG, NO_ARG
	}, COUNT(instants), instants);
	for (int i = 0; i < count; i++)
	{
		TimestampTz before = i == 0 ? DT_NOBEGIN :
			DatumGetTimestampTz(instants[i - 1]);

		if (DatumGetTimestampTz(instants[i]) <= before)
			finding("occurrences %d and %d do not ascend", i - 1, i);
		if (DatumGetTimestampTz(MUST("rrule_next(rrule,timestamp,text,timestamptz)",
									 ARG(value.result), ARG(TimestampGetDatum(start)), ARG(zone),
									 ARG(TimestampTzGetDatum(before)))) !=
			DatumGetTimestampTz(instants[i]))
			finding("a walk that begins later misses occurrence %d", i);
	}

	/* to count may take longer than anybody waits */
	if (strcasestr(text, "COUNT") != NULL && count == COUNT(instants))
		return;
	last = CALL("rrule_last(rrule,timestamp,text)", ARG(value.result),
				ARG(TimestampGetDatum(start)), ARG(zone));
	if (!last.ok)
		finding("rrule_last fails: %s", last.message);
	if (count < COUNT(instants) && !last.isnull &&
		(count == 0 || DatumGetTimestampTz(last.result) !=
		 DatumGetTimestampTz(instants[count - 1])))
		finding("the last occurrence is another one");
}

/* Minutes of a byte; none if it is 0 and may be. */
static NullableDatum
take_minutes(Input *input, int most)
{
	Interval   *interval = palloc0(sizeof(Interval));
	NullableDatum argument = {0};

	interval->time = take_byte(input) % (most + 1) * USECS_PER_MINUTE;
	argument.value = IntervalPGetDatum(interval);
	argument.isnull = interval->time == 0;
	return argument;
}

static NullableDatum
take_number(Input *input, int most)
{
	int			number = take_byte(input) % (most + 1);
	NullableDatum argument = {Int32GetDatum(number), number == 0};

	return argument;
}

static TimestampTz
column(Datum row, int number)
{
	bool		isnull;

	return DatumGetTimestampTz(GetAttributeByNum(DatumGetHeapTupleHeader(row),
												 (AttrNumber) number, &isnull));
}

/* Is a row of slots() free? */
static bool
is_free(Datum row)
{
	bool		refused;

	(void) GetAttributeByNum(DatumGetHeapTupleHeader(row), 4, &refused);
	return refused;
}

/*
 * The free slots ascend, are those of the whole grid that are not refused, and
 * have no reason why not; the others have one.
 */
static void
check_slots(NullableDatum *asked, const Datum *grid, int grid_count,
			const Datum *free, int free_count)
{
	const char *reasons =
		"slot_refusals(open_hours,busy,timestamptz,interval,interval,interval,interval,interval,interval,interval,int4,int4,int4,timestamptz,tstzrange)";
	int			found = 0;

	for (int i = 0; i < grid_count; i++)
	{
		TimestampTz starts_at = column(grid[i], 1);
		Datum		reason;
		int			refused;

		if (i > 0 && starts_at <= column(grid[i - 1], 1))
			finding("slots %d and %d do not ascend", i - 1, i);
		if (is_free(grid[i]) &&
			(found >= free_count || column(free[found++], 1) != starts_at))
			finding("slot %d is not among those that are free", i);
		asked[14] = asked[2];
		asked[2] = (NullableDatum) ARG(TimestampTzGetDatum(starts_at));
		refused = call_for_set(reasons, 15, asked, 1, &reason);
		if ((refused == 0) != is_free(grid[i]))
			finding("slot %d has a reason, or none", i);
		asked[2] = asked[14];
	}
	if (grid_count < 100 && found != free_count)
		finding("%d of %d free slots are in the grid", found, free_count);
}

/* A range from one instant to another. */
static Datum
window(TimestampTz start, TimestampTz end)
{
	RangeBound	lower = {.val = TimestampTzGetDatum(start), .inclusive = true,
	.lower = true};
	RangeBound	upper = {.val = TimestampTzGetDatum(end)};

	return RangeTypePGetDatum(make_range_hard(lookup_type_cache(TSTZRANGEOID,
																TYPECACHE_RANGE_INFO),
											  &lower, &upper));
}

/*
 * Eleven bytes: a window and what is asked for; then opening hours, a bar, and
 * what is busy.
 */
static void
target_availability(Input *input)
{
	static const char arguments[] =
		"(open_hours,busy,tstzrange,interval,interval,interval,interval,interval,interval,interval,int4,int4,int4,timestamptz)";
	TimestampTz start = (9582 * INT64CONST(24) + take_byte(input)) * USECS_PER_HOUR;
	TimestampTz end = start + take_byte(input) * USECS_PER_HOUR;
	NullableDatum asked[15];
	Datum		free[100];
	Datum		grid[100];
	const char *bar;
	Outcome		hours;
	Outcome		busy;

	asked[2] = (NullableDatum) ARG(window(start, end));
	asked[3] = take_minutes(input, 90);
	if (asked[3].isnull)
		return;
	for (int i = 4; i < 9; i++)
		asked[i] = take_minutes(input, 120);
	asked[9] = (NullableDatum) NO_ARG;
	asked[10] = take_number(input, 3);
	asked[11] = take_number(input, 3);
	asked[12] = (NullableDatum) NO_ARG;
	asked[13] = (NullableDatum) ARG(TimestampTzGetDatum(start + take_byte(input) * 7 * USECS_PER_MINUTE));
	if (!is_text(input) || memchr(input->data, 0, input->size) != NULL)
		return;
	bar = memchr(input->data, '|', input->size);
	if (bar == NULL)
		return;
	hours = CALL(OPEN_HOURS->in,
				 ARG(CStringGetDatum(cstring(input->data, bar - (const char *) input->data))));
	busy = CALL(BUSY->in,
				ARG(CStringGetDatum(cstring(bar + 1, input->size - (bar + 1 - (const char *) input->data)))));
	if (!hours.ok || !busy.ok)
		return;
	asked[0] = (NullableDatum) ARG(hours.result);
	asked[1] = (NullableDatum) ARG(busy.result);
	check_slots(asked, grid,
				call_for_set(psprintf("slots%s", arguments), 14, asked, 100, grid),
				free,
				call_for_set(psprintf("free_slots%s", arguments), 14, asked, 100, free));
}

/*----------------------------------------------------------
 * iCalendar
 *----------------------------------------------------------*/

static const char busy_from_ics[] = "busy_from_ics(text,tstzrange,text,jsonb)";

/* Of the rows of ics_problems(): is there one that says that it is no calendar? */
static bool
has_calendar(Datum ics, Datum zone)
{
	NullableDatum arguments[] = {ARG(ics), ARG(zone)};
	Datum		rows[100];
	int			count = call_for_set("ics_problems(text,text)", 2, arguments,
									 COUNT(rows), rows);
	bool		found = true;

	for (int i = 0; i < count; i++)
	{
		HeapTupleHeader row = DatumGetHeapTupleHeader(rows[i]);
		bool		isnull;

		for (AttrNumber column = 4; column <= 6; column++)
		{
			Datum		value = GetAttributeByNum(row, column, &isnull);

			if (isnull)
				finding("a problem without column %d", column);
			if (column == 4 && strcmp(TextDatumGetCString(value), "no_calendar") == 0)
				found = false;
		}
	}
	return found;
}

/* The periods of a busy value, those that overlap a window only. */
static int
busy_within(Datum busy, TimestampTz from, TimestampTz to, TimestampTz *starts,
			TimestampTz *ends, int most)
{
	Datum		rows[200];
	NullableDatum argument = ARG(busy);
	int			count = call_for_set("busy_periods(busy)", 1, &argument,
									 COUNT(rows), rows);
	int			found = 0;

	if (count == COUNT(rows))
		return -1;
	for (int i = 0; i < count && found < most; i++)
	{
		starts[found] = column(rows[i], 1);
		ends[found] = column(rows[i], 2);
		if (starts[found] < to && ends[found] > from)
			found++;
		else if (from == PG_INT64_MIN)
			finding("period %d is outside of all time", i);
	}
	return found;
}

/*
 * A day of a window, hours that it has, and a digit for the zone; then a text.
 * A window within another finds what the other finds there, and CR LF mean the
 * same as LF.
 */
static void
target_icalendar(Input *input)
{
	static const char *const zones[] = {
		"UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Beirut"
	};
	TimestampTz start = (9490 + take_byte(input)) * USECS_PER_DAY;
	TimestampTz end = start + take_byte(input) * USECS_PER_HOUR;
	Datum		zone = word(zones[take_choice(input, COUNT(zones))]);
	TimestampTz wide_start = start - 30 * USECS_PER_DAY;
	TimestampTz wide_end = end + 30 * USECS_PER_DAY;
	TimestampTz starts[2][200];
	TimestampTz ends[2][200];
	int			counts[2];
	Datum		ics;
	Outcome		narrow;
	Outcome		wide;
	StringInfoData changed;

	if (!is_text(input) || memchr(input->data, 0, input->size) != NULL)
		return;
	ics = make_varlena(input->data, input->size, true);
	narrow = CALL(busy_from_ics, ARG(ics), ARG(window(start, end)), ARG(zone), NO_ARG);
	wide = CALL(busy_from_ics, ARG(ics), ARG(window(wide_start, wide_end)), ARG(zone), NO_ARG);
	if (narrow.ok && !has_calendar(ics, zone))
		finding("a text that is no calendar is read");
	if (!narrow.ok && narrow.sqlstate != ERRCODE_PROGRAM_LIMIT_EXCEEDED &&
		has_calendar(ics, zone))
		finding("a calendar is not read: %s", narrow.message);
	if (!narrow.ok || !wide.ok)
		return;
	check_value(BUSY, narrow.result);
	check_value(BUSY, wide.result);
	counts[0] = busy_within(narrow.result, start, end, starts[0], ends[0], 200);
	counts[1] = busy_within(wide.result, start, end, starts[1], ends[1], 200);
	if (counts[0] >= 0 && counts[1] >= 0 && start < end &&
		(counts[0] != counts[1] ||
		 memcmp(starts[0], starts[1], counts[0] * sizeof(TimestampTz)) != 0 ||
		 memcmp(ends[0], ends[1], counts[0] * sizeof(TimestampTz)) != 0))
		finding("a window has %d periods, and %d as part of a longer one",
				counts[0], counts[1]);

	initStringInfo(&changed);
	for (size_t i = 0; i < input->size; i++)
	{
		if (input->data[i] == '\n' && (i == 0 || input->data[i - 1] != '\r'))
			appendStringInfoChar(&changed, '\r');
		appendStringInfoChar(&changed, (char) input->data[i]);
	}
	check_equal(BUSY, wide.result,
				MUST(busy_from_ics, ARG(make_varlena(changed.data, changed.len, false)),
					 ARG(window(wide_start, wide_end)), ARG(zone), NO_ARG),
				"other line ends");
}

static const struct
{
	const char *name;
	Target		run;
}			targets[] =
{
	{"document", target_document},
	{"list", target_list},
	{"request", target_request},
	{"text", target_text},
	{"binary", target_binary},
	{"stored", target_stored},
	{"key", target_key},
	{"options", target_options},
	{"recurrence", target_recurrence},
	{"availability", target_availability},
	{"icalendar", target_icalendar},
};

/*----------------------------------------------------------
 * Running them
 *----------------------------------------------------------*/

static Target
find_target(text *name)
{
	char	   *wanted = text_to_cstring(name);

	for (int i = 0; i < COUNT(targets); i++)
		if (strcmp(targets[i].name, wanted) == 0)
			return targets[i].run;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown target \"%s\"", wanted)));
}

/* Run one input, in a memory context of its own. */
static void
run_target(Target run, const uint8 *data, size_t size)
{
	static MemoryContext context = NULL;
	MemoryContext old;
	Input		input = {data, size};
	ListCell   *cell;

	if (context == NULL)
		context = AllocSetContextCreate(TopMemoryContext, "fuzz input",
										ALLOCSET_DEFAULT_SIZES);
	damaged = false;
	blocks = NIL;
	old = MemoryContextSwitchTo(context);
	run(&input);
	foreach(cell, blocks)
		free(lfirst(cell));
	MemoryContextSwitchTo(old);
	MemoryContextReset(context);
}

/*
 * Run one input.
 */
Datum
fuzz_one(PG_FUNCTION_ARGS)
{
	bytea	   *input = PG_GETARG_BYTEA_PP(1);

	driven = false;
	run_target(find_target(PG_GETARG_TEXT_PP(0)),
			   (const uint8 *) VARDATA_ANY(input), VARSIZE_ANY_EXHDR(input));
	PG_RETURN_VOID();
}

static Target driven_target;

/* Memory outside of the server's contexts, if the runtime can tell. */
static size_t
outside_memory(void)
{
	static size_t (*allocated) (void) = NULL;

	if (allocated == NULL)
		*(void **) &allocated = dlsym(RTLD_DEFAULT,
									  "__sanitizer_get_current_allocated_bytes");
	return allocated == NULL ? 0 :
		allocated() - MemoryContextMemAllocated(TopMemoryContext, true);
}

/* libFuzzer's callback. */
static int
drive(const uint8 *data, size_t size)
{
	static int64 runs = 0;
	static int64 leaked = 0;
	static Size before = 0;
	size_t		outside = outside_memory();

	run_target(driven_target, data, size);

	/* caches fill at first, and now and then later */
	if (++runs > 1000)
	{
		Size		held = MemoryContextMemAllocated(TopMemoryContext, true);

		leaked += (int64) (outside_memory() - outside);
		if (leaked > 4 * 1024 * 1024)
			finding("%lld bytes of malloc were not freed in %lld runs",
					(long long) leaked, (long long) runs);
		if (before == 0)
			before = held;
		else if (held > before + 64 * 1024 * 1024)
			finding("memory contexts have grown by %zu bytes in %lld runs",
					held - before, (long long) runs);
	}
	return 0;
}

/*
 * Let libFuzzer run a target; does not return.
 */
Datum
fuzz_run(PG_FUNCTION_ARGS)
{
	int			(*driver) (int *argc, char ***argv,
						   int (*callback) (const uint8 *, size_t));
	Datum	   *elements;
	int			argc;
	char	  **argv;

	driven_target = find_target(PG_GETARG_TEXT_PP(0));
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false,
					  TYPALIGN_INT, &elements, NULL, &argc);
	argv = palloc0((argc + 2) * sizeof(char *));
	argv[0] = "fuzz";
	for (int i = 0; i < argc; i++)
		argv[i + 1] = TextDatumGetCString(elements[i]);
	argc++;

	/* which brings libFuzzer with it */
	function(APPOINTMENT->out);
	*(void **) &driver = dlsym(RTLD_DEFAULT, "LLVMFuzzerRunDriver");
	if (driver == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("libFuzzer is not in this process")));
	driven = true;
	driver(&argc, &argv, drive);
	PG_RETURN_VOID();
}

/*
 * The type's receive function, for the type that this returns; all bytes must
 * be taken, as COPY and the protocol demand.
 */
Datum
fuzz_receive(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	StringInfoData buffer;
	Oid			type = get_func_rettype(fcinfo->flinfo->fn_oid);
	Oid			receive;
	Oid			param;
	Datum		result;

	getTypeBinaryInputInfo(type, &receive, &param);
	/* a block of its own, with the terminator that a message has */
	buffer.len = VARSIZE_ANY_EXHDR(bytes);
	buffer.maxlen = buffer.len + 1;
	buffer.data = palloc(buffer.maxlen);
	memcpy(buffer.data, VARDATA_ANY(bytes), buffer.len);
	buffer.data[buffer.len] = '\0';
	buffer.cursor = 0;
	result = OidReceiveFunctionCall(receive, &buffer, param, -1);
	if (buffer.cursor != buffer.len)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("incorrect binary data format")));
	PG_RETURN_DATUM(result);
}
