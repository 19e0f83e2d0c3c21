noinst_LIBRARIES += bgpd/policy/libpolicy.a
bgpd_policy_libpolicy_a_SOURCES = \
	bgpd/policy/edit.c bgpd/policy/edit.h bgpd/policy/program.c bgpd/policy/program.h bgpd/policy/reject.c bgpd/policy/reject.h \
	bgpd/policy/set.c bgpd/policy/set.h bgpd/policy/term.c bgpd/policy/term.h bgpd/policy/validity.h \
	bgpd/policy/export.c bgpd/policy/export.h \
	bgpd/policy/guard.c bgpd/policy/guard.h \
	bgpd/policy/hygiene.c bgpd/policy/hygiene.h \
	bgpd/policy/lists.c bgpd/policy/lists.h \
	bgpd/policy/pattern.c bgpd/policy/pattern.h \
	bgpd/policy/rewrite.c bgpd/policy/rewrite.h \
	bgpd/policy/role.c bgpd/policy/role.h \
	bgpd/policy/selective.c bgpd/policy/selective.h \
	bgpd/policy/steering.c bgpd/policy/steering.h

unit_tests += tests/unit/policy_test
tests_unit_policy_test_SOURCES = tests/unit/policy/export.c tests/unit/policy/guard.c tests/unit/policy/hygiene.c tests/unit/policy/pattern.c tests/unit/policy/program.c tests/unit/policy/set.c \
	tests/unit/policy/role.c tests/unit/policy/selective.c tests/support/route.h
tests_unit_policy_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_policy_test_LDADD = bgpd/policy/libpolicy.a bgpd/rib/librib.a bgpd/wire/libwire.a \
	lib/libbase.a $(CRITERION_LIBS)
