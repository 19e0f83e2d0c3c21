noinst_LIBRARIES += bgpd/fsm/libfsm.a
bgpd_fsm_libfsm_a_SOURCES =
