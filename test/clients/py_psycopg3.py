"""A client in Python with psycopg 3: parameters that the server binds, binary
values, adapters by oid, a pipeline, COPY by row.  Prints TAP.  What it has in
common with psycopg2 is in py_psycopg2.py."""

import json
from datetime import datetime, timedelta, timezone

import psycopg
from psycopg import errors
from psycopg.adapt import Dumper, Loader
from psycopg.pq import Format
from psycopg.types import TypeInfo
from psycopg.types.json import Json, Jsonb

from pytap import done, equal, failing, test

NINE = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
BOOK = "INSERT INTO booking (resources, starts_at, ends_at) VALUES (%s, %s, %s)"
VALUE = {"id": "app_1", "starts_at": "2026-03-02T09:00:00Z", "ends_at": "2026-03-02T10:00:00Z", "note": "ü \"%s\""}

connection = psycopg.connect("", autocommit=True)


def ask(statement, *args, **options):
    return connection.execute(statement, args, **options).fetchone()[0]


# ----------------------------------------------------------------------
# Before the type is registered
# ----------------------------------------------------------------------

with test("a string is a parameter of the type"):
    equal(json.loads(ask("SELECT %s::appointment", json.dumps(VALUE))), VALUE)
    connection.execute("INSERT INTO diary (a) VALUES (%s)", (json.dumps(VALUE),))

with test("Json and Jsonb are documents, and values by an explicit cast"):
    for wrapper in Json, Jsonb:
        equal(ask("SELECT appointment_from_json(%s, 'avon') ->> 'id'", wrapper({"id": "x", "start_time": 0, "end_time": 1})), "x")
    equal(ask("SELECT (%s::appointment)::json", Jsonb(VALUE)), VALUE)

with test("and a column of the type takes both by itself"):
    for wrapper in Json, Jsonb:
        equal(connection.execute("INSERT INTO diary (a) VALUES (%s) RETURNING a::json", (wrapper(VALUE),)).fetchone()[0], VALUE)

# ----------------------------------------------------------------------
# Adapters: the same for text and for binary
# ----------------------------------------------------------------------


class Appointment(dict):
    """A value of type appointment"""


info = TypeInfo.fetch(connection, "appointment")
info.register(connection)


class TextLoader(Loader):
    def load(self, data):
        return Appointment(json.loads(bytes(data)))


class BinaryLoader(Loader):
    format = Format.BINARY

    def load(self, data):
        data = bytes(data)
        if data[0] != 1:
            raise psycopg.DataError(f"version {data[0]} of an appointment")
        return Appointment(json.loads(data[1:]))


class TextDumper(Dumper):
    oid = info.oid

    def dump(self, value):
        return json.dumps(value).encode()


class BinaryDumper(Dumper):
    format = Format.BINARY
    oid = info.oid

    def dump(self, value):
        return b"\x01" + json.dumps(value).encode()


for adapter in TextLoader, BinaryLoader:
    connection.adapters.register_loader(info.oid, adapter)
for adapter in BinaryDumper, TextDumper:
    connection.adapters.register_dumper(Appointment, adapter)

for placeholder in "%t", "%b":
    for binary in False, True:
        with test(f"out and in: {placeholder}, binary results {binary}"):
            got = ask(f"SELECT {placeholder}", Appointment(VALUE), binary=binary)
            equal((type(got), got), (Appointment, VALUE))
            equal(ask(f"SELECT {placeholder}", [Appointment(VALUE), None], binary=binary), [VALUE, None])

with test("a column of the type"):
    connection.execute("TRUNCATE diary")
    connection.execute("INSERT INTO diary (a) VALUES (%s)", (Appointment(VALUE),))
    equal(ask("SELECT a FROM diary"), VALUE)

# ----------------------------------------------------------------------
# Prepared statements, pipelines, COPY
# ----------------------------------------------------------------------

with test("a statement that is prepared by itself"):
    for hour in range(20):
        connection.execute(BOOK, (["blue"], NINE + hour * HOUR, NINE + (hour + 1) * HOUR), prepare=True)
    equal(ask("SELECT count(*) FROM booking"), 20)

with test("a pipeline stops at a double booking, and goes on after the sync"):
    def both():
        with connection.pipeline():
            connection.execute(BOOK, (["red"], NINE, NINE + HOUR))
            connection.execute(BOOK, (["red"], NINE, NINE + HOUR))
            connection.execute(BOOK, (["green"], NINE, NINE + HOUR))
    error = failing(errors.ExclusionViolation, both)
    equal(json.loads(error.diag.message_detail)["resources"], ["red"])
    equal((error.diag.constraint_name, error.sqlstate), ("booking_no_overlap", "23P01"))
    equal(ask("SELECT count(*) FROM booking WHERE resources && '{green}'"), 0)
    connection.execute(BOOK, (["green"], NINE, NINE + HOUR))

with test("executemany, in a pipeline of its own"):
    connection.execute("TRUNCATE booking")
    with connection.cursor() as cursor:
        cursor.executemany(BOOK, [(["blue"], NINE + hour * HOUR, NINE + (hour + 1) * HOUR) for hour in range(200)])
    equal(ask("SELECT count(*) FROM booking"), 200)

with test("COPY by row, text and binary"):
    for options in "", "(FORMAT binary)":
        connection.execute("TRUNCATE diary")
        with connection.cursor().copy(f"COPY diary (a) FROM STDIN {options}") as copy:
            copy.set_types(["appointment"])
            for number in range(50):
                copy.write_row((Appointment(id=f"app_{number}"),))
        with connection.cursor().copy(f"COPY (SELECT a FROM diary ORDER BY id) TO STDOUT {options}") as copy:
            copy.set_types(["appointment"])
            equal([row[0]["id"] for row in copy.rows()], [f"app_{number}" for number in range(50)])

with test("a damaged binary parameter is an error of the value"):
    class Damaged(dict):
        pass

    class DamagedDumper(BinaryDumper):
        def dump(self, value):
            return b"\x02{}"

    connection.adapters.register_dumper(Damaged, DamagedDumper)
    failing(errors.InvalidBinaryRepresentation, ask, "SELECT %b", Damaged())
    equal(ask("SELECT 1"), 1)

with test("a transaction block with a savepoint"):
    with connection.transaction():
        connection.execute("SELECT set_config('appointment.actor', %s, true)", ("usr_7",))
        def again():
            with connection.transaction():
                connection.execute(BOOK, (["blue"], NINE, NINE + HOUR))
        failing(errors.ExclusionViolation, again)
        equal(ask(BOOK + " RETURNING booked_by", ["red"], NINE, NINE + HOUR), "usr_7")

done()
