noinst_LIBRARIES += acl/libacl.a
# libacl.a is pure; the loader is for shells only.
acl_libacl_a_SOURCES = \
	acl/abi.h \
	acl/box.c acl/box.h \
	acl/describe.c acl/describe.h \
	acl/frame.c acl/frame.h \
	acl/lint.c acl/lint.h \
	acl/lpm.c acl/lpm.h \
	acl/match.c acl/match.h \
	acl/packet.c acl/packet.h \
	acl/police.c acl/police.h \
	acl/reason.c acl/reason.h \
	acl/rule.c acl/rule.h

unit_tests += tests/unit/acl_test
tests_unit_acl_test_SOURCES = \
	tests/support/acl_frames.c tests/support/acl_frames.h \
	tests/unit/acl/aces.c tests/unit/acl/aces.h \
	tests/unit/acl/describe.c \
	tests/unit/acl/lint.c \
	tests/unit/acl/ports.c \
	tests/unit/acl/random.c \
	tests/unit/acl/rules.c \
	tests/unit/acl/shots.c tests/unit/acl/shots.h \
	tests/unit/acl/steps.c \
	tests/unit/acl/tables.c
tests_unit_acl_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_acl_test_LDADD = acl/libacl.a lib/libbase.a $(CRITERION_LIBS)
