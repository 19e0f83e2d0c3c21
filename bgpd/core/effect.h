/* Everything a router can ask of its shell: the only output of router_step(). Executed in order. */
#ifndef BGPD_CORE_EFFECT_H
#define BGPD_CORE_EFFECT_H

#include <stddef.h>
#include <stdint.h>

#include "bgpd/out/block.h"
#include "mplsfwd/fibmsg.h"

enum effect_kind {
	EFF_SEND,  /* conn, block: write these octets (the effect holds a reference) */
	EFF_CLOSE, /* conn: after what was sent before it */
	EFF_FIB,   /* fib: to mplsfwd, FIB_DIAL included */
	EFF_NOTE,  /* a fact worth a log line: event, peer, text in logfmt */
	EFF_DONE,  /* after EV_STOP: everything is sent and withdrawn, the process may end */

	/* Caches and stations: remote, an index into conf remotes. */
	EFF_REMOTE_DIAL,  /* answered by EV_REMOTE_UP or _DOWN */
	EFF_REMOTE_SEND,  /* block; nothing happens if it is not up */
	EFF_REMOTE_CLOSE, /* after what was sent before it; no EV_REMOTE_DOWN follows */
};

#define EFFECT_TEXT_MAX 400

struct effect {
	enum effect_kind kind;
	uint32_t conn;
	uint32_t remote;
	struct out_block *block;
	struct fib_msg fib;
	const char *event; /* static: "session_up", "ce_rts_stripped", ... */
	int level;	   /* enum log_level */
	char *text;	   /* "peer=... reason=..." */
};

struct effects {
	struct effect *list;
	size_t n, cap;
	size_t consumed; /* octets of an EV_RECV that were taken; the shell keeps the rest and offers it again with more */
};

void effects_init(struct effects *fx);
void effects_fini(struct effects *fx);
void effects_reset(struct effects *fx); /* drops the references that the effects hold */

void effect_send(struct effects *fx, uint32_t conn,
	struct out_block *block); /* takes a reference of its own */
void effect_close(struct effects *fx, uint32_t conn);
void effect_fib(struct effects *fx, const struct fib_msg *m);
void effect_note(struct effects *fx, int level, const char *event, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void effect_done(struct effects *fx);

void effect_remote_dial(struct effects *fx, uint32_t remote);
void effect_remote_send(struct effects *fx, uint32_t remote,
	struct out_block *block); /* takes a reference of its own */
void effect_remote_close(struct effects *fx, uint32_t remote);

#endif
