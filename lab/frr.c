/*
 * Asks an FRR daemon over its own vty socket, as vtysh does.
 *
 * The protocol (FRR lib/vty.c, vtysh): a command ends with a zero octet; the answer is text, then three zero octets
 * and one with the command's status.
 */
#include "lab/frr.h"

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

struct answer {
	char *text;
	size_t len, cap;
};

static int frr_connect(const char *node, const char *daemon)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	char file[32];
	int fd;

	snprintf(file, sizeof file, "frr/%s.vty", daemon);
	lab_ns_path(node, "run", file, sa.sun_path, sizeof sa.sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || !connect(fd, (struct sockaddr *)&sa, sizeof sa))
		return fd;
	close(fd);
	return -1;
}

static bool frr_complete(const struct answer *a)
{
	return a->len >= 4 && !memcmp(a->text + a->len - 4, "\0\0\0", 3);
}

static bool frr_command(int fd, const char *command, struct answer *a)
{
	size_t n = strlen(command) + 1;
	struct pollfd p = {.fd = fd, .events = POLLIN};

	a->len = 0;
	if (write(fd, command, n) != (ssize_t)n)
		return false;
	while (!frr_complete(a)) {
		ssize_t got;

		if (a->cap - a->len < 4096) {
			if (a->cap > ANSWER_MAX)
				return false;
			a->cap += 65536;
			a->text = realloc(a->text, a->cap);
			CHECK(a->text);
		}
		if (poll(&p, 1, ANSWER_MS) <= 0)
			return false;
		got = read(fd, a->text + a->len, a->cap - a->len);
		if (got <= 0)
			return false;
		a->len += got;
	}
	return true;
}

json_t *lab_frr_ask(const char *node, const char *daemon, const char *command)
{
	struct answer a = {0};
	json_t *json = NULL;
	int fd = frr_connect(node, daemon);

	if (fd < 0)
		return NULL;
	if (frr_command(fd, "enable", &a) && frr_command(fd, command, &a))
		json = json_loadb(a.text, strnlen(a.text, a.len), JSON_DISABLE_EOF_CHECK, NULL);
	free(a.text);
	close(fd);
	return json;
}
