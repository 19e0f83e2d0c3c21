#include "mplsfwd/guard.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "mplsfwd/sysctl.h"

enum { LABELS, FORWARD, NEW_FORWARD, TTL, L3MDEV, L3MDEV_UDP, L3MDEV_RAW, REDIRECTS };

static const struct setting {
	const char *path;
	const char *name; /* as sysctl(8) wants it */
	uint32_t want;	  /* LABELS: at least, from the configuration */
	bool give_back;
	bool optional; /* a kernel that has it not has no such danger */
} settings[FWD_GUARD_SYSCTLS] = {
	[LABELS] = {"net/mpls/platform_labels", "net.mpls.platform_labels", 0, false},
	[FORWARD] = {"net/ipv4/ip_forward", "net.ipv4.ip_forward", 1, false, false},
	/* after ip_forward, which takes it along */
	[NEW_FORWARD] = {"net/ipv4/conf/default/forwarding", "net.ipv4.conf.default.forwarding", 0,
		true, false},
	[TTL] = {"net/mpls/ip_ttl_propagate", "net.mpls.ip_ttl_propagate", 0, true, false},
	[L3MDEV] = {"net/ipv4/tcp_l3mdev_accept", "net.ipv4.tcp_l3mdev_accept", 0, true, true},
	[L3MDEV_UDP] = {"net/ipv4/udp_l3mdev_accept", "net.ipv4.udp_l3mdev_accept", 0, true, true},
	[L3MDEV_RAW] = {"net/ipv4/raw_l3mdev_accept", "net.ipv4.raw_l3mdev_accept", 0, true, true},
	/* of this one the kernel takes "or" of all and the port's own */
	[REDIRECTS] = {"net/ipv4/conf/all/send_redirects", "net.ipv4.conf.all.send_redirects", 0,
		true, false},
};

enum port_kind { EVERY = 1, CORE = 2, ACCESS = 4, GUARDED = 8, IPV4_ONLY = 16 };

/* want: AS_IS keeps what it was when the port appeared. */
#define AS_IS UINT32_MAX
static const struct port_setting {
	const char *path, *name;
	uint32_t want;
	uint8_t kinds; /* enum port_kind: of which ports */
	bool optional;
} port_settings[FWD_GUARD_PORT_SYSCTLS] = {
	{"net/mpls/conf/%s/input", "input", 0, EVERY, false}, /* want: fwd_guard_port_want() */
	{"net/ipv4/conf/%s/forwarding", "forwarding", 1, CORE | ACCESS, false},
	{"net/ipv4/conf/%s/rp_filter", "rp_filter", AS_IS, GUARDED, false},
	{"net/ipv4/conf/%s/accept_redirects", "accept_redirects", 0, GUARDED, false},
	{"net/ipv4/conf/%s/send_redirects", "send_redirects", 0, GUARDED, false},
	{"net/ipv4/conf/%s/accept_source_route", "accept_source_route", 0, GUARDED, false},
	{"net/ipv4/conf/%s/proxy_arp", "proxy_arp", 0, GUARDED, false},
	{"net/ipv4/conf/%s/arp_ignore", "arp_ignore", 1, GUARDED, false},
	{"net/ipv4/conf/%s/arp_announce", "arp_announce", 2, GUARDED, false},
	{"net/ipv6/conf/%s/accept_ra", "accept_ra", 0, GUARDED, true},
	{"net/ipv6/conf/%s/disable_ipv6", "disable_ipv6", 1, IPV4_ONLY, true},
};
enum { INPUT, FORWARDING };

void fwd_guard_init(struct fwd_guard *g, const struct conf *conf, const struct log *log)
{
	*g = (struct fwd_guard){.conf = conf, .log = log};
	g->ports = calloc(conf->n_ports + 1, sizeof(*g->ports));
	CHECK(g->ports);
}

void fwd_guard_fini(struct fwd_guard *g)
{
	free(g->ports);
	g->ports = NULL;
}

static int complain(struct fwd_guard *g, const char *name, uint32_t value, int err)
{
	const char *why = err == -ENOENT && strncmp(name, "net.mpls", 8) == 0
				  ? "the kernel has no MPLS: modprobe mpls_router mpls_iptunnel"
			  : err == -EROFS || err == -EACCES || err == -EPERM
				  ? "/proc/sys cannot be written here: set it from outside"
				  : "the kernel refused it";

	log_line(g->log, LOG_ERROR_, "sysctl_failed",
		"error=\"%s\" why=\"%s\" run=\"sysctl -w %s=%u\"", strerror(-err), why, name,
		value);
	return err;
}

static bool has_customers(const struct conf *conf)
{
	for (unsigned p = 0; p < conf->n_ports; p++)
		if (fwd_guard_port_guarded(&conf->ports[p]))
			return true;
	return false;
}

/* A router without guarded customers closes nothing; what is open by order stays so. */
bool fwd_guard_closes_unknown(const struct conf *conf)
{
	return !conf->unknown_ports_open && has_customers(conf);
}

static bool setting_counts(const struct fwd_guard *g, int i)
{
	return i == NEW_FORWARD ? fwd_guard_closes_unknown(g->conf)
	       : i == REDIRECTS ? has_customers(g->conf)
				: true;
}

static int setting_apply(struct fwd_guard *g, int i)
{
	const struct setting *s = &settings[i];
	uint32_t want = i == LABELS ? g->conf->label_max + 1 : s->want, now;

	if (!setting_counts(g, i))
		return 0;
	int err = fwd_sysctl_get(s->path, &now);
	if (err == -ENOENT && s->optional)
		return 0;
	if (err)
		return complain(g, s->name, want, err);
	if (!g->seen[i])
		g->was[i] = now;
	g->seen[i] = true;
	if (i == LABELS ? now >= want : now == want)
		return 0;
	err = fwd_sysctl_set(s->path, want);
	if (err)
		return complain(g, s->name, want, err);
	g->changed[i] = true;
	log_line(g->log, LOG_INFO_, "sysctl_set", "name=%s value=%u was=%u", s->name, want, now);
	return 0;
}

static void setting_give_back(struct fwd_guard *g, int i)
{
	if (g->changed[i] && settings[i].give_back)
		fwd_sysctl_set(settings[i].path, g->was[i]);
	g->changed[i] = g->seen[i] = false;
}

static bool setting_is_right(const struct fwd_guard *g, int i)
{
	uint32_t now;

	if (!setting_counts(g, i) || fwd_sysctl_get(settings[i].path, &now))
		return true; /* no such thing to watch */
	return i == LABELS ? now > g->conf->label_max : now == settings[i].want;
}

bool fwd_guard_check(struct fwd_guard *g)
{
	bool any = false;

	for (int i = 0; i < FWD_GUARD_SYSCTLS; i++) {
		const struct setting *s = &settings[i];
		uint32_t want = i == LABELS ? g->conf->label_max + 1 : s->want;
		if (setting_is_right(g, i))
			continue;
		any = true;
		log_line(g->log, LOG_ERROR_, "guard_corrected",
			"name=%s now=%u why=\"somebody changed it\"", s->name, want);
		int err = fwd_sysctl_set(s->path, want);
		if (err)
			complain(g, s->name, want, err);
	}
	return any;
}

int fwd_guard_start(struct fwd_guard *g)
{
	int first = 0;

	for (int i = 0; i < FWD_GUARD_SYSCTLS;
		i++) { /* all of them, so that all complaints come at once */
		int err = setting_apply(g, i);
		first = first ? first : err;
	}
	return first;
}

static const char *port_path(
	const struct fwd_guard *g, unsigned port, unsigned i, char *out, size_t cap)
{
	const char *path = port_settings[i].path, *hole = strstr(path, "%s");

	snprintf(out, cap, "%.*s%s%s", (int)(hole - path), path, g->conf->ports[port].name,
		hole + 2);
	return out;
}

uint32_t fwd_guard_port_want(const struct fwd_guard *g, unsigned port)
{
	const struct conf_port *p = &g->conf->ports[port];
	return p->role == CONF_PORT_CORE ? p->labels != ACL_LABELS_NONE : p->accept_labels;
}

static uint8_t port_kinds(const struct conf_port *p)
{
	uint8_t kinds = p->role == CONF_PORT_CORE     ? EVERY | CORE
			: p->role == CONF_PORT_ACCESS ? EVERY | ACCESS
						      : EVERY;
	bool ipv6 = false;

	for (unsigned i = 0; i < p->n_addresses; i++)
		ipv6 |= p->addresses[i].addr.af == IP_V6;
	if (fwd_guard_port_guarded(p))
		kinds |= GUARDED | (ipv6 ? 0 : IPV4_ONLY);
	return kinds;
}

static uint32_t port_want(const struct fwd_guard *g, unsigned port, unsigned i)
{
	if (i == INPUT)
		return fwd_guard_port_want(g, port);
	return port_settings[i].want == AS_IS ? g->ports[port].was[i] : port_settings[i].want;
}

static int port_setting_set(struct fwd_guard *g, unsigned port, unsigned i)
{
	const struct port_setting *c = &port_settings[i];
	struct fwd_guard_port *s = &g->ports[port];
	char path[64];
	uint32_t now;

	port_path(g, port, i, path, sizeof(path));
	int err = fwd_sysctl_get(path, &now);
	if (err == -ENOENT && c->optional)
		return 0;
	if (!err && !s->there[i] && !s->changed[i])
		s->was[i] = now;
	uint32_t want = port_want(g, port, i);
	if (!err && now != want) {
		err = fwd_sysctl_set(path, want);
		s->changed[i] = true;
	}
	s->there[i] = !err;
	if (!err)
		return 0;
	for (char *at = path; *at; at++)
		*at = *at == '/' ? '.' : *at;
	return complain(g, path, want, err);
}

/* The port is no longer of those that it is for. */
static void port_setting_leave(struct fwd_guard *g, unsigned port, unsigned i)
{
	struct fwd_guard_port *s = &g->ports[port];
	char path[64];

	if (s->changed[i])
		fwd_sysctl_set(port_path(g, port, i, path, sizeof(path)), s->was[i]);
	s->changed[i] = s->there[i] = false;
}

int fwd_guard_port_set(struct fwd_guard *g, unsigned port)
{
	const struct conf_port *p = &g->conf->ports[port];
	struct fwd_guard_port *s = &g->ports[port];
	uint8_t kinds = port_kinds(p);
	int first = 0;

	for (unsigned i = 0; i < FWD_GUARD_PORT_SYSCTLS; i++) {
		int err = 0;
		if (port_settings[i].kinds & kinds)
			err = port_setting_set(g, port, i);
		else
			port_setting_leave(g, port, i);
		first = first ? first : err;
	}
	if (first)
		return first;
	if (!s->set && p->role == CONF_PORT_ACCESS && p->accept_labels)
		log_line(g->log, LOG_WARN_, "guard_off",
			"port=%s why=\"accept-labels: this customer may send any label\"", p->name);
	s->set = true;
	return 0;
}

bool fwd_guard_port_fault(const struct fwd_guard *g, unsigned port, struct fwd_guard_fault *out)
{
	const struct fwd_guard_port *s = &g->ports[port];
	char path[64];

	for (unsigned i = 0; s->set && i < FWD_GUARD_PORT_SYSCTLS; i++) {
		if (!s->there[i] ||
			fwd_sysctl_get(port_path(g, port, i, path, sizeof(path)), &out->now))
			continue; /* gone with its device */
		out->name = port_settings[i].name;
		out->want = port_want(g, port, i);
		if (out->now != out->want)
			return true;
	}
	return false;
}

bool fwd_guard_port_check(struct fwd_guard *g, unsigned port)
{
	const struct conf_port *p = &g->conf->ports[port];
	struct fwd_guard_fault fault;

	if (!fwd_guard_port_fault(g, port, &fault))
		return false;
	bool labels = strcmp(fault.name, port_settings[INPUT].name) == 0;
	log_line(g->log, labels && fault.want ? LOG_WARN_ : LOG_ERROR_, "guard_corrected",
		"port=%s role=%s %s=%u now=%u why=\"somebody changed net.%s.conf.%s.%s\"", p->name,
		p->role == CONF_PORT_CORE ? "core" : "access", fault.name, fault.now, fault.want,
		labels ? "mpls" : "ipv4", p->name, fault.name);
	fwd_guard_port_set(g, port);
	if (labels)
		g->ports[port].corrected = !fault.want;
	return true;
}

bool fwd_guard_port_labels(const struct fwd_guard *g, unsigned port)
{
	uint32_t now;
	char path[64];

	return fwd_sysctl_get(port_path(g, port, INPUT, path, sizeof(path)), &now) == 0 && now;
}

void fwd_guard_port_gone(struct fwd_guard *g, unsigned port)
{
	g->ports[port] = (struct fwd_guard_port){0};
}

void fwd_guard_vrf_set(struct fwd_guard *g, const char *vrf)
{
	char path[64];
	uint32_t now;

	snprintf(path, sizeof(path), "net/ipv4/conf/%s/forwarding", vrf);
	int err = fwd_sysctl_get(path, &now);
	if (!err && !now)
		err = fwd_sysctl_set(path, 1);
	for (char *at = path; *at; at++)
		*at = *at == '/' ? '.' : *at;
	if (err)
		complain(g, path, 1, err);
}

static void port_give_back(struct fwd_guard *g, unsigned port)
{
	const struct fwd_guard_port *p = &g->ports[port];
	bool access = g->conf->ports[port].role == CONF_PORT_ACCESS;
	char path[64];

	for (unsigned i = 0; i < FWD_GUARD_PORT_SYSCTLS; i++) {
		port_path(g, port, i, path, sizeof(path));
		if (i == INPUT && p->set && (access || !p->was[i]))
			fwd_sysctl_set(path, 0);
		else if (i != INPUT && p->changed[i])
			fwd_sysctl_set(path, p->was[i]);
	}
}

void fwd_guard_stop(struct fwd_guard *g)
{
	for (unsigned i = 0; i < g->conf->n_ports; i++)
		port_give_back(g, i);
	for (int i = 0; i < FWD_GUARD_SYSCTLS; i++)
		setting_give_back(g, i);
}

int fwd_guard_reload(struct fwd_guard *g, const struct conf *conf)
{
	unsigned before = g->conf->n_ports;

	g->ports = realloc(g->ports, (conf->n_ports + 1) * sizeof(*g->ports));
	CHECK(g->ports);
	for (unsigned i = before; i < conf->n_ports; i++)
		g->ports[i] = (struct fwd_guard_port){0};
	g->conf = conf;
	for (int i = 0; i < FWD_GUARD_SYSCTLS; i++)
		if (!setting_counts(g, i))
			setting_give_back(g, i);
	return fwd_guard_start(g);
}

void fwd_guard_port_release(struct fwd_guard *g, unsigned port, bool closed)
{
	char path[64];

	port_give_back(g, port);
	if (closed)
		fwd_sysctl_set(port_path(g, port, FORWARDING, path, sizeof(path)), 0);
	fwd_guard_port_gone(g, port);
}
