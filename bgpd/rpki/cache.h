/*
 * The router's side of one session with a cache (RFC 8210 8): a state machine without I/O. Time is an argument; the caller carries octets, dials and closes.
 *
 * What it does to the tables takes effect at End of Data: until then the old set stands (RFC 8210 10). A cache that is lost, or says
 * something that is wrong, keeps its data until they expire. Version 2 is offered first; a cache that knows less is followed down to 0.
 */
#ifndef BGPD_RPKI_CACHE_H
#define BGPD_RPKI_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/rpki/aspa.h"
#include "bgpd/rpki/pdu.h"
#include "bgpd/rpki/roa.h"

#define RPKI_OUT_MAX 512

enum rpki_state {
	RPKI_DOWN,
	RPKI_CONNECTING,
	RPKI_SYNCING,
	RPKI_SYNCED,
	RPKI_STALE /* lost, data kept until it expires */
};

struct rpki_cache;

struct rpki_asks { /* what a step wants of its caller */
	bool dial, close;
	uint8_t octets[RPKI_OUT_MAX]; /* to be sent */
	size_t n_octets;
	bool changed;	  /* the tables changed: routes are to be looked at anew */
	const char *note; /* worth a log line; static; NULL: nothing */
	char detail[128];
};

struct rpki_cache_conf {
	unsigned number;		       /* < RPKI_CACHES_MAX */
	uint32_t refresh_s, retry_s, expire_s; /* 0: what the cache says, else RFC 8210 6 */
	uint32_t max_records; /* more, and the session is ended: a cache must not fill the memory */
};

struct rpki_cache *rpki_cache_new(
	const struct rpki_cache_conf *conf, struct rpki_roas *roas, struct rpki_aspas *aspas);
void rpki_cache_free(struct rpki_cache *c);

void rpki_cache_start(struct rpki_cache *c, uint64_t now_ms, struct rpki_asks *out);
void rpki_cache_connected(struct rpki_cache *c, uint64_t now_ms, struct rpki_asks *out);
void rpki_cache_lost(struct rpki_cache *c, const char *why, uint64_t now_ms,
	struct rpki_asks *out); /* closed, or could not be dialled */

/* Octets of the stream: how many were taken; the rest is offered again with more. */
size_t rpki_cache_receive(struct rpki_cache *c, const uint8_t *octets, size_t len, uint64_t now_ms,
	struct rpki_asks *out);
void rpki_cache_timer(struct rpki_cache *c, uint64_t now_ms, struct rpki_asks *out);
uint64_t rpki_cache_deadline(const struct rpki_cache *c); /* UINT64_MAX: never */

/* Whether it has said all that it knows, and not too long ago. */
bool rpki_cache_has_data(const struct rpki_cache *c);

struct rpki_cache_status { /* for show */
	enum rpki_state state;
	uint8_t version;
	uint16_t session;
	uint32_t serial, roas, aspas;
	uint64_t since_ms, synced_ms, expires_ms, errors;
	char error[128];
};
void rpki_cache_show(const struct rpki_cache *c, struct rpki_cache_status *out);

#endif
