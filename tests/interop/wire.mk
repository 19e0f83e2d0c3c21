# The dissection test: what the codec emits, read by tshark.
check_PROGRAMS += tests/interop/emit tests/interop/emit_bmp
check_scripts += tests/interop/dissect.sh
EXTRA_DIST += tests/interop/dissect.sh
tests_interop_emit_SOURCES = tests/interop/emit.c tests/support/gen.c tests/support/gen.h tests/support/pcap.c \
	tests/support/pcap.h
tests_interop_emit_LDADD = bgpd/wire/libwire.a lib/libbase.a
tests_interop_emit_bmp_SOURCES = tests/interop/emit_bmp.c tests/support/pcap.c tests/support/pcap.h
tests_interop_emit_bmp_LDADD = bgpd/bmp/libbmp.a bgpd/wire/libwire.a lib/libbase.a

# ravelind against FRR and against raw octets, in namespaces of its own; needs root: tests/interop/run BUILDDIR.
EXTRA_DIST += tests/interop/run tests/interop/api.py tests/interop/bmp.py tests/interop/cli.py tests/interop/command.py tests/interop/config.py tests/interop/confirm.py tests/interop/documents.py tests/interop/export.py tests/interop/recipes.py tests/interop/frr.py tests/interop/guard.py tests/interop/killed.py tests/interop/main.py tests/interop/mrt.py tests/interop/updates.py tests/interop/net.py tests/interop/openapi.py tests/interop/orders.py tests/interop/policy.py tests/interop/prometheus.py tests/interop/alerts.yml tests/interop/clients.py tests/interop/route_server.py tests/interop/rpki.py tests/interop/adj.py \
	tests/interop/raw.py tests/interop/reload.py tests/interop/report.py tests/interop/rtc.py tests/interop/wire.py \
	tests/interop/bench.py tests/interop/column.py tests/interop/exabgp.py tests/interop/hygiene.py tests/interop/matrix \
	tests/interop/peers.py tests/interop/restart.py tests/interop/rows_policy.py tests/interop/rows_protocol.py \
	tests/interop/rows_session.py tests/interop/logs.py tests/interop/slow.py tests/interop/speak.py
