#include "bgpd/wire/attr_table.h"
#include "lib/rbuf.h"

/*
 * MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760 3, 4).
 *
 *   reach     afi(2) safi(1) next_hop_len(1) next_hop reserved(1) nlri
 *   unreach   afi(2) safi(1) nlri
 *
 * Whatever is wrong here costs the session: the NLRI cannot be found any more (RFC 7606 5.3, 7.11).
 */

static enum wire_family mp_get_family(struct rbuf *r)
{
	uint16_t afi = rbuf_get_u16(r);

	return wire_family_find(afi, rbuf_get_u8(r));
}

/* A family that the session does not have is left out unread (RFC 4760 7). */
static bool mp_is_agreed(const struct wire_decode *d, enum wire_family f)
{
	return f != WIRE_FAMILIES && (d->ctx->families & WIRE_FAMILY_BIT(f));
}

static const char *mp_get_nlri(
	const struct wire_decode *d, struct rbuf *r, enum wire_family f, struct wire_nlris *out)
{
	uint16_t at;

	out->family = f;
	out->add_path = (d->ctx->add_path_rx & WIRE_FAMILY_BIT(f)) != 0;
	out->octets = (struct wire_span){.p = r->p, .len = (uint16_t)rbuf_left(r)};
	if (!wire_nlri_check(out->octets, f, out->add_path, &out->count, &at))
		return "NLRI of a multiprotocol attribute is malformed";
	return NULL;
}

const char *wire_mp_reach_get(struct wire_decode *d, struct wire_span value)
{
	struct rbuf r = rbuf_of(value.p, value.len);
	enum wire_family f = mp_get_family(&r);
	uint8_t len = rbuf_get_u8(&r);
	struct rbuf next_hop = rbuf_sub(&r, len);

	(void)rbuf_get_u8(&r); /* reserved, once the number of SNPAs: ignored (RFC 4760 3) */
	if (!rbuf_ok(&r))
		return "next hop overruns MP_REACH_NLRI";
	d->reach = d->reach || rbuf_left(&r) > 0;
	if (!mp_is_agreed(d, f))
		return NULL;
	uint8_t rd = wire_family_get(f)->rd_octets;
	if (len != rd + 4)
		return "next hop of MP_REACH_NLRI has the wrong length for its family";
	(void)rbuf_get(&next_hop, rd); /* RFC 4364 4.3.2: an RD of 0, nothing to learn */
	d->up->mp_next_hop = ip_addr_v4(rbuf_get_u32(&next_hop));
	return mp_get_nlri(d, &r, f, &d->up->reach[1]);
}

const char *wire_mp_unreach_get(struct wire_decode *d, struct wire_span value)
{
	struct rbuf r = rbuf_of(value.p, value.len);
	enum wire_family f = mp_get_family(&r);

	if (!mp_is_agreed(d, f))
		return NULL;
	return mp_get_nlri(d, &r, f, &d->up->unreach[1]);
}
