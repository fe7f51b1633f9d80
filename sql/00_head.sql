/* appointment: put together by make from the parts in sql, by their numbers */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION appointment" to load this file. \quit
