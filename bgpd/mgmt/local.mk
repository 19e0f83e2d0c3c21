noinst_LIBRARIES += bgpd/mgmt/libmgmt.a
bgpd_mgmt_libmgmt_a_SOURCES = bgpd/mgmt/handle.h
