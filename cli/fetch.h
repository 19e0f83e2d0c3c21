/*
 * A long answer, handed on octet by octet as it comes: what is too large to be held.
 *
 * The chunks' walk (RFC 9112 7.1) is pure; cli_fetch() asks over a unix socket, blocking, each wait bounded by CLI_HTTP_TIMEOUT_S.
 */
#ifndef CLI_FETCH_H
#define CLI_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/http.h"

/* Takes octets of the body. 0, or a negative errno, which ends it all. */
typedef int cli_sink_fn(void *arg, const char *octets, size_t len);

struct cli_chunks { /* all zero: at the start */
	uint8_t state;
	uint8_t digits;
	uint32_t left; /* of this chunk */
};

/* The next octets of a chunked body. 1: that was the end, 0: more is to come, negative errno: -EPROTO, or the sink's. */
int cli_chunks_step(
	struct cli_chunks *c, const char *octets, size_t len, cli_sink_fn *sink, void *arg);

/*
 * GET target. 200: the body goes to the sink and 0 is returned when all of it came; else 0 too, with *out the answer (cli_http_free).
 * Negative errno as cli_http_ask; -EPIPE: it ended before its end.
 */
int cli_fetch(const char *socket_path, const char *target, cli_sink_fn *sink, void *arg,
	struct cli_answer *out);

/* The same of an answer without an end: each second in which nothing comes is tick's, which may end it as the sink may. */
typedef int cli_tick_fn(void *arg);
int cli_fetch_live(const char *socket_path, const char *target, cli_sink_fn *sink,
	cli_tick_fn *tick, void *arg, struct cli_answer *out);

#endif
