/* BMP messages: values to octets. */
#include "bgpd/bmp/msg.h"

#include <string.h>

#define VERSION	     3
#define FLAG_V6	     0x80
#define FLAG_POST    0x40
#define FLAG_AS2     0x20
#define FLAG_LOC_RIB 0x80 /* F of RFC 9069 4.2 */
#define MICRO	     1000000

enum tlv { /* RFC 7854 4.4, RFC 9069 4.3 */
	TLV_SYS_DESCR = 1,
	TLV_SYS_NAME = 2,
	TLV_TABLE_NAME = 3,
};
enum termination_tlv { TLV_REASON = 1 };

/* The length is filled in at the end. */
struct draft {
	struct wbuf *w;
	size_t at;
};

static struct draft msg_begin(struct wbuf *w, enum bmp_type type)
{
	struct draft d = {.w = w, .at = w->len};

	wbuf_put_u8(w, VERSION);
	wbuf_put_u32(w, 0);
	wbuf_put_u8(w, (uint8_t)type);
	return d;
}

static bool msg_end(const struct draft *d)
{
	struct wbuf *w = d->w;
	size_t len = w->len - d->at;

	if (!wbuf_ok(w)) {
		w->len = d->at;
		w->bad = false;
		return false;
	}
	for (unsigned i = 0; i < 4; i++)
		w->base[d->at + 1 + i] = (uint8_t)(len >> (24 - 8 * i));
	return true;
}

/* 16 octets: IPv4 in the last four (RFC 7854 4.2). */
static void put_addr(struct wbuf *w, const struct ip_addr *a)
{
	uint8_t octets[16] = {0};

	if (a->af == IP_V6)
		memcpy(octets, a->o, 16);
	else
		memcpy(octets + 12, a->o, 4);
	wbuf_put(w, octets, sizeof octets);
}

static uint8_t peer_flags(const struct bmp_peer *p)
{
	if (p->type == BMP_PEER_LOC_RIB)
		return p->filtered ? FLAG_LOC_RIB : 0;
	return (uint8_t)((p->addr.af == IP_V6 ? FLAG_V6 : 0) | (p->post_policy ? FLAG_POST : 0) |
			 (p->as2 ? FLAG_AS2 : 0));
}

static void put_peer(struct wbuf *w, const struct bmp_peer *p)
{
	wbuf_put_u8(w, (uint8_t)p->type);
	wbuf_put_u8(w, peer_flags(p));
	wbuf_put_u64(w, p->distinguisher);
	put_addr(w, &p->addr);
	wbuf_put_u32(w, p->as);
	wbuf_put_u32(w, p->id);
	wbuf_put_u32(w, (uint32_t)(p->time_us / MICRO));
	wbuf_put_u32(w, (uint32_t)(p->time_us % MICRO));
}

static void put_tlv(struct wbuf *w, uint16_t type, const void *octets, size_t len)
{
	wbuf_put_u16(w, type);
	wbuf_put_u16(w, (uint16_t)len);
	wbuf_put(w, octets, len);
}

bool bmp_put_initiation(struct wbuf *w, const char *sys_descr, const char *sys_name)
{
	struct draft d = msg_begin(w, BMP_INITIATION);

	put_tlv(w, TLV_SYS_DESCR, sys_descr, strlen(sys_descr));
	put_tlv(w, TLV_SYS_NAME, sys_name, strlen(sys_name));
	return msg_end(&d);
}

bool bmp_put_termination(struct wbuf *w, uint16_t reason)
{
	struct draft d = msg_begin(w, BMP_TERMINATION);
	const uint8_t octets[] = {(uint8_t)(reason >> 8), (uint8_t)reason};

	put_tlv(w, TLV_REASON, octets, sizeof octets);
	return msg_end(&d);
}

bool bmp_put_peer_up(struct wbuf *w, const struct bmp_peer *p, const struct ip_addr *local,
	uint16_t local_port, uint16_t remote_port, const uint8_t *sent_open, size_t sent_len,
	const uint8_t *received_open, size_t received_len, const char *table_name)
{
	struct draft d = msg_begin(w, BMP_PEER_UP);

	put_peer(w, p);
	put_addr(w, local);
	wbuf_put_u16(w, local_port);
	wbuf_put_u16(w, remote_port);
	wbuf_put(w, sent_open, sent_len);
	wbuf_put(w, received_open, received_len);
	if (table_name)
		put_tlv(w, TLV_TABLE_NAME, table_name, strlen(table_name));
	return msg_end(&d);
}

bool bmp_put_peer_down(
	struct wbuf *w, const struct bmp_peer *p, uint8_t reason, const uint8_t *data, size_t len)
{
	struct draft d = msg_begin(w, BMP_PEER_DOWN);

	put_peer(w, p);
	wbuf_put_u8(w, reason);
	wbuf_put(w, data, len);
	return msg_end(&d);
}

bool bmp_put_monitoring(struct wbuf *w, const struct bmp_peer *p, const uint8_t *update, size_t len)
{
	struct draft d = msg_begin(w, BMP_ROUTE_MONITORING);

	put_peer(w, p);
	wbuf_put(w, update, len);
	return msg_end(&d);
}

static void put_stat(struct wbuf *w, const struct bmp_stat *s)
{
	unsigned family = s->afi ? 3 : 0, value = s->gauge ? 8 : 4;

	wbuf_put_u16(w, s->type);
	wbuf_put_u16(w, (uint16_t)(family + value));
	if (family) {
		wbuf_put_u16(w, s->afi);
		wbuf_put_u8(w, s->safi);
	}
	if (s->gauge)
		wbuf_put_u64(w, s->value);
	else
		wbuf_put_u32(w, (uint32_t)s->value);
}

bool bmp_put_statistics(
	struct wbuf *w, const struct bmp_peer *p, const struct bmp_stat *list, unsigned n)
{
	struct draft d = msg_begin(w, BMP_STATISTICS);

	put_peer(w, p);
	wbuf_put_u32(w, n);
	for (unsigned i = 0; i < n; i++)
		put_stat(w, &list[i]);
	return msg_end(&d);
}
