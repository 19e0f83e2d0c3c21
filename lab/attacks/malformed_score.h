/* What a router's answer to malformed input is worth. Pure: tests/unit/lab/malformed.c. */
#ifndef LAB_ATTACKS_MALFORMED_SCORE_H
#define LAB_ATTACKS_MALFORMED_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum malformed_end {
	MALFORMED_UP,	    /* the session stands */
	MALFORMED_ACCEPTED, /* an OPEN was answered by a KEEPALIVE */
	MALFORMED_RESET,    /* NOTIFICATION code/subcode */
	MALFORMED_CLOSED,   /* without one */
	MALFORMED_SILENT,   /* an OPEN, or what stood in its place, got no answer at all */
};

/* What was seen of one case. */
struct malformed_seen {
	bool tried; /* there was a session, or a connection, and the router held the target */
	bool died;  /* a process of the router ended */
	enum malformed_end end;
	uint8_t code, subcode;
	bool too_long; /* the message is longer than the session has agreed on: what is demanded is 1/2 (RFC 4271 6.1) */
	bool leaks; /* its NOTIFICATION has more octets than it was sent: they are somebody else's */
	bool target; /* after it the router still holds what was announced before */
	bool other;  /* ... and what the message itself announced, where that must be refused */
	bool marker; /* ... and what was said right behind it */
};

enum malformed_verdict {
	MALFORMED_AS_EXPECTED,
	MALFORMED_NEEDLESS_RESET, /* the session is gone and need not be */
	MALFORMED_WRONG,
	MALFORMED_DEATH,
	MALFORMED_INVALID, /* could not be tried */
	MALFORMED_VERDICTS
};

/*
 * session: the vector's word for what must be; also: others that the RFCs allow, separated by commas ("withdrawn, reset"). A reset's code must be
 * right. Its subcode too, but for those of UPDATE errors (RFC 7606 asks for the reset and not for one of them) and where 2/0 is meant, which says nothing.
 */
enum malformed_verdict malformed_score(
	const char *session, const char *also, const struct malformed_seen *seen);

const char *malformed_verdict_name(enum malformed_verdict v);

/* What is demanded of a message that is too long for its session. */
#define MALFORMED_TOO_LONG "reset 1/2"

/* "kept", "withdrawn", "reset 3/5", "closed", "died"...: as a vector says it. */
void malformed_seen_print(const struct malformed_seen *seen, char *out, size_t cap);

#endif
