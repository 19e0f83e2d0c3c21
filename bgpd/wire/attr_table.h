/*
 * The path attributes, one row a type code: flags, lengths, what an error costs (RFC 7606 7), reader and writer.
 *
 * update.c walks a message and asks the table; nothing else in the codec knows an attribute by name.
 */
#ifndef BGPD_WIRE_ATTR_TABLE_H
#define BGPD_WIRE_ATTR_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/wire/update.h"

enum {
	WIRE_FLAG_OPTIONAL = 0x80,
	WIRE_FLAG_TRANSITIVE = 0x40,
	WIRE_FLAG_PARTIAL = 0x20,
	WIRE_FLAG_EXTENDED = 0x10,
};

/* Subcodes of an UPDATE Message Error (RFC 4271 6.3). */
enum wire_update_error {
	WIRE_UPDATE_MALFORMED_LIST = 1,
	WIRE_UPDATE_UNKNOWN_WELL_KNOWN = 2,
	WIRE_UPDATE_MISSING_WELL_KNOWN = 3,
	WIRE_UPDATE_FLAGS = 4,
	WIRE_UPDATE_LENGTH = 5,
	WIRE_UPDATE_ORIGIN = 6,
	WIRE_UPDATE_NEXT_HOP = 8,
	WIRE_UPDATE_OPTIONAL = 9,
	WIRE_UPDATE_NETWORK = 10,
	WIRE_UPDATE_AS_PATH = 11,
};

/* A message while it is read: the parts of several attributes that make one value wait here. */
struct wire_decode {
	const struct wire_ctx *ctx;
	struct arena *arena;
	struct wire_update *up;
	struct wire_span as4_path;
	uint32_t as4_aggregator_as, as4_aggregator_id;
	bool as4_aggregator;
	bool reach; /* the message announces something, in whatever family */
};

struct wire_attr_desc {
	const char *name;
	uint8_t flags;		   /* Optional and Transitive as they must be (RFC 7606 3 c) */
	uint16_t len_min, len_max; /* octets */
	uint8_t len_unit;	   /* the length is a multiple of this; 0 or 1: any */
	enum wire_action on_error; /* of its value or length (RFC 7606 7) */
	uint8_t subcode;	   /* of a bad value */
	bool internal; /* from and to an external neighbour it is left out (RFC 7606 7.5, 7.9, 7.10) */
	bool as2_only;		   /* between two 4-octet speakers it is left out (RFC 6793 4.1) */
	enum wire_attr_code value; /* whose presence makes us write it */

	/* Reads the value, whose length has been checked. NULL, or why it is malformed. */
	const char *(*get)(struct wire_decode *d, struct wire_span value);
	/* Writes the value. False if there is nothing to say, and the attribute is left out. */
	bool (*put)(struct wbuf *w, const struct wire_ctx *ctx, const struct wire_attrs *a);
};

#define WIRE_ATTR_TABLE_END 36 /* codes in the table are below it */

/* NULL if we do not know the code. Borrowed, static. */
const struct wire_attr_desc *wire_attr_find(uint8_t code);

/* The readers of attributes that carry NLRI (mp.c). */
const char *wire_mp_reach_get(struct wire_decode *d, struct wire_span value);
const char *wire_mp_unreach_get(struct wire_decode *d, struct wire_span value);

#endif
