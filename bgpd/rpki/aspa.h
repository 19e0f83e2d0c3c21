/* Validated ASPA payloads: which providers an AS has, and whether an AS_PATH can have come that way (draft-ietf-sidrops-aspa-verification 6). Pure. */
#ifndef BGPD_RPKI_ASPA_H
#define BGPD_RPKI_ASPA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/policy/validity.h"
#include "bgpd/wire/attr.h"

struct rpki_aspas;

struct rpki_aspas *rpki_aspas_new(uint64_t seed);
void rpki_aspas_free(struct rpki_aspas *t);

/* The providers of a customer AS as cache says: n 0 with del takes the record back. Replaces what this cache said before. True: changed. */
bool rpki_aspas_set(struct rpki_aspas *t, uint32_t customer, const uint32_t *providers, unsigned n,
	unsigned cache);
bool rpki_aspas_del(struct rpki_aspas *t, uint32_t customer, unsigned cache);
bool rpki_aspas_clear(struct rpki_aspas *t, unsigned cache);

/* downstream: the neighbour is our provider (RFC 9234 role), else the upstream procedure. An AS_SET makes it INVALID. */
enum pol_aspa rpki_aspas_judge(const struct rpki_aspas *t, struct wire_span as_path,
	uint32_t neighbor_as, bool downstream);

uint32_t rpki_aspas_count(const struct rpki_aspas *t);

#endif
