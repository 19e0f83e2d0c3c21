# MRT records: what the router holds and hears, as octets for other programs.
noinst_LIBRARIES += bgpd/mrt/libmrt.a
bgpd_mrt_libmrt_a_SOURCES = bgpd/mrt/record.c bgpd/mrt/record.h

unit_tests += tests/unit/mrt_test
tests_unit_mrt_test_SOURCES = tests/unit/mrt/record.c
tests_unit_mrt_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_mrt_test_LDADD = bgpd/mrt/libmrt.a bgpd/wire/libwire.a lib/libbase.a $(XXHASH_LIBS) $(CRITERION_LIBS)
