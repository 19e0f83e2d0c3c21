/* The counters that an attack's row names, read where they stand. */
#include "lab/attacks/reading.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/api.h"
#include "lab/link.h"
#include "lab/observe.h"
#include "lab/table.h"
#include "lib/check.h"

#define LINE_MAX_LEN 8192

static long long reading_guard(struct attack_stage *st, const struct attack_counter *c)
{
	return lab_observe_guard(st->run->topo.nodes[st->pe_node].name, c->at, c->name);
}

/* A counter; or "refused.REASON", which is shown only once there was one. */
static long long reading_of_peer(const json_t *peer, const char *name)
{
	static const char refused[] = "refused.";
	const json_t *v = json_object_get(json_object_get(peer, "counters"), name);

	if (strncmp(name, refused, sizeof refused - 1) == 0) {
		v = json_object_get(json_object_get(peer, "refused"), name + sizeof refused - 1);
		return json_integer_value(v);
	}
	return json_is_integer(v) ? json_integer_value(v) : -1;
}

static long long reading_peer(struct attack_stage *st, const struct attack_counter *c)
{
	json_t *answer = attack_api(st, "/v1/bgp/neighbors"), *peer;
	long long n = -1;
	size_t i;

	json_array_foreach(json_object_get(answer, "peers"), i, peer)
	{
		const char *name = json_string_value(json_object_get(peer, "name"));

		if (name && !strcmp(name, c->at))
			n = reading_of_peer(peer, c->name);
	}
	json_decref(answer);
	return n;
}

/* The value below `name` in the pair of lines of /proc/net/snmp that `names` begins: "TcpExt: A B" and "TcpExt: 1 2". */
static long long reading_column(char *names, char *values, const char *name)
{
	char *keep1 = NULL, *keep2 = NULL;
	char *n = strtok_r(names, " \n", &keep1), *v = strtok_r(values, " \n", &keep2);

	for (; n && v; n = strtok_r(NULL, " \n", &keep1), v = strtok_r(NULL, " \n", &keep2))
		if (!strcmp(n, name))
			return strtoll(v, NULL, 10);
	return -1;
}

static long long reading_file(const char *file, const char *group, size_t len, const char *name)
{
	FILE *f = fopen(file, "re");
	char names[LINE_MAX_LEN], values[LINE_MAX_LEN];
	long long n = -1;

	while (f && n < 0 && fgets(names, sizeof names, f) && fgets(values, sizeof values, f))
		if (!strncmp(names, group, len) && names[len] == ':')
			n = reading_column(names, values, name);
	if (f)
		fclose(f);
	return n;
}

/* "mpls:eth1:noroute": what the kernel counts of labels that came into a port. */
static long long reading_mpls(struct attack_stage *st, int node, const char *name)
{
	const struct lab_run *r = st->run;
	struct lab_mpls_stats stats;
	char port[16] = "", what[16] = "";
	int ifindex;
	uint8_t mac[6];

	if (sscanf(name, "mpls:%15[^:]:%15s", port, what) != 2 ||
		lab_link_find(&r->base, &r->ns[node], port, &ifindex, mac) ||
		lab_table_mpls_stats(&r->base, &r->ns[node], ifindex, &stats))
		return -1;
	return !strcmp(what, "dropped")	  ? (long long)stats.dropped
	       : !strcmp(what, "errors")  ? (long long)stats.errors
	       : !strcmp(what, "noroute") ? (long long)stats.noroute
					  : -1;
}

/* /proc/self/net is of the namespace of whoever looks. */
static long long reading_kernel(struct attack_stage *st, const struct attack_counter *c)
{
	static const char *const files[] = {"/proc/self/net/netstat", "/proc/self/net/snmp"};
	const char *colon = strchr(c->name, ':');
	int node = lab_topo_find(&st->run->topo, c->at);
	long long n = -1;

	if (node >= 0 && !strncmp(c->name, "mpls:", 5))
		return reading_mpls(st, node, c->name);
	if (!colon || node < 0 || lab_ns_enter_net(&st->run->ns[node]))
		return -1;
	for (size_t i = 0; n < 0 && i < ARRAY_LEN(files); i++)
		n = reading_file(files[i], c->name, colon - c->name, colon + 1);
	CHECK(!lab_ns_enter_net(&st->run->base));
	return n;
}

static long long reading_log(struct attack_stage *st, const struct attack_counter *c)
{
	char path[256], want[80], line[LINE_MAX_LEN];
	long long n = 0;
	FILE *f;

	lab_ns_path(c->at, "log", "ravelind.log", path, sizeof path);
	snprintf(want, sizeof want, " event=%s", c->name);
	f = fopen(path, "re");
	if (!f)
		return -1;
	while (fgets(line, sizeof line, f)) {
		const char *at = strstr(line, want);

		n += at && strchr(" \n", at[strlen(want)]);
	}
	fclose(f);
	return n;
}

long long attack_reading_get(struct attack_stage *st, const struct attack_counter *c)
{
	static long long (*const of[])(struct attack_stage *, const struct attack_counter *) = {
		[ATTACK_GUARD] = reading_guard,
		[ATTACK_PEER] = reading_peer,
		[ATTACK_KERNEL] = reading_kernel,
		[ATTACK_LOG] = reading_log};

	return of[c->source] ? of[c->source](st, c) : -1;
}

void attack_readings_take(struct attack_stage *st, const struct attack *a, bool after)
{
	for (unsigned i = 0; i < ATTACK_COUNTERS_MAX; i++) {
		long long *to = after ? &st->reading[i].after : &st->reading[i].before;

		*to = a->counter[i].source == ATTACK_NO_COUNTER
			      ? -1
			      : attack_reading_get(st, &a->counter[i]);
	}
}

bool attack_readings_done(struct attack_stage *st, const struct attack *a, unsigned due)
{
	bool any = false;

	for (unsigned i = 0; i < ATTACK_COUNTERS_MAX; i++) {
		const struct attack_counter *c = &a->counter[i];

		if (c->source == ATTACK_NO_COUNTER)
			break;
		if (c->moved != ATTACK_EXACTLY)
			continue;
		if (attack_reading_get(st, c) - st->reading[i].before < (long long)due)
			return false;
		any = true;
	}
	return any && due;
}
