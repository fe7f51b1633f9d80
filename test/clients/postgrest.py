"""Requests as PostgREST carries them out: an authenticator who becomes the
request's role, claims as a setting of the transaction, rows and arguments as
one JSON parameter, the answer as one JSON value, and errors as JSON with an
HTTP status.  Prints TAP.

PostgREST itself is not packaged for Debian: this does with psycopg2 what its
documentation says, with the statements that it generates."""

import json

import psycopg2

from pytap import done, equal, test

connection = psycopg2.connect(user="clients_authenticator")


def status_of(code, authenticated):
    """By PostgREST's table of HTTP status codes"""
    if code.startswith("PT"):
        return int(code[2:])
    if code == "42501":
        return 403 if authenticated else 401
    exact = {"23503": 409, "23505": 409, "25006": 405, "42883": 404, "42P01": 404, "42P17": 500, "P0001": 400}
    classes = {"08": 503, "09": 500, "0L": 403, "0P": 403, "25": 500, "28": 403, "2D": 500, "38": 500, "39": 500,
               "3B": 500, "40": 500, "53": 503, "54": 500, "55": 500, "57": 500, "58": 500, "F0": 500, "HV": 500,
               "P0": 500, "XX": 500}
    return exact.get(code) or classes.get(code[:2], 400)


def request(role, claims, statement, body=None):
    """A transaction with what PostgREST sets; (status, JSON)"""
    with connection.cursor() as cursor:
        try:
            cursor.execute("SELECT set_config('search_path', 'public, ext', true), set_config('role', %s, true), "
                           "set_config('request.jwt.claims', %s, true)", (role, json.dumps(claims)))
            cursor.execute(statement, {"body": json.dumps(body)})
            answer = cursor.fetchone()[0]
            connection.commit()
            return 200, answer
        except psycopg2.Error as error:
            connection.rollback()
            return status_of(error.pgcode, role != "clients_anon"), {
                "code": error.pgcode, "message": error.diag.message_primary,
                "details": error.diag.message_detail, "hint": error.diag.message_hint,
                # not shown by PostgREST, but by other servers
                "fields": [error.diag.context, error.diag.column_name, error.diag.internal_query]}


def post(table, columns="tenant, a", conflict=""):
    """INSERT of an object or a list of them"""
    return f"""
        WITH pgrst_source AS (
            INSERT INTO {table} ({columns})
            SELECT {columns} FROM (SELECT %(body)s::json AS json_data) AS pgrst_payload,
                LATERAL (SELECT CASE WHEN json_typeof(json_data) = 'array' THEN json_data
                    ELSE json_build_array(json_data) END AS val) AS pgrst_uniform,
                LATERAL (SELECT * FROM json_to_recordset(val) AS _ (id bigint, tenant text, a appointment)) AS pgrst_body
            {conflict}
            RETURNING *)
        SELECT coalesce(json_agg(_postgrest_t), '[]') FROM (SELECT * FROM pgrst_source) AS _postgrest_t"""


def get(table, where="true", columns="*"):
    return f"""SELECT coalesce(json_agg(_postgrest_t), '[]')
        FROM (SELECT {columns} FROM {table} WHERE {where} ORDER BY id) AS _postgrest_t"""


def call(function):
    return f"""SELECT to_json(pgrst_call) FROM (SELECT %(body)s::json AS json_data) AS pgrst_payload,
        LATERAL {function}(request => pgrst_payload.json_data) AS pgrst_call"""


def fetch(role, claims, function, accept, **arguments):
    """GET /rpc/function?name=value: what is sent, as (status, Content-Type, text).

    The type of the function decides: a domain with the name of the media type
    that is asked for, or one with the name */*, gives its text, with a cast to
    the domain; everything else is JSON."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT t.typname FROM pg_proc AS p JOIN pg_type AS t ON t.oid = p.prorettype "
                       "WHERE p.proname = %s AND p.pronamespace = 'public'::regnamespace", (function,))
        produced = cursor.fetchone()[0]
        connection.rollback()
    offered = [kind.strip().split(";")[0] for kind in (accept or "*/*").split(",")]
    if produced == "*/*":
        kind = "application/octet-stream"
    elif produced in offered:
        kind = produced
    elif "*/*" in offered or "application/json" in offered:
        kind = "application/json; charset=utf-8"
    else:
        return 406, None, None
    body = ('coalesce(json_agg(_postgrest_t.pgrst_scalar)->0, \'null\')::text' if kind.startswith("application/json")
            else f'"public"."{produced}"(_postgrest_t.pgrst_scalar)')
    argument = ", ".join(f'"{name}" := %({name})s' for name in arguments)
    with connection.cursor() as cursor:
        try:
            cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute("SELECT set_config('search_path', 'public, ext', true), set_config('role', %s, true), "
                           "set_config('request.jwt.claims', %s, true)", (role, json.dumps(claims)))
            cursor.execute(f"""WITH pgrst_source AS (SELECT pgrst_call.pgrst_scalar
                    FROM (SELECT "public"."{function}"({argument}) pgrst_scalar) pgrst_call)
                SELECT {body} AS body, nullif(current_setting('response.headers', true), '') AS response_headers
                FROM (SELECT * FROM pgrst_source) _postgrest_t""", arguments)
            text, headers = cursor.fetchone()
            connection.commit()
            for header in json.loads(headers or "[]"):
                kind = header.get("Content-Type", kind)
            return 200, kind, text
        except psycopg2.Error as error:
            connection.rollback()
            return status_of(error.pgcode, role != "clients_anon"), None, error.diag.message_primary


RED = {"tenant": "red", "sub": "usr_red"}
BLUE = {"tenant": "blue", "sub": "usr_blue"}
USER, ANON, CLERK = "clients_user", "clients_anon", "clients_clerk"


def visit(name, start="09:00", end="10:00", resource="secret hall", **more):
    return {"id": f"secret {name}", "starts_at": f"2026-03-02T{start}:00Z", "ends_at": f"2026-03-02T{end}:00Z",
            "status": "scheduled", "resource_ids": [resource], "note": "secret note", **more}


def told(answer):
    """What an error tells of the row that is in the way: the words and times
    that only that row has"""
    text = json.dumps(answer)
    return [word for word in ("secret one", "secret note", "T09:00", "T09:30", "T10:00") if word in text]


# ----------------------------------------------------------------------
# Rows
# ----------------------------------------------------------------------

with test("POST of an object: the value is an object, in and out"):
    status, rows = request(USER, RED, post("visit"), {"tenant": "red", "a": visit("one")})
    equal((status, rows[0]["a"]), (200, visit("one")))
    first = rows[0]["id"]

with test("POST of a list, and GET with a filter on a member"):
    equal(request(USER, RED, post("visit"), [
        {"tenant": "red", "a": visit("two", "11:00", "12:00")},
        {"tenant": "red", "a": visit("three", "12:00", "13:00", status="pending")}])[0], 200)
    status, rows = request(USER, RED, get("visit", "to_jsonb(a)->>'status' = 'pending'", "id, to_jsonb(a)->'note' AS note"))
    equal((status, [row["note"] for row in rows]), (200, ["secret note"]))

with test("another tenant sees none of them"):
    equal(request(USER, BLUE, get("visit")), (200, []))

with test("and cannot write for another"):
    status, answer = request(USER, BLUE, post("visit"), {"tenant": "red", "a": visit("x", "20:00", "21:00")})
    equal((status, answer["code"]), (403, "42501"))

with test("who is nobody may nothing: 401"):
    status, answer = request(ANON, {}, get("visit"))
    equal((status, answer["code"]), (401, "42501"))

# ----------------------------------------------------------------------
# What is told of another tenant's row
# ----------------------------------------------------------------------

other = {"tenant": "blue", "a": visit("other", "09:30", "10:30")}
NOTHING = {"key": None, "scope": None, "starts_at": None, "ends_at": None, "resources": None}

with test("the constraint: that there is a conflict, and nothing of the row"):
    other["a"]["starts_at"] = "2026-03-02T09:15:00Z"
    status, answer = request(USER, BLUE, post("visit"), other)
    equal((status, answer["code"], told(answer)), (400, "23P01", []))
    assert answer["details"] in (None, "Key conflicts with existing key."), answer

with test("the guard: all members of its detail are null"):
    equal(request(USER, RED, post("guarded"), {"tenant": "red", "a": visit("one")})[0], 200)
    status, answer = request(USER, BLUE, post("guarded"), other)
    equal((status, answer["code"], json.loads(answer["details"]), told(answer)), (400, "23P01", NOTHING, []))

with test("the same for a row of one's own: core does not show it under row-level security, so the guard does not"):
    status, answer = request(USER, RED, post("guarded"), {"tenant": "red", "a": other["a"]})
    equal((answer["code"], json.loads(answer["details"])), ("23P01", NOTHING))

with test("an update into another tenant's time tells as little"):
    equal(request(USER, BLUE, post("guarded"), {"tenant": "blue", "a": visit("other", "18:00", "19:00")})[0], 200)
    status, answer = request(USER, BLUE, """WITH changed AS (
        UPDATE guarded SET a = appointment_reschedule(a, '2026-03-02 09:45Z') RETURNING *) SELECT json_agg(changed) FROM changed""")
    equal((answer["code"], json.loads(answer["details"]), told(answer)), ("23P01", NOTHING, []))

with test("ON CONFLICT DO NOTHING tells that nothing was inserted"):
    equal(request(USER, BLUE, post("visit", conflict="ON CONFLICT DO NOTHING"), other), (200, []))

with test("without row-level security: who may read the table is told"):
    equal(request(USER, RED, post("counter"), {"tenant": "red", "a": visit("one")})[0], 200)
    status, answer = request(USER, BLUE, post("counter"), other)
    detail = json.loads(answer["details"])
    equal((detail["resources"], detail["starts_at"]), (["secret hall"], "2026-03-02T09:15:00Z"))

with test("who may not read the index's columns is not"):
    status, answer = request(CLERK, BLUE, post("counter").replace("RETURNING *", "RETURNING id"), other)
    equal((answer["code"], json.loads(answer["details"]), told(answer)), ("23P01", NOTHING, []))

with test("nor is who comes through a view"):
    equal(request(USER, RED, post("hidden_view"), {"tenant": "red", "a": visit("one")})[0], 200)
    status, answer = request(USER, BLUE, post("hidden_view"), other)
    equal((answer["code"], json.loads(answer["details"]), told(answer)), ("23P01", NOTHING, []))

with test("the pairs in conflict cannot be asked for under row-level security"):
    status, answer = request(USER, BLUE, "SELECT json_agg(c) FROM occupancy_conflicts('guarded_held') AS c")
    equal((status, answer["code"]), (403, "42501"))

with test("nor without the right to read the table"):
    status, answer = request(CLERK, BLUE, "SELECT json_agg(c) FROM occupancy_conflicts('counter_held') AS c")
    equal((status, answer["code"]), (403, "42501"))

with test("who may not write a table cannot keep others from it by occupancy_lock"):
    status, answer = request(ANON, {}, "SELECT to_json(occupancy_lock('visit_no_overlap', occupancy_all('-infinity'::timestamptz, 'infinity', NULL))::text)")
    assert answer["code"] in ("42501", "22023", "22008"), answer
    status, answer = request(ANON, {}, "SELECT to_json(occupancy_lock('visit_no_overlap', occupancy_all('2026-01-01Z', '2027-01-01Z'))::text)")
    equal((status, answer["code"]), (401, "42501"))

# ----------------------------------------------------------------------
# Calls and errors
# ----------------------------------------------------------------------

document = {"id": "appt_2UxtAULYUrX7GVsTKePy", "start_time": 1772445600000, "end_time": 1772449200000, "host": "usr_1"}

with test("a call with a JSON argument"):
    status, answer = request(USER, RED, call("book"), document)
    equal((status, answer["start_time"], answer["host"]), (200, 1772445600000, "usr_1"))

with test("a double booking is 400, as PostgREST has no status for 23P01"):
    status, answer = request(USER, RED, call("book"), document)
    equal((status, answer["code"]), (400, "23P01"))

with test("and 409 if the function says so"):
    status, answer = request(USER, RED, call("book_or_409"), document)
    equal((status, answer["message"], json.loads(answer["details"])), (409, "this time is taken", NOTHING))

with test("a bad document is 400, with the path"):
    status, answer = request(USER, RED, call("book"), {**document, "start_time": "soon"})
    equal((status, answer["code"], json.loads(answer["details"])["path"]), (400, "22P02", "start_time"))

with test("a bad value of a column is 400, with the path"):
    status, answer = request(USER, RED, post("visit"), {"tenant": "red", "a": {"starts_at": 7}})
    equal((status, answer["code"], json.loads(answer["details"])["path"]), (400, "22P02", "starts_at"))

with test("an unknown format is 400, with the known ones as the hint"):
    status, answer = request(USER, RED, "SELECT appointment_to_json('{}', 'avalon')")
    equal((status, answer["code"], "avon" in answer["hint"]), (400, "22023", True))

with test("an impossible step is 400, with what can follow"):
    status, answer = request(USER, RED, "SELECT to_json(appointment_transition('{\"status\":\"pending\"}', 'completed'))")
    equal((status, answer["code"], json.loads(answer["details"])["next"]), (400, "23514", ["cancelled", "scheduled"]))

with test("a document beyond the limits is 500: PostgREST's status for class 54"):
    status, answer = request(USER, RED, "SELECT appointment_to_json(appointment_from_json(repeat('[', 100) || repeat(']', 100), 'avon'), 'avon')")
    equal((status, answer["code"]), (500, "54000"))

# ----------------------------------------------------------------------
# Calendars
# ----------------------------------------------------------------------


def events(text):
    return text.count("BEGIN:VEVENT\r\n")


with test("a calendar is sent as it is, if its media type is asked for"):
    status, kind, text = fetch(USER, RED, "visit_ics", "text/calendar", id=first)
    equal((status, kind, events(text)), (200, "text/calendar", 1))
    equal(text, "".join(line + "\r\n" for line in text.split("\r\n")[:-1]))
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n"), text
    assert 'SUMMARY:Pain\\; "left"\\, caf\u00e9\r\n' in text, text

with test("with others in the list, too"):
    equal(fetch(USER, RED, "visit_ics", "text/calendar, */*;q=0.5", id=first)[:2], (200, "text/calendar"))

with test("without it the same text is JSON"):
    status, kind, text = fetch(USER, RED, "visit_ics", "*/*", id=first)
    equal((status, kind, events(json.loads(text))), (200, "application/json; charset=utf-8", 1))

with test("another tenant's appointment is no calendar"):
    equal(fetch(USER, BLUE, "visit_ics", "text/calendar", id=first), (200, "text/calendar", None))

with test("a feed for who asks for nothing: the function says what it is"):
    for accept in (None, "*/*", "text/calendar", "text/html"):
        status, kind, text = fetch(USER, RED, "feed", accept, name="hall")
        equal((status, kind, events(text)), (200, "text/calendar; charset=utf-8", 3))

with test("a tenant's feed has nothing of another, and is a calendar if it is empty"):
    status, kind, text = fetch(USER, BLUE, "feed", "*/*", name="hall")
    equal((status, events(text), text.startswith("BEGIN:VCALENDAR\r\n"), "secret" in text), (200, 0, True, False))

with test("nothing personal is in a feed that does not ask for it"):
    assert "secret note" not in fetch(USER, RED, "feed", "*/*", name="hall")[2]

with test("an unknown feed is 404"):
    equal(fetch(USER, RED, "feed", "*/*", name="cellar"), (404, None, "no such feed"))

with test("the role and the claims are gone afterwards"):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, nullif(current_setting('request.jwt.claims', true), '')")
        equal(cursor.fetchone(), ("clients_authenticator", None))

connection.rollback()
connection.close()
done()
