/* /v1/mrt/rib over a router that has routes: whole records, and whose. Octets of records: tests/unit/mrt. */
#include <criterion/criterion.h>
#include <string.h>

#include "bgpd/mgmt/handle.h"
#include "bgpd/mgmt/stream.h"
#include "bgpd/mgmt/vitals.h"
#include "tests/unit/mgmt/router.h"

#define MRT_WALL 1600000000u

struct mrt_got {
	uint8_t octets[65536];
	size_t len;
};

static unsigned mrt_u16(const uint8_t *p)
{
	return p[0] << 8u | p[1];
}

static uint32_t mrt_u32(const uint8_t *p)
{
	return (uint32_t)mrt_u16(p) << 16 | mrt_u16(p + 2);
}

static void mrt_ask(const struct mgmt_bed *b, struct mrt_got *got)
{
	struct mgmt_answer a = mgmt_handle(b->r, b->now_ms, "/v1/mrt/rib", "");
	const char *octets;
	size_t len;
	bool more = true;

	*got = (struct mrt_got){0};
	cr_assert_eq(a.status, 200);
	cr_assert_not_null(a.stream);
	cr_assert_str_eq(mgmt_stream_type(a.stream), "application/octet-stream");
	mgmt_stream_set_vitals(a.stream, &(struct mgmt_vitals){.wall_s = MRT_WALL});
	while (more) {
		more = mgmt_stream_step(a.stream, 1, &octets, &len);
		cr_assert_leq(got->len + len, sizeof(got->octets));
		if (len)
			memcpy(got->octets + got->len, octets, len);
		got->len += len;
	}
	mgmt_stream_free(a.stream);
}

/* The peers are ourselves and pe2, then comes a record of RIB_GENERIC a VPN route. */
Test(mgmt_mrt, records_of_a_running_router)
{
	static struct mrt_got got;
	struct mgmt_bed b;
	unsigned n = 0, of_pe2 = 0;

	mgmt_bed_init(&b);
	mgmt_bed_run(&b);
	mrt_ask(&b, &got);
	for (size_t at = 0; at < got.len; n++) {
		const uint8_t *p = got.octets + at;
		cr_assert_geq(got.len - at, 12);
		uint32_t len = mrt_u32(p + 8);
		cr_assert_leq(len, got.len - at - 12);
		cr_assert_eq(mrt_u32(p), MRT_WALL);
		cr_assert_eq(mrt_u16(p + 4), 13);
		cr_assert_eq(mrt_u16(p + 6), n == 0 ? 1 : 6);
		if (n == 0) {
			cr_assert_eq(mrt_u32(p + 12), 0x0aff0001);
			cr_assert_eq(mrt_u16(p + 18), 2, "peers");
			cr_assert_eq(mrt_u32(p + 20 + 13 + 5), 0x0aff0003, "pe2");
		} else {
			const uint8_t *entry = p + 19 + 1 + (p[19] + 7) / 8 + 2;
			cr_assert_eq(mrt_u32(p + 12), n - 1, "sequence");
			cr_assert_eq(mrt_u16(entry - 2), 1, "entries");
			of_pe2 += mrt_u16(entry) == 1;
			cr_assert_eq(mrt_u32(entry + 2), MRT_WALL - (mrt_u16(entry) == 1 ? 75 : 0));
		}
		at += 12 + len;
	}
	cr_expect_eq(n, 1 + 5, "%u", n);
	cr_expect_eq(of_pe2, 2, "%u", of_pe2);
	mgmt_bed_fini(&b);
}

Test(mgmt_mrt, a_router_without_routes_has_an_index)
{
	static struct mrt_got got;
	struct mgmt_bed b;

	mgmt_bed_init(&b);
	mrt_ask(&b, &got);
	cr_expect_eq(got.len, 12 + 8 + 13);
	mgmt_bed_fini(&b);
}
