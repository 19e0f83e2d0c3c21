/* Ports: which netdevice faces the core and which a customer. */
#include "conf/loader.h"
#include "lib/check.h"

struct port_pair {
	struct conf_port *port;
	struct conf_port_site *site;
};

static void port_name(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct port_pair *p = into;

	p->site->name = v->at;
	p->port->name = conf_value_ifname(l, v);
}

static void port_role(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"core", CONF_PORT_CORE},
		{"access", CONF_PORT_ACCESS}, {"management", CONF_PORT_MANAGEMENT}};
	struct port_pair *p = into;
	int role;

	p->site->role = v->at;
	p->site->role_known = conf_value_word(
		l, v, words, ARRAY_LEN(words), "a role; write core, access or management", &role);
	if (p->site->role_known)
		p->port->role = (enum conf_port_role)role;
}

static void port_vrf(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct port_pair *p = into;

	p->site->vrf = v->at;
	p->site->vrf_name = conf_value_string(l, v, 1, 63);
}

static void port_address(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct port_pair *p = into;
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	p->site->address = v->at;
	if (!conf_list_count(l, v, CONF_ADDRS_MAX, &n))
		return;
	p->port->addresses = conf_alloc(l, n * sizeof(*p->port->addresses));
	p->site->addresses = conf_alloc(l, n * sizeof(*p->site->addresses));
	while (conf_list_next(l, v, &iter, &item)) {
		unsigned i = p->port->n_addresses;
		p->site->addresses[i] = item.at;
		if (conf_value_prefix(l, &item, true, &p->port->addresses[i]))
			p->port->n_addresses++;
	}
}

static void port_accept_labels(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct port_pair *p = into;

	p->site->accept_labels = v->at;
	conf_value_bool(l, v, &p->port->accept_labels);
}

static void port_labels(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"all", ACL_LABELS_ALL}, {"none", ACL_LABELS_NONE},
		{"advertised", ACL_LABELS_ADVERTISED}};
	struct port_pair *p = into;
	int labels;

	p->site->labels = v->at;
	if (conf_value_word(l, v, words, ARRAY_LEN(words),
		    "a choice of labels; write all, none or advertised", &labels))
		p->port->labels = (uint8_t)labels;
}

static void port_guard(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct port_pair *p = into;

	p->site->guard = v->at;
	conf_parse_port_guard(l, v, &p->port->guard, p->site);
}

static void port_acl(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct port_pair *p = into;

	p->site->acl = v->at;
	conf_parse_acl_names(l, v, &p->site->acls);
}

const struct conf_keys *conf_keys_port(void)
{
	static const struct conf_key keys[] = {
		{"name", true, port_name},
		{"role", true, port_role},
		{"vrf", false, port_vrf},
		{"address", false, port_address},
		{"accept-labels", false, port_accept_labels},
		{"labels", false, port_labels},
		{"guard", false, port_guard},
		{"acl", false, port_acl},
	};
	static const struct conf_keys table = {
		.path = "ports", .what = "a port", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

void conf_parse_ports(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_value item;
	void *iter = NULL;
	unsigned n;

	if (!conf_list_count(l, v, CONF_PORTS_MAX, &n))
		return;
	l->conf->ports = conf_alloc(l, n * sizeof(*l->conf->ports));
	l->ports = conf_alloc(l, n * sizeof(*l->ports));
	while (conf_list_next(l, v, &iter, &item)) {
		unsigned i = l->conf->n_ports++;
		struct port_pair p = {.port = &l->conf->ports[i], .site = &l->ports[i]};
		p.port->vrf = CONF_VRF_NONE;
		p.port->labels = ACL_LABELS_ALL;
		conf_port_guard_defaults(&p.port->guard);
		p.site->name = p.site->role = item.at;
		conf_map_parse(l, &item, conf_keys_port(), &p);
	}
}
