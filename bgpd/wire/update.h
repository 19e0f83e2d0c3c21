/*
 * UPDATE (RFC 4271 4.3), with the multiprotocol attributes (RFC 4760 3, 4) and the error handling of RFC 7606 3.
 *
 *   shape   withdrawn_len(2) withdrawn attrs_len(2) attrs nlri(rest)
 */
#ifndef BGPD_WIRE_UPDATE_H
#define BGPD_WIRE_UPDATE_H

#include "bgpd/wire/attr.h"
#include "bgpd/wire/ctx.h"
#include "bgpd/wire/family.h"
#include "bgpd/wire/fault.h"
#include "bgpd/wire/nlri.h"
#include "lib/arena.h"
#include "lib/wbuf.h"

/* One list of prefixes of a message: still octets, already checked; read it with wire_nlri_get(). */
struct wire_nlris {
	enum wire_family family;
	bool add_path; /* each has a path identifier */
	uint16_t count;
	struct wire_span octets;
};

struct wire_update {
	struct wire_attrs attrs; /* next_hop: of the plain NLRI (NEXT_HOP attribute) */
	struct wire_nlris reach
		[2]; /* [0] IPv4 unicast of the message's end, [1] MP_REACH_NLRI; count 0 = none */
	struct wire_nlris unreach[2]; /* [0] WITHDRAWN ROUTES, [1] MP_UNREACH_NLRI */
	struct ip_addr mp_next_hop;   /* of MP_REACH_NLRI, RD part stripped */
	bool eor;		      /* End-of-RIB (RFC 4724 2) of eor_family */
	enum wire_family eor_family;
	struct wire_fault fault; /* action WIRE_OK if nothing was wrong */
};

/*
 * Decodes the body (after the 19-octet header). Everything that can be wrong is found here, NLRI included,
 * so that a message is applied whole or not at all. Returns out->fault.action:
 *   WIRE_OK, WIRE_ATTR_DISCARD   apply, unreach[] first: a prefix in both is announced (RFC 4271 4.3)
 *   WIRE_WITHDRAW                treat every reach[] prefix as withdrawn, apply unreach[]; attrs are empty
 *   WIRE_RESET                   send fault as NOTIFICATION; attrs and lists are empty
 * Lists of families that ctx does not allow are dropped (RFC 4760 7) and show as count 0.
 * Spans borrow body or arena; both must outlive *out. In an AS2 session AS_PATH is widened and merged with
 * AS4_PATH into the arena (RFC 6793 4.2.3).
 */
enum wire_action wire_update_get(const uint8_t *body, size_t len, const struct wire_ctx *ctx,
	struct arena *arena, struct wire_update *out);

/*
 * A whole UPDATE, header included, announcing as many of n NLRI of family f as fit in ctx->msg_max; returns
 * how many (0 only if even one does not fit or w is too small). VPN families go into MP_REACH_NLRI. Attributes
 * stand in ascending order of type (RFC 4271 5); AS_TRANS and AS4_PATH in an AS2 session (RFC 6793 4.2.2).
 */
size_t wire_update_put_reach(struct wbuf *w, const struct wire_ctx *ctx, enum wire_family f,
	const struct wire_attrs *a, const struct wire_nlri *nlri, size_t n);
size_t wire_update_put_unreach(struct wbuf *w, const struct wire_ctx *ctx, enum wire_family f,
	const struct wire_nlri *nlri, size_t n);
void wire_update_put_eor(struct wbuf *w, enum wire_family f);

#endif
