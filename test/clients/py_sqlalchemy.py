"""A client in Python with SQLAlchemy: a column of type appointment, the
constraint in the model, the fields of an IntegrityError, and reflection.
Prints TAP.

README's recipe for SQLAlchemy is this file's first part."""

import json
import warnings
from datetime import datetime, timedelta, timezone

from sqlalchemy import __version__ as sqlalchemy_version
from sqlalchemy import (BigInteger, Column, DateTime, Identity, MetaData, Table, Text, create_engine, event,
                        func, inspect, select, text)
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.types import UserDefinedType

from pytap import done, equal, failing, test

# ----------------------------------------------------------------------
# The model
# ----------------------------------------------------------------------


class Appointment(UserDefinedType):
    """A column of type appointment, as a dict of canonical JSON."""

    cache_ok = True

    def get_col_spec(self, **kw):
        return "appointment"

    def bind_processor(self, dialect):
        return lambda value: None if value is None else json.dumps(value)

    def result_processor(self, dialect, coltype):
        return lambda value: json.loads(value) if isinstance(value, str) else value

    # a.op("->>")("note"): the name of a field is no appointment
    def coerce_compared_value(self, op, value):
        return self if isinstance(value, dict) else Text()


Base = declarative_base()


class Visit(Base):
    __tablename__ = "visit"
    id = Column(BigInteger, Identity(always=True), primary_key=True)
    appointment = Column(MutableDict.as_mutable(Appointment), nullable=False)
    __table_args__ = (
        ExcludeConstraint((text("appointment_occupancy(appointment)"), "&&"), name="visit_no_overlap", using="gist"),
    )


class Booking(Base):
    __tablename__ = "slot"
    id = Column(BigInteger, Identity(always=True), primary_key=True)
    tenant = Column(Text, nullable=False)
    resources = Column(ARRAY(Text), nullable=False)
    starts_at = Column(DateTime(timezone=True), nullable=False)
    ends_at = Column(DateTime(timezone=True), nullable=False)
    status = Column(Text, nullable=False, server_default="scheduled")
    __table_args__ = (
        ExcludeConstraint((text("occupancy(starts_at, ends_at, resources, tenant)"), "&&"),
                          name="slot_no_overlap", using="gist",
                          where=text("status IS DISTINCT FROM 'cancelled'")),
    )


def double_booking(error):
    """What an IntegrityError says of a double booking, or None."""
    diag = error.orig.diag
    if diag.sqlstate != "23P01":
        return None
    try:
        conflict = json.loads(diag.message_detail)      # the guard's
    except (TypeError, ValueError):
        conflict = None                                 # core's text, or nothing
    return {"table": diag.table_name, "constraint": diag.constraint_name, "conflict": conflict}


# What reflection is to make of the type
def know_appointment(engine):
    engine.dialect.ischema_names["appointment"] = Appointment


# ----------------------------------------------------------------------
# Its tests
# ----------------------------------------------------------------------

engine = create_engine("postgresql+psycopg2://", future=True)
NINE = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)


def value(number, **more):
    at = NINE + number * HOUR
    return {"id": f"app_{number}", "starts_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ends_at": (at + HOUR).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "status": "scheduled", "room_id": "blue", **more}


def flush(*objects):
    with Session(engine, future=True) as session, session.begin():
        session.add_all(objects)


with test("create_all makes the tables and their constraints"):
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        names = connection.scalars(text(
            "SELECT conname FROM pg_constraint WHERE contype = 'x' AND conrelid IN ('visit'::regclass, 'slot'::regclass) ORDER BY 1"))
        equal(list(names), ["slot_no_overlap", "visit_no_overlap"])

with test("insert and select through the ORM"):
    flush(*(Visit(appointment=value(n)) for n in range(3)))
    with Session(engine, future=True) as session:
        equal([visit.appointment for visit in session.scalars(select(Visit).order_by(Visit.appointment))],
              [value(n) for n in range(3)])

with test("a change inside the value is written"):
    with Session(engine, future=True) as session, session.begin():
        visit = session.scalars(select(Visit).order_by(Visit.id)).first()
        visit.appointment["note"] = "rings before coming"
    with Session(engine, future=True) as session:
        equal(session.scalars(select(Visit).order_by(Visit.id)).first().appointment,
              value(0, note="rings before coming"))

with test("the extension's functions in queries"):
    with Session(engine, future=True) as session:
        statement = select(func.appointment_status(Visit.appointment), func.appointment_starts_at(Visit.appointment)) \
            .where(func.appointment_starts_at(Visit.appointment) >= NINE + HOUR).order_by(Visit.appointment)
        equal([tuple(row) for row in session.execute(statement)],
              [("scheduled", NINE + HOUR), ("scheduled", NINE + 2 * HOUR)])
        equal(session.scalar(select(Visit.appointment.op("->>", return_type=Text())("note")).where(
            func.appointment_id(Visit.appointment) == "app_0")), "rings before coming")
        equal(session.scalar(select(func.appointment_to_json(Visit.appointment, "avon")).where(
            func.appointment_id(Visit.appointment) == "app_1"))["id"], "app_1")

with test("a double booking is an IntegrityError that names the constraint"):
    error = failing(IntegrityError, flush, Visit(appointment=value(1)))
    equal(double_booking(error), {"table": "visit", "constraint": "visit_no_overlap", "conflict": None})

with test("with the guard also what is in the way"):
    with engine.begin() as connection:
        connection.execute(text("CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON slot "
                                "FOR EACH ROW EXECUTE FUNCTION occupancy_guard('slot_no_overlap')"))
    flush(Booking(tenant="acme", resources=["blue"], starts_at=NINE, ends_at=NINE + HOUR))
    error = failing(IntegrityError, flush,
                    Booking(tenant="acme", resources=["blue", "pra_1"], starts_at=NINE + HOUR / 2, ends_at=NINE + 2 * HOUR))
    conflict = double_booking(error)["conflict"]
    equal(conflict, {"key": {"id": "1"}, "scope": "acme", "starts_at": "2026-03-02T09:30:00Z",
                     "ends_at": "2026-03-02T10:00:00Z", "resources": ["blue"]})

with test("a savepoint around a booking that may be refused"):
    with Session(engine, future=True) as session, session.begin():
        try:
            with session.begin_nested():
                session.add(Booking(tenant="acme", resources=["blue"], starts_at=NINE, ends_at=NINE + HOUR))
        except IntegrityError:
            session.add(Booking(tenant="acme", resources=["red"], starts_at=NINE, ends_at=NINE + HOUR))
    with Session(engine, future=True) as session:
        equal(list(session.scalars(select(Booking.resources).order_by(Booking.id))), [["blue"], ["red"]])

with test("a bad value is a DBAPIError with the path"):
    error = failing(DBAPIError, flush, Visit(appointment={"starts_at": "soon"}))
    equal(error.orig.pgcode, "22P02")
    equal(json.loads(error.orig.diag.message_detail)["path"], "starts_at")

with test("the actor belongs to the session's transaction"):
    class Acting(Session):
        pass

    @event.listens_for(Acting, "after_begin")
    def set_actor(session, transaction, connection):
        connection.execute(select(func.set_config("appointment.actor", session.info["actor"], True)))

    with Acting(engine, future=True, info={"actor": "usr_7"}) as session:
        equal(session.scalar(text("SELECT current_setting('appointment.actor')")), "usr_7")
    with Session(engine, future=True) as session:
        equal(session.scalar(text("SELECT current_setting('appointment.actor')")), "")

# What autogenerate compares is what the inspector says.

with test("reflection does not know the type, and says so"):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        columns = {column["name"]: str(type(column["type"]).__name__)
                   for column in inspect(engine).get_columns("visit")}
    equal(columns["appointment"], "NullType")
    assert any("Did not recognize type 'appointment'" in str(warning.message) for warning in caught)

with test("until it is told"):
    know_appointment(engine)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        columns = {column["name"]: column["type"] for column in inspect(engine).get_columns("visit")}
    assert isinstance(columns["appointment"], Appointment)

with test("the exclusion constraint is reflected as nothing, or from 2.0 on as an index of its name"):
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        inspector = inspect(engine)
        equal(inspector.get_check_constraints("visit"), [])
        equal(inspector.get_unique_constraints("visit"), [])
        equal([index["name"] for index in inspector.get_indexes("visit")],
              [] if sqlalchemy_version.startswith("1.") else ["visit_no_overlap"])

with test("a table that is reflected whole can be written"):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        visit = Table("visit", MetaData(), autoload_with=engine)
    with engine.begin() as connection:
        connection.execute(visit.insert().values(appointment=value(10)))
    with engine.connect() as connection:
        equal(connection.scalars(select(visit.c.appointment).where(
            func.appointment_id(visit.c.appointment) == "app_10")).one(), value(10))

with test("a list of names is an expanding parameter or an array"):
    with engine.connect() as connection:
        statement = select(func.count()).select_from(Visit).where(func.appointment_occupancy(Visit.appointment).op("&&")(
            func.occupancy(NINE, NINE + 2 * HOUR, ["blue", "red"])))
        equal(connection.scalar(statement), 2)

done()
