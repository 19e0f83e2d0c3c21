#include "bgpd/wire/capa.h"

#include "bgpd/wire/family.h"
#include "lib/check.h"

struct capa_desc {
	uint8_t code;
	uint8_t len; /* octets of the value, no more and no less */
	void (*get)(struct rbuf *value, struct wire_open *out);
	void (*put)(struct wbuf *w, const struct capa_desc *row, const struct wire_open *o);
};

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

static void capa_head_put(struct wbuf *w, const struct capa_desc *row)
{
	wbuf_put_u8(w, row->code);
	wbuf_put_u8(w, row->len);
}

static void capa_mp_put(struct wbuf *w, const struct capa_desc *row, const struct wire_open *o)
{
	for (unsigned f = 0; f < WIRE_FAMILIES; f++) {
		if (!(o->families & WIRE_FAMILY_BIT(f)))
			continue;
		capa_head_put(w, row);
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
		capa_head_put(w, row);
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
	capa_head_put(w, row);
	wbuf_put_u32(w, o->as);
}

static const struct capa_desc capa_table[] = {
	{1, 4, capa_mp_get, capa_mp_put},	    /* multiprotocol: RFC 4760 8 */
	{2, 0, capa_refresh_get, capa_refresh_put}, /* route refresh: RFC 2918 2 */
	{65, 4, capa_as4_get, capa_as4_put},	    /* 4-octet AS numbers: RFC 6793 3 */
};

/* NULL if we do not know it. */
static const struct capa_desc *capa_find(uint8_t code)
{
	for (size_t i = 0; i < ARRAY_LEN(capa_table); i++)
		if (capa_table[i].code == code)
			return &capa_table[i];
	return NULL;
}

bool wire_capas_get(struct rbuf *r, struct wire_open *out)
{
	while (rbuf_ok(r) && rbuf_left(r) > 0) {
		const struct capa_desc *row = capa_find(rbuf_get_u8(r));
		uint8_t len = rbuf_get_u8(r);
		struct rbuf value = rbuf_sub(r, len);

		if (!rbuf_ok(r) || (row && len != row->len))
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
