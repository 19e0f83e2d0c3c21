/*
 * Sending to the inside never more than it has room for.
 *
 * Linux 6.1's serial line in user-mode Linux does not wake up again once its reader was throttled (the line
 * discipline throttles at about 4000 unread octets). So the inside tells what it has read (LAB_FRAME_ACK), and no
 * more than a window is ever on the way.
 */
#ifndef LAB_WINDOW_H
#define LAB_WINDOW_H

#include "lab/channel.h"

struct lab_window {
	int fd;	      /* borrowed */
	uint8_t *buf; /* waits for room */
	size_t len, cap;
	size_t flying; /* sent and not yet told as read */
};

void lab_window_init(struct lab_window *w, int fd);
void lab_window_fini(struct lab_window *w);

/* Queues a frame and sends what fits. 0 or -errno. */
int lab_window_send(
	struct lab_window *w, enum lab_frame_type type, uint8_t chan, const void *data, size_t len);
int lab_window_send_json(
	struct lab_window *w, enum lab_frame_type type, uint8_t chan, const json_t *json);

/* An LAB_FRAME_ACK came: sends what fits now. */
int lab_window_acked(struct lab_window *w, const struct lab_frame *f);

/* False: do not take in more, something waits. */
bool lab_window_free(const struct lab_window *w);

/* The other end: tells that n octets were read. */
int lab_window_ack(int fd, size_t n);

#endif
