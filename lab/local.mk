# The lab runner: `ravelin lab ...`. It talks to a running router over its API like any other client.
noinst_LIBRARIES += lab/liblab.a
lab_liblab_a_SOURCES = \
	lab/lab.h lab/main.c lab/main_attack.c lab/main_attack.h lab/siege.c lab/siege.h lab/tally.c lab/tally.h \
	lab/doc.c lab/doc.h lab/plain.c lab/plain.h lab/topo.c lab/topo.h lab/scenario.c lab/scenario.h \
	lab/host.c lab/host.h lab/probe.c lab/probe.h lab/backend.c lab/backend.h lab/uml.c lab/uml.h \
	lab/report.c lab/report.h lab/result.c lab/find.c lab/find.h \
	lab/main_learn.c lab/main_learn.h lab/validate.c lab/validate.h lab/capture.c lab/capture.h lab/pcapng.c lab/pcapng.h \
	lab/graph.c lab/graph.h lab/graph_svg.c lab/graph_svg.h lab/layout.c lab/layout.h \
	lab/stay.c lab/stay.h lab/keeper.c lab/keeper.h lab/client.c lab/client.h \
	lab/channel.c lab/channel.h lab/window.c lab/window.h \
	lab/inside.c lab/inside.h lab/run.h lab/event.c lab/ns.c lab/ns.h lab/proc.c lab/proc.h \
	lab/link.c lab/link.h lab/table.c lab/table.h lab/daemon.c lab/daemon.h lab/serve.c lab/serve.h \
	lab/frr.c lab/frr.h lab/frrconf.c lab/frrconf.h lab/api.c lab/api.h lab/cond.c lab/cond.h lab/observe.c lab/observe.h \
	lab/packet.c lab/packet.h lab/watch.c lab/watch.h lab/ping.c lab/ping.h lab/failover.c lab/failover.h \
	lab/step.c lab/step.h lab/attack.c lab/attack.h lab/attack_packet.c lab/attack_rt.c
lab_liblab_a_CFLAGS = $(AM_CFLAGS) $(NL_CFLAGS) $(FYAML_CFLAGS) $(JANSSON_CFLAGS)
dist_man_MANS += man/ravelin-lab.1 man/ravelin-topology.5 man/ravelin-scenario.5

unit_tests += tests/unit/lab_test
tests_unit_lab_test_SOURCES = tests/unit/lab/golden.c tests/unit/lab/packet.c tests/unit/lab/channel.c \
	tests/unit/lab/frame.c tests/unit/lab/catalogue.c tests/unit/lab/malformed.c \
	tests/unit/lab/judge.c tests/unit/lab/protection.c tests/unit/lab/sight.c tests/unit/lab/speaker.c \
	tests/unit/lab/plain.c tests/unit/lab/pcapng.c tests/unit/lab/layout.c
tests_unit_lab_test_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_lab_test_LDADD = lab/liblab.a bgpd/wire/libwire.a lib/liblog.a lib/libbase.a $(JANSSON_LIBS) $(FYAML_LIBS) $(NL_LIBS) $(XXHASH_LIBS) $(CRYPTO_LIBS) $(CRITERION_LIBS)
if !SANITIZERS # a thousand starts of a program, to see what it says
check_scripts += tests/lab/schemas.py
endif
EXTRA_DIST += tests/unit/lab/golden tests/lab/run tests/lab/attack tests/lab/schemas.py \
	tests/lab/pair.clab.yml tests/lab/pair.scenario.yml tests/lab/pair-fails.scenario.yml \
	tests/lab/invalid.scenario.yml
