# The shell of bgpd: the only room here that sees libevent, sockets and the clock.
noinst_LIBRARIES += bgpd/io/libio.a
bgpd_io_libio_a_SOURCES = \
	bgpd/io/accept.c bgpd/io/accept.h \
	bgpd/io/answer.c bgpd/io/answer.h \
	bgpd/io/api.c bgpd/io/api.h \
	bgpd/io/apiconns.c bgpd/io/apiconns.h \
	bgpd/io/apitls.c bgpd/io/apitls.h \
	bgpd/io/clock.c bgpd/io/clock.h \
	bgpd/io/confs.c bgpd/io/confs.h \
	bgpd/io/conn.c bgpd/io/conn.h \
	bgpd/io/fibclient.c bgpd/io/fibclient.h \
	bgpd/io/links.c bgpd/io/links.h \
	bgpd/io/loop.c bgpd/io/loop.h \
	bgpd/io/pace.c bgpd/io/pace.h \
	bgpd/io/priv.c bgpd/io/priv.h \
	bgpd/io/record.c bgpd/io/record.h \
	bgpd/io/remote.c bgpd/io/remote.h \
	bgpd/io/roles.c bgpd/io/roles.h \
	bgpd/io/said.c bgpd/io/said.h \
	bgpd/io/sendq.c bgpd/io/sendq.h \
	bgpd/io/sockaddr.c bgpd/io/sockaddr.h \
	bgpd/io/tls.c bgpd/io/tls.h \
	bgpd/io/vitals.c bgpd/io/vitals.h \
	bgpd/io/watch.c bgpd/io/watch.h
bgpd_io_libio_a_CFLAGS = $(AM_CFLAGS) $(EVENT_CFLAGS) $(SSL_CFLAGS) $(CAPNG_CFLAGS) $(JANSSON_CFLAGS)

unit_tests += tests/unit/io_test
tests_unit_io_test_SOURCES = tests/unit/io/turn.c tests/unit/io/turn.h \
	tests/unit/io/api.c tests/unit/io/conn.c tests/unit/io/fibclient.c tests/unit/io/links.c \
	tests/unit/io/loop.c tests/unit/io/priv.c tests/unit/io/remote.c tests/unit/io/sendq.c
tests_unit_io_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS) $(EVENT_CFLAGS) $(SSL_CFLAGS)
tests_unit_io_test_LDADD = bgpd/io/libio.a bgpd/mgmt/libmgmt.a bgpd/mrt/libmrt.a bgpd/core/libcore.a bgpd/rpki/librpki.a bgpd/bmp/libbmp.a conf/libconf.a mplsfwd/libfwd.a acl/libacl.a vrf/libvrf.a \
	bgpd/out/libout.a bgpd/policy/libpolicy.a bgpd/rib/librib.a bgpd/fsm/libfsm.a bgpd/wire/libwire.a lib/liblog.a \
	lib/libbase.a $(FYAML_LIBS) $(EVENT_LIBS) $(SSL_LIBS) $(CAPNG_LIBS) $(JANSSON_LIBS) $(XXHASH_LIBS) $(CRITERION_LIBS)
