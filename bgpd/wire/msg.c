#include "bgpd/wire/msg.h"

#include <string.h>

#include "bgpd/wire/notify.h"

#define MARKER_LEN	   16
#define REFRESH_SUBTYPE_AT (WIRE_HEADER_LEN + 2)
#define REFRESH_BAD_LENGTH 1 /* RFC 7313 5 */

enum { HEADER_NOT_SYNCHRONIZED = 1, HEADER_BAD_LENGTH = 2, HEADER_BAD_TYPE = 3 };

/*
 * Shortest and longest whole message of each type (RFC 4271 6.1, RFC 2918 3; OPEN and KEEPALIVE are never extended:
 * RFC 8654 4); 0: up to the session's maximum.
 */
static const struct {
	uint16_t min, max;
} msg_len[] = {
	[WIRE_OPEN] = {29, WIRE_MSG_MAX},
	[WIRE_UPDATE] = {23, 0},
	[WIRE_NOTIFICATION] = {21, 0},
	[WIRE_KEEPALIVE] = {19, 19},
	[WIRE_REFRESH] = {23, 23},
};

#define MSG_TYPE_END (sizeof(msg_len) / sizeof(msg_len[0]))

/* A stranger that does not speak BGP is told so at its first wrong octet, not after 19. */
static bool msg_check_marker(const uint8_t *octets, size_t len)
{
	static const uint8_t ones[MARKER_LEN] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

	return memcmp(octets, ones, len < MARKER_LEN ? len : MARKER_LEN) == 0;
}

static bool msg_check_length(unsigned type, unsigned len, unsigned msg_max)
{
	if (len < WIRE_HEADER_LEN || len > msg_max)
		return false;
	if (type == 0 || type >= MSG_TYPE_END)
		return true; /* the type's fault comes after the length's */
	return len >= msg_len[type].min && (msg_len[type].max == 0 || len <= msg_len[type].max);
}

/*
 * RFC 7313 5: a BoRR or EoRR of another length is an error of its own. 0: more octets are needed to tell; 1: it is one;
 * -1: it is not.
 */
static int msg_check_borr(const uint8_t *octets, size_t len, unsigned msg, struct wire_fault *fault)
{
	if (octets[18] != WIRE_REFRESH || msg <= REFRESH_SUBTYPE_AT)
		return -1;
	if (len <= REFRESH_SUBTYPE_AT)
		return 0;
	if (octets[REFRESH_SUBTYPE_AT] != WIRE_REFRESH_BORR &&
		octets[REFRESH_SUBTYPE_AT] != WIRE_REFRESH_EORR)
		return -1;
	wire_fault_set(fault, WIRE_RESET, WIRE_ERR_REFRESH, REFRESH_BAD_LENGTH,
		"BoRR or EoRR has an impossible length");
	wire_fault_add_data(fault, octets, len < msg ? len : msg);
	return 1;
}

static int msg_length_fault(
	const uint8_t *octets, size_t len, unsigned msg, uint16_t msg_max, struct wire_fault *fault)
{
	int borr = msg <= msg_max ? msg_check_borr(octets, len, msg, fault) : -1;

	if (borr >= 0)
		return -borr;
	wire_fault_set(fault, WIRE_RESET, WIRE_ERR_HEADER, HEADER_BAD_LENGTH,
		"message length is impossible for its type");
	wire_fault_add_data(fault, octets + 16, 2);
	return -1;
}

int wire_msg_split(const uint8_t *octets, size_t len, uint16_t msg_max, struct wire_msg *out,
	struct wire_fault *fault)
{
	if (len > 0 && !msg_check_marker(octets, len)) {
		wire_fault_set(fault, WIRE_RESET, WIRE_ERR_HEADER, HEADER_NOT_SYNCHRONIZED,
			"marker is not all ones");
		return -1;
	}
	if (len < WIRE_HEADER_LEN)
		return 0;
	unsigned msg = (unsigned)octets[16] << 8 | octets[17];
	unsigned type = octets[18];
	if (!msg_check_length(type, msg, msg_max))
		return msg_length_fault(octets, len, msg, msg_max, fault);
	if (type == 0 || type >= MSG_TYPE_END) {
		wire_fault_set(fault, WIRE_RESET, WIRE_ERR_HEADER, HEADER_BAD_TYPE,
			"message type is unknown");
		wire_fault_add_data(fault, octets + 18, 1);
		return -1;
	}
	if (len < msg)
		return 0;
	*out = (struct wire_msg){.type = type,
		.body = octets + WIRE_HEADER_LEN,
		.body_len = (uint16_t)(msg - WIRE_HEADER_LEN)};
	return (int)msg;
}

size_t wire_msg_begin(struct wbuf *w, enum wire_msg_type type)
{
	size_t begin = w->len;
	uint8_t *p = wbuf_take(w, WIRE_HEADER_LEN);

	if (p) {
		memset(p, 0xff, MARKER_LEN);
		p[16] = p[17] = 0;
		p[18] = (uint8_t)type;
	}
	return begin;
}

void wire_msg_end(struct wbuf *w, size_t begin)
{
	size_t len = w->len - begin;

	if (w->bad || len < WIRE_HEADER_LEN || len > UINT16_MAX) {
		w->bad = true;
		return;
	}
	w->base[begin + 16] = (uint8_t)(len >> 8);
	w->base[begin + 17] = (uint8_t)len;
}

void wire_keepalive_put(struct wbuf *w)
{
	wire_msg_end(w, wire_msg_begin(w, WIRE_KEEPALIVE));
}
