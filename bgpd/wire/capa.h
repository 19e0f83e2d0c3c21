/*
 * Capabilities of an OPEN (RFC 5492): one row each, code(1) length(1) value(length).
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

struct wire_capa_desc {
	uint8_t code;
	uint8_t len;	  /* octets of the value, no more and no less */
	const char *name; /* as shown to operators */
	void (*get)(struct rbuf *value, struct wire_open *out);
	void (*put)(struct wbuf *w, const struct wire_capa_desc *row, const struct wire_open *o);
};

/* NULL if we do not know it. Borrowed, static. */
const struct wire_capa_desc *wire_capa_find(uint8_t code);

/* Reads capabilities until r is empty. False if one is malformed: overruns, or has a length that it cannot have. */
bool wire_capas_get(struct rbuf *r, struct wire_open *out);

/* Writes those that o has, in ascending order of code. */
void wire_capas_put(struct wbuf *w, const struct wire_open *o);

#endif
