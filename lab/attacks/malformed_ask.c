/* What each router is asked, in its own words. */
#include "lab/attacks/malformed_dut.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lab/api.h"
#include "lab/attacks/malformed.h"
#include "lab/frr.h"
#include "lib/check.h"

#define ANSWER_MS   3000
#define ANSWER_MAX  16384
#define PRINTED_MAX (1 << 20)

static const char *dut_name(const struct malformed_dut *d)
{
	return d->run->topo.nodes[d->node].name;
}

static int ravelin_holds(struct malformed_dut *d, const char *prefix)
{
	json_t *answer = lab_api_get(dut_name(d), "/v1/vrf?name=red");
	json_t *vrf = json_array_get(json_object_get(answer, "vrfs"), 0), *route;
	int found = vrf ? 0 : -1;
	size_t i;

	json_array_foreach(json_object_get(vrf, "routes"), i, route)
	{
		const char *p = json_string_value(json_object_get(route, "prefix"));

		if (p && !strcmp(p, prefix))
			found = 1;
	}
	json_decref(answer);
	return found;
}

/* What an operator does who will not wait for the back-off. */
static void ravelin_again(struct malformed_dut *d, const char *address)
{
	static const char *const orders[] = {"shutdown", "enable"};
	char path[96];

	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		snprintf(path, sizeof path, "/v1/bgp/neighbors/%s?name=%s", orders[i], address);
		json_decref(lab_api_post(dut_name(d), path));
	}
}

static int frr_holds(struct malformed_dut *d, const char *prefix)
{
	json_t *answer = lab_frr_ask(dut_name(d), "bgpd", "show bgp ipv4 unicast json");
	json_t *routes = json_object_get(answer, "routes"), *path;
	int found = answer ? 0 : -1;
	size_t i;

	json_array_foreach(json_object_get(routes, prefix), i, path)
	{
		if (json_is_true(json_object_get(path, "valid")))
			found = 1;
	}
	json_decref(answer);
	return found;
}

static void frr_again(struct malformed_dut *d, const char *address)
{
	struct lab_frr *frr = lab_frr_open(dut_name(d), "bgpd");
	char line[64];

	if (!frr)
		return;
	snprintf(line, sizeof line, "clear bgp %s", address);
	lab_frr_say(frr, line);
	lab_frr_close(frr);
}

/* One line of the answer is the last: four digits and a blank (BIRD's client protocol). */
static bool bird_is_whole(const char *text)
{
	while (text) {
		unsigned code;
		char after;

		if (sscanf(text, "%4u%c", &code, &after) == 2 && after == ' ' && code != 1)
			return strchr(text, '\n') != NULL;
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return false;
}

static bool bird_ask(struct malformed_dut *d, const char *line, char *out, size_t cap)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t len = 0;
	bool ok;

	lab_ns_path(dut_name(d), "run", "bird.ctl", sa.sun_path, sizeof sa.sun_path);
	ok = fd >= 0 && !connect(fd, (struct sockaddr *)&sa, sizeof sa) &&
	     write(fd, line, strlen(line)) == (ssize_t)strlen(line);
	*out = 0;
	while (ok && !bird_is_whole(out)) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		ssize_t n = poll(&p, 1, ANSWER_MS) > 0 ? read(fd, out + len, cap - 1 - len) : 0;

		ok = n > 0;
		len += ok ? (size_t)n : 0;
		out[len] = 0;
	}
	if (fd >= 0)
		close(fd);
	return ok;
}

static int bird_holds(struct malformed_dut *d, const char *prefix)
{
	char line[64], out[ANSWER_MAX], *at;

	snprintf(line, sizeof line, "show route %s\n", prefix);
	if (!bird_ask(d, line, out, sizeof out))
		return -1;
	at = strstr(out, "Table ");
	return at && strstr(at, prefix) && strstr(at, " unicast ");
}

/* What a program prints in JSON; NULL if it fails. */
static json_t *dut_print(struct malformed_dut *d, const char *line)
{
	char *out = calloc(1, PRINTED_MAX);
	json_t *json = NULL;

	CHECK(out);
	if (!malformed_dut_shell(d, line, out, PRINTED_MAX))
		json = json_loads(out, 0, NULL);
	free(out);
	return json;
}

static int gobgp_holds(struct malformed_dut *d, const char *prefix)
{
	json_t *rib = dut_print(d, "exec gobgp global rib -j"), *path;
	int found = rib ? 0 : -1;
	size_t i;

	json_array_foreach(json_object_get(rib, prefix), i, path)
	{
		if (json_is_true(json_object_get(path, "best")))
			found = 1;
	}
	json_decref(rib);
	return found;
}

static int openbgpd_holds(struct malformed_dut *d, const char *prefix)
{
	json_t *answer = dut_print(d, "exec bgpctl -s /run/openbgpd.ctl -j show rib"), *path;
	int found = answer ? 0 : -1;
	size_t i;

	json_array_foreach(json_object_get(answer, "rib"), i, path)
	{
		const char *p = json_string_value(json_object_get(path, "prefix"));

		if (p && !strcmp(p, prefix) && json_is_true(json_object_get(path, "valid")))
			found = 1;
	}
	json_decref(answer);
	return found;
}

static void openbgpd_again(struct malformed_dut *d, const char *address)
{
	char line[96];

	snprintf(line, sizeof line, "exec bgpctl -s /run/openbgpd.ctl neighbor %s up", address);
	malformed_dut_shell(d, line, NULL, 0);
}

static void again_by_itself(struct malformed_dut *d, const char *address)
{
	/* its waiting time is set to a second, and the addresses take turns */
}

static const struct malformed_router *router_at(size_t i)
{
	static const struct malformed_router rows[] = {
		{
			.name = "ravelin",
			.start = "exec ravelind -f /etc/ravelin/ravelin.yaml",
			.version = "ravelind --version",
			.addresses = 8,
			.password = "x",
			.holds = ravelin_holds,
			.again = ravelin_again,
		},
		{
			.name = "frr",
			.program = "/usr/lib/frr/bgpd",
			.package = "frr",
			/* without zebra, as on a route server: every next hop counts as reachable, which is where it dies */
			.start = "exec /usr/lib/frr/bgpd -Z -S -n -P 0 -l 192.168.0.1 "
				 "-f /etc/frr/bgpd.conf -i /run/bgpd.pid --vty_socket /run/frr "
				 "--log stdout",
			.version = "/usr/lib/frr/bgpd --version | sed -n '1s/bgpd version/FRR/p'",
			.addresses = 8,
			.holds = frr_holds,
			.again = frr_again,
		},
		{
			.name = "bird",
			.program = "/usr/sbin/bird",
			.package = "bird2",
			.start =
				"exec /usr/sbin/bird -f -c /etc/ravelin/bird.conf -s /run/bird.ctl "
				"-P /run/bird.pid",
			.version = "/usr/sbin/bird --version 2>&1 | sed 's/version //'",
			.addresses = 8,
			.holds = bird_holds,
			.again = again_by_itself,
		},
		{
			.name = "gobgp",
			.program = "/usr/bin/gobgpd",
			.package = "gobgpd",
			.start = "exec /usr/bin/gobgpd -f /etc/ravelin/gobgp.toml --pprof-disable "
				 "-l error "
				 "--api-hosts 127.0.0.1:50051",
			.version = "gobgpd --version | sed 's/gobgpd version/GoBGP/'",
			.addresses = 8,
			.holds = gobgp_holds,
			.again = again_by_itself,
		},
		{
			.name = "openbgpd",
			.program = "/usr/sbin/bgpd",
			.package = "openbgpd",
			/* its chroot is on /run in Debian; it reads no configuration that others may read */
			.start = "mkdir -p $(getent passwd _openbgpd | cut -d: -f6) && "
				 "install -m 600 /etc/ravelin/openbgpd.conf /run/openbgpd.conf && "
				 "exec /usr/sbin/bgpd -d -f /run/openbgpd.conf",
			.version = "/usr/sbin/bgpd -V 2>&1",
			.addresses = 8,
			.holds = openbgpd_holds,
			.again = openbgpd_again,
		},
	};

	return i < ARRAY_LEN(rows) ? &rows[i] : NULL;
}

const struct malformed_router *malformed_router_find(const char *name)
{
	const struct malformed_router *r;

	for (size_t i = 0; (r = router_at(i)); i++)
		if (!strcmp(r->name, name))
			return r;
	return NULL;
}

bool malformed_pe_known(const char *pe)
{
	return malformed_router_find(pe) != NULL;
}

bool malformed_pe_installed(const char *pe, char *why, size_t cap)
{
	const struct malformed_router *r = malformed_router_find(pe);

	if (!r || !r->program || !access(r->program, X_OK))
		return true;
	snprintf(why, cap, "%s is not there: apt-get install %s", r->program, r->package);
	return false;
}
