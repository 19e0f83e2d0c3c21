/* The attributes of a set as the receivers of a view get them: rewritten and encoded in one go, interned nowhere. */
#ifndef BGPD_OUT_ENCODE_H
#define BGPD_OUT_ENCODE_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/out/view.h"
#include "bgpd/rib/store.h"
#include "bgpd/wire/update_put.h"
#include "lib/arena.h"

/* Where it is done: memory that all groups share. */
struct out_encoder {
	const struct rib_store *store;
	struct arena arena;
	uint8_t octets[2][UINT16_MAX + 1]; /* [1]: what [0] is compared with */
};

struct out_encoder *out_encoder_new(const struct rib_store *st);
void out_encoder_free(struct out_encoder *e);

/* False if no message can carry them (RFC 4271 9.2 says to leave such a route out). out: valid until the next call. */
bool out_encode(struct out_encoder *e, const struct out_view *v, uint16_t source,
	const struct rib_attrset *set, struct wire_reach *out);

/* Whether receivers could not tell the two sets, both from source, apart. */
bool out_encode_is_same(struct out_encoder *e, const struct out_view *v, uint16_t source,
	const struct rib_attrset *a, const struct rib_attrset *b);

#endif
