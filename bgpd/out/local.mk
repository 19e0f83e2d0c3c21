noinst_LIBRARIES += bgpd/out/libout.a
bgpd_out_libout_a_SOURCES = bgpd/out/block.c bgpd/out/block.h
