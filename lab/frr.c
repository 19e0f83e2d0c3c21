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
#define READ_MIN   4096
#define READ_STEP  65536

#define FRR_SUCCESS 0 /* FRR lib/command.h */
#define FRR_WARNING 1

struct lab_frr {
	int fd;
	char *text; /* the last answer; a zero octet ends it, then its status */
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

static bool frr_complete(const struct lab_frr *f)
{
	return f->len >= 4 && !memcmp(f->text + f->len - 4, "\0\0\0", 3);
}

static bool frr_more(struct lab_frr *f)
{
	struct pollfd p = {.fd = f->fd, .events = POLLIN};
	ssize_t got;

	if (f->cap - f->len < READ_MIN) {
		if (f->cap > ANSWER_MAX)
			return false;
		f->cap += READ_STEP;
		f->text = realloc(f->text, f->cap);
		CHECK(f->text);
	}
	if (poll(&p, 1, ANSWER_MS) <= 0)
		return false;
	got = read(f->fd, f->text + f->len, f->cap - f->len);
	if (got <= 0)
		return false;
	f->len += got;
	return true;
}

/* False if there was no whole answer; what the daemon thinks of the command is in its status. */
static bool frr_command(struct lab_frr *f, const char *command)
{
	size_t n = strlen(command) + 1;

	f->len = 0;
	if (write(f->fd, command, n) != (ssize_t)n)
		return false;
	while (!frr_complete(f))
		if (!frr_more(f))
			return false;
	return true;
}

bool lab_frr_say(struct lab_frr *frr, const char *command)
{
	int status = frr_command(frr, command) ? frr->text[frr->len - 1] : -1;

	return status == FRR_SUCCESS || status == FRR_WARNING;
}

struct lab_frr *lab_frr_open(const char *node, const char *daemon)
{
	struct lab_frr *f = calloc(1, sizeof *f);

	CHECK(f);
	f->fd = frr_connect(node, daemon);
	if (f->fd >= 0 && frr_command(f, "enable"))
		return f;
	lab_frr_close(f);
	return NULL;
}

void lab_frr_close(struct lab_frr *frr)
{
	if (frr->fd >= 0)
		close(frr->fd);
	free(frr->text);
	free(frr);
}

json_t *lab_frr_ask(const char *node, const char *daemon, const char *command)
{
	struct lab_frr *f = lab_frr_open(node, daemon);
	json_t *json = NULL;

	if (!f)
		return NULL;
	if (frr_command(f, command))
		json = json_loadb(f->text, strnlen(f->text, f->len), JSON_DISABLE_EOF_CHECK, NULL);
	lab_frr_close(f);
	return json;
}
