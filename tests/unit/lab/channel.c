/* Frames over a stream: any cut of the octets gives the same frames; what cannot be a frame breaks the channel. */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "lab/channel.h"
#include "lab/window.h"

struct ends {
	int in, out; /* what is written to in is read from out */
};

static struct ends stream(void)
{
	int p[2];

	cr_assert_eq(pipe(p), 0);
	return (struct ends){.in = p[1], .out = p[0]};
}

Test(channel, octet_by_octet)
{
	struct ends all = stream(), slow = stream();
	uint8_t octets[256];
	struct lab_channel c;
	struct lab_frame f;
	unsigned frames = 0;
	ssize_t n;

	cr_assert_eq(lab_channel_send(all.in, LAB_FRAME_OUTPUT, 3, "hello", 5), 0);
	cr_assert_eq(lab_channel_send(all.in, LAB_FRAME_EOF, 4, "", 0), 0);
	n = read(all.out, octets, sizeof octets);
	cr_assert_eq(n, 2 * LAB_FRAME_HEADER + 5);
	lab_channel_init(&c, slow.out);
	for (ssize_t i = 0; i < n; i++) {
		cr_assert_eq(write(slow.in, octets + i, 1), 1);
		cr_assert_eq(lab_channel_fill(&c), 1);
		while (lab_channel_next(&c, &f)) {
			cr_expect_eq(f.type, frames ? LAB_FRAME_EOF : LAB_FRAME_OUTPUT);
			cr_expect_eq(f.chan, frames ? 4 : 3);
			cr_expect_eq(f.len, frames ? 0 : 5);
			if (!frames)
				cr_expect_arr_eq(f.data, "hello", 5);
			frames++;
		}
	}
	cr_expect_eq(frames, 2);
	close(slow.in);
	cr_expect_eq(lab_channel_fill(&c), 0);
	lab_channel_fini(&c);
}

Test(channel, what_cannot_be_a_frame)
{
	static const uint8_t bad[][LAB_FRAME_HEADER] = {
		{0, 0, 0, 0, 0, 0, 0, 0},			    /* no type */
		{200, 0, 0, 0, 0, 0, 0, 0},			    /* a type that is not */
		{LAB_FRAME_EVENT, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff}, /* too long to wait for */
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct ends e = stream();
		struct lab_channel c;
		struct lab_frame f;

		lab_channel_init(&c, e.out);
		cr_assert_eq(write(e.in, bad[i], sizeof bad[i]), sizeof bad[i]);
		cr_assert_gt(lab_channel_fill(&c), 0);
		cr_expect_not(lab_channel_next(&c, &f));
		cr_expect(c.broken, "%zu", i);
		lab_channel_fini(&c);
		close(e.in);
		close(e.out);
	}
}

/* Never more on the way than the window, and in the end all of it. */
Test(window, holds_back)
{
	static uint8_t data[10000], got[20000];
	struct ends e = stream(), acks = stream();
	struct lab_channel c;
	struct lab_window w;
	struct lab_frame f;
	size_t total = 0;

	lab_window_init(&w, e.in);
	lab_channel_init(&c, acks.out);
	memset(data, 'x', sizeof data);
	cr_assert_eq(lab_window_send(&w, LAB_FRAME_INPUT, 1, data, sizeof data), 0);
	while (total < sizeof data + LAB_FRAME_HEADER) {
		ssize_t n = read(e.out, got + total, sizeof got - total);

		cr_assert_gt(n, 0);
		cr_assert_leq(n, 2048);
		total += n;
		cr_expect_eq(lab_window_free(&w), total == sizeof data + LAB_FRAME_HEADER);
		cr_assert_eq(lab_window_ack(acks.in, n), 0);
		cr_assert_gt(lab_channel_fill(&c), 0);
		cr_assert(lab_channel_next(&c, &f));
		cr_assert_eq(lab_window_acked(&w, &f), 0);
	}
	cr_expect_arr_eq(got + LAB_FRAME_HEADER, data, sizeof data);
	cr_expect_eq(w.flying, 0);
	lab_window_fini(&w);
	lab_channel_fini(&c);
}
