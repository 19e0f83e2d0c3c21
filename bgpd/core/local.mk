noinst_LIBRARIES += bgpd/core/libcore.a
bgpd_core_libcore_a_SOURCES = \
	bgpd/core/admin.c bgpd/core/admin.h \
	bgpd/core/blackhole.c bgpd/core/blackhole.h \
	bgpd/core/bmp.c bgpd/core/bmp.h \
	bgpd/core/bmp_locrib.c bgpd/core/bmp_locrib.h \
	bgpd/core/bmp_routes.c bgpd/core/bmp_routes.h \
	bgpd/core/bmp_send.c bgpd/core/bmp_send.h \
	bgpd/core/bmp_session.c bgpd/core/bmp_session.h \
	bgpd/core/defer.c bgpd/core/defer.h \
	bgpd/core/effect.c bgpd/core/effect.h \
	bgpd/core/event.h \
	bgpd/core/feed.c bgpd/core/feed.h \
	bgpd/core/fibin.c bgpd/core/fibin.h \
	bgpd/core/fibplan.c bgpd/core/fibplan.h \
	bgpd/core/guards.c bgpd/core/guards.h \
	bgpd/core/import.c bgpd/core/import.h \
	bgpd/core/interval.c bgpd/core/interval.h \
	bgpd/core/labels.c bgpd/core/labels.h \
	bgpd/core/limit.c bgpd/core/limit.h \
	bgpd/core/longlived.c bgpd/core/longlived.h \
	bgpd/core/nexthops.c bgpd/core/nexthops.h \
	bgpd/core/places.c bgpd/core/places.h \
	bgpd/core/policy.c bgpd/core/policy.h \
	bgpd/core/record.c bgpd/core/record.h \
	bgpd/core/reload.c bgpd/core/reload.h \
	bgpd/core/remotes.c bgpd/core/remotes.h \
	bgpd/core/retain.c bgpd/core/retain.h \
	bgpd/core/restart.c bgpd/core/restart.h \
	bgpd/core/router.c bgpd/core/router.h \
	bgpd/core/rpki.c bgpd/core/rpki.h \
	bgpd/core/rtc.c bgpd/core/rtc.h \
	bgpd/core/session.c bgpd/core/session.h \
	bgpd/core/sites.c bgpd/core/sites.h \
	bgpd/core/sources.c bgpd/core/sources.h \
	bgpd/core/state.h \
	bgpd/core/tap.h \
	bgpd/core/told.c bgpd/core/told.h \
	bgpd/core/vrfs.c bgpd/core/vrfs.h

unit_tests += tests/unit/core_test
tests_unit_core_test_SOURCES = \
	tests/support/bare.c tests/support/bare.h \
	lab/attacks/variant.c lab/attacks/variant.h lab/attacks/vector.c lab/attacks/vector.h tests/support/vectors.c tests/support/vectors.h \
	tests/unit/core/admin.c \
	tests/unit/core/again.c \
	tests/unit/core/bmp.c tests/support/bmp_reader.c tests/support/bmp_reader.h \
	tests/unit/core/catalogue.c \
	tests/unit/core/defer.c \
	tests/unit/core/guards.c \
	tests/unit/core/import.c \
	tests/unit/core/interval.c \
	tests/unit/core/limit.c \
	tests/unit/core/long.c \
	tests/unit/core/nexthops.c \
	tests/unit/core/places.c \
	tests/unit/core/policy.c \
	tests/unit/core/record.c \
	tests/unit/core/refresh.c \
	tests/unit/core/reload.c \
	tests/unit/core/reload_vrf.c \
	tests/unit/core/restart.c \
	tests/unit/core/retain.c \
	tests/unit/core/router.c \
	tests/unit/core/remotes.c tests/unit/core/rpki.c tests/unit/rpki/say.h \
	tests/unit/core/rtc.c \
	tests/unit/core/sources.c \
	tests/unit/core/told.c
tests_unit_core_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_core_test_LDADD = $(tests_sim_libs) $(CRITERION_LIBS)
