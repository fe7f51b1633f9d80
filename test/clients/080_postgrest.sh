#!/bin/bash
#
# What PostgREST does with a request: roles, claims, row-level security, rows
# and calls as JSON, and the error that a client sees

. test/clients/lib.sh

need "Python with psycopg2" /usr/bin/python3 -c 'import psycopg2'
make_tables

roles="clients_authenticator, clients_anon, clients_user, clients_clerk"
trap 'psql -X -q -c "DROP OWNED BY $roles CASCADE" -c "DROP ROLE $roles" >/dev/null 2>&1; tap_stop_servers' EXIT
psql -X -q -v ON_ERROR_STOP=1 -f test/clients/postgrest.sql || done_testing
/usr/bin/python3 test/clients/postgrest.py
