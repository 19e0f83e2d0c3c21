#include "cli/mrt.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "cli/fetch.h"
#include "cli/mrt_file.h"
#include "cli/mrt_updates.h"

struct mrt_dump {
	struct mrt_file file;
	bool tell; /* progress, to a terminal */
	time_t told;
	uint64_t octets;
};

int mrt_help(FILE *to)
{
	fputs("usage: ravelin [-s SOCKET] mrt dump [-f] FILE\n"
	      "       ravelin [-s SOCKET] mrt updates [-f] [-n NEIGHBOR] [--sent] FILE\n"
	      "       ravelin [-s SOCKET] mrt updates --rotate=TIME [-n NEIGHBOR] [--sent] "
	      "DIRECTORY\n\n"
	      "  dump     the routes of the core, IPv4 and VPN-IPv4, all paths with their\n"
	      "           attributes, as TABLE_DUMP_V2 (RFC 6396): for bgpdump and its like\n"
	      "  updates  what neighbors say from now on, every message, and the states of\n"
	      "           their sessions, as BGP4MP_ET; until it is interrupted\n\n"
	      "  FILE -: standard output\n"
	      "  -f, --force              FILE may be there: it is replaced, when the new one is "
	      "whole\n"
	      "  -n, --neighbor=NEIGHBOR  of this one only\n"
	      "      --sent               what they are told, too\n"
	      "      --rotate=TIME        a file for each 15m (or s, h), updates.YYYYMMDD.HHMM in "
	      "UTC,\n"
	      "                           which has its name when it is finished\n",
		to);
	return to == stdout ? MRT_OK : MRT_USAGE;
}

static void mrt_tell(struct mrt_dump *d, const char *end)
{
	if (d->tell)
		fprintf(stderr, "\r%llu KiB%s", (unsigned long long)(d->octets / 1024), end);
}

static int mrt_take(void *arg, const char *octets, size_t len)
{
	struct mrt_dump *d = arg;
	time_t now = time(NULL);

	if (mrt_interrupted())
		return -EINTR;
	if (fwrite(octets, 1, len, d->file.to) != len)
		return -errno;
	d->octets += len;
	if (now != d->told)
		mrt_tell(d, "");
	d->told = now;
	return 0;
}

int mrt_file_error(const struct mrt_file *f, int error)
{
	if (error == ENOTTY)
		fputs("ravelin: this is no text for a terminal: name a file, or pipe it\n", stderr);
	else if (error == EINTR)
		fprintf(stderr, "ravelin: interrupted, %s is not written\n", f->name);
	else
		fprintf(stderr, "ravelin: %s: %s%s\n", f->name, strerror(error),
			error == EEXIST ? "; to replace it: -f" : "");
	return MRT_NO;
}

int mrt_refused(struct cli_answer *a)
{
	json_t *answer = json_loadb(a->body, a->len, 0, NULL);
	const char *why = json_string_value(json_object_get(answer, "error"));

	fprintf(stderr, "ravelin: %s (HTTP %d)\n", why ? why : "refused", a->status);
	json_decref(answer);
	cli_http_free(a);
	return MRT_NO;
}

static int mrt_fetch(struct mrt_dump *d, const char *socket, const char *target, bool force)
{
	struct mrt_file *f = &d->file;
	struct cli_answer answer;
	int rc = cli_fetch(socket, target, mrt_take, d, &answer);

	mrt_tell(d, "\n");
	if (rc == 0 && answer.status != 200)
		return mrt_refused(&answer);
	if (rc == -ENOENT || rc == -ECONNREFUSED || rc == -EACCES) {
		fprintf(stderr, "ravelin: %s: %s\n", socket, strerror(-rc));
		return MRT_NO_DAEMON;
	}
	if (rc == 0)
		rc = mrt_keep(f, force);
	else if (rc == -EPIPE || rc == -EPROTO || rc == -ETIMEDOUT) {
		fprintf(stderr, "ravelin: %s: the answer is not whole; %s is not written\n", socket,
			f->name);
		return MRT_NO;
	}
	return rc < 0 ? mrt_file_error(f, -rc) : MRT_OK;
}

static int mrt_dump(int argc, char **argv, const char *socket)
{
	static const struct option options[] = {
		{"force", no_argument, NULL, 'f'}, {"help", no_argument, NULL, 'h'}, {0}};
	struct mrt_dump d = {.tell = isatty(STDERR_FILENO) == 1};
	struct mrt_file *f = &d.file;
	bool force = false;
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "fh", options, NULL)) != -1) {
		if (c != 'f')
			return mrt_help(c == 'h' ? stdout : stderr);
		force = true;
	}
	if (optind != argc - 1)
		return mrt_help(stderr);
	f->name = argv[optind];
	mrt_hold_signals(SIG_BLOCK);
	int rc = mrt_open(f, force);
	int status = rc < 0 ? mrt_file_error(f, -rc) : mrt_fetch(&d, socket, "/v1/mrt/rib", force);
	mrt_close(f);
	mrt_hold_signals(SIG_UNBLOCK);
	return status;
}

int cli_mrt(int argc, char **argv, const char *socket)
{
	if (argc > 1 && strcmp(argv[1], "dump") == 0)
		return mrt_dump(argc - 1, argv + 1, socket);
	if (argc > 1 && strcmp(argv[1], "updates") == 0)
		return mrt_updates(argc - 1, argv + 1, socket);
	return mrt_help(argc > 1 && (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
				? stdout
				: stderr);
}
