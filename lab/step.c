/* Runs a scenario's steps in order and tells the outside what each one found. */
#include "lab/step.h"

#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>

#include "lab/attack.h"
#include "lab/cond.h"
#include "lab/daemon.h"
#include "lab/failover.h"
#include "lab/observe.h"
#include "lab/ping.h"
#include "lab/watch.h"
#include "lib/check.h"

#define ANSWER_MS  1000
#define SILENCE_MS 400
#define COMMAND_MS 20000

void lab_step_check(struct lab_run *r, bool ok, const char *text, const char *fmt, ...)
{
	char observed[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(observed, sizeof observed, fmt, ap);
	va_end(ap);
	lab_event(r, json_pack("{s:s, s:b, s:s, s:s}", "ev", "check", "ok", ok, "text", text,
			     "observed", observed));
}

bool lab_step_commands(struct lab_run *r, unsigned node, const struct lab_commands *c)
{
	for (unsigned i = 0; i < c->n; i++) {
		char out[512];
		struct lab_run_args a = {.line = c->line[i],
			.out = out,
			.cap = sizeof out,
			.timeout_ms = COMMAND_MS};
		int rc = lab_proc_run(&r->procs, &r->ns[node], &a);

		if (rc) {
			lab_step_check(r, false, c->line[i], "exit %d: %s", rc, out);
			return false;
		}
	}
	return true;
}

static enum lab_verdict step_do(struct lab_run *r, const struct lab_step *s)
{
	return lab_step_commands(r, s->from, &s->launch) ? LAB_PASS : LAB_FAIL;
}

static enum lab_verdict step_conds(struct lab_run *r, const struct lab_step *s)
{
	bool ok = r->look_until_ms ? lab_conds_look(r, &s->until, r->look_until_ms)
				   : lab_conds_wait(r, &s->until, s->deadline_s);

	return ok ? LAB_PASS : LAB_FAIL;
}

static enum lab_verdict step_show(struct lab_run *r, const struct lab_step *s)
{
	return lab_observe_show(r, s->show) ? LAB_PASS : LAB_FAIL;
}

static void ping_tell(struct lab_run *r, const struct lab_step *s, const struct lab_ping *p)
{
	char addr[IP_ADDR_STRLEN], text[128], why[IP_ADDR_STRLEN];
	bool ok = s->unanswered ? !p->answered : p->answered == p->sent;

	snprintf(text, sizeof text, "%s > %s from %s", s->source, s->to,
		r->topo.nodes[s->from].name);
	if (p->answered)
		lab_step_check(r, ok, text, "%u of %u answered by %s, %.1f ms", p->answered,
			p->sent, ip_addr_print(&p->answered_by, addr), p->first_us / 1000.0);
	else
		lab_step_check(r, ok, text, "%u sent, 100%% loss%s%s", p->sent,
			p->refused_by.af ? "; unreachable, says " : "",
			p->refused_by.af ? ip_addr_print(&p->refused_by, why) : "");
}

static bool ping_port_tell(
	struct lab_run *r, const struct lab_watch *w, unsigned want, const char *what)
{
	char text[96];

	snprintf(text, sizeof text, "%s %s:%s", what, r->topo.nodes[w->end->node].name,
		w->end->port);
	lab_step_check(
		r, w->requests == want, text, "%u requests of this ping came by", w->requests);
	return w->requests == want;
}

static enum lab_verdict step_ping(struct lab_run *r, const struct lab_step *s)
{
	struct lab_watch by = {.fd = -1}, silent[LAB_SILENT_MAX];
	struct lab_ping p;
	int err = s->answered ? lab_watch_open(&by, r, &s->answered_by) : 0;
	bool ok;

	for (unsigned i = 0; i < s->n_silent; i++)
		err = lab_watch_open(&silent[i], r, &s->silent[i]) ? -1 : err;
	err = err ? err : lab_ping_run(&p, r, s, s->unanswered ? SILENCE_MS : ANSWER_MS);
	if (err) {
		lab_step_check(r, false, "the ping", "could not be sent: %s", strerror(-err));
		return LAB_FAIL;
	}
	ping_tell(r, s, &p);
	ok = s->unanswered ? !p.answered : p.answered == p.sent && p.sent == s->count;
	if (s->answered) {
		lab_watch_drain(&by, p.nonce);
		ok &= ping_port_tell(r, &by, s->count, "seen arriving at");
		lab_watch_close(&by);
	}
	for (unsigned i = 0; i < s->n_silent; i++) {
		lab_watch_drain(&silent[i], p.nonce);
		ok &= ping_port_tell(r, &silent[i], 0, "nothing of it at");
		lab_watch_close(&silent[i]);
	}
	return ok ? LAB_PASS : LAB_FAIL;
}

int lab_step_label(const struct lab_run *r, unsigned node, const char *vrf)
{
	const struct lab_route *pop = NULL;
	struct lab_table t;
	int label;

	if (!lab_table_read(&t, &r->base, &r->ns[node], AF_MPLS))
		pop = lab_table_pop(&t, vrf);
	label = pop ? (int)pop->label : -1;
	lab_table_fini(&t);
	return label;
}

static enum lab_verdict step_capture(struct lab_run *r, const struct lab_step *s)
{
	struct lab_watch w;
	struct lab_ping p;
	const struct lab_packet *q = &w.request;
	int err = lab_watch_open(&w, r, &s->at);
	bool ok;

	err = err ? err : lab_ping_run(&p, r, s, ANSWER_MS);
	if (err) {
		lab_step_check(r, false, "the capture", "%s", strerror(-err));
		return LAB_FAIL;
	}
	lab_watch_drain(&w, p.nonce);
	ok = w.requests && q->n_labels == s->labels;
	lab_step_check(r, ok, "there", "%s", *w.first[0] ? w.first[0] : "nothing came by");
	lab_step_check(r, p.answered == p.sent, "back", "%s",
		*w.first[1] ? w.first[1] : "no answer came by");
	if (ok && s->inner_given) {
		int label = lab_step_label(r, s->inner, s->vrf);
		char text[96];

		snprintf(text, sizeof text, "the inner label is what %s pops into %s",
			r->topo.nodes[s->inner].name, s->vrf);
		ok = label >= 0 && q->label[q->n_labels - 1] == (uint32_t)label;
		lab_step_check(r, ok, text, "%u on the wire, %d in its MPLS table",
			q->label[q->n_labels - 1], label);
	}
	lab_watch_close(&w);
	return ok && p.answered == p.sent ? LAB_PASS : LAB_FAIL;
}

static const struct {
	const char *name;
	enum lab_verdict (*run)(struct lab_run *r, const struct lab_step *s);
} step_kinds[] = {
	[LAB_STEP_WAIT] = {"wait", step_conds},
	[LAB_STEP_EXPECT] = {"expect", step_conds},
	[LAB_STEP_DO] = {"do", step_do},
	[LAB_STEP_FAILOVER] = {"failover", lab_failover_run},
	[LAB_STEP_SHOW] = {"show", step_show},
	[LAB_STEP_PING] = {"ping", step_ping},
	[LAB_STEP_CAPTURE] = {"capture", step_capture},
	[LAB_STEP_ATTACK] = {"attack", lab_attack_run},
};

static void step_logs(struct lab_run *r)
{
	for (unsigned i = 0; i < r->topo.n_nodes; i++)
		if (r->topo.nodes[i].role == LAB_ROLE_PE)
			lab_daemon_logs(r, i);
}

static enum lab_verdict step_one(struct lab_run *r, const struct lab_step *s)
{
	static const char *const verdicts[] = {
		[LAB_PASS] = "pass", [LAB_FAIL] = "fail", [LAB_INVALID] = "invalid"};
	unsigned long long start = lab_now_ms();
	enum lab_verdict v;

	lab_event(r, json_pack("{s:s, s:s, s:s}", "ev", "step", "kind", step_kinds[s->kind].name,
			     "title", s->title));
	v = step_kinds[s->kind].run(r, s);
	if (v != LAB_PASS && !r->look_until_ms)
		step_logs(r);
	lab_event(r, json_pack("{s:s, s:s, s:I, s:s*}", "ev", "verdict", "verdict", verdicts[v],
			     "ms", (json_int_t)(lab_now_ms() - start), "hint",
			     v == LAB_PASS ? NULL : s->hint));
	return v;
}

bool lab_step_run(struct lab_run *r, bool waits_only)
{
	bool all = true;

	for (unsigned i = 0; i < r->scenario.n_steps; i++) {
		const struct lab_step *s = &r->scenario.steps[i];
		enum lab_verdict v;

		if (waits_only && s->kind != LAB_STEP_WAIT)
			continue;
		v = step_one(r, s);
		all &= v == LAB_PASS;
		if (v != LAB_PASS && s->kind == LAB_STEP_WAIT)
			return false; /* what follows would only fail for the same reason */
	}
	return all;
}

bool lab_step_look(struct lab_run *r, unsigned patience_s)
{
	bool all = true;

	r->look_until_ms = lab_now_ms() + patience_s * 1000ULL + 1;
	for (unsigned i = 0; i < r->scenario.n_steps; i++) {
		const struct lab_step *s = &r->scenario.steps[i];

		if (s->kind == LAB_STEP_DO || s->kind == LAB_STEP_FAILOVER)
			break; /* what follows holds only after it */
		if (s->kind != LAB_STEP_SHOW && s->kind != LAB_STEP_ATTACK)
			all &= step_one(r, s) == LAB_PASS;
	}
	return all;
}
