#!/bin/bash
#
# PgBouncer in transaction mode: what belongs to a transaction stays there

. test/clients/lib.sh

# Debian's is where only root looks.
PATH+=:/usr/sbin
need "PgBouncer" type -P pgbouncer
need "Python with psycopg 2 and 3" /usr/bin/python3 -c 'import psycopg, psycopg2'
make_tables

cat >"$SCRATCH/pgbouncer.ini" <<END
[databases]
one = host=$PGHOST port=$PGPORT user=$PGUSER dbname=$PGDATABASE pool_size=1
four = host=$PGHOST port=$PGPORT user=$PGUSER dbname=$PGDATABASE pool_size=4
[pgbouncer]
pool_mode = transaction
listen_addr =
listen_port = 65433
unix_socket_dir = $SCRATCH
auth_type = any
admin_users = $PGUSER
max_client_conn = 100
ignore_startup_parameters = extra_float_digits
END

# Not as a daemon: it ends with the test, however that ends.
pgbouncer "$SCRATCH/pgbouncer.ini" >"$SCRATCH/pgbouncer.log" 2>&1 </dev/null &
bouncer=$!
trap 'kill "$bouncer" 2>/dev/null; wait "$bouncer"; tap_stop_servers' EXIT
for _ in $(seq 100); do
	[ ! -e "$SCRATCH/.s.PGSQL.65433" ] || break
	sleep 0.1
done

BOUNCER=$SCRATCH /usr/bin/python3 test/clients/pgbouncer.py
