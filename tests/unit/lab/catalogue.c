/* The catalogue as a table: every row says what a report needs, once, and its control is one that exists. */
#include <ctype.h>
#include <criterion/criterion.h>
#include <string.h>

#include "lab/attacks/catalogue.h"

/* "RFC 4364 13.1, RFC 3032 2.1" */
static bool clause_is_right(const char *s)
{
	for (;;) {
		if (strncmp(s, "RFC ", 4) != 0 || !isdigit((unsigned char)s[4]))
			return false;
		s += 4 + strspn(s + 4, "0123456789");
		if (s[0] != ' ' || !isalnum((unsigned char)s[1]))
			return false;
		for (s++; isalnum((unsigned char)*s) || *s == '.'; s++)
			;
		if (!*s)
			return true;
		if (strncmp(s, ", ", 2) != 0)
			return false;
		s += 2;
	}
}

static bool said(const char *s)
{
	return s && *s;
}

Test(catalogue, rows_say_everything)
{
	const struct attack *a;
	size_t n = 0;

	for (; (a = attack_at(n)); n++) {
		cr_assert(said(a->id) && strchr(a->id, '-'), "row %zu", n);
		cr_expect(said(a->title) && said(a->passes) && said(a->attacker) && said(a->target),
			"%s", a->id);
		cr_expect(said(a->clause) && clause_is_right(a->clause), "%s: %s", a->id,
			a->clause ? a->clause : "no clause");
		cr_expect(a->launch != NULL, "%s", a->id);
		cr_expect_eq(attack_find(a->id), a, "%s stands there twice", a->id);
	}
	cr_expect_gt(n, 90u);
	cr_expect_null(attack_find("LBL"));
}

Test(catalogue, counters_are_named)
{
	const struct attack *a;

	for (size_t i = 0; (a = attack_at(i)); i++) {
		bool ended = false;

		for (unsigned k = 0; k < ATTACK_COUNTERS_MAX; k++) {
			const struct attack_counter *c = &a->counter[k];

			ended |= c->source == ATTACK_NO_COUNTER;
			cr_expect(ended ? !c->at && !c->name : said(c->at) && said(c->name),
				"%s, counter %u", a->id, k);
		}
	}
}

/* What is off is by a value of the configuration or by commands; what FRR is ordered to do can be undone. */
Test(catalogue, controls_exist)
{
	const struct attack *a;

	for (size_t i = 0; (a = attack_at(i)); i++)
		cr_expect_lt(a->off, ATTACK_OFF_N, "%s", a->id);
	for (unsigned off = 1; off < ATTACK_OFF_N; off++) {
		const struct attack_protection *p = attack_protection_find(off);

		cr_assert(said(p->name), "protection %u has no row", off);
		cr_expect(p->key || said(p->off[0]), "%s", p->name);
		cr_expect_eq(!p->key, !p->value, "%s", p->name);
		for (unsigned other = 1; other < off; other++)
			cr_expect_str_neq(attack_protection_find(other)->name, p->name);
	}
}

Test(catalogue, what_is_missing_has_a_reason)
{
	const struct attack_missing *m;

	for (size_t i = 0; (m = attack_missing_at(i)); i++) {
		cr_expect(said(m->id) && said(m->title) && said(m->reason), "row %zu", i);
		cr_expect_null(attack_find(m->id), "%s is built", m->id);
	}
}
