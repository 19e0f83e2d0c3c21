/*
 * load: announces routes to a BGP speaker and checks, to the last route, what its other neighbours then hold.
 *
 *   load [-p PID] [-R COMMAND] [-a COMMUNITY] [-t SECONDS] [-s SENDERS] [-i IDLE] [-w] [-k HOLD]
 *        [-x missing|attribute]
 *        SHAPE ROUTES RECEIVERS PHASE...
 *
 * Shapes: ebgp server selective reflector floor-ipv4 floor-vpnv4. Phases, in the order given:
 *   announce churn withdraw lost late reload reconnect
 * -a: what COMMAND, that of reload, adds to everything; -s: so many senders of the same routes; -i: so many neighbours
 * of another family, which have nothing to say and are told nothing; -w: one more receiver, which reads 10 kB/s and is waited for by nobody;
 * -k: the hold time in seconds; -x: announces something wrong, which must be found. RECEIVERS 0: intake alone; a phase is over when the subject (-p) rests. Sessions come from the addresses and AS that
 * tests/bench/subjects.py configures. One JSON object a phase on standard output; exit 1 if any was wrong.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/check.h"
#include "lib/text.h"
#include "tests/bench/load/phase.h"

#define SENDERS_MAX    99u
#define NET	       0x0a630000u /* 10.99.0.0 */
#define SUBJECT_AS     65000u
#define SENDER_AS      65101u
#define RECEIVER_AS    65201u /* and up */
#define IDLE_AS	       65501u /* and up */
#define IDLE_MAX       250u
#define COMMUNITY      (65000u << 16 | 999u)
#define REST_TIMEOUT   UINT64_C(3000000000)
#define SETTLE_TIMEOUT UINT64_C(30000000000)
#define WRONG_MAX      1 /* one phase may be wrong before the rest is not tried */

/* A connected pair over loopback: what the floor runs on. */
static void pair(int fd[2])
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CHECK(listener >= 0 && bind(listener, (struct sockaddr *)&a, len) == 0 &&
		listen(listener, 1) == 0 &&
		getsockname(listener, (struct sockaddr *)&a, &len) == 0);
	fd[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(fd[0] >= 0 && connect(fd[0], (struct sockaddr *)&a, len) == 0);
	fd[1] = accept(listener, NULL, NULL);
	CHECK(fd[1] >= 0);
	for (unsigned i = 0; i < 2; i++)
		CHECK(fcntl(fd[i], F_SETFL, O_NONBLOCK) == 0);
	close(listener);
}

static void start_floor(struct bench *b)
{
	int fd[2];

	for (unsigned i = 0; i < b->n_receivers; i++) {
		pair(fd);
		session_adopt(source(b, i), fd[0]);
		session_adopt(receiver(b, i), fd[1]);
	}
	b->n_now = b->n_receivers;
}

static bool start(struct bench *b)
{
	uint64_t end = load_now_ns() + SETTLE_TIMEOUT;

	if (b->is_floor) {
		start_floor(b);
		return true;
	}
	b->n_now = b->n_receivers;
	for (unsigned i = 0; i < b->load.n; i++)
		if (&b->load.list[i] != receiver(b, b->n_receivers)) /* the late one */
			session_dial(&b->load.list[i]);
	while (!bench_is_up(b) && load_now_ns() < end)
		load_turn(&b->load, 20);
	for (unsigned i = 0; i < b->load.n; i++)
		if (b->load.list[i].wanted && b->load.list[i].state != SESSION_UP)
			fprintf(stderr, "load: session %u is not up: %s\n", i, b->load.list[i].why);
	if (!bench_is_up(b))
		return false;
	bench_wait_rest(b, REST_TIMEOUT);
	for (unsigned i = 0; i < b->load.n; i++)
		b->load.list[i].silence_ns = 0;
	subject_reset_peak(b->pid);
	b->idle = subject_get(b->pid);
	return true;
}

static void make_sessions(struct bench *b)
{
	const struct model *m = &b->load.model;
	bool internal = m->shape == MODEL_REFLECTOR;
	unsigned n_sinks = b->n_receivers + 1 + b->n_slow;
	unsigned n_sources = b->is_floor && b->n_receivers ? b->n_receivers - 1 : 0;

	b->load.n = b->n_senders + n_sinks + n_sources + b->n_idle;
	b->load.list = calloc(b->load.n, sizeof(*b->load.list));
	CHECK(b->load.list);
	b->load.epoll = epoll_create1(EPOLL_CLOEXEC);
	CHECK(b->load.epoll >= 0);
	for (unsigned k = 0; k < b->n_senders; k++)
		session_init(sender(b, k), &b->load, m->sender + k,
			internal ? SUBJECT_AS : SENDER_AS + k, false);
	for (unsigned i = 0; i < n_sinks; i++)
		session_init(receiver(b, i), &b->load, NET | 0x200 | (i + 1),
			internal ? SUBJECT_AS : RECEIVER_AS + i, true);
	for (unsigned i = 0; i < b->n_slow; i++)
		slow(b, i)->is_slow = true;
	for (unsigned i = 0; i < b->n_idle; i++) {
		session_init(idler(b, i), &b->load, NET | 0x300 | (i + 1),
			internal ? SUBJECT_AS : IDLE_AS + i, false);
		idler(b, i)->family = internal ? WIRE_IPV4_UNICAST : WIRE_VPNV4;
	}
	for (unsigned i = 0; i < n_sources; i++)
		session_init(source(b, 1 + i), &b->load, 0, 0, false);
}

static bool parse_shape(const char *word, struct bench *b, enum model_shape *shape)
{
	b->is_floor = strncmp(word, "floor-", 6) == 0;
	if (b->is_floor) {
		*shape = strcmp(word, "floor-vpnv4") == 0 ? MODEL_REFLECTOR : MODEL_SERVER;
		return true;
	}
	for (*shape = 0; *shape < MODEL_SHAPES; ++*shape)
		if (strcmp(word, model_shape_name(*shape)) == 0)
			return true;
	return false;
}

static bool parse_option(int c, struct bench *b)
{
	uint64_t number;

	switch (c) {
	case 'R':
		b->reload = optarg;
		return true;
	case 'w':
		b->n_slow = 1;
		return true;
	case 'x':
		b->spoil = strcmp(optarg, "missing") == 0 ? MODEL_MISSING : MODEL_ATTRIBUTE;
		return b->spoil == MODEL_MISSING || strcmp(optarg, "attribute") == 0;
	case '?':
		return false;
	default:
		if (!text_parse_u64(optarg, UINT32_MAX, &number))
			return false;
	}
	if (c == 'p')
		b->pid = (int)number;
	else if (c == 't')
		b->timeout_ns = number * 1000000000u;
	else if (c == 's')
		b->n_senders = (unsigned)number;
	else if (c == 'a')
		b->community = (uint32_t)number;
	else if (c == 'i')
		b->n_idle = (unsigned)number;
	else
		b->load.hold_s = (uint16_t)number;
	return b->n_senders > 0 && b->n_senders <= SENDERS_MAX && b->n_idle <= IDLE_MAX;
}

static bool parse(int argc, char **argv, struct bench *b, int *first_phase)
{
	uint64_t routes, receivers;
	enum model_shape shape;
	int c;

	while ((c = getopt(argc, argv, "a:i:k:p:R:s:t:wx:")) != -1)
		if (!parse_option(c, b))
			return false;
	if (argc - optind < 4 || !parse_shape(argv[optind], b, &shape) ||
		!text_parse_u64(argv[optind + 1], 8000000, &routes) || !routes ||
		!text_parse_u64(argv[optind + 2], 250, &receivers))
		return false;
	b->n_receivers = (unsigned)receivers;
	b->load.model = (struct model){.subject_as = SUBJECT_AS,
		.sender_as = shape == MODEL_REFLECTOR ? SUBJECT_AS : SENDER_AS,
		.receiver_as = RECEIVER_AS,
		.sender = NET | 0x101,
		.subject = NET | 0x001};
	model_init(&b->load.model, shape, (uint32_t)routes);
	*first_phase = optind + 3;
	return true;
}

int main(int argc, char **argv)
{
	struct bench b = {.timeout_ns = UINT64_C(60000000000),
		.n_senders = 1,
		.community = COMMUNITY,
		.load.hold_s = 180};
	int at;

	signal(SIGPIPE, SIG_IGN);
	if (!parse(argc, argv, &b, &at)) {
		fprintf(stderr,
			"usage: load [-p PID] [-R COMMAND] [-a COMMUNITY] [-t SECONDS] "
			"[-s SENDERS] [-i IDLE] [-w] [-k HOLD] [-x missing|attribute] "
			"ebgp|server|selective|reflector|floor-ipv4|floor-vpnv4 ROUTES RECEIVERS "
			"PHASE...\n");
		return 2;
	}
	make_sessions(&b);
	if (!start(&b))
		return 1;
	for (; at < argc && b.n_wrong <= WRONG_MAX; at++) {
		b.drains = b.n_slow && at == argc - 1;
		if (!bench_run_phase(&b, argv[at]))
			return 2;
	}
	for (unsigned i = 0; i < b.load.n; i++)
		session_fini(&b.load.list[i]);
	free(b.load.list);
	model_fini(&b.load.model);
	return b.n_wrong > 0;
}
