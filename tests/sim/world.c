#include "tests/sim/sim.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/core/record.h"
#include "conf/load.h"
#include "lib/check.h"

#define WORK_BUDGET 64 /* small, so that slicing is exercised */

void sim_init(struct sim *s, uint64_t seed)
{
	memset(s, 0, sizeof(*s));
	s->rng = seed;
	s->window = seed % 2 ? 100 + seed % 700 : SIZE_MAX;
	s->now_us = 1000000;
	timerq_init(&s->queue);
}

uint64_t sim_random(struct sim *s, uint64_t below)
{
	uint64_t z = (s->rng += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

uint64_t sim_delay_us(struct sim *s)
{
	return 200 + sim_random(s, 20000);
}

static void drop_queue(struct sim *s)
{
	struct timer *t;

	while ((t = timerq_pop(&s->queue, TIMERQ_NEVER - 1)) != NULL)
		free(CONTAINER_OF(t, struct sim_event, timer));
	timerq_fini(&s->queue);
}

void sim_fini(struct sim *s)
{
	drop_queue(s);
	sim_tcp_fini(s);
	for (unsigned i = 0; i < s->n_nodes; i++) {
		struct sim_node *n = &s->nodes[i];

		if (n->record)
			fclose(n->record);
		effects_fini(&n->fx);
		router_free(n->router);
		fwd_model_fini(&n->fib);
		conf_free(n->conf);
	}
}

/* Warnings are for people; mistakes are ours. */
static struct conf *read_conf(const char *name, const char *yaml)
{
	char *said = NULL;
	size_t len;
	FILE *diag = open_memstream(&said, &len);
	struct conf *c;

	CHECK(diag);
	c = conf_parse(name, yaml, strlen(yaml), diag);
	fclose(diag);
	if (!c)
		fputs(said, stderr);
	free(said);
	CHECK(c);
	return c;
}

struct sim_node *sim_node_add(struct sim *s, const char *name, const char *yaml)
{
	CHECK(s->n_nodes < SIM_NODES);
	struct sim_node *n = &s->nodes[s->n_nodes];

	n->sim = s;
	n->id = s->n_nodes++;
	n->name = name;
	n->conf = read_conf(name, yaml);
	n->yaml = yaml;
	n->seed = sim_random(s, UINT64_MAX);
	n->router = router_new(n->conf, n->seed);
	n->wake_at_ms = TIMERQ_NEVER;
	fwd_model_init(&n->fib, n->conf, sim_random(s, UINT64_MAX));
	effects_init(&n->fx);
	return n;
}

struct sim_node *sim_node_find(struct sim *s, const char *name)
{
	for (unsigned i = 0; i < s->n_nodes; i++)
		if (!strcmp(s->nodes[i].name, name))
			return &s->nodes[i];
	UNREACHABLE();
}

static uint16_t port_find(const struct sim_node *n, const char *name)
{
	for (unsigned i = 0; i < n->conf->n_ports; i++)
		if (!strcmp(n->conf->ports[i].name, name))
			return (uint16_t)i;
	UNREACHABLE();
}

void sim_link_add(
	struct sim *s, const char *a, const char *port_a, const char *b, const char *port_b)
{
	CHECK(s->n_links < SIM_LINKS);
	struct sim_link *l = &s->links[s->n_links++];

	l->node[0] = sim_node_find(s, a);
	l->port[0] = port_find(l->node[0], port_a);
	l->node[1] = sim_node_find(s, b);
	l->port[1] = port_find(l->node[1], port_b);
	l->up = true;
}

struct sim_event *sim_event_new(struct sim *s, struct sim_node *n,
	void (*fire)(struct sim *s, struct sim_event *e), const void *data, size_t len)
{
	struct sim_event *e = calloc(1, sizeof(*e) + len);

	(void)s;
	CHECK(e);
	e->fire = fire;
	e->node = n;
	e->ev.vrf = FIB_VRF_CORE;
	e->len = len;
	if (len)
		memcpy(e->data, data, len);
	return e;
}

void sim_event_at(struct sim *s, struct sim_event *e, uint64_t at_us)
{
	CHECK(at_us >= s->now_us);
	timerq_add(&s->queue, &e->timer, at_us << 20 | (s->seq++ & 0xfffff));
}

bool sim_run(struct sim *s, uint64_t for_us, sim_condition *until, void *arg)
{
	uint64_t end = s->now_us + for_us;
	struct timer *t;

	while (!until || !until(s, arg)) {
		t = timerq_pop(&s->queue, end << 20);
		if (!t) {
			s->now_us = end;
			return until && until(s, arg);
		}
		struct sim_event *e = CONTAINER_OF(t, struct sim_event, timer);

		s->now_us = t->at_ms >> 20;
		s->events++;
		e->fire(s, e);
		free(e);
	}
	return true;
}

static void record_line(struct sim_node *n, const struct core_line *line)
{
	size_t size = core_line_size(line);
	char *text = malloc(size);

	CHECK(text);
	core_event_print(line, text, size);
	fprintf(n->record, "%s\n", text);
	free(text);
}

void sim_record(struct sim_node *n, const char *file, const char *config_file)
{
	FILE *config = fopen(config_file, "w");

	CHECK(config);
	fputs(n->yaml, config);
	fclose(config);
	n->record = fopen(file, "w");
	CHECK(n->record);
	record_line(n, &(struct core_line){.kind = CORE_LINE_SEED, .seed = n->seed});
}

static void record_effects(struct sim_node *n)
{
	for (size_t i = 0; i < n->fx.n; i++) {
		size_t size = core_effect_size(&n->fx.list[i]);
		char *text = malloc(size);

		CHECK(text);
		core_effect_print(&n->fx.list[i], text, size);
		fprintf(n->record, "%s\n", text);
		free(text);
	}
}

static void note(struct sim_node *n, const struct effect *e)
{
	n->notes++;
	if (n->sim->verbose)
		printf("%8.3f %-6s %s %s\n", (double)n->sim->now_us / 1e6, n->name, e->event,
			e->text);
}

static void carry_out(struct sim_node *n)
{
	if (n->record)
		record_effects(n);
	for (size_t i = 0; i < n->fx.n; i++) {
		const struct effect *e = &n->fx.list[i];

		switch (e->kind) {
		case EFF_SEND:
			sim_tcp_send(n, e->conn, e->block->data, e->block->len);
			break;
		case EFF_CLOSE:
			sim_tcp_close(n, e->conn);
			break;
		case EFF_FIB:
			sim_kernel_say(n, &e->fib);
			break;
		case EFF_NOTE:
			note(n, e);
			break;
		case EFF_DONE:
			n->done = true;
			break;
		case EFF_REMOTE_DIAL: /* no node of a simulation has a cache or a station */
		case EFF_REMOTE_SEND:
		case EFF_REMOTE_CLOSE:
			break;
		}
	}
	effects_reset(&n->fx);
}

static void fire_timer(struct sim *s, struct sim_event *e)
{
	struct sim_node *n = e->node;

	if (e->tag != n->wake_at_ms || !n->running)
		return;
	n->wake_at_ms = TIMERQ_NEVER;
	sim_node_step(n, &(struct event){.kind = EV_TIMER, .vrf = FIB_VRF_CORE});
	(void)s;
}

static void set_wake(struct sim_node *n)
{
	uint64_t at = router_deadline(n->router);
	struct sim_event *e;

	if (at == n->wake_at_ms || at == TIMERQ_NEVER)
		return;
	n->wake_at_ms = at;
	e = sim_event_new(n->sim, n, fire_timer, NULL, 0);
	e->tag = at;
	sim_event_at(n->sim, e, at * 1000 > n->sim->now_us ? at * 1000 : n->sim->now_us);
}

size_t sim_node_step(struct sim_node *n, const struct event *ev)
{
	uint64_t now_ms = n->sim->now_us / 1000;
	size_t consumed;
	bool left = true;

	if (n->gone) {
		if (ev->kind == EV_ACCEPT)
			sim_tcp_close(n, ev->conn);
		return ev->len;
	}
	if (n->record)
		record_line(n, &(struct core_line){CORE_LINE_EVENT, now_ms, 0, 0, *ev});
	router_step(n->router, ev, now_ms, &n->fx);
	consumed = n->fx.consumed;
	carry_out(n);
	while (left) {
		if (n->record)
			record_line(n,
				&(struct core_line){CORE_LINE_WORK, now_ms, 0, WORK_BUDGET, {0}});
		left = router_work(n->router, WORK_BUDGET, now_ms, &n->fx);
		carry_out(n);
	}
	set_wake(n);
	return consumed;
}

static void fire_start(struct sim *s, struct sim_event *e)
{
	(void)s;
	e->node->running = true;
	sim_kernel_start(e->node);
	sim_node_step(e->node, &(struct event){.kind = EV_START, .vrf = FIB_VRF_CORE});
}

void sim_node_start(struct sim_node *n, uint64_t in_us)
{
	sim_event_at(n->sim, sim_event_new(n->sim, n, fire_start, NULL, 0), n->sim->now_us + in_us);
}

static void fire_reborn(struct sim *s, struct sim_event *e)
{
	struct sim_node *n = e->node;
	unsigned n_kept;

	router_free(n->router);
	n->router = router_new(n->conf, sim_random(s, UINT64_MAX));
	fwd_lfib_restart(&n->fib.lfib);
	n->gone = n->done = false;
	n->wake_at_ms = TIMERQ_NEVER;
	struct fib_msg *kept = fwd_lfib_kept(&n->fib.lfib, &n_kept);
	for (unsigned i = 0; i < n_kept; i++)
		sim_node_step(
			n, &(struct event){.kind = EV_FIB, .vrf = FIB_VRF_CORE, .fib = kept[i]});
	free(kept);
	fire_start(s, e);
}

void sim_node_restart(struct sim_node *n, uint64_t away_us)
{
	sim_node_step(n, &(struct event){.kind = EV_LEAVE, .vrf = FIB_VRF_CORE});
	n->gone = true;
	sim_event_at(
		n->sim, sim_event_new(n->sim, n, fire_reborn, NULL, 0), n->sim->now_us + away_us);
}

void sim_node_stop(struct sim_node *n)
{
	sim_node_step(n, &(struct event){.kind = EV_STOP, .vrf = FIB_VRF_CORE});
}
