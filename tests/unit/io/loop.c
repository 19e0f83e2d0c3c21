/* The whole bgpd process but for its privileges: real router, real mgmt, a test in mplsfwd's place. Needs no root. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bgpd/io/clock.h"
#include "bgpd/io/loop.h"
#include "bgpd/io/said.h"
#include "bgpd/wire/family.h"
#include "bgpd/wire/msg.h"
#include "bgpd/wire/notify.h"
#include "bgpd/wire/open.h"
#include "mplsfwd/fibmsg.h"

#define WAIT_MS 3000

struct world {
	pid_t pid;
	int pair;		/* mplsfwd's end */
	struct sockaddr_in bgp; /* where it listens */
	struct sockaddr_un api;
	char dir[32];
};

static struct log quiet = {.proc = "bgpd", .minimum = LOG_ERROR_, .fd = 2};

static void world_child(int pair)
{
	struct conf_peer peer = {.name = "pe2",
		.addr = ip_addr_v4(INADDR_LOOPBACK),
		.as = 65000,
		.vrf = CONF_VRF_NONE,
		.families = WIRE_FAMILY_BIT(WIRE_VPNV4),
		.password = "",
		.password_len = 6,
		.passive = true,
		.hold_s = 90,
		.connect_retry_s = 5};
	struct conf conf = {.router_name = "pe1",
		.as = 65000,
		.id = 0x0aff0001,
		.label_min = 100000,
		.label_max = 100099,
		.peers = &peer,
		.n_peers = 1};

	struct io_said said;

	io_said_init(&said, &quiet, pair, &conf);
	int status = io_loop_run(&(struct io_options){.conf = &conf,
		.log = &quiet,
		.pair_fd = pair,
		.record_fd = -1,
		.seed = 1,
		.roles = io_roles_new(NULL, geteuid(), &quiet),
		.said = &said});
	io_said_fini(&said);
	_exit(status);
}

static void say(int to, const struct fib_msg *m, int fd)
{
	uint8_t octets[FIB_RECORD_MAX];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	union {
		struct cmsghdr align;
		char octets[CMSG_SPACE(sizeof(int))];
	} control = {0};

	fib_msg_put(&w, m);
	struct iovec iov = {octets, w.len};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	if (fd >= 0) {
		msg.msg_control = control.octets;
		msg.msg_controllen = sizeof(control.octets);
		struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
		*c = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	cr_assert(sendmsg(to, &msg, 0) == (ssize_t)w.len);
	if (fd >= 0)
		close(fd);
}

static void world_open(struct world *w)
{
	int pair[2], bgp = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int api = socket(AF_UNIX, SOCK_STREAM, 0);
	socklen_t len = sizeof(w->bgp);

	*w = (struct world){.dir = "/tmp/io-loop-XXXXXX"};
	w->bgp = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	w->api.sun_family = AF_UNIX;
	cr_assert(mkdtemp(w->dir) != NULL);
	snprintf(w->api.sun_path, sizeof(w->api.sun_path), "%s/sock", w->dir);
	cr_assert(bind(bgp, (struct sockaddr *)&w->bgp, sizeof(w->bgp)) == 0);
	cr_assert(listen(bgp, 8) == 0);
	cr_assert(getsockname(bgp, (struct sockaddr *)&w->bgp, &len) == 0);
	cr_assert(
		bind(api, (struct sockaddr *)&w->api, sizeof(w->api)) == 0 && listen(api, 8) == 0);
	cr_assert(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0);
	w->pid = fork();
	if (w->pid == 0) {
		close(pair[0]);
		world_child(pair[1]);
	}
	close(pair[1]);
	w->pair = pair[0];
	say(w->pair, &(struct fib_msg){.type = FIB_API}, api);
	say(w->pair, &(struct fib_msg){.type = FIB_LISTENER, .vrf = FIB_VRF_CORE}, bgp);
}

static bool readable(int fd, int ms)
{
	struct pollfd p = {fd, POLLIN, 0};

	return poll(&p, 1, ms) == 1;
}

/* Answers counters' questions as mplsfwd does, until a record of this type has come. */
static bool world_hears(struct world *w, enum fib_type type)
{
	static uint8_t octets[FIB_DGRAM_MAX];
	bool heard = false;

	while (!heard && readable(w->pair, WAIT_MS)) {
		ssize_t n = recv(w->pair, octets, sizeof(octets), 0);
		struct rbuf r = rbuf_of(octets, n > 0 ? (size_t)n : 0);
		struct fib_msg m;
		if (n <= 0)
			return false;
		while (rbuf_left(&r)) {
			cr_assert(fib_msg_get(&r, &m));
			heard |= m.type == type;
			if (m.type != FIB_STATS_GET)
				continue;
			say(w->pair,
				&(struct fib_msg){.type = FIB_TCP_STATS, .tcp = {.md5_failure = 7}},
				-1);
			say(w->pair, &(struct fib_msg){.type = FIB_ACK, .seq = m.seq}, -1);
		}
	}
	return heard;
}

static int dial(const void *to, socklen_t len, int family)
{
	int fd = socket(family, SOCK_STREAM, 0);

	cr_assert(connect(fd, to, len) == 0);
	return fd;
}

/* The type of the next BGP message, its body into body; 0 at the end of the stream. */
static int next_message(int fd, uint8_t body[WIRE_MSG_MAX], size_t *len)
{
	uint8_t head[WIRE_HEADER_LEN];

	if (!readable(fd, WAIT_MS) || recv(fd, head, sizeof(head), MSG_WAITALL) != sizeof(head))
		return 0;
	*len = (size_t)(head[16] << 8 | head[17]) - sizeof(head);
	cr_assert(*len == 0 || recv(fd, body, *len, MSG_WAITALL) == (ssize_t)*len);
	return head[18];
}

static void establish(int fd)
{
	uint8_t octets[512], body[WIRE_MSG_MAX];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	size_t len;

	wire_open_put(&w, &(struct wire_open){.as = 65000,
				  .hold_s = 90,
				  .id = 0x0aff0002,
				  .mp = true,
				  .families = WIRE_FAMILY_BIT(WIRE_VPNV4),
				  .as4 = true,
				  .refresh = true,
				  .role = WIRE_ROLE_NONE});
	wire_keepalive_put(&w);
	cr_assert(next_message(fd, body, &len) == WIRE_OPEN);
	cr_assert(write(fd, octets, w.len) == (ssize_t)w.len);
	cr_assert(next_message(fd, body, &len) == WIRE_KEEPALIVE);
}

/* The answer to GET path, whole; counters are answered on the way. */
static char *ask(struct world *w, const char *path, char *in, size_t cap)
{
	char request[128];
	int fd = dial(&w->api, sizeof(w->api), AF_UNIX);
	int n = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path);
	size_t have = 0;

	cr_assert(write(fd, request, (size_t)n) == n);
	if (strstr(path, "summary"))
		cr_assert(world_hears(w, FIB_STATS_GET));
	while (readable(fd, WAIT_MS)) {
		ssize_t got = read(fd, in + have, cap - 1 - have);
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	in[have] = '\0';
	close(fd);
	return in;
}

static int world_end(struct world *w)
{
	int status = -1;

	for (uint64_t by = io_clock_now_ms() + WAIT_MS; io_clock_now_ms() < by;) {
		if (waitpid(w->pid, &status, WNOHANG) == w->pid)
			break;
		readable(w->pair, 5);
	}
	close(w->pair);
	unlink(w->api.sun_path);
	rmdir(w->dir);
	return status;
}

Test(loop, a_session_the_api_and_an_orderly_end)
{
	static char in[65536];
	uint8_t body[WIRE_MSG_MAX];
	struct wire_notify n;
	char text[WIRE_SHUTDOWN_TEXT_MAX + 1];
	struct world w;
	size_t len = 0;

	world_open(&w);
	int peer = dial(&w.bgp, sizeof(w.bgp), AF_INET);
	establish(peer);
	ask(&w, "/v1/bgp/summary", in, sizeof(in));
	cr_assert(strstr(in, "200 OK") && strstr(in, "\"state\":\"Established\""), "%s", in);
	cr_assert(strstr(in, "\"md5\":true"), "%s", in);
	cr_assert(strstr(ask(&w, "/v1/vrf?name=nosuch", in, sizeof(in)), "HTTP/1.1 404"));
	cr_assert(strstr(ask(&w, "/v1/nosuch", in, sizeof(in)), "HTTP/1.1 404"));
	cr_assert(strstr(ask(&w, "/v1/memory", in, sizeof(in)), "\"pools\":"));
	kill(w.pid, SIGTERM);
	int type;
	while ((type = next_message(peer, body, &len)) == WIRE_UPDATE || type == WIRE_KEEPALIVE)
		;
	cr_assert(type == WIRE_NOTIFICATION && wire_notify_get(body, len, &n));
	cr_assert(n.code == WIRE_ERR_CEASE && n.subcode == WIRE_CEASE_ADMIN_SHUTDOWN);
	cr_assert(wire_notify_text(&n, text) && text[0]);
	close(peer);
	cr_assert(world_hears(&w, FIB_BYE));
	cr_assert(world_end(&w) == 0);
}

Test(loop, the_end_of_mplsfwd_is_the_end)
{
	struct world w;

	world_open(&w);
	cr_assert(world_hears(&w, FIB_STATS_GET));
	shutdown(w.pair, SHUT_RDWR);
	int status = world_end(&w);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}
