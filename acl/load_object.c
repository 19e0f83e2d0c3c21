/* The eBPF objects, taken into the program as they are: nothing to install, nothing to find. */
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

EMBED(guard, GUARD_OBJECT);
EMBED(noop, NOOP_OBJECT);

struct acl_object acl_object_guard(void)
{
	return (struct acl_object){acl_guard_start, (size_t)(acl_guard_end - acl_guard_start)};
}

struct acl_object acl_object_noop(void)
{
	return (struct acl_object){acl_noop_start, (size_t)(acl_noop_end - acl_noop_start)};
}
