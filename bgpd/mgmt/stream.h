/*
 * A long answer, made in pieces while the router goes on: lists of routes, each inside an object of its own.
 *
 *   {"vrfs":[{"name":"a",...,"routes":[{...},{...}]},{"name":"b",...,"routes":[]}]}
 *   ^begin    ^head of part 0          ^route         ^head of part 1              ^end
 *
 * Or octets for other programs (struct mgmt_octets): then it has no more than routes, and says its type.
 *
 * What it shows of one route is of one moment; the whole is not. If the router's configuration is replaced, it ends.
 */
#ifndef BGPD_MGMT_STREAM_H
#define BGPD_MGMT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct router;
struct mgmt_stream;
struct mgmt_vitals;

#define MGMT_STREAM_BUDGET 256u /* makes pieces of about 100 KiB, in some milliseconds */

/* For an answer that says when it was given and by whom; copied; before the first step. Others do not look. */
void mgmt_stream_set_vitals(struct mgmt_stream *s, const struct mgmt_vitals *v);

/* As of HTTP; NULL: JSON. */
const char *mgmt_stream_type(const struct mgmt_stream *s);

/*
 * The next piece: *len octets, the stream's until the next call; 0 while it only searches. A unit of budget is about one
 * route. False: this was the last one.
 */
bool mgmt_stream_step(struct mgmt_stream *s, unsigned budget, const char **text, size_t *len);
void mgmt_stream_free(struct mgmt_stream *s); /* at any time; NULL is harmless */

#endif
