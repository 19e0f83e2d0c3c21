/* The guard programs at the ingress of access ports: there, first, ours, and open. */
#include <string.h>

#include "acl/load_prog.h"
#include "audit/check.h"

/* The device of port i, if our guard must stand there and the device is there. */
static const struct audit_link *guarded(const struct audit_run *r, size_t i)
{
	const struct audit_port *p = &r->in->ports[i];
	return p->guarded ? audit_link_find(r->s, p->name) : NULL;
}

static void missing(struct audit_run *r)
{
	for (size_t i = 0; i < r->in->n_ports; i++) {
		const struct audit_link *l = guarded(r, i);
		if (!l || audit_guard_find(r->s, l) || !audit_link_is_up(l))
			continue;
		struct audit_finding *f = audit_flag(r, (size_t)(l - r->s->links), "%s", l->name);
		audit_who(f, "whoever took it off");
		audit_what(f, l->filters_known
				      ? "no guard program at its ingress: only the kernel's own "
					"checks stand between this customer and the router"
				      : "no guard program is seen at its ingress: the kernel "
					"does "
					"not say what tc has there");
		audit_mend(f, "# ravelind attaches it again at once; if it did not: start "
			      "it again");
	}
}

static void off(struct audit_run *r)
{
	for (size_t i = 0; !r->in->of_host && i < r->in->n_ports; i++) {
		const struct audit_port *p = &r->in->ports[i];
		if (p->role != AUDIT_ROLE_ACCESS || p->guarded || !audit_link_find(r->s, p->name))
			continue;
		struct audit_finding *f = audit_flag(
			r, (size_t)(audit_link_find(r->s, p->name) - r->s->links), "%s", p->name);
		audit_who(f, "the configuration (guard: off)");
		audit_what(f, "has no guard program by the configuration");
		audit_mend(f, "# take guard: off from port %s and start ravelind again", p->name);
	}
}

static void earlier(struct audit_run *r)
{
	for (size_t i = 0; i < r->in->n_ports; i++) {
		const struct audit_link *l = guarded(r, i);
		const struct audit_filter *g = l ? audit_guard_find(r->s, l) : NULL;
		for (size_t k = 0; g && k < r->s->n_filters; k++) {
			const struct audit_filter *o = &r->s->filters[k];
			if (o->ifindex != l->ifindex || o == g || o->pref > g->pref ||
				(o->pref == g->pref && o > g))
				continue;
			struct audit_finding *f = audit_flag(
				r, (size_t)(l - r->s->links), "%s filter %u", l->name, o->pref);
			if (o->program.id)
				audit_who(f, "program %s id %u", o->program.name, o->program.id);
			else
				audit_who(f, "tc filter %s", o->kind);
			audit_what(f, "stands before the guard: what it lets pass, the "
				      "guard never "
				      "sees");
			audit_mend(f, "tc filter del dev %s ingress pref %u", l->name, o->pref);
		}
	}
}

static void xdp(struct audit_run *r)
{
	for (size_t i = 0; i < r->in->n_ports; i++) {
		const struct audit_link *l = guarded(r, i);
		if (!l || !l->xdp.id || strcmp(l->xdp.name, ACL_XDP_NAME) == 0)
			continue;
		struct audit_finding *f =
			audit_flag(r, (size_t)(l - r->s->links), "%s XDP", l->name);
		audit_who(f, "program %s id %u", *l->xdp.name ? l->xdp.name : "without a name",
			l->xdp.id);
		audit_what(f, "another's program sees this customer's packets before the guard, "
			      "and may send them past it");
		audit_mend(f, "ip link set dev %s xdp off", l->name);
	}
}

static void gate(struct audit_run *r)
{
	for (size_t i = 0; i < r->in->n_ports; i++) {
		const struct audit_link *l = guarded(r, i);
		const struct audit_port *p = &r->in->ports[i];
		if (!l || p->gate != AUDIT_GATE_CLOSED)
			continue;
		struct audit_finding *f =
			audit_flag(r, (size_t)(l - r->s->links), "%s gate", l->name);
		audit_who(f, "ravelin guard");
		audit_what(f, "closed, nothing passes%s%s", *p->drift ? ": " : "", p->drift);
		audit_mend(f,
			"# mend what is said of %s above; the guard opens the port by "
			"itself",
			l->name);
	}
}

const struct audit_check *audit_checks_guard(size_t *n)
{
	static const struct audit_check rows[] = {
		{"guard-missing", "R4381-3.3a", "RFC 4381 3.3, RFC 4364 6",
			"the guard stands at every access port", missing, AUDIT_GUARDS,
			AUDIT_CRITICAL},
		{"guard-off", "R4381-3.3a", "RFC 4381 3.3", "no guard is switched off", off,
			AUDIT_GUARDS, AUDIT_WARNING},
		{"guard-behind", "R4381-2.4a", "RFC 4381 2.4, RFC 4364 6",
			"no filter stands before the guard", earlier, AUDIT_GUARDS, AUDIT_CRITICAL},
		{"guard-xdp", "R4381-2.4a", "RFC 4381 2.4", "no other XDP program on its ports",
			xdp, AUDIT_GUARDS, AUDIT_CRITICAL},
		{"guard-closed", "R4381-2.3b", "RFC 4381 2.3", "every gate is open", gate,
			AUDIT_GUARDS, AUDIT_WARNING},
	};
	*n = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
