/*
 * Sight of every port of the network: AF_PACKET sockets that are open all the time, so that "nothing arrived" is said of
 * everywhere, and the evidence is what really passed.
 *
 * Between attack_sights_begin() and _end() frames are kept that carry the nonce, and those that the attack or the recorder
 * finds worth it (BGP, ARP, DHCP, ICMP at ports of the PE): ATTACK_SIGHTS_MAX each launch, ATTACK_PORT_SIGHTS_MAX a port and launch; what is more is counted,
 * not kept.
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
#define ATTACK_SNAP	       512 /* octets kept of a frame */
#define ATTACK_PORTS_MAX       64

struct attack_sight {
	uint64_t us;	/* CLOCK_REALTIME */
	uint16_t port;	/* index into attack_sights.port */
	bool in;	/* into this port, from the wire */
	bool tagged;	/* the kernel had taken a VLAN tag off: put back in octets */
	uint16_t len;	/* kept */
	uint32_t whole; /* of the frame */
	uint8_t octets[ATTACK_SNAP];
};

struct attack_port {
	struct lab_end end;
	char name[40]; /* "ce-a1:eth1" */
	int fd;
	unsigned kept, passed; /* since begin: sights; all frames with the nonce */
};

struct attack_sights {
	struct attack_port port[ATTACK_PORTS_MAX];
	unsigned n_ports;
	struct attack_sight sight[ATTACK_SIGHTS_MAX];
	unsigned n_sights;
	uint8_t nonce[LAB_NONCE_LEN];
	bool on;
};

typedef bool attack_match_fn(const struct attack_sight *s, void *arg);

/* Opens every port of the run's topology (sub-interfaces are seen tagged at their parent). 0 or -errno. */
int attack_sights_init(struct attack_sights *s, const struct lab_run *r);
void attack_sights_fini(struct attack_sights *s);

void attack_sights_begin(struct attack_sights *s, const uint8_t nonce[LAB_NONCE_LEN]);
void attack_sights_drain(struct attack_sights *s); /* never blocks */
void attack_sights_end(struct attack_sights *s);

/* How many distinct stimuli came into that port: by nonce and sequence number; or those that match (kept sights only). */
unsigned attack_sights_arrived(const struct attack_sights *s, const char *port);
unsigned attack_sights_matched(
	const struct attack_sights *s, const char *port, attack_match_fn *match, void *arg);

/* Nonce and 2-octet sequence number after it, anywhere in a frame. False: not there. */
bool attack_sight_nonce(
	const struct attack_sight *s, const uint8_t nonce[LAB_NONCE_LEN], uint16_t *seq);

/* Sends what was kept to the outside: {"ev":"packet",...} as docs/attack-report says. */
void attack_sights_tell(const struct attack_sights *s, struct lab_run *r, const char *attack,
	const char *phase, const char *comment);

#endif
