#include <string.h>

#include "bgpd/wire/attr_table.h"
#include "lib/rbuf.h"

#define IPV4_OCTETS 4
#define IPV6_OCTETS 16

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

/*
 * rd(8 in VPN families, RFC 4364 4.3.2: 0, nothing to learn) address. IPv6 where RFC 8950 3 was agreed, a link-local one
 * behind the global one then allowed and not looked at; RFC 4684 4 has IPv6 without asking. False: another length.
 */
static bool mp_get_next_hop(
	const struct wire_decode *d, struct rbuf *r, enum wire_family f, struct ip_addr *out)
{
	const size_t rd = wire_family_get(f)->rd_octets, len = rbuf_left(r);
	const bool extended = (d->ctx->extended_next_hop & WIRE_FAMILY_BIT(f)) != 0;

	(void)rbuf_get(r, rd);
	if (len == rd + IPV4_OCTETS) {
		*out = ip_addr_v4(rbuf_get_u32(r));
		return true;
	}
	if (len != rd + IPV6_OCTETS && len != 2 * (rd + IPV6_OCTETS))
		return false;
	if (!extended && (f != WIRE_RT_CONSTRAINT || len != IPV6_OCTETS))
		return false;
	*out = (struct ip_addr){.af = IP_V6};
	memcpy(out->o, rbuf_get(r, IPV6_OCTETS), IPV6_OCTETS);
	return true;
}

const char *wire_mp_reach_get(struct wire_decode *d, struct wire_span value)
{
	struct rbuf r = rbuf_of(value.p, value.len);
	enum wire_family f = mp_get_family(&r);
	struct rbuf next_hop = rbuf_sub(&r, rbuf_get_u8(&r));

	(void)rbuf_get_u8(&r); /* reserved, once the number of SNPAs: ignored (RFC 4760 3) */
	if (!rbuf_ok(&r))
		return "next hop overruns MP_REACH_NLRI";
	d->reach = d->reach || rbuf_left(&r) > 0;
	if (!mp_is_agreed(d, f))
		return NULL;
	if (!mp_get_next_hop(d, &next_hop, f, &d->up->mp_next_hop))
		return "next hop of MP_REACH_NLRI has the wrong length for its family";
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
