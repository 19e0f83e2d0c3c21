/* What stations are sent: per-peer headers, UPDATEs in Route Monitoring messages, and what has to wait. Private to core/bmp. */
#ifndef BGPD_CORE_BMP_SEND_H
#define BGPD_CORE_BMP_SEND_H

#include "bgpd/core/bmp.h"

#define CORE_BMP_HEAD_OCTETS 48 /* common and per-peer header (RFC 7854 4.1, 4.2) */

/* post: after policy. */
struct bmp_peer core_bmp_peer_head(
	const struct core_run *run, const struct core_peer *p, bool post, bool as2);

/* Loc-RIB number k (RFC 9069 4.1): 0 is the core's, k > 0 that of VRF k - 1. */
struct bmp_peer core_bmp_loc_rib_head(const struct core_run *run, unsigned k);

/* Now or, in order, when it can take it. The block is borrowed. */
void core_bmp_send(struct core_run *run, struct core_bmp_station *s, struct out_block *block);

/* What w holds, copied. */
void core_bmp_send_octets(struct core_run *run, struct core_bmp_station *s, const struct wbuf *w);

/* A run of whole UPDATEs as Route Monitoring messages; one reference. */
struct out_block *core_bmp_wrap(const struct bmp_peer *head, const uint8_t *updates, size_t len);

/* Sends what waits while it can. True if something waits that could go at the next call. */
bool core_bmp_drain(struct core_run *run, struct core_bmp_station *s);
void core_bmp_queue_drop(struct core_bmp_station *s);

#endif
