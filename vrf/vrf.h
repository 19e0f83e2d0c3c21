/*
 * The VRFs of a PE (RFC 4364 3): their tables, targets and labels, and the walks that export them.
 *
 * A label's life, driven by the owner, who speaks with mplsfwd:
 *
 *   NONE --vrf_label_get--> PENDING (FIB_LABEL_ADD sent) --vrf_label_installed--> INSTALLED: routes are exported
 *     ^                        |  vrf_label_refused                                   |  vrf_label_drop: unexported
 *     |                        v                                                      v
 *     +------------------------+<--------------- vrf_label_deleted (acknowledged) -- LEAVING (FIB_LABEL_DEL sent)
 *
 * Nothing is exported outside INSTALLED, so no route is ever advertised before its pop entry exists. The number goes
 * into quarantine at vrf_label_deleted.
 *
 * Retains every route of the VPN table, imported by a VRF or not: which come into it is core/retain's business.
 */
#ifndef VRF_VRF_H
#define VRF_VRF_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/rib/memo.h"
#include "bgpd/rib/store.h"
#include "vrf/labelpool.h"
#include "vrf/rtindex.h"
#include "vrf/rtset.h"

enum vrf_label_state { VRF_LABEL_NONE, VRF_LABEL_PENDING, VRF_LABEL_INSTALLED, VRF_LABEL_LEAVING };

struct vrf_conf {
	const char *name; /* borrowed */
	uint64_t rd;
	struct vrf_rtset import, export;
	bool redistribute_static,
		redistribute_connected; /* else such routes are RIB_PATH_PRIVATE */
	uint32_t max_routes;		/* 0: no limit; see vrf/limit.h */
	bool drop_above_max;		/* else the limit only warns */
	bool keep_ce_rts; /* an export keeps the targets that a CE set (policy/guard let them in) */
};

struct vrf {
	uint16_t id; /* in struct vrfs; rib_table.vrf and rib_source.vrf of what is in it */
	struct vrf_conf conf;
	struct rib_table *table; /* WIRE_IPV4_UNICAST; owned by the store */
	enum vrf_label_state label_state;
	uint32_t label;	     /* WIRE_LABEL_NONE in VRF_LABEL_NONE */
	uint32_t label_kept; /* held for it since before this run; WIRE_LABEL_NONE */
	uint16_t static_source, connected_source, export_source;
	struct rib_job
		walk; /* over table: export or unexport everything, after the label state changed */
	struct rib_memo memo; /* exported attribute sets */
	struct rib_job
		refill; /* over the VPN table: imports that were left out, or all after the targets changed */
	uint64_t left_out; /* imports, above max_routes */
	bool missing;	   /* some of them would be looked for again */
};

struct vrfs {
	struct rib_store *store;
	struct rib_table *vpn; /* WIRE_VPNV4, the core's; made here */
	struct ip_addr
		self; /* next hop of what we export: our address in the core (RFC 4364 4.3.2) */
	struct vrf *list;
	uint16_t n, cap;
	uint16_t *was_in, *now_in; /* scratch of vrf_import_change, cap */
	struct vrf_rtindex imports;
	bool reimporting; /* some VRF may hold what it imports no more, until its refill is over */
	struct vrf_labelpool labels;
};

/* Makes the VPN table in st, which is borrowed and must outlive *vs. max_vrfs at most are added. */
void vrfs_init(struct vrfs *vs, struct rib_store *st, struct ip_addr self, uint16_t max_vrfs,
	const struct vrf_labelpool *labels);

/* Frees the tables, the VPN table included. */
void vrfs_fini(struct vrfs *vs);

/* A VRF with its table and its three local sources; its number counts from 0. If routes may be here, without targets: vrf_import_set follows. */
struct vrf *vrf_add(struct vrfs *vs, const struct vrf_conf *conf);

/*
 * Other import targets from now on (borrowed, as in vrf_conf): what stands in the VPN table is imported anew, in the
 * slices of vrfs_work().
 */
void vrf_import_set(struct vrfs *vs, struct vrf *v, const struct vrf_rtset *import);

/* Other export targets, or another next hop in vs->self: what was exported is exported anew, by vrfs_work(). Borrowed, as above. */
void vrf_export_set(
	struct vrfs *vs, struct vrf *v, const struct vrf_rtset *export, bool keep_ce_rts);

/*
 * The last of it: when it holds nothing any more (vrf_is_empty: no route, no label, no walk), its sources and the memory of its table are given
 * back. Its number stays, with an empty table that nothing goes into.
 */
bool vrf_is_empty(const struct vrf *v);
void vrf_end(struct vrfs *vs, struct vrf *v, uint64_t now_ms);

/* A static or connected route of the VRF appears or goes. next_hop: IP_NONE for connected ones. */
void vrf_local_add(struct vrfs *vs, struct vrf *v, enum rib_source_kind kind,
	const struct ip_prefix *p, struct ip_addr next_hop);
void vrf_local_del(
	struct vrfs *vs, struct vrf *v, enum rib_source_kind kind, const struct ip_prefix *p);

/*
 * The label that a run before this one has given out for v, and that remote PEs send with: it is v's next one. NULL for
 * v, or a second one: nobody's, into quarantine. Before any vrf_label_get.
 */
void vrf_label_keep(struct vrfs *vs, struct vrf *v, uint32_t label, uint64_t now_ms);

/* Allocates; false and no change if the pool has none now. The caller sends FIB_LABEL_ADD. */
bool vrf_label_get(struct vrfs *vs, struct vrf *v, uint64_t now_ms);
void vrf_label_installed(struct vrfs *vs, struct vrf *v); /* FIB_ACK 0: exporting begins */
void vrf_label_refused(struct vrfs *vs, struct vrf *v, uint64_t now_ms); /* FIB_ACK with an error */

/* Begins to withdraw what was exported, with vrfs_work(); when vrf_label_is_idle(), send FIB_LABEL_DEL after what
 * out_set_work() emits: the neighbours hear of the withdrawal before the pop entry goes. */
void vrf_label_drop(struct vrfs *vs, struct vrf *v);
bool vrf_label_is_idle(
	const struct vrf *v); /* LEAVING, and consumers have seen the last export go */
void vrf_label_deleted(struct vrfs *vs, struct vrf *v, uint64_t now_ms);
const char *vrf_label_state_name(
	enum vrf_label_state s); /* "none", "pending", "installed", "leaving" */

/* Export walks, up to *budget destinations. True if work is left. */
bool vrfs_work(struct vrfs *vs, unsigned *budget);

/*
 * Consumer of the change queue: call for every change of every table. Changes of the VPN table are imported into
 * the VRFs (vrf/import), those of a VRF's table exported into the VPN table (vrf/export).
 */
void vrfs_change(struct vrfs *vs, const struct rib_change *c);

#endif
