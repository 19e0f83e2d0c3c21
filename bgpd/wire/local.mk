noinst_LIBRARIES += bgpd/wire/libwire.a
bgpd_wire_libwire_a_SOURCES = \
	bgpd/wire/as4.c bgpd/wire/as4.h \
	bgpd/wire/aspath.c bgpd/wire/aspath.h \
	bgpd/wire/attr.c bgpd/wire/attr.h bgpd/wire/attr_table.h \
	bgpd/wire/capa.c bgpd/wire/capa.h \
	bgpd/wire/comm.c bgpd/wire/comm.h \
	bgpd/wire/ctx.h \
	bgpd/wire/family.c bgpd/wire/family.h \
	bgpd/wire/fault.c bgpd/wire/fault.h \
	bgpd/wire/mp.c \
	bgpd/wire/msg.c bgpd/wire/msg.h \
	bgpd/wire/nlri.c bgpd/wire/nlri.h \
	bgpd/wire/nlri_vpn.c bgpd/wire/nlri_vpn.h \
	bgpd/wire/notify.c bgpd/wire/notify.h \
	bgpd/wire/open.c bgpd/wire/open.h \
	bgpd/wire/rd.c bgpd/wire/rd.h \
	bgpd/wire/update.c bgpd/wire/update.h bgpd/wire/update_put.c bgpd/wire/update_put.h

unit_tests += tests/unit/wire_test
tests_unit_wire_test_SOURCES = \
	tests/support/gen.c tests/support/gen.h \
	tests/support/roundtrip.c tests/support/roundtrip.h \
	tests/support/show.c tests/support/show.h \
	lab/attacks/variant.c lab/attacks/variant.h lab/attacks/vector.c lab/attacks/vector.h tests/support/vectors.c tests/support/vectors.h \
	tests/unit/wire/fixpoint.c \
	tests/unit/wire/lists.c \
	tests/unit/wire/rd.c \
	tests/unit/wire/rfc7606.c \
	tests/unit/wire/truncate.c \
	tests/unit/wire/vectors.c
tests_unit_wire_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_wire_test_LDADD = bgpd/wire/libwire.a lib/libbase.a $(CRITERION_LIBS)

EXTRA_DIST += \
	tests/vectors/README.md \
	tests/vectors/as4.vec \
	tests/vectors/families.vec \
	tests/vectors/catalogue.vec \
	tests/vectors/frr.vec \
	tests/vectors/message.vec \
	tests/vectors/notification.vec \
	tests/vectors/open.vec \
	tests/vectors/refresh.vec \
	tests/vectors/rfc7606.vec \
	tests/vectors/update.vec
