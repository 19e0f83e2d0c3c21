#include "lab/attacks/flood.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/link.h"

#define BATCH 64

struct flood {
	int fd;
	struct sockaddr_ll to;
	uint8_t octets[BATCH][FLOOD_FRAME_MAX];
	struct iovec iov[BATCH];
	struct mmsghdr msg[BATCH];
};

static int flood_open(struct flood *w, struct attack_stage *st, const char *port)
{
	const char *colon = strchr(port, ':');
	char node[LAB_NAME_MAX + 1] = "";
	uint8_t mac[6];
	int n, err;

	w->fd = -1;
	if (!colon || (size_t)(colon - port) >= sizeof node)
		return -EINVAL;
	memcpy(node, port, (size_t)(colon - port));
	n = lab_topo_find(&st->run->topo, node);
	if (n < 0)
		return -ENOENT;
	w->to = (struct sockaddr_ll){.sll_family = AF_PACKET, .sll_halen = 6};
	err = lab_link_find(&st->run->base, &st->run->ns[n], colon + 1, &w->to.sll_ifindex, mac);
	w->fd = err ? err : lab_ns_socket(&st->run->base, &st->run->ns[n], AF_PACKET, SOCK_RAW, 0);
	return w->fd < 0 ? w->fd : 0;
}

/* The next frames; how many the kernel took, or -errno. */
static int flood_batch(struct flood *w, unsigned first, unsigned n, flood_frame_fn *make, void *arg)
{
	struct frame f;
	int sent;

	for (unsigned i = 0; i < n; i++) {
		make(&f, first + i, arg);
		frame_end(&f);
		if (f.len > FLOOD_FRAME_MAX)
			return -EMSGSIZE;
		memcpy(w->octets[i], f.octets, f.len);
		memcpy(w->to.sll_addr, f.octets, 6);
		w->iov[i] = (struct iovec){w->octets[i], f.len};
		w->msg[i].msg_hdr = (struct msghdr){.msg_name = &w->to,
			.msg_namelen = sizeof w->to,
			.msg_iov = &w->iov[i],
			.msg_iovlen = 1};
	}
	sent = sendmmsg(w->fd, w->msg, n, 0);
	return sent < 0 ? -errno : sent;
}

unsigned flood_send(struct attack_stage *st, const char *port, unsigned count, flood_frame_fn *make,
	void *arg, unsigned *ms, int *error)
{
	unsigned long long begun = lab_now_ms();
	struct flood w;
	unsigned sent = 0;
	int n = 0;

	*error = flood_open(&w, st, port);
	while (!*error && sent < count) {
		n = flood_batch(&w, sent, count - sent < BATCH ? count - sent : BATCH, make, arg);
		*error = n < 0 ? n : 0;
		sent += n > 0 ? (unsigned)n : 0;
	}
	if (w.fd >= 0)
		close(w.fd);
	*ms = (unsigned)(lab_now_ms() - begun) + 1;
	return sent;
}

unsigned flood_allowed(unsigned rate, unsigned burst, unsigned ms)
{
	unsigned long long n = burst + (unsigned long long)rate * ms / 1000 + 1;

	return (unsigned)(n + n / 10);
}
