#include "bgpd/keys.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "conf/load.h"

#define KEYS_PERTURB 0x5a
#define KEYS_SMALL_MAX                                                                             \
	1040 /* octets: glibc keeps freed blocks up to this size as they are, for quick reuse */
#define KEYS_SMALL_EACH 16 /* of every size; glibc keeps 7 */
#define KEYS_STACK	65536

void keys_guard(void)
{
	mallopt(M_PERTURB, KEYS_PERTURB);
}

static void keys_scrub_stack(void)
{
	char below[KEYS_STACK];

	explicit_bzero(below, sizeof(below));
}

void keys_scrub(void)
{
	void *blocks[KEYS_SMALL_EACH];

	for (size_t size = 8; size <= KEYS_SMALL_MAX; size += 16) {
		for (unsigned i = 0; i < KEYS_SMALL_EACH; i++) {
			blocks[i] = malloc(size);
			if (blocks[i])
				explicit_bzero(blocks[i], size);
		}
		for (unsigned i = 0; i < KEYS_SMALL_EACH; i++)
			free(blocks[i]);
	}
	keys_scrub_stack();
	mallopt(M_PERTURB, 0);
}

void keys_forget(const struct conf *conf)
{
	conf_forget_keys(conf);
	keys_scrub();
}
