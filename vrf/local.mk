noinst_LIBRARIES += vrf/libvrf.a
vrf_libvrf_a_SOURCES = \
	vrf/export.c vrf/export.h \
	vrf/import.c vrf/import.h \
	vrf/isolate.c vrf/isolate.h \
	vrf/limit.c vrf/limit.h \
	vrf/labelpool.c vrf/labelpool.h \
	vrf/rtindex.c vrf/rtindex.h \
	vrf/rtset.c vrf/rtset.h \
	vrf/vrf.c vrf/vrf.h

unit_tests += tests/unit/vrf_test
tests_unit_vrf_test_SOURCES = tests/unit/vrf/property.c tests/unit/vrf/sets.c tests/unit/vrf/vrf.c \
	tests/support/route.h
tests_unit_vrf_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_vrf_test_LDADD = vrf/libvrf.a bgpd/rib/librib.a bgpd/wire/libwire.a lib/libbase.a \
	$(CRITERION_LIBS)
