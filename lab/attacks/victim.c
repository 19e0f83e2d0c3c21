#include "lab/attacks/victim.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>

#include "lab/attacks/router.h"
#include "lab/attacks/speaker_tcp.h"

#define TRIES	 4 /* with and without in turn: the router may still be busy with an attack before */
#define SHORT_MS 1500
#define TAKEN_MS 800
#define QUIET_MS 50

static int victim_port(struct victim *v)
{
	struct sockaddr_in sa = {0};
	socklen_t len = sizeof sa;

	if (getsockname(v->s.fd, (struct sockaddr *)&sa, &len))
		return -errno;
	v->port = ntohs(sa.sin_port);
	return 0;
}

int victim_begin(struct victim *v, struct attack_stage *st)
{
	struct speaker_conf c = {.node = "ce-x",
		.local = "192.168.4.2",
		.remote = "192.168.4.1",
		.password = "CeXSecret",
		.as = 65104,
		.ttl = 255,
		.patient = true};
	int err;

	*v = (struct victim){.s.fd = -1};
	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
	err = speaker_dial(&v->s, st, &c, SHORT_MS);
	for (unsigned i = 1; err && i < TRIES; i++) {
		speaker_close(&v->s);
		c.password = i % 2 ? NULL : "CeXSecret";
		err = speaker_dial(&v->s, st, &c, SHORT_MS);
	}
	if (err)
		return err;
	err = victim_port(v);
	return err ? err : victim_lives(v, QUIET_MS) ? victim_look(v) : -ETIMEDOUT;
}

static int victim_queue(int fd, int queue, uint32_t *seq)
{
	socklen_t len = sizeof *seq;

	if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, &queue, sizeof queue) ||
		getsockopt(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, seq, &len))
		return -errno;
	return 0;
}

int victim_look(struct victim *v)
{
	int on = TCP_REPAIR_ON, off = TCP_REPAIR_OFF_NO_WP, err;

	if (setsockopt(v->s.fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on))
		return -errno;
	err = victim_queue(v->s.fd, TCP_SEND_QUEUE, &v->seq);
	err = err ? err : victim_queue(v->s.fd, TCP_RECV_QUEUE, &v->from_seq);
	setsockopt(v->s.fd, IPPROTO_TCP, TCP_REPAIR, &off, sizeof off);
	return err;
}

/* What is said is read; then the other kernel must have a KEEPALIVE, and none of both end it for that. */
bool victim_lives(struct victim *v, unsigned ms)
{
	enum speaker_event ev = SPEAKER_MESSAGE;
	uint64_t end = lab_now_ms() + ms, now = lab_now_ms();

	while (ev == SPEAKER_MESSAGE && now < end) {
		ev = speaker_wait(&v->s, (unsigned)(end - now));
		now = lab_now_ms();
	}
	return v->s.up && !speaker_message(&v->s, WIRE_KEEPALIVE, NULL, 0) &&
	       speaker_tcp_taken(v->s.fd, lab_now_ms() + TAKEN_MS) &&
	       speaker_wait(&v->s, QUIET_MS) <= SPEAKER_MESSAGE;
}

void victim_end(struct victim *v, struct attack_stage *st)
{
	speaker_close(&v->s);
	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
}

void victim_segment(struct victim *v, struct attack_stage *st, struct frame *f, uint32_t offset,
	uint8_t flags, const void *data, size_t len)
{
	router_frame(st, f, "ce-x:eth1", "pe1:eth4");
	frame_ip(f, &(struct frame_ip){.src = "192.168.4.2",
			    .dst = "192.168.4.1",
			    .protocol = IPPROTO_TCP,
			    .ttl = 255});
	frame_tcp(f, v->port, 179, v->seq + offset, v->from_seq, flags, NULL, 0);
	frame_octets(f, data, len);
}
