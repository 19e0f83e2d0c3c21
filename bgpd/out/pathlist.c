#include "bgpd/out/pathlist.h"

#include <stdlib.h>

#include "bgpd/rib/best.h"
#include "lib/check.h"

uint32_t *out_pathlist_head(struct out_paths *p, uint32_t dest)
{
	if (dest >= p->cap_heads) {
		uint32_t cap = p->cap_heads ? p->cap_heads : 256;
		while (cap <= dest)
			cap += cap / 2;
		p->heads = realloc(p->heads, cap * sizeof(*p->heads));
		CHECK(p->heads != NULL);
		while (p->cap_heads < cap)
			p->heads[p->cap_heads++] = 0;
	}
	return &p->heads[dest];
}

/* Entry 0 is never used: its number ends lists. */
static uint32_t entry_new(struct out_paths *p)
{
	uint32_t i = p->free;

	if (i) {
		p->free = p->list[i].next;
		return i;
	}
	if (p->n_list + 1 >= p->cap_list) {
		p->cap_list = p->cap_list ? p->cap_list * 2 : 64;
		p->list = realloc(p->list, p->cap_list * sizeof(*p->list));
		CHECK(p->list != NULL);
	}
	return ++p->n_list;
}

struct out_path *out_pathlist_add(
	struct out_paths *p, struct rib_store *st, uint32_t dest, const struct out_path *like)
{
	uint32_t *head = out_pathlist_head(p, dest), i = entry_new(p);

	p->list[i] = *like;
	p->list[i].next = *head;
	rib_source_ref(st, like->source);
	*head = i;
	return &p->list[i];
}

static void entry_clear(struct out_path *e, struct rib_store *st)
{
	rib_store_unref_attrs(st, e->attrs);
	rib_source_unref(st, e->source);
}

void out_pathlist_del(struct out_paths *p, struct rib_store *st, uint32_t *at)
{
	uint32_t i = *at;

	*at = p->list[i].next;
	entry_clear(&p->list[i], st);
	p->list[i] = (struct out_path){.next = p->free};
	p->free = i;
}

static void found_add(struct out_paths *p, uint32_t n, const struct rib_path *path)
{
	if (n == p->cap_found) {
		p->cap_found = p->cap_found ? p->cap_found * 2 : 16;
		p->found = realloc(p->found, p->cap_found * sizeof(const struct rib_path *));
		CHECK(p->found != NULL);
	}
	p->found[n] = path;
}

uint32_t out_pathlist_find(struct out_group *g, uint32_t dest)
{
	const struct rib_table *t = g->table;
	uint32_t n = 0;

	for (const struct rib_path *k = rib_dest_paths(t, dest); k; k = rib_path_next(t, k))
		if (rib_path_is_eligible(t, k))
			found_add(&g->paths, n++, k);
	return n;
}

void out_pathlist_fini(struct out_paths *p, struct rib_store *st)
{
	for (uint32_t i = 1; i <= p->n_list; i++)
		if (p->list[i].attrs)
			entry_clear(&p->list[i], st);
	free(p->heads);
	free(p->list);
	free(p->found);
	*p = (struct out_paths){0};
}
