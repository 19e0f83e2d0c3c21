#include <criterion/criterion.h>
#include <sys/uio.h>

#include "bgpd/io/pace.h"
#include "bgpd/io/sendq.h"

/* Takes away pieces of every size, through many turns of the ring: what is left is always the rest of the stream. */
Test(sendq, any_piece_may_be_taken_from_the_front)
{
	struct io_sendq q = {0};
	struct iovec iov[4];
	uint64_t in = 0, out = 0;
	size_t octets;

	for (unsigned i = 0; i < 20000; i++) {
		uint8_t data[40];
		size_t len = 1 + i * 7 % sizeof(data);
		for (size_t k = 0; k < len; k++)
			data[k] = (uint8_t)(in++ * 31 >> 2);
		struct out_block *b = out_block_new(data, len);
		io_sendq_add(&q, b);
		out_block_unref(b);
		unsigned n = io_sendq_get(&q, iov, 4, &octets);
		uint64_t at = out;
		size_t sum = 0;
		for (unsigned k = 0; k < n; k++) {
			sum += iov[k].iov_len;
			cr_assert(iov[k].iov_len > 0);
			for (size_t o = 0; o < iov[k].iov_len; o++, at++)
				cr_assert(
					((uint8_t *)iov[k].iov_base)[o] == (uint8_t)(at * 31 >> 2));
		}
		cr_assert(sum == octets && octets <= q.octets && q.octets == in - out);
		size_t take = i % 900 < 600 ? i * 11 % (octets / 2 + 1) : octets;
		io_sendq_del(&q, take);
		out += take;
	}
	io_sendq_del(&q, q.octets);
	cr_assert(q.n == 0 && q.octets == 0 && q.cap <= IO_SENDQ_KEEP, "%u slots", q.cap);
	io_sendq_fini(&q);
}

Test(sendq, blocks_are_shared_and_let_go)
{
	struct out_block *b = out_block_new("0123456789", 10);
	struct io_sendq q[3] = {0};

	for (unsigned i = 0; i < 3; i++)
		for (unsigned k = 0; k < 100; k++)
			io_sendq_add(&q[i], b);
	cr_assert(b->refs == 301);
	io_sendq_del(&q[0], 995);
	cr_assert(b->refs == 202 && q[0].octets == 5 && q[0].n == 1);
	for (unsigned i = 0; i < 3; i++)
		io_sendq_fini(&q[i]);
	cr_assert(b->refs == 1);
	out_block_unref(b);
}

Test(pace, finds_the_slice_that_takes_the_time_and_stays_there)
{
	static const unsigned ns[] = {100, 1000, 10000, 100000}; /* a unit takes */

	for (unsigned i = 0; i < sizeof(ns) / sizeof(ns[0]); i++) {
		unsigned budget = IO_PACE_FIRST;
		for (unsigned turn = 0; turn < 20; turn++)
			budget = io_pace_next(budget, (uint64_t)budget * ns[i] / 1000, 0);
		uint64_t took = (uint64_t)budget * ns[i] / 1000;
		cr_assert(took <= IO_PACE_US * 17 / 16 || budget == IO_PACE_MIN, "%u", budget);
		cr_assert(took >= IO_PACE_US / 3 || budget == IO_PACE_MAX, "%u", budget);
	}
}

Test(pace, a_slice_is_no_more_than_a_queue_may_hold)
{
	unsigned budget = IO_PACE_MAX;

	for (unsigned turn = 0; turn < 20; turn++)
		budget = io_pace_next(budget, 10, (size_t)budget * 4096);
	cr_assert(budget == IO_PACE_MIN);
	cr_assert(io_pace_next(IO_PACE_MIN, UINT32_MAX, SIZE_MAX / 16) == IO_PACE_MIN);
	cr_assert(io_pace_next(IO_PACE_MAX, 0, 0) == IO_PACE_MAX);
}
