/* Echo requests at a steady pace, commands in between, and the count of those that nobody answered. */
#include "lab/failover.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/ping.h"
#include "lib/check.h"
#include "lib/text.h"

#define EVERY_MS 20
#define BEFORE	 25 /* answered in a row before it fails, and so shown to work */
#define AFTER	 75 /* and afterwards: it works again */
#define SENT_MAX 4096
#define ECHO_ID	 0x5246
#define LINES	 4096

struct stream {
	int fd;
	struct sockaddr_in to;
	uint8_t nonce[LAB_NONCE_LEN];
	bool answered[SENT_MAX + 1];
	unsigned sent; /* numbered from 1 */
	unsigned long long next_ms;
};

static int stream_open(struct stream *st, const struct lab_run *r, const struct lab_step *s)
{
	struct sockaddr_in from = {.sin_family = AF_INET};

	*st = (struct stream){.to = {.sin_family = AF_INET}, .next_ms = lab_now_ms()};
	inet_pton(AF_INET, s->source, &from.sin_addr);
	inet_pton(AF_INET, s->to, &st->to.sin_addr);
	lab_ping_nonce(st->nonce);
	st->fd = lab_ns_socket(
		&r->base, &r->ns[s->from], AF_INET, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_ICMP);
	if (st->fd < 0)
		return st->fd;
	return bind(st->fd, (struct sockaddr *)&from, sizeof from) < 0 ? -errno : 0;
}

static void stream_take(struct stream *st)
{
	uint8_t packet[2048];
	ssize_t n;

	while ((n = recv(st->fd, packet, sizeof packet, 0)) > 0) {
		struct lab_packet got = {0};

		if (lab_packet_parse_ip(packet, n, &got) && !got.icmp_type && got.nonce &&
			!memcmp(got.nonce, st->nonce, LAB_NONCE_LEN) && got.icmp_seq <= st->sent)
			st->answered[got.icmp_seq] = true;
	}
}

/* The next request when it is due; what cannot be sent for want of a route is lost like any other. */
static void stream_turn(struct stream *st)
{
	struct pollfd p = {.fd = st->fd, .events = POLLIN};
	unsigned long long now = lab_now_ms();
	uint8_t echo[LAB_PACKET_MAX];

	if (now < st->next_ms) {
		poll(&p, 1, (int)(st->next_ms - now));
		stream_take(st);
		return;
	}
	st->next_ms = now + EVERY_MS;
	st->sent++;
	sendto(st->fd, echo, lab_packet_echo(echo, ECHO_ID, st->sent, st->nonce), 0,
		(struct sockaddr *)&st->to, sizeof st->to);
}

/* How many of the last ones were answered in a row; the very last may be on its way. */
static unsigned stream_run(const struct stream *st)
{
	unsigned at = st->sent, n = 0;

	for (at -= at && !st->answered[at]; at && st->answered[at]; at--)
		n++;
	return n;
}

static bool stream_until(struct stream *st, unsigned from, unsigned run, unsigned long long end_ms)
{
	while (lab_now_ms() < end_ms && st->sent < SENT_MAX) {
		stream_turn(st);
		if (st->sent >= from + run && stream_run(st) >= run)
			return true;
	}
	return false;
}

/* All lines by one shell, which ends at the first that fails. */
static pid_t failover_commands(struct lab_run *r, const struct lab_step *s)
{
	char lines[LINES];
	struct text x = text_of(lines, sizeof lines);
	char *argv[] = {"/bin/sh", "-ec", lines, NULL};
	const struct lab_stdio io = {.in = -1, .out = -1, .err = -1};

	for (unsigned i = 0; i < s->launch.n; i++)
		text_add(&x, "%s\n", s->launch.line[i]);
	return x.full ? -E2BIG : lab_proc_spawn(&r->procs, &r->ns[s->at_node], argv, &io);
}

/* Lost, and the longest time between two answers, of what was sent; the last one is not judged. */
static unsigned stream_lost(const struct stream *st, unsigned *gap)
{
	unsigned lost = 0, run = 0;

	*gap = 0;
	for (unsigned i = 1; i < st->sent; i++) {
		run = st->answered[i] ? 0 : run + 1;
		lost += !st->answered[i];
		*gap = run > *gap ? run : *gap;
	}
	return lost;
}

static bool failover_tell(
	struct lab_run *r, const struct lab_step *s, const struct stream *st, bool back)
{
	unsigned gap, lost = stream_lost(st, &gap);
	char text[128];

	snprintf(text, sizeof text, "%s > %s goes on", s->source, s->to);
	lab_step_check(r, back, text, back ? "answered again" : "not answered any more");
	snprintf(text, sizeof text, "at most %u of the requests, one every %d ms, are lost",
		s->lost_max, EVERY_MS);
	lab_step_check(r, lost <= s->lost_max, text, "%u of %u, none answered for %.2f s", lost,
		st->sent - 1, gap * EVERY_MS / 1000.0);
	return back && lost <= s->lost_max;
}

static bool failover_stream(struct lab_run *r, const struct lab_step *s, struct stream *st)
{
	unsigned long long end = lab_now_ms() + s->deadline_s * 1000ULL;
	int status = 0;
	bool back;
	pid_t pid;

	if (!stream_until(st, 0, BEFORE, end)) {
		lab_step_check(r, false, "before", "not even then was it answered");
		return false;
	}
	pid = failover_commands(r, s);
	while (pid > 0 && !lab_proc_ended(&r->procs, pid, &status) && lab_now_ms() < end &&
		st->sent < SENT_MAX)
		stream_turn(st);
	if (pid < 0 || status) {
		lab_step_check(r, false, s->launch.line[0], "%s",
			pid < 0 ? strerror(-pid) : "a command failed");
		return false;
	}
	back = stream_until(st, st->sent, AFTER, end);
	return failover_tell(r, s, st, back);
}

enum lab_verdict lab_failover_run(struct lab_run *r, const struct lab_step *s)
{
	struct stream st;
	int err = stream_open(&st, r, s);
	bool ok = !err && failover_stream(r, s, &st);

	if (err)
		lab_step_check(r, false, "the requests", "could not be sent: %s", strerror(-err));
	if (st.fd >= 0)
		close(st.fd);
	return ok ? LAB_PASS : LAB_FAIL;
}
