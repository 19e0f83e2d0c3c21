#include "bgpd/rib/memo.h"

static unsigned memo_slot(const struct rib_attrset *from)
{
	return from->hash % RIB_MEMO_SLOTS;
}

struct rib_attrset *rib_memo_find(const struct rib_memo *m, const struct rib_attrset *from)
{
	unsigned i = memo_slot(from);

	return m->from[i] == from ? m->to[i] : NULL;
}

static void memo_clear(struct rib_memo *m, struct rib_store *st, unsigned i)
{
	if (!m->from[i])
		return;
	rib_store_unref_attrs(st, m->from[i]);
	rib_store_unref_attrs(st, m->to[i]);
	m->from[i] = m->to[i] = NULL;
}

struct rib_attrset *rib_memo_add(
	struct rib_memo *m, struct rib_store *st, struct rib_attrset *from, struct rib_attrset *to)
{
	unsigned i = memo_slot(from);

	rib_attrset_ref(from);
	memo_clear(m, st, i);
	m->from[i] = from;
	m->to[i] = to;
	return to;
}

void rib_memo_fini(struct rib_memo *m, struct rib_store *st)
{
	for (unsigned i = 0; i < RIB_MEMO_SLOTS; i++)
		memo_clear(m, st, i);
}
