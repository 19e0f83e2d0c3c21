/* Looking at a port: which of the lab's own packets (known by their nonce) come by. AF_PACKET, no program needed. */
#ifndef LAB_WATCH_H
#define LAB_WATCH_H

#include "lab/packet.h"
#include "lab/run.h"

struct lab_watch {
	const struct lab_end *end;
	int fd;
	unsigned requests; /* echo requests with the nonce, coming in */
	uint64_t
		syn_acks; /* answers to the nonce's SYNs, coming in: bit i of sequence number i + 1 */
	unsigned all;	  /* anything with the nonce, in or out */
	unsigned n_first; /* the first request and the first reply that came by, as text */
	char first[2][128];
	struct lab_packet request; /* the first request; its nonce is no longer valid */
};

/* 0 or -errno. Sees what comes by from now on. */
int lab_watch_open(struct lab_watch *w, const struct lab_run *r, const struct lab_end *end);
void lab_watch_drain(struct lab_watch *w, const uint8_t nonce[LAB_NONCE_LEN]);
void lab_watch_close(struct lab_watch *w);

#endif
