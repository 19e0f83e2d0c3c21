/*
 * Lines of this process's log that concern security, on their way to mplsfwd, which keeps the security log; and those of mplsfwd, on their way into
 * what `show log` shows. From the first line on, before there is a loop: privileges dropped is one.
 */
#ifndef BGPD_IO_SAID_H
#define BGPD_IO_SAID_H

#include <stdbool.h>

#include "bgpd/io/fibclient.h"
#include "conf/model.h"
#include "lib/log.h"

struct event_base;

struct io_said {
	struct log_listener listener; /* for struct log */
	const struct log *log;
	int fd;		    /* of the pair, until there is fib */
	struct io_fib *fib; /* NULL: not yet, or no more */
	bool wanted;	    /* there is a security log */
	struct io_watch *tick;
	bool ticking;
};

/* log: whose listener this is to be; its rate is made here. */
void io_said_init(struct io_said *s, struct log *log, int pair_fd, const struct conf *conf);
void io_said_run(struct io_said *s, struct event_base *base, struct io_fib *fib);
void io_said_reload(struct io_said *s, const struct conf *conf);

/* Once a turn: counts of lines that were held back are told in time. */
void io_said_turn(struct io_said *s);

/* True: it was a FIB_LOGGED. */
bool io_said_logged(struct io_said *s, const struct fib_msg *m);

void io_said_stop(struct io_said *s); /* before fib goes; what was held back is said */
void io_said_fini(struct io_said *s);

#endif
