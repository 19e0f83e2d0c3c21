noinst_LIBRARIES += bgpd/rib/librib.a
bgpd_rib_librib_a_SOURCES =
