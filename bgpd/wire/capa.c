#include "bgpd/wire/capa.h"

#include "bgpd/wire/family.h"
#include "lib/check.h"

struct capa_desc {
	uint8_t code;
	uint8_t len;  /* octets of the value, at least */
	uint8_t unit; /* ... and a multiple of this more; 0: no more */
	void (*get)(struct rbuf *value, struct wire_open *out);
	void (*put)(struct wbuf *w, const struct capa_desc *row, const struct wire_open *o);
};

#define GR_RESTARTING	0x8000u /* R: RFC 4724 3 */
#define GR_NOTIFICATION 0x4000u /* N: RFC 8538 2 */
#define GR_TIME		0x0fffu
#define GR_FORWARDING	0x80u /* F, of each family; RFC 9494 3.1 has it too */

enum { ADD_PATH_RECEIVE = 1, ADD_PATH_SEND = 2 }; /* RFC 7911 4; 3: both */

static void capa_head_put(struct wbuf *w, const struct capa_desc *row, unsigned families)
{
	wbuf_put_u8(w, row->code);
	wbuf_put_u8(w, (uint8_t)(row->len + row->unit * families));
}

static bool family_is_in(uint32_t families, unsigned f)
{
	return (families & WIRE_FAMILY_BIT(f)) != 0;
}

static void family_set(uint32_t *families, enum wire_family f, bool on)
{
	*families = on ? *families | WIRE_FAMILY_BIT(f) : *families & ~WIRE_FAMILY_BIT(f);
}

static enum wire_family family_get(struct rbuf *r)
{
	uint16_t afi = rbuf_get_u16(r);

	return wire_family_find(afi, rbuf_get_u8(r));
}

static void family_put(struct wbuf *w, enum wire_family f)
{
	wbuf_put_u16(w, wire_family_get(f)->afi);
	wbuf_put_u8(w, wire_family_get(f)->safi);
}

/* RFC 4760 8: afi(2) reserved(1) safi(1), one capability a family. */
static void capa_mp_get(struct rbuf *value, struct wire_open *out)
{
	uint16_t afi = rbuf_get_u16(value);
	(void)rbuf_get_u8(value);
	enum wire_family f = wire_family_find(afi, rbuf_get_u8(value));

	out->mp = true;
	if (f != WIRE_FAMILIES)
		out->families |= WIRE_FAMILY_BIT(f);
}

static void capa_mp_put(struct wbuf *w, const struct capa_desc *row, const struct wire_open *o)
{
	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		if (!family_is_in(o->families, f))
			continue;
		capa_head_put(w, row, 0);
		wbuf_put_u16(w, wire_family_get(f)->afi);
		wbuf_put_u8(w, 0);
		wbuf_put_u8(w, wire_family_get(f)->safi);
	}
}

/* RFC 2918 2: empty. */
static void capa_refresh_get(struct rbuf *value, struct wire_open *out)
{
	out->refresh = true;
}

static void capa_refresh_put(struct wbuf *w, const struct capa_desc *row, const struct wire_open *o)
{
	if (o->refresh)
		capa_head_put(w, row, 0);
}

/* RFC 8950 4: afi(2) safi(2) next_hop_afi(2), any number; what is not IPv6 for a family of ours says nothing. */
static void capa_next_hop_get(struct rbuf *value, struct wire_open *out)
{
	while (rbuf_left(value) > 0) {
		uint16_t afi = rbuf_get_u16(value), safi = rbuf_get_u16(value);
		uint16_t next_hop = rbuf_get_u16(value);
		enum wire_family f =
			safi > UINT8_MAX ? WIRE_FAMILIES : wire_family_find(afi, (uint8_t)safi);

		if (f != WIRE_FAMILIES && next_hop == IP_V6)
			out->extended_next_hop |= WIRE_FAMILY_BIT(f);
	}
}

static void capa_next_hop_put(
	struct wbuf *w, const struct capa_desc *row, const struct wire_open *o)
{
	if (!o->extended_next_hop)
		return;
	capa_head_put(w, row, (unsigned)__builtin_popcount(o->extended_next_hop));
	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		if (!family_is_in(o->extended_next_hop, f))
			continue;
		wbuf_put_u16(w, wire_family_get(f)->afi);
		wbuf_put_u16(w, wire_family_get(f)->safi);
		wbuf_put_u16(w, IP_V6);
	}
}

/* RFC 8654 3: empty. */
static void capa_extended_get(struct rbuf *value, struct wire_open *out)
{
	out->extended_message = true;
}

static void capa_extended_put(
	struct wbuf *w, const struct capa_desc *row, const struct wire_open *o)
{
	if (o->extended_message)
		capa_head_put(w, row, 0);
}

/* RFC 9234 4.1: role(1). 255 is reserved, and no role: it stands for another that nobody has. */
static void capa_role_get(struct rbuf *value, struct wire_open *out)
{
	uint8_t role = rbuf_get_u8(value);

	if (role == WIRE_ROLE_NONE)
		role = WIRE_ROLE_NONE - 1;
	if (out->role != WIRE_ROLE_NONE && out->role != role)
		out->role_conflict = true;
	out->role = role;
}

static void capa_role_put(struct wbuf *w, const struct capa_desc *row, const struct wire_open *o)
{
	if (o->role == WIRE_ROLE_NONE)
		return;
	capa_head_put(w, row, 0);
	wbuf_put_u8(w, o->role);
}

/* RFC 4724 3: flags(4 bits) time_s(12 bits), then afi(2) safi(1) flags(1) each. The last capability counts. */
static void capa_restart_get(struct rbuf *value, struct wire_open *out)
{
	struct wire_restart *gr = &out->restart;
	uint16_t head = rbuf_get_u16(value);

	gr->sent = true;
	gr->restarting = (head & GR_RESTARTING) != 0;
	gr->notification = (head & GR_NOTIFICATION) != 0;
	gr->time_s = head & GR_TIME;
	gr->families = gr->preserved = 0;
	while (rbuf_left(value) > 0) {
		enum wire_family f = family_get(value);
		uint8_t flags = rbuf_get_u8(value);

		if (f == WIRE_FAMILIES)
			continue;
		family_set(&gr->families, f, true);
		family_set(&gr->preserved, f, flags & GR_FORWARDING);
	}
}

static void capa_restart_put(struct wbuf *w, const struct capa_desc *row, const struct wire_open *o)
{
	const struct wire_restart *gr = &o->restart;

	if (!gr->sent)
		return;
	capa_head_put(w, row, (unsigned)__builtin_popcount(gr->families));
	wbuf_put_u16(
		w, (uint16_t)((gr->restarting ? GR_RESTARTING : 0) |
			      (gr->notification ? GR_NOTIFICATION : 0) | (gr->time_s & GR_TIME)));
	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		if (!family_is_in(gr->families, f))
			continue;
		family_put(w, f);
		wbuf_put_u8(w, family_is_in(gr->preserved, f) ? GR_FORWARDING : 0);
	}
}

/* RFC 6793 3: as(4). */
static void capa_as4_get(struct rbuf *value, struct wire_open *out)
{
	out->as4 = true;
	out->as = rbuf_get_u32(value);
}

static void capa_as4_put(struct wbuf *w, const struct capa_desc *row, const struct wire_open *o)
{
	if (!o->as4)
		return;
	capa_head_put(w, row, 0);
	wbuf_put_u32(w, o->as);
}

/* RFC 7911 4: afi(2) safi(1) send_receive(1) each; a value other than 1, 2, 3 is as if that family were not there. */
static void capa_add_path_get(struct rbuf *value, struct wire_open *out)
{
	while (rbuf_left(value) > 0) {
		enum wire_family f = family_get(value);
		uint8_t how = rbuf_get_u8(value);

		if (f == WIRE_FAMILIES || how < ADD_PATH_RECEIVE ||
			how > (ADD_PATH_RECEIVE | ADD_PATH_SEND))
			continue;
		family_set(&out->add_path_receive, f, how & ADD_PATH_RECEIVE);
		family_set(&out->add_path_send, f, how & ADD_PATH_SEND);
	}
}

static void capa_add_path_put(
	struct wbuf *w, const struct capa_desc *row, const struct wire_open *o)
{
	uint32_t families = o->add_path_receive | o->add_path_send;

	if (!families)
		return;
	capa_head_put(w, row, (unsigned)__builtin_popcount(families));
	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		if (!family_is_in(families, f))
			continue;
		family_put(w, f);
		wbuf_put_u8(w, (family_is_in(o->add_path_receive, f) ? ADD_PATH_RECEIVE : 0) |
				       (family_is_in(o->add_path_send, f) ? ADD_PATH_SEND : 0));
	}
}

/* RFC 7313 3.1: empty. */
static void capa_enhanced_get(struct rbuf *value, struct wire_open *out)
{
	out->enhanced_refresh = true;
}

static void capa_enhanced_put(
	struct wbuf *w, const struct capa_desc *row, const struct wire_open *o)
{
	if (o->enhanced_refresh)
		capa_head_put(w, row, 0);
}

/* RFC 9494 3.1: afi(2) safi(1) flags(1) stale_s(3) each. The last capability counts. */
static void capa_long_lived_get(struct rbuf *value, struct wire_open *out)
{
	struct wire_restart *gr = &out->restart;

	gr->long_lived = true;
	gr->ll_families = gr->ll_preserved = 0;
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		gr->ll_stale_s[f] = 0;
	while (rbuf_left(value) > 0) {
		enum wire_family f = family_get(value);
		uint8_t flags = rbuf_get_u8(value);
		uint32_t stale_s = rbuf_get_u24(value);

		if (f == WIRE_FAMILIES)
			continue;
		family_set(&gr->ll_families, f, true);
		family_set(&gr->ll_preserved, f, flags & GR_FORWARDING);
		gr->ll_stale_s[f] = stale_s;
	}
}

static void capa_long_lived_put(
	struct wbuf *w, const struct capa_desc *row, const struct wire_open *o)
{
	const struct wire_restart *gr = &o->restart;

	if (!gr->sent || !gr->long_lived)
		return;
	capa_head_put(w, row, (unsigned)__builtin_popcount(gr->ll_families));
	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		if (!family_is_in(gr->ll_families, f))
			continue;
		family_put(w, f);
		wbuf_put_u8(w, family_is_in(gr->ll_preserved, f) ? GR_FORWARDING : 0);
		wbuf_put_u24(w, gr->ll_stale_s[f]);
	}
}

static const struct capa_desc capa_table[] = {
	{1, 4, 0, capa_mp_get, capa_mp_put},		      /* multiprotocol: RFC 4760 8 */
	{2, 0, 0, capa_refresh_get, capa_refresh_put},	      /* route refresh: RFC 2918 2 */
	{5, 0, 6, capa_next_hop_get, capa_next_hop_put},      /* extended next hop: RFC 8950 4 */
	{6, 0, 0, capa_extended_get, capa_extended_put},      /* extended message: RFC 8654 3 */
	{9, 1, 0, capa_role_get, capa_role_put},	      /* role: RFC 9234 4.1 */
	{64, 2, 4, capa_restart_get, capa_restart_put},	      /* graceful restart: RFC 4724 3 */
	{65, 4, 0, capa_as4_get, capa_as4_put},		      /* 4-octet AS numbers: RFC 6793 3 */
	{69, 0, 4, capa_add_path_get, capa_add_path_put},     /* ADD-PATH: RFC 7911 4 */
	{70, 0, 0, capa_enhanced_get, capa_enhanced_put},     /* enhanced refresh: RFC 7313 3.1 */
	{71, 0, 7, capa_long_lived_get, capa_long_lived_put}, /* LLGR: RFC 9494 3.1 */
};

/* NULL if we do not know it. */
static const struct capa_desc *capa_find(uint8_t code)
{
	for (size_t i = 0; i < ARRAY_LEN(capa_table); i++)
		if (capa_table[i].code == code)
			return &capa_table[i];
	return NULL;
}

static bool capa_check_length(const struct capa_desc *row, unsigned len)
{
	return len >= row->len && (row->unit ? (len - row->len) % row->unit == 0 : len == row->len);
}

bool wire_capas_get(struct rbuf *r, struct wire_open *out)
{
	while (rbuf_ok(r) && rbuf_left(r) > 0) {
		const struct capa_desc *row = capa_find(rbuf_get_u8(r));
		uint8_t len = rbuf_get_u8(r);
		struct rbuf value = rbuf_sub(r, len);

		if (!rbuf_ok(r) || (row && !capa_check_length(row, len)))
			return false;
		if (row)
			row->get(&value, out);
		else if (out->unknown_caps < UINT8_MAX)
			out->unknown_caps++;
	}
	return rbuf_ok(r);
}

void wire_capas_put(struct wbuf *w, const struct wire_open *o)
{
	for (size_t i = 0; i < ARRAY_LEN(capa_table); i++)
		capa_table[i].put(w, &capa_table[i], o);
}
