#include "mplsfwd/guard.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "mplsfwd/sysctl.h"

enum { LABELS, FORWARD, TTL, L3MDEV };

static const struct setting {
	const char *path;
	const char *name; /* as sysctl(8) wants it */
	uint32_t want;	  /* LABELS: at least, from the configuration */
	bool give_back;
} settings[FWD_GUARD_SYSCTLS] = {
	[LABELS] = {"net/mpls/platform_labels", "net.mpls.platform_labels", 0, false},
	[FORWARD] = {"net/ipv4/ip_forward", "net.ipv4.ip_forward", 1, false},
	[TTL] = {"net/mpls/ip_ttl_propagate", "net.mpls.ip_ttl_propagate", 0, true},
	[L3MDEV] = {"net/ipv4/tcp_l3mdev_accept", "net.ipv4.tcp_l3mdev_accept", 0, true},
};

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

static int setting_apply(struct fwd_guard *g, int i)
{
	const struct setting *s = &settings[i];
	uint32_t want = i == LABELS ? g->conf->label_max + 1 : s->want;
	int err = fwd_sysctl_get(s->path, &g->was[i]);

	if (err == -ENOENT && i == L3MDEV)
		return 0; /* a kernel without VRFs has no such danger */
	if (err)
		return complain(g, s->name, want, err);
	if (i == LABELS ? g->was[i] >= want : g->was[i] == want)
		return 0;
	err = fwd_sysctl_set(s->path, want);
	if (err)
		return complain(g, s->name, want, err);
	g->changed[i] = true;
	log_line(g->log, LOG_INFO_, "sysctl_set", "name=%s value=%u was=%u", s->name, want,
		g->was[i]);
	return 0;
}

static bool setting_is_right(const struct fwd_guard *g, int i)
{
	uint32_t now;

	if (fwd_sysctl_get(settings[i].path, &now))
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

static const char *input_path(const struct fwd_guard *g, unsigned port, char *out, size_t cap)
{
	snprintf(out, cap, "net/mpls/conf/%s/input", g->conf->ports[port].name);
	return out;
}

uint32_t fwd_guard_port_want(const struct fwd_guard *g, unsigned port)
{
	const struct conf_port *p = &g->conf->ports[port];
	return p->role == CONF_PORT_CORE || p->accept_labels;
}

int fwd_guard_port_set(struct fwd_guard *g, unsigned port)
{
	const struct conf_port *p = &g->conf->ports[port];
	struct fwd_guard_port *s = &g->ports[port];
	uint32_t now, want = fwd_guard_port_want(g, port);
	char path[64], name[64];

	input_path(g, port, path, sizeof(path));
	int err = fwd_sysctl_get(path, &now);
	if (!err && !s->set)
		s->was = now;
	if (!err && now != want)
		err = fwd_sysctl_set(path, want);
	if (err) {
		snprintf(name, sizeof(name), "net.mpls.conf.%s.input", p->name);
		return complain(g, name, want, err);
	}
	s->set = true;
	if (p->role == CONF_PORT_ACCESS && p->accept_labels)
		log_line(g->log, LOG_WARN_, "guard_off",
			"port=%s why=\"accept-labels: this customer may send any label\"", p->name);
	return 0;
}

bool fwd_guard_port_check(struct fwd_guard *g, unsigned port)
{
	const struct conf_port *p = &g->conf->ports[port];
	uint32_t now, want = fwd_guard_port_want(g, port);
	char path[64];

	if (!g->ports[port].set || fwd_sysctl_get(input_path(g, port, path, sizeof(path)), &now))
		return false;
	if (now == want)
		return false;
	log_line(g->log, want ? LOG_WARN_ : LOG_ERROR_, "guard_corrected",
		"port=%s role=%s input=%u now=%u why=\"somebody changed net.mpls.conf.%s.input\"",
		p->name, p->role == CONF_PORT_CORE ? "core" : "access", now, want, p->name);
	fwd_guard_port_set(g, port);
	g->ports[port].corrected = !want;
	return true;
}

bool fwd_guard_port_labels(const struct fwd_guard *g, unsigned port)
{
	uint32_t now;
	char path[64];

	return fwd_sysctl_get(input_path(g, port, path, sizeof(path)), &now) == 0 && now;
}

void fwd_guard_port_gone(struct fwd_guard *g, unsigned port)
{
	g->ports[port].set = false;
}

void fwd_guard_stop(struct fwd_guard *g)
{
	char path[64];

	for (unsigned i = 0; i < g->conf->n_ports; i++) {
		const struct fwd_guard_port *p = &g->ports[i];
		bool access = g->conf->ports[i].role == CONF_PORT_ACCESS;

		if (p->set && (access || !p->was))
			fwd_sysctl_set(input_path(g, i, path, sizeof(path)), 0);
	}
	for (int i = 0; i < FWD_GUARD_SYSCTLS; i++)
		if (g->changed[i] && settings[i].give_back)
			fwd_sysctl_set(settings[i].path, g->was[i]);
}
