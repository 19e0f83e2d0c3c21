/*
 * BMP messages (RFC 7854, RFC 8671 Adj-RIB-Out left out, RFC 9069 Loc-RIB): values to octets. Pure.
 *
 *   common header(6) per-peer header(42) body; route monitoring's body is a whole BGP UPDATE
 */
#ifndef BGPD_BMP_MSG_H
#define BGPD_BMP_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/prefix.h"
#include "lib/wbuf.h"

enum bmp_type {
	BMP_ROUTE_MONITORING,
	BMP_STATISTICS,
	BMP_PEER_DOWN,
	BMP_PEER_UP,
	BMP_INITIATION,
	BMP_TERMINATION,
	BMP_ROUTE_MIRRORING
};
enum bmp_peer_type { BMP_PEER_GLOBAL, BMP_PEER_RD, BMP_PEER_LOCAL, BMP_PEER_LOC_RIB };

struct bmp_peer { /* RFC 7854 4.2 */
	enum bmp_peer_type type;
	bool post_policy, as2, filtered; /* L, A flags; F of RFC 9069 4.2 */
	uint64_t distinguisher;		 /* the VRF's RD */
	struct ip_addr addr;		 /* IP_NONE for LOC_RIB */
	uint32_t as, id;
	uint64_t time_us; /* since 1970; 0: not known */
};

struct bmp_stat {
	uint16_t type; /* RFC 7854 4.8 */
	bool gauge;    /* 8 octets, else a counter of 4 */
	uint64_t value;
	uint16_t afi; /* 0: not per family */
	uint8_t safi;
};

/* Each writes a whole message; false: no room (w is then as before). */
bool bmp_put_initiation(struct wbuf *w, const char *sys_descr, const char *sys_name);
bool bmp_put_termination(struct wbuf *w, uint16_t reason);
bool bmp_put_peer_up(struct wbuf *w, const struct bmp_peer *p, const struct ip_addr *local,
	uint16_t local_port, uint16_t remote_port, const uint8_t *sent_open, size_t sent_len,
	const uint8_t *received_open, size_t received_len, const char *table_name);
bool bmp_put_peer_down(
	struct wbuf *w, const struct bmp_peer *p, uint8_t reason, const uint8_t *data, size_t len);
bool bmp_put_monitoring(
	struct wbuf *w, const struct bmp_peer *p, const uint8_t *update, size_t len);
bool bmp_put_statistics(
	struct wbuf *w, const struct bmp_peer *p, const struct bmp_stat *list, unsigned n);

#endif
