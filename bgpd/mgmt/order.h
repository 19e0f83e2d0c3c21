/*
 * The destinations of a table in order of their keys, while the table changes: what a long answer walks along.
 *
 * Nothing is sorted as a whole and nothing of the table is held: a pass over it finds the next so many keys above the
 * last one, and passes are interrupted like everything else. A destination that is there all the time is shown
 * exactly once; one that comes or goes meanwhile perhaps.
 */
#ifndef BGPD_MGMT_ORDER_H
#define BGPD_MGMT_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/rib/table.h"

#define MGMT_ORDER_PASSES    64u /* over a table, at most about so many ... */
#define MGMT_ORDER_BATCH_MIN 1024u
#define MGMT_ORDER_BATCH_MAX 16384u /* ... unless that takes more keys than these */
#define MGMT_ORDER_UNIT	     64u    /* destinations looked at for one unit of budget */

struct mgmt_order_key {
	uint64_t words[RIB_KEY_WORDS_MAX];
};

struct mgmt_order { /* all zero: at the start */
	struct mgmt_order_key *batch;
	uint32_t n, cap,
		at;    /* at < n: in order, the ones still to come; else a heap that a pass fills */
	uint32_t walk; /* where the pass stands */
	bool passing;
	bool begun; /* there is a last one */
	struct mgmt_order_key last;
};

enum mgmt_order_step { MGMT_ORDER_DEST, MGMT_ORDER_BUSY, MGMT_ORDER_END };

/* The next destination. BUSY: *budget is used up. Always the same table. */
enum mgmt_order_step mgmt_order_next(
	struct mgmt_order *o, const struct rib_table *t, unsigned *budget, uint32_t *dest);

/* Back to the start, for another table perhaps. */
void mgmt_order_fini(struct mgmt_order *o);

#endif
