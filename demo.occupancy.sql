-- ---------------------------------------------------------------------
-- No double booking
-- ---------------------------------------------------------------------
--
-- One constraint protects every resource, whichever column it comes from.
-- The guard refuses before anything is written, and says what is in the way.

CREATE TABLE visits (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patient     text,
    doctor_id   text,
    room_id     text,
    also_needed text[],
    starts_at   timestamptz,
    ends_at     timestamptz,
    status      text,
    closed      boolean DEFAULT false,
    CONSTRAINT visits_no_overlap EXCLUDE USING gist (
        (CASE WHEN closed THEN occupancy_all(starts_at, ends_at)
              ELSE occupancy(starts_at, ends_at, also_needed || doctor_id || room_id) END) WITH &&)
    WHERE (status IS DISTINCT FROM 'cancelled')
);
CREATE TRIGGER zz_guard BEFORE INSERT OR UPDATE ON visits
    FOR EACH ROW EXECUTE FUNCTION occupancy_guard('visits_no_overlap');

INSERT INTO visits (patient, doctor_id, room_id, also_needed, starts_at, ends_at)
VALUES ('Ada', 'dr_grey', 'rom_1', '{van_7}', '2024-05-06 10:00Z', '2024-05-06 11:00Z');

-- Another doctor, another room, but the same vehicle: refused.

\set ON_ERROR_STOP off
INSERT INTO visits (patient, doctor_id, room_id, also_needed, starts_at, ends_at)
VALUES ('Ben', 'dr_house', 'rom_2', '{van_7}', '2024-05-06 10:30Z', '2024-05-06 11:30Z');
\set ON_ERROR_STOP on

-- Back to back is no conflict.

INSERT INTO visits (patient, doctor_id, room_id, also_needed, starts_at, ends_at)
VALUES ('Ben', 'dr_house', 'rom_2', '{van_7}', '2024-05-06 11:00Z', '2024-05-06 12:00Z');

-- A cancelled slot can be taken again.

UPDATE visits SET status = 'cancelled' WHERE patient = 'Ada';
INSERT INTO visits (patient, doctor_id, room_id, also_needed, starts_at, ends_at)
VALUES ('Cleo', 'dr_grey', 'rom_1', '{van_7}', '2024-05-06 10:00Z', '2024-05-06 11:00Z');

-- And the cancelled one cannot come back.

\set ON_ERROR_STOP off
UPDATE visits SET status = 'scheduled' WHERE patient = 'Ada';
\set ON_ERROR_STOP on

-- A closing day holds everything that there is.

INSERT INTO visits (starts_at, ends_at, closed) VALUES ('2024-05-09 00:00Z', '2024-05-10 00:00Z', true);
\set ON_ERROR_STOP off
INSERT INTO visits (patient, doctor_id, starts_at, ends_at) VALUES ('Dan', 'dr_who', '2024-05-09 09:00Z', '2024-05-09 09:30Z');
\set ON_ERROR_STOP on

-- What happens on Monday, by the constraint's index.

SELECT id, patient, doctor_id, room_id, also_needed, starts_at, ends_at FROM visits
WHERE CASE WHEN closed THEN occupancy_all(starts_at, ends_at)
           ELSE occupancy(starts_at, ends_at, also_needed || doctor_id || room_id) END
      && occupancy_all('2024-05-06 00:00Z', '2024-05-07 00:00Z')
  AND status IS DISTINCT FROM 'cancelled'
ORDER BY starts_at;
