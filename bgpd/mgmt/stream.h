/*
 * A long answer, made in pieces while the router goes on: lists of routes, each inside an object of its own.
 *
 *   {"vrfs":[{"name":"a",...,"routes":[{...},{...}]},{"name":"b",...,"routes":[]}]}
 *   ^begin    ^head of part 0          ^route         ^head of part 1              ^end
 *
 * What it shows of one route is of one moment; the whole is not. If the router's configuration is replaced, it ends.
 */
#ifndef BGPD_MGMT_STREAM_H
#define BGPD_MGMT_STREAM_H

#include <stdbool.h>
#include <stddef.h>

struct router;
struct mgmt_stream;

#define MGMT_STREAM_BUDGET 256u /* makes pieces of about 100 KiB, in some milliseconds */

/*
 * The next piece: *len octets, the stream's until the next call; 0 while it only searches. A unit of budget is about one
 * route. False: this was the last one.
 */
bool mgmt_stream_step(struct mgmt_stream *s, unsigned budget, const char **text, size_t *len);
void mgmt_stream_free(struct mgmt_stream *s); /* at any time; NULL is harmless */

#endif
