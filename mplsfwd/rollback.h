/*
 * A reload that is not confirmed in time is taken back: what was in force before is read again from where it was kept, with its keys, and
 * goes the way of any reload. When is decided by mplsfwd/confirm. bgpd need not live for it.
 */
#ifndef MPLSFWD_ROLLBACK_H
#define MPLSFWD_ROLLBACK_H

#include <stdio.h>

#include "conf/kept.h"
#include "mplsfwd/confirm.h"

struct conf;
struct event;
struct fwd;

struct fwd_rollback {
	struct fwd_confirm confirm;
	struct conf_kept *kept;	  /* what is in force; NULL: it could not be kept */
	struct conf_kept *before; /* the way back, while something waits to be confirmed */
	struct event *timer;
};

/* kept: what f->conf was read from, taken over; NULL: there is no way back to it. */
void fwd_rollback_open(struct fwd *f, struct conf_kept *kept);
void fwd_rollback_close(struct fwd *f);

/* Whether there is a way back from next, in order after f->conf: else why not goes to wrong. */
bool fwd_rollback_is_possible(struct fwd *f, const struct conf *next, FILE *wrong);

/* A reload comes into force. kept: what it was read from, taken over; NULL: nothing differed. seconds: of --confirm-within. */
void fwd_rollback_reloaded(struct fwd *f, uint32_t seconds, struct conf_kept *kept);

/* What was before is in force again. */
void fwd_rollback_done(struct fwd *f, struct conf_kept *kept);

/* FIB_CONFIRM. 0, or ENOENT: nothing waits. */
int fwd_rollback_confirm(struct fwd *f);

/* bgpd is gone: what was before may be due, and can be in force without it. */
void fwd_rollback_look(struct fwd *f);

/* To bgpd, which shows it. */
void fwd_rollback_tell(struct fwd *f);

uint64_t fwd_rollback_clock(void); /* milliseconds, while the machine sleeps too */

#endif
