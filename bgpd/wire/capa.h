/*
 * Capabilities of an OPEN (RFC 5492 4): one row each, code(1) length(1) value(length).
 *
 * What the table does not know is ignored and counted (RFC 5492 3). Of what it knows, a family that is not ours is
 * passed over; the same capability twice: families add up (RFC 4760 8, RFC 7911 4), of graceful restart and LLGR the last
 * counts (RFC 4724 3, RFC 9494 3.1), roles may conflict (RFC 9234 4.2).
 */
#ifndef BGPD_WIRE_CAPA_H
#define BGPD_WIRE_CAPA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/open.h"
#include "lib/rbuf.h"
#include "lib/wbuf.h"

/* Reads capabilities until r is empty. False if one is malformed: overruns, or has a length that it cannot have. */
bool wire_capas_get(struct rbuf *r, struct wire_open *out);

/* Writes those that o has, in ascending order of code. */
void wire_capas_put(struct wbuf *w, const struct wire_open *o);

#endif
