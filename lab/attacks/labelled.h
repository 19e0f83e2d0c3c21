/* Labelled frames of an attacker: any stack behind any tags, with UDP inside that the victim's port is known by. */
#ifndef LAB_ATTACKS_LABELLED_H
#define LAB_ATTACKS_LABELLED_H

#include "lab/attacks/frame.h"
#include "lab/attacks/stage.h"

#define LABELLED_TAGS_MAX  8
#define LABELLED_STACK_MAX 16

struct labelled {
	const char *from, *into; /* ports: "ce-a1:eth1", "pe1:eth2" */
	struct labelled_tag {
		uint16_t tpid, vid;
	} tag[LABELLED_TAGS_MAX]; /* outermost first; ended by a TPID of 0 */
	int stack
		[LABELLED_STACK_MAX]; /* labels, top first; -1 (attack_label() found none) is an error of the launch */
	unsigned n_stack; /* 0: plain IPv4 */
	bool bottomless;  /* S in none of them */
	uint8_t ttl;	  /* of all labels; 0: 64 */
	bool ttl_zero;
	uint16_t ethertype; /* 0: 0x8847 */
	const uint8_t *to;  /* MAC address; NULL: of `into` */
	struct frame_ip ip; /* src, dst NULL: 172.16.66.66 > 172.16.1.1; protocol 0: 17 */
};

/* Makes the frame with sequence number seq. False, and out->error: a port or a label that is not there. */
bool labelled_make(struct attack_stage *st, struct attack_impact *out, const struct labelled *l,
	uint16_t seq, struct frame *f);

/* Makes and sends one more stimulus: out->sent is its sequence number. */
void labelled_send(struct attack_stage *st, struct attack_impact *out, const struct labelled *l);

/* out->hit: how many came to the row's target; what was seen in words. */
void labelled_arrived(struct attack_stage *st, struct attack_impact *out);

#endif
