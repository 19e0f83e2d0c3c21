/*
 * The kernel under the LFIB: takes what is planned, sends it in batches over one rtnetlink socket, tells the plan
 * what the kernel said to each.
 *
 * Many messages go with one sendmsg and only the last asks for an acknowledgement; the others answer only when they
 * fail, matched by sequence number. rtnetlink works in the sender's context: when sendmsg returns, all answers are
 * in the socket, so nothing is waited for. Work is done in slices, so that the loop sees its other events.
 */
#ifndef MPLSFWD_BE_NL_H
#define MPLSFWD_BE_NL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/log.h"
#include "mplsfwd/plan.h"

struct event;
struct event_base;

#define BE_NL_BATCH 128 /* operations a sendmsg */

/* Called after each slice: answers may be waiting in the LFIB (fwd_lfib_ack_get). */
typedef void be_nl_fn(void *arg);

struct be_nl {
	struct fwd_lfib *lfib;
	const struct log *log;
	be_nl_fn *done;
	void *arg;
	int fd;
	uint32_t port; /* its address: nlmsg_pid of what it caused */
	uint32_t seq;
	struct event *slice;
	uint64_t sent, refused;
	struct fwd_op ops[BE_NL_BATCH];
	int errors[BE_NL_BATCH];
	uint8_t octets[BE_NL_BATCH * 192] __attribute__((aligned(4)));
};

/* 0 or -errno. Borrows lfib and log. */
int be_nl_open(struct be_nl *b, struct event_base *base, struct fwd_lfib *lfib,
	const struct log *log, be_nl_fn *done, void *arg);
void be_nl_close(struct be_nl *b);

/* There may be work: do it from the loop. Cheap, may be called after every event. */
void be_nl_kick(struct be_nl *b);

/* Does all there is, without the loop: at start and at the end. */
void be_nl_run(struct be_nl *b);

#endif
