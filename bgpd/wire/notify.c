#include "bgpd/wire/notify.h"

#include <string.h>

#include "bgpd/wire/msg.h"
#include "lib/check.h"
#include "lib/rbuf.h"
#include "lib/text.h"

#define SUBCODES 13

/*
 * RFC 4271 4.5 and 6; roles: RFC 9234 4.2; FSM: RFC 6608 3; Cease: RFC 4486 3, RFC 8538 3, RFC 9384 3; RFC 7313 5;
 * RFC 9687 5. Entry 0: the code itself.
 */
static const struct {
	const char *code;
	const char *sub[SUBCODES];
} notify_names[] = {
	[WIRE_ERR_HEADER] = {"Message Header Error",
		{[1] = "Connection Not Synchronized", "Bad Message Length", "Bad Message Type"}},
	[WIRE_ERR_OPEN] = {"OPEN Message Error", {[1] = "Unsupported Version Number",
							 "Bad Peer AS",
							 "Bad BGP Identifier",
							 "Unsupported Optional Parameter",
							 [6] = "Unacceptable Hold Time",
							 "Unsupported Capability",
							 [11] = "Role Mismatch"}},
	[WIRE_ERR_UPDATE] = {"UPDATE Message Error", {[1] = "Malformed Attribute List",
							     "Unrecognized Well-known Attribute",
							     "Missing Well-known Attribute",
							     "Attribute Flags Error",
							     "Attribute Length Error",
							     "Invalid ORIGIN Attribute",
							     [8] = "Invalid NEXT_HOP Attribute",
							     "Optional Attribute Error",
							     "Invalid Network Field",
							     "Malformed AS_PATH"}},
	[WIRE_ERR_HOLD_TIMER] = {"Hold Timer Expired", {0}},
	[WIRE_ERR_FSM] = {"Finite State Machine Error",
		{[1] = "Unexpected Message in OpenSent State",
			"Unexpected Message in OpenConfirm State",
			"Unexpected Message in Established State"}},
	[WIRE_ERR_CEASE] = {"Cease", {[1] = "Maximum Number of Prefixes Reached",
					     "Administrative Shutdown",
					     "Peer De-configured",
					     "Administrative Reset",
					     "Connection Rejected",
					     "Other Configuration Change",
					     "Connection Collision Resolution",
					     "Out of Resources",
					     "Hard Reset",
					     "BFD Down"}},
	[WIRE_ERR_REFRESH] = {"ROUTE-REFRESH Message Error", {[1] = "Invalid Message Length"}},
	[WIRE_ERR_SEND_HOLD_TIMER] = {"Send Hold Timer Expired", {0}},
};

bool wire_notify_get(const uint8_t *body, size_t len, struct wire_notify *out)
{
	struct rbuf r = rbuf_of(body, len);

	*out = (struct wire_notify){.code = rbuf_get_u8(&r)};
	out->subcode = rbuf_get_u8(&r);
	out->data_len = (uint16_t)rbuf_left(&r);
	out->data = r.p;
	return rbuf_ok(&r);
}

void wire_notify_put(struct wbuf *w, uint8_t code, uint8_t subcode, const void *data, size_t len)
{
	size_t begin = wire_msg_begin(w, WIRE_NOTIFICATION);

	wbuf_put_u8(w, code);
	wbuf_put_u8(w, subcode);
	wbuf_put(w, data, len);
	wire_msg_end(w, begin);
}

bool wire_notify_hard_get(const struct wire_notify *n, struct wire_notify *out)
{
	if (n->code != WIRE_ERR_CEASE || n->subcode != WIRE_CEASE_HARD_RESET)
		return false;
	return wire_notify_get(n->data, n->data_len, out);
}

void wire_notify_hard_put(
	struct wbuf *w, uint8_t code, uint8_t subcode, const void *data, size_t len)
{
	size_t begin = wire_msg_begin(w, WIRE_NOTIFICATION);

	wbuf_put_u8(w, WIRE_ERR_CEASE);
	wbuf_put_u8(w, WIRE_CEASE_HARD_RESET);
	wbuf_put_u8(w, code);
	wbuf_put_u8(w, subcode);
	wbuf_put(w, data, len);
	wire_msg_end(w, begin);
}

void wire_notify_name(uint8_t code, uint8_t subcode, char *out, size_t cap)
{
	struct text t = text_of(out, cap);

	if (code == 0 || code >= ARRAY_LEN(notify_names)) {
		text_add(&t, "%u/%u", code, subcode);
		return;
	}
	text_add(&t, "%s", notify_names[code].code);
	if (subcode < SUBCODES && notify_names[code].sub[subcode])
		text_add(&t, "/%s", notify_names[code].sub[subcode]);
	else if (subcode != 0)
		text_add(&t, "/%u", subcode);
}

/* Well-formed UTF-8 (RFC 3629 4): no overlong forms, no surrogates, nothing above U+10FFFF. */
static bool text_is_utf8(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint8_t c = p[i];
		size_t more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;

		if ((c >= 0x80 && c < 0xc2) || c > 0xf4 || more >= len - i)
			return false;
		for (size_t k = 1; k <= more; k++)
			if ((p[i + k] & 0xc0) != 0x80)
				return false;
		if ((c == 0xe0 && p[i + 1] < 0xa0) || (c == 0xed && p[i + 1] > 0x9f) ||
			(c == 0xf0 && p[i + 1] < 0x90) || (c == 0xf4 && p[i + 1] > 0x8f))
			return false;
		i += more + 1;
	}
	return true;
}

bool wire_notify_text(const struct wire_notify *n, char out[WIRE_SHUTDOWN_TEXT_MAX + 1])
{
	out[0] = '\0';
	if (n->code != WIRE_ERR_CEASE)
		return false;
	if (n->subcode != WIRE_CEASE_ADMIN_SHUTDOWN && n->subcode != WIRE_CEASE_ADMIN_RESET)
		return false;
	struct rbuf r = rbuf_of(n->data, n->data_len);
	uint8_t len = rbuf_get_u8(&r);
	const uint8_t *p = rbuf_get(&r, len);
	if (!rbuf_ok(&r) || len == 0 || memchr(p, '\0', len) || !text_is_utf8(p, len))
		return false;
	memcpy(out, p, len);
	out[len] = '\0';
	return true;
}

bool wire_refresh_get(
	const uint8_t *body, size_t len, enum wire_family *out, enum wire_refresh *subtype)
{
	struct rbuf r = rbuf_of(body, len);
	uint16_t afi = rbuf_get_u16(&r);
	uint8_t kind = rbuf_get_u8(&r);
	uint8_t safi = rbuf_get_u8(&r);

	*subtype = kind;
	*out = kind <= WIRE_REFRESH_EORR ? wire_family_find(afi, safi) : WIRE_FAMILIES;
	return rbuf_ok(&r) && rbuf_left(&r) == 0;
}

void wire_refresh_put(struct wbuf *w, enum wire_family f, enum wire_refresh subtype)
{
	size_t begin = wire_msg_begin(w, WIRE_REFRESH);

	wbuf_put_u16(w, wire_family_get(f)->afi);
	wbuf_put_u8(w, (uint8_t)subtype);
	wbuf_put_u8(w, wire_family_get(f)->safi);
	wire_msg_end(w, begin);
}
