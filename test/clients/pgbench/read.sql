-- who is busy, and the service's list of it
\set at random(1, 100)
SELECT count(*) FROM booking
	WHERE occupancy(starts_at, ends_at, resources, tenant)
			&& occupancy_all(timestamptz '2026-03-02 00:00Z' + make_interval(mins => :at * 10),
				timestamptz '2026-03-02 00:00Z' + make_interval(mins => :at * 10 + 60), 'acme')
		AND status IS DISTINCT FROM 'cancelled';
SELECT length(appointment_json_agg(appointment_from_row(b), 'caspen')::text)
	FROM (SELECT id, starts_at, ends_at, status FROM booking ORDER BY id LIMIT 10) AS b;
