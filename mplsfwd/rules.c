#include "mplsfwd/rules.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/check.h"
#include "mplsfwd/nlroute.h"

#define LOCAL_PREF	  32765 /* just before main */
#define LOCAL_PREF_KERNEL 0
#define L3MDEV_PREF	  1000 /* where the kernel puts it when the first VRF is made */
#define LOCALS_MAX	  8
#define PORT_PREF	  1500 /* after l3mdev, before local and main */

struct picture {
	uint32_t locals[LOCALS_MAX]; /* preferences of plain `lookup local` rules */
	unsigned n_locals;
	bool l3mdev, local_ours;
	uint32_t l3mdev_pref;
	char (*strays)[IFNAMSIZ]; /* rules of ours for ports that nobody wants guarded */
	unsigned n_strays;
	struct fwd_rules *rules;
	int family;
};

static struct fwd_rule_port *port_find(const struct fwd_rules *r, const char *name)
{
	for (unsigned i = 0; i < r->n_ports; i++)
		if (strcmp(r->ports[i].name, name) == 0)
			return &r->ports[i];
	return NULL;
}

/* `iif NAME unreachable` at our preference, and nothing that narrows it. */
static void port_rule_see(
	struct picture *p, const struct fib_rule_hdr *r, struct nlattr *const *a, uint32_t pref)
{
	char name[IFNAMSIZ] = "";

	if (pref != PORT_PREF || r->action != FR_ACT_UNREACHABLE || r->src_len || r->dst_len ||
		r->tos || r->flags & FIB_RULE_INVERT || a[FRA_FWMARK] || a[FRA_OIFNAME] ||
		a[FRA_IP_PROTO] || a[FRA_SPORT_RANGE] || a[FRA_DPORT_RANGE] || a[FRA_UID_RANGE])
		return;
	nla_strlcpy(name, a[FRA_IIFNAME], sizeof(name));
	struct fwd_rule_port *port = port_find(p->rules, name);
	if (port) {
		port->stands[p->family] = true;
	} else if (a[FRA_PROTOCOL] && nla_get_u8(a[FRA_PROTOCOL]) == FWD_PROTO) {
		p->strays = realloc(p->strays, (p->n_strays + 1) * sizeof(*p->strays));
		CHECK(p->strays);
		memcpy(p->strays[p->n_strays++], name, sizeof(name));
	}
}

static void rule_see(void *arg, const struct nlmsghdr *h)
{
	struct picture *p = arg;
	const struct fib_rule_hdr *r = nlmsg_data(h);
	struct nlattr *a[FRA_MAX + 1];

	if (nlmsg_parse((struct nlmsghdr *)h, sizeof(*r), a, FRA_MAX, NULL) < 0)
		return;
	uint32_t pref = a[FRA_PRIORITY] ? nla_get_u32(a[FRA_PRIORITY]) : 0;
	uint32_t table = a[FRA_TABLE] ? nla_get_u32(a[FRA_TABLE]) : r->table;
	if (a[FRA_L3MDEV] && nla_get_u8(a[FRA_L3MDEV])) {
		if (!p->l3mdev || pref < p->l3mdev_pref)
			p->l3mdev_pref = pref;
		p->l3mdev = true;
	} else if (a[FRA_IIFNAME]) {
		port_rule_see(p, r, a, pref);
	} else if (table == RT_TABLE_LOCAL && !r->src_len && !r->dst_len && !a[FRA_FWMARK] &&
		   p->n_locals < LOCALS_MAX) {
		p->locals[p->n_locals++] = pref;
		p->local_ours |= a[FRA_PROTOCOL] && nla_get_u8(a[FRA_PROTOCOL]) == FWD_PROTO;
	}
}

void fwd_rules_init(struct fwd_rules *r, struct fwd_ctl *ctl, const struct log *log)
{
	*r = (struct fwd_rules){.ctl = ctl, .log = log};
}

void fwd_rules_fini(struct fwd_rules *r)
{
	free(r->ports);
	r->ports = NULL;
	r->n_ports = 0;
}

void fwd_rules_add(struct fwd_rules *r, const char *port)
{
	if (port_find(r, port))
		return;
	r->ports = realloc(r->ports, (r->n_ports + 1) * sizeof(*r->ports));
	CHECK(r->ports);
	struct fwd_rule_port *p = &r->ports[r->n_ports++];
	*p = (struct fwd_rule_port){0};
	strncpy(p->name, port, sizeof(p->name) - 1);
}

void fwd_rules_del(struct fwd_rules *r, const char *port)
{
	struct fwd_rule_port *p = port_find(r, port);

	if (p) /* the next check finds a stray */
		*p = r->ports[--r->n_ports];
}

static int order_set(struct fwd_rules *r, uint8_t af, const struct picture *p)
{
	bool late = false;
	int err = 0;

	if (!p->l3mdev) /* somebody deleted it: the kernel does not make it twice */
		err = fwd_ctl_rule_l3mdev(r->ctl, af, L3MDEV_PREF);
	uint32_t l3mdev_pref = p->l3mdev ? p->l3mdev_pref : L3MDEV_PREF;
	for (unsigned i = 0; i < p->n_locals; i++)
		late |= p->locals[i] > l3mdev_pref;
	if (!err && !late)
		err = fwd_ctl_rule_local(r->ctl, true, af, LOCAL_PREF, FWD_PROTO);
	for (unsigned i = 0; !err && i < p->n_locals; i++)
		if (p->locals[i] <= l3mdev_pref)
			err = fwd_ctl_rule_local(r->ctl, false, af, p->locals[i], 0);
	return err;
}

static bool order_is_right(const struct picture *p)
{
	bool late = false;

	for (unsigned i = 0; i < p->n_locals; i++) {
		if (p->locals[i] <= p->l3mdev_pref)
			return false;
		late = true;
	}
	return p->l3mdev && late;
}

static uint8_t af_of(int family)
{
	return family ? IP_V6 : IP_V4;
}

static int family_look(struct fwd_rules *r, int i, struct picture *p)
{
	*p = (struct picture){.rules = r, .family = i};
	for (unsigned n = 0; n < r->n_ports; n++)
		r->ports[n].stands[i] = false;
	int err = fwd_ctl_dump(r->ctl, RTM_GETRULE, i ? AF_INET6 : AF_INET, rule_see, p);
	r->absent[i] = i && (err == -EOPNOTSUPP || err == -EAFNOSUPPORT || (!err && !p->n_locals));
	r->right[i] = !err && order_is_right(p);
	return r->absent[i] ? 0 : err;
}

int fwd_rules_look(struct fwd_rules *r)
{
	int first = 0;

	for (int i = 0; i < FWD_RULES_FAMILIES; i++) {
		struct picture p;
		int err = family_look(r, i, &p);

		free(p.strays);
		first = first ? first : err;
	}
	return first;
}

const char *fwd_rules_fault(const struct fwd_rules *r, const char *port)
{
	const struct fwd_rule_port *p = port_find(r, port);

	for (int i = 0; i < FWD_RULES_FAMILIES; i++) {
		if (r->absent[i])
			continue;
		if (!r->right[i])
			return i ? "ipv6 order of rules" : "ipv4 order of rules";
		if (p && !p->stands[i])
			return i ? "ipv6 rule of the port" : "ipv4 rule of the port";
	}
	return NULL;
}

static int port_set(struct fwd_rules *r, int i, struct fwd_rule_port *p)
{
	if (p->stands[i])
		return 0;
	if (p->set)
		log_line(r->log, LOG_ERROR_, "rules_corrected",
			"family=%s port=%s why=\"somebody deleted the rule that closes it outside "
			"its VRF\"",
			i ? "ipv6" : "ipv4", p->name);
	int err = fwd_ctl_rule_iif(r->ctl, true, af_of(i), PORT_PREF, p->name);
	p->stands[i] = !err || err == -EEXIST;
	return p->stands[i] ? 0 : err;
}

static int ports_set(struct fwd_rules *r, int i, const struct picture *p)
{
	int first = 0;

	for (unsigned n = 0; n < r->n_ports; n++) {
		int err = port_set(r, i, &r->ports[n]);
		first = first ? first : err;
	}
	for (unsigned n = 0; n < p->n_strays; n++)
		fwd_ctl_rule_iif(r->ctl, false, af_of(i), PORT_PREF, p->strays[n]);
	return first;
}

static int family_order(struct fwd_rules *r, int i, const struct picture *p)
{
	if (r->right[i]) {
		r->moved[i] |= p->local_ours;
		return 0;
	}
	log_line(r->log, r->moved[i] ? LOG_ERROR_ : LOG_INFO_,
		r->moved[i] ? "rules_corrected" : "rules_ordered", "family=%s why=\"%s\"",
		i ? "ipv6" : "ipv4",
		r->moved[i] ? "somebody changed the rules: customers could have reached the core"
			    : "l3mdev before local");
	int err = order_set(r, af_of(i), p);
	r->moved[i] = r->moved[i] || !err;
	r->right[i] = !err;
	return err;
}

static int family_check(struct fwd_rules *r, int i, bool order)
{
	struct picture p;
	int err = family_look(r, i, &p);

	if (!err && !r->absent[i])
		err = ports_set(r, i, &p);
	if (!err && order && !r->absent[i])
		err = family_order(r, i, &p);
	if (err)
		log_line(r->log, LOG_ERROR_, "rules_failed", "error=\"%s\"", strerror(-err));
	free(p.strays);
	return err;
}

static int rules_check(struct fwd_rules *r, bool order)
{
	int first = 0;

	for (int i = 0; i < FWD_RULES_FAMILIES; i++) {
		int err = family_check(r, i, order);
		first = first ? first : err;
	}
	for (unsigned i = 0; i < r->n_ports; i++)
		r->ports[i].set |= !first;
	return first;
}

int fwd_rules_ports(struct fwd_rules *r)
{
	return rules_check(r, false);
}

int fwd_rules_check(struct fwd_rules *r)
{
	return rules_check(r, true);
}

void fwd_rules_restore(struct fwd_rules *r)
{
	for (int i = 0; i < FWD_RULES_FAMILIES; i++) {
		if (!r->moved[i])
			continue;
		int err = fwd_ctl_rule_local(
			r->ctl, true, af_of(i), LOCAL_PREF_KERNEL, RTPROT_KERNEL);
		if (!err || err == -EEXIST)
			fwd_ctl_rule_local(r->ctl, false, af_of(i), LOCAL_PREF, 0);
		r->moved[i] = false;
	}
}

void fwd_rules_remove(struct fwd_rules *r)
{
	r->n_ports = 0; /* now all of ours are strays */
	fwd_rules_ports(r);
}
