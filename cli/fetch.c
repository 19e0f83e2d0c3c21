#include "cli/fetch.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define FETCH_ROOM 65536u

enum chunks_state {
	CHUNKS_SIZE,
	CHUNKS_SIZE_LF,
	CHUNKS_DATA,
	CHUNKS_CR,
	CHUNKS_LF,
	CHUNKS_LAST_CR,
	CHUNKS_LAST_LF,
	CHUNKS_END
};

static int chunks_hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

static bool chunks_size(struct cli_chunks *c, char octet)
{
	int d = chunks_hex(octet);

	if (d < 0) {
		c->state = CHUNKS_SIZE_LF;
		return octet == '\r' && c->digits > 0;
	}
	c->left = c->left << 4 | (uint32_t)d;
	return ++c->digits <= 8;
}

/* An octet that is not data. */
static bool chunks_frame(struct cli_chunks *c, char octet)
{
	static const struct {
		char octet;
		uint8_t next;
	} rows[] = {
		[CHUNKS_SIZE_LF] = {'\n', CHUNKS_DATA},
		[CHUNKS_CR] = {'\r', CHUNKS_LF},
		[CHUNKS_LF] = {'\n', CHUNKS_SIZE},
		[CHUNKS_LAST_CR] = {'\r', CHUNKS_LAST_LF},
		[CHUNKS_LAST_LF] = {'\n', CHUNKS_END},
	};

	if (c->state == CHUNKS_SIZE)
		return chunks_size(c, octet);
	if (c->state == CHUNKS_END || octet != rows[c->state].octet)
		return false;
	c->state = rows[c->state].next;
	if (c->state == CHUNKS_DATA && c->left == 0)
		c->state = CHUNKS_LAST_CR;
	if (c->state == CHUNKS_SIZE)
		c->digits = 0;
	return true;
}

int cli_chunks_step(
	struct cli_chunks *c, const char *octets, size_t len, cli_sink_fn *sink, void *arg)
{
	while (len) {
		size_t n = c->state != CHUNKS_DATA ? 1 : len < c->left ? len : c->left;

		if (c->state == CHUNKS_DATA) {
			int rc = sink(arg, octets, n);
			if (rc < 0)
				return rc;
			c->left -= (uint32_t)n;
			c->state = c->left ? CHUNKS_DATA : CHUNKS_CR;
		} else if (!chunks_frame(c, *octets)) {
			return -EPROTO;
		}
		octets += n;
		len -= n;
	}
	return c->state == CHUNKS_END;
}

static ssize_t fetch_recv(int fd, char *octets, size_t cap)
{
	ssize_t n;

	do
		n = recv(fd, octets, cap, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	return n;
}

/* All of an answer that is no stream: a refusal, and short. */
static int fetch_refused(int fd, char *room, size_t have, struct cli_answer *out)
{
	ssize_t n;

	while (have < FETCH_ROOM && (n = fetch_recv(fd, room + have, FETCH_ROOM - have)) > 0)
		have += (size_t)n;
	room[have] = '\0';
	return cli_http_parse(room, have, out) && out->status != 200 ? 0 : -EPROTO;
}

struct fetch_to {
	cli_sink_fn *sink;
	cli_tick_fn *tick; /* NULL: nothing for so long is an error */
	void *arg;
};

/* As fetch_recv, but that who waits on purpose goes on. */
static ssize_t fetch_wait(int fd, char *octets, size_t cap, const struct fetch_to *to)
{
	ssize_t n;
	int rc = 0;

	while ((n = fetch_recv(fd, octets, cap)) == -ETIMEDOUT && to->tick && rc == 0)
		rc = to->tick(to->arg);
	return rc < 0 ? rc : n;
}

static int fetch_body(int fd, char *room, size_t have, const struct fetch_to *to)
{
	struct cli_chunks chunks = {0};
	char *octets = (char *)memmem(room, have, "\r\n\r\n", 4) + 4;
	ssize_t n = room + have - octets;

	for (;;) {
		int rc = cli_chunks_step(&chunks, octets, (size_t)n, to->sink, to->arg);
		if (rc != 0)
			return rc < 0 ? rc : 0;
		octets = room;
		n = fetch_wait(fd, room, FETCH_ROOM, to);
		if (n <= 0)
			return n < 0 ? (int)n : -EPIPE;
	}
}

static int fetch_answer(int fd, const struct fetch_to *to, struct cli_answer *out)
{
	static const char ok[] = "HTTP/1.1 200 ";
	char room[FETCH_ROOM + 1];
	size_t have = 0;

	while (!memmem(room, have, "\r\n\r\n", 4)) {
		ssize_t n = fetch_recv(fd, room + have, FETCH_ROOM - have);
		if (n <= 0)
			return n < 0 ? (int)n : -EPROTO;
		have += (size_t)n;
	}
	room[have] = '\0';
	if (strncmp(room, ok, sizeof(ok) - 1) != 0)
		return fetch_refused(fd, room, have, out);
	if (!strcasestr(room, "\r\nTransfer-Encoding: chunked"))
		return -EPROTO;
	out->status = 200;
	if (to->tick) {
		const struct timeval second = {.tv_sec = 1};
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	}
	return fetch_body(fd, room, have, to);
}

static int fetch(const char *socket_path, const char *target, const struct fetch_to *to,
	struct cli_answer *out)
{
	int fd = cli_http_open(socket_path, "GET", target);

	*out = (struct cli_answer){0};
	if (fd < 0)
		return fd;
	int rc = fetch_answer(fd, to, out);
	close(fd);
	return rc;
}

int cli_fetch(const char *socket_path, const char *target, cli_sink_fn *sink, void *arg,
	struct cli_answer *out)
{
	return fetch(socket_path, target, &(struct fetch_to){sink, NULL, arg}, out);
}

int cli_fetch_live(const char *socket_path, const char *target, cli_sink_fn *sink,
	cli_tick_fn *tick, void *arg, struct cli_answer *out)
{
	return fetch(socket_path, target, &(struct fetch_to){sink, tick, arg}, out);
}
