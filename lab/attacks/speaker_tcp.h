/* The TCP connection of a speaker: made in a node's namespace, signed (RFC 2385), with a TTL of one's own (RFC 5082 3). */
#ifndef LAB_ATTACKS_SPEAKER_TCP_H
#define LAB_ATTACKS_SPEAKER_TCP_H

#include "lab/attacks/speaker.h"

uint64_t speaker_now_ms(void);

/* A connected socket, non-blocking, or -errno: -ECONNREFUSED, -ETIMEDOUT, ... */
int speaker_tcp_dial(struct attack_stage *st, const struct speaker_conf *conf, uint64_t until_ms);

struct ip_addr speaker_tcp_local(int fd);

/* All of it, or -errno. */
int speaker_tcp_send(int fd, const void *octets, size_t len, uint64_t until_ms);

/* Octets read; 0 at the deadline; -errno; -ECONNRESET also for the end of the stream. */
int speaker_tcp_recv(int fd, void *out, size_t cap, uint64_t until_ms);

/* Nothing of what was sent waits for the other kernel any more. */
bool speaker_tcp_taken(int fd, uint64_t until_ms);

#endif
