noinst_LIBRARIES += bgpd/out/libout.a
bgpd_out_libout_a_SOURCES = \
	bgpd/out/block.c bgpd/out/block.h \
	bgpd/out/group.c bgpd/out/group.h \
	bgpd/out/member.c bgpd/out/member.h \
	bgpd/out/pack.c bgpd/out/pack.h \
	bgpd/out/view.c bgpd/out/view.h
