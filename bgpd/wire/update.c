#include "bgpd/wire/update.h"

#include <string.h>

#include "bgpd/wire/as4.h"
#include "bgpd/wire/attr_table.h"
#include "bgpd/wire/notify.h"
#include "lib/rbuf.h"

/*
 * Reading an UPDATE: one walk over the attributes, one pass over each list of NLRI, then what only the whole
 * message can tell (RFC 7606 3). Faults are collected with wire_fault_raise(), so the strongest action wins.
 */

struct update_tlv {
	const uint8_t *at; /* the flags octet */
	uint16_t len;	   /* the whole attribute, head included, as far as it is there */
	uint8_t flags, code;
	struct wire_span value;
};

/* What the walk remembers besides the values. */
struct update_walk {
	struct wire_decode d;
	const uint8_t *body;
	unsigned attrs;
	uint64_t seen[4];		   /* by type code */
	uint64_t unknown[4];		   /* optional transitive, not in the table */
	struct wire_span unknown_tlv[256]; /* where its bit is set in unknown */
};

static bool bit_test(const uint64_t set[4], uint8_t code)
{
	return (set[code >> 6] >> (code & 63) & 1) != 0;
}

static void bit_set(uint64_t set[4], uint8_t code)
{
	set[code >> 6] |= UINT64_C(1) << (code & 63);
}

static void update_fault(struct update_walk *k, enum wire_action action, uint8_t subcode,
	const struct update_tlv *tlv, const char *why)
{
	struct wire_fault f;

	wire_fault_set(&f, action, WIRE_ERR_UPDATE, subcode, why);
	f.attr = tlv->code;
	f.at = (uint16_t)(tlv->at - k->body);
	wire_fault_add_data(&f, tlv->at, tlv->len);
	wire_fault_raise(&k->d.up->fault, &f);
}

/* RFC 4271 9, 6.3: kept and marked, dropped, or a well-known attribute that we ought to know. */
static void update_take_unknown(struct update_walk *k, const struct update_tlv *t)
{
	if (!(t->flags & WIRE_FLAG_OPTIONAL)) {
		update_fault(k, WIRE_RESET, WIRE_UPDATE_UNKNOWN_WELL_KNOWN, t,
			"well-known attribute is unknown");
	} else if (t->flags & WIRE_FLAG_TRANSITIVE) {
		bit_set(k->unknown, t->code);
		k->unknown_tlv[t->code] = t->value;
	}
}

static bool update_check_length(const struct wire_attr_desc *row, unsigned len)
{
	return len >= row->len_min && len <= row->len_max && len % row->len_unit == 0;
}

static void update_take_known(
	struct update_walk *k, const struct wire_attr_desc *row, const struct update_tlv *t)
{
	bool nlri = row->on_error == WIRE_RESET;

	if (row->internal && k->d.ctx->ebgp) {
		update_fault(k, WIRE_ATTR_DISCARD, row->subcode, t,
			"attribute is not for external neighbours");
	} else if (row->as2_only && k->d.ctx->as4) {
		update_fault(k, WIRE_ATTR_DISCARD, row->subcode, t,
			"attribute is not for 4-octet AS speakers");
	} else if ((t->flags ^ row->flags) & (WIRE_FLAG_OPTIONAL | WIRE_FLAG_TRANSITIVE)) {
		update_fault(k, nlri ? WIRE_RESET : WIRE_WITHDRAW,
			nlri ? WIRE_UPDATE_OPTIONAL : WIRE_UPDATE_FLAGS, t,
			"attribute flags contradict its type");
	} else if (!update_check_length(row, t->value.len)) {
		update_fault(k, row->on_error, nlri ? WIRE_UPDATE_OPTIONAL : WIRE_UPDATE_LENGTH, t,
			"attribute length is impossible for its type");
	} else {
		const char *why = row->get(&k->d, t->value);

		if (why)
			update_fault(k, row->on_error, row->subcode, t, why);
		else if ((t->flags & WIRE_FLAG_PARTIAL) && row->flags > WIRE_FLAG_OPTIONAL &&
			 !row->as2_only)
			k->d.up->attrs.present |= WIRE_ATTR_PARTIAL(t->code);
	}
}

static void update_take(struct update_walk *k, const struct update_tlv *t)
{
	const struct wire_attr_desc *row = wire_attr_find(t->code);

	if (bit_test(k->seen, t->code)) { /* RFC 7606 3 g */
		bool nlri = row && row->on_error == WIRE_RESET;
		update_fault(k, nlri ? WIRE_RESET : WIRE_ATTR_DISCARD, WIRE_UPDATE_MALFORMED_LIST,
			t, "attribute appears twice");
		return;
	}
	bit_set(k->seen, t->code);
	k->attrs++;
	if (row)
		update_take_known(k, row, t);
	else
		update_take_unknown(k, t);
}

/*
 * RFC 7606 4: an attribute that overruns the list costs the routes and not the session, as Total Attribute Length
 * still tells where the NLRI begin; but not if it is one that carries NLRI itself (5.3).
 */
static void update_take_overrun(struct update_walk *k, const struct update_tlv *t)
{
	const struct wire_attr_desc *row = t->len >= 2 ? wire_attr_find(t->code) : NULL;
	bool nlri = row && row->on_error == WIRE_RESET;

	k->attrs++;
	update_fault(k, nlri ? WIRE_RESET : WIRE_WITHDRAW,
		nlri ? WIRE_UPDATE_OPTIONAL : WIRE_UPDATE_LENGTH, t, "attribute overruns the list");
}

static void update_walk_attrs(struct update_walk *k, struct rbuf *r)
{
	while (rbuf_left(r) > 0) {
		struct update_tlv t = {.at = r->p};
		const uint8_t *end = r->end;

		t.flags = rbuf_get_u8(r);
		t.code = rbuf_get_u8(r);
		t.value.len = t.flags & WIRE_FLAG_EXTENDED ? rbuf_get_u16(r) : rbuf_get_u8(r);
		t.value.p = rbuf_get(r, t.value.len);
		t.len = (uint16_t)((rbuf_ok(r) ? r->p : end) - t.at);
		if (!rbuf_ok(r)) {
			update_take_overrun(k, &t);
			return;
		}
		update_take(k, &t);
	}
}

static void update_get_plain(struct update_walk *k, struct rbuf *r, struct wire_nlris *out)
{
	uint16_t at;

	out->family = WIRE_IPV4_UNICAST;
	out->add_path = (k->d.ctx->add_path_rx & WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST)) != 0;
	out->octets = (struct wire_span){.p = r->p, .len = (uint16_t)rbuf_left(r)};
	if (!wire_nlri_check(out->octets, WIRE_IPV4_UNICAST, out->add_path, &out->count, &at)) {
		struct wire_fault f;

		wire_fault_set(
			&f, WIRE_RESET, WIRE_ERR_UPDATE, WIRE_UPDATE_NETWORK, "NLRI is malformed");
		f.at = (uint16_t)(r->p - k->body + at);
		wire_fault_raise(&k->d.up->fault, &f);
	}
	if (!(k->d.ctx->families & WIRE_FAMILY_BIT(WIRE_IPV4_UNICAST)))
		out->count = 0;
}

/* RFC 7606 3 d. NEXT_HOP is mandatory only beside plain NLRI (RFC 4760 3). */
static void update_check_mandatory(struct update_walk *k)
{
	static const uint8_t mandatory[] = {
		WIRE_ATTR_ORIGIN, WIRE_ATTR_AS_PATH, WIRE_ATTR_NEXT_HOP};
	const struct wire_update *up = k->d.up;

	if (!up->reach[0].count && !up->reach[1].count)
		return;
	for (size_t i = 0; i < sizeof(mandatory); i++) {
		struct wire_fault f;

		if (bit_test(k->seen, mandatory[i]))
			continue;
		if (mandatory[i] == WIRE_ATTR_NEXT_HOP && !up->reach[0].count)
			continue;
		wire_fault_set(&f, WIRE_WITHDRAW, WIRE_ERR_UPDATE, WIRE_UPDATE_MISSING_WELL_KNOWN,
			"mandatory attribute is missing");
		f.attr = mandatory[i];
		wire_fault_add_data(&f, &mandatory[i], 1);
		wire_fault_raise(&k->d.up->fault, &f);
	}
}

/* The arena's cap is our limit, not the peer's error. */
static void update_out_of_memory(struct update_walk *k)
{
	struct wire_fault f;

	wire_fault_set(&f, WIRE_RESET, WIRE_ERR_CEASE, WIRE_CEASE_RESOURCES,
		"attributes do not fit in the message's memory");
	wire_fault_raise(&k->d.up->fault, &f);
}

/* RFC 8654 4: what a long message of 2-octet numbers holds may have no room in 4-octet form. */
static bool update_check_width(struct update_walk *k, unsigned octets)
{
	struct wire_fault f;

	if (octets <= UINT16_MAX)
		return true;
	wire_fault_set(&f, WIRE_WITHDRAW, WIRE_ERR_UPDATE, WIRE_UPDATE_AS_PATH,
		"AS_PATH is too long for 4-octet AS numbers");
	f.attr = WIRE_ATTR_AS_PATH;
	wire_fault_raise(&k->d.up->fault, &f);
	return false;
}

/* RFC 6793 4.2.3 */
static void update_merge_as4(struct update_walk *k)
{
	struct wire_decode *d = &k->d;
	struct wire_attrs *a = &d->up->attrs;
	bool aggregator = wire_attrs_has(a, WIRE_ATTR_AGGREGATOR);

	if (aggregator && d->as4_aggregator) {
		if (a->aggregator_as == WIRE_AS_TRANS) {
			a->aggregator_as = d->as4_aggregator_as;
			a->aggregator_id = d->as4_aggregator_id;
		} else {
			d->as4_path = (struct wire_span){0};
		}
	}
	if (!update_check_width(k, 2u * a->as_path.len + d->as4_path.len))
		return;
	if (!wire_aspath_merge(a->as_path, d->as4_path, d->arena, &a->as_path))
		update_out_of_memory(k);
}

/* RFC 4271 9: passed on with the Partial bit set. In ascending order and shortest form, so that equals are equal. */
static void update_keep_unknown(struct update_walk *k)
{
	struct wire_attrs *a = &k->d.up->attrs;
	size_t need = 0;

	for (unsigned code = 0; code < 256; code++)
		if (bit_test(k->unknown, (uint8_t)code))
			need += k->unknown_tlv[code].len + 4u;
	if (need == 0)
		return;
	struct wbuf w = wbuf_of(arena_alloc(k->d.arena, need), need);
	if (!w.base) {
		update_out_of_memory(k);
		return;
	}
	for (unsigned code = 0; code < 256; code++) {
		struct wire_span v = k->unknown_tlv[code];
		uint8_t flags = WIRE_FLAG_OPTIONAL | WIRE_FLAG_TRANSITIVE | WIRE_FLAG_PARTIAL;

		if (!bit_test(k->unknown, (uint8_t)code))
			continue;
		wbuf_put_u8(&w, v.len > UINT8_MAX ? flags | WIRE_FLAG_EXTENDED : flags);
		wbuf_put_u8(&w, (uint8_t)code);
		if (v.len > UINT8_MAX)
			wbuf_put_u16(&w, v.len);
		else
			wbuf_put_u8(&w, (uint8_t)v.len);
		wbuf_put(&w, v.p, v.len);
	}
	a->unknown = (struct wire_span){.p = w.base, .len = (uint16_t)w.len};
}

/* RFC 4724 2: nothing at all, or an empty MP_UNREACH_NLRI and nothing else. */
static void update_find_eor(struct update_walk *k)
{
	struct wire_update *up = k->d.up;
	bool mp =
		k->attrs == 1 && bit_test(k->seen, WIRE_ATTR_MP_UNREACH) && up->unreach[1].octets.p;

	if (up->unreach[0].octets.len || up->reach[0].octets.len || up->unreach[1].count)
		return;
	if (k->attrs != 0 && !mp)
		return;
	up->eor_family = mp ? up->unreach[1].family : WIRE_IPV4_UNICAST;
	up->eor = (k->d.ctx->families & WIRE_FAMILY_BIT(up->eor_family)) != 0;
}

static void update_finish(struct update_walk *k)
{
	struct wire_update *up = k->d.up;

	update_check_mandatory(k);
	/* RFC 7606 5.2: nothing was announced, so we cannot be sure to have seen what the error is about */
	if (up->fault.action == WIRE_WITHDRAW && !k->d.reach)
		up->fault.action = WIRE_RESET;
	if (up->fault.action <= WIRE_ATTR_DISCARD) {
		if (!k->d.ctx->as4)
			update_merge_as4(k);
		if (k->unknown[0] | k->unknown[1] | k->unknown[2] | k->unknown[3])
			update_keep_unknown(k);
		update_find_eor(k);
	}
	if (up->fault.action >= WIRE_WITHDRAW)
		up->attrs = (struct wire_attrs){0}; /* half read: nobody may look at them */
	if (up->fault.action == WIRE_RESET) {
		up->eor = false;
		up->reach[0].count = up->reach[1].count = 0;
		up->unreach[0].count = up->unreach[1].count = 0;
	}
}

enum wire_action wire_update_get(const uint8_t *body, size_t len, const struct wire_ctx *ctx,
	struct arena *arena, struct wire_update *out)
{
	struct update_walk k; /* unknown_tlv stays unset: unknown says which are */
	struct rbuf r = rbuf_of(body, len);
	struct rbuf withdrawn = rbuf_sub(&r, rbuf_get_u16(&r));
	struct rbuf attrs = rbuf_sub(&r, rbuf_get_u16(&r));

	*out = (struct wire_update){0};
	k.d = (struct wire_decode){.ctx = ctx, .arena = arena, .up = out};
	k.body = body;
	k.attrs = 0;
	memset(k.seen, 0, sizeof(k.seen));
	memset(k.unknown, 0, sizeof(k.unknown));
	if (!rbuf_ok(&r)) { /* RFC 4271 6.3, RFC 7606 3 b */
		wire_fault_set(&out->fault, WIRE_RESET, WIRE_ERR_UPDATE, WIRE_UPDATE_MALFORMED_LIST,
			"lengths of the UPDATE contradict the message's");
		return out->fault.action;
	}
	update_get_plain(&k, &withdrawn, &out->unreach[0]);
	update_get_plain(&k, &r, &out->reach[0]);
	k.d.reach = out->reach[0].octets.len > 0;
	update_walk_attrs(&k, &attrs);
	update_finish(&k);
	return out->fault.action;
}
