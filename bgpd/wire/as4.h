/*
 * AS_PATH as it is on the wire: checked, and between the two widths of AS number (RFC 6793 4.2).
 *
 * Everything above this file sees 4-octet paths only.
 */
#ifndef BGPD_WIRE_AS4_H
#define BGPD_WIRE_AS4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/aspath.h"
#include "bgpd/wire/attr.h"
#include "lib/arena.h"
#include "lib/wbuf.h"

/*
 * NULL if the octets are a well-formed path of AS numbers of width octets (2 or 4), else why not: unknown segment
 * type, overrun, one octet left over, empty segment (RFC 7606 7.2), AS 0 (RFC 7607 2), and a confederation's
 * segment where confed_ok is false (RFC 5065 5).
 */
const char *wire_aspath_check(struct wire_span path, unsigned width, bool confed_ok);

/*
 * A checked 2-octet path, widened; with as4_path (checked, 4-octet, len 0 = none was sent) merged as RFC 6793 4.2.3
 * says. Confederation segments stay only in front. The result is in the arena; false if that is full.
 */
bool wire_aspath_merge(struct wire_span path2, struct wire_span as4_path, struct arena *arena,
	struct wire_span *out);

/* Writes a 4-octet path with 2-octet numbers, AS_TRANS where one does not fit (RFC 6793 4.2.2). */
void wire_aspath_put_narrow(struct wbuf *w, struct wire_span path);

/* Writes AS4_PATH: the path without confederation segments (RFC 6793 3). */
void wire_aspath_put_as4(struct wbuf *w, struct wire_span path);

/* A number of the path needs four octets, so that AS4_PATH has to be sent along. */
bool wire_aspath_is_wide(struct wire_span path);

#endif
