/*
 * ravelin web: the daemon's page for this user's browser. Listens on 127.0.0.1 and hands what is asked on to the daemon's unix socket, until
 * it is interrupted.
 *
 * A port on loopback is open to whoever has an account here, and to every page that a browser here shows. So who asks must show what only
 * this terminal was told: a random token in the first address, which becomes a cookie (HttpOnly, SameSite=Strict). Host must be a
 * loopback name, or a name of somebody else's that resolves to 127.0.0.1 would make his page one of ours; and nothing but GET is handed
 * on. Bounded: CLI_WEB_CONNS_MAX connections, CLI_WEB_HEAD_MAX octets of a request, CLI_WEB_TIMEOUT_S for a client that dawdles.
 */
#ifndef CLI_WEB_H
#define CLI_WEB_H

#include "cli/cli.h"

#define CLI_WEB_CONNS_MAX 12 /* fewer than the daemon takes: a terminal has its turn */
#define CLI_WEB_HEAD_MAX  8192
#define CLI_WEB_TIMEOUT_S 10
#define CLI_WEB_TOKEN_LEN 32 /* digits */

/* An enum cli_exit. argv: the command's own word, then what it takes. */
int cli_web(const struct cli *cli, int argc, char **argv);

enum cli_web_says {
	CLI_WEB_ASK,	/* hand it on */
	CLI_WEB_ENTER,	/* it brought the token: the cookie for it, and on to the page */
	CLI_WEB_REFUSE, /* 403: neither token nor cookie, or Host is not ours */
	CLI_WEB_METHOD, /* 405 */
	CLI_WEB_BAD,	/* 400 */
};

struct cli_web_gate {
	char token[CLI_WEB_TOKEN_LEN + 1];
	unsigned port; /* part of the cookie's name: cookies do not know ports */
};

/*
 * What becomes of a request. head: terminated, up to and with its empty line (RFC 9112 2.1). target: of CLI_WEB_HEAD_MAX octets, what to
 * hand on. Pure.
 */
enum cli_web_says cli_web_judge(const struct cli_web_gate *gate, const char *head, char *target);

#endif
