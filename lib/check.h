/* CHECK() and the few general macros; the only place for such things. */
#ifndef LIB_CHECK_H
#define LIB_CHECK_H

#include <stddef.h>

/* Our own bug: print where, abort. Never for anything a peer, a file or the system can cause. */
_Noreturn void check_failed(const char *file, int line, const char *expr);

#define CHECK(x)			((x) ? (void)0 : check_failed(__FILE__, __LINE__, #x))
#define UNREACHABLE()			check_failed(__FILE__, __LINE__, "unreachable")
#define ARRAY_LEN(a)			(sizeof(a) / sizeof((a)[0]))
#define CONTAINER_OF(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

#endif
