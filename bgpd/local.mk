# ravelind: both processes in one program.
sbin_PROGRAMS += ravelind
ravelind_SOURCES = bgpd/main.c bgpd/daemon.c bgpd/daemon.h bgpd/options.c
ravelind_LDADD = mplsfwd/libfwdsys.a mplsfwd/libfwd.a conf/libconf.a bgpd/policy/libpolicy.a vrf/libvrf.a \
	bgpd/rib/librib.a acl/libacl.a bgpd/wire/libwire.a lib/liblog.a lib/libbase.a \
	$(NL_LIBS) $(EVENT_LIBS) $(CAPNG_LIBS) $(FYAML_LIBS) $(XXHASH_LIBS)
