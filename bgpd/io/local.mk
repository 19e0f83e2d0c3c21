# The shell of bgpd: the only room here that sees libevent, sockets and the clock.
noinst_LIBRARIES += bgpd/io/libio.a
bgpd_io_libio_a_SOURCES = \
	bgpd/io/accept.c bgpd/io/accept.h \
	bgpd/io/api.c bgpd/io/api.h \
	bgpd/io/clock.c bgpd/io/clock.h \
	bgpd/io/conn.c bgpd/io/conn.h \
	bgpd/io/fibclient.c bgpd/io/fibclient.h \
	bgpd/io/links.c bgpd/io/links.h \
	bgpd/io/priv.c bgpd/io/priv.h \
	bgpd/io/sockaddr.c bgpd/io/sockaddr.h \
	bgpd/io/watch.c bgpd/io/watch.h
bgpd_io_libio_a_CFLAGS = $(AM_CFLAGS) $(EVENT_CFLAGS) $(CAPNG_CFLAGS)
