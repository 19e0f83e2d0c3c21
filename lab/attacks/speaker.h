/*
 * BGP as anybody, to a router under test: our own codec with deliberate faults, over a TCP connection made in a node's namespace.
 * Blocking, with deadlines; keepalives are sent while it waits.
 *
 *   struct speaker s;
 *   err = speaker_dial(&s, st, &(struct speaker_conf){.node = "ce-x", ...}, 2000);
 *   speaker_announce(&s, "172.16.66.0/24", octets, sizeof(octets));
 *   took = speaker_settled(&s, 1000);
 *   speaker_close(&s);                                  after every dial, also one that failed
 */
#ifndef LAB_ATTACKS_SPEAKER_H
#define LAB_ATTACKS_SPEAKER_H

#include "bgpd/wire/ctx.h"
#include "bgpd/wire/msg.h"
#include "bgpd/wire/open.h"
#include "lab/attacks/stage.h"

enum speaker_event {
	SPEAKER_NOTHING, /* the deadline passed */
	SPEAKER_MESSAGE, /* type in .type: OPEN, UPDATE, KEEPALIVE, ROUTE-REFRESH */
	SPEAKER_NOTIFICATION,
	SPEAKER_CLOSED, /* FIN or RST, without a NOTIFICATION */
};

struct speaker;
typedef void speaker_heard_fn(struct speaker *s, void *arg);

struct speaker_conf {
	const char *node;  /* whose namespace: "ce-x" */
	const char *local; /* address to speak from; NULL: any */
	const char *remote;
	const char *password; /* TCP-MD5 (RFC 2385); NULL: none */
	uint32_t as;
	uint32_t id;	     /* 0: from local */
	uint16_t hold;	     /* 0: 90 s */
	uint8_t ttl;	     /* 0: the kernel's; 255 where GTSM is on */
	uint16_t port, from; /* TCP ports; 0: 179, any */
	uint32_t families;   /* WIRE_FAMILY_BIT()s; 0: IPv4 unicast */
	bool extended;	     /* offers long messages (RFC 8654) */
	bool with_role;	     /* offers `role` (RFC 9234 4.1) */
	uint8_t role;
	const uint8_t *capas; /* more capabilities as octets: code, length, value */
	size_t capas_len;
	const uint8_t
		*open; /* a whole OPEN message in place of a right one: no answer is waited for */
	size_t open_len;
	bool patient; /* refused or closed at once is tried again: it may be the idle time after a failure */
	speaker_heard_fn *heard; /* each message, before speaker_wait() returns it; NULL: none */
	void *arg;
};

struct speaker {
	int fd; /* -1: none */
	struct speaker_conf conf;
	bool up; /* OPENs and KEEPALIVEs were exchanged */
	struct ip_addr local;
	struct wire_open theirs; /* what the other side offered; up only */
	struct wire_ctx ctx;	 /* how we write */
	uint8_t *in;		 /* of speaker_dial(), until speaker_close() */
	size_t n_in, taken;
	uint8_t type; /* the last message, its octets behind the header at body, until the next wait */
	const uint8_t *body;
	size_t body_len;
	uint8_t code, subcode; /* the last NOTIFICATION */
	uint64_t spoke_ms;     /* when something was sent last */
};

/*
 * Connected, and (unless conf.open is given) Established. 0, -ECONNREFUSED, -ETIMEDOUT, -ECONNRESET (closed without a word),
 * -EPROTO (NOTIFICATION: see code). ms: for all of it. Borrows what conf points to until speaker_close().
 */
int speaker_dial(
	struct speaker *s, struct attack_stage *st, const struct speaker_conf *conf, unsigned ms);

/* The rest of it after an OPEN of one's own. The same errors. */
int speaker_establish(struct speaker *s, unsigned ms);

/* Cease/2 if it is up, then FIN; without (RST) if `rst`. */
void speaker_close(struct speaker *s);
void speaker_reset(struct speaker *s);

/* The OPEN that conf means, whole; an attack may spoil it. Octets written. out: WIRE_MSG_MAX. */
size_t speaker_open_put(const struct speaker_conf *conf, uint8_t *out);

/*
 * As an operator would: the neighbour's failures are forgotten, so that it listens at once (RFC 4271 8.1, IdleHoldTime). A session
 * that stands is ended. name: Ravelin's; address and vrf: FRR's.
 */
void speaker_forgiven(
	struct attack_stage *st, const char *name, const char *address, const char *vrf);

/* 0 or -errno. The first: as it is, header included. The second: with a right header. */
int speaker_send(struct speaker *s, const void *octets, size_t len);
int speaker_message(struct speaker *s, uint8_t type, const void *body, size_t len);
enum speaker_event speaker_wait(struct speaker *s, unsigned ms);

/* Routes of one UPDATE, or as many as it takes. What is zero is right. */
struct speaker_route {
	const char *prefix;   /* "172.16.66.0/24" */
	unsigned count;	      /* so many of that length from there on; 0: one */
	const char *next_hop; /* NULL: our address */
	const uint8_t *
		path; /* AS_PATH's segments, 4 octets an AS; NULL: our AS, or empty to an internal neighbour */
	size_t n_path;
	const uint8_t *extra; /* attributes as they are: flags, type, length, value */
	size_t n_extra;
	enum wire_family family;
	uint64_t rd; /* VPN families: wire_rd_parse() */
	uint32_t label;
};

int speaker_update(struct speaker *s, const struct speaker_route *r);
int speaker_unreach(struct speaker *s, const struct speaker_route *r); /* takes them back */

/* An UPDATE for this IPv4 prefix with ORIGIN, AS_PATH (own AS), NEXT_HOP (local), then `extra` attribute octets as they are. */
int speaker_announce(struct speaker *s, const char *prefix, const void *extra, size_t n_extra);
int speaker_withdraw(struct speaker *s, const char *prefix);

/*
 * True: everything sent so far was taken in, and the session is still up. Sends a ROUTE-REFRESH, of which a router tells when
 * it has answered (RFC 7313 3), and what came before was read before; one that cannot that is believed once its kernel has it.
 */
bool speaker_settled(struct speaker *s, unsigned ms);

#endif
