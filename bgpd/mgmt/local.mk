# Operators' questions, answered with JSON. Reads the router's state and nothing else.
noinst_LIBRARIES += bgpd/mgmt/libmgmt.a
bgpd_mgmt_libmgmt_a_SOURCES = \
	bgpd/mgmt/handle.c bgpd/mgmt/handle.h \
	bgpd/mgmt/json.c \
	bgpd/mgmt/memory.c \
	bgpd/mgmt/show.h \
	bgpd/mgmt/show_mpls.c bgpd/mgmt/show_peer.c bgpd/mgmt/show_rib.c bgpd/mgmt/show_vrf.c
bgpd_mgmt_libmgmt_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
