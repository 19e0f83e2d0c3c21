/*
 * BMP (RFC 7854, RFC 9069): what stations are told of neighbours, their routes before and after policy, and the Loc-RIB.
 *
 *   before policy  each UPDATE as it came; to a station that is new, what the table has, with the attributes as they came
 *   after policy   what went into the table, and what was taken out again: rib_follow
 *   Loc-RIB        a station is a member of update groups like a neighbour, one a table (out/group); its view changes nothing
 *
 * A station that cannot follow: of the Loc-RIB it is told later what it missed, as a neighbour is. Neighbours' routes are not told from
 * a table but as they come; they wait, up to CORE_BMP_QUEUE_OCTETS, and then the station is begun anew after retry.
 *
 *   bmp.c          stations: dialled, up, lost, stopped          bmp_send.c     headers, what waits
 *   bmp_session.c  Peer Up, Peer Down, statistics                bmp_routes.c   neighbours' routes; bmp_locrib.c  Loc-RIBs
 */
#ifndef BGPD_CORE_BMP_H
#define BGPD_CORE_BMP_H

#include "bgpd/bmp/msg.h"
#include "bgpd/core/state.h"
#include "bgpd/wire/update.h"

#define CORE_BMP_QUEUE_OCTETS (16u << 20)
#define CORE_BMP_TEXT_MAX     160

enum core_bmp_phase { CORE_BMP_DOWN, CORE_BMP_DIALLED, CORE_BMP_UP };

/* Packs of neighbours' routes: by whether it is after policy, family, and what the session agreed (path identifiers, long messages). */
enum core_bmp_variant { CORE_BMP_PATH_ID = 1, CORE_BMP_LONG = 2 };
#define CORE_BMP_VARIANTS 4
struct core_bmp_packs {
	struct out_pack list[2][WIRE_FAMILIES][CORE_BMP_VARIANTS];
	bool any;
};

struct core_bmp_walk { /* over all tables, for a station that is new */
	bool on;
	uint32_t table, dest;
};

struct core_bmp_station {
	const struct conf_remote *conf; /* conf_remote_is_gone: an empty place, down */
	uint32_t remote;		/* index into conf remotes */
	unsigned number; /* among stations; as which update groups know its Loc-RIBs */
	enum core_bmp_phase phase;
	bool full;			   /* its connection takes no more */
	bool overrun;			   /* more waits than may: to be closed */
	uint64_t since_ms;		   /* in this phase */
	uint64_t redial_ms, statistics_ms; /* TIMERQ_NEVER */
	struct core_bmp_walk walk;
	struct core_bmp_packs packs; /* of the walk */
	struct out_block **queue;    /* what waits, oldest first, from queue_at */
	uint32_t queue_at, queue_n, queue_cap;
	size_t queue_octets, queue_peak;
	uint64_t messages, octets, ups, overruns;
	char reason[CORE_BMP_TEXT_MAX]; /* why it was lost last; "" */
};

struct core_bmp_session { /* what stations are told of a neighbour's session; each may be NULL */
	struct out_block *sent[FSM_SLOTS], *received[FSM_SLOTS]; /* OPENs, by connection */
	struct out_block *up_sent, *up_received;		 /* of the established session */
	struct out_block *notification;				 /* the last, whole */
	bool notification_received;
	uint16_t local_port, remote_port; /* 0: not known */
};

struct core_bmp { /* there without a station too: one that a reload brings wants the OPENs of sessions that stand */
	struct core_bmp_station *stations; /* CONF_STATIONS_MAX */
	unsigned n_stations;
	struct core_bmp_session *sessions; /* as conf->peers */
	struct out_view views[WIRE_FAMILIES][CORE_BMP_VARIANTS];
	struct core_bmp_packs packs; /* what changes, for every station that is up */
	unsigned wanted;	     /* enum conf_bmp_routes of those that are up */
	uint8_t update[WIRE_MSG_MAX_EXTENDED];
};

/* As in core/remotes.h; for those of this kind. */
void core_bmp_init(struct router *r);
void core_bmp_fini(struct router *r);
void core_bmp_start(struct core_run *run);
void core_bmp_stop(struct core_run *run);
void core_bmp_leave(struct core_run *run, const uint8_t *fates);
void core_bmp_keep(struct router *r);
void core_bmp_reload(struct core_run *run, const uint8_t *fates);
void core_bmp_step(struct core_run *run, const struct event *ev);
void core_bmp_tick(struct core_run *run);
uint64_t core_bmp_deadline(const struct router *r);
bool core_bmp_work(struct core_run *run, unsigned *budget);

/* --- from the router --- */

/* A message to or from the neighbour on one of its connections: OPENs and NOTIFICATIONs are kept. */
void core_bmp_sent(struct router *r, const struct core_peer *p, enum fsm_slot slot,
	const uint8_t *message, size_t len);
void core_bmp_received(struct router *r, const struct core_peer *p, enum fsm_slot slot,
	const struct wire_msg *msg);

/* The session is established, its source not yet there; ... is over, its source still there. */
void core_bmp_peer_up(struct core_run *run, const struct core_peer *p);
void core_bmp_peer_down(struct core_run *run, const struct core_peer *p);

/* An UPDATE that resets nothing has come, and is not yet in the table; ... is in it. */
void core_bmp_update(struct core_run *run, const struct core_peer *p, const struct wire_msg *msg,
	const struct wire_update *u);
void core_bmp_updated(struct core_run *run, const struct core_peer *p, const struct wire_update *u);

/* What changed in tables by something else than an UPDATE is told. Before the same may change again. */
void core_bmp_flush(struct core_run *run);

/* As out_emit_fn; peer is at least CORE_PEERS_MAX, which means a Loc-RIB of a station. */
void core_bmp_emit(struct core_run *run, uint32_t peer, struct out_block *block);

#endif
