"""Clients of PgBouncer in transaction mode: settings and locks belong to the
transaction.  Prints TAP.

Pool "one" has a single connection to the server, so whoever comes next gets
the one that the last client has used; pool "four" has four.  BOUNCER is the
directory of its socket; the environment leads to the server itself."""

import os
import threading
import time
from datetime import datetime, timedelta, timezone

import psycopg
import psycopg2
import psycopg2.errors

from pytap import done, equal, failing, test

BOOK = "INSERT INTO booking (resources, starts_at, ends_at) VALUES (%s, %s, %s) RETURNING booked_by"
NINE = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
HALF_AN_HOUR = timedelta(minutes=30)


def connect(pool):
    return psycopg2.connect(host=os.environ["BOUNCER"], port=65433, dbname=pool)


def ask(connection, statement, *args):
    """In a transaction that goes on."""
    with connection.cursor() as cursor:
        cursor.execute(statement, args)
        return cursor.fetchone()[0]


def ask_alone(connection, statement, *args):
    """In a transaction of its own."""
    with connection:
        return ask(connection, statement, *args)


def actor(connection):
    return ask_alone(connection, "SELECT current_setting('appointment.actor', true)") or ""


direct = psycopg2.connect("")
direct.autocommit = True
first = connect("one")
second = connect("one")

with test("two clients share one connection to the server"):
    equal(ask_alone(first, "SELECT pg_backend_pid()"), ask_alone(second, "SELECT pg_backend_pid()"))
    admin = connect("pgbouncer")
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute("SHOW CONFIG")
        config = {row[0]: row[1] for row in cursor}
    equal(config["pool_mode"], "transaction")
    admin.close()

# ----------------------------------------------------------------------
# The actor
# ----------------------------------------------------------------------

with test("an actor of the transaction is there for it, and not for the next client"):
    with first:
        ask(first, "SELECT set_config('appointment.actor', %s, true)", "usr_7")
        equal(ask(first, BOOK, ["blue"], NINE, NINE + HALF_AN_HOUR), "usr_7")
    equal(actor(second), "")
    equal(ask_alone(second, BOOK, ["blue"], NINE + HALF_AN_HOUR, NINE + 2 * HALF_AN_HOUR), None)

with test("nor after SET LOCAL and a transaction that was rolled back"):
    with first.cursor() as cursor:
        cursor.execute("SET LOCAL appointment.actor = 'usr_8'")
    equal(ask(first, "SELECT current_setting('appointment.actor')"), "usr_8")
    first.rollback()
    equal(actor(second), "")

with test("nor after an error"):
    with first.cursor() as cursor:
        cursor.execute("SET LOCAL appointment.actor = 'usr_9'")
        failing(psycopg2.errors.ExclusionViolation, cursor.execute, BOOK, (["blue"], NINE, NINE + HALF_AN_HOUR))
    first.rollback()
    equal(actor(second), "")

with test("the history of a value has the transaction's actor"):
    value = "SELECT appointment_transition('{\"status\":\"pending\"}', 'scheduled') -> 'status_history' -> 0 ->> 'changed_by'"
    with first:
        ask(first, "SELECT set_config('appointment.actor', 'usr_7', true)")
        equal(ask(first, value), "usr_7")
    equal(ask_alone(second, value), None)

with test("SET without LOCAL does reach the next client: README warns of it"):
    with first, first.cursor() as cursor:
        cursor.execute("SET appointment.actor = 'usr_7'")
    equal(actor(second), "usr_7")

with test("DISCARD ALL takes it away, and all goes on"):
    second.autocommit = True
    with second.cursor() as cursor:
        cursor.execute("DISCARD ALL")
    second.autocommit = False
    equal(actor(first), "")
    equal(ask_alone(first, "SELECT appointment_to_json(appointment_from_json(%s, 'avon'), 'avon') ->> 'id'",
                    '{"id":"x","start_time":0,"end_time":1}'), "x")
    equal(ask_alone(first, "SELECT appointment_status(appointment_transition('{\"status\":\"pending\"}', 'scheduled'))"),
          "scheduled")
    failing(psycopg2.errors.ExclusionViolation, ask_alone, first, BOOK, ["blue"], NINE, NINE + HALF_AN_HOUR)

# ----------------------------------------------------------------------
# Locks
# ----------------------------------------------------------------------

LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'userlock'"

with test("the guard's locks last as long as the transaction"):
    ask(first, BOOK, ["red"], NINE, NINE + HALF_AN_HOUR)
    assert ask(direct, LOCKS) > 0
    first.commit()
    equal(ask(direct, LOCKS), 0)

with test("and so do those of occupancy_lock"):
    ask(first, "SELECT occupancy_lock('booking_no_overlap', occupancy(%s, %s, %s, 'acme'))",
        NINE, NINE + HALF_AN_HOUR, ["red", "blue"])
    equal(ask(direct, LOCKS), 3)
    first.rollback()
    equal(ask(direct, LOCKS), 0)

with test("who wants the same waits on another connection of the pool, and is refused"):
    one = connect("four")
    two = connect("four")
    ask(one, BOOK, ["green"], NINE, NINE + HALF_AN_HOUR)
    pid = ask(two, "SELECT pg_backend_pid()")
    result = []
    waiting = threading.Thread(target=lambda: result.append(
        failing(psycopg2.errors.ExclusionViolation, ask, two, BOOK, ["green"], NINE, NINE + HALF_AN_HOUR)))
    waiting.start()
    limit = time.monotonic() + 60
    while not ask(direct, "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = %s AND NOT granted)", pid) \
            and time.monotonic() < limit:
        time.sleep(0.01)
    equal(result, [])
    one.commit()
    waiting.join(60)
    equal(result[0].diag.constraint_name, "booking_no_overlap")
    two.rollback()

with test("of twelve clients who race over four connections one wins each slot"):
    barrier = threading.Barrier(12)
    lock = threading.Lock()
    outcome = {}

    def run(number):
        own = connect("four")
        for hour in range(30):
            at = NINE + timedelta(days=1, hours=hour)
            barrier.wait(60)
            try:
                who = f"usr_{number}"
                with own:
                    ask(own, "SELECT set_config('appointment.actor', %s, true)", who)
                    what = "won" if ask(own, BOOK, ["blue"], at, at + HALF_AN_HOUR) == who else "another actor"
            except psycopg2.Error as error:
                what = error.pgcode
            with lock:
                outcome[what] = outcome.get(what, 0) + 1
        own.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(outcome, {"won": 30, "23P01": 330})
    equal(ask(direct, "SELECT count(*) FROM occupancy_conflicts('booking_no_overlap')"), 0)
    equal(ask(direct, LOCKS), 0)

# ----------------------------------------------------------------------
# Without prepared statements
# ----------------------------------------------------------------------

with test("many clients on the one connection: plans and caches are of no client"):
    clients = [connect("one") for _ in range(10)]
    for number, client in enumerate(clients * 20):
        equal(ask_alone(client, "SELECT appointment_from_row(r) ->> 'id' FROM (SELECT %s::text AS id) AS r", f"app_{number}"),
              f"app_{number}")
    for client in clients:
        client.close()

with test("parameters that the server binds, in statements without a name"):
    clients = [psycopg.connect(host=os.environ["BOUNCER"], port=65433, dbname="one", prepare_threshold=None) for _ in range(3)]
    for number, client in enumerate(clients * 20):
        with client.transaction():
            client.execute("SELECT set_config('appointment.actor', %s, true)", (f"usr_{number}",))
            equal(client.execute(BOOK, (["violet"], NINE + number * HALF_AN_HOUR, NINE + (number + 1) * HALF_AN_HOUR)).fetchone()[0],
                  f"usr_{number}")
    error = failing(psycopg.errors.ExclusionViolation, clients[0].execute, BOOK, (["violet"], NINE, NINE + HALF_AN_HOUR))
    equal(error.diag.constraint_name, "booking_no_overlap")
    for client in clients:
        client.close()
    equal(actor(second), "")

done()
