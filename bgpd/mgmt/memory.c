/* /v1/memory: what is alive, by pool. Everything else of a router is sized by its configuration. */
#include "bgpd/mgmt/show.h"

static json_t *memory_pool(const struct pool *p)
{
	json_t *o = json_object();

	mgmt_set(o, "name", json_string(p->name));
	mgmt_set(o, "size", json_integer((json_int_t)p->size));
	mgmt_set(o, "live", json_integer(p->live));
	mgmt_set(o, "peak", json_integer(p->peak));
	mgmt_set(o, "octets", json_integer((json_int_t)p->slab_octets));
	return o;
}

json_t *mgmt_show_memory(const struct mgmt_ask *q)
{
	struct pool pools[RIB_STORE_POOLS];
	json_t *list = json_array();

	rib_store_memory(q->r->store, pools);
	for (unsigned i = 0; i < RIB_STORE_POOLS; i++)
		json_array_append_new(list, memory_pool(&pools[i]));
	return json_pack("{s:o}", "pools", list);
}
