# libfwd.a is pure (fibmsg, LFIB, plan, packet pipeline, netlink octets); libfwdsys.a is the shell.
noinst_LIBRARIES += mplsfwd/libfwd.a mplsfwd/libfwdsys.a
mplsfwd_libfwd_a_SOURCES = mplsfwd/fibmsg.h
mplsfwd_libfwdsys_a_SOURCES = mplsfwd/daemon.h mplsfwd/probe.h
mplsfwd_libfwdsys_a_CFLAGS = $(AM_CFLAGS) $(NL_CFLAGS) $(EVENT_CFLAGS) $(CAPNG_CFLAGS)
