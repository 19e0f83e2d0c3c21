/*
 * TCP sockets by sock_diag. The kernel sends the keys of TCP-MD5 with them: only whom a key is for is kept, and the
 * buffer is wiped after each message (`ss -i` shows the secrets; we never do).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "audit/collect.h"

enum { STATE_ESTABLISHED = 1, STATE_LISTEN = 10 };

struct question {
	struct nlmsghdr h;
	struct inet_diag_req_v2 q;
};

struct asked {
	struct audit_snapshot *s;
	uint8_t family;
	bool privileged;
};

static struct ip_addr addr_of(uint8_t family, const void *octets)
{
	static const uint8_t zero[16], mapped[12] = {[10] = 0xff, [11] = 0xff};
	struct ip_addr a = {.af = family == AF_INET6 ? IP_V6 : IP_V4};
	size_t n = family == AF_INET6 ? 16 : 4;

	if (family == AF_INET6 && memcmp(octets, mapped, sizeof(mapped)) == 0) {
		a.af = IP_V4;
		memcpy(a.o, (const uint8_t *)octets + 12, 4);
		return a;
	}
	memcpy(a.o, octets, n);
	if (memcmp(a.o, zero, n) == 0 && family == AF_INET)
		a.af = IP_V4;
	return a;
}

static void keys_see(struct audit_snapshot *s, struct audit_socket *k, const void *data, size_t len)
{
	struct tcp_diag_md5sig key;

	k->first_key = (uint32_t)s->n_keys;
	for (const uint8_t *p = data; len >= sizeof(key); p += sizeof(key), len -= sizeof(key)) {
		memcpy(&key, p, sizeof(key));
		struct ip_prefix *who = audit_snapshot_add_key(s);
		who->addr = addr_of(key.tcpm_family, key.tcpm_addr);
		who->len = key.tcpm_prefixlen;
		if (who->addr.af == IP_V4 && key.tcpm_family == AF_INET6)
			who->len = (uint8_t)(who->len >= 96 ? who->len - 96 : 0);
		k->n_keys++;
	}
	explicit_bzero(&key, sizeof(key));
}

static void socket_see(const struct asked *q, const struct nlmsghdr *h)
{
	const struct inet_diag_msg *m = NLMSG_DATA(h);
	uint16_t local = ntohs(m->id.idiag_sport), remote = ntohs(m->id.idiag_dport);
	bool listening = m->idiag_state == STATE_LISTEN;
	size_t left = h->nlmsg_len - NLMSG_LENGTH(sizeof(*m));

	if (!listening && local != AUDIT_BGP_PORT && remote != AUDIT_BGP_PORT)
		return;
	struct audit_socket *k = audit_snapshot_add_socket(q->s);
	k->listening = listening;
	k->keys_known = q->privileged;
	k->local_port = local;
	k->remote_port = remote;
	k->local = addr_of(q->family, m->id.idiag_src);
	k->remote = addr_of(q->family, m->id.idiag_dst);
	k->ifindex = m->id.idiag_if;
	k->inode = m->idiag_inode;
	for (const struct nlattr *a = (const void *)(m + 1);
		left >= sizeof(*a) && a->nla_len >= sizeof(*a) && a->nla_len <= left;) {
		if (a->nla_type == INET_DIAG_MD5SIG)
			keys_see(q->s, k, a + 1, a->nla_len - sizeof(*a));
		size_t step = NLA_ALIGN(a->nla_len);
		left = step < left ? left - step : 0;
		a = (const void *)((const uint8_t *)a + step);
	}
}

/* 1: there is more; 0: done; -errno */
static int messages_see(const struct asked *q, const uint8_t *buf, size_t n)
{
	for (const struct nlmsghdr *h = (const void *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
		if (h->nlmsg_type == NLMSG_DONE)
			return 0;
		if (h->nlmsg_type == NLMSG_ERROR) {
			const struct nlmsgerr *e = NLMSG_DATA(h);
			return h->nlmsg_len >= NLMSG_LENGTH(sizeof(*e)) ? e->error : -EIO;
		}
		if (h->nlmsg_len >= NLMSG_LENGTH(sizeof(struct inet_diag_msg)))
			socket_see(q, h);
	}
	return 1;
}

static int family_get(const struct asked *q, int fd)
{
	static uint8_t buf[65536] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct question ask = {
		.h = {.nlmsg_len = sizeof(ask),
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.q = {.sdiag_family = q->family,
			.sdiag_protocol = IPPROTO_TCP,
			.idiag_ext = 1 << (INET_DIAG_INFO - 1), /* keys come with it */
			.idiag_states = 1 << STATE_ESTABLISHED | 1 << STATE_LISTEN},
	};
	int more = 1;

	if (send(fd, &ask, sizeof(ask), 0) != (ssize_t)sizeof(ask))
		return -errno;
	while (more > 0) {
		ssize_t n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0 && errno == EINTR)
			continue;
		more = n < 0 ? -errno : messages_see(q, buf, (size_t)n);
		explicit_bzero(buf, sizeof(buf));
	}
	return more;
}

int audit_collect_sockets(struct audit_snapshot *s)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);

	if (fd < 0)
		return -errno;
	struct asked q = {.s = s, .family = AF_INET, .privileged = geteuid() == 0};
	int err = family_get(&q, fd);
	q.family = AF_INET6;
	int err6 = family_get(&q, fd);
	close(fd);
	return err ? err : err6 == -ENOENT ? 0 : err6;
}
