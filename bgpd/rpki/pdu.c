/* PDUs of the RPKI to Router protocol: one row a type. */
#include "bgpd/rpki/pdu.h"

#include <string.h>

#include "lib/check.h"
#include "lib/rbuf.h"
#include "lib/wbuf.h"

#define HEADER	      8
#define VERSION_MAX   2
#define FLAG_ANNOUNCE 1
#define FLAG_IPV6     1

typedef bool body_fn(struct rbuf *r, struct rpki_pdu *out);

static bool body_none(struct rbuf *r, struct rpki_pdu *out)
{
	return true;
}

static bool body_serial(struct rbuf *r, struct rpki_pdu *out)
{
	out->serial = rbuf_get_u32(r);
	return true;
}

static bool body_prefix(struct rbuf *r, struct rpki_pdu *out)
{
	struct ip_prefix *p = &out->roa.prefix;
	bool six = out->type == RPKI_IPV6_PREFIX;
	size_t octets = six ? 16 : 4;
	const uint8_t *addr;

	out->announce = (rbuf_get_u8(r) & FLAG_ANNOUNCE) != 0;
	p->len = rbuf_get_u8(r);
	out->roa.max_len = rbuf_get_u8(r);
	rbuf_get_u8(r);
	addr = rbuf_get(r, octets);
	out->roa.as = rbuf_get_u32(r);
	if (!addr || p->len > 8 * octets || out->roa.max_len > 8 * octets ||
		out->roa.max_len < p->len)
		return false;
	p->addr.af = six ? IP_V6 : IP_V4;
	memcpy(p->addr.o, addr, octets);
	ip_prefix_mask(p);
	return true;
}

static bool body_end(struct rbuf *r, struct rpki_pdu *out)
{
	out->serial = rbuf_get_u32(r);
	if (out->version == 0)
		return rbuf_left(r) == 0;
	out->refresh_s = rbuf_get_u32(r);
	out->retry_s = rbuf_get_u32(r);
	out->expire_s = rbuf_get_u32(r);
	return true;
}

/* Router keys are for path signing (RFC 8205), which we do not do: read past. */
static bool body_key(struct rbuf *r, struct rpki_pdu *out)
{
	rbuf_get(r, rbuf_left(r));
	return true;
}

static bool body_error(struct rbuf *r, struct rpki_pdu *out)
{
	uint32_t n = rbuf_get_u32(r);

	rbuf_get(r, n);
	out->error = out->session;
	out->text_len = rbuf_get_u32(r);
	out->text = (const char *)rbuf_get(r, out->text_len);
	return true;
}

/*
 * Draft 10, which caches still speak as version 2 (stayrtr 0.5): flags, address family and the number of providers stand in a word of their own. Read
 * as today's it would be a withdrawal with providers, which there is not. Of IPv6 there is a record of its own: not ours to use.
 */
static bool body_aspa_draft_10(struct rbuf *r, struct rpki_pdu *out)
{
	uint8_t flags = rbuf_get_u8(r), family = rbuf_get_u8(r);
	uint16_t n = rbuf_get_u16(r);

	out->announce = (flags & FLAG_ANNOUNCE) != 0;
	out->ipv6 = (family & FLAG_IPV6) != 0;
	out->customer = rbuf_get_u32(r);
	out->n_providers = out->announce ? n : 0;
	out->providers = rbuf_get(r, 4 * (size_t)n);
	return true;
}

static bool body_aspa(struct rbuf *r, struct rpki_pdu *out)
{
	out->announce = (out->session >> 8 & FLAG_ANNOUNCE) != 0;
	if (!out->announce && rbuf_left(r) > 4)
		return body_aspa_draft_10(r, out);
	out->customer = rbuf_get_u32(r);
	if (rbuf_left(r) % 4)
		return false;
	out->n_providers = (unsigned)(rbuf_left(r) / 4);
	out->providers = rbuf_get(r, rbuf_left(r));
	return true;
}

static const struct {
	body_fn *body;
	uint32_t min, max; /* octets, header included */
	uint8_t since;	   /* version */
} types[] = {
	[RPKI_SERIAL_NOTIFY] = {body_serial, 12, 12, 0},
	[RPKI_SERIAL_QUERY] = {body_serial, 12, 12, 0},
	[RPKI_RESET_QUERY] = {body_none, 8, 8, 0},
	[RPKI_CACHE_RESPONSE] = {body_none, 8, 8, 0},
	[RPKI_IPV4_PREFIX] = {body_prefix, 20, 20, 0},
	[RPKI_IPV6_PREFIX] = {body_prefix, 32, 32, 0},
	[RPKI_END_OF_DATA] = {body_end, 12, 24, 0},
	[RPKI_CACHE_RESET] = {body_none, 8, 8, 0},
	[RPKI_ROUTER_KEY] = {body_key, 32, RPKI_PDU_MAX, 1},
	[RPKI_ERROR_REPORT] = {body_error, 16, RPKI_PDU_MAX, 0},
	[RPKI_ASPA] = {body_aspa, 12, RPKI_PDU_MAX, 2},
};

static int fault(enum rpki_error e)
{
	return -1 - (int)e;
}

int rpki_pdu_get(const uint8_t *octets, size_t len, struct rpki_pdu *out)
{
	struct rbuf r = rbuf_of(octets, len < HEADER ? len : HEADER);
	uint32_t length;

	*out = (struct rpki_pdu){.version = rbuf_get_u8(&r), .type = rbuf_get_u8(&r)};
	out->session = rbuf_get_u16(&r);
	length = rbuf_get_u32(&r);
	if (!rbuf_ok(&r))
		return 0;
	if (out->version > VERSION_MAX)
		return fault(RPKI_ERROR_VERSION);
	if (out->type >= ARRAY_LEN(types) || !types[out->type].body ||
		types[out->type].since > out->version)
		return fault(RPKI_ERROR_TYPE);
	if (length < types[out->type].min || length > types[out->type].max)
		return fault(RPKI_ERROR_CORRUPT);
	if (len < length)
		return 0;
	r = rbuf_of(octets + HEADER, length - HEADER);
	if (!types[out->type].body(&r, out) || !rbuf_ok(&r) || rbuf_left(&r))
		return fault(RPKI_ERROR_CORRUPT);
	return (int)length;
}

size_t rpki_pdu_put(uint8_t *out, size_t cap, const struct rpki_pdu *pdu, const uint8_t *at_fault,
	size_t at_fault_len)
{
	struct wbuf w = wbuf_of(out, cap);
	bool serial = pdu->type == RPKI_SERIAL_QUERY, error = pdu->type == RPKI_ERROR_REPORT;
	size_t len = HEADER + (serial ? 4 : 0) + (error ? 4 + at_fault_len + 4 + pdu->text_len : 0);

	wbuf_put_u8(&w, pdu->version);
	wbuf_put_u8(&w, pdu->type);
	wbuf_put_u16(&w, error ? pdu->error : serial ? pdu->session : 0);
	wbuf_put_u32(&w, (uint32_t)len);
	if (serial)
		wbuf_put_u32(&w, pdu->serial);
	if (error) {
		wbuf_put_u32(&w, (uint32_t)at_fault_len);
		wbuf_put(&w, at_fault, at_fault_len);
		wbuf_put_u32(&w, (uint32_t)pdu->text_len);
		wbuf_put(&w, pdu->text, pdu->text_len);
	}
	return wbuf_ok(&w) ? w.len : 0;
}
