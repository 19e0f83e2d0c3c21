/* Edits of the lists of struct wire_attrs. What is new is in the arena; false, and nothing changed, if that is full. */
#ifndef BGPD_POLICY_LISTS_H
#define BGPD_POLICY_LISTS_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/wire/attr.h"
#include "lib/arena.h"

/* The attribute goes, its Partial bit with it. */
void pol_attr_del(struct wire_attrs *a, enum wire_attr_code code);

bool pol_comm_add(struct wire_attrs *a, uint32_t community, struct arena *arena); /* unless there */
bool pol_extcomm_add(struct wire_attrs *a, uint64_t ec, struct arena *arena);	  /* unless there */
bool pol_cluster_add(struct wire_attrs *a, uint32_t cluster, struct arena *arena); /* in front */

/* Only those that keep() says remain; the attribute goes with the last. */
typedef bool pol_extcomm_keep_fn(uint64_t ec);
bool pol_extcomm_strip(struct wire_attrs *a, pol_extcomm_keep_fn *keep, struct arena *arena);

#endif
