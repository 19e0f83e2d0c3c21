#include "bgpd/wire/open.h"

#include "bgpd/wire/aspath.h"
#include "bgpd/wire/capa.h"
#include "bgpd/wire/msg.h"
#include "bgpd/wire/notify.h"
#include "lib/check.h"
#include "lib/rbuf.h"

#define BGP_VERSION    4
#define OPEN_FIXED_LEN 10  /* opt_len included */
#define CAPAS_OCTETS   512 /* more than all that we have, of all families */

enum {
	OPEN_UNSPECIFIC = 0,
	OPEN_BAD_VERSION = 1,
	OPEN_BAD_AS = 2,
	OPEN_BAD_ID = 3,
	OPEN_BAD_PARAMETER = 4,
	OPEN_BAD_HOLD_TIME = 6,
};

enum { PARAMETER_CAPABILITIES = 2, PARAMETER_EXTENDED = 255 };

static bool open_fault(struct wire_fault *f, uint8_t subcode, const char *why)
{
	wire_fault_set(f, WIRE_RESET, WIRE_ERR_OPEN, subcode, why);
	return false;
}

static bool open_check_fixed(
	uint8_t version, uint16_t as, const struct wire_open *o, struct wire_fault *fault)
{
	static const uint8_t speak[2] = {0, BGP_VERSION};

	if (version != BGP_VERSION) {
		open_fault(fault, OPEN_BAD_VERSION, "version is not 4");
		wire_fault_add_data(fault, speak, sizeof(speak)); /* RFC 4271 6.2 */
		return false;
	}
	if (as == 0)
		return open_fault(fault, OPEN_BAD_AS, "AS number 0 (RFC 7607 2)");
	if (o->hold_s == 1 || o->hold_s == 2)
		return open_fault(fault, OPEN_BAD_HOLD_TIME, "hold time of 1 or 2 seconds");
	if (o->id == 0)
		return open_fault(fault, OPEN_BAD_ID, "BGP identifier 0 (RFC 6286 2.1)");
	return true;
}

/*
 * opt_len(1) and the parameters: type(1) length(1) value. Extended form (RFC 9072 2): 255(1) 255(1) opt_len(2),
 * then type(1) length(2) value.
 */
static bool open_params_get(struct rbuf *r, struct wire_open *out, struct wire_fault *fault)
{
	size_t len = rbuf_get_u8(r);
	bool extended = len > 0 && rbuf_left(r) >= 3 && r->p[0] == PARAMETER_EXTENDED;

	if (extended) {
		(void)rbuf_get_u8(r);
		len = rbuf_get_u16(r);
	}
	if (!rbuf_ok(r) || len != rbuf_left(r))
		return open_fault(
			fault, OPEN_UNSPECIFIC, "optional parameters do not fill the message");
	while (rbuf_left(r) > 0) {
		uint8_t type = rbuf_get_u8(r);
		struct rbuf value = rbuf_sub(r, extended ? rbuf_get_u16(r) : rbuf_get_u8(r));

		if (!rbuf_ok(r))
			return open_fault(
				fault, OPEN_UNSPECIFIC, "optional parameter overruns the message");
		if (type != PARAMETER_CAPABILITIES)
			return open_fault(
				fault, OPEN_BAD_PARAMETER, "optional parameter is unknown");
		if (!wire_capas_get(&value, out))
			return open_fault(
				fault, OPEN_UNSPECIFIC, "capability is malformed (RFC 5492 4)");
	}
	return true;
}

bool wire_open_get(const uint8_t *body, size_t len, struct wire_open *out, struct wire_fault *fault)
{
	struct rbuf r = rbuf_of(body, len);
	uint8_t version = rbuf_get_u8(&r);
	uint16_t as = rbuf_get_u16(&r);

	*out = (struct wire_open){.as = as, .role = WIRE_ROLE_NONE};
	out->hold_s = rbuf_get_u16(&r);
	out->id = rbuf_get_u32(&r);
	if (len < OPEN_FIXED_LEN) {
		wire_fault_set(fault, WIRE_RESET, WIRE_ERR_HEADER, 2, "OPEN is too short");
		return false;
	}
	if (!open_check_fixed(version, as, out, fault) || !open_params_get(&r, out, fault))
		return false;
	if (out->as == 0)
		return open_fault(fault, OPEN_BAD_AS, "AS number 0 (RFC 7607 2)");
	if (out->as != as && as != WIRE_AS_TRANS)
		return open_fault(fault, OPEN_BAD_AS,
			"My Autonomous System contradicts the 4-octet AS capability (RFC 6793 "
			"4.2.1)");
	if (!out->restart.sent) /* LLGR without graceful restart is disregarded (RFC 9494 3.1) */
		out->restart = (struct wire_restart){0};
	return true;
}

void wire_open_put_params(struct wbuf *w, struct wire_span capas)
{
	if (capas.len <= UINT8_MAX - 2) {
		wbuf_put_u8(w, capas.len ? (uint8_t)(capas.len + 2) : 0);
		if (capas.len) {
			wbuf_put_u8(w, PARAMETER_CAPABILITIES);
			wbuf_put_u8(w, (uint8_t)capas.len);
		}
	} else {
		wbuf_put_u8(w, UINT8_MAX);
		wbuf_put_u8(w, PARAMETER_EXTENDED);
		wbuf_put_u16(w, (uint16_t)(capas.len + 3));
		wbuf_put_u8(w, PARAMETER_CAPABILITIES);
		wbuf_put_u16(w, capas.len);
	}
	wbuf_put(w, capas.p, capas.len);
}

void wire_open_put(struct wbuf *w, const struct wire_open *o)
{
	uint8_t octets[CAPAS_OCTETS];
	struct wbuf capas = wbuf_of(octets, sizeof(octets));
	size_t begin = wire_msg_begin(w, WIRE_OPEN);

	wbuf_put_u8(w, BGP_VERSION);
	wbuf_put_u16(w, o->as > UINT16_MAX ? WIRE_AS_TRANS : (uint16_t)o->as);
	wbuf_put_u16(w, o->hold_s);
	wbuf_put_u32(w, o->id);
	wire_capas_put(&capas, o);
	CHECK(wbuf_ok(&capas));
	wire_open_put_params(w, (struct wire_span){.p = octets, .len = (uint16_t)capas.len});
	wire_msg_end(w, begin);
}
