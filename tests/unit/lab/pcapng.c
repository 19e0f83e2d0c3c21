/* A capture becomes pcapng, in pieces of any size, and what is no capture becomes nothing. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "lab/pcapng.h"

#define PACKETS 3

/* Packets of 1, 4 and 7 octets, as tcpdump writes them. */
static size_t classic(uint8_t *out, uint32_t magic)
{
	const uint32_t header[6] = {magic, 2 | 4 << 16, 0, 0, 262144, 1};
	size_t n = sizeof header;

	memcpy(out, header, sizeof header);
	for (uint32_t i = 0; i < PACKETS; i++) {
		uint32_t len = 1 + 3 * i, packet[4] = {1700000000 + i, 250000, len, 100};

		memcpy(out + n, packet, sizeof packet);
		memset(out + n + sizeof packet, 'a' + (int)i, len);
		n += sizeof packet + len;
	}
	return n;
}

static uint32_t u32(const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof v);
	return v;
}

static size_t turn(const uint8_t *in, size_t n, size_t step, uint8_t *out, struct lab_pcapng *p)
{
	size_t len = 0, got;

	lab_pcapng_init(p, "pe1:eth1");
	for (size_t at = 0; at < n; at += step) {
		const uint8_t *blocks =
			lab_pcapng_feed(p, in + at, at + step < n ? step : n - at, &got);

		if (got)
			memcpy(out + len, blocks, got);
		len += got;
	}
	return len;
}

Test(pcapng, blocks)
{
	uint8_t in[256], out[1024];
	size_t n = classic(in, 0xa1b2c3d4), len, at, packets = 0;
	struct lab_pcapng p;

	len = turn(in, n, n, out, &p);
	cr_expect_eq(p.packets, PACKETS);
	cr_expect_eq(u32(out), 0x0a0d0d0au);
	cr_expect_eq(u32(out + 8), 0x1a2b3c4du);
	for (at = 0; at < len; at += u32(out + at + 4)) {
		uint32_t total = u32(out + at + 4);

		cr_assert(total >= 12 && total % 4 == 0 && at + total <= len);
		cr_expect_eq(u32(out + at + total - 4), total, "its length stands at both ends");
		if (u32(out + at) == 1)
			cr_expect(memmem(out + at, total, "pe1:eth1", 8));
		if (u32(out + at) == 6) {
			uint64_t stamp = (uint64_t)u32(out + at + 12) << 32 | u32(out + at + 16);

			cr_expect_eq(stamp, (1700000000 + packets) * 1000000 + 250000);
			cr_expect_eq(u32(out + at + 20), 1 + 3 * packets);
			cr_expect_eq(u32(out + at + 24), 100);
			cr_expect_eq(out[at + 28], 'a' + packets);
			packets++;
		}
	}
	cr_expect_eq(at, len);
	cr_expect_eq(packets, PACKETS);
	lab_pcapng_fini(&p);
}

Test(pcapng, pieces_of_any_size)
{
	uint8_t in[256], whole[1024], parts[1024];
	size_t n = classic(in, 0xa1b23c4d), len;
	struct lab_pcapng p;

	len = turn(in, n, n, whole, &p);
	lab_pcapng_fini(&p);
	for (size_t step = 1; step < n; step++) {
		cr_expect_eq(turn(in, n, step, parts, &p), len);
		cr_expect_arr_eq(parts, whole, len);
		lab_pcapng_fini(&p);
	}
}

Test(pcapng, what_is_none)
{
	uint8_t in[256], out[1024];
	size_t n = classic(in, 0xd4c3b2a1);
	const uint32_t huge = LAB_PCAPNG_SNAP_MAX + 1;
	struct lab_pcapng p;

	cr_expect_eq(turn(in, n, n, out, &p), 0);
	cr_expect(p.broken);
	lab_pcapng_fini(&p);
	n = classic(in, 0xa1b2c3d4);
	memcpy(in + 24 + 8, &huge, sizeof huge); /* the first packet's */
	turn(in, n, 5, out, &p);
	cr_expect(p.broken && !p.packets);
	lab_pcapng_fini(&p);
}
