/* A port's programs on their hooks: put there, read back from the kernel, taken off. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "acl/load_prog.h"
#include "lib/check.h"

#define PLACE_HANDLE 1
#define PLACE_PRIO   1
#define TCX_INGRESS                                                                                \
	46 /* enum bpf_attach_type since Linux 6.6: programs that run before clsact's filters */

/* A filter as the kernel lists it. */
struct filter {
	uint32_t handle, chain;
	uint16_t prio;
	bool bpf, direct; /* kind; direct-action: its own return code decides */
	uint32_t prog_id;
	char name[32];
};

/* What a listing came to: filters stand in the order in which they are asked. */
struct filters {
	unsigned n;
	struct filter first, placed; /* placed: handle and priority ours; handle 0: none */
};

static void attr_index(const struct rtattr **out, unsigned max, const void *data, size_t len)
{
	const struct rtattr *a = data;

	memset(out, 0, (max + 1) * sizeof(*out));
	for (; len >= sizeof(*a) && a->rta_len >= sizeof(*a) && a->rta_len <= len;) {
		unsigned type = a->rta_type & NLA_TYPE_MASK;
		if (type <= max)
			out[type] = a;
		size_t step = RTA_ALIGN(a->rta_len);
		if (step >= len)
			return;
		len -= step;
		a = (const struct rtattr *)((const char *)a + step);
	}
}

static uint32_t attr_u32(const struct rtattr *a)
{
	uint32_t v = 0;

	if (a && RTA_PAYLOAD(a) >= sizeof(v))
		memcpy(&v, RTA_DATA(a), sizeof(v));
	return v;
}

static void attr_text(const struct rtattr *a, char *out, size_t size)
{
	size_t n = a ? RTA_PAYLOAD(a) : 0;

	n = n < size ? n : size - 1;
	if (n)
		memcpy(out, RTA_DATA(a), n);
	out[n] = 0;
}

static void filter_take(struct filters *out, const struct nlmsghdr *h)
{
	const struct tcmsg *t = NLMSG_DATA(h);
	const struct rtattr *top[TCA_CHAIN + 1], *in[TCA_BPF_MAX + 1];
	char kind[16];

	if (h->nlmsg_type != RTM_NEWTFILTER || h->nlmsg_len < NLMSG_LENGTH(sizeof(*t)))
		return;
	attr_index(top, TCA_CHAIN, TCA_RTA(t), h->nlmsg_len - NLMSG_LENGTH(sizeof(*t)));
	attr_text(top[TCA_KIND], kind, sizeof(kind));
	struct filter f = {.handle = t->tcm_handle,
		.prio = (uint16_t)(t->tcm_info >> 16),
		.chain = attr_u32(top[TCA_CHAIN]),
		.bpf = !strcmp(kind, "bpf")};
	if (f.bpf && !f.handle)
		return; /* the head of a list, not a filter */
	if (f.bpf && top[TCA_OPTIONS]) {
		attr_index(
			in, TCA_BPF_MAX, RTA_DATA(top[TCA_OPTIONS]), RTA_PAYLOAD(top[TCA_OPTIONS]));
		f.prog_id = attr_u32(in[TCA_BPF_ID]);
		f.direct = attr_u32(in[TCA_BPF_FLAGS]) & TCA_BPF_FLAG_ACT_DIRECT;
		attr_text(in[TCA_BPF_NAME], f.name, sizeof(f.name));
	}
	if (!out->n++)
		out->first = f;
	if (f.bpf && f.handle == PLACE_HANDLE && f.prio == PLACE_PRIO && !f.chain)
		out->placed = f;
}

/* True: more comes. */
static bool dump_take(struct filters *out, const char *buffer, ssize_t len, int *err)
{
	size_t left = (size_t)len;

	for (const struct nlmsghdr *h = (const struct nlmsghdr *)buffer; NLMSG_OK(h, left);
		h = NLMSG_NEXT(h, left)) {
		if (h->nlmsg_type == NLMSG_DONE)
			return false;
		if (h->nlmsg_type == NLMSG_ERROR) {
			const struct nlmsgerr *e = NLMSG_DATA(h);
			*err = e->error ? e->error : -EIO;
			return false;
		}
		filter_take(out, h);
	}
	return true;
}

/* All filters of one side of clsact; none where there is no clsact. 0 or -errno. */
static int filters_read(uint32_t ifindex, uint32_t parent, struct filters *out)
{
	static const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	struct {
		struct nlmsghdr h;
		struct tcmsg t;
	} ask = {.h = {.nlmsg_len = sizeof(ask),
			 .nlmsg_type = RTM_GETTFILTER,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.t = {.tcm_ifindex = (int)ifindex, .tcm_parent = parent}};
	_Alignas(struct nlmsghdr) char buffer[32768];
	int err = 0, fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	ssize_t n;

	*out = (struct filters){0};
	if (fd < 0)
		return -errno;
	if (sendto(fd, &ask, sizeof(ask), 0, (const struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		err = -errno;
	while (!err) {
		n = recv(fd, buffer, sizeof(buffer), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			err = -errno;
		else if (!dump_take(out, buffer, n, &err))
			break;
	}
	close(fd);
	return err;
}

static bool is_ours(const struct filter *f)
{
	return f->handle && !strncmp(f->name, ACL_TC_NAME, sizeof(ACL_TC_NAME) - 1);
}

#define INGRESS TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)
#define EGRESS	TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)

static int xdp_query(uint32_t ifindex, uint32_t *native, uint32_t *generic)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, q);
	int r = bpf_xdp_query((int)ifindex, 0, &q);

	*native = r ? 0 : q.drv_prog_id;
	*generic = r ? 0 : q.skb_prog_id;
	return r;
}

static int xdp_off(uint32_t ifindex, bool native)
{
	return bpf_xdp_detach((int)ifindex, native ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE, NULL);
}

/* In one mode; what stands in the other goes first, the kernel has only one of them at a time. */
static int xdp_put(struct acl_prog *p, uint32_t ifindex, bool native)
{
	uint32_t as_native, as_generic;

	if (!xdp_query(ifindex, &as_native, &as_generic) && (native ? as_generic : as_native))
		xdp_off(ifindex, !native);
	int r = bpf_xdp_attach(
		(int)ifindex, p->xdp, native ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE, NULL);
	if (!r)
		p->xdp_as = native ? ACL_XDP_NATIVE : ACL_XDP_GENERIC;
	return r;
}

/* By name: the kernel tells a program's only to CAP_SYS_ADMIN. */
static bool xdp_is_ours(uint32_t id, bool otherwise)
{
	struct bpf_prog_info info = {0};
	uint32_t len = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(id);

	if (fd < 0)
		return otherwise;
	bool ours = !bpf_obj_get_info_by_fd(fd, &info, &len) && !strcmp(info.name, ACL_XDP_NAME);
	close(fd);
	return ours;
}

/* Where a name cannot be asked for, a guard at tc that bears ours says whose the XDP program is. */
static void xdp_detach(const struct acl_prog *p, uint32_t ifindex, bool ours_at_tc)
{
	uint32_t native, generic;

	if (xdp_query(ifindex, &native, &generic))
		return;
	if (native && (p ? native == p->xdp_id : xdp_is_ours(native, ours_at_tc)))
		xdp_off(ifindex, true);
	if (generic && (p ? generic == p->xdp_id : xdp_is_ours(generic, ours_at_tc)))
		xdp_off(ifindex, false);
}

/* ours_at_tc: a guard stood at tc before: what it had at XDP goes if nothing takes its place. */
static int xdp_attach(struct acl_prog *p, uint32_t ifindex, enum acl_xdp_mode want, bool ours_at_tc)
{
	int r = -EOPNOTSUPP;

	p->xdp_as = ACL_XDP_OFF;
	if (p->xdp < 0 || want == ACL_XDP_OFF) {
		xdp_detach(NULL, ifindex, ours_at_tc);
		return 0;
	}
	if (want != ACL_XDP_GENERIC)
		r = xdp_put(p, ifindex, true);
	if (r && want != ACL_XDP_NATIVE)
		r = xdp_put(p, ifindex, false);
	return want == ACL_XDP_AUTO ? 0 : r;
}

int acl_prog_attach(
	struct acl_prog *p, uint32_t ifindex, enum acl_xdp_mode want, enum acl_xdp_mode *xdp)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = (int)ifindex, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, place, .handle = PLACE_HANDLE, .priority = PLACE_PRIO,
		.prog_fd = p->tc, .flags = BPF_TC_F_REPLACE);
	struct filters was;
	bool ours = !filters_read(ifindex, INGRESS, &was) && is_ours(&was.placed);
	int r = bpf_tc_hook_create(&hook);

	*xdp = ACL_XDP_OFF;
	if (r && r != -EEXIST)
		return r;
	r = bpf_tc_attach(&hook, &place);
	if (r)
		return r;
	p->ifindex = ifindex;
	r = xdp_attach(p, ifindex, want, ours);
	*xdp = p->xdp_as;
	return r;
}

/* Programs at the newer hook before clsact; kernels without it say no. */
static bool tcx_used(uint32_t ifindex)
{
	uint32_t n = 0;

	return !bpf_prog_query(
		       (int)ifindex, (enum bpf_attach_type)TCX_INGRESS, 0, NULL, NULL, &n) &&
	       n > 0;
}

static enum acl_standing tc_check(const struct acl_prog *p)
{
	struct filters f;

	if (filters_read(p->ifindex, INGRESS, &f) || !f.placed.handle)
		return ACL_STANDS_NOT;
	if (f.placed.prog_id != p->tc_id || !f.placed.direct)
		return ACL_STANDS_OTHER;
	if (f.first.prog_id != p->tc_id || f.first.handle != PLACE_HANDLE ||
		f.first.prio != PLACE_PRIO || tcx_used(p->ifindex))
		return ACL_STANDS_BEHIND;
	return ACL_STANDS;
}

enum acl_standing acl_prog_check(const struct acl_prog *p)
{
	uint32_t native, generic;
	char name[IF_NAMESIZE];

	if (!p->ifindex)
		return ACL_STANDS_NOT;
	if (!if_indextoname(p->ifindex, name))
		return ACL_STANDS_NO_DEVICE;
	enum acl_standing s = tc_check(p);
	if (s != ACL_STANDS)
		return s;
	if (xdp_query(p->ifindex, &native, &generic))
		return p->xdp_as == ACL_XDP_OFF ? ACL_STANDS : ACL_STANDS_XDP_GONE;
	if (p->xdp_as == ACL_XDP_OFF) /* a stranger's could send packets on before tc sees them */
		return native || generic ? ACL_STANDS_BEHIND : ACL_STANDS;
	uint32_t id = p->xdp_as == ACL_XDP_NATIVE ? native : generic;
	return id == p->xdp_id ? ACL_STANDS : ACL_STANDS_XDP_GONE;
}

const char *acl_standing_name(enum acl_standing s)
{
	static const char *const names[] = {[ACL_STANDS] = "stands",
		[ACL_STANDS_NOT] = "gone",
		[ACL_STANDS_OTHER] = "replaced",
		[ACL_STANDS_BEHIND] = "behind-another",
		[ACL_STANDS_XDP_GONE] = "xdp-gone",
		[ACL_STANDS_NO_DEVICE] = "no-device"};

	return s < sizeof(names) / sizeof(names[0]) ? names[s] : "?";
}

static int clsact_off_if_empty(uint32_t ifindex)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = (int)ifindex,
		.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);
	struct filters in, out;

	if (filters_read(ifindex, INGRESS, &in) || filters_read(ifindex, EGRESS, &out) || in.n ||
		out.n)
		return 0;
	int r = bpf_tc_hook_destroy(&hook);
	return r == -ENOENT || r == -EINVAL ? 0 : r;
}

int acl_prog_detach(struct acl_prog *p, uint32_t ifindex)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = (int)ifindex, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, place, .handle = PLACE_HANDLE, .priority = PLACE_PRIO);
	struct filters f;
	int r = filters_read(ifindex, INGRESS, &f);

	if (r)
		return r;
	bool ours = p ? f.placed.handle && f.placed.prog_id == p->tc_id : is_ours(&f.placed);
	xdp_detach(p, ifindex, ours);
	if (p)
		p->xdp_as = ACL_XDP_OFF;
	if (ours) {
		r = bpf_tc_detach(&hook, &place);
		if (!r)
			r = clsact_off_if_empty(ifindex);
	}
	if (p)
		p->ifindex = 0;
	return r;
}

bool acl_prog_found(uint32_t ifindex)
{
	struct filters f;

	return !filters_read(ifindex, INGRESS, &f) && f.placed.handle &&
	       !strncmp(f.placed.name, ACL_TC_NAME, sizeof(ACL_TC_NAME) - 1);
}

void acl_device_wipe(uint32_t ifindex)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = (int)ifindex,
		.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);
	uint32_t native, generic;

	if (!xdp_query(ifindex, &native, &generic)) {
		if (native)
			xdp_off(ifindex, true);
		if (generic)
			xdp_off(ifindex, false);
	}
	bpf_tc_hook_destroy(&hook);
}
