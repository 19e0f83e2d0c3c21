/*
 * Sight of every port of the network: AF_PACKET sockets that are open all the time, so that "nothing arrived" is said of
 * everywhere, and the evidence is what really passed.
 *
 * Between attack_sights_begin() and _end() frames are kept that carry the nonce, and those that are worth it without: TCP of BGP, ARP,
 * DHCP, ICMP. ATTACK_SIGHTS_MAX a launch, ATTACK_PORT_SIGHTS_MAX a port and launch, of which those without the nonce take at most
 * ATTACK_PORT_OTHERS_MAX; what is more is counted, not kept. Arrivals are counted of all frames, kept or not.
 *
 * A port's socket holds ATTACK_PORT_BUFFER; a flood fills it and is from there on refused by the kernel before anything is copied, so that
 * looking costs next to nothing. How many were missed that way is in `lost`: who counts arrivals of a flood asks for it. Between
 * launches the kernel hands over nothing.
 *
 * A frame coming into a port is seen before tc and after XDP: one that the guard dropped in XDP is seen going out of the neighbour's port
 * only. A tag that the driver or the kernel took off is put back (packet(7), PACKET_AUXDATA).
 */
#ifndef LAB_ATTACKS_SIGHT_H
#define LAB_ATTACKS_SIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/packet.h"
#include "lab/run.h"

#define ATTACK_SIGHTS_MAX      256
#define ATTACK_PORT_SIGHTS_MAX 32
#define ATTACK_PORT_OTHERS_MAX 24
#define ATTACK_SNAP	       512 /* octets kept of a frame */
#define ATTACK_PORTS_MAX       64
#define ATTACK_PORT_BUFFER     (256 * 1024)
#define ATTACK_TOLD_MAX	       40 /* frames of a launch that go to the outside */

struct attack_sight {
	uint64_t us;   /* CLOCK_REALTIME, when the kernel saw it */
	uint16_t port; /* index into attack_sights.port */
	bool in;       /* into this port, from the wire */
	bool tagged;   /* the kernel had taken a VLAN tag off: put back in octets */
	bool ours;     /* carries the nonce; its sequence number in seq */
	uint16_t seq;
	uint16_t len;	/* kept */
	uint32_t whole; /* of the frame */
	uint8_t octets[ATTACK_SNAP];
};

struct attack_port {
	struct lab_end end;
	char name[40]; /* "ce-a1:eth1" */
	int fd;
	unsigned kept, others,
		passed;	  /* since begin: sights, those without the nonce; all frames with it */
	unsigned arrived; /* distinct sequence numbers that came in */
	unsigned lost;	  /* frames that the socket had no room for */
	uint64_t *seen;	  /* a bit a sequence number */
};

struct attack_sights {
	struct attack_port port[ATTACK_PORTS_MAX];
	unsigned n_ports;
	struct attack_sight sight[ATTACK_SIGHTS_MAX];
	unsigned n_sights;
	uint8_t nonce[LAB_NONCE_LEN];
	const struct attack_port *watched; /* NULL: none */
	bool on;
};

typedef bool attack_match_fn(const struct attack_sight *s, void *arg);

/* Opens every port of the run's topology (sub-interfaces are seen tagged at their parent). 0 or -errno; attack_sights_fini() in either case. */
int attack_sights_init(struct attack_sights *s, const struct lab_run *r);
void attack_sights_fini(struct attack_sights *s);

void attack_sights_begin(struct attack_sights *s, const uint8_t nonce[LAB_NONCE_LEN]);
void attack_sights_drain(struct attack_sights *s); /* never blocks; at most what stood there */
void attack_sights_end(struct attack_sights *s);   /* what was seen stays until the next begin */

/* Until the next begin: on that port every frame is worth keeping, since it is where the attacker is. No such port: nothing changes. */
void attack_sights_watch(struct attack_sights *s, const char *port);

/*
 * How many distinct stimuli came into that port: by nonce and sequence number; or those that match (kept sights only; of
 * those with the nonce a sequence number counts once). 0 of a port that is none.
 */
unsigned attack_sights_arrived(const struct attack_sights *s, const char *port);
unsigned attack_sights_matched(
	const struct attack_sights *s, const char *port, attack_match_fn *match, void *arg);

/*
 * After the end: a port that missed frames of this launch, so that something may have come in there unseen; not of the watched port's link,
 * where the attacker's own flood is what is missed. NULL: none.
 */
const char *attack_sights_blind(const struct attack_sights *s);

/* Nonce and 2-octet sequence number after it, anywhere in a frame; seq may be NULL. False: not there. */
bool attack_sight_nonce(
	const struct attack_sight *s, const uint8_t nonce[LAB_NONCE_LEN], uint16_t *seq);

/*
 * Sends what was kept to the outside, ATTACK_TOLD_MAX frames, those with the nonce first, then those of the watched port: {"ev":"packet",...} each, and {"ev":"sights","attack","phase",
 * "seen","kept","told","lost","blind"}. comment: for every frame of the launch; NULL or "": none.
 */
void attack_sights_tell(const struct attack_sights *s, struct lab_run *r, const char *attack,
	const char *phase, const char *comment);

#endif
