# libfwd.a is pure (fibmsg, LFIB, plan, packet pipeline, netlink octets); libfwdsys.a is the shell.
noinst_LIBRARIES += mplsfwd/libfwd.a mplsfwd/libfwdsys.a
mplsfwd_libfwdsys_a_SOURCES = \
	mplsfwd/apisock.c mplsfwd/apisock.h \
	mplsfwd/be_nl.c mplsfwd/be_nl.h \
	mplsfwd/child.c mplsfwd/child.h \
	mplsfwd/ctl.c mplsfwd/ctl.h \
	mplsfwd/daemon.c mplsfwd/daemon.h \
	mplsfwd/edge.c mplsfwd/edge.h mplsfwd/edgestate.h \
	mplsfwd/edgedrop.c \
	mplsfwd/edgeother.c \
	mplsfwd/edgesource.c \
	mplsfwd/edgesys.c \
	mplsfwd/enforce.c mplsfwd/enforce.h \
	mplsfwd/fwd.h \
	mplsfwd/guard.c mplsfwd/guard.h \
	mplsfwd/leftover.c mplsfwd/leftover.h \
	mplsfwd/listen.c mplsfwd/listen.h \
	mplsfwd/md5.c mplsfwd/md5.h \
	mplsfwd/nlwatch.c mplsfwd/nlwatch.h \
	mplsfwd/nofib.c \
	mplsfwd/notify.c mplsfwd/notify.h \
	mplsfwd/portdev.c mplsfwd/portdev.h \
	mplsfwd/probe.c mplsfwd/probe.h \
	mplsfwd/react.c \
	mplsfwd/reload.c mplsfwd/reload.h \
	mplsfwd/rollback.c mplsfwd/rollback.h \
	mplsfwd/request.c \
	mplsfwd/rules.c mplsfwd/rules.h \
	mplsfwd/rundir.c mplsfwd/rundir.h \
	mplsfwd/said.c mplsfwd/said.h \
	mplsfwd/seclog.c mplsfwd/seclog.h \
	mplsfwd/server.c mplsfwd/server.h \
	mplsfwd/sock.c mplsfwd/sock.h \
	mplsfwd/sockaddr.c mplsfwd/sockaddr.h \
	mplsfwd/stats.c mplsfwd/stats.h \
	mplsfwd/sysctl.c mplsfwd/sysctl.h \
	mplsfwd/track.c mplsfwd/track.h \
	mplsfwd/vrfdev.c mplsfwd/vrfdev.h
mplsfwd_libfwdsys_a_CFLAGS = $(AM_CFLAGS) $(NL_CFLAGS) $(EVENT_CFLAGS) $(CAPNG_CFLAGS)

# The pure half.
mplsfwd_libfwd_a_SOURCES = \
	mplsfwd/be_rec.c mplsfwd/be_rec.h \
	mplsfwd/confirm.c mplsfwd/confirm.h \
	mplsfwd/devices.c \
	mplsfwd/dirty.c mplsfwd/dirty.h \
	mplsfwd/edgeplan.c mplsfwd/edgeplan.h \
	mplsfwd/fibmsg.c mplsfwd/fibmsg.h \
	mplsfwd/lfib.c mplsfwd/lfib.h \
	mplsfwd/nlread.c \
	mplsfwd/nlroute.c mplsfwd/nlroute.h \
	mplsfwd/packet.c mplsfwd/packet.h \
	mplsfwd/pipeline.c mplsfwd/pipeline.h \
	mplsfwd/plan.c mplsfwd/plan.h \
	mplsfwd/resolve.c mplsfwd/resolve.h \
	mplsfwd/table.c mplsfwd/table.h

unit_tests += tests/unit/mplsfwd_test
tests_unit_mplsfwd_test_SOURCES = \
	tests/unit/mplsfwd/confirm.c \
	tests/unit/mplsfwd/edgeplan.c \
	tests/unit/mplsfwd/fibmsg.c \
	tests/unit/mplsfwd/fixture.c tests/unit/mplsfwd/fixture.h \
	tests/unit/mplsfwd/nlroute.c \
	tests/unit/mplsfwd/pipeline.c \
	tests/unit/mplsfwd/plan.c \
	tests/unit/mplsfwd/table.c
tests_unit_mplsfwd_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_mplsfwd_test_LDADD = mplsfwd/libfwd.a acl/libacl.a lib/libbase.a $(CRITERION_LIBS)

noinst_PROGRAMS += tests/bench/fwd_plan
tests_bench_fwd_plan_SOURCES = tests/bench/fwd_plan.c
tests_bench_fwd_plan_LDADD = mplsfwd/libfwd.a acl/libacl.a lib/libbase.a

# mplsfwd under a stand-in for bgpd, for tests/kernel.
check_PROGRAMS += tests/kernel/fwd_drive
tests_kernel_fwd_drive_SOURCES = tests/kernel/fwd_drive.c
tests_kernel_fwd_drive_LDADD = mplsfwd/libfwdsys.a mplsfwd/libfwd.a conf/libconf.a bgpd/policy/libpolicy.a \
	vrf/libvrf.a bgpd/rib/librib.a acl/libaclsys.a acl/libacl.a bgpd/wire/libwire.a lib/liblog.a lib/libbase.a \
	$(BPF_LIBS) $(NL_LIBS) $(EVENT_LIBS) $(CAPNG_LIBS) $(FYAML_LIBS) $(XXHASH_LIBS)
EXTRA_DIST += tests/kernel/customer.py tests/kernel/customer.sh tests/kernel/edge.sh tests/kernel/edge_guard.sh tests/kernel/follow.sh tests/kernel/links.sh tests/kernel/packets.sh tests/kernel/flood.sh tests/kernel/flood_control.sh tests/kernel/flood_phases.sh tests/kernel/guard.sh tests/kernel/labelled.py tests/kernel/net.sh tests/kernel/pe.sh tests/kernel/run \
	tests/kernel/hiding.py tests/kernel/hiding.sh tests/kernel/hostile.sh tests/kernel/reload.sh tests/kernel/restart.sh tests/kernel/notify.py tests/kernel/service.sh tests/kernel/sockets.sh tests/kernel/uml-init tests/kernel/uml-run
check_PROGRAMS += tests/kernel/tcp_try
tests_kernel_tcp_try_SOURCES = tests/kernel/tcp_try.c
tests_kernel_tcp_try_LDADD = mplsfwd/libfwdsys.a lib/libbase.a $(XXHASH_LIBS)

unit_tests += tests/unit/fwdsys_test
tests_unit_fwdsys_test_SOURCES = tests/unit/mplsfwd/notify.c tests/unit/mplsfwd/server.c tests/unit/mplsfwd/stats.c
tests_unit_fwdsys_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS) $(EVENT_CFLAGS)
tests_unit_fwdsys_test_LDADD = mplsfwd/libfwdsys.a mplsfwd/libfwd.a lib/liblog.a lib/libbase.a \
	$(NL_LIBS) $(EVENT_LIBS) $(CRITERION_LIBS)
