#include "lib/chain.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "lib/check.h"

#define LINES 8

struct world {
	char lines[2 * LINES][CHAIN_LINE_MAX]; /* without ends */
	unsigned n;
	struct chain chain;
};

static void add(struct world *w, const char *body)
{
	size_t len = chain_seal(&w->chain, body, w->lines[w->n]);

	cr_assert_eq(w->lines[w->n][len - 1], '\n');
	w->lines[w->n++][len - 1] = '\0';
}

static void setup(struct world *w)
{
	char body[256];

	*w = (struct world){0};
	chain_init(&w->chain);
	snprintf(body, sizeof(body), "time=t proc=mplsfwd level=info event=" CHAIN_BEGUN " prev=%s",
		w->chain.head);
	add(w, body);
	while (w->n < LINES) {
		snprintf(body, sizeof(body),
			"time=t proc=bgpd level=info event=session_up peer=p%u", w->n);
		add(w, body);
	}
}

/* The first fault and its line; CHAIN_FINE: none. */
static enum chain_fault judge(const struct world *w, unsigned *line, unsigned *faults)
{
	enum chain_fault first = CHAIN_FINE;
	struct chain_check k;

	chain_check_init(&k);
	*line = *faults = 0;
	for (unsigned i = 0; i <= w->n; i++) {
		enum chain_fault f =
			i < w->n ? chain_check_line(&k, w->lines[i], strlen(w->lines[i]))
				 : chain_check_end(&k, 0);

		*faults += f != CHAIN_FINE;
		if (f == CHAIN_FINE || first != CHAIN_FINE)
			continue;
		first = f;
		*line = f == CHAIN_MALFORMED ? (unsigned)k.torn_from : i + 1;
	}
	return first;
}

static void expect(const struct world *w, enum chain_fault want, unsigned at, const char *what)
{
	unsigned line, faults;
	enum chain_fault f = judge(w, &line, &faults);

	cr_expect_eq(f, want, "%s: %s", what, chain_fault_text(f));
	cr_expect_eq(line, at, "%s: line %u", what, line);
}

static void erase(struct world *w, unsigned at, unsigned n)
{
	memmove(w->lines[at], w->lines[at + n], sizeof(w->lines[0]) * (w->n - at - n));
	w->n -= n;
}

static void insert(struct world *w, unsigned at, const char *line)
{
	memmove(w->lines[at + 1], w->lines[at], sizeof(w->lines[0]) * (w->n - at));
	snprintf(w->lines[at], sizeof(w->lines[at]), "%s", line);
	w->n++;
}

Test(chain, what_was_written_is_whole_and_anybody_can_compute_it)
{
	struct world w;
	unsigned line, faults;

	setup(&w);
	expect(&w, CHAIN_FINE, 0, "untouched");
	cr_expect_str_eq(w.lines[1], "seq=2 time=t proc=bgpd level=info event=session_up peer=p1 "
				     "hash=" /* Python's hashlib */
				     "95f8b412bf3215e02f7a5bec18e472c56b1aea52272afcba51297355ad970"
				     "66b");
	add(&w, "time=t proc=mplsfwd level=info event=" CHAIN_CLOSED);
	cr_expect_eq(judge(&w, &line, &faults), CHAIN_FINE);
}

/* Each octet of each line, changed: nothing passes. */
Test(chain, every_change_of_an_octet_is_found_where_it_is)
{
	struct world w, touched;
	unsigned line, faults;

	setup(&w);
	for (unsigned i = 0; i < w.n; i++) {
		for (size_t at = 0; w.lines[i][at]; at++) {
			touched = w;
			touched.lines[i][at] ^= 1;
			enum chain_fault f = judge(&touched, &line, &faults);
			cr_assert_neq(f, CHAIN_FINE, "line %u octet %zu", i + 1, at);
			cr_assert(line == i + 1 || line == i + 2, "line %u octet %zu: %u", i + 1,
				at, line);
		}
	}
}

Test(chain, lines_removed_inserted_moved_are_named)
{
	struct world w, t;

	setup(&w);
	t = w;
	erase(&t, 3, 1);
	expect(&t, CHAIN_MISSING, 4, "the fourth removed");
	t = w;
	erase(&t, 0, 2);
	expect(&t, CHAIN_HEADLESS, 1, "the first two removed");
	t = w;
	insert(&t, 3, w.lines[1]);
	expect(&t, CHAIN_MOVED, 4, "the second again");
	t = w;
	snprintf(t.lines[3], sizeof(t.lines[3]), "%s", w.lines[4]);
	snprintf(t.lines[4], sizeof(t.lines[4]), "%s", w.lines[3]);
	expect(&t, CHAIN_MISSING, 4, "two in the other order");
	t = w;
	insert(&t, 3, "nothing of the kind");
	expect(&t, CHAIN_MALFORMED, 4, "something else between");
	t = w;
	insert(&t, t.n, "nothing of the kind");
	expect(&t, CHAIN_MALFORMED, t.n, "something else behind");
}

/* One who knows how it is made makes a line anew: the next one does not follow from it. */
Test(chain, a_line_made_anew_shows_in_the_next)
{
	struct world w, t;
	struct chain c;

	setup(&w);
	t = w;
	chain_init(&c);
	c.seq = 3;
	memcpy(c.head, strstr(w.lines[2], "hash=") + 5, CHAIN_DIGITS);
	size_t len = chain_seal(
		&c, "time=t proc=bgpd level=info event=session_up peer=another", t.lines[3]);
	t.lines[3][len - 1] = '\0';
	expect(&t, CHAIN_CHANGED, 5, "the fourth made anew");
	erase(&t, 4, t.n - 4);
	expect(&t, CHAIN_FINE, 0, "the end made anew shows by a head that is known only");
	cr_expect_null(strstr(t.lines[3], w.chain.head));
}

Test(chain, a_new_beginning_is_tied_or_said)
{
	struct world w, t;
	unsigned line, faults;
	char body[256];

	setup(&w);
	t = w;
	snprintf(body, sizeof(body), "time=t event=" CHAIN_BEGUN " prev=%s", t.chain.head);
	add(&t, body);
	expect(&t, CHAIN_FINE, 0, "of the next file");
	t = w;
	memset(t.chain.head, '0', CHAIN_DIGITS);
	snprintf(body, sizeof(body), "time=t event=" CHAIN_BEGUN " prev=%s", t.chain.head);
	add(&t, body);
	add(&t, "time=t event=session_up");
	expect(&t, CHAIN_SPLIT, t.n - 1, "tied to nothing");
	judge(&t, &line, &faults);
	cr_expect_eq(faults, 1, "what follows hangs together again");
}

Test(chain, what_was_torn_is_no_fault_if_the_next_line_says_so)
{
	struct world w, t;
	struct sha256 s;
	char digits[CHAIN_DIGITS + 1], body[256];

	setup(&w);
	insert(&w, w.n, "seq=9 time=t proc=bgpd level=in");
	insert(&w, w.n, "seq=9 ti");
	t = w;
	sha256_init(&s);
	sha256_add(&s, w.lines[w.n - 2], strlen(w.lines[w.n - 2]));
	sha256_add(&s, "\n", 1);
	sha256_add(&s, w.lines[w.n - 1], strlen(w.lines[w.n - 1]));
	chain_digits(&s, digits);
	snprintf(body, sizeof(body), "time=t event=" CHAIN_RESUMED " torn=%s", digits);
	add(&w, body);
	expect(&w, CHAIN_FINE, 0, "torn twice");
	w.lines[LINES][10]++;
	expect(&w, CHAIN_MALFORMED, LINES + 1, "what is left of it changed");
	add(&t, "time=t event=" CHAIN_RESUMED);
	expect(&t, CHAIN_MALFORMED, LINES + 1, "not spoken of");
}

Test(chain, what_a_line_says_cannot_look_like_its_frame)
{
	struct world w = {0};
	const char *v;

	chain_init(&w.chain);
	add(&w, "time=t event=x peer=\"a event=" CHAIN_CLOSED " \\\" seq=7\" torn=1\nseq=9 hash=0");
	cr_expect_null(strchr(w.lines[0], '\n'));
	cr_expect_eq(chain_value(w.lines[0], strlen(w.lines[0]), "event", &v), 1);
	cr_expect_eq(*v, 'x');
	cr_expect_eq(chain_value(w.lines[0], strlen(w.lines[0]), "seq", &v), 1);
	cr_expect_eq(*v, '1');
}

Test(chain, the_longest_line_is_cut)
{
	char body[3000], line[CHAIN_LINE_MAX];
	struct chain c;

	chain_init(&c);
	c.seq = UINT64_MAX - 2;
	memset(body, 'x', sizeof(body) - 1);
	body[sizeof(body) - 1] = '\0';
	cr_expect_lt(chain_seal(&c, body, line), sizeof(line));
	cr_expect_eq(line[strlen(line) - 1], '\n');
}
