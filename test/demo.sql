-- appointment: appointments as values of the database
-- ---------------------------------------------------
--
-- Any user who may create in a database may create the extension.

CREATE EXTENSION appointment;

SELECT extname, extversion FROM pg_extension WHERE extname = 'appointment';
