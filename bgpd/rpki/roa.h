/*
 * Validated ROA payloads (RFC 6811 2): which AS may originate which prefixes, as the caches say. Pure.
 *
 *   payload   prefix, max length, AS      several caches may say the same one: it is there as long as one does
 * Half a million of them take about 40 octets each; a lookup costs one cache line for each prefix length that occurs.
 */
#ifndef BGPD_RPKI_ROA_H
#define BGPD_RPKI_ROA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/policy/validity.h"
#include "lib/prefix.h"

#define RPKI_CACHES_MAX 16

struct rpki_roa {
	struct ip_prefix prefix;
	uint8_t max_len;
	uint32_t as;
	uint16_t caches; /* that say so, by number; of rpki_roas_covering() */
};

struct rpki_roas;

struct rpki_roas *rpki_roas_new(uint64_t seed);
void rpki_roas_free(struct rpki_roas *t);

/*
 * What a cache (< RPKI_CACHES_MAX) says in one answer: seen by nobody until all of it is there (RFC 8210 10). In a full answer
 * what is not said again is gone; else each payload is one more, or one less.
 */
enum rpki_said {
	RPKI_SAID_OK,
	RPKI_SAID_TWICE,
	RPKI_SAID_UNKNOWN /* what is taken back is not there */
};
enum rpki_said rpki_roas_say(
	struct rpki_roas *t, const struct rpki_roa *roa, bool announce, bool full, unsigned cache);
bool rpki_roas_commit(
	struct rpki_roas *t, bool full, unsigned cache);    /* true: the set as a whole changed */
void rpki_roas_forget(struct rpki_roas *t, unsigned cache); /* the answer is no good */

/* All that cache said is gone (it expired, or begins anew). True: the set changed. */
bool rpki_roas_clear(struct rpki_roas *t, unsigned cache);

/* origin_as 0: none (AS_SET, or an empty path: RFC 6811 2): never valid. known: some cache has answered; else UNKNOWN. */
enum pol_rov rpki_roas_judge(
	const struct rpki_roas *t, bool known, const struct ip_prefix *p, uint32_t origin_as);

uint32_t rpki_roas_count(const struct rpki_roas *t,
	unsigned cache); /* in force; cache RPKI_CACHES_MAX: of all, each once */
size_t rpki_roas_octets(const struct rpki_roas *t);

/* Those that cover p, at most n; for explain. How many there are. */
unsigned rpki_roas_covering(
	const struct rpki_roas *t, const struct ip_prefix *p, struct rpki_roa *out, unsigned n);

#endif
