#include "bgpd/wire/nlri.h"

#include "bgpd/wire/nlri_vpn.h"
#include "bgpd/wire/notify.h"
#include "lib/check.h"

/* Subcodes of an UPDATE error (RFC 4271 6.3). */
enum { UPDATE_OPTIONAL_ATTRIBUTE = 9, UPDATE_INVALID_NETWORK = 10 };

#define PATH_ID_OCTETS 4  /* RFC 7911 3 */
#define RT_AS_BITS     32 /* RFC 4684 4: shorter than the origin AS only if it is empty */

bool wire_nlri_check(
	struct wire_span octets, enum wire_family f, bool add_path, uint16_t *count, uint16_t *at)
{
	const struct wire_family_desc *d = wire_family_get(f);
	const unsigned lead = d->lead_octets * 8u, bits_max = d->addr_bits;
	const unsigned id = add_path ? PATH_ID_OCTETS : 0;
	unsigned n = 0, pos = 0, len = octets.len;

	while (pos < len) {
		if (len - pos <= id)
			break;
		unsigned bits = octets.p[pos + id], step = id + 1 + (bits + 7) / 8;

		if (bits - lead > bits_max || step > len - pos)
			break;
		if (f == WIRE_RT_CONSTRAINT && bits && bits < RT_AS_BITS)
			break;
		pos += step;
		n++;
	}
	*count = (uint16_t)n;
	*at = (uint16_t)pos;
	return pos == len;
}

/* Up to four octets as a number, host bits cleared. Four are read where there are four: no branch per octet. */
static uint32_t nlri_get_addr(const uint8_t *p, size_t left, unsigned bits)
{
	uint32_t v = 0;

	if (left >= 4)
		v = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	else
		for (unsigned i = 0; i < (bits + 7) / 8; i++)
			v |= (uint32_t)p[i] << (24 - 8 * i);
	return bits ? v & (UINT32_MAX << (32 - bits)) : 0;
}

static bool nlri_fault(
	struct rbuf *r, enum wire_family f, const char *why, struct wire_fault *fault)
{
	r->bad = true;
	wire_fault_set(fault, WIRE_RESET, WIRE_ERR_UPDATE,
		f == WIRE_IPV4_UNICAST ? UPDATE_INVALID_NETWORK : UPDATE_OPTIONAL_ATTRIBUTE, why);
	return false;
}

/* origin_as(4) route_target(8), of which bits are there (RFC 4684 4). */
static void nlri_rt_get(const uint8_t *p, unsigned bits, struct wire_nlri *out)
{
	unsigned rt_bits = bits > RT_AS_BITS ? bits - RT_AS_BITS : 0;

	out->prefix.addr = ip_addr_v4(bits ? nlri_get_addr(p, 4, 32) : 0);
	for (unsigned i = 0; i < (rt_bits + 7) / 8; i++)
		out->rd |= (uint64_t)p[4 + i] << (56 - 8 * i);
	if (rt_bits)
		out->rd &= UINT64_MAX << (64 - rt_bits);
	out->prefix.len = (uint8_t)bits;
}

static void nlri_rt_put(uint8_t *p, const struct wire_nlri *n)
{
	unsigned octets = (n->prefix.len + 7u) / 8;

	for (unsigned i = 0; i < octets; i++)
		p[i] = i < 4 ? n->prefix.addr.o[i] : (uint8_t)(n->rd >> (56 - 8 * (i - 4)));
}

bool wire_nlri_get(struct rbuf *r, const struct wire_nlri_form *form, struct wire_nlri *out,
	struct wire_fault *fault)
{
	const enum wire_family f = form->family;
	const struct wire_family_desc *d = wire_family_get(f);
	const unsigned lead = d->lead_octets;
	const size_t id = form->add_path ? PATH_ID_OCTETS : 0;

	if (r->bad || rbuf_left(r) <= id)
		return nlri_fault(r, f, "NLRI ends early", fault);
	const uint8_t *p = r->p + id;
	const size_t left = rbuf_left(r) - id;
	unsigned bits = p[0] - lead * 8u, octets = 1 + (p[0] + 7u) / 8;
	if (bits > d->addr_bits)
		return nlri_fault(r, f, "NLRI length is impossible for its family", fault);
	if (octets > left)
		return nlri_fault(r, f, "NLRI overruns its field", fault);
	if (f == WIRE_RT_CONSTRAINT && bits && bits < RT_AS_BITS)
		return nlri_fault(r, f, "RT membership has part of an origin AS", fault);
	*out = (struct wire_nlri){
		.label = WIRE_LABEL_NONE, .path_id = id ? nlri_get_addr(r->p, id, 32) : 0};
	r->p += id + octets;
	if (f == WIRE_RT_CONSTRAINT) {
		nlri_rt_get(p + 1, bits, out);
		return true;
	}
	if (lead > 0)
		wire_nlri_vpn_get(p + 1, form->withdrawn, out);
	uint32_t v = nlri_get_addr(p + 1 + lead, left - 1 - lead, bits);
	uint8_t *o = out->prefix.addr.o;
	o[0] = (uint8_t)(v >> 24);
	o[1] = (uint8_t)(v >> 16);
	o[2] = (uint8_t)(v >> 8);
	o[3] = (uint8_t)v;
	out->prefix.addr.af = IP_V4;
	out->prefix.len = (uint8_t)bits;
	return true;
}

void wire_nlri_put(struct wbuf *w, const struct wire_nlri_form *form, const struct wire_nlri *n)
{
	const struct wire_family_desc *d = wire_family_get(form->family);
	const unsigned lead = d->lead_octets, octets = (n->prefix.len + 7u) / 8;
	const unsigned id = form->add_path ? PATH_ID_OCTETS : 0;

	CHECK(n->prefix.addr.af == d->afi && n->prefix.len <= d->addr_bits);
	uint8_t *p = wbuf_take(w, id + 1 + lead + octets);
	if (!p)
		return;
	for (unsigned i = 0; i < id; i++)
		*p++ = (uint8_t)(n->path_id >> (24 - 8 * i));
	*p++ = (uint8_t)(lead * 8 + n->prefix.len);
	if (form->family == WIRE_RT_CONSTRAINT) {
		nlri_rt_put(p, n);
		return;
	}
	if (lead > 0) {
		wire_nlri_vpn_put(p, form->withdrawn, n);
		p += lead;
	}
	for (unsigned i = 0; i < octets; i++)
		p[i] = n->prefix.addr.o[i];
}
