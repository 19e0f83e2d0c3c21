#include "tests/bench/load/phase.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/check.h"

#define QUIET_NS UINT64_C(300000000)
#define REST_NS	 UINT64_C(3000000) /* of CPU in QUIET_NS: the subject's timers */

struct phase {
	const char *name;
	uint64_t begin_ns;
	struct model_expected *want; /* of each receiver, the late and the slow one too */
	struct subject_use before;
	struct model_stream *streams; /* of each sender */
	bool needs_sessions;	      /* the clock starts when all sessions are up again */
};

/* Receiver i; the slow one stands behind the late one. */
static bool holds_right(struct bench *b, unsigned i, const struct phase *p)
{
	const struct session *s = receiver(b, i);

	return s->state == SESSION_UP && s->sink->n_held == p->want[i].n &&
	       s->sink->digest == p->want[i].digest && !s->sink->foreign;
}

static bool is_right(struct bench *b, const struct phase *p)
{
	for (unsigned i = 0; i < b->n_now; i++)
		if (!holds_right(b, i, p))
			return false;
	return true;
}

bool bench_is_up(const struct bench *b)
{
	return b->load.n_up == b->n_senders + b->n_now + b->n_slow + b->n_idle;
}

static uint64_t last_up_ns(struct bench *b)
{
	uint64_t last = 0;

	for (unsigned i = 0; i < b->n_now; i++)
		if (receiver(b, i)->up_at_ns > last)
			last = receiver(b, i)->up_at_ns;
	return last;
}

/* Turns until everything is right and stays so for QUIET_NS; the time is that of the last change to right. */
static uint64_t wait_right(struct bench *b, struct phase *p)
{
	uint64_t since = 0, now = load_now_ns(), end = now + b->timeout_ns;

	while (now < end) {
		load_turn(&b->load, 50);
		now = load_now_ns();
		if (p->needs_sessions) {
			if (!bench_is_up(b))
				continue;
			p->needs_sessions = false;
			p->begin_ns = last_up_ns(b);
		}
		if (!is_right(b, p))
			since = 0;
		else if (!since)
			since = now;
		else if (now - since >= QUIET_NS)
			return since;
	}
	return 0;
}

static bool is_sending(struct bench *b)
{
	for (unsigned k = 0; k < b->n_senders; k++)
		if (sender(b, k)->bulk_left)
			return true;
	return false;
}

uint64_t bench_wait_rest(struct bench *b, uint64_t limit_ns)
{
	uint64_t since = load_now_ns(), now = since, end = now + limit_ns;
	uint64_t used = subject_get(b->pid).cpu_ns;

	while (now < end) {
		load_turn(&b->load, 5);
		now = load_now_ns();
		uint64_t cpu = subject_get(b->pid).cpu_ns;
		if (cpu - used > REST_NS || is_sending(b)) {
			used = cpu;
			since = now;
		} else if (now - since >= QUIET_NS) {
			return since;
		}
	}
	return 0;
}

static void count(struct bench *b, uint64_t *updates, uint64_t *announced, uint64_t *withdrawn)
{
	*updates = *announced = *withdrawn = 0;
	for (unsigned i = 0; i < b->n_now; i++) {
		const struct sink *s = receiver(b, i)->sink;
		*updates += s->updates;
		*announced += s->announced;
		*withdrawn += s->withdrawn;
	}
}

static void complain(struct bench *b, const struct phase *p)
{
	fprintf(stderr, "load: %s: %s is wrong after %" PRIu64 " s\n",
		model_shape_name(b->load.model.shape), p->name, b->timeout_ns / 1000000000u);
	for (unsigned i = 0, said = 0; i < b->n_now && said < 3; i++) {
		const struct session *s = receiver(b, i);
		if (holds_right(b, i, p))
			continue;
		said++;
		fprintf(stderr,
			"load: receiver %u: %s, holds %u digest %016" PRIx64
			", expected %u digest %016" PRIx64 ", foreign %" PRIu64 "%s\n",
			i, s->state == SESSION_UP ? "up" : s->why, s->sink->n_held, s->sink->digest,
			p->want[i].n, p->want[i].digest, s->sink->foreign,
			s->sink->malformed ? ", malformed" : "");
	}
	for (unsigned k = 0; k < b->n_senders; k++)
		if (sender(b, k)->state != SESSION_UP)
			fprintf(stderr, "load: sender %u: %s\n", k, sender(b, k)->why);
}

static void print(struct bench *b, const struct phase *p, uint64_t right_ns)
{
	struct subject_use now = subject_get(b->pid);
	uint64_t updates, announced, withdrawn;

	uint64_t silence = 0;

	for (unsigned i = 0; i < b->n_now; i++)
		if (receiver(b, i)->silence_ns > silence)
			silence = receiver(b, i)->silence_ns;
	count(b, &updates, &announced, &withdrawn);
	printf("{\"phase\": \"%s\", \"ok\": %s, \"seconds\": %.6f, \"cpu\": %.6f, "
	       "\"peak\": %" PRIu64 ", \"resident\": %" PRIu64 ", \"idle\": %" PRIu64
	       ", \"updates\": %" PRIu64 ", \"announced\": %" PRIu64 ", \"withdrawn\": %" PRIu64
	       ", \"silence\": %.3f, \"digest\": \"%016" PRIx64 "\"}\n",
		p->name, right_ns ? "true" : "false",
		right_ns > p->begin_ns ? (double)(right_ns - p->begin_ns) / 1e9 : 0.0,
		(double)(now.cpu_ns - p->before.cpu_ns) / 1e9, now.peak, now.resident,
		b->idle.resident, updates, announced, withdrawn, (double)silence / 1e9,
		p->want[0].digest);
	fflush(stdout);
}

/* The slow receiver reads at full speed at last: it must end where the others are, in the session that it had. */
static void drain(struct bench *b, const struct phase *p)
{
	uint64_t end = load_now_ns() + b->timeout_ns;
	const unsigned at = b->n_receivers + 1; /* slow(b, 0) */
	struct session *s = slow(b, 0);

	session_hurry(s);
	while (!holds_right(b, at, p) && s->n_ups == 1 && load_now_ns() < end)
		load_turn(&b->load, 20);
	if (holds_right(b, at, p) && s->n_ups == 1)
		return;
	b->n_wrong++;
	fprintf(stderr, "load: the slow receiver: %s, holds %u of %u\n",
		s->n_ups > 1 || s->state != SESSION_UP ? "lost its session" : "up", s->sink->n_held,
		p->want[at].n);
}

static void finish(struct bench *b, struct phase *p)
{
	uint64_t right_ns = b->n_now ? wait_right(b, p) : bench_wait_rest(b, b->timeout_ns);

	if (!right_ns) {
		b->n_wrong++;
		complain(b, p);
	}
	print(b, p, right_ns);
	if (b->drains)
		drain(b, p);
	for (unsigned k = 0; p->streams && k < b->n_senders; k++)
		free(p->streams[k].octets);
	free(p->streams);
	free(p->want);
}

static struct phase begin(struct bench *b, const char *name, bool holds)
{
	const struct model *m = &b->load.model;
	struct phase p = {.name = name};

	const unsigned n = b->n_receivers + 1 + b->n_slow;
	p.want = calloc(n, sizeof(*p.want));
	CHECK(p.want);
	for (unsigned i = 0; holds && i < n; i++)
		p.want[i] = i && m->shape != MODEL_SELECTIVE
				    ? p.want[0]
				    : model_expect(m, b->generation, b->added, i);
	p.before = subject_get(b->pid);
	p.begin_ns = load_now_ns();
	return p;
}

static void send_all(struct bench *b, struct phase *p)
{
	const struct model_stream *s = p->streams;

	p->begin_ns = load_now_ns();
	for (unsigned k = 0; k < b->n_senders; k++)
		session_send(sender(b, k), s[k].octets, s[k].len);
	for (unsigned i = 1; b->is_floor && i < b->n_now; i++)
		session_send(source(b, i), s->octets, s->len);
}

static void make_streams(struct bench *b, struct phase *p, bool announces)
{
	p->streams = calloc(b->n_senders, sizeof(*p->streams));
	CHECK(p->streams);
	for (unsigned k = 0; k < b->n_senders; k++) {
		if (announces)
			model_announce(&b->load.model, b->generation, k, &p->streams[k]);
		else
			model_withdraw(&b->load.model, &p->streams[k]);
	}
}

static void phase_announce(struct bench *b, const char *name)
{
	struct phase p = begin(b, name, true);

	make_streams(b, &p, true);
	model_stream_spoil(&p.streams[0], b->spoil);
	send_all(b, &p);
	finish(b, &p);
}

static void phase_churn(struct bench *b, const char *name)
{
	b->generation++;
	phase_announce(b, name);
}

static void phase_withdraw(struct bench *b, const char *name)
{
	struct phase p = begin(b, name, false);

	make_streams(b, &p, false);
	send_all(b, &p);
	finish(b, &p);
}

static void phase_lost(struct bench *b, const char *name)
{
	struct phase p = begin(b, name, false);

	for (unsigned k = 0; k < b->n_senders; k++) {
		sender(b, k)->wanted = false;
		session_close(sender(b, k), "on purpose");
	}
	finish(b, &p);
}

static void phase_late(struct bench *b, const char *name)
{
	struct phase p = begin(b, name, true);

	p.needs_sessions = true;
	session_dial(receiver(b, b->n_now++));
	finish(b, &p);
}

static void phase_reconnect(struct bench *b, const char *name)
{
	struct phase p = begin(b, name, true);

	p.needs_sessions = true;
	for (unsigned i = 0; i < b->n_now; i++)
		session_close(receiver(b, i), "on purpose");
	finish(b, &p);
}

static void phase_reload(struct bench *b, const char *name)
{
	if (!b->reload)
		return;
	b->added = b->community;
	struct phase p = begin(b, name, true);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execl("/bin/sh", "sh", "-c", b->reload, (char *)NULL);
		_exit(127);
	}
	finish(b, &p);
	waitpid(pid, NULL, 0);
}

static const struct {
	const char *name;
	void (*run)(struct bench *b, const char *name);
} phases[] = {
	{"announce", phase_announce},
	{"again", phase_announce},
	{"churn", phase_churn},
	{"withdraw", phase_withdraw},
	{"lost", phase_lost},
	{"late", phase_late},
	{"reconnect", phase_reconnect},
	{"reload", phase_reload},
};

bool bench_run_phase(struct bench *b, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(phases); i++) {
		if (strcmp(phases[i].name, name) == 0) {
			phases[i].run(b, name);
			return true;
		}
	}
	fprintf(stderr, "load: there is no phase \"%s\"\n", name);
	return false;
}
