/* The table of connections by id: what the shell knows of each besides its socket. */
#ifndef BGPD_IO_LINKS_H
#define BGPD_IO_LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "bgpd/io/conn.h"
#include "lib/prefix.h"

#define IO_LINKS_MAX 4096u /* connections at one time, those being closed included */

struct io_watch;

struct io_link {
	uint32_t id;
	unsigned peer;	       /* index into conf; accepted from a range: its first place */
	struct ip_addr remote; /* accepted only */
	bool accepted;	       /* they dialled */
	bool heard;	       /* a whole message has come */
	bool done;	       /* closed or lost: the router knows it no more */
	struct io_conn *conn;
	struct io_watch *identify; /* runs until heard; NULL if we dialled */
};

struct io_links {
	struct io_link *slot[IO_LINKS_MAX];
	uint32_t round[IO_LINKS_MAX]; /* how often the slot was used: an id is never used twice */
	unsigned n;
};

/* A link with an id and nothing else; NULL when the table is full. */
struct io_link *io_links_add(struct io_links *t);

/* NULL if there is none (any more). */
struct io_link *io_links_find(const struct io_links *t, uint32_t id);

/* Frees the connection and the timer with it. */
void io_links_del(struct io_links *t, struct io_link *l);
void io_links_fini(struct io_links *t);

/* Connections that this neighbour made to us, those that are being closed included; from IP_NONE: from anywhere. */
unsigned io_links_accepted(const struct io_links *t, unsigned peer, const struct ip_addr *from);

#endif
