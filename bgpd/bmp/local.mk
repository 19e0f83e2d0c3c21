noinst_LIBRARIES += bgpd/bmp/libbmp.a
bgpd_bmp_libbmp_a_SOURCES = bgpd/bmp/msg.c bgpd/bmp/msg.h

unit_tests += tests/unit/bmp_test
tests_unit_bmp_test_SOURCES = tests/unit/bmp/msg.c
tests_unit_bmp_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_bmp_test_LDADD = bgpd/bmp/libbmp.a bgpd/wire/libwire.a lib/libbase.a $(XXHASH_LIBS) $(CRITERION_LIBS)
