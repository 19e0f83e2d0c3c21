/*
 * A kernel in memory: takes operations, answers with the errno that Linux would give, remembers what is installed.
 *
 * For the simulator (struct fwd_model: an LFIB with such a kernel under it) and for the plan's tests.
 */
#ifndef MPLSFWD_BE_REC_H
#define MPLSFWD_BE_REC_H

#include "mplsfwd/plan.h"

struct be_rec {
	struct fwd_table objects; /* nexthop objects by identifier */
	struct fwd_table routes;  /* by table and prefix */
	struct fwd_table labels;
	uint64_t counts[FWD_OP_N]; /* operations that were done */
	uint64_t refused;
	uint32_t fail_in; /* the operation after this many others fails; 0 = none */
	int fail_error;
};

void be_rec_init(struct be_rec *b, uint64_t seed);
void be_rec_fini(struct be_rec *b);

/* 0 or a positive errno. Removing an object removes its routes, as Linux does. */
int be_rec_apply(struct be_rec *b, const struct fwd_op *op);

/* The device went down: objects on it and their routes go, silently, as Linux does. */
void be_rec_link_gone(struct be_rec *b, uint32_t oif);

/* Does all that is planned. Returns the number of operations. */
unsigned be_rec_run(struct be_rec *b, struct fwd_lfib *l);

/* Number of kernel routes whose object exists no more: always 0, tests ask. */
unsigned be_rec_dangling(const struct be_rec *b);

/* An LFIB whose kernel does all at once: for the simulator. */
struct fwd_model {
	struct fwd_lfib lfib;
	struct be_rec kernel;
};

/* All ports present, up, bound, labels accepted as the configuration says; addresses from it; VRF devices made. */
void fwd_model_init(struct fwd_model *m, const struct conf *conf, uint64_t seed);
void fwd_model_fini(struct fwd_model *m);

/* ifindex that the model gives a port or VRF. */
uint32_t fwd_model_port_ifindex(uint16_t port);
uint32_t fwd_model_vrf_ifindex(uint16_t vrf);

/* One request of bgpd; answers by fwd_lfib_ack_get(&m->lfib, ...). */
int fwd_model_apply(struct fwd_model *m, const struct fib_msg *msg);

/* The core's route to a next hop changed (path NULL: gone). True: *out is the FIB_NEXTHOP to tell bgpd. */
bool fwd_model_nexthop(struct fwd_model *m, const struct ip_addr *a, const struct fwd_path *path,
	uint32_t metric, struct fib_msg *out);

#endif
