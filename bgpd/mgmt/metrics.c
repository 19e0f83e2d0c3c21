#include "bgpd/mgmt/metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/mgmt/show.h"
#include "config.h"
#include "lib/check.h"

#define VALUE_MAX 512 /* octets of a label's value, escaped */

struct metrics { /* an answer under way */
	struct metric_out out;
	unsigned table;
	const struct metric_family *at;
	unsigned row, rows;
	bool begun; /* the head of the family is out */
};

char *mgmt_metrics_escape(const char *text, char *out, size_t cap)
{
	size_t n = 0;

	CHECK(cap > 0);
	for (; *text && n + 2 < cap; text++) {
		if (*text == '\\' || *text == '"' || *text == '\n')
			out[n++] = '\\';
		out[n++] = *text == '\n' ? 'n' : *text;
	}
	out[n] = '\0';
	return out;
}

static void say(struct metric_out *o, const char *text)
{
	mgmt_stream_add(o->s, text, strlen(text));
}

/* thousandths: of the value, besides; 0 to 999. */
static void sample(struct metric_out *o, const char *suffix, uint64_t value, unsigned thousandths,
	const struct metric_label *labels)
{
	char escaped[VALUE_MAX], number[32];
	const char *before = "{";

	say(o, o->family->name);
	say(o, suffix);
	for (; labels->name; labels++, before = ",") {
		say(o, before);
		say(o, labels->name);
		say(o, "=\"");
		say(o, mgmt_metrics_escape(labels->value, escaped, sizeof(escaped)));
		say(o, "\"");
	}
	if (*before == ',')
		say(o, "}");
	if (thousandths)
		snprintf(number, sizeof(number), " %" PRIu64 ".%03u\n", value, thousandths);
	else
		snprintf(number, sizeof(number), " %" PRIu64 "\n", value);
	say(o, number);
	o->budget -= o->budget > 0;
}

void mgmt_metric(
	struct metric_out *o, const char *suffix, uint64_t value, const struct metric_label *labels)
{
	sample(o, suffix, value, 0, labels);
}

const char *mgmt_metric_suffix(const struct metric_out *o)
{
	return strcmp(o->family->type, "counter") == 0 ? "_total" : "";
}

const char *mgmt_metric_vrf(const struct metric_out *o, int vrf)
{
	return vrf == CONF_VRF_NONE ? "default" : o->r->conf->vrfs[vrf].name;
}

const char *mgmt_metric_afi(enum wire_family f)
{
	(void)f;
	return "ipv4"; /* of all that there are */
}

const char *mgmt_metric_safi(enum wire_family f)
{
	static const char *const names[] = {[WIRE_IPV4_UNICAST] = "unicast",
		[WIRE_VPNV4] = "vpn",
		[WIRE_RT_CONSTRAINT] = "rt-constraint"};

	return names[f];
}

/* --- the process --- */

static void build_row(struct metric_out *o, unsigned i)
{
	mgmt_metric(o, "_info", 1, METRIC_LABELS({"version", PACKAGE_VERSION}));
}

static void router_row(struct metric_out *o, unsigned i)
{
	char as[16], id[IP_ADDR_STRLEN];
	struct ip_addr addr = ip_addr_v4(o->r->conf->id);

	snprintf(as, sizeof(as), "%" PRIu32, o->r->conf->as);
	mgmt_metric(o, "_info", 1,
		METRIC_LABELS({"name", o->r->conf->router_name},
			{"router_id", ip_addr_print(&addr, id)}, {"local_as", as}));
}

static void cpu_row(struct metric_out *o, unsigned i)
{
	uint64_t us = o->vitals.cpu_us;

	sample(o, "_total", us / 1000000, (unsigned)(us / 1000 % 1000), METRIC_NO_LABELS);
}

static void vital32_row(struct metric_out *o, unsigned i)
{
	const uint32_t *v = (const void *)((const char *)&o->vitals + o->family->offset);

	mgmt_metric(o, mgmt_metric_suffix(o), *v, METRIC_NO_LABELS);
}

static void vital64_row(struct metric_out *o, unsigned i)
{
	const uint64_t *v = (const void *)((const char *)&o->vitals + o->family->offset);

	mgmt_metric(o, mgmt_metric_suffix(o), *v, METRIC_NO_LABELS);
}

static void reload_ok_row(struct metric_out *o, unsigned i)
{
	mgmt_metric(o, "", !o->vitals.refused, METRIC_NO_LABELS);
}

static unsigned pools(const struct metric_out *o)
{
	return RIB_STORE_POOLS;
}

static void pool_bytes_row(struct metric_out *o, unsigned i)
{
	struct pool list[RIB_STORE_POOLS];

	rib_store_memory(o->r->store, list);
	mgmt_metric(o, "", list[i].slab_octets, METRIC_LABELS({"pool", list[i].name}));
}

static void pool_objects_row(struct metric_out *o, unsigned i)
{
	struct pool list[RIB_STORE_POOLS];

	rib_store_memory(o->r->store, list);
	mgmt_metric(o, "", list[i].live, METRIC_LABELS({"pool", list[i].name}));
}

#define VITAL(member) .offset = offsetof(struct mgmt_vitals, member)

static const struct metric_family metrics_process[] = {
	{"ravelin_build", "info", NULL, "the daemon that answers", .row = build_row},
	{"ravelin_router", "info", NULL, "who it is", .row = router_row},
	{"ravelin_start_time_seconds", "gauge", "seconds", "since 1970: when this process began",
		.row = vital32_row, VITAL(started_s)},
	{"ravelin_cpu_seconds", "counter", "seconds", "user and system time of this process",
		.row = cpu_row},
	{"ravelin_resident_peak_bytes", "gauge", "bytes", "the most memory that it had",
		.row = vital64_row, VITAL(resident_peak)},
	{"ravelin_pool_bytes", "gauge", "bytes", "memory of the tables by what it holds", pools,
		pool_bytes_row},
	{"ravelin_pool_objects", "gauge", NULL, "what is in it", pools, pool_objects_row},
	{"ravelin_api_answers", "counter", NULL, "questions and orders answered, refusals too",
		.row = vital64_row, VITAL(answered)},
	{"ravelin_config_taken_timestamp_seconds", "gauge", "seconds",
		"since 1970: when the configuration in force was taken", .row = vital32_row,
		VITAL(conf_s)},
	{"ravelin_config_reloads", "counter", NULL, "configurations taken while it runs",
		.row = vital64_row, VITAL(reloads)},
	{"ravelin_config_reloads_refused", "counter", NULL,
		"reloads that changed nothing for a fault", .row = vital64_row,
		VITAL(reloads_refused)},
	{"ravelin_config_last_reload_successful", "gauge", NULL,
		"0 if the last one was refused: the file is not what is in force",
		.row = reload_ok_row},
	{0},
};

/* --- the answer --- */

static const struct metric_family *const metrics_tables[] = {
	metrics_process,
	mgmt_metrics_guard,
	mgmt_metrics_bgp,
	mgmt_metrics_vrf,
	mgmt_metrics_remote,
};

static uint32_t *count_peers(const struct router *r)
{
	const struct conf *c = r->conf;
	uint32_t *n = calloc((c->n_vrfs + (size_t)1) * WIRE_FAMILIES, sizeof(*n));

	CHECK(n != NULL);
	for (unsigned i = 0; i < c->n_peers; i++) {
		const struct core_peer *p = &r->peers[i];
		size_t vrf = core_peer_in_vrf(p) ? (size_t)p->conf->vrf : c->n_vrfs;

		for (unsigned f = 0; p->addr.af != IP_NONE && f < WIRE_FAMILIES; f++)
			n[vrf * WIRE_FAMILIES + f] += (p->conf->families >> f) & 1;
	}
	return n;
}

static void *metrics_new(const struct mgmt_ask *q)
{
	struct metrics *m = calloc(1, sizeof(*m));

	CHECK(m != NULL);
	m->out = (struct metric_out){.r = q->r, .now_ms = q->now_ms, .peers = count_peers(q->r)};
	m->at = metrics_tables[0];
	return m;
}

static void metrics_free(void *own)
{
	struct metrics *m = own;

	free(m->out.peers);
	free(m);
}

static void metrics_begin(void *own, struct mgmt_stream *s, const struct mgmt_vitals *v)
{
	struct metrics *m = own;

	m->out.vitals = *v;
}

static void family_begin(struct metrics *m)
{
	const struct metric_family *f = m->at;
	struct metric_out *o = &m->out;
	const char *const lines[][2] = {{"TYPE", f->type}, {"UNIT", f->unit}, {"HELP", f->help}};

	for (unsigned i = 0; i < ARRAY_LEN(lines); i++) {
		if (!lines[i][1])
			continue;
		say(o, "# ");
		say(o, lines[i][0]);
		say(o, " ");
		say(o, f->name);
		say(o, " ");
		say(o, lines[i][1]);
		say(o, "\n");
	}
	o->family = f;
	m->row = 0;
	m->rows = f->rows ? f->rows(o) : 1;
	m->begun = true;
}

static bool metrics_step(void *own, struct mgmt_stream *s, unsigned *budget)
{
	struct metrics *m = own;

	m->out.s = s;
	m->out.budget = *budget;
	while (m->out.budget > 0) {
		if (!m->at->name) {
			if (++m->table == ARRAY_LEN(metrics_tables)) {
				say(&m->out, "# EOF\n");
				return false;
			}
			m->at = metrics_tables[m->table];
			continue;
		}
		if (!m->begun)
			family_begin(m);
		if (m->row < m->rows) {
			m->at->row(&m->out, m->row++);
			m->out.budget -= m->out.budget > 0; /* looking costs as well */
			continue;
		}
		m->at++;
		m->begun = false;
	}
	*budget = 0;
	return true;
}

struct mgmt_stream *mgmt_stream_metrics(const struct mgmt_ask *q)
{
	static const struct mgmt_octets octets = {.type = MGMT_METRICS_TYPE,
		.new = metrics_new,
		.free = metrics_free,
		.begin = metrics_begin,
		.step = metrics_step};
	static const struct mgmt_parts parts = {.octets = &octets};

	return mgmt_stream_new(q, &parts, 0, 1);
}
