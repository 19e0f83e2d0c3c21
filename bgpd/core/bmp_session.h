/* What stations are told of neighbours' sessions: Peer Up, Peer Down, statistics. Private to core/bmp. */
#ifndef BGPD_CORE_BMP_SESSION_H
#define BGPD_CORE_BMP_SESSION_H

#include "bgpd/core/bmp.h"

/* Peer Up of a neighbour that has a session. */
void core_bmp_say_up(struct core_run *run, struct core_bmp_station *s, const struct core_peer *p);

/* Of each neighbour that has a session, and of each Loc-RIB that it is told. */
void core_bmp_say_statistics(struct core_run *run, struct core_bmp_station *s);

void core_bmp_sessions_fini(struct router *r);

#endif
