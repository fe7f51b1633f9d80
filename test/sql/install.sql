-- The extension is there, and an ordinary user may create it.
SELECT extname, extversion, extrelocatable FROM pg_extension WHERE extname = 'appointment';
