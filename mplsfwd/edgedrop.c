/* Drop samples: from the ring buffer to bgpd, and a few of them to the log. */
#include <string.h>
#include <time.h>

#include "acl/reason.h"
#include "mplsfwd/edgestate.h"

#define SAID_MAX 3 /* lines a port and second */

static uint64_t clock_ns(clockid_t id)
{
	struct timespec ts;
	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static struct edge_device *device_at(struct fwd_edge *e, uint32_t ifindex)
{
	for (unsigned i = 0; i < e->w.conf->n_ports; i++)
		if (e->ports[i].ifindex == ifindex)
			return &e->ports[i];
	for (unsigned i = 0; i < e->n_others; i++)
		if (e->others[i].ifindex == ifindex)
			return &e->others[i];
	return NULL;
}

static void log_it(
	struct fwd_edge *e, struct edge_device *g, const struct acl_sample *s, uint64_t now_s)
{
	if (g->said_s != now_s) {
		if (g->cut)
			log_line(e->w.log, LOG_INFO_, "guard_drops_unsaid", "port=%s samples=%u",
				g->name, g->cut);
		g->said_s = now_s;
		g->said = g->cut = 0;
	}
	if (g->said++ >= SAID_MAX) {
		g->cut++;
		return;
	}
	log_line(e->w.log, LOG_WARN_, s->reason == ACL_PASS ? "guard_pass" : "guard_drop",
		"port=%s reason=%s len=%u rule=%d by=%s", g->name,
		acl_reason_name((enum acl_reason)s->reason), s->len,
		s->rule == ACL_RULE_NONE ? -1 : s->rule, s->xdp ? "xdp" : "tc");
}

static void sample_take(void *arg, const struct acl_sample *s)
{
	struct fwd_edge *e = arg;
	struct edge_device *g = device_at(e, s->ifindex);
	uint64_t mono = clock_ns(CLOCK_MONOTONIC), wall = clock_ns(CLOCK_REALTIME);

	if (!g || s->reason >= ACL_REASONS)
		return;
	bool port = g >= e->ports && g < e->ports + e->w.conf->n_ports;
	struct fib_msg m = {.type = FIB_GUARD_DROP,
		.port = port ? (uint16_t)(g - e->ports) : FIB_PORT_UNKNOWN,
		.guard_reason = s->reason,
		.guard_rule = s->rule,
		.drop = {.time_ms = (wall - (mono - s->time_ns)) / 1000000,
			.len = s->len,
			.xdp = s->xdp,
			.octets = s->octets}};
	unsigned cap = s->cap < FIB_DROP_OCTETS ? s->cap : FIB_DROP_OCTETS;
	m.drop.cap = (uint8_t)(cap < s->len ? cap : s->len);
	if (!port)
		memcpy(m.name, g->name, sizeof(m.name) - 1);
	e->fn(e->arg, &m);
	log_it(e, g, s, mono / 1000000000);
}

void edge_samples_read(struct fwd_edge *e)
{
	acl_loader_samples(e->loader, sample_take, e);
}
