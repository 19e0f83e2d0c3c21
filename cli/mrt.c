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
#include "lib/complaint.h"

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
	return to == stdout ? CLI_OK : CLI_USAGE;
}

bool mrt_can_say(const struct cli *cli, const char *name)
{
	if (!cli->json || strcmp(name, "-") != 0)
		return true;
	(void)cli_fail(true, CLI_USAGE, "MRT on standard output is no JSON: name a file");
	return false;
}

static void mrt_tell(struct mrt_dump *d, const char *end)
{
	if (d->tell)
		fprintf(complaint_to(), "\r%llu KiB%s", (unsigned long long)(d->octets / 1024),
			end);
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

int mrt_file_error(const struct cli *cli, const struct mrt_file *f, int error)
{
	if (error == ENOTTY)
		return cli_fail(cli->json, CLI_NO,
			"this is no text for a terminal: name a file, or pipe it");
	if (error == EINTR)
		return cli_fail(cli->json, CLI_NO, "interrupted, %s is not written", f->name);
	return cli_fail(cli->json, CLI_NO, "%s: %s%s", f->name, strerror(error),
		error == EEXIST ? "; to replace it: -f" : "");
}

static int mrt_fetch(struct mrt_dump *d, const struct cli *cli, const char *target, bool force)
{
	struct mrt_file *f = &d->file;
	struct cli_answer answer;
	int rc = cli_fetch(cli->socket, target, mrt_take, d, &answer);

	mrt_tell(d, "\n");
	if (rc == 0 && answer.status != 200)
		return cli_fail_refused(cli, &answer);
	if (rc == -ENOENT || rc == -ECONNREFUSED || rc == -EACCES)
		return cli_fail_daemon(cli, -rc);
	if (rc == 0)
		rc = mrt_keep(f, force);
	else if (rc == -EPIPE || rc == -EPROTO || rc == -ETIMEDOUT)
		return cli_fail(cli->json, CLI_NO, "%s: the answer is not whole; %s is not written",
			cli->socket, f->name);
	if (rc < 0)
		return mrt_file_error(cli, f, -rc);
	return cli->json ? cli_print_json(json_pack(
				   "{s:s, s:I}", "file", f->name, "octets", (json_int_t)d->octets))
			 : CLI_OK;
}

static int mrt_dump(int argc, char **argv, const struct cli *cli)
{
	static const struct option options[] = {
		{"force", no_argument, NULL, 'f'}, {"help", no_argument, NULL, 'h'}, {0}};
	struct mrt_dump d = {.tell = !cli->json && isatty(STDERR_FILENO) == 1};
	struct mrt_file *f = &d.file;
	bool force = false;
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "fh", options, NULL)) != -1) {
		if (c != 'f')
			return mrt_help(c == 'h' ? stdout : complaint_to());
		force = true;
	}
	if (optind != argc - 1)
		return mrt_help(complaint_to());
	f->name = argv[optind];
	if (!mrt_can_say(cli, f->name))
		return CLI_USAGE;
	mrt_hold_signals(SIG_BLOCK);
	int rc = mrt_open(f, force);
	int status =
		rc < 0 ? mrt_file_error(cli, f, -rc) : mrt_fetch(&d, cli, "/v1/mrt/rib", force);
	mrt_close(f);
	mrt_hold_signals(SIG_UNBLOCK);
	return status;
}

int cli_mrt(int argc, char **argv, const struct cli *cli)
{
	if (argc > 1 && strcmp(argv[1], "dump") == 0)
		return mrt_dump(argc - 1, argv + 1, cli);
	if (argc > 1 && strcmp(argv[1], "updates") == 0)
		return mrt_updates(argc - 1, argv + 1, cli);
	return mrt_help(argc > 1 && (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
				? stdout
				: complaint_to());
}
