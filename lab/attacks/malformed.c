/* The malformed-input group: all cases against one router, and what became of each. */
#include "lab/attacks/malformed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lab/attacks/malformed_play.h"
#include "lib/check.h"

#define VERSION_MAX 64
#define WORDS_MAX   1200 /* of one that died */

struct malformed_tally {
	unsigned n[MALFORMED_VERDICTS];
};

static const char *job_text(const json_t *job, const char *key)
{
	return json_string_value(json_object_get(job, key));
}

/* The clauses in a source: from its first RFC up to what is explained behind a colon. */
static void case_clause(const char *source, char *out, size_t cap)
{
	const char *rfc = strstr(source, "RFC ");

	snprintf(out, cap, "%.*s", rfc ? (int)strcspn(rfc, ":;") : 0, rfc ? rfc : "");
}

static void case_tell(const struct malformed_dut *d, const struct malformed_case *c,
	const struct malformed_seen *seen, enum malformed_verdict v, unsigned long long ms)
{
	char clause[128], observed[64], expected[96], words[WORDS_MAX] = "";
	const char *must = seen->too_long ? MALFORMED_TOO_LONG : c->session;

	case_clause(c->source, clause, sizeof clause);
	malformed_seen_print(seen, observed, sizeof observed);
	if (!strncmp(must, "first ", 6))
		must += 6;
	snprintf(expected, sizeof expected, "%.40s%s%.40s", must,
		c->also[0] && !seen->too_long ? ", or " : "", seen->too_long ? "" : c->also);
	if (seen->died)
		malformed_dut_words(d, words, sizeof words);
	lab_event(d->run,
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:s*}", "ev",
			"malformed", "id", c->name, "name", c->name, "regression", c->regression,
			"source", c->source, "clause", clause, "expected", expected, "observed",
			observed, "verdict", malformed_verdict_name(v), "ms", (json_int_t)ms,
			"last_words", seen->died ? words : NULL));
}

/* The router died, or takes no session any more: another one. */
static bool malformed_revive(struct malformed_dut *d)
{
	malformed_dut_stop(d);
	return !malformed_dut_start(d);
}

static bool malformed_one(
	struct malformed_play *p, const struct malformed_case *c, struct malformed_tally *tally)
{
	unsigned long long start = lab_now_ms();
	struct malformed_seen seen;
	enum malformed_verdict v;

	malformed_play_case(p, c, &seen);
	if (!seen.tried && !seen.died && malformed_revive(p->dut))
		malformed_play_case(p, c, &seen);
	v = malformed_score(c->session, c->also, &seen);
	case_tell(p->dut, c, &seen, v, lab_now_ms() - start);
	tally->n[v]++;
	return !seen.died || malformed_revive(p->dut);
}

static void malformed_unsent(struct lab_run *r)
{
	const struct malformed_unsent *u;
	json_t *list = json_array();

	for (size_t i = 0; (u = malformed_unsent_at(i)); i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "id", u->id, "title",
						    u->title, "reason", u->reason));
	lab_event(r, json_pack("{s:s, s:o}", "ev", "malformed", "unsent", list));
}

static void malformed_totals(struct malformed_dut *d, const struct malformed_tally *tally,
	unsigned cases, unsigned long long ms)
{
	char version[VERSION_MAX] = "";

	malformed_dut_shell(d, d->router->version, version, sizeof version);
	version[strcspn(version, "\n")] = 0;
	lab_event(d->run, json_pack("{s:s, s:s, s:s, s:I, s:{s:i, s:i, s:i, s:i, s:i, s:i}}", "ev",
				  "malformed", "dut", d->router->name, "version", version, "ms",
				  (json_int_t)ms, "totals", "cases", cases, "as_expected",
				  tally->n[MALFORMED_AS_EXPECTED], "needless_resets",
				  tally->n[MALFORMED_NEEDLESS_RESET], "wrong",
				  tally->n[MALFORMED_WRONG], "deaths", tally->n[MALFORMED_DEATH],
				  "invalid", tally->n[MALFORMED_INVALID]));
}

static bool malformed_all(struct malformed_play *p, const struct malformed_cases *cases)
{
	unsigned long long start = lab_now_ms();
	struct malformed_tally tally = {0};
	bool runs = true;

	for (unsigned i = 0; runs && i < cases->n; i++)
		runs = malformed_one(p, &cases->list[i], &tally);
	malformed_unsent(p->dut->run);
	malformed_totals(p->dut, &tally, cases->n, lab_now_ms() - start);
	return runs && tally.n[MALFORMED_AS_EXPECTED] == cases->n;
}

static bool malformed_broken(const struct malformed_dut *d)
{
	char words[WORDS_MAX];

	malformed_dut_words(d, words, sizeof words);
	lab_event(d->run, json_pack("{s:s, s:s, s:s, s:s}", "ev", "broken", "node",
				  d->run->topo.nodes[d->node].name, "what", d->router->name,
				  "output", words));
	return false;
}

bool malformed_run(struct lab_run *r, const json_t *job)
{
	const char *pe = job_text(job, "pe");
	struct malformed_cases cases = {.wanted = json_object_get(job, "cases")};
	struct malformed_play *p = calloc(1, sizeof *p);
	struct attack_stage *stage = calloc(1, sizeof *stage);
	struct malformed_dut dut = {.router = malformed_router_find(pe ? pe : "ravelin"), .run = r};
	int err = -EINVAL;
	bool ok = false;

	CHECK(p && stage && dut.router);
	stage->run = r;
	*p = (struct malformed_play){.stage = stage, .dut = &dut, .node = "attacker"};
	dut.node = lab_topo_find(&r->topo, "dut");
	if (malformed_cases_load(&cases, r->topo.dir))
		err = malformed_dut_start(&dut);
	if (!err)
		lab_note(r, "%s runs; %u cases", dut.router->name, cases.n);
	ok = err ? malformed_broken(&dut) : malformed_all(p, &cases);
	malformed_dut_stop(&dut);
	malformed_cases_fini(&cases);
	free(stage);
	free(p);
	return ok;
}
