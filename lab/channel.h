/*
 * Frames over one byte stream: between the lab's two halves (a socket pair, or a serial line of user-mode Linux)
 * and between `ravelin lab exec` and the half that stays up.
 *
 *   shape   type(1) chan(1) reserved(2) length(4, network order) payload(length)
 * Payloads are JSON where the type says so and octets otherwise. chan numbers exec sessions; 0 is the lab itself.
 */
#ifndef LAB_CHANNEL_H
#define LAB_CHANNEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_FRAME_MAX	 (1 << 20)
#define LAB_FRAME_HEADER 8

enum lab_frame_type {
	LAB_FRAME_JOB = 1, /* JSON, to the inside: what to run */
	LAB_FRAME_EVENT,   /* JSON, to the outside: what happens */
	LAB_FRAME_EXEC,	   /* JSON, to the inside: run this in that node */
	LAB_FRAME_INPUT,   /* octets for its stdin */
	LAB_FRAME_EOF,	   /* no more of them */
	LAB_FRAME_WINDOW,  /* JSON: the terminal's size */
	LAB_FRAME_OUTPUT,  /* octets of its stdout (or its terminal) */
	LAB_FRAME_ERROR,   /* octets of its stderr */
	LAB_FRAME_EXIT,	   /* JSON: its exit status */
	LAB_FRAME_HANGUP,  /* the other side of this session is gone */
	LAB_FRAME_ACK,	   /* from the inside: so many octets were read (window.h) */
	LAB_FRAME_QUIT,	   /* end the lab */
};

struct lab_frame {
	uint8_t type, chan;
	const uint8_t *data; /* until the next call on the channel */
	size_t len;
};

struct lab_channel {
	int fd; /* borrowed */
	uint8_t *buf;
	size_t len, cap, used; /* used: octets of the frame handed out last */
	bool broken;	       /* a frame that cannot be */
};

void lab_channel_init(struct lab_channel *c, int fd);
void lab_channel_fini(struct lab_channel *c);

/* One read(2). Octets got; 0 at the end of the stream; -errno. */
long lab_channel_fill(struct lab_channel *c);

/* The same of octets that came another way. */
void lab_channel_feed(struct lab_channel *c, const uint8_t *data, size_t len);

/* The next whole frame of what was read. False: none yet. */
bool lab_channel_next(struct lab_channel *c, struct lab_frame *out);

/* Writes all of it, waiting as needed; on a non-blocking end at most ten seconds for any room. 0 or -errno. */
int lab_channel_send(int fd, enum lab_frame_type type, uint8_t chan, const void *data, size_t len);
int lab_channel_send_json(int fd, enum lab_frame_type type, uint8_t chan, const json_t *json);

/* The parts of sending: a header's LAB_FRAME_HEADER octets; octets, all of them. */
void lab_channel_header(uint8_t *out, enum lab_frame_type type, uint8_t chan, size_t len);
int lab_channel_write(int fd, const uint8_t *data, size_t len);

/* The JSON of a frame; NULL if it is none. The caller's. */
json_t *lab_frame_json(const struct lab_frame *f);

#endif
