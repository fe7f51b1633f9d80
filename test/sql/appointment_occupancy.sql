-- What an appointment holds.
SELECT a, appointment_occupancy(a::appointment)
FROM (VALUES
	('{"id":"1","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","status":"scheduled","room_id":"rom_1","vehicle_id":"veh_1","practitioner_id":"pra_1","resource_ids":["res_2","res_1","res_2"]}'),
	('{"id":"1","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","room_id":"","vehicle_id":null,"resource_ids":["","rom_9"]}'),
	('{"id":"1","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","status":"completed"}'),
	('{"id":"1","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","status":"cancelled","room_id":"rom_1"}'),
	('{"id":"1","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","status":"no_show","room_id":"rom_1"}'),
	('{"id":"1","starts_at":"2024-01-01T10:00:00Z","room_id":"rom_1"}'),
	('{"id":"1","ends_at":"2024-01-01T10:00:00Z","room_id":"rom_1"}')) v (a);
SELECT appointment_occupancy(NULL);

\set a '''{"id":"1","starts_at":"2024-01-01T10:00:00Z","ends_at":"2024-01-01T11:00:00Z","status":"scheduled","room_id":"rom_1","service_id":"svc_1","location_id":"loc_1","resource_ids":["res_1"]}''::appointment'
SELECT appointment_occupancy(:a, '{room_id,service_id,resource_ids}', '{}', a ->> 'location_id') FROM (SELECT :a AS a) x;
SELECT appointment_occupancy(:a, '{}', NULL, NULL), appointment_occupancy(:a, '{room_id}', '{cancelled,scheduled}', NULL);
\set VERBOSITY terse
SELECT appointment_occupancy(:a, '{room}', '{}', NULL);
SELECT appointment_occupancy(:a, '{starts_at}', '{}', NULL);
SELECT appointment_occupancy(:a, ARRAY[NULL], '{}', NULL);
SELECT appointment_occupancy(:a, NULL, '{}', NULL);

-- a column of appointments, protected
CREATE TABLE booked (appt appointment, CONSTRAINT booked_no_overlap EXCLUDE USING gist (appointment_occupancy(appt) WITH &&));
INSERT INTO booked VALUES (:a);
INSERT INTO booked VALUES (:a);
INSERT INTO booked VALUES (appointment_set(:a, 'status', '"cancelled"'));
INSERT INTO booked VALUES (appointment_set(:a, 'ends_at', '"2024-01-01T10:00:00Z"'));
SELECT count(*) FROM booked;
DROP TABLE booked;
