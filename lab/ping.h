/* Echo requests from a node, each batch with its own nonce, so that who saw them is known and not assumed. */
#ifndef LAB_PING_H
#define LAB_PING_H

#include "lab/packet.h"
#include "lab/run.h"

struct lab_ping {
	unsigned sent, answered;
	unsigned first_us;	    /* round trip of the first answer */
	struct ip_addr answered_by; /* source of the first answer */
	struct ip_addr refused_by;  /* who said unreachable; IP_NONE: nobody */
	uint8_t nonce[LAB_NONCE_LEN];
};

void lab_ping_nonce(uint8_t nonce[LAB_NONCE_LEN]);

/* count requests, one after the other, each waiting timeout_ms for its answer. 0 or -errno (nothing could be sent). */
int lab_ping_run(
	struct lab_ping *p, const struct lab_run *r, const struct lab_step *s, unsigned timeout_ms);

#endif
