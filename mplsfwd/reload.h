/*
 * The configuration is read anew, at SIGHUP or because an operator asks: checked, compared with the one in force, and then in force in both
 * processes or in neither.
 *
 *   read, check, conf_adopt --> keys of both on the listener --> FIB_CONF to bgpd --> FIB_CONF_TAKEN --> in force here, keys that nobody has any more are taken off
 *         |  an error, nothing differs, or only a restart can                |  refused, or bgpd died
 *         '------------------------> everything stays as it is <-------------'
 */
#ifndef MPLSFWD_RELOAD_H
#define MPLSFWD_RELOAD_H

#include "conf/adopt.h"
#include "conf/kept.h"
#include "mplsfwd/fibmsg.h"

struct fwd;

struct fwd_reload { /* all zero: nothing is under way */
	struct conf *next;
	struct conf_kept *kept; /* what it was read from; NULL: that could not be kept */
	struct conf_change change;
	uint64_t since_ms;
	uint32_t seq;
	uint32_t
		seconds; /* within which it is to be confirmed (mplsfwd/rollback); 0: it need not be */
	bool back;	 /* it was in force before */
	char *said;	 /* what differs, a line each */
};

/* seq, seconds: of the FIB_RELOAD that asked; 0: a signal, whose answer is in the log. */
void fwd_reload(struct fwd *f, uint32_t seq, uint32_t seconds);

/* FIB_RELOAD; FIB_RELOAD_TRY: what it would do is told, and not done; FIB_CONF_TAKEN; FIB_CONFIRM. False: it is none of these. */
bool fwd_reload_request(struct fwd *f, const struct fib_msg *m);

/* What is to be in force again: through bgpd, or without one, at once. False, and logged: it cannot be. */
bool fwd_reload_back(struct fwd *f, struct conf_files *files, bool by_bgpd);

/* Nothing is under way any more. */
void fwd_reload_forget(struct fwd *f);

/* bgpd is gone: the same; the next one begins with the configuration in force. */
void fwd_reload_lost(struct fwd *f);

#endif
