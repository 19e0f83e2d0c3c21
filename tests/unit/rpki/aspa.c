/* Paths and what ASPA says of them: up, over, down; valleys; what is not attested. */
#include "bgpd/rpki/aspa.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/wire/aspath.h"

/* "1 2 3" as it stands in an UPDATE, the neighbour first; a number in front of "}" stands in a set. */
struct path {
	uint8_t octets[512];
	struct wire_span span;
	uint32_t first;
};

static void path_parse(const char *text, struct path *out)
{
	uint8_t n = 0;

	out->first = 0;
	for (char *end; *text; text = end + strspn(end, " }")) {
		uint32_t as = (uint32_t)strtoul(text, &end, 10);
		uint8_t *at = out->octets + 2 + 4 * n++;

		out->first = out->first ? out->first : as;
		for (unsigned i = 0; i < 4; i++)
			at[i] = (uint8_t)(as >> (24 - 8 * i));
	}
	out->octets[0] = WIRE_AS_SEQUENCE;
	out->octets[1] = n;
	out->span = (struct wire_span){.p = out->octets, .len = (uint16_t)(n ? 2 + 4 * n : 0)};
}

/* Said and in force at once. True: the set changed. */
static bool aspas_set(struct rpki_aspas *t, uint32_t customer, const uint32_t *providers,
	unsigned n, unsigned cache)
{
	return rpki_aspas_say(t, customer, providers, n, true, false, cache) == RPKI_SAID_OK &&
	       rpki_aspas_commit(t, false, cache);
}

static bool aspas_del(struct rpki_aspas *t, uint32_t customer, unsigned cache)
{
	return rpki_aspas_say(t, customer, NULL, 0, false, false, cache) == RPKI_SAID_OK &&
	       rpki_aspas_commit(t, false, cache);
}

static struct rpki_aspas *customers(void)
{
	/* 1 -> 10 -> 100 (top), 2 -> 20 -> 100; 3 has no provider; 4 has not said */
	static const uint32_t of1[] = {10}, of10[] = {100, 101}, of2[] = {20}, of20[] = {100},
			      none[] = {0};
	struct rpki_aspas *t = rpki_aspas_new(3);

	aspas_set(t, 1, of1, 1, 0);
	aspas_set(t, 10, of10, 2, 0);
	aspas_set(t, 2, of2, 1, 0);
	aspas_set(t, 20, of20, 1, 0);
	aspas_set(t, 3, none, 1, 0);
	aspas_set(t, 100, none, 1, 0);
	return t;
}

static enum pol_aspa judge(const struct rpki_aspas *t, const char *text, bool downstream)
{
	struct path p;

	path_parse(text, &p);
	return rpki_aspas_judge(t, p.span, p.first, downstream);
}

Test(aspa, upstream)
{
	struct rpki_aspas *t = customers();

	cr_expect(eq(int, judge(t, "1", false), POL_ASPA_VALID));
	cr_expect(eq(int, judge(t, "10 1", false), POL_ASPA_VALID));
	cr_expect(eq(int, judge(t, "100 10 10 10 1", false), POL_ASPA_VALID));
	cr_expect(eq(int, judge(t, "20 1", false), POL_ASPA_INVALID));
	cr_expect(eq(int, judge(t, "10 100", false),
		POL_ASPA_INVALID)); /* a customer leaks its provider's */
	cr_expect(eq(int, judge(t, "9 1", false), POL_ASPA_INVALID));
	cr_expect(eq(int, judge(t, "9 4", false), POL_ASPA_UNKNOWN));
	cr_expect(eq(int, judge(t, "3 1", false), POL_ASPA_INVALID));
	rpki_aspas_free(t);
}

Test(aspa, downstream)
{
	struct rpki_aspas *t = customers();

	/* up to 100 and down again over 20: what a provider may well send us */
	cr_expect(eq(int, judge(t, "20 100 10 1", true), POL_ASPA_VALID));
	cr_expect(eq(int, judge(t, "20 100 10 1", false), POL_ASPA_INVALID));
	cr_expect(eq(int, judge(t, "9 5", true), POL_ASPA_VALID)); /* one hop can be lateral */
	/* a valley: from 10 down to 2, and up again to 2's provider */
	cr_expect(eq(int, judge(t, "20 2 10 1", true), POL_ASPA_INVALID));
	cr_expect(eq(int, judge(t, "9 8 7 6", true), POL_ASPA_UNKNOWN));
	rpki_aspas_free(t);
}

Test(aspa, empty_sets_and_foreign_first_are_invalid)
{
	struct rpki_aspas *t = customers();
	struct path p;

	cr_expect(eq(int, judge(t, "", false), POL_ASPA_INVALID));
	path_parse("10 1", &p);
	cr_expect(eq(int, rpki_aspas_judge(t, p.span, 11, false), POL_ASPA_INVALID));
	p.octets[0] = WIRE_AS_SET;
	cr_expect(eq(int, rpki_aspas_judge(t, p.span, 10, false), POL_ASPA_INVALID));
	rpki_aspas_free(t);
}

Test(aspa, caches_add_up)
{
	static const uint32_t ten[] = {10}, eleven[] = {11};
	struct rpki_aspas *t = rpki_aspas_new(3);

	cr_expect(eq(int, judge(t, "10 1", false), POL_ASPA_NONE));
	cr_expect(aspas_set(t, 1, ten, 1, 0));
	cr_expect(not(aspas_set(t, 1, ten, 1, 0)));
	cr_expect(aspas_set(t, 1, eleven, 1, 1));
	cr_expect(eq(int, judge(t, "10 1", false), POL_ASPA_VALID));
	cr_expect(eq(int, judge(t, "11 1", false), POL_ASPA_VALID));
	cr_expect(rpki_aspas_clear(t, 0));
	cr_expect(eq(int, judge(t, "10 1", false), POL_ASPA_INVALID));
	cr_expect(aspas_del(t, 1, 1));
	cr_expect(not(aspas_del(t, 1, 1)));
	cr_expect(eq(u32, rpki_aspas_count(t, RPKI_CACHES_MAX), 0));
	rpki_aspas_free(t);
}

Test(aspa, an_answer_counts_when_it_is_whole)
{
	static const uint32_t ten[] = {10}, eleven[] = {11};
	struct rpki_aspas *t = rpki_aspas_new(3);

	cr_expect(eq(int, rpki_aspas_say(t, 1, ten, 1, true, true, 0), RPKI_SAID_OK));
	cr_expect(eq(int, rpki_aspas_say(t, 2, NULL, 0, false, true, 0), RPKI_SAID_UNKNOWN));
	cr_expect(eq(int, judge(t, "10 1", false), POL_ASPA_NONE));
	cr_expect(rpki_aspas_commit(t, true, 0));
	cr_expect(eq(int, judge(t, "10 1", false), POL_ASPA_VALID));
	/* replaced, and forgotten; replaced; said once more */
	cr_expect(eq(int, rpki_aspas_say(t, 1, eleven, 1, true, false, 0), RPKI_SAID_OK));
	rpki_aspas_forget(t, 0);
	cr_expect(eq(int, judge(t, "10 1", false), POL_ASPA_VALID));
	cr_expect(eq(int, rpki_aspas_say(t, 1, eleven, 1, true, false, 0), RPKI_SAID_OK));
	cr_expect(rpki_aspas_commit(t, false, 0));
	cr_expect(eq(int, judge(t, "10 1", false), POL_ASPA_INVALID));
	cr_expect(eq(int, judge(t, "11 1", false), POL_ASPA_VALID));
	cr_expect(eq(int, rpki_aspas_say(t, 1, eleven, 1, true, true, 0), RPKI_SAID_OK));
	cr_expect(not(rpki_aspas_commit(t, true, 0)));
	cr_expect(eq(u32, rpki_aspas_count(t, 0), 1));
	/* announced and taken back in one answer; taken back twice */
	cr_expect(eq(int, rpki_aspas_say(t, 2, ten, 1, true, false, 0), RPKI_SAID_OK));
	cr_expect(eq(int, rpki_aspas_say(t, 2, NULL, 0, false, false, 0), RPKI_SAID_OK));
	cr_expect(eq(int, rpki_aspas_say(t, 2, NULL, 0, false, false, 0), RPKI_SAID_UNKNOWN));
	cr_expect(not(rpki_aspas_commit(t, false, 0)));
	/* a full answer without it */
	cr_expect(rpki_aspas_commit(t, true, 0));
	cr_expect(eq(u32, rpki_aspas_count(t, RPKI_CACHES_MAX), 0));
	cr_expect(eq(int, (int)rpki_aspas_providers(t, 0), 0));
	rpki_aspas_free(t);
}
