-- An API as PostgREST would serve it: tenants who share one table, told apart
-- by row-level security.
SET client_min_messages = warning;
DROP ROLE IF EXISTS clients_authenticator, clients_anon, clients_user, clients_clerk;
CREATE ROLE clients_anon;
CREATE ROLE clients_user;
CREATE ROLE clients_clerk;
CREATE ROLE clients_authenticator NOINHERIT LOGIN;
GRANT clients_anon, clients_user, clients_clerk TO clients_authenticator;
SET search_path = public, ext;

CREATE FUNCTION tenant() RETURNS text STABLE LANGUAGE sql AS
	$$ SELECT nullif(current_setting('request.jwt.claims', true), '')::json ->> 'tenant' $$;

-- A hall that the tenants share: no scope, so that they meet in the constraint
CREATE TABLE visit (
	id			bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	tenant		text NOT NULL DEFAULT tenant(),
	a			appointment NOT NULL,
	CONSTRAINT visit_no_overlap EXCLUDE USING gist (appointment_occupancy(a) WITH &&)
);
ALTER TABLE visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY visit_of_tenant ON visit USING (tenant = tenant()) WITH CHECK (tenant = tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON visit TO clients_user;

-- The same with the guard
CREATE TABLE guarded (LIKE visit INCLUDING ALL);
CREATE INDEX guarded_held ON guarded USING gist (appointment_occupancy(a));
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON guarded
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('guarded_held');
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY guarded_of_tenant ON guarded USING (tenant = tenant()) WITH CHECK (tenant = tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON guarded TO clients_user;

-- Without row-level security; the clerk may not read the column that the index
-- is over
CREATE TABLE counter (LIKE visit INCLUDING ALL);
CREATE INDEX counter_held ON counter USING gist (appointment_occupancy(a));
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON counter
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('counter_held');
GRANT SELECT, INSERT ON counter TO clients_user;
GRANT SELECT (id, tenant), INSERT ON counter TO clients_clerk;

-- The same through a view: who books has no right on the table itself
CREATE TABLE hidden (LIKE visit INCLUDING ALL);
CREATE INDEX hidden_held ON hidden USING gist (appointment_occupancy(a));
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE OR DELETE ON hidden
	FOR EACH ROW EXECUTE FUNCTION occupancy_guard('hidden_held');
CREATE VIEW hidden_view WITH (security_barrier) AS SELECT * FROM hidden WHERE tenant = tenant() WITH CHECK OPTION;
GRANT SELECT, INSERT ON hidden_view TO clients_user;

CREATE FUNCTION book(request json) RETURNS json LANGUAGE sql AS $$
	INSERT INTO guarded (a) VALUES (appointment_from_json(request, 'avon')) RETURNING appointment_to_json(a, 'avon')
$$;
-- PostgREST answers 400 to an exclusion_violation, and the class PT names
-- another status.
CREATE FUNCTION book_or_409(request json) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
	conflict text;
BEGIN
	RETURN book(request);
EXCEPTION WHEN exclusion_violation THEN
	GET STACKED DIAGNOSTICS conflict = PG_EXCEPTION_DETAIL;
	RAISE EXCEPTION USING ERRCODE = 'PT409', MESSAGE = 'this time is taken', DETAIL = conflict;
END $$;

-- Calendars: a text whose type is a domain with the name of a media type is sent
-- as it is; "*/*" answers whatever is asked for, and has to say what it is.
CREATE DOMAIN "text/calendar" AS text;
CREATE DOMAIN "*/*" AS text;
CREATE FUNCTION visit_ics(id bigint) RETURNS "text/calendar" STABLE LANGUAGE sql AS $$
	SELECT appointment_to_ics(a, options => '{"domain": "clinic.example", "summary": "Pain; \"left\", caf\u00e9"}')
	FROM visit WHERE visit.id = visit_ics.id
$$;
CREATE FUNCTION feed(name text) RETURNS "*/*" STABLE LANGUAGE plpgsql AS $$
BEGIN
	IF name <> 'hall' THEN
		RAISE EXCEPTION USING ERRCODE = 'PT404', MESSAGE = 'no such feed';
	END IF;
	PERFORM set_config('response.headers', '[{"Content-Type": "text/calendar; charset=utf-8"}]', true);
	RETURN (SELECT appointment_ics_agg(a, '{"domain": "clinic.example", "name": "Hall"}' ORDER BY id) FROM visit);
END $$;
