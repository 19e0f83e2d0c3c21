#include "mplsfwd/seclog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/check.h"
#include "lib/logform.h"
#include "lib/text.h"

#define TAIL_MAX                                                                                   \
	(64u << 10) /* octets at the end of a file that are looked at before it is gone on with */

void fwd_seclog_init(struct fwd_seclog *s, const struct log *log)
{
	*s = (struct fwd_seclog){.log = log, .fd = -1};
	chain_init(&s->chain);
}

static void body_make(
	struct text *t, const char *proc, enum log_level level, const char *event, const char *text)
{
	char when[LOG_STAMP_MAX];

	log_stamp(when);
	text_add(t, "time=%s proc=%s level=%s event=%s%s%s", when, proc, log_level_name(level),
		event, text[0] ? " " : "", text);
}

static void failed(struct fwd_seclog *s, int error)
{
	if (s->lost == 0)
		log_line(s->log, LOG_ERROR_, "security_log_failed", "file=\"%s\" error=\"%s\"",
			s->path, strerror(error));
	s->error = error;
}

/* n octets of a line stand there: away with them, or, where that is not allowed (chattr +a), the next line speaks of them. */
static void part_remains(struct fwd_seclog *s, const char *line, size_t n)
{
	struct stat st;

	if (n == 0 || (fstat(s->fd, &st) == 0 && ftruncate(s->fd, st.st_size - (off_t)n) == 0))
		return;
	if (s->is_torn)
		sha256_add(&s->torn, "\n", 1);
	else
		sha256_init(&s->torn);
	s->is_torn = s->in_line = true;
	sha256_add(&s->torn, line, n);
}

static bool octets_write(struct fwd_seclog *s, const char *octets, size_t len)
{
	ssize_t n = write(s->fd, octets, len);

	if (n == (ssize_t)len)
		return true;
	failed(s, n < 0 ? errno : ENOSPC);
	part_remains(s, octets, n > 0 ? (size_t)n : 0);
	return false;
}

static bool line_write(struct fwd_seclog *s, const char *proc, enum log_level level,
	const char *event, const char *text)
{
	char body[CHAIN_BODY_MAX], line[CHAIN_LINE_MAX];
	struct text t = text_of(body, sizeof(body));
	struct chain next = s->chain;

	body_make(&t, proc, level, event, text);
	if (!octets_write(s, line, chain_seal(&next, body, line)))
		return false;
	s->chain = next;
	s->unsynced = true;
	return true;
}

/* What has to stand before any other line: a beginning, or that of a run, and what was torn. */
static bool opening_say(struct fwd_seclog *s)
{
	char text[2 * CHAIN_DIGITS + 256], digits[CHAIN_DIGITS + 1];
	struct text t = text_of(text, sizeof(text));
	struct sha256 torn = s->torn;

	if (s->in_line && !octets_write(s, "\n", 1))
		return false;
	s->in_line = false;
	if (!s->begins && !s->is_torn && !s->resumes)
		return true;
	if (s->begins)
		text_add(&t, "prev=%s why=\"%s\"", s->chain.head, s->begins);
	if (s->is_torn) {
		chain_digits(&torn, digits);
		text_add(&t, "%storn=%s", s->begins ? " " : "", digits);
	}
	if (!line_write(s, "mplsfwd", LOG_INFO_, s->begins ? CHAIN_BEGUN : CHAIN_RESUMED, text))
		return false;
	s->begins = NULL;
	s->is_torn = s->resumes = false;
	return true;
}

static bool gap_say(struct fwd_seclog *s)
{
	char text[128];

	if (s->lost == 0)
		return true;
	snprintf(text, sizeof(text), "lost=%llu error=\"%s\"", (unsigned long long)s->lost,
		strerror(s->error));
	if (!line_write(s, "mplsfwd", LOG_WARN_, "security_log_gap", text))
		return false;
	log_line(s->log, LOG_WARN_, "security_log_gap", "%s", text);
	s->lost = 0;
	return true;
}

void fwd_seclog_add(struct fwd_seclog *s, const char *proc, enum log_level level, const char *event,
	const char *text)
{
	if (s->fd < 0)
		return;
	if (!opening_say(s) || !gap_say(s) || !line_write(s, proc, level, event, text))
		s->lost++;
}

struct tail {
	struct chain_check check;
	enum chain_fault fault; /* the first one */
	struct sha256 torn;
	bool is_torn;	   /* there is something behind the last line of a chain */
	bool ends_in_line; /* ... and it has no end */
};

static void tail_rest(struct tail *t, const char *rest, size_t len)
{
	t->is_torn = t->check.torn || len;
	t->ends_in_line = len;
	t->torn = t->check.torn_octets;
	if (!t->check.torn)
		sha256_init(&t->torn);
	else if (len)
		sha256_add(&t->torn, "\n", 1);
	sha256_add(&t->torn, rest, len);
}

static void tail_judge(struct tail *t, char *octets, size_t len, bool whole)
{
	char *at = octets, *end = octets + len, *stop;

	chain_check_init(&t->check);
	t->check.inside = !whole;
	t->check.fresh = whole;
	if (!whole && (at = memchr(octets, '\n', len)) != NULL)
		at++;
	for (at = at ? at : end; (stop = memchr(at, '\n', (size_t)(end - at))) != NULL;
		at = stop + 1) {
		enum chain_fault f = chain_check_line(&t->check, at, (size_t)(stop - at));
		if (f == CHAIN_SPLIT)
			t->fault = CHAIN_FINE; /* that was said where it was begun anew */
		else if (t->fault == CHAIN_FINE)
			t->fault = f;
	}
	tail_rest(t, at, (size_t)(end - at));
}

/* 0 or -errno; *empty: there is nothing in the file. */
static int tail_read(int fd, struct tail *t, bool *empty)
{
	struct stat st;
	int err = fstat(fd, &st) ? -errno : 0;

	*t = (struct tail){0};
	*empty = st.st_size == 0;
	if (err || *empty)
		return err;
	size_t len = st.st_size < (off_t)TAIL_MAX ? (size_t)st.st_size : TAIL_MAX;
	char *octets = malloc(len);
	CHECK(octets);
	ssize_t n = pread(fd, octets, len, st.st_size - (off_t)len);
	if (n == (ssize_t)len)
		tail_judge(t, octets, len, (off_t)len == st.st_size);
	else
		err = n < 0 ? -errno : -EIO;
	free(octets);
	return err;
}

static int refuse(const struct fwd_seclog *s, const char *path, const char *why, int err)
{
	log_line(s->log, LOG_ERROR_, "security_log_refused", "file=\"%s\" why=\"%s\" error=\"%s\"",
		path, why, strerror(-err));
	return err;
}

/* A descriptor that is ours alone, or -errno (logged). */
static int file_open(const struct fwd_seclog *s, const char *path)
{
	struct stat st;
	int fd = open(path,
		O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);

	if (fd < 0)
		return refuse(s, path, "it cannot be opened; its folder must be there", -errno);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
		st.st_mode & (S_IRWXG | S_IRWXO)) {
		close(fd);
		return refuse(s, path, "it must be a file of ours with mode 0600", -EPERM);
	}
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		int err = -errno;
		close(fd);
		return refuse(s, path, "another ravelind writes to it", err);
	}
	return fd;
}

/* What is in the file decides how it is gone on with. */
static void take_up(struct fwd_seclog *s, const struct tail *t, bool empty, bool rotated)
{
	bool whole = !empty && t->fault == CHAIN_FINE && t->check.begun;

	s->is_torn = t->is_torn;
	s->in_line = t->ends_in_line;
	s->torn = t->torn;
	s->begins = NULL;
	s->resumes = false;
	if (whole && !rotated) {
		s->chain = t->check.at;
		s->resumes = true;
	} else if (empty) {
		s->begins = rotated ? "the file before was taken away" : "a new file";
	} else {
		log_line(s->log, LOG_ERROR_, "security_log_broken", "file=\"%s\" why=\"%s\"",
			s->path,
			!t->check.begun ? "no line of a security log"
			: whole		? "lines of another one"
					: chain_fault_text(t->fault));
		if (!rotated)
			chain_init(&s->chain);
		if (t->check.begun && t->check.at.seq > s->chain.seq)
			s->chain.seq = t->check.at.seq;
		s->begins = "what stands before this line is broken, or another's";
	}
	(void)opening_say(s);
}

static bool is_same_file(const struct fwd_seclog *s, const char *path)
{
	struct stat ours, named;

	return s->fd >= 0 && fstat(s->fd, &ours) == 0 && stat(path, &named) == 0 &&
	       ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

int fwd_seclog_open(struct fwd_seclog *s, const char *path)
{
	bool empty, rotated = s->fd >= 0;
	struct tail t;

	if (!path) {
		fwd_seclog_close(s);
		return 0;
	}
	if (is_same_file(s, path))
		return 0;
	int fd = file_open(s, path);
	if (fd < 0)
		return fd;
	int err = tail_read(fd, &t, &empty);
	if (err) {
		close(fd);
		return refuse(s, path, "it cannot be read", err);
	}
	if (rotated) {
		fwd_seclog_sync(s);
		close(s->fd);
	}
	free(s->path);
	s->path = strdup(path);
	CHECK(s->path);
	s->fd = fd;
	take_up(s, &t, empty, rotated);
	fwd_seclog_sync(s);
	fwd_seclog_tell(s);
	return 0;
}

void fwd_seclog_sync(struct fwd_seclog *s)
{
	if (!s->unsynced)
		return;
	s->unsynced = false;
	if (fdatasync(s->fd))
		failed(s, errno);
}

void fwd_seclog_tell(struct fwd_seclog *s)
{
	if (s->fd < 0 || s->told == s->chain.seq)
		return;
	s->told = s->chain.seq;
	log_line(s->log, LOG_INFO_, "security_log_head", "seq=%llu hash=%s",
		(unsigned long long)s->chain.seq, s->chain.head);
}

void fwd_seclog_close(struct fwd_seclog *s)
{
	if (s->fd < 0)
		return;
	fwd_seclog_add(s, "mplsfwd", LOG_INFO_, CHAIN_CLOSED, "");
	fwd_seclog_sync(s);
	fwd_seclog_tell(s);
	close(s->fd);
	free(s->path);
	s->fd = -1;
	s->path = NULL;
	chain_init(&s->chain);
}
