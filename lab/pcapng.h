/*
 * From the classic format of libpcap, in which tcpdump writes, to pcapng (draft-ietf-opsawg-pcapng), in which a capture says
 * where it was taken. Pure; a stream in pieces of any size.
 */
#ifndef LAB_PCAPNG_H
#define LAB_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_PCAPNG_SNAP_MAX 262144 /* octets of a packet; more is no capture */

struct lab_pcapng {
	const char *port; /* if_name: "pe1:eth1". Borrowed */
	uint8_t *in, *out;
	size_t in_len, in_cap, out_len, out_cap;
	uint64_t per_second; /* what the stamps count; 0: the header has not come yet */
	bool broken;
	unsigned long long packets;
};

void lab_pcapng_init(struct lab_pcapng *p, const char *port);
void lab_pcapng_fini(struct lab_pcapng *p);

/*
 * Takes octets of the one format; gives whole blocks of the other: *n octets, until the next call. broken is set, and nothing more
 * comes, where what came is no capture of this machine's byte order.
 */
const uint8_t *lab_pcapng_feed(struct lab_pcapng *p, const uint8_t *data, size_t len, size_t *n);

#endif
