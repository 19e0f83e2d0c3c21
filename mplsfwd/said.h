/*
 * Where lines of the log go besides standard error: those of this process to bgpd, for `show log`; those that concern security, of both processes,
 * into the security log (mplsfwd/seclog.h). And what is due in time: counts of lines that were held back, the disk.
 */
#ifndef MPLSFWD_SAID_H
#define MPLSFWD_SAID_H

#include "conf/model.h"
#include "lib/log.h"
#include "lib/lograte.h"
#include "mplsfwd/fibmsg.h"
#include "mplsfwd/seclog.h"

struct event;
struct event_base;
struct fwd_server;

/* Lines of bgpd that the security log takes: more come from one that was taken over. */
#define FWD_SAID_PER_MINUTE 120
#define FWD_SAID_BURST	    10000

struct fwd_said {
	struct log log; /* for this whole process */
	struct log_listener listener;
	struct log_rate *noted; /* lines of bgpd */
	struct fwd_server *server;
	struct fwd_seclog secure;
	struct event *tick;
	unsigned ticks; /* since the head was told */
};

/* log: copied; what it points to is borrowed. */
void fwd_said_init(struct fwd_said *s, const struct log *log, const struct conf *conf);

/* From here on lines go to the server, and what is due is done. */
void fwd_said_run(struct fwd_said *s, struct event_base *base, struct fwd_server *server);

/* Opens the security log. 0 or -errno (logged). */
int fwd_said_secure(struct fwd_said *s, const struct conf *conf);

/* conf is in force from here on, or the file may have been taken away; one that will not do is said, and the one before is gone on with. */
void fwd_said_reload(struct fwd_said *s, const struct conf *conf);

/* FIB_NOTED. */
void fwd_said_noted(struct fwd_said *s, const struct fib_msg *m);

/* No event base any more; what was held back is said, the security log closed. */
void fwd_said_end(struct fwd_said *s);

#endif
