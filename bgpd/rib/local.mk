noinst_LIBRARIES += bgpd/rib/librib.a
bgpd_rib_librib_a_SOURCES = \
	bgpd/rib/attrset.c bgpd/rib/attrset.h \
	bgpd/rib/best.c bgpd/rib/best.h \
	bgpd/rib/change.c bgpd/rib/change.h \
	bgpd/rib/memo.c bgpd/rib/memo.h \
	bgpd/rib/nexthop.c bgpd/rib/nexthop.h \
	bgpd/rib/slab.c bgpd/rib/slab.h \
	bgpd/rib/slots.c bgpd/rib/slots.h \
	bgpd/rib/source.c bgpd/rib/source.h \
	bgpd/rib/stale.c bgpd/rib/stale.h \
	bgpd/rib/store.c bgpd/rib/store.h \
	bgpd/rib/table.c bgpd/rib/table.h

unit_tests += tests/unit/rib_test
tests_unit_rib_test_SOURCES = tests/unit/rib/attrset.c tests/unit/rib/best.c tests/unit/rib/slab.c tests/unit/rib/slots.c \
	tests/unit/rib/stale.c tests/unit/rib/store.c tests/unit/rib/table.c tests/support/route.h
tests_unit_rib_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_rib_test_LDADD = bgpd/rib/librib.a bgpd/wire/libwire.a lib/libbase.a $(CRITERION_LIBS)

noinst_PROGRAMS += tests/bench/rib_mem
tests_bench_rib_mem_SOURCES = tests/bench/rib_mem.c tests/support/route.h
tests_bench_rib_mem_LDADD = bgpd/rib/librib.a bgpd/wire/libwire.a lib/libbase.a

noinst_PROGRAMS += tests/bench/rib_path
tests_bench_rib_path_SOURCES = tests/bench/rib_path.c tests/support/route.h
tests_bench_rib_path_LDADD = bgpd/rib/librib.a bgpd/wire/libwire.a lib/libbase.a
