/* A router with a life behind it, for questions: a core session, a customer's session, routes, labels, counters. */
#ifndef TESTS_UNIT_MGMT_ROUTER_H
#define TESTS_UNIT_MGMT_ROUTER_H

#include "bgpd/core/router.h"
#include "conf/model.h"

struct mgmt_bed {
	struct conf *conf;
	struct router *r;
	struct effects fx;
	uint64_t now_ms;
};

/* As configured, nothing has happened. */
void mgmt_bed_init(struct mgmt_bed *b);

/* pe2 and ce-a1 established, 3 + 1 routes, labels of both VRFs installed, port and TCP counters, pe3 refused. */
void mgmt_bed_run(struct mgmt_bed *b);
void mgmt_bed_fini(struct mgmt_bed *b);

#endif
