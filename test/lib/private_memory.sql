--
-- Pages that the backend holds, without those that it shares; in kB.
--
CREATE FUNCTION private_memory() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	statm text[];
BEGIN
	statm := string_to_array(pg_read_file('/proc/' || pg_backend_pid() || '/statm', 0, 200), ' ');
	RETURN (statm[2]::bigint - statm[3]::bigint) * 4;
END $$;
