noinst_LIBRARIES += bgpd/rib/librib.a
bgpd_rib_librib_a_SOURCES = \
	bgpd/rib/attrset.c bgpd/rib/attrset.h \
	bgpd/rib/best.c bgpd/rib/best.h \
	bgpd/rib/change.c bgpd/rib/change.h \
	bgpd/rib/memo.c bgpd/rib/memo.h \
	bgpd/rib/nexthop.c bgpd/rib/nexthop.h \
	bgpd/rib/slab.c bgpd/rib/slab.h \
	bgpd/rib/source.c bgpd/rib/source.h \
	bgpd/rib/store.c bgpd/rib/store.h \
	bgpd/rib/table.c bgpd/rib/table.h
