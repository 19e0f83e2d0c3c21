/*
 * Stands in for bgpd under a real mplsfwd: commands on standard input, one line on standard output for all that
 * mplsfwd says.
 *
 *   fwd_drive FILE                    run with this configuration; what SIGHUP brings is taken at once, or as `take` says from now on
 *
 *   track|untrack ADDR                label|unlabel LABEL VRF          sync | stats | bye | die | garbage
 *   vpn VRF PREFIX NEXTHOP LABEL      ce VRF PREFIX GATEWAY            del VRF PREFIX          dial PEER
 *   many VRF N NEXTHOP LABEL          N prefixes 100.64.0.0/32...
 *   take ERROR                        0, or the errno that a new configuration is refused with
 *   reload SECONDS | confirm          to be confirmed within so many; 0: need not be
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "acl/reason.h"
#include "conf/load.h"
#include "lib/check.h"
#include "mplsfwd/daemon.h"
#include "mplsfwd/fibmsg.h"

#define FDS_MAX 32

enum fd_kind { FD_COMMANDS, FD_PAIR, FD_LISTENER, FD_DIALLED };

struct watched {
	enum fd_kind kind;
	unsigned which; /* VRF or peer */
};

struct drive {
	int pair;
	uint32_t seq;
	struct pollfd fds[FDS_MAX];
	struct watched what[FDS_MAX];
	unsigned n;
	char line[256];
	size_t line_len;
	bool ended;
	int take; /* FIB_CONF_TAKEN's */
};

static void say(struct drive *d, struct fib_msg *m, bool answer)
{
	uint8_t octets[FIB_RECORD_MAX];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	m->seq = answer ? ++d->seq : 0;
	fib_msg_put(&w, m);
	CHECK(wbuf_ok(&w));
	while (send(d->pair, octets, w.len, 0) < 0 && errno == EAGAIN)
		poll(&(struct pollfd){d->pair, POLLOUT, 0}, 1, -1);
}

static void fd_add(struct drive *d, int fd, enum fd_kind kind, unsigned which)
{
	CHECK(d->n < FDS_MAX);
	d->fds[d->n] = (struct pollfd){fd, kind == FD_DIALLED ? POLLOUT : POLLIN, 0};
	d->what[d->n++] = (struct watched){kind, which};
}

static bool addr_of(const char *s, struct ip_addr *a)
{
	return s && ip_addr_parse(s, a);
}

static void many(struct drive *d, struct fib_msg *m, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		m->prefix = (struct ip_prefix){ip_addr_v4(0x64400000 + i), 32};
		say(d, m, i == n - 1);
	}
	printf("asked seq=%u what=many\n", d->seq);
}

static bool route(struct drive *d, struct fib_msg *m, char **w)
{
	m->vrf = (uint16_t)atoi(w[1] ? w[1] : "0");
	m->type = strcmp(w[0], "del") ? FIB_ROUTE_ADD : FIB_ROUTE_DEL;
	m->route.kind = !strcmp(w[0], "ce")	? FIB_ROUTE_CE
			: !strcmp(w[0], "hole") ? FIB_ROUTE_BLACKHOLE
						: FIB_ROUTE_VPN;
	if (m->type == FIB_ROUTE_ADD && !addr_of(w[3], &m->route.next_hop))
		return false;
	m->route.label = w[4] ? (uint32_t)atoi(w[4]) : 0;
	return w[2] && (strcmp(w[0], "many") == 0 || ip_prefix_parse(w[2], &m->prefix, NULL));
}

static bool message_of(struct drive *d, char **w, struct fib_msg *m)
{
	static const struct {
		const char *word;
		enum fib_type type;
	} words[] = {{"track", FIB_NEXTHOP_TRACK}, {"untrack", FIB_NEXTHOP_UNTRACK},
		{"label", FIB_LABEL_ADD}, {"unlabel", FIB_LABEL_DEL}, {"sync", FIB_SYNC},
		{"stats", FIB_STATS_GET}, {"bye", FIB_BYE}, {"dial", FIB_DIAL},
		{"reload", FIB_RELOAD}, {"confirm", FIB_CONFIRM}};

	if (strcmp(w[0], "vpn") == 0 || strcmp(w[0], "ce") == 0 || strcmp(w[0], "del") == 0 ||
		strcmp(w[0], "many") == 0 || strcmp(w[0], "hole") == 0)
		return route(d, m, w);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(w[0], words[i].word) == 0)
			m->type = words[i].type;
	if (strcmp(w[0], "source") == 0 || strcmp(w[0], "unsource") == 0) { /* VRF PREFIX CE */
		m->type = w[0][0] == 's' ? FIB_SOURCE_ADD : FIB_SOURCE_DEL;
		m->vrf = (uint16_t)atoi(w[1] ? w[1] : "0");
		return w[2] && ip_prefix_parse(w[2], &m->prefix, NULL) && addr_of(w[3], &m->addr);
	}
	m->label = m->seconds = w[1] ? (uint32_t)atoi(w[1]) : 0;
	if (strcmp(w[0], "tell") == 0 || strcmp(w[0], "untell") == 0) { /* LABEL PEER */
		m->type = w[0][0] == 't' ? FIB_LABEL_TELL : FIB_LABEL_UNTELL;
		m->peer = (uint16_t)atoi(w[2] ? w[2] : "0");
		return true;
	}
	m->vrf = w[1] && w[2] ? (uint16_t)atoi(w[2]) : 0;
	m->peer = (uint16_t)m->label;
	if (m->type == FIB_NEXTHOP_TRACK || m->type == FIB_NEXTHOP_UNTRACK)
		return addr_of(w[1], &m->addr);
	return m->type != 0;
}

static void command(struct drive *d, char *line)
{
	char *w[8] = {0}, *save;
	unsigned n = 0;
	struct fib_msg m = {0};

	for (char *s = strtok_r(line, " ", &save); s && n < 7; s = strtok_r(NULL, " ", &save))
		w[n++] = s;
	if (!n)
		return;
	if (strcmp(w[0], "die") == 0)
		abort();
	if (strcmp(w[0], "garbage") == 0) {
		CHECK(send(d->pair, "\xff\xff\xff", 3, 0) == 3);
		return;
	}
	if (strcmp(w[0], "take") == 0) {
		d->take = w[1] ? atoi(w[1]) : 0;
		return;
	}
	if (!message_of(d, w, &m)) {
		printf("bad command %s\n", w[0]);
		return;
	}
	if (strcmp(w[0], "many") == 0) {
		many(d, &m, (unsigned)atoi(w[2]));
		return;
	}
	say(d, &m, true);
	printf("asked seq=%u what=%s\n", d->seq, w[0]);
}

static void guard_print(const struct fib_msg *m)
{
	static const char *const states[] = {"none", "closed", "open", "failed"};

	if (m->type == FIB_GUARD_PORT)
		printf(" name=%s state=%s xdp=%u drifts=%u", m->name, states[m->guard],
			m->guard_xdp, m->guard_drifts);
	else if (m->type == FIB_GUARD_COUNT)
		printf(" reason=%s count=%llu", acl_reason_name(m->guard_reason),
			(unsigned long long)m->guard_count);
	else if (m->type == FIB_GUARD_RULE)
		printf(" rule=%u count=%llu", m->guard_rule, (unsigned long long)m->guard_count);
	else if (m->type == FIB_GUARD_DROP)
		printf(" reason=%s len=%u cap=%u", acl_reason_name(m->guard_reason), m->drop.len,
			m->drop.cap);
}

static void print_message(const struct fib_msg *m, int fd)
{
	char a[IP_ADDR_STRLEN], p[IP_PREFIX_STRLEN];

	printf("%s seq=%u vrf=%u port=%u peer=%u error=%d fd=%s", fib_type_name(m->type), m->seq,
		m->vrf, m->port, m->peer, m->error, fd >= 0 ? "yes" : "no");
	if (m->type == FIB_NEXTHOP) {
		printf(" address=%s up=%d metric=%u labels=", ip_addr_print(&m->addr, a), m->up,
			m->metric);
		for (unsigned i = 0; i < m->n_labels; i++)
			printf("%s%u", i ? "," : "", m->labels[i]);
	} else if (m->type == FIB_CONNECTED) {
		printf(" prefix=%s up=%d", ip_prefix_print(&m->prefix, p), m->up);
	} else if (m->type == FIB_PORT) {
		printf(" flags=%u", m->flags);
	} else if (m->type == FIB_PORT_STATS) {
		printf(" rx=%llu dropped=%llu noroute=%llu tx=%llu",
			(unsigned long long)m->mpls.rx_packets,
			(unsigned long long)m->mpls.rx_dropped,
			(unsigned long long)m->mpls.rx_noroute,
			(unsigned long long)m->mpls.tx_packets);
	} else if (m->type == FIB_TCP_STATS) {
		printf(" notfound=%llu unexpected=%llu failure=%llu minttl=%llu",
			(unsigned long long)m->tcp.md5_not_found,
			(unsigned long long)m->tcp.md5_unexpected,
			(unsigned long long)m->tcp.md5_failure,
			(unsigned long long)m->tcp.min_ttl_drop);
	}
	guard_print(m);
	putchar('\n');
}

static void message(struct drive *d, const struct fib_msg *m, int fd)
{
	print_message(m, fd);
	if (m->type == FIB_CONF)
		say(d, &(struct fib_msg){.type = FIB_CONF_TAKEN, .error = d->take}, false);
	if (fd >= 0 && m->type == FIB_LISTENER)
		fd_add(d, fd, FD_LISTENER, m->vrf);
	else if (fd >= 0 && m->type == FIB_SOCKET)
		fd_add(d, fd, FD_DIALLED, m->peer);
	else if (fd >= 0)
		close(fd);
}

static void pair_read(struct drive *d)
{
	uint8_t octets[FIB_DGRAM_MAX];
	char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8)));
	struct iovec iov = {octets, sizeof(octets)};
	struct msghdr h = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control)};
	struct fib_msg m;
	int fd = -1;

	ssize_t n = recvmsg(d->pair, &h, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		d->ended = true;
		return;
	}
	struct cmsghdr *c = CMSG_FIRSTHDR(&h);
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	struct rbuf r = rbuf_of(octets, (size_t)n);
	while (rbuf_left(&r)) {
		CHECK(fib_msg_get(&r, &m));
		message(d, &m, fd);
		d->ended |= m.type == FIB_ACK && m.seq == UINT32_MAX;
	}
}

static void commands_read(struct drive *d)
{
	char c;
	ssize_t n = read(0, &c, 1);

	if (n <= 0) {
		d->fds[0].fd = -1; /* no more: mplsfwd decides when this ends */
		return;
	}
	if (c != '\n' && d->line_len < sizeof(d->line) - 1) {
		d->line[d->line_len++] = c;
		return;
	}
	d->line[d->line_len] = 0;
	d->line_len = 0;
	command(d, d->line);
}

static void accepted(struct drive *d, unsigned i)
{
	struct sockaddr_in from = {0};
	socklen_t len = sizeof(from);
	int fd = accept(d->fds[i].fd, (struct sockaddr *)&from, &len);

	if (fd < 0)
		return;
	const uint8_t *a = (const uint8_t *)&from.sin_addr;
	printf("accepted vrf=%u from=%u.%u.%u.%u\n", d->what[i].which, a[0], a[1], a[2], a[3]);
	close(fd);
}

static void dialled(struct drive *d, unsigned i)
{
	int err = 0;
	socklen_t len = sizeof(err);

	getsockopt(d->fds[i].fd, SOL_SOCKET, SO_ERROR, &err, &len);
	printf("dialled peer=%u error=%d\n", d->what[i].which, err);
	close(d->fds[i].fd);
	d->n--;
	d->fds[i] = d->fds[d->n];
	d->what[i] = d->what[d->n];
}

static void stop_on_signal(struct drive *d, int signals)
{
	struct fib_msg m = {.type = FIB_BYE};
	uint8_t octets[FIB_RECORD_MAX];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	char c;

	if (read(signals, &c, 1) != 1)
		return;
	m.seq = UINT32_MAX;
	fib_msg_put(&w, &m);
	CHECK(send(d->pair, octets, w.len, 0) > 0);
}

static int signal_pipe[2];

static void on_term(int sig)
{
	ssize_t n = write(signal_pipe[1], "t", 1);
	(void)n;
}

static int drive_run(const struct conf *conf, int pair_fd, const struct fib_kept *kept, void *arg)
{
	struct drive d = {.pair = pair_fd};

	setvbuf(stdout, NULL, _IOLBF, 0);
	CHECK(pipe(signal_pipe) == 0);
	signal(SIGTERM, on_term);
	fd_add(&d, 0, FD_COMMANDS, 0);
	fd_add(&d, pair_fd, FD_PAIR, 0);
	fd_add(&d, signal_pipe[0], FD_PAIR, 1);
	for (unsigned i = 0; i < kept->n; i++)
		printf("kept label=%u vrf=%u\n", kept->list[i].label, kept->list[i].vrf);
	printf("bgpd started\n");
	while (!d.ended) {
		if (poll(d.fds, d.n, -1) < 0)
			continue;
		for (unsigned i = 0; i < d.n && !d.ended; i++) {
			if (!d.fds[i].revents)
				continue;
			if (d.what[i].kind == FD_COMMANDS)
				commands_read(&d);
			else if (d.what[i].kind == FD_LISTENER)
				accepted(&d, i);
			else if (d.what[i].kind == FD_DIALLED)
				dialled(&d, i);
			else if (d.what[i].which)
				stop_on_signal(&d, signal_pipe[0]);
			else
				pair_read(&d);
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct log log = {.proc = "mplsfwd", .minimum = LOG_DEBUG_, .fd = 2};
	const struct fwd_options options = {.load = conf_load_files, .no_fib = argc > 2};
	struct conf *conf = argc > 1 ? conf_load(argv[1], stderr) : NULL;

	if (!conf)
		return 2;
	int rc = fwd_daemon_run(conf, &log, &options, drive_run, NULL);
	conf_free(conf);
	return rc;
}
