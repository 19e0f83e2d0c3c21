noinst_LIBRARIES += bgpd/fsm/libfsm.a
bgpd_fsm_libfsm_a_SOURCES = \
	bgpd/fsm/backoff.c bgpd/fsm/backoff.h \
	bgpd/fsm/conn.c bgpd/fsm/conn.h \
	bgpd/fsm/nego.c bgpd/fsm/nego.h \
	bgpd/fsm/peer.c bgpd/fsm/peer.h
