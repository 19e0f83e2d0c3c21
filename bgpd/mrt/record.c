#include "bgpd/mrt/record.h"

#include <string.h>

#include "bgpd/wire/aspath.h"
#include "bgpd/wire/ctx.h"
#include "bgpd/wire/family.h"
#include "bgpd/wire/update_put.h"

enum mrt_type { MRT_TABLE_DUMP_V2 = 13, MRT_BGP4MP_ET = 17 }; /* RFC 6396 4 */

enum mrt_table_subtype { /* RFC 6396 4.3, RFC 8050 3 */
	MRT_PEER_INDEX_TABLE = 1,
	MRT_RIB_IPV4_UNICAST = 2,
	MRT_RIB_GENERIC = 6,
	MRT_RIB_IPV4_UNICAST_ADDPATH = 8,
};

enum mrt_bgp_subtype { /* RFC 6396 4.4, RFC 8050 4 */
	MRT_MESSAGE = 1,
	MRT_MESSAGE_AS4 = 4,
	MRT_STATE_CHANGE_AS4 = 5,
	MRT_MESSAGE_LOCAL = 6,
	MRT_MESSAGE_AS4_LOCAL = 7,
	MRT_MESSAGE_ADDPATH = 8,
	MRT_MESSAGE_AS4_ADDPATH = 9,
	MRT_MESSAGE_LOCAL_ADDPATH = 10,
	MRT_MESSAGE_AS4_LOCAL_ADDPATH = 11,
};

enum mrt_peer_type { MRT_PEER_IPV6 = 1, MRT_PEER_AS4 = 2 }; /* RFC 6396 4.3.1 */

/* The common header (RFC 6396 2); where it begins. */
static size_t mrt_begin(struct wbuf *w, uint32_t now_s, enum mrt_type type, unsigned subtype)
{
	size_t begin = w->len;

	wbuf_put_u32(w, now_s);
	wbuf_put_u16(w, (uint16_t)type);
	wbuf_put_u16(w, (uint16_t)subtype);
	wbuf_put_u32(w, 0);
	return begin;
}

static void mrt_end(struct wbuf *w, size_t begin)
{
	if (!w->bad)
		wire_put_u32(w->base + begin + 8, (uint32_t)(w->len - begin - 12));
}

/* IP_NONE is written as 0.0.0.0. */
static void mrt_put_addr(struct wbuf *w, const struct ip_addr *a)
{
	wbuf_put(w, a->o, a->af == IP_V6 ? 16 : 4);
}

void mrt_put_peers(struct wbuf *w, uint32_t now_s, uint32_t collector_id, const char *view,
	const struct mrt_peer *list, unsigned n)
{
	size_t begin = mrt_begin(w, now_s, MRT_TABLE_DUMP_V2, MRT_PEER_INDEX_TABLE);
	size_t len = strlen(view);

	wbuf_put_u32(w, collector_id);
	wbuf_put_u16(w, (uint16_t)len);
	wbuf_put(w, view, len);
	wbuf_put_u16(w, (uint16_t)n);
	for (unsigned i = 0; i < n; i++) {
		bool v6 = list[i].addr.af == IP_V6;

		wbuf_put_u8(w, (uint8_t)(MRT_PEER_AS4 | (v6 ? MRT_PEER_IPV6 : 0)));
		wbuf_put_u32(w, list[i].id);
		mrt_put_addr(w, &list[i].addr);
		wbuf_put_u32(w, list[i].as);
	}
	mrt_end(w, begin);
}

static unsigned mrt_rib_subtype(enum wire_family f, bool add_path)
{
	if (f != WIRE_IPV4_UNICAST)
		return MRT_RIB_GENERIC;
	return add_path ? MRT_RIB_IPV4_UNICAST_ADDPATH : MRT_RIB_IPV4_UNICAST;
}

void mrt_rib_begin(struct mrt_rib *rib, struct wbuf *w, uint32_t now_s, uint32_t sequence,
	enum wire_family f, const struct wire_nlri *prefix, bool add_path)
{
	const struct wire_nlri_form form = {.family = f};

	*rib = (struct mrt_rib){.w = w, .family = f, .add_path = add_path};
	rib->begin = mrt_begin(w, now_s, MRT_TABLE_DUMP_V2, mrt_rib_subtype(f, add_path));
	wbuf_put_u32(w, sequence);
	if (f != WIRE_IPV4_UNICAST) { /* RFC 6396 4.3.3 */
		wbuf_put_u16(w, wire_family_get(f)->afi);
		wbuf_put_u8(w, wire_family_get(f)->safi);
	}
	wire_nlri_put(w, &form, prefix);
	rib->count = w->len;
	wbuf_put_u16(w, 0);
}

/* MP_REACH_NLRI cut down to the next hop: the rest stands in the record's head (RFC 6396 4.3.4). */
static void mrt_put_next_hop(struct wbuf *w, enum wire_family f, const struct ip_addr *a)
{
	static const uint8_t rd[8];
	unsigned lead = wire_family_get(f)->rd_octets, len = lead + (a->af == IP_V6 ? 16 : 4);

	wbuf_put_u8(w, 0x80); /* optional */
	wbuf_put_u8(w, WIRE_ATTR_MP_REACH);
	wbuf_put_u8(w, (uint8_t)(len + 1));
	wbuf_put_u8(w, (uint8_t)len);
	wbuf_put(w, rd, lead);
	mrt_put_addr(w, a);
}

bool mrt_rib_add(struct mrt_rib *rib, const struct mrt_rib_entry *e)
{
	static const struct wire_ctx ctx = {.as4 = true, .msg_max = UINT16_MAX};
	struct wbuf *w = rib->w;
	size_t begin = w->len;

	if (rib->n == UINT16_MAX)
		return false;
	wbuf_put_u16(w, e->peer);
	wbuf_put_u32(w, e->originated_s);
	if (rib->add_path) /* RFC 8050 4.1 */
		wbuf_put_u32(w, e->path_id);
	size_t len = wbuf_mark_u16(w);
	if (wire_update_is_mp(rib->family, &e->attrs->next_hop))
		mrt_put_next_hop(w, rib->family, &e->attrs->next_hop);
	wire_attrs_put(w, &ctx, rib->family, e->attrs);
	if (!w->bad && w->len - len - 2 > UINT16_MAX) {
		w->len = begin;
		return false;
	}
	wbuf_fill_u16(w, len);
	rib->n++;
	return true;
}

bool mrt_rib_end(struct mrt_rib *rib)
{
	struct wbuf *w = rib->w;

	if (rib->n == 0) {
		w->len = rib->begin;
		return false;
	}
	if (!w->bad) {
		w->base[rib->count] = (uint8_t)(rib->n >> 8);
		w->base[rib->count + 1] = (uint8_t)rib->n;
	}
	mrt_end(w, rib->begin);
	return true;
}

static void mrt_put_as(struct wbuf *w, uint32_t as, bool narrow)
{
	if (!narrow)
		wbuf_put_u32(w, as);
	else
		wbuf_put_u16(w, as > UINT16_MAX ? WIRE_AS_TRANS : (uint16_t)as);
}

/* Up to what the subtype adds (RFC 6396 3, 4.4.2): who spoke with whom. */
static size_t mrt_bgp_begin(
	struct wbuf *w, uint64_t now_us, const struct mrt_session *s, unsigned subtype, bool narrow)
{
	size_t begin = mrt_begin(w, (uint32_t)(now_us / 1000000), MRT_BGP4MP_ET, subtype);

	wbuf_put_u32(w, (uint32_t)(now_us % 1000000));
	mrt_put_as(w, s->peer_as, narrow);
	mrt_put_as(w, s->local_as, narrow);
	wbuf_put_u16(w, 0); /* interface: not known */
	wbuf_put_u16(w, s->peer.af == IP_V6 ? IP_V6 : IP_V4);
	mrt_put_addr(w, &s->peer);
	mrt_put_addr(w, &s->local);
	return begin;
}

void mrt_put_message(struct wbuf *w, uint64_t now_us, const struct mrt_session *s, bool sent,
	const uint8_t *bgp, size_t len)
{
	static const uint8_t subtypes[2][2][2] = {
		{{MRT_MESSAGE_AS4, MRT_MESSAGE_AS4_LOCAL},
			{MRT_MESSAGE_AS4_ADDPATH, MRT_MESSAGE_AS4_LOCAL_ADDPATH}},
		{{MRT_MESSAGE, MRT_MESSAGE_LOCAL},
			{MRT_MESSAGE_ADDPATH, MRT_MESSAGE_LOCAL_ADDPATH}}};
	size_t begin =
		mrt_bgp_begin(w, now_us, s, subtypes[s->narrow][s->add_path][sent], s->narrow);

	wbuf_put(w, bgp, len);
	mrt_end(w, begin);
}

void mrt_put_state(
	struct wbuf *w, uint64_t now_us, const struct mrt_session *s, uint16_t from, uint16_t to)
{
	size_t begin = mrt_bgp_begin(w, now_us, s, MRT_STATE_CHANGE_AS4, false);

	wbuf_put_u16(w, from);
	wbuf_put_u16(w, to);
	mrt_end(w, begin);
}
