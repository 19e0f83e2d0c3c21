#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "lib/rbuf.h"
#include "lib/wbuf.h"

Test(rbuf, reads_big_endian_in_order)
{
	static const uint8_t o[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18};
	struct rbuf r = rbuf_of(o, sizeof(o));

	cr_assert_eq(rbuf_get_u8(&r), 0x01);
	cr_assert_eq(rbuf_get_u16(&r), 0x0203);
	cr_assert_eq(rbuf_get_u24(&r), 0x040506);
	cr_assert_eq(rbuf_get_u32(&r), 0x0708090a);
	cr_assert_eq(rbuf_get_u64(&r), UINT64_C(0x0b0c0d0e0f101112));
	cr_assert_eq(rbuf_left(&r), 0);
	cr_assert(rbuf_ok(&r));
	cr_assert_not_null(rbuf_get(&r, 0));
	cr_assert(rbuf_ok(&r));
}

/* In memory of exactly n octets: a sanitizer would see the read past it. */
Test(rbuf, the_first_read_past_the_end_sticks_and_moves_nothing)
{
	for (size_t n = 0; n < 8; n++) {
		uint8_t *o = calloc(1, n ? n : 1);
		for (unsigned kind = 0; kind < 5; kind++) {
			static const size_t width[] = {1, 2, 3, 4, 8};
			struct rbuf r = rbuf_of(o, n);

			memset(o, 0xff, n);
			uint64_t v = kind == 0	 ? rbuf_get_u8(&r)
				     : kind == 1 ? rbuf_get_u16(&r)
				     : kind == 2 ? rbuf_get_u24(&r)
				     : kind == 3 ? rbuf_get_u32(&r)
						 : rbuf_get_u64(&r);
			cr_expect_eq(rbuf_ok(&r), n >= width[kind], "%zu %u", n, kind);
			if (rbuf_ok(&r))
				cr_expect_eq(v, UINT64_MAX >> (64 - 8 * width[kind]));
			else if (kind < 4)
				cr_expect(v == 0 && rbuf_left(&r) == n);
			if (!rbuf_ok(&r)) {
				cr_expect_null(
					rbuf_get(&r, 0), "a bad cursor gives nothing any more");
				cr_expect_eq(rbuf_get_u8(&r), 0);
			}
		}
		free(o);
	}
}

Test(rbuf, a_part_is_bounded_by_itself)
{
	static const uint8_t o[] = {1, 2, 3, 4};
	struct rbuf r = rbuf_of(o, sizeof(o));
	struct rbuf sub = rbuf_sub(&r, 2);

	cr_assert_eq(rbuf_get_u16(&sub), 0x0102);
	cr_assert_eq(rbuf_get_u8(&sub), 0);
	cr_assert(!rbuf_ok(&sub) && rbuf_ok(&r));
	cr_assert_eq(rbuf_get_u8(&r), 3);
	sub = rbuf_sub(&r, 2);
	cr_assert(!rbuf_ok(&sub) && !rbuf_ok(&r) && rbuf_left(&sub) == 0);
}

Test(rbuf, lengths_near_the_end_of_memory_do_not_wrap)
{
	static const uint8_t o[4];
	struct rbuf r = rbuf_of(o, sizeof(o));

	cr_assert_null(rbuf_get(&r, SIZE_MAX));
	r = rbuf_of(NULL, 0);
	cr_assert_eq(rbuf_left(&r), 0);
	cr_assert_eq(rbuf_get_u8(&r), 0);
}

Test(wbuf, writes_big_endian_in_order)
{
	static const uint8_t want[] = {
		1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 'x'};
	uint8_t o[sizeof(want)];
	struct wbuf w = wbuf_of(o, sizeof(o));

	wbuf_put_u8(&w, 0x01);
	wbuf_put_u16(&w, 0x0203);
	wbuf_put_u24(&w, 0x040506);
	wbuf_put_u32(&w, 0x0708090a);
	wbuf_put_u64(&w, UINT64_C(0x0b0c0d0e0f101112));
	wbuf_put(&w, "x", 1);
	wbuf_put(&w, NULL, 0);
	cr_assert(wbuf_ok(&w) && wbuf_left(&w) == 0);
	cr_assert_arr_eq(o, want, sizeof(want));
}

Test(wbuf, a_full_one_turns_bad_and_writes_nothing_more)
{
	uint8_t o[4] = {9, 9, 9, 9};
	struct wbuf w = wbuf_of(o, 3);

	wbuf_put_u16(&w, 0);
	wbuf_put_u16(&w, 0);
	cr_assert(!wbuf_ok(&w) && w.len == 2);
	wbuf_put_u8(&w, 7);
	cr_assert(w.len == 2 && o[2] == 9 && o[3] == 9);
	cr_assert_null(wbuf_take(&w, 0));
}

Test(wbuf, marks_count_what_followed)
{
	uint8_t o[300];
	struct wbuf w = wbuf_of(o, sizeof(o));
	size_t outer = wbuf_mark_u16(&w), inner = wbuf_mark_u8(&w);

	wbuf_put_u32(&w, 0);
	wbuf_fill_u8(&w, inner);
	wbuf_fill_u16(&w, outer);
	cr_assert(o[0] == 0 && o[1] == 5 && o[2] == 4);
	inner = wbuf_mark_u8(&w);
	cr_assert_not_null(wbuf_take(&w, 256));
	wbuf_fill_u8(&w, inner);
	cr_assert_not(wbuf_ok(&w), "256 does not fit in an octet");
}
