--
-- Everything that the catalogs say of the extension :extension, one line a
-- fact: kind, name, the rest as JSON.  OIDs are names, so two databases whose
-- extensions are the same have the same lines, however they came to them.
-- Left out is what a server notes for itself, as columns' options pg_....
--
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET search_path = '';
SET client_min_messages = warning;

CREATE TEMP VIEW member AS
	SELECT d.classid, d.objid
	FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
	WHERE d.deptype = 'e' AND e.extname = :'extension';

-- and what they bring with them, such as types of tables, arrays and families,
-- but for TOAST tables, whose names have an OID
CREATE TEMP VIEW owned AS
	WITH x AS (
	SELECT classid, objid FROM pg_temp.member
	UNION
	SELECT d.classid, d.objid FROM pg_depend d JOIN pg_temp.member m ON (d.refclassid, d.refobjid) = (m.classid, m.objid) WHERE d.deptype IN ('i', 'a')
	UNION
	SELECT d.classid, d.objid FROM pg_depend d JOIN pg_depend d2 ON (d.refclassid, d.refobjid) = (d2.classid, d2.objid)
		JOIN pg_temp.member m ON (d2.refclassid, d2.refobjid) = (m.classid, m.objid) WHERE d.deptype IN ('i', 'a') AND d2.deptype IN ('i', 'a'))
	SELECT * FROM x WHERE classid <> 'pg_class'::regclass OR objid NOT IN (SELECT oid FROM pg_class WHERE relnamespace = 'pg_toast'::regnamespace);

-- privileges do not depend on the order in which they were granted
CREATE FUNCTION pg_temp.acl(acl aclitem[]) RETURNS text[] LANGUAGE sql AS
	'SELECT array_agg(a::text ORDER BY a::text) FROM unnest(acl) a';
CREATE FUNCTION pg_temp.role(oid) RETURNS text LANGUAGE sql AS 'SELECT rolname FROM pg_authid WHERE oid = $1';
CREATE FUNCTION pg_temp.namespace(oid) RETURNS text LANGUAGE sql AS 'SELECT nspname FROM pg_namespace WHERE oid = $1';
CREATE FUNCTION pg_temp.function(oid) RETURNS text LANGUAGE sql AS $$SELECT CASE WHEN $1 <> 0 THEN $1::regprocedure::text END$$;
CREATE FUNCTION pg_temp.operator(oid) RETURNS text LANGUAGE sql AS $$SELECT CASE WHEN $1 <> 0 THEN $1::regoperator::text END$$;
CREATE FUNCTION pg_temp.family(oid) RETURNS text LANGUAGE sql AS
	$$SELECT opfname || ' ' || amname FROM pg_opfamily f JOIN pg_am a ON a.oid = opfmethod WHERE f.oid = $1$$;
CREATE FUNCTION pg_temp.rows_of(t regclass) RETURNS SETOF text LANGUAGE plpgsql AS
	$$BEGIN RETURN QUERY EXECUTE format('SELECT x::text FROM ONLY %s x', t); END$$;

WITH fact (kind, name, rest) AS (
	SELECT 'extension', extname::text, jsonb_build_object('owner', pg_temp.role(extowner), 'schema', pg_temp.namespace(extnamespace), 'relocatable', extrelocatable,
		'version', extversion, 'tables', (SELECT array_agg(c::regclass::text || ' ' || extcondition[i] ORDER BY c::regclass::text) FROM unnest(extconfig) WITH ORDINALITY t(c, i)))
	FROM pg_extension WHERE extname = :'extension'
UNION ALL
	SELECT 'function', p.oid::regprocedure::text, to_jsonb(p) - '{oid,pronamespace,proowner,prolang,provariadic,prosupport,prorettype,proargtypes,proallargtypes,protrftypes,proargdefaults,proacl}'::text[]
		|| jsonb_build_object('schema', pg_temp.namespace(pronamespace), 'owner', pg_temp.role(proowner), 'language', (SELECT lanname FROM pg_language l WHERE l.oid = prolang),
			'variadic', provariadic::regtype, 'support', prosupport::regproc, 'arguments', pg_get_function_arguments(p.oid), 'result', pg_get_function_result(p.oid),
			'types', (SELECT array_agg(t::regtype::text ORDER BY i) FROM unnest(proallargtypes) WITH ORDINALITY x(t, i)), 'acl', pg_temp.acl(proacl))
	FROM pg_proc p JOIN pg_temp.owned ON classid = 'pg_proc'::regclass AND objid = p.oid
UNION ALL
	SELECT 'aggregate', a.aggfnoid::regprocedure::text, jsonb_build_object('functions', ARRAY[aggtransfn::text, aggfinalfn::text, aggcombinefn::text, aggserialfn::text, aggdeserialfn::text, aggmtransfn::text, aggminvtransfn::text, aggmfinalfn::text],
		'sort', pg_temp.operator(aggsortop), 'type', aggtranstype::regtype, 'moving', aggmtranstype::regtype) || (to_jsonb(a) - '{aggfnoid,aggtransfn,aggfinalfn,aggcombinefn,aggserialfn,aggdeserialfn,aggmtransfn,aggminvtransfn,aggmfinalfn,aggsortop,aggtranstype,aggmtranstype}'::text[])
	FROM pg_aggregate a JOIN pg_temp.owned ON classid = 'pg_proc'::regclass AND objid = a.aggfnoid
UNION ALL
	SELECT 'type', t.oid::regtype::text, to_jsonb(t) - '{oid,typnamespace,typowner,typrelid,typsubscript,typelem,typarray,typinput,typoutput,typreceive,typsend,typmodin,typmodout,typanalyze,typbasetype,typcollation,typdefaultbin,typacl}'::text[]
		|| jsonb_build_object('schema', pg_temp.namespace(typnamespace), 'owner', pg_temp.role(typowner), 'table', typrelid::regclass, 'element', typelem::regtype, 'array', typarray::regtype,
			'functions', ARRAY[typsubscript::text, typinput::text, typoutput::text, typreceive::text, typsend::text, typmodin::text, typmodout::text, typanalyze::text], 'base', typbasetype::regtype, 'acl', pg_temp.acl(typacl))
	FROM pg_type t JOIN pg_temp.owned ON classid = 'pg_type'::regclass AND objid = t.oid
UNION ALL
	SELECT 'operator', o.oid::regoperator::text, jsonb_build_object('schema', pg_temp.namespace(oprnamespace), 'owner', pg_temp.role(oprowner), 'kind', oprkind, 'merges', oprcanmerge, 'hashes', oprcanhash, 'result', oprresult::regtype,
		'commutator', pg_temp.operator(oprcom), 'negator', pg_temp.operator(oprnegate), 'function', oprcode::regprocedure::text, 'restrict', oprrest::text, 'join', oprjoin::text)
	FROM pg_operator o JOIN pg_temp.owned ON classid = 'pg_operator'::regclass AND objid = o.oid
UNION ALL
	SELECT 'family', pg_temp.family(f.oid), jsonb_build_object('schema', pg_temp.namespace(opfnamespace), 'owner', pg_temp.role(opfowner))
	FROM pg_opfamily f JOIN pg_temp.owned ON classid = 'pg_opfamily'::regclass AND objid = f.oid
UNION ALL
	SELECT 'class', opcname || ' ' || pg_temp.family(opcfamily), jsonb_build_object('schema', pg_temp.namespace(opcnamespace), 'owner', pg_temp.role(opcowner), 'type', opcintype::regtype, 'default', opcdefault, 'key', opckeytype::regtype)
	FROM pg_opclass o JOIN pg_temp.owned ON classid = 'pg_opclass'::regclass AND objid = o.oid
UNION ALL
	SELECT 'family operator', pg_temp.family(amopfamily) || ' ' || amopstrategy, jsonb_build_object('types', ARRAY[amoplefttype::regtype, amoprighttype::regtype], 'purpose', amoppurpose, 'operator', pg_temp.operator(amopopr), 'sort', pg_temp.family(amopsortfamily))
	FROM pg_amop JOIN pg_temp.owned ON classid = 'pg_opfamily'::regclass AND objid = amopfamily
UNION ALL
	SELECT 'family function', pg_temp.family(amprocfamily) || ' ' || amprocnum, jsonb_build_object('types', ARRAY[amproclefttype::regtype, amprocrighttype::regtype], 'function', pg_temp.function(amproc))
	FROM pg_amproc JOIN pg_temp.owned ON classid = 'pg_opfamily'::regclass AND objid = amprocfamily
UNION ALL
	SELECT 'cast', castsource::regtype || ' ' || casttarget::regtype, jsonb_build_object('function', pg_temp.function(castfunc), 'context', castcontext, 'method', castmethod)
	FROM pg_cast c JOIN pg_temp.owned ON classid = 'pg_cast'::regclass AND objid = c.oid
UNION ALL
	SELECT 'relation', c.oid::regclass::text, jsonb_build_object('schema', pg_temp.namespace(relnamespace), 'owner', pg_temp.role(relowner), 'kind', relkind, 'persistence', relpersistence, 'am', (SELECT amname FROM pg_am a WHERE a.oid = relam),
		'options', reloptions, 'identity', relreplident, 'security', relrowsecurity, 'force', relforcerowsecurity, 'acl', pg_temp.acl(relacl))
	FROM pg_class c JOIN pg_temp.owned ON classid = 'pg_class'::regclass AND objid = c.oid
UNION ALL
	SELECT 'column', attrelid::regclass || '.' || attnum, jsonb_build_object('name', attname, 'type', format_type(atttypid, atttypmod), 'notnull', attnotnull, 'storage', attstorage, 'identity', attidentity, 'generated', attgenerated,
		'collation', attcollation::regcollation, 'options', (SELECT array_agg(o) FROM unnest(attoptions) o WHERE o NOT LIKE 'pg\_%'), 'default', (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef d WHERE (adrelid, adnum) = (attrelid, attnum)), 'acl', pg_temp.acl(attacl))
	FROM pg_attribute JOIN pg_temp.owned ON classid = 'pg_class'::regclass AND objid = attrelid WHERE attnum > 0
UNION ALL
	SELECT 'index', indexrelid::regclass::text, jsonb_build_object('definition', pg_get_indexdef(indexrelid), 'valid', indisvalid, 'identity', indisreplident)
	FROM pg_index JOIN pg_temp.owned ON classid = 'pg_class'::regclass AND objid = indrelid
UNION ALL
	SELECT 'constraint', conrelid::regclass || '.' || conname, jsonb_build_object('definition', pg_get_constraintdef(c.oid), 'valid', convalidated)
	FROM pg_constraint c JOIN pg_temp.owned ON classid = 'pg_class'::regclass AND objid = conrelid
UNION ALL
	SELECT 'trigger', tgrelid::regclass || '.' || tgname, jsonb_build_object('definition', pg_get_triggerdef(t.oid), 'enabled', tgenabled)
	FROM pg_trigger t JOIN pg_temp.owned ON classid = 'pg_class'::regclass AND objid = tgrelid
UNION ALL
	SELECT 'rule', ev_class::regclass || '.' || rulename, jsonb_build_object('definition', pg_get_ruledef(r.oid), 'enabled', ev_enabled)
	FROM pg_rewrite r JOIN pg_temp.owned ON classid = 'pg_class'::regclass AND objid = ev_class
UNION ALL
	SELECT 'policy', polrelid::regclass || '.' || polname, jsonb_build_object('using', pg_get_expr(polqual, polrelid), 'check', pg_get_expr(polwithcheck, polrelid))
	FROM pg_policy JOIN pg_temp.owned ON classid = 'pg_class'::regclass AND objid = polrelid
UNION ALL
	SELECT 'row', c.oid::regclass::text, to_jsonb(pg_temp.rows_of(c.oid))
	FROM pg_class c JOIN pg_temp.member ON classid = 'pg_class'::regclass AND objid = c.oid WHERE relkind = 'r'
UNION ALL
	SELECT 'comment', pg_describe_object(d.classoid, d.objoid, d.objsubid), to_jsonb(description)
	FROM pg_description d JOIN pg_temp.owned ON (classid, objid) = (d.classoid, d.objoid)
UNION ALL
	SELECT 'initial privileges', pg_describe_object(i.classoid, i.objoid, i.objsubid), jsonb_build_object('kind', privtype, 'acl', pg_temp.acl(initprivs))
	FROM pg_init_privs i JOIN pg_temp.owned ON (classid, objid) = (i.classoid, i.objoid)
UNION ALL
	SELECT DISTINCT 'dependency', pg_describe_object(d.classid, d.objid, d.objsubid), jsonb_build_object('on', pg_describe_object(refclassid, refobjid, refobjsubid), 'kind', deptype)
	FROM pg_depend d JOIN pg_temp.owned o ON (o.classid, o.objid) = (d.classid, d.objid)
)
SELECT kind, name, rest FROM fact ORDER BY kind COLLATE "C", name COLLATE "C", rest::text COLLATE "C";
