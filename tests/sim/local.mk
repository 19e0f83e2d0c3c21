# N whole routers in one process, with virtual wires and a virtual clock.
check_PROGRAMS += tests/sim/sim_test
check_scripts += tests/sim/sim_test
tests_sim_world = \
	tests/sim/kernel.c tests/sim/l3vpn.c tests/sim/l3vpn.h tests/sim/packets.c tests/sim/packets.h \
	tests/sim/sim.h tests/sim/tcp.c tests/sim/world.c
tests_sim_libs = \
	bgpd/core/libcore.a bgpd/rpki/librpki.a bgpd/bmp/libbmp.a conf/libconf.a vrf/libvrf.a bgpd/out/libout.a bgpd/policy/libpolicy.a \
	bgpd/rib/librib.a bgpd/fsm/libfsm.a bgpd/wire/libwire.a mplsfwd/libfwd.a acl/libacl.a lib/libbase.a \
	$(FYAML_LIBS) $(XXHASH_LIBS)
tests_sim_sim_test_SOURCES = tests/sim/main.c $(tests_sim_world)
tests_sim_sim_test_LDADD = $(tests_sim_libs)

# The isolation property, through a whole router whose neighbours are played in octets.
check_PROGRAMS += tests/sim/isolation_test
check_scripts += tests/sim/isolation_test
tests_sim_isolation_test_SOURCES = tests/support/bare.c tests/support/bare.h tests/sim/isolation.c
tests_sim_isolation_test_LDADD = $(tests_sim_libs)

# Random reloads: a router that took them, and one that was started so, hold the same.
check_PROGRAMS += tests/sim/reload_test
check_scripts += tests/sim/reload_test
tests_sim_reload_test_SOURCES = tests/support/bare.c tests/support/bare.h tests/sim/reload.c
tests_sim_reload_test_LDADD = $(tests_sim_libs)

# Every neighbour says anything at all.
check_PROGRAMS += tests/sim/storm_test
check_scripts += tests/sim/storm_test
tests_sim_storm_test_SOURCES = tests/support/bare.c tests/support/bare.h tests/support/vectors.c \
	tests/support/vectors.h lab/attacks/vector.c lab/attacks/vector.h tests/support/bmp_reader.c tests/support/bmp_reader.h \
	tests/sim/storm.c
tests_sim_storm_test_LDADD = $(tests_sim_libs)

# Whole routers against a naive reference: what everybody holds is what it says.
check_PROGRAMS += tests/sim/reference_test
check_scripts += tests/sim/reference_test
tests_sim_reference_test_SOURCES = tests/sim/reference.c tests/sim/refmake.c tests/sim/refnet.c \
	tests/sim/refnet.h tests/support/refrouter.c \
	tests/support/refrouter.h
tests_sim_reference_test_LDADD = $(tests_sim_libs)
