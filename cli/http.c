#include "cli/http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/check.h"
#include "lib/text.h"

#define CLI_HTTP_FIRST 65536

static int cli_http_connect(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	struct timeval tv = {.tv_sec = CLI_HTTP_TIMEOUT_S};

	if (strlen(path) >= sizeof(to.sun_path))
		return -ENAMETOOLONG;
	strcpy(to.sun_path, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	int error = errno;
	close(fd);
	return -error;
}

static int cli_http_send(int fd, const char *octets, size_t len)
{
	while (len) {
		ssize_t n = send(fd, octets, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		octets += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Everything until the other side closes. *octets is the caller's to free, also after a failure. */
static int cli_http_drain(int fd, char **octets, size_t *len)
{
	size_t cap = CLI_HTTP_FIRST;

	*len = 0;
	*octets = malloc(cap);
	CHECK(*octets != NULL);
	for (;;) {
		if (*len + 1 == cap) {
			if (cap >= CLI_HTTP_ANSWER_MAX)
				return -EMSGSIZE;
			*octets = realloc(*octets, cap *= 2);
			CHECK(*octets != NULL);
		}
		ssize_t n = recv(fd, *octets + *len, cap - *len - 1, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (n == 0)
			break;
		*len += (size_t)n;
	}
	(*octets)[*len] = '\0';
	return 0;
}

/* The value of Content-Length, or what there is if it is not said. False if it says more than there is. */
static bool cli_http_length(char *head, size_t have, size_t *len)
{
	static const char name[] = "\r\nContent-Length:";
	const char *at = strcasestr(head, name);
	uint64_t n;

	*len = have;
	if (!at)
		return true;
	at += sizeof(name) - 1;
	at += strspn(at, " ");
	char digits[24] = "";
	strncat(digits, at, strcspn(at, "\r\n") < 20 ? strcspn(at, "\r\n") : 20);
	if (!text_parse_u64(digits, have, &n))
		return false;
	*len = (size_t)n;
	return true;
}

static int cli_http_hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Chunks (RFC 9112 7.1) into one body, in place; no trailers. False if they are malformed or the last is missing. */
static bool cli_http_unchunk(char *body, size_t have, size_t *len)
{
	size_t at = 0;

	for (*len = 0;;) {
		size_t n = 0, digits = 0;
		int d;

		for (; at < have && (d = cli_http_hex(body[at])) >= 0; at++, digits++)
			n = n * 16 + (size_t)d;
		if (digits == 0 || digits > 8 || have - at < 4 || n > have - at - 4)
			return false;
		if (memcmp(body + at, "\r\n", 2) != 0 || memcmp(body + at + 2 + n, "\r\n", 2) != 0)
			return false;
		if (n == 0)
			return at + 4 == have;
		memmove(body + *len, body + at + 2, n);
		*len += n;
		at += n + 4;
	}
}

static bool cli_http_is_chunked(const char *head)
{
	return strcasestr(head, "\r\nTransfer-Encoding: chunked") != NULL;
}

bool cli_http_parse(char *octets, size_t len, struct cli_answer *out)
{
	char *end = memmem(octets, len, "\r\n\r\n", 4);
	int status;

	if (!end || sscanf(octets, "HTTP/1.%*1[01] %3d", &status) != 1)
		return false;
	*end = '\0';
	size_t have = len - (size_t)(end + 4 - octets);
	if (cli_http_is_chunked(octets) ? !cli_http_unchunk(end + 4, have, &out->len)
					: !cli_http_length(octets, have, &out->len))
		return false;
	out->status = status;
	out->body = malloc(out->len + 1);
	CHECK(out->body != NULL);
	memcpy(out->body, end + 4, out->len);
	out->body[out->len] = '\0';
	return true;
}

/* Beside the socket of this path, the one that more users may ask at. False: it is named otherwise. */
static bool cli_http_read_only(const char *path, char *out, size_t cap)
{
	static const char name[] = "/ravelin.sock";
	size_t len = strlen(path), dir = len - (sizeof(name) - 1);

	if (len < sizeof(name) - 1 || strcmp(path + dir, name) != 0)
		return false;
	int n = snprintf(out, cap, "%.*s/ravelin-ro.sock", (int)dir, path);
	return n > 0 && (size_t)n < cap;
}

int cli_http_open(const char *socket_path, const char *method, const char *target)
{
	char request[2048];
	int n = snprintf(request, sizeof(request),
		"%s %s HTTP/1.1\r\nHost: ravelin\r\nConnection: close\r\n%s\r\n", method, target,
		strcmp(method, "POST") == 0 ? "X-Ravelin: 1\r\nContent-Length: 0\r\n" : "");

	if (n < 0 || (size_t)n >= sizeof(request))
		return -EMSGSIZE;
	char read_only[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	int fd = cli_http_connect(socket_path);
	if (fd == -EACCES && strcmp(method, "GET") == 0 &&
		cli_http_read_only(socket_path, read_only, sizeof(read_only)))
		fd = cli_http_connect(read_only);
	if (fd < 0)
		return fd;
	int rc = cli_http_send(fd, request, (size_t)n);
	if (rc == 0)
		return fd;
	close(fd);
	return rc;
}

static int cli_http_take(int fd, struct cli_answer *out)
{
	char *octets = NULL;
	size_t len = 0;
	int rc = cli_http_drain(fd, &octets, &len);

	close(fd);
	if (rc == 0 && !cli_http_parse(octets, len, out))
		rc = -EPROTO;
	free(octets);
	return rc;
}

int cli_http_ask(
	const char *socket_path, const char *method, const char *target, struct cli_answer *out)
{
	int fd = cli_http_open(socket_path, method, target);

	return fd < 0 ? fd : cli_http_take(fd, out);
}

int cli_http_ask_briefly(const char *socket_path, const char *target, struct cli_answer *out)
{
	const struct timeval brief = {.tv_usec = CLI_HTTP_BRIEFLY_MS * 1000};
	int fd = cli_http_open(socket_path, "GET", target);

	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof(brief));
	return cli_http_take(fd, out);
}

void cli_http_free(struct cli_answer *a)
{
	free(a->body);
	*a = (struct cli_answer){0};
}
