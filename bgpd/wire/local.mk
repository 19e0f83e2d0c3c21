noinst_LIBRARIES += bgpd/wire/libwire.a
bgpd_wire_libwire_a_SOURCES =
