#include "acl/box.h"

#include <string.h>

#include "acl/packet.h"

enum part { WHOLE = 1, FIRST = 2, LATER = 4 };

static uint32_t host_order(uint32_t be)
{
	uint8_t o[4];

	memcpy(o, &be, 4);
	return (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 | (uint32_t)o[2] << 8 | o[3];
}

struct acl_box acl_box_all(void)
{
	return (struct acl_box){.hi = {[ACL_BOX_SOURCE] = UINT32_MAX,
					[ACL_BOX_DESTINATION] = UINT32_MAX,
					[ACL_BOX_DSCP] = 63,
					[ACL_BOX_TTL] = UINT8_MAX,
					[ACL_BOX_LEN] = UINT16_MAX,
					[ACL_BOX_SPORT] = UINT16_MAX,
					[ACL_BOX_DPORT] = UINT16_MAX,
					[ACL_BOX_ICMP_TYPE] = UINT8_MAX,
					[ACL_BOX_ICMP_CODE] = UINT8_MAX},
		.lo = {[ACL_BOX_LEN] = 20}, /* the header */
		.protocols = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX},
		.parts = WHOLE | FIRST | LATER};
}

static void range_narrow(struct acl_box *b, enum acl_box_range i, uint32_t lo, uint32_t hi)
{
	if (b->lo[i] < lo)
		b->lo[i] = lo;
	if (b->hi[i] > hi)
		b->hi[i] = hi;
}

/* Masks are all or nothing, or a prefix. */
static void range_masked(
	struct acl_box *b, enum acl_box_range i, uint32_t value, uint32_t mask, uint32_t full)
{
	range_narrow(b, i, value & mask, (value & mask) | (full & ~mask));
}

static void protocols_keep(struct acl_box *b, const uint8_t *list, size_t n)
{
	uint64_t keep[4] = {0};

	for (size_t i = 0; i < n; i++)
		keep[list[i] / 64] |= UINT64_C(1) << list[i] % 64;
	for (unsigned i = 0; i < 4; i++)
		b->protocols[i] &= keep[i];
}

static bool is_empty(const struct acl_box *b)
{
	for (unsigned i = 0; i < ACL_BOX_RANGES; i++)
		if (b->lo[i] > b->hi[i])
			return true;
	return !b->parts ||
	       !(b->protocols[0] | b->protocols[1] | b->protocols[2] | b->protocols[3]);
}

static void box_transport(struct acl_box *b, const struct acl_rule *r)
{
	static const uint8_t with_ports[] = {ACL_IP_TCP, ACL_IP_UDP};
	static const uint8_t tcp[] = {ACL_IP_TCP}, icmp[] = {ACL_IP_ICMP};

	if (r->flags & (ACL_RULE_PORTS | ACL_RULE_ICMP | ACL_RULE_TCP))
		b->parts &= WHOLE | FIRST;
	if (r->flags & ACL_RULE_PORTS) {
		protocols_keep(b, with_ports, 2);
		range_narrow(b, ACL_BOX_SPORT, r->sport_lo, r->sport_hi);
		range_narrow(b, ACL_BOX_DPORT, r->dport_lo, r->dport_hi);
	}
	if (r->flags & ACL_RULE_ICMP) {
		protocols_keep(b, icmp, 1);
		range_masked(b, ACL_BOX_ICMP_TYPE, r->icmp_type, r->icmp_type_mask, UINT8_MAX);
		range_masked(b, ACL_BOX_ICMP_CODE, r->icmp_code, r->icmp_code_mask, UINT8_MAX);
	}
	if (r->flags & ACL_RULE_TCP) {
		protocols_keep(b, tcp, 1);
		b->tcp_flags = r->tcp_flags;
		b->tcp_mask = r->tcp_mask;
	}
}

bool acl_box_of(const struct acl_rule *r, struct acl_box *out)
{
	static const uint8_t parts[] = {[ACL_FRAGMENT_ANY] = WHOLE | FIRST | LATER,
		[ACL_FRAGMENT_ONLY] = FIRST | LATER,
		[ACL_FRAGMENT_NONE] = WHOLE};

	*out = acl_box_all();
	range_masked(
		out, ACL_BOX_SOURCE, host_order(r->src_be), host_order(r->src_mask_be), UINT32_MAX);
	range_masked(out, ACL_BOX_DESTINATION, host_order(r->dst_be), host_order(r->dst_mask_be),
		UINT32_MAX);
	range_masked(out, ACL_BOX_DSCP, r->dscp, r->dscp_mask, 63);
	range_narrow(out, ACL_BOX_TTL, r->ttl_lo, r->ttl_hi);
	range_narrow(out, ACL_BOX_LEN, r->len_lo, r->len_hi);
	if (r->proto_mask)
		protocols_keep(out, &r->proto, 1);
	out->parts &= parts[r->fragment];
	box_transport(out, r);
	return !is_empty(out) && !(out->tcp_flags & ~out->tcp_mask);
}

static bool overlap(const struct acl_box *a, const struct acl_box *b)
{
	uint64_t protocols = 0;

	for (unsigned i = 0; i < ACL_BOX_RANGES; i++)
		if (a->lo[i] > b->hi[i] || b->lo[i] > a->hi[i])
			return false;
	for (unsigned i = 0; i < 4; i++)
		protocols |= a->protocols[i] & b->protocols[i];
	return protocols && a->parts & b->parts &&
	       !((a->tcp_flags ^ b->tcp_flags) & a->tcp_mask & b->tcp_mask);
}

bool acl_boxes_overlap(const struct acl_boxes *set, const struct acl_box *b)
{
	for (unsigned i = 0; i < set->n; i++)
		if (overlap(&set->list[i], b))
			return true;
	return false;
}

static void piece_add(struct acl_boxes *set, const struct acl_box *b)
{
	if (is_empty(b))
		return;
	if (set->n == ACL_BOXES_MAX)
		set->lost = true;
	else
		set->list[set->n++] = *b;
}

/* What of b is outside of a, in pieces: dimension by dimension, the rest of b is inside of a in all those before. */
static void pieces_add(struct acl_boxes *set, struct acl_box b, const struct acl_box *a)
{
	struct acl_box piece = b;

	for (unsigned i = 0; i < 4; i++) {
		piece.protocols[i] = b.protocols[i] & ~a->protocols[i];
		b.protocols[i] &= a->protocols[i];
	}
	piece_add(set, &piece);
	piece = b;
	piece.parts = b.parts & (uint8_t)~a->parts;
	b.parts &= a->parts;
	piece_add(set, &piece);
	for (unsigned i = 0; i < ACL_BOX_RANGES; i++) {
		if (b.lo[i] < a->lo[i]) {
			piece = b;
			piece.hi[i] = a->lo[i] - 1;
			b.lo[i] = a->lo[i];
			piece_add(set, &piece);
		}
		if (b.hi[i] > a->hi[i]) {
			piece = b;
			piece.lo[i] = a->hi[i] + 1;
			b.hi[i] = a->hi[i];
			piece_add(set, &piece);
		}
	}
	for (unsigned bit = 1; bit < 256; bit <<= 1) {
		if (!(bit & a->tcp_mask & ~b.tcp_mask))
			continue;
		b.tcp_mask |= (uint8_t)bit;
		piece = b;
		piece.tcp_flags |= (uint8_t)(~a->tcp_flags & bit);
		b.tcp_flags |= (uint8_t)(a->tcp_flags & bit);
		piece_add(set, &piece);
	}
}

void acl_boxes_del(struct acl_boxes *set, const struct acl_box *b)
{
	unsigned was = set->n, kept = 0;
	struct acl_boxes cut = {.n = 0};

	for (unsigned i = 0; i < was; i++)
		if (overlap(&set->list[i], b))
			pieces_add(&cut, set->list[i], b);
		else
			set->list[kept++] = set->list[i];
	set->n = kept;
	set->lost |= cut.lost;
	for (unsigned i = 0; i < cut.n; i++)
		piece_add(set, &cut.list[i]);
}
