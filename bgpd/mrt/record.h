/*
 * MRT records (RFC 6396; paths with identifiers: RFC 8050): values to octets. Pure.
 *
 *   TABLE_DUMP_V2   PEER_INDEX_TABLE once, then RIB records: RIB_IPV4_UNICAST, RIB_IPV4_UNICAST_ADDPATH, RIB_GENERIC
 *   BGP4MP_ET       MESSAGE_AS4 or MESSAGE_AS4_ADDPATH, and _LOCAL of both for what we send; the same without _AS4 for an AS_PATH of two
 *                   octets an AS; STATE_CHANGE_AS4
 *
 * RIB_GENERIC_ADDPATH is left out: where RFC 8050 puts its path identifier (the NLRI), readers do not look.
 */
#ifndef BGPD_MRT_RECORD_H
#define BGPD_MRT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/attr.h"
#include "bgpd/wire/nlri.h"
#include "lib/prefix.h"
#include "lib/wbuf.h"

struct mrt_peer {
	uint32_t id, as;
	struct ip_addr addr; /* IP_NONE: this router itself, written as 0.0.0.0 */
};

struct mrt_rib_entry {
	uint16_t peer; /* index */
	uint32_t originated_s;
	uint32_t path_id; /* with add_path */
	const struct wire_attrs *attrs;
};

struct mrt_rib { /* a record under construction */
	struct wbuf *w;
	enum wire_family family;
	bool add_path;
	size_t begin, count; /* of the record; of its number of entries */
	uint16_t n;
};

struct mrt_session {
	uint32_t peer_as, local_as;
	struct ip_addr peer, local; /* of one family */
	bool add_path;
	bool narrow; /* the message has AS numbers of two octets (RFC 6396 4.4.2) */
};

/* A whole record. A full w turns bad. n <= 65535. */
void mrt_put_peers(struct wbuf *w, uint32_t now_s, uint32_t collector_id, const char *view,
	const struct mrt_peer *list, unsigned n);

/*
 * A RIB record, one entry a path. VPNv4 has one label a record, that of prefix; add_path is for IPv4 unicast only.
 * mrt_rib_add(): false, and nothing is written, if the attributes are longer than an entry can say. mrt_rib_end(): false, and w is as it
 * was, if there is no entry. A full w turns bad.
 */
void mrt_rib_begin(struct mrt_rib *rib, struct wbuf *w, uint32_t now_s, uint32_t sequence,
	enum wire_family f, const struct wire_nlri *prefix, bool add_path);
bool mrt_rib_add(struct mrt_rib *rib, const struct mrt_rib_entry *e);
bool mrt_rib_end(struct mrt_rib *rib);

/* A whole record each: a BGP message with its header, or a change of state (RFC 4271 8.2.2: 1 Idle to 6 Established). */
void mrt_put_message(struct wbuf *w, uint64_t now_us, const struct mrt_session *s, bool sent,
	const uint8_t *bgp, size_t len);
void mrt_put_state(
	struct wbuf *w, uint64_t now_us, const struct mrt_session *s, uint16_t from, uint16_t to);

#endif
