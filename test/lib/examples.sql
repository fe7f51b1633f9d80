--
-- What the tests of documents share: the services' own examples as psql
-- variables, and functions to compare documents with.
--
-- psql reads the examples, for the server may run as somebody who cannot.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set file :abs_srcdir '/data/caspen.json'
\set caspen `cat :'file'`
\set file :abs_srcdir '/data/sqod.json'
\set sqod `cat :'file'`
\set file :abs_srcdir '/data/avon.json'
\set avon `cat :'file'`
\set file :abs_srcdir '/data/avon_list.json'
\set avon_list `cat :'file'`
\set file :abs_srcdir '/data/savvycal.json'
\set savvycal `cat :'file'`
\set file :abs_srcdir '/data/appointment_one.json'
\set appointment_one `cat :'file'`

-- Without white space between the tokens, all else to the letter: two texts
-- are the same then if members, values, order, digits and escapes are.
CREATE FUNCTION pg_temp.compact(doc json) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
	RETURN CASE json_typeof(doc)
		WHEN 'object' THEN
			(SELECT '{' || coalesce(string_agg(to_json(key)::text || ':' ||
					pg_temp.compact(value), ',' ORDER BY n), '') || '}'
			 FROM json_each(doc) WITH ORDINALITY AS e (key, value, n))
		WHEN 'array' THEN
			(SELECT '[' || coalesce(string_agg(pg_temp.compact(value), ','
					ORDER BY n), '') || ']'
			 FROM json_array_elements(doc) WITH ORDINALITY AS e (value, n))
		ELSE btrim(doc::text, E' \n\r\t')
	END;
END $$;

-- A document with members set to other texts of JSON, in their places; a
-- member that is set to NULL is left out, a new one comes last.
CREATE FUNCTION pg_temp.edit(doc json, VARIADIC edits text[]) RETURNS json
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	path text[];
	inner_doc json;
	new_value text;
BEGIN
	FOR i IN 1 .. cardinality(edits) BY 2 LOOP
		path := string_to_array(edits[i], '.');
		new_value := edits[i + 1];
		IF cardinality(path) > 1 THEN
			inner_doc := doc #> path[1:1];
			new_value := pg_temp.edit(inner_doc,
				array_to_string(path[2:], '.'), new_value)::text;
		END IF;
		IF json_typeof(doc) = 'array' THEN
			doc := (SELECT '[' || string_agg(CASE WHEN n = path[1]::int + 1
					THEN new_value ELSE value::text END, ',' ORDER BY n) || ']'
				FROM json_array_elements(doc) WITH ORDINALITY AS e (value, n));
			CONTINUE;
		END IF;
		doc := (SELECT '{' || coalesce(string_agg(to_json(key)::text || ':' || value,
					',' ORDER BY n), '') || '}'
			FROM (SELECT n, key, CASE WHEN key = path[1] THEN new_value
						ELSE value::text END
				  FROM json_each(doc) WITH ORDINALITY AS e (key, value, n)
				  UNION ALL
				  SELECT 1000000, path[1], new_value
				  WHERE NOT (doc::jsonb ? path[1])) AS m (n, key, value)
			WHERE value IS NOT NULL);
	END LOOP;
	RETURN doc;
END $$;

-- A document read and written in its format: "same" if it comes back to the
-- letter but for white space and its envelope, else each member that does not, as it was and as
-- it came.
CREATE FUNCTION pg_temp.again(doc text, format text, options jsonb DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	read json := pg_temp.compact(doc::json);
	written json;
BEGIN
	IF format = 'appointment_one' THEN
		written := appointment_event_to_json(
			appointment_event_from_json(doc, format, options), format, options);
	ELSE
		written := appointment_to_json(
			appointment_from_json(doc, format, options), format, options);
	END IF;
	written := pg_temp.compact(written);
	IF written::text = read::text THEN
		RETURN 'same';
	END IF;
	-- an envelope may have come about or gone
	IF NOT read::jsonb ? 'id' THEN
		read := read -> 'data';
	END IF;
	IF NOT written::jsonb ? 'id' THEN
		written := written -> 'data';
	END IF;
	IF written::text = read::text THEN
		RETURN 'same';
	END IF;
	RETURN coalesce(
		(SELECT string_agg(format('%s: %s -> %s', key, coalesce(r.value::text, 'absent'),
				coalesce(w.value::text, 'absent')), ', ' ORDER BY coalesce(w.n, r.n))
		 FROM json_each(read) WITH ORDINALITY AS r (key, value, n)
		 FULL JOIN json_each(written) WITH ORDINALITY AS w (key, value, n) USING (key)
		 WHERE r.value::text IS DISTINCT FROM w.value::text),
		'another order: ' || (SELECT string_agg(key, ', ') FROM json_object_keys(written) AS key));
END $$;

-- The same for an example with one member set to another text of JSON.
CREATE FUNCTION pg_temp.again_with(doc text, format text, VARIADIC edits text[])
RETURNS text
LANGUAGE sql AS $$
	SELECT pg_temp.again(pg_temp.edit(doc::json, VARIADIC edits)::text, format)
$$;

-- The error that reading a document ends in: SQLSTATE, message and detail.
CREATE FUNCTION pg_temp.fails(doc text, format text, options jsonb DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	state text;
	message text;
	detail text;
BEGIN
	IF format = 'appointment_one' THEN
		PERFORM appointment_event_from_json(doc, format, options);
	ELSE
		PERFORM appointment_from_json(doc, format, options);
	END IF;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE,
		message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN state || ' ' || message ||
		coalesce(' (' || (detail::json ->> 'code') || ')', '');
END $$;

-- What reading finds, warnings, too; but not how members fit together, which
-- rules over the whole value tell.
CREATE FUNCTION pg_temp.problems(doc text, format text, options jsonb DEFAULT NULL)
RETURNS TABLE (problem text)
LANGUAGE plpgsql AS $$
DECLARE
	list text;
	found jsonb;
BEGIN
	IF format = 'appointment_one' THEN
		SELECT problems INTO found FROM appointment_event_list_from_json(
			'{"events":[' || doc || ']}', format, options);
	ELSE
		SELECT problems INTO found FROM appointment_list_from_json(
			'{"data":[' || doc || ']}', format, options);
	END IF;
	RETURN QUERY
		SELECT format('%s %s %s: %s', p ->> 'severity', p ->> 'code',
			p ->> 'path', p ->> 'message')
		FROM jsonb_array_elements(found) AS p
		WHERE p ->> 'code' NOT IN ('status_mismatch', 'order_mismatch',
			'duration_mismatch', 'not_applicable');
END $$;
