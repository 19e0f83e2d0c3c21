/* Sending to the inside never more than it has room for. */
#include "lab/window.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define WINDOW 2048

void lab_window_init(struct lab_window *w, int fd)
{
	*w = (struct lab_window){.fd = fd};
}

void lab_window_fini(struct lab_window *w)
{
	free(w->buf);
	*w = (struct lab_window){.fd = -1};
}

static int window_flush(struct lab_window *w)
{
	size_t n = WINDOW - w->flying < w->len ? WINDOW - w->flying : w->len;
	int err = lab_channel_write(w->fd, w->buf, n);

	if (err)
		return err;
	memmove(w->buf, w->buf + n, w->len - n);
	w->len -= n;
	w->flying += n;
	return 0;
}

int lab_window_send(
	struct lab_window *w, enum lab_frame_type type, uint8_t chan, const void *data, size_t len)
{
	size_t need = w->len + LAB_FRAME_HEADER + len;

	if (need > w->cap) {
		w->buf = realloc(w->buf, need);
		CHECK(w->buf);
		w->cap = need;
	}
	lab_channel_header(w->buf + w->len, type, chan, len);
	memcpy(w->buf + w->len + LAB_FRAME_HEADER, data, len);
	w->len = need;
	return window_flush(w);
}

int lab_window_send_json(
	struct lab_window *w, enum lab_frame_type type, uint8_t chan, const json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	int err;

	CHECK(text);
	err = lab_window_send(w, type, chan, text, strlen(text));
	free(text);
	return err;
}

int lab_window_acked(struct lab_window *w, const struct lab_frame *f)
{
	uint32_t n;

	if (f->len != sizeof n)
		return 0;
	memcpy(&n, f->data, sizeof n);
	n = ntohl(n);
	w->flying -= n < w->flying ? n : w->flying;
	return window_flush(w);
}

bool lab_window_free(const struct lab_window *w)
{
	return !w->len;
}

int lab_window_ack(int fd, size_t n)
{
	uint32_t count = htonl(n);

	return lab_channel_send(fd, LAB_FRAME_ACK, 0, &count, sizeof count);
}
