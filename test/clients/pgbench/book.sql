-- book or leave it, by each of three ways
\set room random(1, 4)
\set at random(1, 100)
\set minutes random(1, 12) * 10
INSERT INTO booking_skip (resources, starts_at, ends_at)
	VALUES (ARRAY['room:' || :room, 'pra:' || :client_id],
		timestamptz '2026-03-02 00:00Z' + make_interval(mins => :at * 10),
		timestamptz '2026-03-02 00:00Z' + make_interval(mins => :at * 10 + :minutes));
INSERT INTO booking_nothing (resources, starts_at, ends_at)
	VALUES (ARRAY['room:' || :room, 'pra:' || :client_id],
		timestamptz '2026-03-02 00:00Z' + make_interval(mins => :at * 10),
		timestamptz '2026-03-02 00:00Z' + make_interval(mins => :at * 10 + :minutes))
	ON CONFLICT DO NOTHING;
SELECT book_or_not(ARRAY['room:' || :room, 'pra:' || :client_id],
	timestamptz '2026-03-02 00:00Z' + make_interval(mins => :at * 10),
	timestamptz '2026-03-02 00:00Z' + make_interval(mins => :at * 10 + :minutes)) AS booked;
