# appointment: a PostgreSQL extension (PGXS)
#
#   make && make install      build and install for the server of PG_CONFIG,
#                             with the documentation
#   make installcheck         the tests against a running server
#
# These bring what is missing, PostgreSQL included, and use a private server:
#   make check                for whoever has changed a line: a build, and a few
#                             tests of everything; under a minute
#   make demo                 a tour of five minutes; FULL=yes shows all
#   make test                 all tests; 7 minutes
#   make bench                the benchmarks, as a table
#   make lint                 cppcheck, clang-tidy, shellcheck; 2 minutes
#   make fuzz TIME=600        look for inputs that break it, for so many seconds
#   make soak TIME=3600       clients and crashes, for so many seconds
#   make indent               pgindent's layout; check-indent only looks
#   make dist                 the release's files, of a tag (TAG=v1.2.3)
#
# Suites of their own, tools/test_SUITE.sh:
#   make test-all             the tests on every supported version; 25 minutes
#   make test-clients         programs of several languages; 2 minutes
#   make test-packages        builds of every kind, and Debian's; 15 minutes
#   make test-upgrade         pg_upgrade from version to version; 3 minutes
#   make test-sanitizers      the tests with ASan and UBSan; 8 minutes
#   make test-valgrind        a few tests under memcheck; 4 minutes
#   make test-fuzz            a short run, the same each time; 3 minutes
#   make test-soak            a minute of soak
#   make test-lint            make lint
#
# Times are of two cores with nothing else to do.  TESTS="name..." chooses tests
# and benchmarks, ASSERTS=yes tests with assertions, CI=true makes warnings
# errors.

# The checkout, also when make runs elsewhere (VPATH)
here := $(dir $(firstword $(MAKEFILE_LIST)))

EXTENSION = appointment
MODULE_big = appointment
# This version's script is put together from parts (below); beside it there may
# be those of earlier versions, and those that update from one to the next.
EXTVERSION := $(shell sed -n "s/^default_version = '\(.*\)'$$/\1/p" $(here)appointment.control)
DATA_built = sql/appointment--$(EXTVERSION).sql
DATA = $(filter-out $(DATA_built),$(patsubst $(srcdir)/%,%,$(wildcard $(srcdir)/sql/appointment--*.sql)))
HEADERS = src/appointment.h
PGFILEDESC = "appointment - appointments as values"

# The layers: a file calls and includes only its own layer and those before it,
# and no two files need each other (tools/check_layers.sh).  Each is a folder
# of src; what is in one is found by itself.
LAYERS = base json server record occupancy guard recurrence availability \
	member formats document lifecycle icalendar
OBJS = $(patsubst $(srcdir)/%.c,%.o,$(wildcard $(srcdir)/src/*.c \
	$(patsubst %,$(srcdir)/src/%/*.c,$(LAYERS))))

# Tests are found by themselves: test/sql/NAME.sql with expected/NAME.out, and
# test/isolation/specs/NAME.spec with test/isolation/expected/NAME.out.
# "install" comes first.  Of what a version lacks there is a test for later ones
# only:
NOT_IN_15 = busy_soft_errors occupancy_partitions occupancy_soft_errors open_hours_soft_errors rrule_soft_errors soft_errors
NOT_IN_16 = occupancy_partitions
tests = $(filter-out $(NOT_IN_$(MAJORVERSION)),$(sort $(basename $(notdir $(wildcard $(srcdir)/$(1))))))
REGRESS = install $(filter-out install,$(call tests,test/sql/*.sql))
ISOLATION = $(call tests,test/isolation/specs/*.spec)

# pg_regress looks for expected output beside the input up to 15, and has to be
# told where it is later; a directory of links (below) brings both together.
REGRESS_PREP = regress_input
EXTRA_CLEAN = regress_input
test_options = --load-extension=appointment --inputdir=$(1) \
	$(if $(filter 15,$(MAJORVERSION)),,--expecteddir=$(1))
REGRESS_OPTS = $(call test_options,regress_input)
ISOLATION_OPTS = $(call test_options,$(srcdir)/test/isolation)

# What "make check" runs
CHECKS = install caspen avon round_trip types comments validation requests \
	occupancy occupancy_constraint occupancy_guard occupancy_guard_several \
	lifecycle lifecycle_trigger change_log trigger_problems 002_meta

PKG_CONFIG ?= pkg-config
JSONC_CPPFLAGS := $(shell $(PKG_CONFIG) --cflags json-c 2>/dev/null)
JSONC_LIBS := $(shell $(PKG_CONFIG) --libs json-c 2>/dev/null || echo -ljson-c)

PG_CPPFLAGS = -I$(srcdir)/src $(JSONC_CPPFLAGS)
PG_CFLAGS = -fvisibility=hidden
SHLIB_LINK = $(JSONC_LIBS)

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)

# The scripts' own commands are relative to the checkout.
tools := $(here)tools

# These bring what they need, PostgreSQL included, so they must not need it.
SUITES := $(patsubst $(tools)/test_%.sh,test-%,$(wildcard $(tools)/test_*.sh))
RUNNERS = help check demo test bench fuzz lint soak indent check-indent dist \
	$(SUITES)

# Nor do they want PGXS, whose "check" only says that there is none.
ifeq ($(filter-out $(RUNNERS),$(or $(MAKECMDGOALS),all)),)
check:
	@TESTS="$${TESTS:-$(CHECKS)}" $(tools)/private_cluster.sh -t \
		tools/run_tests.sh
else ifneq ($(wildcard $(PGXS)),)
include $(PGXS)

# Which source includes which header is not tracked: a change of one builds all.
HEADER_SOURCES := $(wildcard $(addprefix $(srcdir)/src/,*.h *.def */*.h */*.def))
$(OBJS) $(OBJS:.o=.bc): $(HEADER_SOURCES) $(srcdir)/Makefile
ifneq ($(filter-out . ./,$(srcdir)),)
$(shell mkdir -p $(sort $(dir $(OBJS))))
endif

# The parts are numbered in the order of the folders of src: each uses only
# what stands before it.
#
# The script of a version that was released does not change any more.  To begin
# 1.1 after 1.0:
#  1. In a checkout of the tag v1.0.0, "make sql/appointment--1.0.sql"; that file
#     is kept here ("git add -f").  Then default_version becomes 1.1.
#  2. What has changed in the parts since ("git diff v1.0.0 -- sql") is written as
#     CREATE, ALTER, DROP and COMMENT into sql/appointment--1.0--1.1.sql, which
#     begins as 00_head.sql does.  Each change of a part goes with its lines there.
#  3. test/t/604_update.sh compares the catalogs of what was updated with those of
#     what was installed new.
$(DATA_built): $(sort $(wildcard $(srcdir)/sql/[0-9]*.sql))
	@$(MKDIR_P) $(@D)
	for part in $^; do cat "$$part" && echo || exit; done >$@

# The documentation goes into a directory of its own, laid out as it is here, so
# that its links lead somewhere.  (DOCS would put all files into the directory
# that extensions share, and would not find them there to uninstall them.)
ifneq ($(docdir),)
DOC_FILES := $(patsubst $(srcdir)/%,%,$(wildcard $(addprefix $(srcdir)/,*.md doc/*.md doc/images/*)))
DOC_DIRECTORY = $(DESTDIR)$(docdir)/$(docmoduledir)/$(EXTENSION)
.PHONY: install-doc uninstall-doc
install: install-doc
install-doc:
	for file in $(DOC_FILES); do \
		$(MKDIR_P) '$(DOC_DIRECTORY)'/"$$(dirname $$file)" && \
		$(INSTALL_DATA) $(srcdir)/$$file '$(DOC_DIRECTORY)'/$$file || exit; \
	done
uninstall: uninstall-doc
uninstall-doc:
	rm -rf '$(DOC_DIRECTORY)'
endif
else
$(error $(PG_CONFIG): no PostgreSQL with its server headers (PGXS) there; PG_CONFIG= chooses one)
endif

.PHONY: regress_input
regress_input:
	@$(MKDIR_P) $@
	@for each in test/sql test/lib test/data expected; do \
		ln -sfn '$(abspath $(srcdir))'/$$each $@/ || exit; \
	done

# The halves of installcheck, so that one that fails does not hide the other.
.PHONY: installcheck-regress installcheck-isolation
installcheck-regress: regress_input
	$(pg_regress_installcheck) $(REGRESS_OPTS) $(REGRESS)
installcheck-isolation:
	$(pg_isolation_regress_installcheck) $(ISOLATION_OPTS) $(ISOLATION)

print-%:
	@echo $($*)

.PHONY: $(RUNNERS)
help:
	@sed -n '3,/^$$/s/^# \{0,1\}//p' $(here)Makefile
demo:
	@FULL=$(FULL) $(tools)/private_cluster.sh tools/run_demo.sh
test:
	@$(tools)/private_cluster.sh -t tools/run_tests.sh
$(SUITES): test-%:
	@$(tools)/test_$*.sh
soak:
	@$(tools)/test_soak.sh $(TIME)
fuzz:
	@TIME=$${TIME:-600} $(tools)/test_fuzz.sh
lint: test-lint
bench:
	@$(tools)/private_cluster.sh -c shared_buffers=1GB -c work_mem=256MB \
		-c jit=off -c max_parallel_workers_per_gather=0 -c autovacuum=off \
		tools/run_bench.sh
dist:
	@$(tools)/dist.sh $(TAG)
indent:
	@$(tools)/indent.sh
check-indent:
	@$(tools)/indent.sh --check
