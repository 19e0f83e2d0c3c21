/*
 * A reload that has to be confirmed: when it is, and what is to be done if it is not in time. Pure; the clock is an argument.
 *
 *   reload within 60 s --> waits --confirm, or another reload--> confirmed
 *                          |   ^--another reload within 60 s: the time begins anew, the way back leads to where it led
 *                          '--the time is over--> the configuration before is put in force, whatever becomes of bgpd
 */
#ifndef MPLSFWD_CONFIRM_H
#define MPLSFWD_CONFIRM_H

#include <stdbool.h>
#include <stdint.h>

#define FWD_CONFIRM_MAX_S     86400u
#define FWD_CONFIRM_LOOK_MS   1000u  /* between looks, once the time is over */
#define FWD_CONFIRM_ANSWER_MS 10000u /* that bgpd has for the answer */
#define FWD_CONFIRM_BUSY_MS                                                                        \
	60000u /* that it may still be telling neighbours of the reload before */

struct fwd_confirm { /* all zero: nothing waits */
	uint64_t until_ms;
};

enum fwd_confirm_outcome {
	FWD_CONFIRM_NOTHING,
	FWD_CONFIRM_BEGUN,     /* the way back leads to what the reload has replaced */
	FWD_CONFIRM_PROLONGED, /* the way back leads to where it led before */
	FWD_CONFIRM_DONE,      /* there is no way back any more */
};

/* A reload has come into force; or, replaced false, found nothing that differs. seconds: of --confirm-within; 0: without. */
enum fwd_confirm_outcome fwd_confirm_reloaded(
	struct fwd_confirm *c, uint32_t seconds, bool replaced, uint64_t now_ms);

/* Somebody confirms, or the way back was gone. False: nothing waits. */
bool fwd_confirm_end(struct fwd_confirm *c);

/* Seconds left, begun ones whole; 0 also if the time is over. */
uint32_t fwd_confirm_left_s(const struct fwd_confirm *c, uint64_t now_ms);

enum fwd_confirm_step {
	FWD_CONFIRM_WAIT,
	FWD_CONFIRM_HAND_OVER, /* what was before: to bgpd, as in any reload */
	FWD_CONFIRM_ENFORCE,   /* there is no bgpd: the next one begins with it */
	FWD_CONFIRM_END_BGPD,  /* it does not answer: the same */
};

struct fwd_confirm_state {
	bool bgpd;	       /* there is one */
	bool reloading;	       /* one is on its way to it */
	uint64_t reloading_ms; /* since then */
};

/* What is to be done now; *look_ms: after how many more to ask again. */
enum fwd_confirm_step fwd_confirm_next(const struct fwd_confirm *c,
	const struct fwd_confirm_state *s, uint64_t now_ms, uint64_t *look_ms);

#endif
