#include "mplsfwd/rules.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include "mplsfwd/nlroute.h"

#define LOCAL_PREF	  32765 /* just before main */
#define LOCAL_PREF_KERNEL 0
#define L3MDEV_PREF	  1000 /* where the kernel puts it when the first VRF is made */
#define LOCALS_MAX	  8

struct picture {
	uint32_t locals[LOCALS_MAX]; /* preferences of plain `lookup local` rules */
	unsigned n_locals;
	bool l3mdev, local_ours;
	uint32_t l3mdev_pref;
};

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
	} else if (table == RT_TABLE_LOCAL && !r->src_len && !r->dst_len && !a[FRA_IIFNAME] &&
		   !a[FRA_FWMARK] && p->n_locals < LOCALS_MAX) {
		p->locals[p->n_locals++] = pref;
		p->local_ours |= a[FRA_PROTOCOL] && nla_get_u8(a[FRA_PROTOCOL]) == FWD_PROTO;
	}
}

void fwd_rules_init(struct fwd_rules *r, struct fwd_ctl *ctl, const struct log *log)
{
	*r = (struct fwd_rules){.ctl = ctl, .log = log};
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

static int family_check(struct fwd_rules *r, int i, uint8_t af)
{
	struct picture p = {0};
	int family = af == IP_V6 ? AF_INET6 : AF_INET;
	int err = fwd_ctl_dump(r->ctl, RTM_GETRULE, (uint8_t)family, rule_see, &p);

	if (af == IP_V6 && (err == -EOPNOTSUPP || err == -EAFNOSUPPORT || (!err && !p.n_locals)))
		return 0; /* a kernel without IPv6 */
	if (!err && order_is_right(&p)) {
		r->moved[i] |= p.local_ours;
		return 0;
	}
	log_line(r->log, r->moved[i] ? LOG_ERROR_ : LOG_INFO_,
		r->moved[i] ? "rules_corrected" : "rules_ordered", "family=%s why=\"%s\"",
		af == IP_V6 ? "ipv6" : "ipv4",
		r->moved[i] ? "somebody changed the rules: customers could have reached the core"
			    : "l3mdev before local");
	err = err ? err : order_set(r, af, &p);
	if (err)
		log_line(r->log, LOG_ERROR_, "rules_failed", "error=\"%s\"", strerror(-err));
	r->moved[i] = r->moved[i] || !err;
	return err;
}

int fwd_rules_check(struct fwd_rules *r)
{
	int err = family_check(r, 0, IP_V4);
	int err6 = family_check(r, 1, IP_V6);
	return err ? err : err6;
}

void fwd_rules_restore(struct fwd_rules *r)
{
	for (int i = 0; i < 2; i++) {
		uint8_t af = i ? IP_V6 : IP_V4;
		if (!r->moved[i])
			continue;
		int err = fwd_ctl_rule_local(r->ctl, true, af, LOCAL_PREF_KERNEL, RTPROT_KERNEL);
		if (!err || err == -EEXIST)
			fwd_ctl_rule_local(r->ctl, false, af, LOCAL_PREF, 0);
		r->moved[i] = false;
	}
}
