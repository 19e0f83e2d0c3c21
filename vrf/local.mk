noinst_LIBRARIES += vrf/libvrf.a
vrf_libvrf_a_SOURCES =
