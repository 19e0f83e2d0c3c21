# make bench: the speed and memory of ravelind and of whichever other BGP daemons are installed. Not part of make check.
#   B=quick (100k routes, 1 and 10 receivers; the default), B=full, or any options of tests/bench/run; see README.md
noinst_PROGRAMS += tests/bench/load/load
EXTRA_DIST += tests/bench/README.md tests/bench/flood tests/bench/flood.sh tests/bench/instructions tests/bench/run tests/bench/subjects.py tests/bench/plot.py
tests_bench_load_load_SOURCES = \
	tests/bench/load/main.c tests/bench/load/model.c tests/bench/load/model.h tests/bench/load/phase.c \
	tests/bench/load/phase.h tests/bench/load/session.c tests/bench/load/session.h tests/bench/load/sink.c \
	tests/bench/load/sink.h tests/bench/load/subject.c tests/bench/load/subject.h
tests_bench_load_load_LDADD = bgpd/wire/libwire.a lib/libbase.a

.PHONY: bench
B = quick
bench: tests/bench/load/load tests/bench/guard_cost tests/bench/codec tests/bench/engine tests/bench/rib_path tests/bench/flood_send tests/bench/flood_peer ravelind ravelin
	@$(srcdir)/tests/bench/instructions --build .
	@tests/bench/guard_cost || [ $$? -eq 3 ]
	@$(srcdir)/tests/bench/flood --build .
	@$(srcdir)/tests/bench/run --build . $(B)

# What the codec costs a prefix.
noinst_PROGRAMS += tests/bench/codec
tests_bench_codec_SOURCES = tests/bench/codec.c tests/bench/load/model.c tests/bench/load/model.h
tests_bench_codec_LDADD = bgpd/wire/libwire.a lib/libbase.a

# What the whole router costs a route, without sockets.
noinst_PROGRAMS += tests/bench/engine
tests_bench_engine_SOURCES = tests/bench/engine.c tests/bench/load/model.c tests/bench/load/model.h
tests_bench_engine_LDADD = $(tests_sim_libs)

# What a flood from one customer does to the others: the sender, and the ends of the sessions (tests/kernel/flood.sh too).
noinst_PROGRAMS += tests/bench/flood_send tests/bench/flood_peer
tests_bench_flood_send_SOURCES = tests/bench/flood_send.c
tests_bench_flood_send_LDADD =
tests_bench_flood_peer_SOURCES = tests/bench/flood_peer.c tests/bench/flood_echo.c tests/bench/flood_echo.h
tests_bench_flood_peer_LDADD = bgpd/wire/libwire.a lib/libbase.a
