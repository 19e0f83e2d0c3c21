/*
 * Who attacks routing: the neighbours of pe1 that no daemon speaks for, what they may say by right, and where a route is seen.
 *
 * A route that must not be there is looked for behind a marker: a right route of the same session, told last, whose arrival
 * at the same place says that what came before has been dealt with.
 */
#ifndef LAB_ATTACKS_RTG_H
#define LAB_ATTACKS_RTG_H

#include "lab/attacks/speaker.h"

enum rtg_who {
	RTG_CE_X, /* customer A's, max-prefix 1000, role customer */
	RTG_CE_T, /* customer A's other site, max-prefix 1000 */
	RTG_ASBR, /* p1's first address: another AS, agreed for IPv4 unicast */
	RTG_NEW,  /* p1's second: another AS, without a policy */
};

/* As it is configured; an attack may change it. */
struct speaker_conf rtg_conf(enum rtg_who who);

/* Its earlier failures forgiven, then dialled. As speaker_dial(). conf NULL: rtg_conf(). */
int rtg_dial(struct attack_stage *st, struct speaker *s, enum rtg_who who,
	const struct speaker_conf *conf);
void rtg_forgiven(struct attack_stage *st, enum rtg_who who);

/* The marker of this launch has reached that node's vrf-a. */
bool rtg_marked(struct attack_stage *st, struct speaker *s, const char *node);

/* The prefix is in that VRF's kernel table; once marked, a route that is to come is not far. */
bool rtg_taken(struct attack_stage *st, const char *node, const char *vrf, const char *prefix);

/* The other side ended the session: what came meanwhile is read. */
bool rtg_lost(struct speaker *s);

/* The same of a route that has to come: waited for. */
bool rtg_arrived(struct attack_stage *st, const char *node, const char *vrf, const char *prefix);

/* Routes within the prefix in a VRF of pe1's kernel. blackhole: of that type alone. */
unsigned rtg_count(struct attack_stage *st, const char *vrf, const char *within, bool blackhole);

/* ce-x tells the routes one by one, then the marker; those that are in that node's vrf-a have hit. */
void rtg_try(struct attack_stage *st, const char *node, const struct speaker_route *routes,
	unsigned n, struct attack_impact *out);

/* ce-x's own route reaches pe2. */
bool rtg_legit(struct attack_stage *st, char *what, size_t cap);

/* What the other AS may say is taken in, and the session stands. */
bool rtg_legit_asbr(struct attack_stage *st, char *what, size_t cap);

#endif
