/*
 * UPDATEs from what is encoded already: attributes encoded once for many messages, NLRI octets copied in runs.
 *
 *   wire_attrs_put(&w, ctx, f, attrs)            attributes, without MP_REACH_NLRI
 *   wire_update_begin(&u, &w, ctx, f, &reach)    header, lengths, what stands in front of the NLRI
 *   wire_update_add(&u, octets, len)             whole NLRI, at most u.room octets together
 *   wire_update_end(&u)                          lengths filled, the attributes behind MP_REACH_NLRI
 */
#ifndef BGPD_WIRE_UPDATE_PUT_H
#define BGPD_WIRE_UPDATE_PUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bgpd/wire/update.h"

/* What an announcement says beside its prefixes. */
struct wire_reach {
	struct wire_span attrs; /* of wire_attrs_put() */
	struct ip_addr next_hop;
};

struct wire_update_out { /* a message under construction */
	struct wbuf *w;
	const struct wire_reach *reach; /* NULL: withdrawals */
	size_t begin, list,
		room; /* of the message; of the length of the NLRI's field; octets of NLRI that still fit */
	bool mp;
};

/* Whether NLRI of f stand in MP_REACH_NLRI or MP_UNREACH_NLRI and not in the message's own fields. */
bool wire_update_is_mp(enum wire_family f, const struct ip_addr *next_hop);

/*
 * All attributes of *a but MP_REACH_NLRI, in ascending order of type (RFC 4271 5), as ctx wants them: AS_TRANS and AS4_PATH in an AS2
 * session (RFC 6793 4.2.2); NEXT_HOP where the next hop is not in MP_REACH_NLRI. A full w turns bad.
 */
void wire_attrs_put(
	struct wbuf *w, const struct wire_ctx *ctx, enum wire_family f, const struct wire_attrs *a);

/* reach NULL: a withdrawal. False, and w is as it was, if no octet of NLRI has room within ctx->msg_max and w. Borrows w and reach. */
bool wire_update_begin(struct wire_update_out *u, struct wbuf *w, const struct wire_ctx *ctx,
	enum wire_family f, const struct wire_reach *reach);

static inline void wire_update_add(struct wire_update_out *u, const uint8_t *nlri, size_t len)
{
	memcpy(u->w->base + u->w->len, nlri, len);
	u->w->len += len;
	u->room -= len;
}

void wire_update_end(struct wire_update_out *u);

static inline void wire_put_u32(uint8_t *p, uint32_t v)
{
	v = __builtin_bswap32(v);
	memcpy(p, &v, sizeof(v));
}

/*
 * One NLRI of IPv4 unicast or VPN-IPv4, from numbers: addr << 8 | bits, and in VPN families RD and label (a withdrawal:
 * WIRE_LABEL_NONE). Returns its octets; out has WIRE_NLRI_MAX, all of which may be written.
 */
static inline unsigned wire_nlri_put_v4(uint8_t *out, const struct wire_family_desc *d, uint64_t rd,
	uint64_t prefix, uint32_t label)
{
	unsigned bits = prefix & 0xff, lead = d->lead_octets;

	out[0] = (uint8_t)(lead * 8 + bits);
	if (lead > 0) {
		uint32_t field = label == WIRE_LABEL_NONE ? WIRE_LABEL_WITHDRAW : label << 4 | 1;
		wire_put_u32(out + 1, field << 8);
		wire_put_u32(out + 4, (uint32_t)(rd >> 32));
		wire_put_u32(out + 8, (uint32_t)rd);
	}
	wire_put_u32(out + 1 + lead, (uint32_t)(prefix >> 8));
	return 1 + lead + (bits + 7) / 8;
}

#endif
