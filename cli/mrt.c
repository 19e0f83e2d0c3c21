#include "cli/mrt.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "cli/fetch.h"

#define MRT_PATH_MAX 4096

enum mrt_exit { MRT_OK = 0, MRT_NO = 1, MRT_USAGE = 2, MRT_NO_DAEMON = 3 };

struct mrt_file {
	const char *name;	   /* "-": standard output */
	char beside[MRT_PATH_MAX]; /* what is written, until it is whole; "": nothing is there */
	FILE *to;
	bool tell; /* progress, to a terminal */
	time_t told;
	uint64_t octets;
};

static int mrt_help(FILE *to)
{
	fputs("usage: ravelin [-s SOCKET] mrt dump [-f] FILE\n\n"
	      "  dump  the routes of the core, IPv4 and VPN-IPv4, all paths with their\n"
	      "        attributes, as TABLE_DUMP_V2 (RFC 6396): for bgpdump and its like.\n"
	      "        FILE -: standard output\n\n"
	      "  -f, --force   FILE may be there: it is replaced, when the new one is whole\n",
		to);
	return to == stdout ? MRT_OK : MRT_USAGE;
}

/* INT, TERM and HUP wait until we look: what is half written does not stay. */
static bool mrt_interrupted(void)
{
	sigset_t set;

	return sigpending(&set) == 0 &&
	       (sigismember(&set, SIGINT) == 1 || sigismember(&set, SIGTERM) == 1 ||
		       sigismember(&set, SIGHUP) == 1);
}

static void mrt_hold_signals(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(how, &set, NULL);
}

static void mrt_tell(struct mrt_file *f, const char *end)
{
	if (f->tell)
		fprintf(stderr, "\r%llu KiB%s", (unsigned long long)(f->octets / 1024), end);
}

static int mrt_take(void *arg, const char *octets, size_t len)
{
	struct mrt_file *f = arg;
	time_t now = time(NULL);

	if (mrt_interrupted())
		return -EINTR;
	if (fwrite(octets, 1, len, f->to) != len)
		return -errno;
	f->octets += len;
	if (now != f->told)
		mrt_tell(f, "");
	f->told = now;
	return 0;
}

/* 0 or a negative errno. */
static int mrt_open(struct mrt_file *f, bool force)
{
	struct stat st;

	if (strcmp(f->name, "-") == 0) {
		f->to = stdout;
		return isatty(STDOUT_FILENO) ? -ENOTTY : 0;
	}
	if (!force && lstat(f->name, &st) == 0)
		return -EEXIST;
	if ((size_t)snprintf(f->beside, sizeof(f->beside), "%s.XXXXXX", f->name) >=
		sizeof(f->beside)) {
		f->beside[0] = '\0';
		return -ENAMETOOLONG;
	}
	int fd = mkostemp(f->beside, O_CLOEXEC);
	if (fd < 0) {
		f->beside[0] = '\0';
		return -errno;
	}
	mode_t mask = umask(0);
	umask(mask);
	fchmod(fd, 0666 & ~mask);
	f->to = fdopen(fd, "w");
	return f->to ? 0 : -errno;
}

/* All of it is on the disk before it has its name. 0 or a negative errno. */
static int mrt_keep(struct mrt_file *f, bool force)
{
	if (fflush(f->to) != 0)
		return -errno;
	if (f->beside[0] == '\0')
		return 0;
	if (fsync(fileno(f->to)) < 0)
		return -errno;
	if (renameat2(AT_FDCWD, f->beside, AT_FDCWD, f->name, force ? 0 : RENAME_NOREPLACE) < 0)
		return -errno;
	f->beside[0] = '\0';
	return 0;
}

static void mrt_close(struct mrt_file *f)
{
	if (f->to && f->to != stdout)
		fclose(f->to);
	if (f->beside[0])
		unlink(f->beside);
}

static int mrt_file_error(const struct mrt_file *f, int error)
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

static int mrt_refused(struct cli_answer *a)
{
	json_t *answer = json_loadb(a->body, a->len, 0, NULL);
	const char *why = json_string_value(json_object_get(answer, "error"));

	fprintf(stderr, "ravelin: %s (HTTP %d)\n", why ? why : "refused", a->status);
	json_decref(answer);
	cli_http_free(a);
	return MRT_NO;
}

static int mrt_fetch(struct mrt_file *f, const char *socket, const char *target, bool force)
{
	struct cli_answer answer;
	int rc = cli_fetch(socket, target, mrt_take, f, &answer);

	mrt_tell(f, "\n");
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
	struct mrt_file f = {.tell = isatty(STDERR_FILENO) == 1};
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
	f.name = argv[optind];
	mrt_hold_signals(SIG_BLOCK);
	int rc = mrt_open(&f, force);
	int status = rc < 0 ? mrt_file_error(&f, -rc) : mrt_fetch(&f, socket, "/v1/mrt/rib", force);
	mrt_close(&f);
	mrt_hold_signals(SIG_UNBLOCK);
	return status;
}

int cli_mrt(int argc, char **argv, const char *socket)
{
	if (argc > 1 && strcmp(argv[1], "dump") == 0)
		return mrt_dump(argc - 1, argv + 1, socket);
	return mrt_help(argc > 1 && (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
				? stdout
				: stderr);
}
