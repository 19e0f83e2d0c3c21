#include "bgpd/io/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bgpd/core/record.h"
#include "lib/check.h"

struct io_record {
	int fd; /* -1: given up */
	const struct log *log;
	char *line;
	size_t cap;
};

static char *io_record_room(struct io_record *r, size_t size)
{
	if (!r->line || size > r->cap) {
		r->cap = size * 2;
		r->line = realloc(r->line, r->cap);
		CHECK(r->line != NULL);
	}
	return r->line;
}

/* len octets of r->line, with a newline in place of the terminator. */
static void io_record_write(struct io_record *r, size_t len)
{
	const char *at = r->line;

	r->line[len++] = '\n';
	while (len) {
		ssize_t n = write(r->fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			log_line(r->log, LOG_ERROR_, "record_ended", "error=\"%s\"",
				strerror(errno));
			close(r->fd);
			r->fd = -1;
			return;
		}
		at += n;
		len -= (size_t)n;
	}
}

static void io_record_line(struct io_record *r, const struct core_line *line)
{
	if (!r || r->fd < 0)
		return;
	size_t size = core_line_size(line);
	io_record_write(r, core_event_print(line, io_record_room(r, size), size));
}

void io_record_event(struct io_record *r, const struct event *ev, uint64_t now_ms)
{
	io_record_line(
		r, &(struct core_line){.kind = CORE_LINE_EVENT, .now_ms = now_ms, .ev = *ev});
}

void io_record_work(struct io_record *r, unsigned budget, uint64_t now_ms)
{
	io_record_line(
		r, &(struct core_line){.kind = CORE_LINE_WORK, .now_ms = now_ms, .budget = budget});
}

void io_record_effects(struct io_record *r, const struct effects *fx)
{
	for (size_t i = 0; r && r->fd >= 0 && i < fx->n; i++) {
		size_t size = core_effect_size(&fx->list[i]);
		io_record_write(r, core_effect_print(&fx->list[i], io_record_room(r, size), size));
	}
}

struct io_record *io_record_new(int fd, uint64_t seed, const struct log *log)
{
	struct io_record *r = calloc(1, sizeof(*r));

	CHECK(r != NULL);
	*r = (struct io_record){.fd = fd, .log = log};
	io_record_line(r, &(struct core_line){.kind = CORE_LINE_SEED, .seed = seed});
	return r;
}

void io_record_free(struct io_record *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	free(r->line);
	free(r);
}

void io_record_end(struct io_record **r)
{
	if (!*r)
		return;
	log_line((*r)->log, LOG_WARN_, "recording_ended",
		"why=\"the configuration was replaced: a replay knows but the first\"");
	io_record_free(*r);
	*r = NULL;
}
