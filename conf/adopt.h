/*
 * From one configuration to the next while the router runs: what becomes of each neighbour, and what cannot be changed so.
 *
 * Neighbours are named by their number everywhere (and across the process boundary), so each keeps the one that it has: next->peers is put in
 * that order, with an empty place where one is gone (conf_peer_is_gone), and new ones behind. Both processes do this, and come to the same.
 */
#ifndef CONF_ADOPT_H
#define CONF_ADOPT_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/model.h"

struct conf_change {
	uint8_t *fates; /* enum conf_fate, by number: next->n_peers of them */
	unsigned counts[CONF_FATE_NEW + 1];
	char refused[512]; /* what only a restart can change, by path; "": nothing */
};

/* Puts next in order. False: refused; next is as it was. The caller gives *out to conf_change_fini. */
bool conf_adopt(struct conf *next, const struct conf *now, struct conf_change *out);
void conf_change_fini(struct conf_change *c);

#endif
