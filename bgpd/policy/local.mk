noinst_LIBRARIES += bgpd/policy/libpolicy.a
bgpd_policy_libpolicy_a_SOURCES =
