/* BGP's sockets: who listens where, and whether segments must be signed. */
#include <stdio.h>
#include <string.h>

#include "audit/check.h"

static bool covers(
	const struct audit_run *r, const struct audit_socket *k, const struct ip_prefix *who)
{
	for (uint32_t i = 0; i < k->n_keys; i++) {
		const struct ip_prefix *key = &r->s->keys[k->first_key + i];
		if (key->len <= who->len && ip_prefix_contains(key, &who->addr))
			return true;
	}
	return false;
}

static uint32_t vrf_ifindex(const struct audit_run *r, int vrf)
{
	const struct audit_link *l = vrf < 0 ? NULL : audit_link_find(r->s, r->in->vrfs[vrf].name);
	return l ? l->ifindex : 0;
}

static const char *where(const struct audit_run *r, const struct audit_socket *k)
{
	return k->ifindex ? audit_device_name(r->s, k->ifindex) : "core";
}

static struct audit_finding *flag_listener(struct audit_run *r, size_t i)
{
	const struct audit_socket *k = &r->s->sockets[i];
	struct audit_finding *f =
		audit_flag(r, i, "listener %s port %u", where(r, k), k->local_port);

	audit_who(f, "%s (process %u)", *k->program ? k->program : "a program", k->pid);
	return f;
}

/* By configuration: every listener has the keys of the neighbours that it serves. */
static void conf_keys(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_sockets; i++) {
		const struct audit_socket *k = &r->s->sockets[i];
		char names[160] = "";
		size_t len = 0;
		if (!k->listening || k->local_port != AUDIT_BGP_PORT || !k->keys_known)
			continue;
		for (size_t p = 0; p < r->in->n_peers; p++) {
			const struct audit_peer *c = &r->in->peers[p];
			if (!c->password || !c->served ||
				(k->local.af != IP_NONE && k->local.af != IP_V4) ||
				vrf_ifindex(r, c->vrf) != k->ifindex || covers(r, k, &c->who))
				continue;
			if (len + 50 < sizeof(names))
				len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s",
					len ? ", " : "", c->name);
		}
		if (!len)
			continue;
		struct audit_finding *f = flag_listener(r, i);
		audit_what(f,
			"takes unsigned segments in the name of %s, although the configuration has "
			"a password: anybody there can be that neighbor, or reset it",
			names);
		audit_mend(f, "# a key that the kernel lost: start ravelind again (kill -USR1 %u)",
			k->pid);
	}
}

/* The commands that give a neighbour of FRR its key again, which its configuration file has; the key is not shown. */
static void frr_mend(struct audit_finding *f, const struct audit_frr_peer *p)
{
	if (!audit_is_plain(p->neighbor) || !audit_is_plain(p->file) ||
		(*p->vrf && !audit_is_plain(p->vrf)) || (*p->vty && !audit_is_plain(p->vty))) {
		audit_mend(f, "# take the password of %s away and give it again, by vtysh",
			p->neighbor);
		return;
	}
	char router[64], vty[AUDIT_PATH_MAX + 24] = "";

	snprintf(
		router, sizeof(router), "router bgp %u%s%s", p->as, *p->vrf ? " vrf " : "", p->vrf);
	if (*p->vty)
		snprintf(vty, sizeof(vty), " --vty_socket %s", p->vty);
	audit_mend(f,
		"vtysh%s -c 'configure terminal' -c '%s' -c 'no neighbor %s password' -c "
		"\"neighbor %s password $(sed -n '/^%s$/,/^exit/s/^ *neighbor %s password //p' "
		"%s)\"",
		vty, router, p->neighbor, p->neighbor, router, p->neighbor, p->file);
}

static bool same_place(const struct audit_run *r, const struct audit_socket *k, const char *vrf)
{
	return *vrf ? strcmp(audit_device_name(r->s, k->ifindex), vrf) == 0 : !k->ifindex;
}

/* FRR: passwords that are in the file, and did not reach the listener. How many were found. */
static unsigned frr_keys(struct audit_run *r, size_t i)
{
	const struct audit_socket *k = &r->s->sockets[i];
	unsigned n = 0;

	for (size_t p = 0; p < r->s->n_frr; p++) {
		const struct audit_frr_peer *c = &r->s->frr[p];
		struct ip_prefix who = {.len = 0};
		if (c->pid != k->pid || !c->password || !same_place(r, k, c->vrf) ||
			!ip_addr_parse(c->neighbor, &who.addr) ||
			(k->local.af != IP_NONE && who.addr.af != k->local.af))
			continue;
		who.len = ip_af_bits(who.addr.af);
		if (covers(r, k, &who))
			continue;
		struct audit_finding *f = flag_listener(r, i);
		audit_what(f,
			"takes unsigned segments in the name of %s, although %s has a password: "
			"FRR read it before there was a listener in that VRF, and anybody there "
			"can be that neighbor",
			c->neighbor, c->file);
		frr_mend(f, c);
		n++;
	}
	return n;
}

static bool serves_ipv6_alone(const struct audit_run *r, const struct audit_socket *k)
{
	if (k->local.af != IP_V6)
		return false;
	for (size_t i = 0; i < r->s->n_sockets; i++) {
		const struct audit_socket *o = &r->s->sockets[i];
		if (o->listening && o->local_port == k->local_port && o->ifindex == k->ifindex &&
			o->local.af != IP_V6)
			return true;
	}
	return false;
}

static void host_keys(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_sockets; i++) {
		const struct audit_socket *k = &r->s->sockets[i];
		if (!k->listening || k->local_port != AUDIT_BGP_PORT || !k->keys_known ||
			frr_keys(r, i) || k->n_keys || !k->ifindex || serves_ipv6_alone(r, k))
			continue;
		struct audit_finding *f = flag_listener(r, i);
		audit_what(f,
			"a BGP listener in VRF %s without any key: it takes unsigned segments "
			"of everybody there",
			where(r, k));
		audit_mend(f, "# give each neighbor of VRF %s a password while %s runs",
			where(r, k), *k->program ? k->program : "the daemon");
	}
}

static void keys(struct audit_run *r)
{
	if (r->in->of_host)
		host_keys(r);
	else
		conf_keys(r);
}

static void unread(struct audit_run *r)
{
	bool any = false;

	for (size_t i = 0; i < r->s->n_sockets; i++)
		any |= !r->s->sockets[i].keys_known;
	if (!any && r->s->sockets_known)
		return;
	struct audit_finding *f = audit_flag(r, AUDIT_NO_OBJECT, "sockets");
	audit_who(f, "the kernel");
	audit_what(f, r->s->sockets_known ? "does not say to us which sockets have keys"
					  : "does not say which sockets there are");
	audit_mend(f, r->s->sockets_known ? "# run this as root (CAP_NET_ADMIN)"
					  : "modprobe -a inet_diag tcp_diag");
}

static const struct audit_peer *peer_of(const struct audit_run *r, const struct audit_socket *k)
{
	for (size_t i = 0; i < r->in->n_peers; i++) {
		const struct audit_peer *p = &r->in->peers[i];
		if (ip_prefix_contains(&p->who, &k->remote) && vrf_ifindex(r, p->vrf) == k->ifindex)
			return p;
	}
	return NULL;
}

static void unsigned_sessions(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_sockets; i++) {
		const struct audit_socket *k = &r->s->sockets[i];
		char addr[IP_ADDR_STRLEN];
		if (k->listening || !k->keys_known || k->n_keys)
			continue;
		const struct audit_peer *p = peer_of(r, k);
		ip_addr_print(&k->remote, addr);
		struct audit_finding *f = audit_flag(r, i, "session %s %s", where(r, k), addr);
		audit_who(f, "%s (process %u)", *k->program ? k->program : "a program", k->pid);
		audit_what(f, "established, and its segments are not signed: whoever guesses a "
			      "number resets it, or speaks in its name");
		if (p && !p->password)
			audit_mend(
				f, "# give neighbor %s a password in the configuration", p->name);
		else if (p)
			audit_mend(f, "ravelin neighbor %s reset", p->name);
		else
			audit_mend(
				f, "ss -K -t dst %s    # and give that neighbor a password", addr);
		if (!k->ifindex)
			f->severity = AUDIT_WARNING;
	}
}

static void strangers(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_sockets; i++) {
		const struct audit_socket *k = &r->s->sockets[i];
		const struct audit_link *l = k->ifindex ? audit_link_at(r->s, k->ifindex) : NULL;
		if (!k->listening || !l || k->local_port == AUDIT_BGP_PORT ||
			!(l->vrf_table || r->roles[l - r->s->links] == AUDIT_ROLE_ACCESS))
			continue;
		struct audit_finding *f = flag_listener(r, i);
		audit_what(f, "customers reach a service other than BGP");
		if (k->pid)
			audit_mend(f, "kill %u", k->pid);
		else
			audit_mend(f, "ss -ltnp 'sport = :%u'    # and stop it", k->local_port);
	}
}

const struct audit_check *audit_checks_session(size_t *n)
{
	static const struct audit_check rows[] = {
		{"session-key", "R4381-3.3b", "RFC 4381 3.3, RFC 2385 2",
			"a listener has the key of every neighbor that must sign", keys,
			AUDIT_SESSIONS, AUDIT_CRITICAL},
		{"session-unsigned", "R4364-13.2", "RFC 4364 13.2, RFC 4381 3.3",
			"established sessions are signed", unsigned_sessions, AUDIT_SESSIONS,
			AUDIT_CRITICAL},
		{"session-service", "R4381-2.3a", "RFC 4381 2.3",
			"nothing but BGP listens towards customers", strangers, AUDIT_SESSIONS,
			AUDIT_WARNING},
		{"session-unread", "R4381-5.1", "RFC 4381 5.1", "sockets could be looked at",
			unread, AUDIT_SESSIONS, AUDIT_WARNING},
	};
	*n = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
