/* Sight of every port of the network: AF_PACKET sockets that are open all the time. */
#include "lab/attacks/sight.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lab/attacks/sight_worth.h"
#include "lab/link.h"
#include "lib/check.h"

#define FRAME_MAX     9300 /* with tags, of a port of 9216 */
#define TAG_LEN	      4
#define ADDRESSES_LEN 12
#define DRAIN_MAX     4096 /* frames a port and drain: a flood does not hold us */
#define SEQS	      65536
#define SEEN_LEN      (SEQS / 8)

/* One frame as it came out of a socket. */
struct sight_raw {
	uint8_t octets[FRAME_MAX + TAG_LEN];
	size_t len, whole;
	bool in, tagged;
	uint64_t us;
};

/* Deaf, or (the socket's own state) everything. */
static void sight_deafen(int fd, bool deaf)
{
	struct sock_filter none = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog prog = {.len = 1, .filter = &none};

	if (deaf)
		setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof prog);
	else
		setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &(int){0}, sizeof(int));
}

static int sight_open(struct attack_port *p, const struct lab_run *r)
{
	struct sockaddr_ll ll = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	const struct lab_ns *ns = &r->ns[p->end.node];
	int one = 1, room = ATTACK_PORT_BUFFER / 2; /* the kernel doubles it */
	uint8_t mac[6];
	int err = lab_link_find(&r->base, ns, p->end.port, &ll.sll_ifindex, mac);

	if (err)
		return err;
	/* protocol 0: deaf until it is bound to its port */
	p->fd = lab_ns_socket(&r->base, ns, AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
	if (p->fd < 0)
		return p->fd;
	sight_deafen(p->fd, true);
	if (setsockopt(p->fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
		setsockopt(p->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	if (setsockopt(p->fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof one) < 0 ||
		setsockopt(p->fd, SOL_SOCKET, SO_TIMESTAMP, &one, sizeof one) < 0 ||
		bind(p->fd, (struct sockaddr *)&ll, sizeof ll) < 0)
		return -errno;
	return 0;
}

static int sight_add(struct attack_sights *s, const struct lab_run *r, const struct lab_end *end)
{
	struct attack_port *p = &s->port[s->n_ports];

	if (s->n_ports == ATTACK_PORTS_MAX)
		return -ENOSPC;
	s->n_ports++;
	*p = (struct attack_port){.end = *end, .fd = -1, .seen = calloc(1, SEEN_LEN)};
	CHECK(p->seen);
	snprintf(p->name, sizeof p->name, "%s:%s", r->topo.nodes[end->node].name, end->port);
	return sight_open(p, r);
}

int attack_sights_init(struct attack_sights *s, const struct lab_run *r)
{
	int err = 0;

	memset(s, 0, sizeof *s);
	for (unsigned i = 0; !err && i < r->topo.n_links; i++)
		for (unsigned k = 0; !err && k < 2; k++)
			err = sight_add(s, r, &r->topo.links[i].end[k]);
	return err;
}

void attack_sights_fini(struct attack_sights *s)
{
	for (unsigned i = 0; i < s->n_ports; i++) {
		if (s->port[i].fd >= 0)
			close(s->port[i].fd);
		free(s->port[i].seen);
	}
	s->n_ports = 0;
}

static bool sight_nonce(const uint8_t *octets, size_t len, const uint8_t *nonce, uint16_t *seq)
{
	const uint8_t *at =
		len > LAB_NONCE_LEN + 1 ? memmem(octets, len - 2, nonce, LAB_NONCE_LEN) : NULL;

	if (at && seq)
		*seq = at[LAB_NONCE_LEN] << 8 | at[LAB_NONCE_LEN + 1];
	return at;
}

bool attack_sight_nonce(
	const struct attack_sight *s, const uint8_t nonce[LAB_NONCE_LEN], uint16_t *seq)
{
	return sight_nonce(s->octets, s->len, nonce, seq);
}

static void sight_untake_tag(struct sight_raw *raw, const struct tpacket_auxdata *aux)
{
	uint16_t tpid =
		aux->tp_status & TP_STATUS_VLAN_TPID_VALID ? aux->tp_vlan_tpid : ETH_P_8021Q;
	uint8_t *at = raw->octets + ADDRESSES_LEN;

	if (!(aux->tp_status & TP_STATUS_VLAN_VALID) || raw->len < ADDRESSES_LEN)
		return;
	memmove(at + TAG_LEN, at, raw->len - ADDRESSES_LEN);
	at[0] = tpid >> 8;
	at[1] = tpid;
	at[2] = aux->tp_vlan_tci >> 8;
	at[3] = aux->tp_vlan_tci;
	raw->len += TAG_LEN;
	raw->whole += TAG_LEN;
	raw->tagged = true;
}

static void sight_control(struct sight_raw *raw, struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		struct tpacket_auxdata aux;
		struct timeval tv;

		if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA &&
			c->cmsg_len >= CMSG_LEN(sizeof aux)) {
			memcpy(&aux, CMSG_DATA(c), sizeof aux);
			sight_untake_tag(raw, &aux);
		} else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMP) {
			memcpy(&tv, CMSG_DATA(c), sizeof tv);
			raw->us = tv.tv_sec * 1000000ULL + tv.tv_usec;
		}
	}
}

/* False: no more. */
static bool sight_receive(int fd, struct sight_raw *raw)
{
	_Alignas(struct cmsghdr) char control[256];
	struct sockaddr_ll from = {0};
	struct iovec iov = {.iov_base = raw->octets, .iov_len = FRAME_MAX};
	struct msghdr m = {.msg_name = &from,
		.msg_namelen = sizeof from,
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control};
	ssize_t n = recvmsg(fd, &m, MSG_TRUNC);

	if (n < 0)
		return false;
	raw->whole = n;
	raw->len = n < FRAME_MAX ? n : FRAME_MAX;
	raw->in = from.sll_pkttype != PACKET_OUTGOING;
	raw->tagged = false;
	raw->us = 0;
	sight_control(raw, &m);
	return true;
}

static void sight_keep(struct attack_sights *s, unsigned port, const struct sight_raw *raw,
	bool ours, uint16_t seq)
{
	struct attack_port *p = &s->port[port];
	struct attack_sight *k = &s->sight[s->n_sights];

	if (s->n_sights == ATTACK_SIGHTS_MAX || p->kept == ATTACK_PORT_SIGHTS_MAX ||
		(!ours && p != s->watched && p->others == ATTACK_PORT_OTHERS_MAX))
		return;
	s->n_sights++;
	p->kept++;
	p->others += !ours;
	k->us = raw->us;
	k->port = port;
	k->in = raw->in;
	k->tagged = raw->tagged;
	k->ours = ours;
	k->seq = seq;
	k->whole = raw->whole;
	k->len = raw->len < ATTACK_SNAP ? raw->len : ATTACK_SNAP;
	memcpy(k->octets, raw->octets, k->len);
}

static void sight_take(struct attack_sights *s, unsigned port, const struct sight_raw *raw)
{
	struct attack_port *p = &s->port[port];
	uint16_t seq = 0;
	bool ours = sight_nonce(raw->octets, raw->len, s->nonce, &seq);
	uint64_t bit = UINT64_C(1) << seq % 64;

	p->passed += ours;
	if (ours && raw->in && !(p->seen[seq / 64] & bit)) {
		p->seen[seq / 64] |= bit;
		p->arrived++;
	}
	if (ours || p == s->watched || attack_sight_worth(raw->octets, raw->len))
		sight_keep(s, port, raw, ours, seq);
}

static void sight_lost(struct attack_port *p)
{
	struct tpacket_stats st = {0};
	socklen_t len = sizeof st;

	if (!getsockopt(p->fd, SOL_PACKET, PACKET_STATISTICS, &st, &len))
		p->lost += st.tp_drops;
}

void attack_sights_drain(struct attack_sights *s)
{
	struct pollfd ready[ATTACK_PORTS_MAX];
	struct sight_raw raw;

	for (unsigned i = 0; i < s->n_ports; i++)
		ready[i] = (struct pollfd){.fd = s->port[i].fd, .events = POLLIN};
	if (poll(ready, s->n_ports, 0) <= 0)
		return;
	for (unsigned i = 0; i < s->n_ports; i++) {
		if (!ready[i].revents)
			continue;
		for (unsigned k = 0; k < DRAIN_MAX && sight_receive(s->port[i].fd, &raw); k++)
			if (s->on)
				sight_take(s, i, &raw);
	}
}

void attack_sights_begin(struct attack_sights *s, const uint8_t nonce[LAB_NONCE_LEN])
{
	s->on = false;
	attack_sights_drain(s);
	memcpy(s->nonce, nonce, LAB_NONCE_LEN);
	s->n_sights = 0;
	s->watched = NULL;
	for (unsigned i = 0; i < s->n_ports; i++) {
		struct attack_port *p = &s->port[i];

		if (p->arrived)
			memset(p->seen, 0, SEEN_LEN);
		sight_lost(p); /* asked for, it is zero again */
		p->kept = p->others = p->passed = p->arrived = p->lost = 0;
		sight_deafen(p->fd, false);
	}
	s->on = true;
}

void attack_sights_end(struct attack_sights *s)
{
	attack_sights_drain(s);
	for (unsigned i = 0; i < s->n_ports; i++) {
		sight_deafen(s->port[i].fd, true);
		sight_lost(&s->port[i]);
	}
	s->on = false;
}

static const struct attack_port *sight_find(const struct attack_sights *s, const char *port)
{
	for (unsigned i = 0; i < s->n_ports; i++)
		if (!strcmp(s->port[i].name, port))
			return &s->port[i];
	return NULL;
}

void attack_sights_watch(struct attack_sights *s, const char *port)
{
	s->watched = sight_find(s, port);
}

const char *attack_sights_blind(const struct attack_sights *s)
{
	for (unsigned i = 0; i < s->n_ports; i++) {
		/* the two ends of a link are neighbours in the list */
		const struct attack_port *p = &s->port[i], *other = &s->port[i ^ 1];

		if (p->lost && p != s->watched && other != s->watched)
			return p->name;
	}
	return NULL;
}

unsigned attack_sights_arrived(const struct attack_sights *s, const char *port)
{
	const struct attack_port *p = sight_find(s, port);

	return p ? p->arrived : 0;
}

/* An earlier one that matched was the same stimulus. */
static bool sight_again(const struct attack_sights *s, const bool *matched, unsigned i)
{
	for (unsigned k = 0; s->sight[i].ours && k < i; k++)
		if (matched[k] && s->sight[k].ours && s->sight[k].seq == s->sight[i].seq)
			return true;
	return false;
}

unsigned attack_sights_matched(
	const struct attack_sights *s, const char *port, attack_match_fn *match, void *arg)
{
	const struct attack_port *p = sight_find(s, port);
	bool matched[ATTACK_SIGHTS_MAX] = {0};
	unsigned n = 0;

	for (unsigned i = 0; p && i < s->n_sights; i++) {
		const struct attack_sight *k = &s->sight[i];

		matched[i] = k->in && &s->port[k->port] == p && match(k, arg);
		n += matched[i] && !sight_again(s, matched, i);
	}
	return n;
}
