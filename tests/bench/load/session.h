/* The sessions of the load generator: non-blocking sockets on one epoll, dialled from an address each. */
#ifndef TESTS_BENCH_LOAD_SESSION_H
#define TESTS_BENCH_LOAD_SESSION_H

#include "bgpd/wire/msg.h"
#include "tests/bench/load/sink.h"

#define SESSION_BUFFER	    (256u << 10)
#define SESSION_SLOW	    1000
#define SESSION_SLOW_BUFFER 16384
#define SESSION_SLOW_NS	    UINT64_C(100000000) /* 10 kB/s */

enum session_state {
	SESSION_DOWN,
	SESSION_CONNECTING,
	SESSION_OPEN_SENT,
	SESSION_CONFIRM,
	SESSION_UP
};

struct session {
	struct load *load;
	uint32_t address, as; /* ours */
	bool is_raw;	      /* the floor: no OPEN, octets only */
	enum wire_family family;
	bool is_slow; /* reads SESSION_SLOW octets a SESSION_SLOW_NS */
	bool wanted;  /* dial until it is there */
	enum session_state state;
	unsigned n_ups; /* how often it was established */
	int fd;
	uint64_t read_at_ns; /* a slow one */
	uint64_t dial_at_ns, up_at_ns, spoke_at_ns, heard_at_ns;
	uint64_t silence_ns; /* longest time between two messages of the subject */
	struct sink *sink;   /* NULL: a sender */
	const uint8_t *bulk; /* what is to be sent, borrowed */
	size_t bulk_left;
	bool is_writable_wanted;
	size_t have;
	uint8_t *buffer; /* SESSION_BUFFER */
	char why[96];	 /* it went down last */
};

struct load {
	int epoll;
	struct model model;
	struct session *list;
	unsigned n, n_up;
	uint16_t hold_s; /* what we propose */
};

uint64_t load_now_ns(void);

/* Of the model's family. */
void session_init(struct session *s, struct load *l, uint32_t address, uint32_t as, bool receives);
void session_fini(struct session *s);
void session_dial(struct session *s); /* now, and again until it is up */
void session_close(struct session *s, const char *why);
void session_send(struct session *s, const uint8_t *octets, size_t len);

/* It is slow no more. */
void session_hurry(struct session *s);

/* Takes over a connected socket without OPEN: the floor. */
void session_adopt(struct session *s, int fd);

/* One turn of the loop: at most wait_ms for events; dials and keepalives that are due. */
void load_turn(struct load *l, int wait_ms);

#endif
