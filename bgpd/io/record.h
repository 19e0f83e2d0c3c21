/*
 * The run as a file (ravelind --record): each input of the router is written before the router sees it, so that the
 * last line of a run that crashed is what crashed it. The lines are bgpd/core/record.h's.
 */
#ifndef BGPD_IO_RECORD_H
#define BGPD_IO_RECORD_H

#include <stdint.h>

#include "bgpd/core/effect.h"
#include "bgpd/core/event.h"
#include "lib/log.h"

struct io_record;

/* Owns fd. A file that cannot be written to any more is given up with one line in the log. */
struct io_record *io_record_new(int fd, uint64_t seed, const struct log *log);
void io_record_free(struct io_record *r);

/* A recorded run begins with a configuration and has no other: it is over. */
void io_record_end(struct io_record **r);

/* All of them do nothing if r is NULL. */
void io_record_event(struct io_record *r, const struct event *ev, uint64_t now_ms);
void io_record_work(struct io_record *r, unsigned budget, uint64_t now_ms);
void io_record_effects(struct io_record *r, const struct effects *fx);

#endif
