noinst_LIBRARIES += bgpd/policy/libpolicy.a
bgpd_policy_libpolicy_a_SOURCES = \
	bgpd/policy/export.c bgpd/policy/export.h \
	bgpd/policy/guard.c bgpd/policy/guard.h
