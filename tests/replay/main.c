/*
 * Replays recorded runs: `replay_test [--bless] RUN...`. RUN/config.yaml is the router's configuration, RUN/run its inputs
 * and, below each, the effects it had (bgpd/core/record.h). The same inputs must have the same effects, octet for
 * octet. --bless writes what is true now; `git diff` then shows what changed.
 *
 * A run without effects (a user's, from ravelind --record) can be replayed too: only --bless looks at no effect.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/core/record.h"
#include "bgpd/core/router.h"
#include "conf/load.h"
#include "lib/check.h"

#define LINE_OCTETS (4u << 20)

struct replay {
	FILE *in;
	FILE *now; /* inputs and effects as they are now */
	struct conf *conf;
	struct router *router;
	struct effects fx;
	struct arena arena;
	unsigned line;
};

static char *slurp(const char *dir, const char *name, size_t *len)
{
	char path[512];
	char *text;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "r");
	if (!f)
		return NULL;
	text = malloc(LINE_OCTETS);
	CHECK(text);
	*len = fread(text, 1, LINE_OCTETS - 1, f);
	text[*len] = '\0';
	fclose(f);
	return text;
}

static void print_effects(struct replay *rp)
{
	for (size_t i = 0; i < rp->fx.n; i++) {
		size_t size = core_effect_size(&rp->fx.list[i]);
		char *text = malloc(size);

		CHECK(text);
		core_effect_print(&rp->fx.list[i], text, size);
		fprintf(rp->now, "%s\n", text);
		free(text);
	}
	effects_reset(&rp->fx);
}

static bool apply(struct replay *rp, const struct core_line *line)
{
	if (line->kind == CORE_LINE_SEED) {
		if (!rp->router)
			rp->router = router_new(rp->conf, line->seed);
		return true;
	}
	if (!rp->router)
		return false;
	if (line->kind == CORE_LINE_WORK)
		(void)router_work(rp->router, line->budget, line->now_ms, &rp->fx);
	else
		router_step(rp->router, &line->ev, line->now_ms, &rp->fx);
	print_effects(rp);
	return true;
}

/* One line of the recording; effects are made anew. */
static bool replay_line(struct replay *rp, const char *text)
{
	struct core_line line;

	rp->line++;
	if (text[0] == '<' || text[0] == '#' || !text[0])
		return true;
	arena_reset(&rp->arena);
	if (!core_event_parse(text, &line, &rp->arena)) {
		printf("  line %u: malformed\n", rp->line);
		return false;
	}
	fprintf(rp->now, "%s\n", text);
	return apply(rp, &line);
}

static bool replay_all(struct replay *rp, char *text)
{
	bool ok = true;

	for (char *at = text; ok && at && *at;) {
		char *end = strchr(at, '\n');

		if (end)
			*end++ = '\0';
		ok = replay_line(rp, at);
		at = end;
	}
	return ok;
}

static bool compare(const char *was, const char *now)
{
	unsigned line = 1;
	size_t at = 0;

	if (!strcmp(was, now))
		return true;
	for (size_t i = 0; was[i] && was[i] == now[i]; i++)
		if (was[i] == '\n') {
			line++;
			at = i + 1;
		}
	printf("  line %u differs\n  was: %.*s\n  now: %.*s\n", line, (int)strcspn(was + at, "\n"),
		was + at, (int)strcspn(now + at, "\n"), now + at);
	return false;
}

static bool bless(const char *dir, const char *now)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/run", dir);
	f = fopen(path, "w");
	if (!f)
		return false;
	fputs(now, f);
	return fclose(f) == 0;
}

static bool replay_dir(const char *dir, bool blessing)
{
	size_t yaml_len, was_len, now_len;
	char *yaml = slurp(dir, "config.yaml", &yaml_len), *was = slurp(dir, "run", &was_len);
	char *inputs = was ? strdup(was) : NULL, *now = NULL, *said = NULL;
	FILE *diag = open_memstream(&said, &now_len);
	struct replay rp = {.now = open_memstream(&now, &now_len)};
	bool ok;

	arena_init(&rp.arena, LINE_OCTETS);
	effects_init(&rp.fx);
	if (yaml)
		rp.conf = conf_parse(dir, yaml, yaml_len, diag);
	ok = rp.conf && inputs && replay_all(&rp, inputs);
	if (rp.router)
		router_free(rp.router);
	if (rp.conf)
		conf_free(rp.conf);
	fclose(rp.now);
	fclose(diag);
	if (ok)
		ok = blessing ? bless(dir, now) : compare(was, now);
	effects_fini(&rp.fx);
	arena_fini(&rp.arena);
	free(yaml);
	free(was);
	free(inputs);
	free(now);
	free(said);
	return ok;
}

int main(int argc, char **argv)
{
	static const char *const runs[] = {"two-customers-pe1", "stop-pe2", "frr-peer"};
	const char *src = getenv("RAVELIN_SRCDIR");
	bool blessing = argc > 1 && !strcmp(argv[1], "--bless");
	unsigned passed = 0, failed = 0;
	char dir[512];

	for (unsigned i = 0; argc <= 1 + blessing && i < ARRAY_LEN(runs); i++) {
		snprintf(dir, sizeof(dir), "%s/tests/replay/%s", src ? src : ".", runs[i]);
		bool ok = replay_dir(dir, blessing);

		printf("%s %s\n", ok ? "ok  " : "FAIL", runs[i]);
		*(ok ? &passed : &failed) += 1;
	}
	for (int i = 1 + blessing; i < argc; i++)
		*(replay_dir(argv[i], blessing) ? &passed : &failed) += 1;
	printf("%u passed, %u failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
