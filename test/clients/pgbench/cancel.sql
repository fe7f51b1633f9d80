-- cancel one, and move another one if it can be
\set n random(1, 1000)
\set by random(-6, 6) * 10
BEGIN;
SELECT set_config('appointment.actor', 'client ' || :client_id, true);
UPDATE booking SET status = 'cancelled', booked_by = current_setting('appointment.actor')
	WHERE id = (SELECT id FROM booking WHERE status = 'scheduled' ORDER BY id OFFSET :n % 20 LIMIT 1 FOR UPDATE SKIP LOCKED);
COMMIT;
SELECT move_or_not(:n, make_interval(mins => :by)) AS moved;
