# The habits: lint, format, rfc-map, check-san, fuzz.   T=target S=seconds for fuzz, NODES=225000 for all that clang-tidy can see.
EXTRA_DIST += tools/lint tools/distribution tools/events tools/layers tools/purity tools/rfc-map tools/attack-table tools/malformed-table

.PHONY: lint format rfc-map check-san fuzz distfiles

# What a tarball holds, for the lint that compares it with what git holds.
distfiles:
	@printf '%s\n' $(DISTFILES) $(DIST_COMMON)

NODES = 50000
lint: all
	@$(srcdir)/tools/lint $(srcdir) $(abs_builddir) $(NODES)

format:
	@cd $(srcdir) && git ls-files '*.c' '*.h' | xargs clang-format -i

rfc-map:
	@$(srcdir)/tools/rfc-map $(srcdir)

# The tests again under AddressSanitizer and UndefinedBehaviorSanitizer, in a build tree of their own.
check-san:
	@mkdir -p $(abs_top_builddir)-san
	@cd $(abs_top_builddir)-san && \
		{ test -f Makefile || $(abs_top_srcdir)/configure -q --enable-sanitizers --enable-werror; } && \
		$(MAKE) -s -j$$(nproc) all && $(MAKE) -s -j$$(nproc) check-programs && $(MAKE) -s check

# libFuzzer on one target, from the tree's corpus. What it learns stays in the build; what breaks the target is written
# to tests/fuzz/corpus/T, where every make check replays it.
T = update
S = 60
fuzz:
	@mkdir -p $(abs_top_builddir)-fuzz/corpus/$(T)
	@cd $(abs_top_builddir)-fuzz && \
		{ test -f Makefile || $(abs_top_srcdir)/configure -q CC=clang --enable-fuzzers; } && \
		$(MAKE) -s tests/fuzz/fuzz_$(T)
	@$(abs_top_builddir)-fuzz/tests/fuzz/fuzz_$(T) -max_total_time=$(S) -timeout=5 -rss_limit_mb=2048 \
		-artifact_prefix=$(abs_top_srcdir)/tests/fuzz/corpus/$(T)/ \
		$(abs_top_builddir)-fuzz/corpus/$(T) $(abs_top_srcdir)/tests/fuzz/corpus/$(T)
