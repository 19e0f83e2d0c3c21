/* One request over a unix socket: blocking, bounded in time and size. */
#ifndef CLI_HTTP_H
#define CLI_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#define CLI_HTTP_TIMEOUT_S  10
#define CLI_HTTP_BRIEFLY_MS 200
#define CLI_HTTP_ANSWER_MAX (1u << 30) /* octets */

struct cli_answer {
	int status; /* of HTTP */
	char *body; /* terminated; cli_http_free */
	size_t len;
};

/*
 * A question (GET) that this user may not ask at RUN-DIR/ravelin.sock is asked at RUN-DIR/ravelin-ro.sock.
 * 0, or a negative errno: -ENOENT, -ECONNREFUSED (nobody listens), -EACCES, -ETIMEDOUT, -EPROTO, -EMSGSIZE.
 */
int cli_http_ask(
	const char *socket_path, const char *method, const char *target, struct cli_answer *out);

/* The same, by who has no time: a daemon that says nothing for CLI_HTTP_BRIEFLY_MS is given up. */
int cli_http_ask_briefly(const char *socket_path, const char *target, struct cli_answer *out);

/* The same up to the answer, which waits to be read from this descriptor. */
int cli_http_open(const char *socket_path, const char *method, const char *target);
void cli_http_free(struct cli_answer *a);

/* Splits an answer (status line, headers, body until the end) in place. False if it is none. Pure. */
bool cli_http_parse(char *octets, size_t len, struct cli_answer *out);

#endif
