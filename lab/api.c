/* Asks the ravelind of a node over its API like any other client: HTTP/1.1 over a unix socket. */
#include "lab/api.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lab/ns.h"
#include "lib/check.h"

#define ANSWER_MS  3000
#define ANSWER_MAX (4 << 20)

static int api_connect(const char *node)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd;

	lab_ns_path(node, "run", "ravelin/ravelin.sock", sa.sun_path, sizeof sa.sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || !connect(fd, (struct sockaddr *)&sa, sizeof sa))
		return fd;
	close(fd);
	return -1;
}

/* Connection: close, so the answer is everything until the end. */
static char *api_read(int fd, size_t *len)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	size_t cap = 0;
	char *text = NULL;
	ssize_t n;

	*len = 0;
	do {
		if (cap - *len < 4096) {
			cap += 65536;
			text = realloc(text, cap);
			CHECK(text);
		}
		if (poll(&p, 1, ANSWER_MS) <= 0)
			break;
		n = read(fd, text + *len, cap - *len - 1);
		*len += n > 0 ? n : 0;
	} while (n > 0 && cap < ANSWER_MAX);
	text[*len] = 0;
	return text;
}

static json_t *api_ask(const char *node, const char *method, const char *path)
{
	char ask[256], *text, *body;
	json_t *json = NULL;
	size_t len;
	int n, fd = api_connect(node);

	if (fd < 0)
		return NULL;
	n = snprintf(ask, sizeof ask,
		"%s %s HTTP/1.0\r\nHost: ravelin\r\nConnection: close\r\nX-Ravelin: 1\r\n"
		"Content-Length: 0\r\n\r\n",
		method, path);
	if (write(fd, ask, n) == n) {
		text = api_read(fd, &len);
		body = strncmp(text, "HTTP/1.", 7) != 0 || strncmp(text + 8, " 200", 4) != 0
			       ? NULL
			       : strstr(text, "\r\n\r\n");
		if (body)
			json = json_loads(body + 4, 0, NULL);
		free(text);
	}
	close(fd);
	return json;
}

json_t *lab_api_get(const char *node, const char *path)
{
	return api_ask(node, "GET", path);
}

json_t *lab_api_post(const char *node, const char *path)
{
	return api_ask(node, "POST", path);
}
