/*
 * Decode -> encode -> decode is a fixed point: the property behind the codec's tests and fuzz targets.
 *
 * NULL if it holds (or if the octets do not decode, which is a fine answer to bad octets), else what broke.
 */
#ifndef TESTS_SUPPORT_ROUNDTRIP_H
#define TESTS_SUPPORT_ROUNDTRIP_H

#include <stddef.h>
#include <stdint.h>

#include "bgpd/wire/ctx.h"
#include "bgpd/wire/update.h"

const char *roundtrip_update(const uint8_t *body, size_t len, const struct wire_ctx *ctx);
const char *roundtrip_open(const uint8_t *body, size_t len);
const char *roundtrip_notify(const uint8_t *body, size_t len);
const char *roundtrip_refresh(const uint8_t *body, size_t len);

/* A list of NLRI of one family. */
const char *roundtrip_nlris(const uint8_t *octets, size_t len, const struct wire_nlri_form *form);

/* Name of the first field in which the two differ, next hops left out; NULL if they are equal. */
const char *roundtrip_compare(const struct wire_attrs *a, const struct wire_attrs *b);

#endif
