# Depends on nothing. libbase.a is pure; liblog.a writes and is for shells only.
noinst_LIBRARIES += lib/libbase.a lib/liblog.a
lib_libbase_a_SOURCES = \
	lib/arena.c lib/arena.h \
	lib/base64.c lib/base64.h \
	lib/chain.c lib/chain.h \
	lib/check.c lib/check.h \
	lib/hash.c lib/hash.h \
	lib/logform.c lib/logform.h \
	lib/lograte.c lib/lograte.h \
	lib/logring.c lib/logring.h \
	lib/logsecure.c lib/logsecure.h \
	lib/pool.c lib/pool.h \
	lib/prefix.c lib/prefix.h \
	lib/rbuf.h lib/wbuf.h \
	lib/sha256.c lib/sha256.h \
	lib/text.c lib/text.h \
	lib/timerq.c lib/timerq.h
lib_libbase_a_CFLAGS = $(AM_CFLAGS) $(XXHASH_CFLAGS)
lib_liblog_a_SOURCES = lib/complaint.c lib/complaint.h lib/log.c lib/log.h

unit_tests = tests/unit/lib_test
check_scripts += tests/unit/lib/events.py
EXTRA_DIST += tests/unit/lib/events.py
tests_unit_lib_test_SOURCES = \
	tests/unit/lib/base64.c \
	tests/unit/lib/chain.c \
	tests/unit/lib/cursor.c \
	tests/unit/lib/logform.c \
	tests/unit/lib/lograte.c \
	tests/unit/lib/logring.c \
	tests/unit/lib/memory.c \
	tests/unit/lib/prefix.c \
	tests/unit/lib/sha256.c \
	tests/unit/lib/text.c \
	tests/unit/lib/timerq.c
tests_unit_lib_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_lib_test_LDADD = lib/libbase.a $(CRITERION_LIBS)
