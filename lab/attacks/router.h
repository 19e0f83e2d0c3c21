/*
 * The PE itself as what is attacked: packets made for it, what of them reached its kernel, and whether everybody else still lives.
 */
#ifndef LAB_ATTACKS_ROUTER_H
#define LAB_ATTACKS_ROUTER_H

#include "lab/attacks/frame.h"
#include "lab/attacks/stage.h"

/* Ethernet of a frame from one port to another, both "NODE:PORT". */
void router_frame(struct attack_stage *st, struct frame *f, const char *from, const char *to);

/* Ends the frame and sends it out of `from`; a fault goes to out->error. */
void router_send(
	struct attack_stage *st, struct frame *f, const char *from, struct attack_impact *out);

/* A counter of the PE's kernel, "TcpExt:TCPMD5NotFound"; -1: none. */
long long router_counter(struct attack_stage *st, const char *name);

/* Waits until it has grown by `by` since `before`, at most ms: by how much it has. */
unsigned router_counted(
	struct attack_stage *st, const char *name, long long before, unsigned by, unsigned ms);

/* attack_legit_fn: customer A's BGP session stands, and customer B's sites reach each other. */
bool router_others_live(struct attack_stage *st, char *what, size_t cap);

#endif
