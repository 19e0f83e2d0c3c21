noinst_LIBRARIES += bgpd/out/libout.a
bgpd_out_libout_a_SOURCES = bgpd/out/block.c bgpd/out/block.h \
	bgpd/out/group.h bgpd/out/pack.h bgpd/out/view.h
