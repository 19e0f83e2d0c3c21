noinst_LIBRARIES += bgpd/rpki/librpki.a
bgpd_rpki_librpki_a_SOURCES = \
	bgpd/rpki/aspa.c bgpd/rpki/aspa.h \
	bgpd/rpki/cache.c bgpd/rpki/cache.h bgpd/rpki/pdu.c bgpd/rpki/pdu.h \
	bgpd/rpki/roa.c bgpd/rpki/roa.h

unit_tests += tests/unit/rpki_test
tests_unit_rpki_test_SOURCES = tests/unit/rpki/aspa.c tests/unit/rpki/cache.c tests/unit/rpki/pdu.c tests/unit/rpki/roa.c tests/unit/rpki/say.h
tests_unit_rpki_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_rpki_test_LDADD = bgpd/rpki/librpki.a bgpd/wire/libwire.a lib/libbase.a $(XXHASH_LIBS) $(CRITERION_LIBS)
