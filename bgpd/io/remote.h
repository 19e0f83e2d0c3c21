/*
 * Connections to caches and stations (conf remotes): EFF_REMOTE_* in, EV_REMOTE_* out. One of each at a time; TCP, or TLS 1.3 over it.
 *
 * They are dialled from the core's namespace by bgpd itself, which needs no right for it. What TLS needs of files is read by
 * io_remotes_new(), before bgpd gives up its rights and sees no file any more.
 */
#ifndef BGPD_IO_REMOTE_H
#define BGPD_IO_REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <event2/event.h>

#include "bgpd/out/block.h"
#include "conf/model.h"

#define IO_REMOTE_FULL	  (1u << 20) /* octets that wait: EV_REMOTE_FULL ... */
#define IO_REMOTE_DRAINED (1u << 18) /* ... and no more */
#define IO_REMOTE_DIAL_MS 10000	     /* for TCP and TLS together */

struct io_remotes;

struct io_remote_handler { /* arg, index into conf remotes */
	void (*up)(void *arg, uint32_t remote);
	void (*down)(void *arg, uint32_t remote, const char *why);
	size_t (*received)(void *arg, uint32_t remote, const uint8_t *data, size_t len); /* taken */
	void (*flow)(void *arg, uint32_t remote, bool full);
};

/* Reads certificates and keys. NULL: *why (cap octets) names the remote, the file and what is wrong with it. */
struct io_remotes *io_remotes_new(const struct conf *conf, char *why, size_t cap);
void io_remotes_free(struct io_remotes *all);

/* Before the first dial; after rights were given up. */
void io_remotes_run(struct io_remotes *all, struct event_base *base,
	const struct io_remote_handler *calls, void *arg);

void io_remote_dial(struct io_remotes *all, uint32_t remote);
void io_remote_send(struct io_remotes *all, uint32_t remote, struct out_block *block);
void io_remote_close(struct io_remotes *all, uint32_t remote);

/* The configuration was replaced; what has TLS in it has been there, as it is, since io_remotes_new (conf_adopt). */
void io_remotes_keep(struct io_remotes *all, const struct conf *conf);

/* What was sent to those that are being closed has left. */
bool io_remotes_are_flushed(const struct io_remotes *all);

#endif
