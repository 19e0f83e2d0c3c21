/*
 * MRT records (RFC 6396; ADD-PATH subtypes: RFC 8050): values to octets. Pure.
 *
 *   TABLE_DUMP_V2   PEER_INDEX_TABLE once, then a RIB record a prefix: RIB_IPV4_UNICAST, RIB_GENERIC for VPNv4, *_ADDPATH
 *   BGP4MP_ET       MESSAGE_AS4 (or _ADDPATH), STATE_CHANGE_AS4
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
	struct ip_addr addr; /* IP_NONE: this router itself */
};

struct mrt_rib_entry {
	uint16_t peer; /* index */
	uint32_t originated_s;
	uint32_t path_id; /* with add_path */
	const struct wire_attrs *attrs;
	uint32_t label; /* VPNv4 */
};

struct mrt_session {
	uint32_t peer_as, local_as;
	struct ip_addr peer, local;
	bool add_path;
};

/* Each writes a whole record; false: no room. */
bool mrt_put_peers(struct wbuf *w, uint32_t now_s, uint32_t collector_id, const char *view,
	const struct mrt_peer *list, unsigned n);
bool mrt_put_rib(struct wbuf *w, uint32_t now_s, uint32_t sequence, enum wire_family f,
	const struct wire_nlri *prefix, bool add_path, const struct mrt_rib_entry *list,
	unsigned n);
bool mrt_put_message(struct wbuf *w, uint64_t now_us, const struct mrt_session *s, bool sent,
	const uint8_t *bgp, size_t len);
bool mrt_put_state(
	struct wbuf *w, uint64_t now_us, const struct mrt_session *s, uint16_t from, uint16_t to);

#endif
