/*
 * Capabilities of an OPEN (RFC 5492 4): one row each, code(1) length(1) value(length).
 *
 * What the table does not know is ignored and counted (RFC 5492 3).
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
