#include "mplsfwd/stats.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/mpls.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/check.h"

struct answer {
	struct fib_mpls_stats *out;
	int error;
};

static void stats_see(void *arg, const struct nlmsghdr *h)
{
	struct answer *an = arg;
	struct nlattr *a[IFLA_STATS_MAX + 1];
	struct mpls_link_stats s = {0};

	an->error = -ENODATA;
	if (nlmsg_parse((struct nlmsghdr *)h, sizeof(struct if_stats_msg), a, IFLA_STATS_MAX,
		    NULL) < 0 ||
		!a[IFLA_STATS_AF_SPEC])
		return;
	struct nlattr *family =
		nla_find(nla_data(a[IFLA_STATS_AF_SPEC]), nla_len(a[IFLA_STATS_AF_SPEC]), AF_MPLS);
	struct nlattr *link =
		family ? nla_find(nla_data(family), nla_len(family), MPLS_STATS_LINK) : NULL;
	if (!link || nla_len(link) < (int)sizeof(s))
		return;
	memcpy(&s, nla_data(link), sizeof(s));
	*an->out = (struct fib_mpls_stats){.rx_packets = s.rx_packets,
		.rx_errors = s.rx_errors,
		.rx_dropped = s.rx_dropped,
		.rx_noroute = s.rx_noroute,
		.tx_packets = s.tx_packets};
	an->error = 0;
}

int fwd_stats_port(struct fwd_ctl *c, uint32_t ifindex, struct fib_mpls_stats *out)
{
	struct answer an = {.out = out, .error = -ENODATA};
	struct if_stats_msg head = {
		.ifindex = ifindex, .filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_AF_SPEC)};
	struct nl_msg *m = nlmsg_alloc_simple(RTM_GETSTATS, 0);

	if (!m)
		return -ENOMEM;
	nlmsg_append(m, &head, sizeof(head), NLMSG_ALIGNTO);
	int err = fwd_ctl_get(c, m, stats_see, &an);
	return err ? err : an.error;
}

static void counter_put(struct fib_tcp_stats *out, const char *name, uint64_t v)
{
	const struct {
		const char *name;
		uint64_t *to;
	} known[] = {{"TCPMD5NotFound", &out->md5_not_found},
		{"TCPMD5Unexpected", &out->md5_unexpected}, {"TCPMD5Failure", &out->md5_failure},
		{"TCPMinTTLDrop", &out->min_ttl_drop}};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(name, known[i].name) == 0)
			*known[i].to = v;
}

void fwd_stats_tcp_parse(char *text, struct fib_tcp_stats *out)
{
	char *lines, *names, *values, *next_name, *next_value;

	*out = (struct fib_tcp_stats){0};
	for (names = strtok_r(text, "\n", &lines); names; names = strtok_r(NULL, "\n", &lines)) {
		values = strtok_r(NULL, "\n", &lines);
		if (!values)
			return;
		if (strncmp(names, "TcpExt:", 7) || strncmp(values, "TcpExt:", 7))
			continue;
		char *n = strtok_r(names + 7, " ", &next_name);
		char *v = strtok_r(values + 7, " ", &next_value);
		for (; n && v;
			n = strtok_r(NULL, " ", &next_name), v = strtok_r(NULL, " ", &next_value))
			counter_put(out, n, strtoull(v, NULL, 10));
		return;
	}
}

int fwd_stats_tcp(struct fib_tcp_stats *out)
{
	char text[16384]; /* about 5000 octets on Linux 6.12 */
	size_t len = 0;
	ssize_t n = 0;
	int fd = open("/proc/net/netstat", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	while (len < sizeof(text) - 1 && (n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	if (n < 0)
		return -EIO;
	text[len] = 0;
	fwd_stats_tcp_parse(text, out);
	return 0;
}
