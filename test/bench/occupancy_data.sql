-- Appointments that do not conflict: tenants x practitioners x slots.  In each
-- slot of a tenant every practitioner has another room, vehicle and item.
-- Needs the variables tenants, practitioners and slots; the order is random
-- and always the same.
DROP TABLE IF EXISTS source;
CREATE UNLOGGED TABLE source AS
SELECT row_number() OVER (ORDER BY md5(format('%s/%s/%s', t, p, k))) AS id,
	'ten_' || upper(left(md5('tenant' || t), 26)) AS tenant_id,
	'pra_' || upper(left(md5(format('practitioner %s/%s', t, p)), 26)) AS practitioner_id,
	'rom_' || upper(left(md5(format('room %s/%s', t, (p + k) % :practitioners)), 26)) AS room_id,
	'veh_' || upper(left(md5(format('vehicle %s/%s', t, (p + 3 * k) % :practitioners)), 26)) AS vehicle_id,
	CASE WHEN (p + k) % 2 = 0 THEN ARRAY[i, j] ELSE ARRAY[i] END AS resource_ids,
	s AS starts_at,
	s + interval '5 minutes' * (4 + (p + k) % 2) AS ends_at
FROM generate_series(1, :tenants) t,
	generate_series(0, :practitioners - 1) p,
	generate_series(0, :slots - 1) k,
	LATERAL (SELECT
		timestamptz '2024-01-01 08:00+00' + interval '1 day' * (k / 16)
			+ interval '30 minutes' * (k % 16) + interval '5 minutes' * ((p + k) / 2 % 2) AS s,
		'itm_' || upper(left(md5(format('item %s/%s', t, (p + 5 * k) % :practitioners)), 26)) AS i,
		'itm_' || upper(left(md5(format('other %s/%s', t, (p + 7 * k) % :practitioners)), 26)) AS j) x
ORDER BY 1;
VACUUM ANALYZE source;
