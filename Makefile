# appointment: a PostgreSQL extension (PGXS)
#
#   make && make install      build and install for the server of PG_CONFIG
#   make demo | test | bench  a private server, see README.md

EXTENSION = appointment
MODULE_big = appointment
DATA = sql/appointment--1.0.sql
PGFILEDESC = "appointment - appointments as values"

OBJS = \
	src/module.o

REGRESS = install
REGRESS_OPTS = --inputdir=$(srcdir)/test --expecteddir=$(srcdir) --load-extension=appointment

PKG_CONFIG ?= pkg-config
JSONC_CPPFLAGS := $(shell $(PKG_CONFIG) --cflags json-c)
JSONC_LIBS := $(shell $(PKG_CONFIG) --libs json-c || echo -ljson-c)

PG_CPPFLAGS = -I$(srcdir)/src $(JSONC_CPPFLAGS)
PG_CFLAGS = -fvisibility=hidden
SHLIB_LINK = $(JSONC_LIBS)

# Only what needs the server's build system includes it: "make demo" on a
# machine without PostgreSQL has to bring PostgreSQL first.
PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)
