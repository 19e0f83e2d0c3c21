/* Looking at a port: which of the lab's own packets come by. */
#include "lab/watch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/link.h"

#define ECHO_REPLY 0
#define ECHO_ASK   8
#define TCP_PROTO  6
#define TCP_SYNACK 0x12

int lab_watch_open(struct lab_watch *w, const struct lab_run *r, const struct lab_end *end)
{
	struct sockaddr_ll ll = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	uint8_t mac[6];
	int err;

	*w = (struct lab_watch){.end = end, .fd = -1};
	err = lab_link_find(&r->base, &r->ns[end->node], end->port, &ll.sll_ifindex, mac);
	if (err)
		return err;
	/* protocol 0: deaf until it is bound to its port */
	w->fd = lab_ns_socket(&r->base, &r->ns[end->node], AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
	if (w->fd < 0)
		return w->fd;
	return bind(w->fd, (struct sockaddr *)&ll, sizeof ll) < 0 ? -errno : 0;
}

static void watch_seen(struct lab_watch *w, const struct lab_packet *p, bool incoming)
{
	bool request = p->icmp_type == ECHO_ASK;
	int slot = request ? 0 : 1;

	w->all++;
	if (request && incoming)
		w->requests++;
	if (request && !w->first[0][0])
		w->request = *p;
	if ((request || p->icmp_type == ECHO_REPLY) && !w->first[slot][0]) {
		lab_packet_print(p, w->first[slot], sizeof w->first[slot]);
		w->n_first++;
	}
}

/* The kernel sends an answer again that nobody took: each counts once. */
static void watch_syn_ack(struct lab_watch *w, const struct lab_packet *p, const uint8_t *nonce)
{
	uint32_t i = p->tcp_ack - 1 - lab_packet_syn_seq(nonce, 1);

	if (p->protocol == TCP_PROTO && (p->tcp_flags & TCP_SYNACK) == TCP_SYNACK && i < 64)
		w->syn_acks |= UINT64_C(1) << i;
}

void lab_watch_drain(struct lab_watch *w, const uint8_t nonce[LAB_NONCE_LEN])
{
	uint8_t frame[2048];
	struct sockaddr_ll from = {0};
	socklen_t len = sizeof from;
	ssize_t n;

	for (; (n = recvfrom(w->fd, frame, sizeof frame, 0, (struct sockaddr *)&from, &len)) >= 0;
		len = sizeof from) {
		struct lab_packet p;

		if (!lab_packet_parse(frame, n, &p))
			continue;
		if (p.nonce && !memcmp(p.nonce, nonce, LAB_NONCE_LEN))
			watch_seen(w, &p, from.sll_pkttype != PACKET_OUTGOING);
		if (from.sll_pkttype != PACKET_OUTGOING)
			watch_syn_ack(w, &p, nonce);
	}
}

void lab_watch_close(struct lab_watch *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}
