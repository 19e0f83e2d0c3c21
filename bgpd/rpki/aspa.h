/* Validated ASPA payloads: which providers an AS has, and whether an AS_PATH can have come that way (draft-ietf-sidrops-aspa-verification 6). Pure. */
#ifndef BGPD_RPKI_ASPA_H
#define BGPD_RPKI_ASPA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/policy/validity.h"
#include "bgpd/rpki/roa.h"
#include "bgpd/wire/attr.h"

struct rpki_aspas;

struct rpki_aspas *rpki_aspas_new(uint64_t seed);
void rpki_aspas_free(struct rpki_aspas *t);

/* As in rpki/roa.h; an announcement replaces what this cache said of the customer before. */
enum rpki_said rpki_aspas_say(struct rpki_aspas *t, uint32_t customer, const uint32_t *providers,
	unsigned n, bool announce, bool full, unsigned cache);
bool rpki_aspas_commit(struct rpki_aspas *t, bool full, unsigned cache);
void rpki_aspas_forget(struct rpki_aspas *t, unsigned cache);
bool rpki_aspas_clear(struct rpki_aspas *t, unsigned cache);

/*
 * downstream: the neighbour is our provider (RFC 9234 role), else the upstream procedure. An AS_SET makes it INVALID.
 * neighbor_as 0: the path need not begin with the neighbour (a route server is not in it).
 */
enum pol_aspa rpki_aspas_judge(const struct rpki_aspas *t, struct wire_span as_path,
	uint32_t neighbor_as, bool downstream);

/* In force; cache RPKI_CACHES_MAX: of all. */
uint64_t rpki_aspas_providers(
	const struct rpki_aspas *t, unsigned cache); /* and those that are said */
uint32_t rpki_aspas_count(const struct rpki_aspas *t, unsigned cache);

#endif
