#include "bgpd/io/links.h"

#include <stdlib.h>

#include "bgpd/io/watch.h"
#include "lib/check.h"

struct io_link *io_links_add(struct io_links *t)
{
	for (uint32_t i = 0; i < IO_LINKS_MAX; i++) {
		if (t->slot[i] || t->round[i] == UINT32_MAX / IO_LINKS_MAX)
			continue;
		struct io_link *l = calloc(1, sizeof(*l));
		CHECK(l != NULL);
		l->id = t->round[i]++ * IO_LINKS_MAX + i + 1;
		t->slot[i] = l;
		t->n++;
		return l;
	}
	return NULL;
}

struct io_link *io_links_find(const struct io_links *t, uint32_t id)
{
	struct io_link *l = id ? t->slot[(id - 1) % IO_LINKS_MAX] : NULL;

	return l && l->id == id ? l : NULL;
}

void io_links_del(struct io_links *t, struct io_link *l)
{
	t->slot[(l->id - 1) % IO_LINKS_MAX] = NULL;
	t->n--;
	if (l->conn)
		io_conn_free(l->conn);
	io_watch_free(l->identify);
	free(l);
}

void io_links_fini(struct io_links *t)
{
	for (uint32_t i = 0; i < IO_LINKS_MAX; i++)
		if (t->slot[i])
			io_links_del(t, t->slot[i]);
}

unsigned io_links_accepted(const struct io_links *t, unsigned peer, const struct ip_addr *from)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < IO_LINKS_MAX; i++) {
		const struct io_link *l = t->slot[i];
		n += l && l->accepted && l->peer == peer &&
		     (from->af == IP_NONE || ip_addr_equal(&l->remote, from));
	}
	return n;
}
