noinst_LIBRARIES += bgpd/bmp/libbmp.a
bgpd_bmp_libbmp_a_SOURCES = bgpd/bmp/msg.c bgpd/bmp/msg.h
