noinst_LIBRARIES += bgpd/rib/librib.a
bgpd_rib_librib_a_SOURCES = \
	bgpd/rib/attrset.h bgpd/rib/best.h bgpd/rib/change.h bgpd/rib/memo.h bgpd/rib/nexthop.h \
	bgpd/rib/slab.h bgpd/rib/source.h bgpd/rib/store.h bgpd/rib/table.h
