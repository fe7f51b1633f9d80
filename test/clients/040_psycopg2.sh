#!/bin/bash
#
# Python with psycopg2

. test/clients/lib.sh

need "Python with psycopg2" /usr/bin/python3 -c 'import psycopg2'
make_tables
exec /usr/bin/python3 test/clients/py_psycopg2.py
