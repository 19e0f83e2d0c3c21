/*
 * The guard's programs in a kernel against acl_match(): random ports, random frames, by BPF_PROG_TEST_RUN. tc must say
 * the same, and the counter that moved must be the reason's, and the hit the rule's; XDP must drop, for the same reason,
 * exactly what the reference decides without tables.
 *
 *   guard_diff [-s SEED] [-p PORTS] [-f FRAMES] [-o OBJECT]     FRAMES a port; OBJECT: another program than the product's
 *
 * Prints how many of each reason. Exit status 1: they differ (the frame is made small and printed), or a reason was
 * never met; 3: this kernel or these privileges have no eBPF.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acl/load_prog.h"
#include "acl/reason.h"
#include "lib/check.h"
#include "lib/text.h"
#include "tests/support/acl_frames.h"

#define FRAME_MIN 14 /* what the kernel takes for a test run */

struct said {	     /* by a program, of one frame */
	int refused; /* by the kernel, a test run of this frame: -errno */
	uint32_t retval;
	unsigned reason, n_reasons; /* whose counter moved; by how much, all together */
	unsigned rule, n_rules;
	unsigned n_samples; /* records of it, and all of them right */
	bool samples_right;
};

struct trial {
	struct said *now; /* what samples are held against */
	const uint8_t *frame;
	size_t len;
	struct acl_loader *loader;
	struct acl_port port;
	struct acl_prog *prog;
	struct acl_state state; /* what it is before each frame */
	struct acl_object object;
	int noop_tc, noop_xdp;
	uint64_t refused, frames, drops, xdp_drops, hits, samples;
	uint64_t reasons[ACL_REASONS], xdp_reasons[ACL_REASONS];
};

static void sample_take(void *arg, const struct acl_sample *s)
{
	struct trial *t = arg;
	size_t cap = t->len < ACL_SAMPLE_OCTETS ? t->len : ACL_SAMPLE_OCTETS;

	t->now->n_samples++;
	t->now->samples_right = s->ifindex == t->port.consts.ifindex && s->len == t->len &&
				s->cap == cap && !memcmp(s->octets, t->frame, cap) &&
				s->reason == t->now->reason &&
				(s->rule == t->now->rule || s->rule == ACL_RULE_NONE);
	t->samples++;
}

static struct said run(struct trial *t, int fd, const uint8_t *frame, size_t len)
{
	uint64_t before[ACL_REASONS_MAX], after[ACL_REASONS_MAX];
	uint64_t rules_before[ACL_RULES_MAX], rules_after[ACL_RULES_MAX];
	bool rules = t->port.consts.n_rules;
	struct said s = {.rule = ACL_RULE_NONE};
	LIBBPF_OPTS(
		bpf_test_run_opts, o, .data_in = frame, .data_size_in = (uint32_t)len, .repeat = 1);

	*acl_prog_state(t->prog) = t->state;
	acl_prog_state(t->prog)->tat_ns[ACL_BUCKET_SAMPLE] = 0;
	acl_prog_counters(t->prog, before);
	if (rules)
		acl_prog_hits(t->prog, rules_before);
	s.refused = bpf_prog_test_run_opts(fd, &o);
	if (s.refused)
		return s;
	acl_prog_counters(t->prog, after);
	for (unsigned i = 0; i < ACL_REASONS_MAX; i++)
		if (after[i] != before[i]) {
			s.reason = i;
			s.n_reasons += (unsigned)(after[i] - before[i]);
		}
	if (rules)
		acl_prog_hits(t->prog, rules_after);
	for (unsigned i = 0; rules && i < ACL_RULES_MAX; i++)
		if (rules_after[i] != rules_before[i]) {
			s.rule = i;
			s.n_rules += (unsigned)(rules_after[i] - rules_before[i]);
		}
	s.retval = o.retval;
	t->now = &s;
	t->frame = frame;
	t->len = len;
	acl_loader_samples(t->loader, sample_take, t);
	return s;
}

static bool samples_agree(const struct said *s, bool want)
{
	return want ? s->n_samples == 1 && s->samples_right : !s->n_samples;
}

static bool tc_agrees(const struct said *s, const struct acl_verdict *v)
{
	uint32_t retval = v->reason == ACL_PASS ? (uint32_t)TC_ACT_UNSPEC : TC_ACT_SHOT;

	return !s->refused && s->retval == retval && s->n_reasons == 1 && s->reason == v->reason &&
	       s->rule == v->rule && s->n_rules == (v->rule != ACL_RULE_NONE) &&
	       samples_agree(
		       s, v->reason == ACL_PASS || v->reason == ACL_RULE_DROP ? v->log : true);
}

static bool xdp_agrees(const struct said *s, const struct acl_verdict *v)
{
	if (s->refused || s->n_rules)
		return false;
	if (!v->stateless || v->reason == ACL_PASS)
		return s->retval == XDP_PASS && !s->n_reasons;
	return s->retval == XDP_DROP && s->n_reasons == 1 && s->reason == v->reason &&
	       samples_agree(s, true);
}

struct outcome {
	struct acl_verdict want;
	struct said tc, xdp;
	bool tc_ran, xdp_ran, tc_same, xdp_same;
};

/* Newer kernels refuse test runs of what is too short for its EtherType, whatever the program is. */
static bool refused_as_such(int noop, const uint8_t *frame, size_t len)
{
	LIBBPF_OPTS(
		bpf_test_run_opts, o, .data_in = frame, .data_size_in = (uint32_t)len, .repeat = 1);

	return bpf_prog_test_run_opts(noop, &o) == -EINVAL;
}

static struct outcome compare(struct trial *t, const uint8_t *frame, size_t len)
{
	struct acl_state state = t->state;
	struct outcome o = {.want = acl_match(&t->port, &state, 1, frame, len),
		.tc_same = true,
		.xdp_same = true};
	int xdp = acl_prog_xdp_fd(t->prog);

	o.tc = run(t, acl_prog_tc_fd(t->prog), frame, len);
	o.tc_ran = !o.tc.refused || !refused_as_such(t->noop_tc, frame, len);
	if (o.tc_ran)
		o.tc_same = tc_agrees(&o.tc, &o.want);
	if (xdp < 0)
		return o;
	o.xdp = run(t, xdp, frame, len);
	o.xdp_ran = !o.xdp.refused || !refused_as_such(t->noop_xdp, frame, len);
	if (o.xdp_ran)
		o.xdp_same = xdp_agrees(&o.xdp, &o.want);
	return o;
}

static bool differs(struct trial *t, const uint8_t *frame, size_t len)
{
	struct outcome o = compare(t, frame, len);

	return !o.tc_same || !o.xdp_same;
}

/* Shorter, and more octets 0, as long as they still differ. */
static size_t minimise(struct trial *t, uint8_t *frame, size_t len)
{
	for (size_t step = len / 2; step; step /= 2)
		while (len >= FRAME_MIN + step && differs(t, frame, len - step))
			len -= step;
	for (size_t i = 0; i < len; i++) {
		uint8_t was = frame[i];
		frame[i] = 0;
		if (was && !differs(t, frame, len))
			frame[i] = was;
	}
	return len;
}

static void said_print(const char *who, const struct said *s)
{
	printf("  %s: refused %d, returned %d, counted %u times %s, rule %u %u times, %u samples, "
	       "right %d\n",
		who, s->refused, (int)s->retval, s->n_reasons, acl_reason_name(s->reason), s->rule,
		s->n_rules, s->n_samples, s->samples_right);
}

static void difference_print(struct trial *t, uint8_t *frame, size_t len)
{
	len = minimise(t, frame, len);
	struct outcome o = compare(t, frame, len);
	const struct acl_consts *c = &t->port.consts;

	printf("they differ on %zu octets: ", len);
	for (size_t i = 0; i < len; i++)
		printf("%02x", frame[i]);
	printf("\n  reference: %s, rule %u, stateless %d\n", acl_reason_name(o.want.reason),
		o.want.rule, o.want.stateless);
	said_print("tc ", &o.tc);
	if (acl_prog_xdp_fd(t->prog) >= 0)
		said_print("xdp", &o.xdp);
	printf("  role %u, labels %u, source %u, off %x, services %u, bindings %u, rules %u, open "
	       "%u\n",
		c->role, c->labels, c->source, c->off, c->n_services, c->n_bindings, c->n_rules,
		t->state.open);
}

static void count(struct trial *t, const struct outcome *o)
{
	if (!o->tc_ran) {
		t->refused++;
		return;
	}
	t->frames++;
	t->reasons[o->want.reason]++;
	t->drops += o->want.reason != ACL_PASS;
	t->hits += o->want.rule != ACL_RULE_NONE;
	if (o->xdp_ran && o->xdp.retval == XDP_DROP) {
		t->xdp_drops++;
		t->xdp_reasons[o->want.reason]++;
	}
}

/* -errno */
static int port_load(struct trial *t)
{
	t->port.consts.ifindex = 7;
	t->port.consts.police[ACL_BUCKET_SAMPLE] = (struct acl_bucket){1, 1000000000000}; /* all */
	int r = acl_prog_load_object(t->loader, t->object, &t->port.consts, NULL, &t->prog);

	if (r) {
		fprintf(stderr, "load: %s\n%s\n", strerror(-r), acl_loader_message(t->loader));
		return r;
	}
	r = acl_prog_tables(t->prog, &t->port.sources, &t->port.destinations);
	if (!r && t->port.consts.labels == ACL_LABELS_ADVERTISED)
		r = acl_prog_labels(t->prog, t->port.labels, t->port.n_labels);
	if (!r && !acl_prog_tables_same(t->prog, &t->port.sources, &t->port.destinations))
		r = -EIO;
	if (r)
		fprintf(stderr, "tables: %s\n", strerror(-r));
	return r;
}

static bool port_try(struct trial *t, struct rng *g, unsigned frames)
{
	static uint8_t frame[ACL_FRAMES_MAX];
	bool same = true;

	acl_frames_port(g, &t->port);
	t->prog = NULL;
	if (port_load(t))
		same = false;
	for (unsigned i = 0; i < frames && same; i++) {
		if (i % 64 == 0)
			acl_frames_state(g, &t->state);
		size_t len = acl_frames_next(g, &t->port, frame);
		struct outcome o = compare(t, frame, len);
		same = o.tc_same && o.xdp_same;
		if (same)
			count(t, &o);
		else
			difference_print(t, frame, len);
	}
	acl_prog_free(t->prog);
	acl_port_fini(&t->port);
	return same;
}

static bool reasons_print(const struct trial *t, unsigned ports)
{
	bool all = true;

	printf("%llu frames on %u ports: the same verdict, reason and rule; %llu dropped, %llu of "
	       "them by XDP as well, "
	       "%llu by own rules or let through by one, %llu samples; "
	       "%llu frames more that this kernel lets no program try\n",
		(unsigned long long)t->frames, ports, (unsigned long long)t->drops,
		(unsigned long long)t->xdp_drops, (unsigned long long)t->hits,
		(unsigned long long)t->samples, (unsigned long long)t->refused);
	for (unsigned i = 0; i < ACL_REASONS; i++) {
		printf("%10llu %-22s", (unsigned long long)t->reasons[i], acl_reason_name(i));
		if (t->xdp_reasons[i])
			printf("  xdp %llu", (unsigned long long)t->xdp_reasons[i]);
		putchar('\n');
		all = all && t->reasons[i];
	}
	if (!all)
		printf("a reason was never met\n");
	return all;
}

static struct acl_object object_read(const char *path)
{
	static uint8_t octets[4 << 20];
	FILE *f = fopen(path, "rb");

	if (!f) {
		perror(path);
		exit(2);
	}
	size_t len = fread(octets, 1, sizeof(octets), f);
	fclose(f);
	return (struct acl_object){octets, len};
}

int main(int argc, char **argv)
{
	uint64_t seed = 1, ports = 200, frames = 1000;
	struct trial t = {.object = acl_object_guard()};
	int opt;

	while ((opt = getopt(argc, argv, "s:p:f:o:")) != -1) {
		bool ok = false;
		if (opt == 's')
			ok = text_parse_u64(optarg, UINT64_MAX, &seed);
		else if (opt == 'p')
			ok = text_parse_u64(optarg, 1000000, &ports);
		else if (opt == 'f')
			ok = text_parse_u64(optarg, 1000000, &frames);
		else if (opt == 'o') {
			t.object = object_read(optarg);
			ok = true;
		}
		if (!ok)
			return 2;
	}
	int r = acl_loader_new(&t.loader);
	if (r) {
		fprintf(stderr, "no eBPF here: %s\n", strerror(-r));
		return 3;
	}
	t.noop_tc = acl_loader_noop_tc_fd(t.loader);
	t.noop_xdp = acl_loader_noop_xdp_fd(t.loader);
	bool same = true;
	for (uint64_t i = 0; i < ports && same; i++) {
		struct rng g = {seed * 1000000 + i};
		same = port_try(&t, &g, (unsigned)frames);
		if (!same)
			printf("again: guard_diff -s %llu (port %llu of it)\n",
				(unsigned long long)seed, (unsigned long long)i);
	}
	if (same)
		same = reasons_print(&t, (unsigned)ports);
	acl_loader_free(t.loader);
	return same ? 0 : 1;
}
