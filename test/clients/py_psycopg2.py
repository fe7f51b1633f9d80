"""A client in Python with psycopg2: adaptation both ways, many rows at once,
COPY, the fields of an error, and threads that race for a slot.  Prints TAP."""

import io
import json
import threading
from datetime import datetime, timedelta, timezone

import psycopg2
import psycopg2.errors
import psycopg2.extras
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ
from psycopg2.extras import Json

from pytap import done, equal, failing, test

with open("test/data/avon.json", encoding="utf-8") as file:
    document = json.load(file)

BOOK = "INSERT INTO booking (resources, starts_at, ends_at) VALUES (%s, %s, %s)"
NINE = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
HALF_AN_HOUR = timedelta(minutes=30)


def connect():
    connection = psycopg2.connect("")
    connection.autocommit = True
    return connection


connection = connect()
cursor = connection.cursor()


def ask(statement, *args):
    cursor.execute(statement, args)
    return cursor.fetchone()[0]


# ----------------------------------------------------------------------
# Parameters and results
# ----------------------------------------------------------------------

with test("a document as Json, and back"):
    equal(ask("SELECT appointment_to_json(appointment_from_json(%s::json, 'avon'), 'avon')",
              Json(document)), document)

with test("a document as a string"):
    equal(ask("SELECT appointment_to_json(appointment_from_json(%s, 'avon'), 'avon')",
              json.dumps(document)), document)

with test("Json for a value of type appointment"):
    value = {"id": "app_1", "note": "it's \"%s\" \\ ü"}
    equal(ask("SELECT (%s::appointment)::json", Json(value)), value)

with test("without a caster a value is a string of JSON"):
    equal(ask("SELECT '{\"id\":\"app_1\"}'::appointment"), '{"id":"app_1"}')

# The oids are this database's own
for name in "appointment", "appointment_event":
    cursor.execute("SELECT oid, typarray FROM pg_type WHERE oid = %s::regtype", (name,))
    oid, array_oid = cursor.fetchone()
    psycopg2.extras.register_json(connection, oid=oid, array_oid=array_oid, name=name.upper())

with test("with a caster by oid it is a dict"):
    cursor.execute("SELECT '{\"id\":\"app_1\"}'::appointment, '{\"id\":\"30min\"}'::appointment_event, NULL::appointment")
    equal(cursor.fetchone(), ({"id": "app_1"}, {"id": "30min"}, None))

with test("and an array a list of dicts"):
    equal(ask("SELECT ARRAY['{\"id\":\"a, \\\"b\\\"\"}', NULL]::appointment[]"), [{"id": 'a, "b"'}, None])

with test("a list of Json as a parameter"):
    equal(ask("SELECT (%s::appointment[])", [Json({"id": "a"}), Json({"id": 'b, "c"'})]),
          [{"id": "a"}, {"id": 'b, "c"'}])

with test("accessors give datetimes and ranges"):
    cursor.execute("SELECT appointment_starts_at(a), appointment_during(a) FROM appointment_from_json(%s, 'avon') AS a",
                   (json.dumps(document),))
    starts_at, during = cursor.fetchone()
    equal(starts_at.timestamp(), document["start_time"] / 1000)
    equal((during.lower, during.upper_inc), (starts_at, False))

# ----------------------------------------------------------------------
# Many rows
# ----------------------------------------------------------------------


def visit(number):
    at = NINE + number * timedelta(hours=1)
    return {"id": f"app_{number}", "starts_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ends_at": (at + HALF_AN_HOUR).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "status": "scheduled", "room_id": "blue"}


with test("executemany"):
    cursor.executemany("INSERT INTO diary (a) VALUES (%s)", [(Json(visit(n)),) for n in range(100)])
    equal(ask("SELECT count(*) FROM diary"), 100)

with test("execute_values, with what it returns"):
    rows = psycopg2.extras.execute_values(
        cursor, "INSERT INTO diary (a) VALUES %s RETURNING a",
        [(Json(visit(n)),) for n in range(100, 1100)], page_size=250, fetch=True)
    equal([row[0] for row in rows], [visit(n) for n in range(100, 1100)])

with test("execute_batch stops at a double booking"):
    failing(psycopg2.errors.ExclusionViolation, psycopg2.extras.execute_batch,
            cursor, "INSERT INTO diary (a) VALUES (%s)", [(Json(visit(n)),) for n in (2000, 2001, 5)])
    equal(ask("SELECT count(*) FROM diary"), 1100)

with test("a cursor on the server reads them in parts"):
    connection.autocommit = False
    with connection, connection.cursor("parts") as parts:
        parts.itersize = 100
        parts.execute("SELECT a FROM diary ORDER BY a")
        equal([row[0]["id"] for row in parts], [f"app_{n}" for n in range(1100)])
    connection.autocommit = True

with test("COPY out and in by copy_expert"):
    for form in "text", "csv", "binary":
        copied = io.BytesIO()
        cursor.copy_expert(f"COPY (SELECT a FROM diary ORDER BY id) TO STDOUT (FORMAT {form})", copied)
        cursor.execute("CREATE TEMP TABLE copied (a appointment)")
        copied.seek(0)
        cursor.copy_expert(f"COPY copied FROM STDIN (FORMAT {form})", copied)
        equal(ask("SELECT count(*) FROM copied JOIN diary USING (a)"), 1100)
        cursor.execute("DROP TABLE copied")

with test("COPY of documents that a program writes"):
    lines = "".join(json.dumps(visit(n)).replace("\\", "\\\\") + "\n" for n in range(3000, 3010))
    cursor.copy_expert("COPY diary (a) FROM STDIN", io.StringIO(lines))
    equal(ask("SELECT count(*) FROM diary"), 1110)

# ----------------------------------------------------------------------
# Errors
# ----------------------------------------------------------------------

with test("double booking: the fields of the error"):
    cursor.execute(BOOK, (["blue", "pra_1"], NINE, NINE + 2 * HALF_AN_HOUR))
    error = failing(psycopg2.errors.ExclusionViolation, cursor.execute,
                    BOOK, (["blue"], NINE + HALF_AN_HOUR, NINE + 3 * HALF_AN_HOUR))
    assert isinstance(error, psycopg2.IntegrityError)
    equal((error.pgcode, error.diag.sqlstate), ("23P01", "23P01"))
    equal((error.diag.schema_name, error.diag.table_name, error.diag.constraint_name),
          ("public", "booking", "booking_no_overlap"))
    detail = json.loads(error.diag.message_detail)
    detail.pop("key")
    equal(detail, {"scope": "acme", "starts_at": "2026-03-02T09:30:00Z",
                   "ends_at": "2026-03-02T10:00:00Z", "resources": ["blue"]})

with test("double booking of a column of type occupancy: the column, too"):
    hold = "INSERT INTO hold (held) VALUES (occupancy(%s, %s, %s))"
    cursor.execute(hold, (NINE, NINE + HALF_AN_HOUR, ["blue"]))
    error = failing(psycopg2.errors.ExclusionViolation, cursor.execute, hold, (NINE, NINE + HALF_AN_HOUR, ["blue"]))
    equal((error.diag.table_name, error.diag.column_name), ("hold", "held"))

with test("a bad document: the path in the detail"):
    error = failing(psycopg2.errors.InvalidTextRepresentation, ask,
                    "SELECT appointment_from_json(%s::json, 'avon')",
                    Json({**document, "attendees": [{"id": 7}]}))
    equal(json.loads(error.diag.message_detail),
          {"format": "avon", "path": "attendees[0].id", "code": "wrong_type"})

with test("an unknown format: the hint"):
    error = failing(psycopg2.errors.InvalidParameterValue, ask, "SELECT appointment_from_json('{}', 'avalon')")
    assert "avon" in error.diag.message_hint

with test("a step that the life cycle does not have"):
    error = failing(psycopg2.errors.CheckViolation, ask,
                    "SELECT appointment_transition('{\"status\":\"completed\"}', 'pending')")
    equal(json.loads(error.diag.message_detail)["next"], [])

with test("a savepoint around a booking that may be refused"):
    connection.autocommit = False
    cursor.execute("SELECT set_config('appointment.actor', %s, true)", ("usr_7",))
    cursor.execute("SAVEPOINT try")
    failing(psycopg2.errors.ExclusionViolation, cursor.execute, BOOK, (["blue"], NINE, NINE + HALF_AN_HOUR))
    cursor.execute("ROLLBACK TO try")
    cursor.execute(BOOK + " RETURNING booked_by", (["red"], NINE, NINE + HALF_AN_HOUR))
    equal(cursor.fetchone()[0], "usr_7")
    connection.commit()
    connection.autocommit = True

# ----------------------------------------------------------------------
# Threads that race
# ----------------------------------------------------------------------

cursor.execute("TRUNCATE booking, diary")


def race(threads, rounds, isolation=None):
    """Each thread books each of the hours; the winners' count and the
    SQLSTATEs of the others"""
    barrier = threading.Barrier(threads)
    lock = threading.Lock()
    won = 0
    codes = set()

    def run(number):
        nonlocal won
        own = connect()
        if isolation is not None:
            own.set_session(isolation_level=isolation, autocommit=False)
        with own.cursor() as own_cursor:
            for hour in range(rounds):
                at = NINE + hour * timedelta(hours=1)
                barrier.wait(60)
                try:
                    own_cursor.execute(BOOK, (["blue", f"pra_{number}"], at, at + HALF_AN_HOUR))
                    own.commit()
                    with lock:
                        won += 1
                except psycopg2.Error as error:
                    own.rollback()
                    with lock:
                        codes.add(error.pgcode)
        own.close()

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return won, codes


with test("of eight threads that race for 50 slots one wins each, and the others get 23P01"):
    equal(race(8, 50), (50, {"23P01"}))
    equal(ask("SELECT count(*) FROM booking"), 50)
    equal(ask("SELECT count(*) FROM occupancy_conflicts('booking_no_overlap')"), 0)

with test("the same under REPEATABLE READ"):
    cursor.execute("TRUNCATE booking")
    equal(race(8, 50, ISOLATION_LEVEL_REPEATABLE_READ), (50, {"23P01"}))
    equal(ask("SELECT count(*) FROM occupancy_conflicts('booking_no_overlap')"), 0)

done()
