#!/bin/bash
#
# Python with SQLAlchemy

. test/clients/lib.sh

need "Python with SQLAlchemy" /usr/bin/python3 -c 'import psycopg2, sqlalchemy'
make_tables
exec /usr/bin/python3 test/clients/py_sqlalchemy.py
