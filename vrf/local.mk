noinst_LIBRARIES += vrf/libvrf.a
vrf_libvrf_a_SOURCES = vrf/export.h vrf/import.h vrf/isolate.h vrf/labelpool.h vrf/rtindex.h vrf/rtset.h vrf/vrf.h
