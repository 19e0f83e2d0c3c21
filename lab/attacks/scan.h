/* A scan of the router's address in VPN A from ce-a1: what of it is answered, whatever the answer. */
#ifndef LAB_ATTACKS_SCAN_H
#define LAB_ATTACKS_SCAN_H

#include "lab/attacks/stage.h"

#define SCAN_PORTS_MAX 64

/* A SYN to each port, in turn from the CE's own address and from one behind it. Adds to out->sent and out->hit. */
void scan_tcp(
	struct attack_stage *st, struct attack_impact *out, const uint16_t *ports, unsigned n);

/* A datagram to each, heard by a program in the VPN's instance that waits for it. */
void scan_udp(
	struct attack_stage *st, struct attack_impact *out, const uint16_t *ports, unsigned n);

#endif
