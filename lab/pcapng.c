/* From the classic format of libpcap to pcapng. */
#include "lab/pcapng.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define FILE_HEADER   24
#define PACKET_HEADER 16
#define MAGIC_US      0xa1b2c3d4u
#define MAGIC_NS      0xa1b23c4du

/* Blocks and options of draft-ietf-opsawg-pcapng, sections 4.1 to 4.3 */
enum { BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_PACKET = 6 };
enum { OPT_END = 0, OPT_USERAPPL = 4, OPT_IF_NAME = 2, OPT_IF_TSRESOL = 9 };

void lab_pcapng_init(struct lab_pcapng *p, const char *port)
{
	*p = (struct lab_pcapng){.port = port};
}

void lab_pcapng_fini(struct lab_pcapng *p)
{
	free(p->in);
	free(p->out);
	*p = (struct lab_pcapng){0};
}

static void octets_add(uint8_t **buf, size_t *len, size_t *cap, const void *data, size_t n)
{
	if (*cap - *len < n) {
		*cap = 2 * (*len + n);
		*buf = realloc(*buf, *cap);
		CHECK(*buf);
	}
	memcpy(*buf + *len, data, n);
	*len += n;
}

static void put(struct lab_pcapng *p, const void *data, size_t n)
{
	octets_add(&p->out, &p->out_len, &p->out_cap, data, n);
}

static void put_u16(struct lab_pcapng *p, uint16_t v)
{
	put(p, &v, sizeof v);
}

static void put_u32(struct lab_pcapng *p, uint32_t v)
{
	put(p, &v, sizeof v);
}

/* With what fills it up to four octets. */
static void put_padded(struct lab_pcapng *p, const void *data, size_t n)
{
	put(p, data, n);
	put(p, "\0\0", (4 - n % 4) % 4);
}

static void put_option(struct lab_pcapng *p, uint16_t code, const void *data, uint16_t n)
{
	put_u16(p, code);
	put_u16(p, n);
	put_padded(p, data, n);
}

/* Where the block begins; its length is written at the end, twice. */
static size_t block_begin(struct lab_pcapng *p, uint32_t type)
{
	size_t at = p->out_len;

	put_u32(p, type);
	put_u32(p, 0);
	return at;
}

static void block_end(struct lab_pcapng *p, size_t at)
{
	uint32_t n = p->out_len - at + sizeof n;

	put_u32(p, n);
	memcpy(p->out + at + 4, &n, sizeof n);
}

static uint32_t get_u32(const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof v);
	return v;
}

static bool header_turn(struct lab_pcapng *p, const uint8_t *h)
{
	static const char app[] = "ravelin lab capture";
	uint32_t magic = get_u32(h);
	uint8_t resolution = magic == MAGIC_NS ? 9 : 6;
	uint64_t unknown = UINT64_MAX; /* the section's length */
	size_t at;

	if (magic != MAGIC_US && magic != MAGIC_NS)
		return false;
	at = block_begin(p, BLOCK_SECTION);
	put_u32(p, 0x1a2b3c4d);
	put_u16(p, 1);
	put_u16(p, 0);
	put(p, &unknown, sizeof unknown);
	put_option(p, OPT_USERAPPL, app, sizeof app - 1);
	put_option(p, OPT_END, "", 0);
	block_end(p, at);
	at = block_begin(p, BLOCK_INTERFACE);
	put_u16(p, get_u32(h + 20) & 0xffff);
	put_u16(p, 0);
	put_u32(p, get_u32(h + 16));
	put_option(p, OPT_IF_NAME, p->port, strlen(p->port));
	put_option(p, OPT_IF_TSRESOL, &resolution, 1);
	put_option(p, OPT_END, "", 0);
	block_end(p, at);
	p->per_second = magic == MAGIC_NS ? 1000000000 : 1000000;
	return true;
}

static void packet_turn(struct lab_pcapng *p, const uint8_t *h)
{
	uint64_t stamp = get_u32(h) * p->per_second + get_u32(h + 4);
	uint32_t captured = get_u32(h + 8);
	size_t at = block_begin(p, BLOCK_PACKET);

	put_u32(p, 0); /* of the one interface */
	put_u32(p, stamp >> 32);
	put_u32(p, (uint32_t)stamp);
	put_u32(p, captured);
	put_u32(p, get_u32(h + 12));
	put_padded(p, h + PACKET_HEADER, captured);
	block_end(p, at);
	p->packets++;
}

/* Octets of the next piece that is whole; 0: not yet, or never. */
static size_t piece(struct lab_pcapng *p, const uint8_t *at, size_t left)
{
	size_t n = p->per_second ? PACKET_HEADER : FILE_HEADER;

	if (left < n)
		return 0;
	if (p->per_second) {
		uint32_t captured = get_u32(at + 8);

		p->broken |= captured > LAB_PCAPNG_SNAP_MAX;
		n += captured;
	}
	return p->broken || left < n ? 0 : n;
}

const uint8_t *lab_pcapng_feed(struct lab_pcapng *p, const uint8_t *data, size_t len, size_t *n)
{
	size_t at = 0, got;

	p->out_len = 0;
	if (!p->broken)
		octets_add(&p->in, &p->in_len, &p->in_cap, data, len);
	while (!p->broken && (got = piece(p, p->in + at, p->in_len - at))) {
		if (p->per_second)
			packet_turn(p, p->in + at);
		else
			p->broken = !header_turn(p, p->in);
		at += got;
	}
	if (at)
		memmove(p->in, p->in + at, p->in_len - at);
	p->in_len -= at;
	*n = p->out_len;
	return p->out;
}
