noinst_LIBRARIES += bgpd/core/libcore.a
bgpd_core_libcore_a_SOURCES =
