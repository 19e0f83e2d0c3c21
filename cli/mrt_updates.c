#include "cli/mrt_updates.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/fetch.h"
#include "cli/mrt_file.h"
#include "lib/check.h"
#include "lib/complaint.h"
#include "lib/text.h"

#define RECORD_HEAD  12
#define ROTATE_MAX_S 86400
#define GRACE_S	     2	 /* what was said before the end of a period may come so much later */
#define NAMES_MAX    100 /* files of one period: each is of a run of its own */
#define TARGET_MAX   1024

struct updates {
	struct mrt_file file;
	const char *path;  /* FILE, or the directory */
	unsigned rotate_s; /* 0: one file */
	bool force;
	uint32_t period; /* of the file that is open: when it began; 0: none is */
	char name[MRT_PATH_MAX];
	uint64_t written;
	uint8_t *octets; /* of a record that is not whole yet */
	size_t len, cap;
};

unsigned mrt_rotate_parse(const char *text)
{
	uint64_t seconds = 0;
	bool unit = text[strspn(text, "0123456789")];

	return unit && text_parse_time(text, ROTATE_MAX_S, &seconds) ? (unsigned)seconds : 0;
}

size_t mrt_record_split(const uint8_t *octets, size_t len, uint32_t *at_s)
{
	if (len < RECORD_HEAD)
		return 0;
	*at_s = (uint32_t)octets[0] << 24 | octets[1] << 16 | octets[2] << 8 | octets[3];
	size_t body = (size_t)octets[8] << 24 | octets[9] << 16 | octets[10] << 8 | octets[11];

	return len - RECORD_HEAD < body ? 0 : RECORD_HEAD + body;
}

/* --- files --- */

/* updates.20260701.1215, as collectors have them; behind the first of a period .1, .2. */
static void name_make(struct updates *u, unsigned number)
{
	const char *form = u->rotate_s % 60 ? "updates.%Y%m%d.%H%M%S" : "updates.%Y%m%d.%H%M";
	time_t at = u->period;
	char stamp[64];
	struct tm tm;

	strftime(stamp, sizeof(stamp), form, gmtime_r(&at, &tm));
	if (number)
		snprintf(u->name, sizeof(u->name), "%s/%s.%u", u->path, stamp, number);
	else
		snprintf(u->name, sizeof(u->name), "%s/%s", u->path, stamp);
}

static int period_begin(struct updates *u, uint32_t at_s)
{
	int rc = -EEXIST;

	u->period = at_s - at_s % u->rotate_s;
	for (unsigned i = 0; i < NAMES_MAX && rc == -EEXIST; i++) {
		name_make(u, i);
		u->file = (struct mrt_file){.name = u->name};
		rc = mrt_open(&u->file, false);
	}
	if (rc < 0)
		u->period = 0;
	return rc;
}

static int period_end(struct updates *u)
{
	int rc = 0;

	if (u->period)
		rc = mrt_keep(&u->file, false);
	mrt_close(&u->file);
	u->file = (struct mrt_file){.name = u->name};
	u->period = 0;
	return rc;
}

/* Time does not run backwards: what comes late is in the file that is open. */
static int file_for(struct updates *u, uint32_t at_s)
{
	int rc = 0;

	if (!u->rotate_s)
		return 0;
	if (u->period && at_s >= u->period + u->rotate_s)
		rc = period_end(u);
	return rc == 0 && !u->period ? period_begin(u, at_s) : rc;
}

/* --- the stream --- */

static void updates_keep(struct updates *u, const void *octets, size_t len)
{
	if (u->len + len > u->cap) {
		u->cap = (u->len + len) * 2;
		u->octets = realloc(u->octets, u->cap);
		CHECK(u->octets != NULL);
	}
	memcpy(u->octets + u->len, octets, len);
	u->len += len;
}

/* Whole records only: whatever ends it, a file can be read to its end. */
static int updates_take(void *arg, const char *octets, size_t len)
{
	struct updates *u = arg;
	size_t at = 0, n;
	uint32_t at_s;

	updates_keep(u, octets, len);
	while ((n = mrt_record_split(u->octets + at, u->len - at, &at_s)) > 0) {
		int rc = file_for(u, at_s);
		if (rc < 0)
			return rc;
		if (fwrite(u->octets + at, 1, n, u->file.to) != n)
			return -errno;
		at += n;
		u->written += n;
	}
	u->len -= at;
	memmove(u->octets, u->octets + at, u->len);
	if (u->file.to && fflush(u->file.to) != 0)
		return -errno;
	return mrt_interrupted() ? -EINTR : 0;
}

/* Each second without octets. */
static int updates_tick(void *arg)
{
	struct updates *u = arg;

	if (mrt_interrupted())
		return -EINTR;
	if (u->period && time(NULL) >= (time_t)u->period + u->rotate_s + GRACE_S)
		return period_end(u);
	return 0;
}

static int updates_begin(struct updates *u)
{
	struct stat st;

	if (!u->rotate_s) {
		u->file.name = u->path;
		return mrt_open(&u->file, u->force);
	}
	u->file.name = u->path;
	if (stat(u->path, &st) < 0)
		return -errno;
	return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
}

static int updates_end(struct updates *u)
{
	return u->rotate_s ? period_end(u) : mrt_keep(&u->file, u->force);
}

/* What there is stays, whyever it ends. */
static int updates_run(struct updates *u, const struct cli *cli, const char *target)
{
	struct cli_answer answer;
	int rc = cli_fetch_live(cli->socket, target, updates_take, updates_tick, u, &answer);

	if (rc == -ENOENT || rc == -ECONNREFUSED || rc == -EACCES)
		return cli_fail_daemon(cli, -rc);
	if (rc == 0 && answer.status != 200)
		return cli_fail_refused(cli, &answer);
	int kept = updates_end(u);
	if (kept < 0)
		return mrt_file_error(cli, &u->file, -kept);
	if (rc == -EINTR)
		return cli->json ? cli_print_json(json_pack("{s:s, s:I}", "file", u->path, "octets",
					   (json_int_t)u->written))
				 : CLI_OK;
	if (rc == 0)
		return cli_fail(cli->json, CLI_NO,
			"too slow: the router has ended the stream; what came is written");
	if (rc == -EPIPE || rc == -EPROTO || rc == -ECONNRESET)
		return cli_fail(cli->json, CLI_NO, "%s: the router has gone; what came is written",
			cli->socket);
	return mrt_file_error(cli, &u->file, -rc);
}

/* The name as it is, percent-encoded (RFC 3986 2.1). False: it is too long. */
static bool target_make(char target[TARGET_MAX], const char *neighbor, bool sent)
{
	struct text t = text_of(target, TARGET_MAX);

	text_add(&t, "/v1/mrt/updates%s%s", neighbor || sent ? "?" : "",
		neighbor ? "neighbor=" : "");
	for (const char *c = neighbor; c && *c; c++)
		text_add(&t, "%%%02x", (unsigned char)*c);
	text_add(&t, "%s%s", neighbor && sent ? "&" : "", sent ? "sent=true" : "");
	return !t.full;
}

/* False: the usage is to be said. */
static bool updates_options(struct updates *u, int argc, char **argv, char target[TARGET_MAX])
{
	static const struct option options[] = {{"force", no_argument, NULL, 'f'},
		{"neighbor", required_argument, NULL, 'n'}, {"sent", no_argument, NULL, 's'},
		{"rotate", required_argument, NULL, 'r'}, {0}};
	const char *neighbor = NULL;
	bool sent = false;
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "fn:", options, NULL)) != -1) {
		if (c == 'f')
			u->force = true;
		else if (c == 'n')
			neighbor = optarg;
		else if (c == 's')
			sent = true;
		else if (c != 'r')
			return false;
		else if (!(u->rotate_s = mrt_rotate_parse(optarg))) {
			fprintf(complaint_to(),
				"ravelin: --rotate=%s: write it as 15m, 90s or 1h, a day at most\n",
				optarg);
			return false;
		}
	}
	u->path = argv[optind];
	if (optind != argc - 1 || (u->rotate_s && (u->force || strcmp(u->path, "-") == 0)))
		return false;
	return target_make(target, neighbor, sent);
}

int mrt_updates(int argc, char **argv, const struct cli *cli)
{
	struct updates u = {0};
	char target[TARGET_MAX];

	if (argc > 1 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0))
		return mrt_help(stdout);
	if (!updates_options(&u, argc, argv, target))
		return mrt_help(complaint_to());
	if (!mrt_can_say(cli, u.path))
		return CLI_USAGE;
	mrt_hold_signals(SIG_BLOCK);
	int rc = updates_begin(&u);
	int status = rc < 0 ? mrt_file_error(cli, &u.file, -rc) : updates_run(&u, cli, target);
	mrt_close(&u.file);
	free(u.octets);
	if (status == CLI_OK)
		mrt_forget_signals();
	mrt_hold_signals(SIG_UNBLOCK);
	return status;
}
