#include "bgpd/mgmt/handle.h"

#include <string.h>

#include "bgpd/mgmt/page.h"
#include "bgpd/mgmt/query.h"
#include "bgpd/mgmt/show.h"
#include "config.h"
#include "lib/check.h"
#include "lib/text.h"

#define HANDLE_NAME_MAX 64 /* octets of ?name= and its end: longer than any name there is */

struct mgmt_command {
	const char *path;
	mgmt_show_fn *show;	/* or */
	mgmt_stream_fn *stream; /* or */
	const char *key; /* of the query that it takes: "name", "prefix", "neighbor"; NULL: none */
	bool wants_stats;
	const char *help;
	bool needs_key; /* and the other of prefix= and vrf= may follow */
};

struct handle_query { /* what q points into */
	char name[HANDLE_NAME_MAX], vrf[HANDLE_NAME_MAX], one[HANDLE_NAME_MAX];
	struct ip_prefix prefix;
};

static mgmt_show_fn handle_version, handle_index, handle_live;

static const struct mgmt_command handle_commands[] = {
	{"/v1", handle_index, NULL, NULL, false, "this table"},
	{"/v1/bgp/summary", mgmt_show_summary, NULL, NULL, true,
		"neighbors: state, prefixes, protection"},
	{"/v1/bgp/neighbors", mgmt_show_neighbors, NULL, "name", true,
		"all of each neighbor, or of one"},
	{"/v1/bgp/neighbors/received", NULL, mgmt_stream_received, "name", false,
		"what a neighbor has told us, as its import left it; &prefix=PREFIX", true},
	{"/v1/bgp/neighbors/advertised", NULL, mgmt_stream_advertised, "name", false,
		"what a neighbor is told, as it is sent; &prefix=PREFIX", true},
	{"/v1/bgp/vpnv4", NULL, mgmt_stream_vpnv4, "prefix", false,
		"VPN-IPv4 routes and why the best is best; all of those to one prefix"},
	{"/v1/bgp/ipv4", NULL, mgmt_stream_ipv4, "prefix", false,
		"IPv4 routes of the core; all of those to one prefix"},
	{"/v1/bgp/vrf", NULL, mgmt_stream_bgp_vrf, "vrf", false,
		"routes of a VRF with their attributes; &prefix=PREFIX: those to one prefix", true},
	{"/v1/bgp/rejected", NULL, mgmt_stream_rejected, "prefix", false,
		"IPv4 routes that import policies rejected, and why; those to one prefix"},
	{"/v1/bgp/explain", mgmt_show_explain, NULL, "prefix", false,
		"why a route is (not) used, and who has it; &vrf=NAME: in that VRF", true},
	{"/v1/vrf", NULL, mgmt_stream_vrf, "name", false, "VRFs, or one: targets, label, routes"},
	{"/v1/mrt/rib", NULL, mgmt_stream_mrt, NULL, false,
		"routes of the core as MRT (TABLE_DUMP_V2): octets, no JSON"},
	{"/v1/mrt/updates", handle_live, NULL, "neighbor", false,
		"messages and states as MRT (BGP4MP) from now on; &sent=true: those we send, too"},
	{"/v1/mpls", mgmt_show_mpls, NULL, NULL, true, "labels, next hops, ports, counters"},
	{"/v1/guard", mgmt_show_guard, NULL, "name", true,
		"ports, or one: guard, what it dropped and why, own rules"},
	{"/v1/guard/drops", mgmt_show_drops, NULL, NULL, false, "the last dropped packets"},
	{"/v1/rpki", mgmt_show_rpki, NULL, "prefix", false,
		"caches; of a prefix what they say, and of the routes to it"},
	{"/v1/rpki/roas", mgmt_show_roas, NULL, "prefix", false,
		"payloads that cover a prefix, and the routes to it", true},
	{"/neighbors", mgmt_bgplgd_neighbors, NULL, "neighbor", false,
		"as OpenBGPD's bgplgd: neighbors of the core, with counts"},
	{"/summary", mgmt_bgplgd_summary, NULL, NULL, false, "... without"},
	{"/rib", NULL, mgmt_bgplgd_rib, "neighbor", false,
		"... IPv4 routes of the core; those of one neighbor, by address"},
	{"/v1/log", handle_live, NULL, "level", false,
		"the last lines of the log; &proc=bgpd or mplsfwd: of one process"},
	{"/v1/events", handle_live, NULL, "what", false,
		"what happens from now on, a JSON object a line: neighbors, routes, drops or all"},
	{"/v1/config", handle_live, NULL, "path", false,
		"the configuration in force, without keys; or what stands at a path and below"},
	{"/v1/reload", handle_live, NULL, NULL, false,
		"whether a reload waits to be confirmed; POST orders one"},
	{"/v1/bmp", mgmt_show_bmp, NULL, NULL, false,
		"stations (BMP): what they are told, what waits"},
	{"/metrics", NULL, mgmt_stream_metrics, NULL, true, "counters as OpenMetrics text"},
	{"/v1/memory", mgmt_show_memory, NULL, NULL, false, "objects alive, by pool"},
	{"/v1/version", handle_version, NULL, NULL, false, "version of this daemon"},
};

static json_t *handle_version(const struct mgmt_ask *q)
{
	return json_pack("{s:s}", "version", PACKAGE_VERSION);
}

static json_t *handle_index(const struct mgmt_ask *q)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ARRAY_LEN(handle_commands); i++) {
		const struct mgmt_command *c = &handle_commands[i];
		json_array_append_new(list, json_pack("{s:s, s:s?, s:s}", "path", c->path, "query",
						    c->key, "help", c->help));
	}
	return json_pack("{s:o}", "paths", list);
}

/* Only a shell has these: bgpd/mgmt/live. */
static json_t *handle_live(const struct mgmt_ask *q)
{
	return NULL;
}

static const struct mgmt_command *handle_find(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(handle_commands); i++)
		if (strcmp(handle_commands[i].path, path) == 0)
			return &handle_commands[i];
	return NULL;
}

static struct mgmt_answer handle_error(int status, const char *what, const char *subject)
{
	char quoted[4 * HANDLE_NAME_MAX], message[5 * HANDLE_NAME_MAX];
	struct text t = text_of(quoted, sizeof(quoted)), m = text_of(message, sizeof(message));
	size_t len = strlen(subject);

	text_add_escaped(&t, subject, len < HANDLE_NAME_MAX ? len : HANDLE_NAME_MAX);
	text_add(&m, what, quoted);
	return (struct mgmt_answer){
		.status = status, .body = json_pack("{s:o}", "error", mgmt_json_text(message))};
}

static struct mgmt_answer handle_unknown_path(const char *path)
{
	const char *paths[ARRAY_LEN(handle_commands)];

	for (size_t i = 0; i < ARRAY_LEN(handle_commands); i++)
		paths[i] = handle_commands[i].path;
	const char *near = text_nearest(path, paths, ARRAY_LEN(paths));
	if (near)
		return handle_error(404, "no such path; did you mean %s?", near);
	return handle_error(404, "no path \"%s\"; /v1 lists them", path);
}

static const char *handle_wanted(const struct mgmt_command *c)
{
	if (!c->key)
		return "this path takes no query; leave \"%s\" out";
	if (strcmp(c->key, "name") == 0)
		return c->needs_key
			       ? "query \"%s\" is not name=NEIGHBOR or name=NEIGHBOR&prefix=PREFIX"
			       : "query \"%s\" is not name=NAME";
	if (strcmp(c->key, "vrf") == 0)
		return "query \"%s\" is not vrf=NAME or vrf=NAME&prefix=PREFIX";
	if (strcmp(c->key, "neighbor") == 0)
		return "query \"%s\" is not neighbor=ADDRESS";
	return c->needs_key ? "query \"%s\" is not prefix=PREFIX or prefix=PREFIX&vrf=NAME"
			    : "query \"%s\" is not prefix=PREFIX";
}

/* What was asked, into *q; false: *refusal is the answer. */
static bool handle_query(const struct mgmt_command *c, const char *query, struct handle_query *have,
	struct mgmt_ask *q, struct mgmt_answer *refusal)
{
	bool by_name = c->key && strcmp(c->key, "prefix") != 0, one = !by_name;

	if (!*query && !c->needs_key)
		return true;
	*refusal = handle_error(400, handle_wanted(c), query);
	if (!c->key || !mgmt_query_get(query, c->key, have->name, sizeof(have->name)))
		return false;
	query = mgmt_query_next(query);
	if (*query && c->needs_key && mgmt_query_get(query, "vrf", have->vrf, sizeof(have->vrf))) {
		q->vrf = have->vrf;
		query = mgmt_query_next(query);
	}
	if (*query && c->needs_key && by_name &&
		mgmt_query_get(query, "prefix", have->one, sizeof(have->one))) {
		one = true;
		query = mgmt_query_next(query);
	}
	if (*query)
		return false;
	const char *prefix = by_name ? have->one : have->name;
	if (one && !ip_prefix_parse(prefix, &have->prefix, NULL)) {
		json_decref(refusal->body);
		*refusal =
			handle_error(400, "\"%s\" is no prefix; write it as 192.0.2.0/24", prefix);
		return false;
	}
	if (by_name && strcmp(c->key, "neighbor") == 0 &&
		!(q->neighbor = mgmt_peer_find(q->r, have->name))) {
		json_decref(refusal->body);
		*refusal = handle_error(404, "there is no neighbor \"%s\"", have->name);
		return false;
	}
	q->name = by_name ? have->name : NULL;
	q->prefix = one ? &have->prefix : NULL;
	json_decref(refusal->body);
	return true;
}

static struct mgmt_answer handle_nothing(const struct mgmt_command *c, const struct mgmt_ask *q)
{
	if (c->show == handle_live)
		return handle_error(404, "nothing is kept here%s", "");
	if (q->vrf || (c->key && strcmp(c->key, "vrf") == 0))
		return handle_error(404, "there is no VRF \"%s\"; /v1/vrf lists them",
			q->vrf ? q->vrf : q->name);
	if (c->key && c->needs_key && strcmp(c->key, "name") == 0)
		return handle_error(404, "there is no neighbor \"%s\"; /v1/bgp/summary lists them",
			q->name ? q->name : "");
	if (c->key && strcmp(c->key, "prefix") == 0)
		return handle_error(404, "no core neighbor speaks this family%s", "");
	return handle_error(
		404, "there is no \"%s\"; ask without a name to see all", q->name ? q->name : "");
}

struct mgmt_answer mgmt_handle(
	const struct router *r, uint64_t now_ms, const char *path, const char *query)
{
	const struct mgmt_command *c = handle_find(path);
	struct mgmt_ask q = {.r = r, .now_ms = now_ms};
	struct handle_query have = {0};
	struct mgmt_answer out;

	if (!c && mgmt_page_handle(path, &out))
		return out;
	if (!c)
		return handle_unknown_path(path);
	if (!handle_query(c, query ? query : "", &have, &q, &out))
		return out;
	out = (struct mgmt_answer){.status = 200};
	if (c->stream)
		out.stream = c->stream(&q);
	else
		out.body = c->show(&q);
	return out.body || out.stream ? out : handle_nothing(c, &q);
}

bool mgmt_wants_stats(const char *path)
{
	const struct mgmt_command *c = handle_find(path);

	return c && c->wants_stats;
}
