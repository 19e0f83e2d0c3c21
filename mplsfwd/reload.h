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
#include "conf/files.h"

struct fwd;

struct fwd_reload { /* all zero: nothing is under way */
	struct conf *next;
	struct conf_change change;
	uint32_t seq;
	char *said; /* what differs, a line each */
};

/* seq: of the FIB_RELOAD that asked; 0: a signal, whose answer is in the log. */
void fwd_reload(struct fwd *f, uint32_t seq);

/* FIB_RELOAD_TRY: what fwd_reload would do is told, and not done. */
void fwd_reload_try(struct fwd *f, uint32_t seq);

/* FIB_CONF_TAKEN. */
void fwd_reload_taken(struct fwd *f, int32_t error);

/* bgpd is gone: the next one begins with the configuration in force. */
void fwd_reload_forget(struct fwd *f);

#endif
