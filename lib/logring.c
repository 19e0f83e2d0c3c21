#include "lib/logring.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

struct log_ring {
	char *lines[LOG_RING_LINES];
	size_t n; /* ever added */
};

struct log_ring *log_ring_new(void)
{
	struct log_ring *ring = calloc(1, sizeof(*ring));

	CHECK(ring != NULL);
	return ring;
}

void log_ring_free(struct log_ring *ring)
{
	for (size_t i = 0; ring && i < LOG_RING_LINES; i++)
		free(ring->lines[i]);
	free(ring);
}

void log_ring_add(struct log_ring *ring, const char *line, size_t len)
{
	char **at = &ring->lines[ring->n++ % LOG_RING_LINES];

	free(*at);
	*at = strndup(line, len);
	CHECK(*at != NULL);
}

void log_ring_merge(struct log_ring *ring, const char *line, size_t len)
{
	log_ring_add(ring, line, len);
	for (size_t i = ring->n - 1; i > 0 && ring->n - i < LOG_RING_LATE; i--) {
		char **at = &ring->lines[i % LOG_RING_LINES];
		char **before = &ring->lines[(i - 1) % LOG_RING_LINES];

		if (strncmp(*before, *at, LOG_RING_TIME) <= 0)
			return;
		char *moved = *before;
		*before = *at;
		*at = moved;
	}
}

const char *log_ring_get(const struct log_ring *ring, size_t i)
{
	size_t kept = ring->n < LOG_RING_LINES ? ring->n : LOG_RING_LINES;

	return i < kept ? ring->lines[(ring->n - kept + i) % LOG_RING_LINES] : NULL;
}
