# Recorded runs: the same inputs have the same effects. `make bless` writes what is true now.
check_PROGRAMS += tests/replay/replay_test
check_scripts += tests/replay/replay_test
tests_replay_replay_test_SOURCES = tests/replay/main.c
tests_replay_replay_test_LDADD = $(tests_sim_libs)
EXTRA_DIST += \
	tests/replay/frr-peer/config.yaml tests/replay/frr-peer/run \
	tests/replay/stop-pe2/config.yaml tests/replay/stop-pe2/run \
	tests/replay/two-customers-pe1/config.yaml tests/replay/two-customers-pe1/run

.PHONY: bless
bless: tests/replay/replay_test
	RAVELIN_SRCDIR=$(srcdir) tests/replay/replay_test --bless
