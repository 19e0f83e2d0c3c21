/* Label routes: each is of a known daemon, in its range, and leads where it may. */
#include "audit/check.h"

#define LABEL_MIN 16 /* RFC 3032 2.1 */
#define OURS	  82

enum target { TO_NOTHING, TO_SELF, TO_VRF, TO_ACCESS, TO_CORE };

static enum target target(const struct audit_run *r, const struct audit_route *t, int *vrf)
{
	*vrf = -1;
	for (uint32_t k = 0; k < t->n_hops; k++) {
		const struct audit_link *l = audit_link_at(r->s, r->s->hops[t->first_hop + k].oif);
		if (!l)
			continue;
		if (l->vrf_table) {
			*vrf = audit_intent_table(r->in, l->vrf_table);
			return TO_VRF;
		}
		*vrf = audit_link_vrf(r, l);
		if (*vrf >= 0)
			return TO_ACCESS;
		return audit_role_at(r, l->ifindex) == AUDIT_ROLE_INERT ? TO_SELF : TO_CORE;
	}
	return TO_NOTHING;
}

static struct audit_finding *flag(struct audit_run *r, size_t i)
{
	const struct audit_route *t = &r->s->routes[i];
	char who[AUDIT_PROTOCOL_STRLEN];
	struct audit_finding *f = audit_flag(r, i, "label %u", t->label);

	audit_who(f, "%s", audit_protocol_name(t->protocol, who));
	audit_mend(f, "ip -f mpls route del %u", t->label);
	return f;
}

static const char *vrf_name(const struct audit_run *r, int vrf)
{
	return vrf < 0 ? "that nobody knows" : r->in->vrfs[vrf].name;
}

static void reserved(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_routes; i++)
		if (r->s->routes[i].kind == AUDIT_MPLS && r->s->routes[i].label < LABEL_MIN)
			audit_what(flag(r, i), "a reserved label with a meaning of its own that "
					       "this route takes away");
}

static const struct audit_label *claimed(const struct audit_intent *in, uint32_t label)
{
	for (size_t i = 0; i < in->n_labels; i++)
		if (in->labels[i].label == label)
			return &in->labels[i];
	return NULL;
}

/* c: what the daemon says of it, or NULL. vrf: into which it leads, NULL: none */
static void elsewhere(struct audit_run *r, size_t i, const struct audit_label *c, const char *vrf)
{
	struct audit_finding *f = flag(r, i);
	uint32_t label = r->s->routes[i].label;

	audit_what(f, "leads %s%s instead of into VRF %s", vrf ? "into VRF " : "out of the VPN",
		vrf ? vrf : "", c ? vrf_name(r, c->vrf) : "of its own");
	if (c && c->vrf >= 0)
		audit_mend(f, "ip -f mpls route replace %u dev %s proto 82", label,
			vrf_name(r, c->vrf));
}

static void ours(struct audit_run *r)
{
	for (size_t i = 0; !r->in->of_host && i < r->s->n_routes; i++) {
		const struct audit_route *t = &r->s->routes[i];
		const struct audit_label *c = claimed(r->in, t->label);
		int vrf;
		if (t->kind != AUDIT_MPLS || t->protocol != OURS || t->label < LABEL_MIN)
			continue;
		enum target to = target(r, t, &vrf);
		if (t->label < r->in->label_min || t->label > r->in->label_max)
			audit_what(flag(r, i), "carries our number outside of our range %u-%u",
				r->in->label_min, r->in->label_max);
		else if (r->in->daemon && !(c && c->installed))
			audit_what(flag(r, i),
				"works although the daemon has not given it out: it leads into "
				"VRF %s",
				vrf_name(r, vrf));
		else if (to != TO_VRF || (c && vrf != c->vrf))
			elsewhere(r, i, c, to == TO_VRF ? vrf_name(r, vrf) : NULL);
	}
}

/* Daemons that sell labels; whoever typed a route is none. */
static bool is_daemon(uint8_t protocol)
{
	return protocol == 11 || protocol == 12 || (protocol >= 186 && protocol <= 198);
}

static void others(struct audit_run *r)
{
	for (size_t i = 0; i < r->s->n_routes; i++) {
		const struct audit_route *t = &r->s->routes[i];
		bool known = is_daemon(t->protocol) || (r->in->of_host && t->protocol == OURS);
		int vrf;
		if (t->kind != AUDIT_MPLS || t->label < LABEL_MIN ||
			(t->protocol == OURS && !r->in->of_host))
			continue;
		enum target to = target(r, t, &vrf);
		if (known && (r->in->of_host || (to != TO_VRF && to != TO_ACCESS)))
			continue;
		struct audit_finding *f = flag(r, i);
		if (to == TO_VRF || to == TO_ACCESS) {
			audit_what(f, "nobody explains it, and it leads into VRF %s%s",
				vrf_name(r, vrf),
				r->in->of_host ? "" : ", whose labels are ours alone");
		} else {
			f->severity = AUDIT_WARNING;
			audit_what(f, "nobody explains this label");
		}
	}
}

static void missing(struct audit_run *r)
{
	for (size_t i = 0; r->in->daemon && i < r->in->n_labels; i++) {
		const struct audit_label *c = &r->in->labels[i];
		bool there = !c->installed;
		for (size_t k = 0; !there && k < r->s->n_routes; k++)
			there = r->s->routes[k].kind == AUDIT_MPLS &&
				r->s->routes[k].label == c->label;
		if (there)
			continue;
		struct audit_finding *f = audit_flag(r, AUDIT_NO_OBJECT, "label %u", c->label);
		audit_who(f, "whoever deleted it");
		audit_what(f, "the daemon has given it out for VRF %s, and the kernel has it not",
			vrf_name(r, c->vrf));
		audit_mend(f, "ip -f mpls route add %u dev %s proto 82", c->label,
			vrf_name(r, c->vrf));
	}
}

const struct audit_check *audit_checks_label(size_t *n)
{
	static const struct audit_check rows[] = {
		{"label-reserved", "R3032-2.1", "RFC 3032 2.1, RFC 4381 2.4",
			"labels 0-15 are left alone", reserved, AUDIT_LABELS, AUDIT_CRITICAL},
		{"label-ours", "R4381-3.1d", "RFC 4381 3.1, RFC 4364 5",
			"our labels are in our range, given out, and lead into their VRF", ours,
			AUDIT_LABELS, AUDIT_CRITICAL},
		{"label-unknown", "R4381-2.4a", "RFC 4381 2.4, RFC 4364 6",
			"no label that nobody explains", others, AUDIT_LABELS, AUDIT_CRITICAL},
		{"label-missing", "R3031-3.18", "RFC 3031 3.18", "what was given out is installed",
			missing, AUDIT_LABELS, AUDIT_WARNING},
	};
	*n = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
