/*
 * What the API answers: mgmt's JSON over the router, with the kernel's counters asked for first where they matter.
 *
 * Questions that show counters wait for FIB_STATS_GET's answer (one for all that wait), at most IO_ANSWER_WAIT_MS:
 * then they are answered with the counters of the last time. What may be long (routes) is streamed.
 *
 * An order (bgpd/mgmt/act) is carried out before it is answered.
 */
#ifndef BGPD_IO_ANSWER_H
#define BGPD_IO_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/core/router.h"
#include "bgpd/io/api.h"
#include "bgpd/io/fibclient.h"

#define IO_ANSWER_WAIT_MS 500
#define IO_ANSWER_SEQ	  ROUTER_FIB_SEQ_END /* this bit in a number: asked here, not by the router */

struct io_answers;
struct mgmt_live;

typedef void io_order_fn(void *arg, const struct event *ev);

/* Borrows all; live is copied. log hears of streams that end too soon. fn gives the events of orders to the router. */
struct io_answers *io_answers_new(struct event_base *base, const struct router *router,
	struct io_fib *fib, const struct mgmt_live *live, const struct log *log, io_order_fn *fn,
	void *arg);
void io_answers_free(struct io_answers *a); /* answers 503 to those that wait */

io_api_asked_fn io_answers_asked; /* arg: struct io_answers */

/*
 * What mplsfwd says. True if it is for here, and the router need not hear of it: FIB_RELOADED is counted, and whoever asked for it is answered with
 * the text in fd, which is closed (-1: there is none); FIB_UNCONFIRMED is shown from here on; FIB_ACK may answer a question of ours.
 */
bool io_answers_told(struct io_answers *a, const struct fib_msg *m, int fd);

#endif
