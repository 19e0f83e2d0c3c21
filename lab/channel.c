/* Frames over one byte stream: between the lab's two halves, and to those who look in. */
#include "lab/channel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/check.h"

#define READ_MAX 16384
#define STUCK_MS                                                                                   \
	10000 /* a reader who takes nothing for so long is given up (non-blocking ends only) */

void lab_channel_init(struct lab_channel *c, int fd)
{
	*c = (struct lab_channel){.fd = fd};
}

void lab_channel_fini(struct lab_channel *c)
{
	free(c->buf);
	*c = (struct lab_channel){.fd = -1};
}

static void channel_drop_used(struct lab_channel *c)
{
	memmove(c->buf, c->buf + c->used, c->len - c->used);
	c->len -= c->used;
	c->used = 0;
}

static void channel_room(struct lab_channel *c, size_t n)
{
	if (c->used)
		channel_drop_used(c);
	if (c->cap - c->len >= n)
		return;
	c->cap = c->len + 2 * n;
	c->buf = realloc(c->buf, c->cap);
	CHECK(c->buf);
}

void lab_channel_feed(struct lab_channel *c, const uint8_t *data, size_t len)
{
	channel_room(c, len);
	memcpy(c->buf + c->len, data, len);
	c->len += len;
}

long lab_channel_fill(struct lab_channel *c)
{
	ssize_t n;

	channel_room(c, READ_MAX);
	do
		n = read(c->fd, c->buf + c->len, READ_MAX);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	c->len += n;
	return n;
}

bool lab_channel_next(struct lab_channel *c, struct lab_frame *out)
{
	uint32_t len;

	if (c->used)
		channel_drop_used(c);
	if (c->broken || c->len < LAB_FRAME_HEADER)
		return false;
	memcpy(&len, c->buf + 4, sizeof len);
	len = ntohl(len);
	if (len > LAB_FRAME_MAX || !c->buf[0] || c->buf[0] > LAB_FRAME_QUIT) {
		c->broken = true;
		return false;
	}
	if (c->len - LAB_FRAME_HEADER < len)
		return false;
	*out = (struct lab_frame){.type = c->buf[0],
		.chan = c->buf[1],
		.data = c->buf + LAB_FRAME_HEADER,
		.len = len};
	c->used = LAB_FRAME_HEADER + len;
	return true;
}

int lab_channel_write(int fd, const uint8_t *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = {.fd = fd, .events = POLLOUT};

			if (poll(&p, 1, STUCK_MS) == 0)
				return -ETIMEDOUT;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= n;
	}
	return 0;
}

void lab_channel_header(uint8_t *out, enum lab_frame_type type, uint8_t chan, size_t len)
{
	uint32_t n = htonl(len);

	CHECK(len <= LAB_FRAME_MAX);
	memset(out, 0, LAB_FRAME_HEADER);
	out[0] = type;
	out[1] = chan;
	memcpy(out + 4, &n, sizeof n);
}

int lab_channel_send(int fd, enum lab_frame_type type, uint8_t chan, const void *data, size_t len)
{
	uint8_t header[LAB_FRAME_HEADER];
	int err;

	lab_channel_header(header, type, chan, len);
	err = lab_channel_write(fd, header, sizeof header);
	return err ? err : lab_channel_write(fd, data, len);
}

int lab_channel_send_json(int fd, enum lab_frame_type type, uint8_t chan, const json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	int err;

	CHECK(text);
	err = lab_channel_send(fd, type, chan, text, strlen(text));
	free(text);
	return err;
}

json_t *lab_frame_json(const struct lab_frame *f)
{
	return json_loadb((const char *)f->data, f->len, JSON_DECODE_ANY, NULL);
}
