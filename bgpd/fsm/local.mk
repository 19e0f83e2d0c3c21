noinst_LIBRARIES += bgpd/fsm/libfsm.a
bgpd_fsm_libfsm_a_SOURCES = \
	bgpd/fsm/backoff.c bgpd/fsm/backoff.h \
	bgpd/fsm/conn.c bgpd/fsm/conn.h \
	bgpd/fsm/nego.c bgpd/fsm/nego.h \
	bgpd/fsm/peer.c bgpd/fsm/peer.h

unit_tests += tests/unit/fsm_test
tests_unit_fsm_test_SOURCES = \
	tests/unit/fsm/bench.c tests/unit/fsm/bench.h \
	tests/unit/fsm/collision.c \
	tests/unit/fsm/nego.c tests/unit/fsm/restart.c tests/unit/fsm/table.c tests/unit/fsm/timers.c
tests_unit_fsm_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_fsm_test_LDADD = bgpd/fsm/libfsm.a bgpd/wire/libwire.a lib/libbase.a $(CRITERION_LIBS)
