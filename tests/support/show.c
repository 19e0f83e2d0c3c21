#include "tests/support/show.h"

#include <string.h>

#include "bgpd/wire/aspath.h"
#include "bgpd/wire/comm.h"
#include "bgpd/wire/rd.h"
#include "lib/text.h"

#define SHOW_LIST_MAX 8192

char *show_fault(const struct wire_fault *f, char *out, size_t cap)
{
	static const char *const names[] = {"ok", "discard", "withdraw", "reset"};
	struct text t = text_of(out, cap);

	text_add(&t, "%s", names[f->action]);
	if (f->action != WIRE_OK)
		text_add(&t, " %u/%u", f->code, f->subcode);
	if (f->attr)
		text_add(&t, " attr %u", f->attr);
	return out;
}

static void show_numbers(struct text *t, const struct wire_attrs *a)
{
	static const char *const origin[] = {"igp", "egp", "incomplete"};
	char addr[IP_ADDR_STRLEN];
	struct ip_addr id;

	if (wire_attrs_has(a, WIRE_ATTR_ORIGIN))
		text_add(t, "origin %s\n", origin[a->origin]);
	if (wire_attrs_has(a, WIRE_ATTR_NEXT_HOP))
		text_add(t, "next_hop %s\n", ip_addr_print(&a->next_hop, addr));
	if (wire_attrs_has(a, WIRE_ATTR_MED))
		text_add(t, "med %u\n", a->med);
	if (wire_attrs_has(a, WIRE_ATTR_LOCAL_PREF))
		text_add(t, "local_pref %u\n", a->local_pref);
	if (wire_attrs_has(a, WIRE_ATTR_ATOMIC_AGGREGATE))
		text_add(t, "atomic_aggregate\n");
	id = ip_addr_v4(a->aggregator_id);
	if (wire_attrs_has(a, WIRE_ATTR_AGGREGATOR))
		text_add(t, "aggregator %u %s\n", a->aggregator_as, ip_addr_print(&id, addr));
	id = ip_addr_v4(a->originator_id);
	if (wire_attrs_has(a, WIRE_ATTR_ORIGINATOR_ID))
		text_add(t, "originator_id %s\n", ip_addr_print(&id, addr));
	if (wire_attrs_has(a, WIRE_ATTR_OTC))
		text_add(t, "otc %u\n", a->otc);
}

static void show_octets(struct text *t, const char *name, struct wire_span s)
{
	if (!s.len)
		return;
	text_add(t, "%s ", name);
	for (unsigned i = 0; i < s.len; i++)
		text_add(t, "%02x", s.p[i]);
	text_add(t, "\n");
}

static void show_lists(struct text *t, const struct wire_attrs *a)
{
	char list[SHOW_LIST_MAX];

	if (wire_attrs_has(a, WIRE_ATTR_AS_PATH))
		text_add(t, "as_path %s\n", wire_aspath_print(a->as_path, list, sizeof(list)));
	if (wire_attrs_has(a, WIRE_ATTR_COMMUNITIES))
		text_add(
			t, "communities %s\n", wire_comm_print(a->communities, list, sizeof(list)));
	if (wire_attrs_has(a, WIRE_ATTR_EXT_COMMUNITIES))
		text_add(t, "ext_communities %s\n",
			wire_extcomm_print(a->ext_communities, list, sizeof(list)));
	if (wire_attrs_has(a, WIRE_ATTR_LARGE_COMMUNITIES))
		text_add(t, "large_communities %s\n",
			wire_large_print(a->large_communities, list, sizeof(list)));
	show_octets(t, "cluster_list", a->cluster_list);
	show_octets(t, "unknown", a->unknown);
}

static void show_nlris(
	struct text *t, const char *what, const struct wire_nlris *list, bool withdrawn)
{
	struct rbuf r = rbuf_of(list->octets.p, list->octets.len);
	struct wire_nlri n;
	struct wire_fault f;
	char rd[WIRE_RD_STRLEN], prefix[IP_PREFIX_STRLEN];

	for (unsigned i = 0; i < list->count; i++) {
		if (!wire_nlri_get(&r,
			    &(struct wire_nlri_form){list->family, withdrawn, list->add_path}, &n,
			    &f)) {
			text_add(t, "UNREADABLE\n");
			return;
		}
		text_add(t, "%s %s", what, wire_family_get(list->family)->name);
		if (list->add_path)
			text_add(t, " path %u", n.path_id);
		if (list->family == WIRE_RT_CONSTRAINT) {
			text_add(t, " %u %s/%u\n", ip_addr_get_v4(&n.prefix.addr),
				wire_rt_print(n.rd, rd), n.prefix.len);
			continue;
		}
		if (wire_family_get(list->family)->rd_octets)
			text_add(t, " %s", wire_rd_print(n.rd, rd));
		text_add(t, " %s", ip_prefix_print(&n.prefix, prefix));
		if (n.label != WIRE_LABEL_NONE)
			text_add(t, " label %u", n.label);
		text_add(t, "\n");
	}
}

char *show_update(const struct wire_update *up, char *out, size_t cap)
{
	struct text t = text_of(out, cap);
	char addr[IP_ADDR_STRLEN];

	show_numbers(&t, &up->attrs);
	show_lists(&t, &up->attrs);
	if (up->reach[1].count)
		text_add(&t, "mp_next_hop %s\n", ip_addr_print(&up->mp_next_hop, addr));
	show_nlris(&t, "unreach", &up->unreach[0], true);
	show_nlris(&t, "mp_unreach", &up->unreach[1], true);
	show_nlris(&t, "reach", &up->reach[0], false);
	show_nlris(&t, "mp_reach", &up->reach[1], false);
	if (up->eor)
		text_add(&t, "eor %s\n", wire_family_get(up->eor_family)->name);
	return out;
}

static void show_families(struct text *t, const char *what, uint32_t families)
{
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		if (families & WIRE_FAMILY_BIT(f))
			text_add(t, "%s %s\n", what, wire_family_get(f)->name);
}

static void show_restart(struct text *t, const struct wire_restart *gr)
{
	if (gr->sent)
		text_add(t, "restart %u%s%s\n", gr->time_s, gr->restarting ? " R" : "",
			gr->notification ? " N" : "");
	show_families(t, "restart_family", gr->families);
	show_families(t, "restart_preserved", gr->preserved);
	if (gr->long_lived)
		text_add(t, "long_lived\n");
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		if (gr->ll_families & WIRE_FAMILY_BIT(f))
			text_add(t, "long_lived_family %s %u\n", wire_family_get(f)->name,
				gr->ll_stale_s[f]);
	show_families(t, "long_lived_preserved", gr->ll_preserved);
}

char *show_open(const struct wire_open *o, char *out, size_t cap)
{
	struct text t = text_of(out, cap);
	struct ip_addr id = ip_addr_v4(o->id);
	char addr[IP_ADDR_STRLEN];

	text_add(&t, "as %u\nhold %u\nid %s\nunknown_caps %u\n", o->as, o->hold_s,
		ip_addr_print(&id, addr), o->unknown_caps);
	text_add(&t, "%s%s%s", o->as4 ? "as4\n" : "", o->refresh ? "refresh\n" : "",
		o->mp ? "mp\n" : "");
	text_add(&t, "%s%s", o->enhanced_refresh ? "enhanced_refresh\n" : "",
		o->extended_message ? "extended_message\n" : "");
	show_families(&t, "family", o->families);
	show_families(&t, "add_path_receive", o->add_path_receive);
	show_families(&t, "add_path_send", o->add_path_send);
	show_families(&t, "extended_next_hop", o->extended_next_hop);
	if (o->role != WIRE_ROLE_NONE)
		text_add(&t, "role %u%s\n", o->role, o->role_conflict ? " conflict" : "");
	show_restart(&t, &o->restart);
	return out;
}

bool show_has_line(const char *text, const char *line)
{
	size_t n = strlen(line);

	for (const char *s = text; *s; s = strchr(s, '\n') + 1)
		if (strncmp(s, line, n) == 0 && s[n] == '\n')
			return true;
	return false;
}
