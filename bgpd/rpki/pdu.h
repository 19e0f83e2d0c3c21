/* PDUs of the RPKI to Router protocol, versions 0 (RFC 6810), 1 (RFC 8210) and 2 (ASPA: draft-ietf-sidrops-8210bis). Pure: octets to values and back. */
#ifndef BGPD_RPKI_PDU_H
#define BGPD_RPKI_PDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/rpki/roa.h"

#define RPKI_PDU_MAX	   65536 /* octets; an ASPA with 16,000 providers fits */
#define RPKI_PROVIDERS_MAX ((RPKI_PDU_MAX - 12) / 4)

enum rpki_pdu_type {
	RPKI_SERIAL_NOTIFY = 0,
	RPKI_SERIAL_QUERY = 1,
	RPKI_RESET_QUERY = 2,
	RPKI_CACHE_RESPONSE = 3,
	RPKI_IPV4_PREFIX = 4,
	RPKI_IPV6_PREFIX = 6,
	RPKI_END_OF_DATA = 7,
	RPKI_CACHE_RESET = 8,
	RPKI_ROUTER_KEY = 9,
	RPKI_ERROR_REPORT = 10,
	RPKI_ASPA = 11,
};

enum rpki_error { /* RFC 8210 12 */
	RPKI_ERROR_CORRUPT = 0,
	RPKI_ERROR_INTERNAL = 1,
	RPKI_ERROR_NO_DATA = 2,
	RPKI_ERROR_INVALID_REQUEST = 3,
	RPKI_ERROR_VERSION = 4,
	RPKI_ERROR_TYPE = 5,
	RPKI_ERROR_WITHDRAWAL = 6,
	RPKI_ERROR_DUPLICATE = 7,
	RPKI_ERROR_UNEXPECTED_VERSION = 8,
	RPKI_ERROR_PROVIDERS = 9, /* 8210bis 5.12 */
};

struct rpki_pdu {
	uint8_t version, type;
	uint16_t session;
	uint32_t serial;
	uint32_t refresh_s, retry_s, expire_s; /* END_OF_DATA, version 1 and later */
	bool announce;
	struct rpki_roa roa;
	bool ipv6;		  /* ASPA of draft 10 */
	uint32_t customer;	  /* ASPA */
	const uint8_t *providers; /* n x 4, network order; borrowed */
	unsigned n_providers;
	uint16_t error;
	const char *text; /* of an ERROR_REPORT: not terminated; borrowed */
	size_t text_len;
};

/*
 * The first PDU of octets. >0: how many octets it has; 0: not whole yet; <0: -1 - enum rpki_error, and the session is over. Every length
 * is checked against what there is and against what the type must have.
 */
int rpki_pdu_get(const uint8_t *octets, size_t len, struct rpki_pdu *out);

/* Octets written; 0: no room. Queries and ERROR_REPORT (with the PDU at fault: RFC 8210 5.11). */
size_t rpki_pdu_put(uint8_t *out, size_t cap, const struct rpki_pdu *pdu, const uint8_t *at_fault,
	size_t at_fault_len);

#endif
