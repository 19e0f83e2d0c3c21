/*
 * The management socket, from the router's own host: another user, requests without end, clients that hold on to connections. Also where
 * somebody has opened the socket's mode. Its control is in it: root asks in the same words and is answered.
 */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lib/check.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define TRIES	  2
#define CLIENTS	  100
#define OVERSIZED 65536
#define WAIT_MS	  1000
#define ASK	  "ravelin show version"
#define AS_OTHER  "setpriv --reuid=daemon --regid=daemon --clear-groups " ASK
#define SOCKET	  " /run/ravelin/ravelin.sock"

static int mgt_02_connect(struct attack_stage *st)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	lab_ns_path(st->run->topo.nodes[st->pe_node].name, "run", "ravelin/ravelin.sock",
		sa.sun_path, sizeof sa.sun_path);
	if (fd >= 0 && !connect(fd, (struct sockaddr *)&sa, sizeof sa))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* A request whose headers do not end is not read to its end: refused, or cut. */
static bool mgt_02_swallows(struct attack_stage *st)
{
	struct pollfd p = {.fd = mgt_02_connect(st), .events = POLLIN};
	char line[] = "X-Long: 0123456789012345678901234567890123456789\r\n", answer[64] = "";
	bool refused;

	if (p.fd < 0)
		return true;
	send(p.fd, "GET /v1 HTTP/1.1\r\n", 18, MSG_NOSIGNAL);
	for (unsigned n = 0; n < OVERSIZED; n += sizeof line - 1)
		if (send(p.fd, line, sizeof line - 1, MSG_NOSIGNAL) < 0)
			break;
	refused = poll(&p, 1, WAIT_MS) > 0;
	if (refused && recv(p.fd, answer, sizeof answer - 1, 0) > 0)
		refused = strstr(answer, " 200 ") == NULL;
	close(p.fd);
	return !refused;
}

/* How many of many idle clients get in; all are gone afterwards. */
static unsigned mgt_02_crowd(struct attack_stage *st)
{
	int fd[CLIENTS];
	unsigned n = 0;

	for (unsigned i = 0; i < CLIENTS; i++) {
		fd[n] = mgt_02_connect(st);
		n += fd[n] >= 0;
	}
	for (unsigned i = 0; i < n; i++)
		close(fd[i]);
	return n;
}

static bool mgt_02_answers(struct attack_stage *st, void *arg)
{
	json_t *answer = attack_api(st, "/v1/version");

	json_decref(answer);
	return answer != NULL;
}

static void mgt_02_launch(struct attack_stage *st, struct attack_impact *out)
{
	char text[512];
	unsigned got = 0, crowd;
	bool swallows;
	int root;

	for (unsigned i = 0; i < 2 * TRIES; i++) {
		if (i == TRIES)
			attack_shell(st, "pe1", "chmod 666" SOCKET, text, sizeof text);
		got += !attack_shell(st, "pe1", AS_OTHER, text, sizeof text);
	}
	attack_shell(st, "pe1", "chmod 660" SOCKET, text, sizeof text);
	swallows = mgt_02_swallows(st);
	crowd = mgt_02_crowd(st);
	out->sent = 2 * TRIES + 2;
	out->counted =
		2 * TRIES; /* whom the one socket's mode keeps out asks at the read-only one */
	out->hit = got + swallows + !attack_until(st, mgt_02_answers, NULL, WAIT_MS);
	out->partial = true;
	root = attack_shell(st, "pe1", ASK, text, sizeof text);
	out->error = root ? -EPERM : 0;
	snprintf(out->observed, sizeof out->observed,
		"another user is answered %u times of %u, root %s; an endless request is %s; of %u "
		"clients at once %u get in",
		got, 2 * TRIES, root ? "neither" : "is", swallows ? "read" : "cut", CLIENTS, crowd);
}

const struct attack *attack_mgt_02(void)
{
	static const struct attack row = {
		.id = "MGT-02",
		.title = "the management socket: another user, an endless request, a crowd",
		.clause = "RFC 4364 13.3, RFC 9110 17.5",
		.attacker = "pe1",
		.target = "pe1",
		.passes = "refused, and the operator is answered afterwards",
		.counter = {{ATTACK_LOG, "pe1", "api_refused", ATTACK_EXACTLY}},
		.launch = mgt_02_launch,
		.legit = router_others_live,
		.only_pe = "ravelin",
	};

	return &row;
}
