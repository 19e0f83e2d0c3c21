# Unit tests: one criterion program a folder, linked with that folder's archive and those below it and nothing
# else, so that the link line proves the boundary. A folder's own local.mk adds its program to unit_tests.
#
#   unit_tests        criterion programs              (make check)
#   check_scripts     other programs of `make check`: they end with "N passed, N failed, N skipped"
check_PROGRAMS += $(unit_tests)
EXTRA_DIST += tests/run tests/everything

# Of its own, so that they are compiled side by side while the tests run one after the other.
.PHONY: check-programs
check-programs: $(check_PROGRAMS) $(sbin_PROGRAMS) $(bin_PROGRAMS)

check-local: $(check_PROGRAMS) $(sbin_PROGRAMS) $(bin_PROGRAMS)
	@$(srcdir)/tests/run --builddir . --srcdir $(srcdir) $(unit_tests) $(check_scripts)

include tests/fuzz/local.mk
include tests/sim/local.mk
include tests/replay/local.mk
include tests/interop/wire.mk
include tests/bench/local.mk
