noinst_LIBRARIES += bgpd/io/libio.a
bgpd_io_libio_a_SOURCES =
