/* Is it so now? Conditions of a scenario, answered by the routers and the kernels themselves. */
#include "lab/cond.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/api.h"
#include "lab/frr.h"
#include "lab/observe.h"
#include "lab/table.h"
#include "lib/check.h"
#include "lib/text.h"

#define POLL_MS	     50
#define PROGRESS_MS  1000
#define SYN_MS	     500
#define BGP_PORT     179
#define COMMAND_MS   10000
#define COMMAND_TEXT 65536

static const char *cond_text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static bool cond_state(const struct lab_cond *c, const char *state, char *observed, size_t cap)
{
	snprintf(observed, cap, "%s", *state ? state : "no such session");
	return !strcasecmp(state, c->state ? c->state : "Established") != c->absent;
}

static bool cond_ravelin_session(
	struct lab_run *r, const struct lab_cond *c, char *observed, size_t cap)
{
	json_t *answer = lab_api_get(r->topo.nodes[c->node].name, "/v1/bgp/summary"), *peer;
	const char *state = answer ? "" : "ravelind does not answer";
	size_t i;
	bool ok;

	json_array_foreach(json_object_get(answer, "peers"), i,
		peer) if (!strcmp(cond_text(peer, "name"), c->subject) ||
			  !strcmp(cond_text(peer, "address"), c->subject)) state =
		cond_text(peer, "state");
	ok = cond_state(c, state, observed, cap);
	json_decref(answer);
	return ok;
}

static bool cond_session(struct lab_run *r, const struct lab_cond *c, char *observed, size_t cap)
{
	char command[128];
	json_t *answer;
	bool ok;

	if (r->topo.nodes[c->node].config)
		return cond_ravelin_session(r, c, observed, cap);
	snprintf(command, sizeof command, "show bgp %s%s neighbors %s json", c->vrf ? "vrf " : "",
		c->vrf ? c->vrf : "", c->subject);
	answer = lab_frr_ask(r->topo.nodes[c->node].name, "bgpd", command);
	ok = cond_state(
		c, cond_text(json_object_get(answer, c->subject), "bgpState"), observed, cap);
	json_decref(answer);
	return ok;
}

static bool cond_kernel_route(
	struct lab_run *r, const struct lab_cond *c, char *observed, size_t cap)
{
	struct text x = text_of(observed, cap);
	const struct lab_route *route = NULL;
	struct ip_prefix prefix;
	struct lab_table t;
	uint32_t table;
	bool ok = false;

	if (!lab_table_read(&t, &r->base, &r->ns[c->node], AF_INET) &&
		ip_prefix_parse(c->subject, &prefix, NULL)) {
		table = lab_table_of(&t, c->vrf);
		route = table ? lab_table_find(&t, table, &prefix) : NULL;
		ok = route && route->type == RTN_UNICAST &&
		     (c->labels < 0 || route->n_stack == (unsigned)c->labels);
		/* a table that is not there holds no route, but proves nothing either */
		ok = c->absent ? table && !route : ok;
		if (route)
			lab_observe_route(route, &x);
		else
			text_add(&x, "%s", table ? "not in the table" : "no such VRF");
	}
	lab_table_fini(&t);
	return ok;
}

static bool cond_kernel_label(
	struct lab_run *r, const struct lab_cond *c, char *observed, size_t cap)
{
	const struct lab_route *route = NULL;
	struct lab_table t;

	if (!lab_table_read(&t, &r->base, &r->ns[c->node], AF_MPLS))
		route = lab_table_pop(&t, c->subject);
	if (route)
		snprintf(observed, cap, "label %u", route->label);
	else
		snprintf(observed, cap, "no label pops into %s", c->subject);
	lab_table_fini(&t);
	return !route == c->absent;
}

/* "b,a" against ["a","b"]: the same set. */
static bool cond_targets(const char *want, const json_t *have)
{
	char *copy = strdup(want), *save = NULL;
	size_t n = 0, i;
	bool ok = true;

	CHECK(copy);
	for (char *w = strtok_r(copy, ", ", &save); w; w = strtok_r(NULL, ", ", &save), n++) {
		bool found = false;
		json_t *rt;

		json_array_foreach(have, i, rt) found |= !strcmp(json_string_value(rt), w);
		ok &= found;
	}
	free(copy);
	return ok && n == json_array_size(have);
}

static bool cond_vpn_route(struct lab_run *r, const struct lab_cond *c, char *observed, size_t cap)
{
	json_t *routes = lab_observe_vpn(r, c->node), *v;
	struct text x = text_of(observed, cap);
	bool found = false, right = false;
	size_t i;

	json_array_foreach(routes, i, v)
	{
		if (strcmp(cond_text(v, "prefix"), c->subject) != 0 ||
			(c->rd && strcmp(cond_text(v, "rd"), c->rd) != 0))
			continue;
		text_add(&x, "%srd %s, route targets", found ? "; " : "", cond_text(v, "rd"));
		for (size_t k = 0; k < json_array_size(json_object_get(v, "route_targets")); k++)
			text_add(&x, " %s",
				json_string_value(
					json_array_get(json_object_get(v, "route_targets"), k)));
		found = true;
		right |= !c->route_targets ||
			 cond_targets(c->route_targets, json_object_get(v, "route_targets"));
	}
	if (!found)
		text_add(&x, "%s", routes ? "not in the VPNv4 table" : "no answer");
	json_decref(routes);
	return c->absent ? routes && !found : right;
}

static bool cond_counter(struct lab_run *r, const struct lab_cond *c, char *observed, size_t cap)
{
	json_t *answer = lab_api_get(r->topo.nodes[c->node].name, "/v1/bgp/neighbors"), *peer,
	       *n = NULL;
	bool moved;
	size_t i;

	json_array_foreach(json_object_get(answer, "peers"), i,
		peer) if (!strcmp(cond_text(peer, "name"), c->of)) n =
		json_object_get(json_object_get(peer, "counters"), c->subject)
			? json_object_get(json_object_get(peer, "counters"), c->subject)
			: json_object_get(peer, c->subject);
	moved = json_is_integer(n) && json_integer_value(n) > 0;
	if (n)
		snprintf(observed, cap, "%lld", json_integer_value(n));
	else
		snprintf(observed, cap, "no such counter");
	json_decref(answer);
	return c->absent ? n && !moved : moved;
}

/*
 * A SYN without a key from a neighbour's own address. Refused would mean that nobody listens, and prove nothing about
 * keys; that the listener is there is what an established session proves.
 */
static bool cond_unsigned(struct lab_run *r, const struct lab_cond *c, char *observed, size_t cap)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(BGP_PORT)};
	int fd = lab_ns_socket(&r->base, &r->ns[c->node], AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int err = 0, ttl = 255; /* or GTSM would drop it */
	socklen_t len = sizeof err;
	bool silent = false;

	if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof ttl) < 0 ||
		(c->vrf &&
			setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, c->vrf, strlen(c->vrf)) < 0) ||
		inet_pton(AF_INET, c->subject, &to.sin_addr) != 1) {
		snprintf(observed, cap, "could not be tried");
	} else if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) {
		snprintf(observed, cap, "%s", strerror(errno));
	} else if (poll(&p, 1, SYN_MS) == 0) {
		silent = true;
		snprintf(observed, cap, "no answer");
	} else {
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
		snprintf(observed, cap, "%s", err ? strerror(err) : "CONNECTED");
	}
	if (fd >= 0)
		close(fd);
	return silent != c->absent;
}

static bool cond_guard(struct lab_run *r, const struct lab_cond *c, char *observed, size_t cap)
{
	const char *node = r->topo.nodes[c->node].name;
	long long n;

	if (!c->reason) {
		lab_observe_guard_state(node, c->subject, observed, cap);
		return *observed && !strcmp(observed, c->state ? c->state : "open");
	}
	n = lab_observe_guard(node, c->subject, c->reason);
	if (n < 0)
		snprintf(observed, cap, "no guard is shown for this port");
	else
		snprintf(observed, cap, "%lld", n);
	return c->exactly ? n == (long long)c->number : n >= (long long)c->number;
}

/* Blanks and line ends as one blank each: what is looked for need not know how wide a column is. */
static void cond_squeeze(char *s)
{
	char *to = s;

	for (const char *from = s; *from; from++) {
		bool blank = strchr(" \t\r\n", *from) != NULL;

		if (!blank)
			*to++ = *from;
		else if (to > s && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = 0;
}

/* What a command of the node prints. One that fails holds no condition, not even that something is absent. */
static bool cond_command(struct lab_run *r, const struct lab_cond *c, char *observed, size_t cap)
{
	char *out = malloc(COMMAND_TEXT);
	struct lab_run_args a = {
		.line = c->subject, .out = out, .cap = COMMAND_TEXT, .timeout_ms = COMMAND_MS};

	CHECK(out);
	*out = 0;
	int status = lab_proc_run(&r->procs, &r->ns[c->node], &a);
	cond_squeeze(out);
	bool says = strstr(out, c->says) != NULL;
	if (status)
		snprintf(observed, cap, "exit status %d: %s", status, out);
	else
		snprintf(observed, cap, "%s", says ? c->says : c->absent ? "it does not" : out);
	free(out);
	return !status && says != c->absent;
}

bool lab_cond_holds(struct lab_run *r, const struct lab_cond *c, char *observed, size_t cap)
{
	static bool (*const ask[])(struct lab_run *, const struct lab_cond *, char *, size_t) = {
		[LAB_COND_SESSION] = cond_session,
		[LAB_COND_KERNEL_ROUTE] = cond_kernel_route,
		[LAB_COND_KERNEL_LABEL] = cond_kernel_label,
		[LAB_COND_VPN_ROUTE] = cond_vpn_route,
		[LAB_COND_COUNTER] = cond_counter,
		[LAB_COND_UNSIGNED] = cond_unsigned,
		[LAB_COND_GUARD] = cond_guard,
		[LAB_COND_COMMAND] = cond_command,
	};

	*observed = 0;
	return ask[c->kind](r, c, observed, cap);
}

static void cond_tell(
	struct lab_run *r, const char *ev, const struct lab_cond *c, bool ok, const char *observed)
{
	char text[256];

	lab_cond_print(c, &r->topo, text, sizeof text);
	lab_event(r, json_pack("{s:s, s:b, s:s, s:s, s:s*}", "ev", ev, "ok", ok, "text", text,
			     "observed", observed, "hint", ok ? NULL : c->hint));
}

/* The daemon gone for good: no condition will come true, and its log says why. */
static bool cond_daemon_dead(struct lab_run *r)
{
	int status;

	for (unsigned i = 0; i < r->topo.n_nodes; i++) {
		if (!r->ravelind[i] || !lab_proc_ended(&r->procs, r->ravelind[i], &status))
			continue;
		r->ravelind[i] = 0;
		lab_note(r, "ravelind of %s ended by itself (wait status 0x%x)",
			r->topo.nodes[i].name, status);
		return true;
	}
	return false;
}

bool lab_conds_wait(struct lab_run *r, const struct lab_conds *cs, unsigned deadline_s)
{
	unsigned long long start = lab_now_ms(), told = start;
	char observed[256];
	unsigned at = 0;

	while (at < cs->n) {
		if (lab_cond_holds(r, &cs->c[at], observed, sizeof observed)) {
			at++;
			continue;
		}
		if (lab_now_ms() - start > deadline_s * 1000ULL || cond_daemon_dead(r)) {
			cond_tell(r, "check", &cs->c[at], false, observed);
			return false;
		}
		if (lab_now_ms() - told > PROGRESS_MS) {
			cond_tell(r, "waiting", &cs->c[at], false, observed);
			told = lab_now_ms();
		}
		poll(NULL, 0, POLL_MS);
	}
	for (unsigned i = 0; i < cs->n; i++) {
		bool ok = lab_cond_holds(r, &cs->c[i], observed, sizeof observed);

		cond_tell(r, "check", &cs->c[i], ok, observed);
		if (!ok)
			return false; /* came and went */
	}
	return true;
}

bool lab_conds_look(struct lab_run *r, const struct lab_conds *cs, unsigned long long until_ms)
{
	char observed[256];
	unsigned at = 0;
	bool all = true;

	while (at < cs->n) {
		if (lab_cond_holds(r, &cs->c[at], observed, sizeof observed))
			at++;
		else if (lab_now_ms() >= until_ms)
			break;
		else
			poll(NULL, 0, POLL_MS);
	}
	for (unsigned i = 0; i < cs->n; i++) {
		bool ok = lab_cond_holds(r, &cs->c[i], observed, sizeof observed);

		cond_tell(r, "check", &cs->c[i], ok, observed);
		all &= ok;
	}
	return all;
}
