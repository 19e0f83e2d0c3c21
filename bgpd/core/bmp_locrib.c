#include "bgpd/core/bmp_locrib.h"

#include "bgpd/core/bmp_send.h"
#include "lib/check.h"

#define LOC_RIBS_MAX	    (1 + CORE_VRFS_MAX)
#define OPEN_OCTETS	    256
#define DOWN_LOCAL_TLV	    6 /* Local system closed, TLV data follows (RFC 9069 4.5) */
#define TLV_TABLE_NAME	    3
#define STAT_LOC_RIB	    8
#define STAT_LOC_RIB_FAMILY 10

static unsigned loc_ribs(const struct router *r)
{
	return 1 + r->conf->n_vrfs;
}

/* As update groups know it: neighbours' numbers come first. */
static uint32_t number_of(const struct core_bmp_station *s, unsigned k)
{
	return CORE_PEERS_MAX + s->number * LOC_RIBS_MAX + k;
}

static bool is_gone(const struct router *r, unsigned k)
{
	return k > 0 && conf_vrf_is_gone(&r->conf->vrfs[k - 1]);
}

static struct rib_table *table_of(const struct router *r, unsigned k, enum wire_family f)
{
	if (k > 0)
		return f == WIRE_IPV4_UNICAST ? r->vrfs.list[k - 1].table : NULL;
	if (f == WIRE_RT_CONSTRAINT)
		return r->rtc.table;
	return f == WIRE_VPNV4 ? r->vrfs.vpn : r->core_ipv4;
}

static const char *name_of(const struct router *r, unsigned k)
{
	return k ? r->conf->vrfs[k - 1].name : "global"; /* RFC 9069 4.3 */
}

/* Whether routes may be here that only a long message holds (RFC 8654). */
static bool is_long(const struct router *r)
{
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		if (!r->conf->peers[i].no_extended_messages)
			return true;
	return false;
}

/* RFC 9069 4.2: what such a session would have agreed; both OPENs are this one. */
static void open_put(const struct core_run *run, unsigned k, struct wbuf *w)
{
	const struct router *r = run->r;
	const struct bmp_peer head = core_bmp_loc_rib_head(run, k);
	struct wire_open open = {
		.as = head.as, .id = head.id, .mp = true, .as4 = true, .role = WIRE_ROLE_NONE};

	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		if (table_of(r, k, f))
			open.families |= WIRE_FAMILY_BIT(f);
	open.extended_message = is_long(r);
	for (unsigned i = 0; i < r->conf->n_peers; i++)
		if (r->conf->peers[i].extended_next_hop)
			open.extended_next_hop =
				open.families & ~WIRE_FAMILY_BIT(WIRE_RT_CONSTRAINT);
	wire_open_put(w, &open);
	CHECK(wbuf_ok(w));
}

static void say_up(struct core_run *run, struct core_bmp_station *s, unsigned k)
{
	const struct ip_addr none = {0};
	struct bmp_peer head = core_bmp_loc_rib_head(run, k);
	uint8_t open[OPEN_OCTETS], octets[3 * OPEN_OCTETS];
	struct wbuf o = wbuf_of(open, sizeof(open)), w = wbuf_of(octets, sizeof(octets));

	open_put(run, k, &o);
	CHECK(bmp_put_peer_up(
		&w, &head, &none, 0, 0, open, o.len, open, o.len, name_of(run->r, k)));
	core_bmp_send_octets(run, s, &w);
}

static void join(struct core_run *run, struct core_bmp_station *s, unsigned k)
{
	struct router *r = run->r;
	unsigned variant = is_long(r) ? CORE_BMP_LONG : 0;

	say_up(run, s, k);
	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		struct rib_table *t = table_of(r, k, f);

		if (t)
			out_set_join(&r->out, t, &r->bmp->views[f][variant], number_of(s, k),
				RIB_SOURCE_NONE);
	}
	if (s->full)
		out_set_pause(&r->out, number_of(s, k));
}

void core_bmp_loc_ribs_join(struct core_run *run, struct core_bmp_station *s)
{
	if (s->conf->routes & CONF_BMP_LOC_RIB)
		for (unsigned k = 0; k < loc_ribs(run->r); k++)
			if (!is_gone(run->r, k))
				join(run, s, k);
}

void core_bmp_loc_ribs_leave(struct router *r, const struct core_bmp_station *s)
{
	if (s->conf->routes & CONF_BMP_LOC_RIB)
		for (unsigned k = 0; k < loc_ribs(r); k++)
			out_set_leave(&r->out, number_of(s, k));
}

void core_bmp_loc_ribs_flow(struct router *r, const struct core_bmp_station *s)
{
	if (!(s->conf->routes & CONF_BMP_LOC_RIB))
		return;
	for (unsigned k = 0; k < loc_ribs(r); k++)
		if (s->full)
			out_set_pause(&r->out, number_of(s, k));
		else
			out_set_resume(&r->out, number_of(s, k));
}

void core_bmp_emit(struct core_run *run, uint32_t peer, struct out_block *block)
{
	struct router *r = run->r;
	unsigned n = peer - CORE_PEERS_MAX;
	struct core_bmp_station *s = &r->bmp->stations[n / LOC_RIBS_MAX];
	struct bmp_peer head = core_bmp_loc_rib_head(run, n % LOC_RIBS_MAX);
	struct out_block *wrapped = core_bmp_wrap(&head, block->data, block->len);

	core_bmp_send(run, s, wrapped);
	out_block_unref(wrapped);
}

static void say_down(struct core_run *run, struct core_bmp_station *s, unsigned k)
{
	uint8_t octets[OPEN_OCTETS], tlv[OPEN_OCTETS];
	struct bmp_peer head = core_bmp_loc_rib_head(run, k);
	struct wbuf w = wbuf_of(octets, sizeof(octets)), t = wbuf_of(tlv, sizeof(tlv));
	const char *name = name_of(run->r, k);

	wbuf_put_u16(&t, TLV_TABLE_NAME);
	wbuf_put_u16(&t, (uint16_t)strlen(name));
	wbuf_put(&t, name, strlen(name));
	CHECK(wbuf_ok(&t) && bmp_put_peer_down(&w, &head, DOWN_LOCAL_TLV, tlv, t.len));
	core_bmp_send_octets(run, s, &w);
}

void core_bmp_loc_ribs_down(struct core_run *run, struct core_bmp_station *s)
{
	if (s->conf->routes & CONF_BMP_LOC_RIB)
		for (unsigned k = 0; k < loc_ribs(run->r); k++)
			if (!is_gone(run->r, k))
				say_down(run, s, k);
}

static bool is_told(const struct core_bmp_station *s)
{
	return s->phase == CORE_BMP_UP && s->conf->routes & CONF_BMP_LOC_RIB;
}

void core_bmp_loc_rib_begin(struct core_run *run, unsigned k)
{
	struct core_bmp *b = run->r->bmp;

	for (unsigned i = 0; b && i < b->n_stations; i++)
		if (is_told(&b->stations[i]))
			join(run, &b->stations[i], k);
}

void core_bmp_loc_rib_end(struct core_run *run, unsigned k)
{
	struct core_bmp *b = run->r->bmp;

	for (unsigned i = 0; b && i < b->n_stations; i++) {
		struct core_bmp_station *s = &b->stations[i];

		if (!is_told(s))
			continue;
		out_set_leave(&run->r->out, number_of(s, k));
		say_down(run, s, k);
	}
}

static unsigned loc_rib_stats(
	const struct router *r, uint32_t number, unsigned k, struct bmp_stat out[1 + WIRE_FAMILIES])
{
	unsigned n = 1;

	out[0] = (struct bmp_stat){.type = STAT_LOC_RIB, .gauge = true};
	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		if (!table_of(r, k, f))
			continue;
		out[n] = (struct bmp_stat){.type = STAT_LOC_RIB_FAMILY,
			.gauge = true,
			.value = out_set_count(&r->out, number, f),
			.afi = wire_family_get(f)->afi,
			.safi = wire_family_get(f)->safi};
		out[0].value += out[n++].value;
	}
	return n;
}

void core_bmp_loc_rib_statistics(struct core_run *run, struct core_bmp_station *s)
{
	struct bmp_stat list[1 + WIRE_FAMILIES];
	uint8_t octets[OPEN_OCTETS];

	for (unsigned k = 0; s->conf->routes & CONF_BMP_LOC_RIB && k < loc_ribs(run->r); k++) {
		struct bmp_peer head = core_bmp_loc_rib_head(run, k);
		struct wbuf w = wbuf_of(octets, sizeof(octets));

		if (is_gone(run->r, k))
			continue;
		CHECK(bmp_put_statistics(
			&w, &head, list, loc_rib_stats(run->r, number_of(s, k), k, list)));
		core_bmp_send_octets(run, s, &w);
	}
}
