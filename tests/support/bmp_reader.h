/* A station as a test has it: takes octets of BMP as a collector would, and keeps what they say of 10.0.x.0/24. */
#ifndef TESTS_SUPPORT_BMP_READER_H
#define TESTS_SUPPORT_BMP_READER_H

#include "bgpd/bmp/msg.h"
#include "bgpd/wire/ctx.h"
#include "lib/arena.h"
#include "tests/support/bare.h"

#define READER_PEERS 16
#define READER_STATS 16

enum reader_view { READER_PRE, READER_POST, READER_LOC, READER_VIEWS };

struct reader_peer {
	bool used, up;
	uint8_t type;
	uint64_t rd;
	uint32_t addr, as, id;
	uint16_t local_port, remote_port;
	struct wire_ctx ctx; /* what its OPENs agreed */
	char table[32];
	bool has[READER_VIEWS][BARE_PREFIXES];
	uint32_t label[READER_VIEWS][BARE_PREFIXES];
	uint32_t first_as[READER_VIEWS][BARE_PREFIXES]; /* of AS_PATH */
	uint32_t med[READER_VIEWS][BARE_PREFIXES];
	bool local_pref[READER_VIEWS][BARE_PREFIXES]; /* there is one */
	uint64_t ids[READER_VIEWS]; /* of paths with identifiers, all taken for one prefix's */
	unsigned paths[READER_VIEWS];
	unsigned eors[READER_VIEWS], ups, downs;
	uint8_t down_reason, notified[2]; /* of the last Peer Down; code and subcode in it */
	uint64_t stats[READER_STATS];
	uint64_t time_us;
};

struct reader {
	struct arena arena;
	struct reader_peer peers[READER_PEERS];
	unsigned initiations, terminations, messages;
	unsigned long_updates; /* longer than RFC 4271 4.1 knows them */
	char name[64];
};

void reader_init(struct reader *r);
void reader_fini(struct reader *r);

/* A new connection: what was said on another is forgotten, but for the counts. */
void reader_begin(struct reader *r);

/* Whole messages; aborts at anything that a collector would stumble over. */
void reader_take(struct reader *r, const uint8_t *octets, size_t len);

/* NULL: was never told of. addr 0: a Loc-RIB. */
struct reader_peer *reader_find(struct reader *r, uint64_t rd, uint32_t addr);

#endif
