--
-- Every object of the extension says what it is for, in any schema
--

-- what belongs to the extension, whatever kind it is
CREATE VIEW members AS
SELECT d.classid, d.objid, d.objsubid, i.type, i.schema, i.name, i.identity
FROM pg_depend d, pg_identify_object(d.classid, d.objid, d.objsubid) i
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
	AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'appointment');
SELECT type, count(*) > 0 AS "any" FROM members GROUP BY type ORDER BY type COLLATE "C";

-- array types, the row types of tables and views and the like are made by the
-- server; those are no one's to comment
SELECT type, identity AS without_comment FROM members
WHERE obj_description(objid, classid::regclass::name) IS NULL
	AND NOT (classid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type t WHERE t.oid = objid AND (t.typelem <> 0 AND t.typcategory = 'A' OR t.typrelid <> 0)))
ORDER BY type, identity COLLATE "C";
SELECT obj_description(oid, 'pg_extension') FROM pg_extension WHERE extname = 'appointment';
-- a comment is a phrase: it says something, and is no sentence
SELECT type, identity, obj_description(objid, classid::regclass::name) AS odd FROM members
WHERE obj_description(objid, classid::regclass::name) ~ '^.{0,3}$|\.$|^[A-Z][a-z]|^\s|\s$|\n'
	AND obj_description(objid, classid::regclass::name) !~ '^(IANA|NULL)'
ORDER BY type, identity COLLATE "C";
-- columns of tables and views, too
SELECT attrelid::regclass, attname AS without_comment FROM members JOIN pg_attribute ON classid = 'pg_class'::regclass AND attrelid = objid
WHERE attnum > 0 AND NOT attisdropped AND (SELECT relkind FROM pg_class WHERE oid = attrelid) IN ('r', 'p', 'v', 'c') AND col_description(attrelid, attnum) IS NULL
ORDER BY 1, attnum;
-- functions that people call name their arguments
SELECT identity AS anonymous_argument FROM members JOIN pg_proc p ON classid = 'pg_proc'::regclass AND p.oid = objid
WHERE pronargs > 0 AND proargnames IS NULL AND prokind = 'f'
	AND proname !~ '_(in|out|recv|send|eq|ne|lt|le|gt|ge|cmp|hash|hash_extended|transfn|combinefn|serialfn|deserialfn|finalfn|of_json|from_jsonb|as_json|as_jsonb)$'
ORDER BY identity COLLATE "C";

-- what the server calls for types, casts, operators, indexes, aggregates and the
-- extension's own tables says that it is internal, and nothing else does
CREATE VIEW called AS
SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typsubscript]::oid[]) AS oid FROM pg_type
UNION SELECT castfunc FROM pg_cast
UNION SELECT unnest(ARRAY[oprcode, oprrest, oprjoin]::oid[]) FROM pg_operator
UNION SELECT amproc FROM pg_amproc
UNION SELECT unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn]::oid[]) FROM pg_aggregate
UNION SELECT prosupport FROM pg_proc
UNION SELECT tgfoid FROM pg_trigger JOIN members ON classid = 'pg_class'::regclass AND objid = tgrelid;
SELECT identity, obj_description(objid, 'pg_proc') AS wrongly FROM members
WHERE classid = 'pg_proc'::regclass AND (obj_description(objid, 'pg_proc') LIKE 'internal: %') <> (objid IN (SELECT oid FROM called))
ORDER BY identity COLLATE "C";
SELECT count(*) > 0 AS "any", count(*) < (SELECT count(*) FROM members WHERE classid = 'pg_proc'::regclass) AS "not all"
FROM members WHERE classid = 'pg_proc'::regclass AND objid IN (SELECT oid FROM called);
-- so do types that only such functions take or return
SELECT identity, obj_description(objid, 'pg_type') AS wrongly FROM members
WHERE obj_description(objid, 'pg_type') IS NOT NULL AND classid = 'pg_type'::regclass
	AND (obj_description(objid, 'pg_type') LIKE 'internal: %') = EXISTS (
		SELECT FROM members f JOIN pg_proc p ON f.classid = 'pg_proc'::regclass AND p.oid = f.objid
		WHERE p.oid NOT IN (SELECT oid FROM called)
			AND members.objid IN (SELECT prorettype UNION SELECT unnest(coalesce(proallargtypes, proargtypes::oid[]))))
ORDER BY identity COLLATE "C";
-- a trigger function says when it fires, and its arguments
SELECT identity AS without_arguments FROM members JOIN pg_proc p ON classid = 'pg_proc'::regclass AND p.oid = objid
WHERE prorettype = 'trigger'::regtype AND p.oid NOT IN (SELECT oid FROM called)
	AND obj_description(p.oid, 'pg_proc') !~ '^trigger (BEFORE|AFTER) INSERT OR [A-Z ]+ FOR EACH ROW \(.+\): '
ORDER BY identity COLLATE "C";
DROP VIEW called;

-- ---------------------------------------------------------------------
-- in a schema of its own, that is not on the path
-- ---------------------------------------------------------------------

CREATE SCHEMA "a schema";
CREATE TABLE kept (id int, a appointment);
INSERT INTO kept VALUES (1, '{"id":"x","starts_at":"2024-01-01T10:00:00Z"}');
CREATE INDEX kept_a ON kept (a);
CREATE INDEX kept_status ON kept ((a ->> 'status'));
CREATE VIEW kept_view AS SELECT id, a -> 'id' AS aid, appointment_to_json(a, 'caspen') AS doc FROM kept WHERE a > '{}' OR a IS NOT NULL;
ALTER EXTENSION appointment SET SCHEMA "a schema";
SELECT DISTINCT schema FROM members WHERE schema IS NOT NULL;
-- nothing is found without its schema, and all works with it
SELECT '{}'::appointment;
\set VERBOSITY terse
SELECT appointment_id('{}');
\set VERBOSITY default
SELECT "a schema".appointment_id('{"id":"y"}'), '{"id":"y"}'::"a schema".appointment OPERATOR("a schema".->>) 'id';
SELECT aid, doc ->> 'id' AS id FROM kept_view;
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM kept ORDER BY a;
SELECT id FROM kept ORDER BY a;
RESET enable_seqscan;
INSERT INTO kept VALUES (2, '{"id":"y"}') RETURNING a;
SELECT count(DISTINCT a), count(*) FROM kept;
SELECT "a schema".appointment_from_row(r) FROM (SELECT 'x' AS id, '{"name":"n"}'::jsonb AS claimant, '{a}'::text[] AS resource_ids) r;
SELECT "a schema".appointment_list_to_json(array_agg(a ORDER BY a), 'avon') ->> 'object' FROM kept;
SELECT "a schema".appointment_json_agg(a, 'avon' ORDER BY a) ->> 'object' FROM kept;
SELECT count(*) FROM "a schema".appointment_list_from_json('{"object":"list","data":[{},{}]}', 'avon');
SELECT '{"id":"z"}'::jsonb::"a schema".appointment::jsonb ->> 'id';
SET search_path = '';
SELECT public.kept.a OPERATOR("a schema".->>) 'id' FROM public.kept ORDER BY id;
REINDEX INDEX public.kept_a;
RESET search_path;
ALTER EXTENSION appointment SET SCHEMA public;
SELECT aid FROM kept_view ORDER BY aid;
DROP TABLE kept CASCADE;

-- gone without a trace, and installed elsewhere at once
DROP EXTENSION appointment;
SELECT count(*) FROM pg_proc WHERE proname LIKE 'appointment%';
CREATE EXTENSION appointment SCHEMA "a schema";
SELECT DISTINCT schema FROM members WHERE schema IS NOT NULL;
SELECT type, identity FROM members WHERE obj_description(objid, classid::regclass::name) IS NULL AND type <> 'type';
-- nobody else's objects of these names get in, or in the way
DROP EXTENSION appointment;
CREATE FUNCTION "a schema".appointment_id(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE EXTENSION appointment SCHEMA "a schema";
SELECT identity FROM members WHERE identity LIKE '%.appointment_id(%';
SELECT "a schema".appointment_id(5), "a schema".appointment_id('{"id":"x"}'::"a schema".appointment);
DROP EXTENSION appointment;
DROP SCHEMA "a schema" CASCADE;
CREATE EXTENSION appointment;
DROP VIEW members;
