# ravelind: both processes in one program.
sbin_PROGRAMS += ravelind
dist_man_MANS += man/ravelin-events.7 man/ravelind.8 man/ravelin-api.7
ravelind_SOURCES = bgpd/main.c bgpd/check.c bgpd/check.h bgpd/daemon.c bgpd/daemon.h bgpd/keys.c bgpd/keys.h bgpd/options.c
ravelind_LDADD = bgpd/io/libio.a bgpd/mgmt/libmgmt.a bgpd/mrt/libmrt.a bgpd/core/libcore.a bgpd/rpki/librpki.a bgpd/bmp/libbmp.a mplsfwd/libfwdsys.a mplsfwd/libfwd.a \
	conf/libconf.a vrf/libvrf.a bgpd/out/libout.a bgpd/policy/libpolicy.a bgpd/rib/librib.a bgpd/fsm/libfsm.a \
	acl/libaclsys.a acl/libacl.a bgpd/wire/libwire.a lib/liblog.a lib/libbase.a \
	$(BPF_LIBS) $(NL_LIBS) $(EVENT_LIBS) $(SSL_LIBS) $(CAPNG_LIBS) $(JANSSON_LIBS) $(FYAML_LIBS) $(XXHASH_LIBS)
