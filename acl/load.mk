# The loader of the port guard (shell: libbpf) and the eBPF programs that it carries. `make` runs in the top of the build, where
# .incbin finds them.
noinst_LIBRARIES += acl/libaclsys.a
acl_libaclsys_a_SOURCES = \
	acl/load.c acl/load.h \
	acl/load_attach.c \
	acl/load_object.c acl/load_prog.h \
	acl/load_tables.c
acl_libaclsys_a_CFLAGS = $(AM_CFLAGS) $(BPF_CFLAGS)
acl_libaclsys_a_CPPFLAGS = $(AM_CPPFLAGS) -DGUARD_OBJECT='"acl/bpf/guard.bpf.o"' -DNOOP_OBJECT='"acl/bpf/noop.bpf.o"'

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
