# The loader of the port guard (shell: libbpf) and the eBPF programs that it carries. `make` runs in the top of the build, where
# .incbin finds them.
noinst_LIBRARIES += acl/libaclsys.a
acl_libaclsys_a_SOURCES = \
	acl/load.c acl/load.h \
	acl/load_attach.c \
	acl/load_object.c acl/load_prog.h \
	acl/load_pin.c \
	acl/load_tables.c
acl_libaclsys_a_CFLAGS = $(AM_CFLAGS) $(BPF_CFLAGS)

bpf_headers = acl/abi.h acl/bpf/frame.h acl/bpf/maps.h acl/bpf/tables.h
EXTRA_DIST += acl/bpf/guard.bpf.c acl/bpf/noop.bpf.c $(bpf_headers)
CLEANFILES += acl/bpf/guard.bpf.o acl/bpf/noop.bpf.o
BPF_COMPILE = $(BPF_CLANG) -O2 -g -mcpu=v3 -target bpf -Wall -Wextra -I$(srcdir) $(BPF_CPPFLAGS)

acl/bpf/guard.bpf.o: acl/bpf/guard.bpf.c $(bpf_headers)
	@$(MKDIR_P) acl/bpf
	$(AM_V_GEN)$(BPF_COMPILE) -c $(srcdir)/acl/bpf/guard.bpf.c -o $@
acl/bpf/noop.bpf.o: acl/bpf/noop.bpf.c
	@$(MKDIR_P) acl/bpf
	$(AM_V_GEN)$(BPF_COMPILE) -c $(srcdir)/acl/bpf/noop.bpf.c -o $@
acl/libaclsys_a-load_object.$(OBJEXT): acl/bpf/guard.bpf.o acl/bpf/noop.bpf.o

# The programs in a kernel, for tests/kernel: against the reference; on hooks. The second object is broken on purpose.
check_PROGRAMS += tests/kernel/guard_diff
tests_kernel_guard_diff_SOURCES = tests/kernel/guard_diff.c tests/support/acl_frames.c tests/support/acl_frames.h
tests_kernel_guard_diff_CFLAGS = $(AM_CFLAGS) $(BPF_CFLAGS)
tests_kernel_guard_diff_LDADD = acl/libaclsys.a acl/libacl.a lib/libbase.a $(BPF_LIBS)
tests/kernel/guard_shallow.bpf.o: acl/bpf/guard.bpf.c $(bpf_headers)
	@$(MKDIR_P) tests/kernel
	$(AM_V_GEN)$(BPF_COMPILE) -DGUARD_TAGS_MAX=1 -c $(srcdir)/acl/bpf/guard.bpf.c -o $@
CLEANFILES += tests/kernel/guard_shallow.bpf.o
check_PROGRAMS += tests/kernel/guard_hold
tests_kernel_guard_hold_SOURCES = tests/kernel/guard_hold.c
tests_kernel_guard_hold_LDADD = acl/libaclsys.a acl/libacl.a lib/libbase.a $(BPF_LIBS)
EXTRA_DIST += tests/kernel/guard_diff.sh tests/kernel/guard_host tests/kernel/guard_load.sh

# What it costs a packet.
noinst_PROGRAMS += tests/bench/guard_cost
tests_bench_guard_cost_SOURCES = tests/bench/guard_cost.c
tests_bench_guard_cost_LDADD = acl/libaclsys.a acl/libacl.a lib/libbase.a $(BPF_LIBS)
