/*
 * The eBPF objects, taken into the program as they are: nothing to install, nothing to find. The compiler runs in the top of
 * the build, where they are (acl/load.mk).
 */
#include "acl/load_prog.h"

#define EMBED(name, file)                                                                          \
	__asm__(".pushsection .rodata\n"                                                           \
		".balign 16\n"                                                                     \
		"acl_" #name "_start:\n"                                                           \
		".incbin \"" file "\"\n"                                                           \
		"acl_" #name "_end:\n"                                                             \
		".byte 0\n"                                                                        \
		".popsection\n");                                                                  \
	extern const unsigned char acl_##name##_start[], acl_##name##_end[]

EMBED(guard, "acl/bpf/guard.bpf.o");
EMBED(noop, "acl/bpf/noop.bpf.o");

struct acl_object acl_object_guard(void)
{
	return (struct acl_object){acl_guard_start, (size_t)(acl_guard_end - acl_guard_start)};
}

struct acl_object acl_object_noop(void)
{
	return (struct acl_object){acl_noop_start, (size_t)(acl_noop_end - acl_noop_start)};
}
