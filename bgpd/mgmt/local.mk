# Operators' questions, answered with JSON. Reads the router's state and nothing else.
noinst_LIBRARIES += bgpd/mgmt/libmgmt.a
bgpd_mgmt_libmgmt_a_SOURCES = \
	bgpd/mgmt/bgplgd.c \
	bgpd/mgmt/events.c bgpd/mgmt/events.h \
	bgpd/mgmt/explain.h bgpd/mgmt/explain_import.c bgpd/mgmt/explain_lost.c bgpd/mgmt/explain_told.c \
	bgpd/mgmt/handle.c bgpd/mgmt/handle.h \
	bgpd/mgmt/json.c \
	bgpd/mgmt/live.c bgpd/mgmt/live.h \
	bgpd/mgmt/logfmt.c bgpd/mgmt/logfmt.h \
	bgpd/mgmt/memory.c \
	bgpd/mgmt/mrt.c \
	bgpd/mgmt/page.c bgpd/mgmt/page.h \
	bgpd/mgmt/place.h \
	bgpd/mgmt/metrics.c bgpd/mgmt/metrics.h bgpd/mgmt/metrics_bgp.c bgpd/mgmt/metrics_guard.c bgpd/mgmt/metrics_remote.c bgpd/mgmt/metrics_vrf.c \
	bgpd/mgmt/act.c bgpd/mgmt/act.h \
	bgpd/mgmt/query.c bgpd/mgmt/query.h \
	bgpd/mgmt/order.c bgpd/mgmt/order.h \
	bgpd/mgmt/rejected.c \
	bgpd/mgmt/reload.c bgpd/mgmt/reload.h \
	bgpd/mgmt/show.h \
	bgpd/mgmt/show_bmp.c bgpd/mgmt/show_capa.c bgpd/mgmt/show_config.c bgpd/mgmt/show_explain.c bgpd/mgmt/show_guard.c bgpd/mgmt/show_mpls.c bgpd/mgmt/show_peer.c bgpd/mgmt/show_rib.c bgpd/mgmt/show_adj.c \
	bgpd/mgmt/show_rpki.c bgpd/mgmt/show_rules.c bgpd/mgmt/show_vrf.c \
	bgpd/mgmt/stream.c bgpd/mgmt/stream.h \
	bgpd/mgmt/updates.c bgpd/mgmt/updates.h \
	bgpd/mgmt/vitals.h
bgpd_mgmt_libmgmt_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)

# The page that a browser is given, as C.
page_files = bgpd/page/index.html bgpd/page/style.css bgpd/page/icon.svg \
	bgpd/page/api.js bgpd/page/app.js bgpd/page/drops.js bgpd/page/element.js bgpd/page/events.js bgpd/page/guard.js bgpd/page/overview.js \
	bgpd/page/route.js bgpd/page/routes.js bgpd/page/sessions.js bgpd/page/table.js bgpd/page/topology.js bgpd/page/vrfs.js docs/openapi.json
EXTRA_DIST += bgpd/page/embed $(page_files)
nodist_bgpd_mgmt_libmgmt_a_SOURCES = bgpd/mgmt/page_files.c
CLEANFILES += bgpd/mgmt/page_files.c
bgpd/mgmt/page_files.c: bgpd/page/embed $(page_files)
	$(AM_V_GEN)$(MKDIR_P) bgpd/mgmt && src=`cd $(srcdir) && pwd` && out=`pwd`/$@ && cd $(srcdir) && sh $$src/bgpd/page/embed $(page_files) >$$out.new && mv $$out.new $$out

unit_tests += tests/unit/mgmt_test
tests_unit_mgmt_test_SOURCES = tests/support/bare.c tests/support/bare.h tests/support/route.h tests/unit/mgmt/act.c tests/unit/mgmt/bgplgd.c tests/unit/mgmt/events.c tests/unit/mgmt/explain.c tests/unit/mgmt/handle.c tests/unit/mgmt/metrics.c tests/unit/mgmt/mrt.c tests/unit/mgmt/order.c tests/unit/mgmt/page.c tests/unit/mgmt/router.c tests/unit/mgmt/router.h tests/unit/mgmt/updates.c
tests_unit_mgmt_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_mgmt_test_LDADD = bgpd/mgmt/libmgmt.a bgpd/mrt/libmrt.a bgpd/core/libcore.a bgpd/rpki/librpki.a bgpd/bmp/libbmp.a bgpd/fsm/libfsm.a conf/libconf.a \
	vrf/libvrf.a bgpd/out/libout.a bgpd/policy/libpolicy.a bgpd/rib/librib.a bgpd/wire/libwire.a \
	mplsfwd/libfwd.a acl/libacl.a lib/libbase.a $(FYAML_LIBS) $(XXHASH_LIBS) $(JANSSON_LIBS) $(CRITERION_LIBS)
EXTRA_DIST += tests/unit/mgmt/golden

# The document of the API against the tables and the golden answers.
check_scripts += tests/unit/mgmt/document.py
EXTRA_DIST += tests/unit/mgmt/document.py docs/openapi.json

# The page in a browser, before a whole router: tests/page/run BUILDDIR.
EXTRA_DIST += tests/page/run tests/page/main.py tests/page/guest.py tests/page/guest.sh
