#include "bgpd/io/accept.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/io/clock.h"
#include "bgpd/io/sockaddr.h"
#include "bgpd/io/watch.h"
#include "lib/check.h"
#include "mplsfwd/fibmsg.h"

#define IO_ACCEPT_PAUSE_MS 1000 /* when the process is out of descriptors */

struct io_listener {
	int fd;
	uint16_t vrf;
	const struct conf *conf;
	const struct log *log;
	const struct io_accept_handler *handler;
	void *arg;
	struct io_watch *io, *pause;
	struct io_accept_pace *pace;	     /* by peer */
	struct io_accept_pace *address_pace; /* of ranges, by io_accept_place() */
	uint64_t seed;
};

int io_accept_match(const struct conf *conf, uint16_t vrf, const struct ip_addr *remote)
{
	int want = vrf == FIB_VRF_CORE ? CONF_VRF_NONE : vrf, range = -1;

	for (unsigned i = 0; i < conf->n_peers; i++) {
		const struct conf_peer *p = &conf->peers[i];

		if (p->vrf != want)
			continue;
		if (!p->dynamic && ip_addr_equal(&p->addr, remote))
			return (int)i;
		if (!p->dynamic || p->slot || !ip_prefix_contains(&p->range, remote))
			continue;
		if (range < 0 || p->range.len > conf->peers[range].range.len)
			range = (int)i;
	}
	return range;
}

bool io_accept_pace(struct io_accept_pace *p, unsigned max, uint64_t now_ms)
{
	if (!p->n || now_ms - p->since_ms >= 1000)
		*p = (struct io_accept_pace){.since_ms = now_ms};
	if (p->n >= max)
		return false;
	p->n++;
	return true;
}

unsigned io_accept_place(const struct ip_addr *a, uint64_t seed, unsigned n)
{
	uint64_t h = seed;

	for (unsigned i = 0; i < sizeof(a->o); i++) /* splitmix64's mixing, an octet at a time */
		h = ((h ^ a->o[i]) ^ (h >> 29)) * UINT64_C(0xbf58476d1ce4e5b9);
	return (unsigned)((h ^ (h >> 32)) % n);
}

/* The places of the range whose first one is this. */
static unsigned io_accept_places(const struct conf *conf, unsigned first)
{
	unsigned n = 1;

	while (first + n < conf->n_peers && conf->peers[first + n].dynamic &&
		conf->peers[first + n].slot)
		n++;
	return n;
}

static void io_listener_refuse(struct io_listener *l, const struct ip_addr *remote, const char *why)
{
	char text[IP_ADDR_STRLEN];

	log_line(l->log, LOG_WARN_, "accept_refused", "address=%s vrf=%s reason=\"%s\"",
		ip_addr_print(remote, text),
		l->vrf == FIB_VRF_CORE ? "-" : l->conf->vrfs[l->vrf].name, why);
}

/* TTL 255 out, and no less than 256 - hops in (RFC 5082 3). False if the kernel will not: then no session. */
static bool io_accept_set_gtsm(int fd, uint8_t af, unsigned hops)
{
	int ttl = 255, min = 256 - (int)hops;

	if (af == IP_V4)
		return setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl)) == 0 &&
		       setsockopt(fd, IPPROTO_IP, IP_MINTTL, &min, sizeof(min)) == 0;
	return setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl, sizeof(ttl)) == 0 &&
	       setsockopt(fd, IPPROTO_IPV6, IPV6_MINHOPCOUNT, &min, sizeof(min)) == 0;
}

/*
 * The TTL that the SYN came with (TCP_SAVE_SYN); 0 if the kernel has not kept it. What arrives between the handshake and
 * io_accept_set_gtsm() is checked by nobody else: whoever is too far away is so from the first packet on.
 */
static unsigned io_accept_syn_ttl(int fd, uint8_t af)
{
	uint8_t head[128];
	socklen_t len = sizeof(head);
	size_t at = af == IP_V4 ? 8 : 7; /* RFC 791 3.1, RFC 8200 3 */

	if (getsockopt(fd, IPPROTO_TCP, TCP_SAVED_SYN, head, &len) < 0 || len <= at)
		return 0;
	return head[at];
}

static const char *io_accept_guard(int fd, uint8_t af, unsigned hops)
{
	if (io_accept_syn_ttl(fd, af) < 256 - hops)
		return "TTL too low";
	return io_accept_set_gtsm(fd, af, hops) ? NULL : "the kernel refuses GTSM";
}

/* NULL: one more connection of this neighbour is let in. */
static const char *io_listener_crowded(
	struct io_listener *l, unsigned peer, const struct ip_addr *remote)
{
	bool dynamic = l->conf->peers[peer].dynamic;
	unsigned at = io_accept_place(remote, l->seed, IO_ACCEPT_PACES);
	uint64_t now = io_clock_now_ms();
	struct ip_addr any = {0};

	if (l->handler->count(l->arg, peer, dynamic ? remote : &any) >= IO_ACCEPT_PER_PEER)
		return "too many connections of this neighbor";
	if (dynamic && !io_accept_pace(&l->address_pace[at], IO_ACCEPT_PACE, now))
		return "this neighbor connects too often";
	if (!io_accept_pace(&l->pace[peer], dynamic ? IO_ACCEPT_RANGE_PACE : IO_ACCEPT_PACE, now))
		return dynamic ? "the neighbors of this range connect too often"
			       : "this neighbor connects too often";
	if (dynamic && l->handler->count(l->arg, peer, &any) >=
			       io_accept_places(l->conf, peer) + IO_ACCEPT_SPARE)
		return "too many connections of this range";
	return NULL;
}

static void io_listener_admit(struct io_listener *l, int fd)
{
	struct ip_addr remote, local;

	if (!io_sockaddr_remote(fd, &remote) || !io_sockaddr_local(fd, &local)) {
		close(fd); /* gone again already */
		return;
	}
	int peer = io_accept_match(l->conf, l->vrf, &remote);
	const char *why = NULL;
	if (peer < 0)
		why = "no such neighbor";
	else
		why = io_listener_crowded(l, (unsigned)peer, &remote);
	if (!why && l->conf->peers[peer].gtsm_hops)
		why = io_accept_guard(fd, remote.af, l->conf->peers[peer].gtsm_hops);
	if (why) {
		io_listener_refuse(l, &remote, why);
		close(fd);
		return;
	}
	l->handler->accepted(l->arg, fd, (unsigned)peer, l->vrf, &remote, &local);
}

static void io_listener_ready(void *arg, unsigned ready)
{
	struct io_listener *l = arg;

	(void)ready;
	for (unsigned i = 0; i < IO_ACCEPT_BATCH; i++) {
		int fd = accept4(l->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			io_listener_admit(l, fd);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			log_line(l->log, LOG_ERROR_, "accept_paused", "error=\"%s\"",
				strerror(errno));
			io_watch_want(l->io, 0);
			io_watch_after(l->pause, IO_ACCEPT_PAUSE_MS);
		}
		return;
	}
}

static void io_listener_resume(void *arg, unsigned ready)
{
	struct io_listener *l = arg;

	(void)ready;
	io_watch_want(l->io, IO_READABLE);
}

struct io_listener *io_listener_new(struct event_base *base, int fd, uint16_t vrf,
	const struct conf *conf, const struct log *log, const struct io_accept_handler *handler,
	void *arg)
{
	struct io_listener *l = calloc(1, sizeof(*l));
	int one = 1;

	CHECK(l != NULL && (vrf == FIB_VRF_CORE || vrf < conf->n_vrfs));
	*l = (struct io_listener){
		.fd = fd, .vrf = vrf, .conf = conf, .log = log, .handler = handler, .arg = arg};
	l->pace = calloc(conf->n_peers + 1, sizeof(*l->pace));
	l->address_pace = calloc(IO_ACCEPT_PACES, sizeof(*l->address_pace));
	CHECK(l->pace != NULL && l->address_pace != NULL);
	if (getrandom(&l->seed, sizeof(l->seed), 0) != sizeof(l->seed))
		l->seed = (uintptr_t)l;
	setsockopt(fd, IPPROTO_TCP, TCP_SAVE_SYN, &one,
		sizeof(one)); /* else no peer with GTSM gets in */
	l->io = io_watch_fd(base, fd, io_listener_ready, l);
	l->pause = io_watch_timer(base, io_listener_resume, l);
	io_watch_want(l->io, IO_READABLE);
	return l;
}

static void io_listener_reload(struct io_listener *l, const struct conf *conf)
{
	free(l->pace);
	l->pace = calloc(conf->n_peers + 1, sizeof(*l->pace));
	CHECK(l->pace != NULL);
	l->conf = conf;
}

void io_listener_free(struct io_listener *l)
{
	if (!l)
		return;
	io_watch_free(l->io);
	io_watch_free(l->pause);
	close(l->fd);
	free(l->pace);
	free(l->address_pace);
	free(l);
}

static bool has_neighbors(const struct conf *conf, unsigned vrf)
{
	for (unsigned i = 0; i < conf->n_peers; i++)
		if (conf->peers[i].vrf == (int)vrf)
			return true;
	return false;
}

void io_listeners_reload(struct io_listeners *ls, const struct conf *conf)
{
	ls->list = realloc(ls->list, (conf->n_vrfs + 1) * sizeof(struct io_listener *));
	CHECK(ls->list != NULL);
	while (ls->n <= conf->n_vrfs) /* a number is never taken back */
		ls->list[ls->n++] = NULL;
	for (unsigned i = 0; i < ls->n; i++) {
		if (i && !has_neighbors(conf, i - 1)) {
			io_listener_free(ls->list[i]);
			ls->list[i] = NULL;
		} else if (ls->list[i]) {
			io_listener_reload(ls->list[i], conf);
		}
	}
}

struct io_listener **io_listeners_at(
	const struct io_listeners *ls, const struct conf *conf, uint16_t vrf)
{
	if (vrf == FIB_VRF_CORE)
		return &ls->list[0];
	return vrf < conf->n_vrfs && !conf_vrf_is_gone(&conf->vrfs[vrf]) ? &ls->list[vrf + 1]
									 : NULL;
}

void io_listeners_fini(struct io_listeners *ls)
{
	for (unsigned i = 0; i < ls->n; i++)
		io_listener_free(ls->list[i]);
	free(ls->list);
}
