noinst_LIBRARIES += bgpd/out/libout.a
bgpd_out_libout_a_SOURCES = \
	bgpd/out/bits.c bgpd/out/bits.h \
	bgpd/out/block.c bgpd/out/block.h \
	bgpd/out/change.c bgpd/out/change.h \
	bgpd/out/choice.c bgpd/out/choice.h \
	bgpd/out/emit.c bgpd/out/emit.h \
	bgpd/out/encode.c bgpd/out/encode.h \
	bgpd/out/filter.c bgpd/out/filter.h \
	bgpd/out/flow.c bgpd/out/flow.h \
	bgpd/out/group.c bgpd/out/group.h \
	bgpd/out/lane.c bgpd/out/lane.h \
	bgpd/out/member.c bgpd/out/member.h \
	bgpd/out/pack.c bgpd/out/pack.h \
	bgpd/out/pathlist.c bgpd/out/pathlist.h \
	bgpd/out/paths.c bgpd/out/paths.h \
	bgpd/out/regroup.c bgpd/out/regroup.h \
	bgpd/out/told.c bgpd/out/told.h \
	bgpd/out/view.c bgpd/out/view.h \
	bgpd/out/walk.c bgpd/out/walk.h

unit_tests += tests/unit/out_test
tests_unit_out_test_SOURCES = tests/unit/out/choice.c tests/unit/out/filter.c tests/unit/out/group.c tests/unit/out/pack.c tests/unit/out/view.c \
	tests/support/route.h
tests_unit_out_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_out_test_LDADD = bgpd/out/libout.a bgpd/policy/libpolicy.a bgpd/rib/librib.a \
	bgpd/wire/libwire.a lib/libbase.a $(CRITERION_LIBS)

noinst_PROGRAMS += tests/bench/out_cost
tests_bench_out_cost_SOURCES = tests/bench/out_cost.c tests/support/route.h
tests_bench_out_cost_LDADD = bgpd/out/libout.a bgpd/policy/libpolicy.a bgpd/rib/librib.a \
	bgpd/wire/libwire.a lib/libbase.a
