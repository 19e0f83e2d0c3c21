/*
 * From one configuration to the next while the router runs: what becomes of each neighbour, VRF, port, cache and station, and what cannot
 * be changed so.
 *
 * All of them are named by their number everywhere (and across the process boundary), so each keeps the one that it has: next->peers, ->vrfs and
 * ->ports are put in that order, with an empty place where one is gone (conf_peer_is_gone, conf_vrf_is_gone, conf_port_is_gone), and new ones
 * behind. Both processes do this, and come to the same.
 *
 * Caches and stations have numbers in bgpd alone, which hears nothing any more of a connection that it closed: who is new takes an empty place of
 * the kind, or the one of who goes, so that next->n_remotes is never more than can be there at once.
 */
#ifndef CONF_ADOPT_H
#define CONF_ADOPT_H

#include <stdbool.h>

#include "conf/model.h"

/* Puts next in order. False: refused; next is as it was. The caller gives *out to conf_change_fini. */
bool conf_adopt(struct conf *next, const struct conf *now, struct conf_change *out);
void conf_change_fini(struct conf_change *c);

#endif
