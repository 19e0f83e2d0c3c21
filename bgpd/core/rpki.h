/*
 * Origin validation (RFC 6811, RFC 8210): sessions with caches, and what changes when they say something new: the routes whose
 * import chain asks are judged anew, once a second at most.
 */
#ifndef BGPD_CORE_RPKI_H
#define BGPD_CORE_RPKI_H

#include "bgpd/core/state.h"
#include "bgpd/rpki/aspa.h"
#include "bgpd/rpki/cache.h"
#include "bgpd/rpki/roa.h"

#define CORE_RPKI_AGAIN_MS 1000

struct core_cache {
	struct rpki_cache *cache; /* NULL: an empty place */
	uint32_t remote;	  /* index into conf remotes */
	bool up, quiet;		  /* quiet: that it cannot be reached has been said */
};

struct core_rpki {
	struct rpki_roas *roas;
	struct rpki_aspas *aspas;
	struct core_cache caches
		[RPKI_CACHES_MAX]; /* by number, as which rpki_roas knows them; a place of conf remotes keeps its own */
	unsigned n_caches;
	bool changed;		/* since routes were last judged anew ... */
	uint64_t not_before_ms; /* ... which is not to be again before */
	uint64_t judged;	/* how often they were */
};

/* As in core/remotes.h; for those of this kind. */
void core_rpki_init(struct router *r);
void core_rpki_fini(struct router *r);
void core_rpki_start(struct core_run *run);
void core_rpki_stop(struct core_run *run);
void core_rpki_reload(struct core_run *run, const uint8_t *fates);
void core_rpki_step(struct core_run *run, const struct event *ev);
void core_rpki_tick(struct core_run *run);
uint64_t core_rpki_deadline(const struct router *r);
bool core_rpki_work(struct core_run *run, unsigned *budget);

/* Some cache has said all that it knows, and not too long ago. */
bool core_rpki_is_known(const struct router *r);

/* The AS that originated a route; 0: none (RFC 6811 2). */
uint32_t core_rpki_origin(const struct router *r, const struct wire_attrs *a);

/* What the caches say of a route, whose attributes are as received. UNKNOWN and NONE as long as nothing is known. */
enum pol_rov core_rpki_rov(
	const struct router *r, const struct ip_prefix *prefix, const struct wire_attrs *a);
enum pol_aspa core_rpki_aspa(
	const struct router *r, const struct core_peer *p, const struct wire_attrs *a);

#endif
