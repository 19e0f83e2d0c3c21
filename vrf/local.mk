noinst_LIBRARIES += vrf/libvrf.a
vrf_libvrf_a_SOURCES = \
	vrf/export.c vrf/export.h \
	vrf/import.c vrf/import.h \
	vrf/isolate.c vrf/isolate.h \
	vrf/labelpool.c vrf/labelpool.h \
	vrf/rtindex.c vrf/rtindex.h \
	vrf/rtset.c vrf/rtset.h \
	vrf/vrf.c vrf/vrf.h
