/*
 * BGP as anybody, to a router under test: our own codec with deliberate faults, over a TCP connection made in a node's namespace.
 * Blocking, with deadlines; keepalives are sent while it waits.
 */
#ifndef LAB_ATTACKS_SPEAKER_H
#define LAB_ATTACKS_SPEAKER_H

#include "bgpd/wire/msg.h"
#include "lab/attacks/stage.h"

enum speaker_event {
	SPEAKER_NOTHING, /* the deadline passed */
	SPEAKER_MESSAGE, /* type in .type: OPEN, UPDATE, KEEPALIVE, ROUTE-REFRESH */
	SPEAKER_NOTIFICATION,
	SPEAKER_CLOSED, /* FIN or RST, without a NOTIFICATION */
};

struct speaker_conf {
	const char *node;  /* whose namespace: "ce-x" */
	const char *local; /* address to speak from; NULL: any */
	const char *remote;
	const char *password; /* TCP-MD5 (RFC 2385); NULL: none */
	uint32_t as;
	uint32_t id;	     /* 0: from local */
	uint16_t hold;	     /* 0: 90 s */
	uint8_t ttl;	     /* 0: the kernel's */
	const uint8_t *open; /* a whole OPEN message in place of a right one */
	size_t open_len;
};

struct speaker {
	int fd;
	struct speaker_conf conf;
	bool up; /* OPENs and KEEPALIVEs were exchanged */
	uint8_t in[65535];
	size_t n_in;
	uint8_t type; /* the last message, its octets behind the header at body */
	const uint8_t *body;
	size_t body_len;
	uint8_t code, subcode; /* the last NOTIFICATION */
};

/* Connected, and (unless conf.open is given) Established. 0, -ECONNREFUSED, -ETIMEDOUT, -EPROTO (NOTIFICATION: see code). ms: for all of it. */
int speaker_dial(
	struct speaker *s, struct attack_stage *st, const struct speaker_conf *conf, unsigned ms);
void speaker_close(struct speaker *s);

int speaker_send(struct speaker *s, const void *octets, size_t len); /* as it is, header included */
int speaker_message(
	struct speaker *s, uint8_t type, const void *body, size_t len); /* with a right header */
enum speaker_event speaker_wait(struct speaker *s, unsigned ms);

/* An UPDATE for this IPv4 prefix with ORIGIN, AS_PATH (own AS), NEXT_HOP (local), then `extra` attribute octets as they are. */
int speaker_announce(struct speaker *s, const char *prefix, const void *extra, size_t n_extra);
int speaker_withdraw(struct speaker *s, const char *prefix);

/* True: everything sent so far was taken in, and the session is still up. Sends a ROUTE-REFRESH or a marker route and waits for its effect. */
bool speaker_settled(struct speaker *s, unsigned ms);

#endif
