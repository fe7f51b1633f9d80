#!/bin/bash
#
# Python with psycopg 3

. test/clients/lib.sh

need "Python with psycopg 3" /usr/bin/python3 -c 'import psycopg'
make_tables
exec /usr/bin/python3 test/clients/py_psycopg3.py
