#include "mplsfwd/fibmsg.h"

#include <string.h>

#include "acl/abi.h"
#include "lib/check.h"
#include "lib/log.h"

#define HEAD 7 /* type, length, seq */

typedef void fib_put_fn(struct wbuf *w, const struct fib_msg *m);
typedef bool fib_get_fn(struct rbuf *r, struct fib_msg *m);

/* addr: af(1) octets(0, 4 or 16) */
static void addr_put(struct wbuf *w, const struct ip_addr *a)
{
	wbuf_put_u8(w, a->af);
	wbuf_put(w, a->o, ip_af_bits(a->af) / 8);
}

static bool addr_get(struct rbuf *r, struct ip_addr *a)
{
	a->af = rbuf_get_u8(r);
	if (a->af != IP_V4 && a->af != IP_V6)
		return false;
	size_t n = ip_af_bits(a->af) / 8;
	const uint8_t *p = rbuf_get(r, n);
	if (p)
		memcpy(a->o, p, n);
	return p;
}

/* prefix: addr len(1); host bits must be zero */
static void prefix_put(struct wbuf *w, const struct fib_msg *m)
{
	addr_put(w, &m->prefix.addr);
	wbuf_put_u8(w, m->prefix.len);
}

static bool prefix_get(struct rbuf *r, struct fib_msg *m)
{
	struct ip_prefix masked;

	if (!addr_get(r, &m->prefix.addr))
		return false;
	m->prefix.len = rbuf_get_u8(r);
	if (m->prefix.len > ip_af_bits(m->prefix.addr.af))
		return false;
	masked = m->prefix;
	ip_prefix_mask(&masked);
	return ip_prefix_equal(&masked, &m->prefix);
}

/* A flag is 0 or 1, so that every message has one encoding. */
static bool bool_get(struct rbuf *r, bool *out)
{
	uint8_t v = rbuf_get_u8(r);

	*out = v;
	return v <= 1;
}

static void none_put(struct wbuf *w, const struct fib_msg *m)
{
}

static bool none_get(struct rbuf *r, struct fib_msg *m)
{
	return true;
}

static void peer_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u16(w, m->peer);
}

static bool peer_get(struct rbuf *r, struct fib_msg *m)
{
	m->peer = rbuf_get_u16(r);
	return true;
}

static void track_put(struct wbuf *w, const struct fib_msg *m)
{
	addr_put(w, &m->addr);
}

static bool track_get(struct rbuf *r, struct fib_msg *m)
{
	return addr_get(r, &m->addr);
}

static void label_add_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u24(w, m->label);
	wbuf_put_u16(w, m->vrf);
}

static bool label_add_get(struct rbuf *r, struct fib_msg *m)
{
	m->label = rbuf_get_u24(r);
	m->vrf = rbuf_get_u16(r);
	return m->label <= 0xfffff;
}

static void label_del_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u24(w, m->label);
}

static bool label_del_get(struct rbuf *r, struct fib_msg *m)
{
	m->label = rbuf_get_u24(r);
	return m->label <= 0xfffff;
}

/* route-add: vrf(2) prefix kind(1) next-hop, then label(3) of FIB_ROUTE_VPN */
static void route_add_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u16(w, m->vrf);
	prefix_put(w, m);
	wbuf_put_u8(w, m->route.kind);
	addr_put(w, &m->route.next_hop);
	if (m->route.kind == FIB_ROUTE_VPN)
		wbuf_put_u24(w, m->route.label);
}

static bool route_add_get(struct rbuf *r, struct fib_msg *m)
{
	m->vrf = rbuf_get_u16(r);
	if (!prefix_get(r, m))
		return false;
	m->route.kind = rbuf_get_u8(r);
	if (!addr_get(r, &m->route.next_hop))
		return false;
	if (m->route.kind == FIB_ROUTE_VPN)
		m->route.label = rbuf_get_u24(r);
	return m->route.kind <= FIB_ROUTE_BLACKHOLE && m->route.label <= 0xfffff;
}

static void route_del_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u16(w, m->vrf);
	prefix_put(w, m);
}

static bool route_del_get(struct rbuf *r, struct fib_msg *m)
{
	m->vrf = rbuf_get_u16(r);
	return prefix_get(r, m);
}

static void error_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u32(w, (uint32_t)m->error);
}

static bool error_get(struct rbuf *r, struct fib_msg *m)
{
	uint32_t e = rbuf_get_u32(r);

	m->error = (int32_t)e;
	return e <= INT32_MAX;
}

static void socket_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u16(w, m->peer);
	error_put(w, m);
}

static bool socket_get(struct rbuf *r, struct fib_msg *m)
{
	m->peer = rbuf_get_u16(r);
	return error_get(r, m);
}

static void listener_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u16(w, m->vrf);
}

static bool listener_get(struct rbuf *r, struct fib_msg *m)
{
	m->vrf = rbuf_get_u16(r);
	return true;
}

static void api_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u8(w, m->flags);
}

static bool api_get(struct rbuf *r, struct fib_msg *m)
{
	m->flags = rbuf_get_u8(r);
	return m->flags < FIB_API_KINDS;
}

/* nexthop: addr reachable(1) metric(4) n(1) labels(3 each) */
static void nexthop_put(struct wbuf *w, const struct fib_msg *m)
{
	CHECK(m->n_labels <= FIB_LABELS_MAX);
	addr_put(w, &m->addr);
	wbuf_put_u8(w, m->up);
	wbuf_put_u32(w, m->metric);
	wbuf_put_u8(w, m->n_labels);
	for (unsigned i = 0; i < m->n_labels; i++)
		wbuf_put_u24(w, m->labels[i]);
}

static bool nexthop_get(struct rbuf *r, struct fib_msg *m)
{
	if (!addr_get(r, &m->addr) || !bool_get(r, &m->up))
		return false;
	m->metric = rbuf_get_u32(r);
	m->n_labels = rbuf_get_u8(r);
	if (m->n_labels > FIB_LABELS_MAX)
		return false;
	for (unsigned i = 0; i < m->n_labels; i++) {
		m->labels[i] = rbuf_get_u24(r);
		if (m->labels[i] > 0xfffff)
			return false;
	}
	return true;
}

static void connected_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u16(w, m->vrf);
	prefix_put(w, m);
	wbuf_put_u8(w, m->up);
}

static bool connected_get(struct rbuf *r, struct fib_msg *m)
{
	m->vrf = rbuf_get_u16(r);
	return prefix_get(r, m) && bool_get(r, &m->up);
}

static void port_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u16(w, m->port);
	wbuf_put_u8(w, m->flags);
}

static bool port_get(struct rbuf *r, struct fib_msg *m)
{
	m->port = rbuf_get_u16(r);
	m->flags = rbuf_get_u8(r);
	return true;
}

static void port_stats_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u16(w, m->port);
	wbuf_put_u64(w, m->mpls.rx_packets);
	wbuf_put_u64(w, m->mpls.rx_errors);
	wbuf_put_u64(w, m->mpls.rx_dropped);
	wbuf_put_u64(w, m->mpls.rx_noroute);
	wbuf_put_u64(w, m->mpls.tx_packets);
}

static bool port_stats_get(struct rbuf *r, struct fib_msg *m)
{
	m->port = rbuf_get_u16(r);
	m->mpls.rx_packets = rbuf_get_u64(r);
	m->mpls.rx_errors = rbuf_get_u64(r);
	m->mpls.rx_dropped = rbuf_get_u64(r);
	m->mpls.rx_noroute = rbuf_get_u64(r);
	m->mpls.tx_packets = rbuf_get_u64(r);
	return true;
}

static void tcp_stats_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u64(w, m->tcp.md5_not_found);
	wbuf_put_u64(w, m->tcp.md5_unexpected);
	wbuf_put_u64(w, m->tcp.md5_failure);
	wbuf_put_u64(w, m->tcp.min_ttl_drop);
}

static bool tcp_stats_get(struct rbuf *r, struct fib_msg *m)
{
	m->tcp.md5_not_found = rbuf_get_u64(r);
	m->tcp.md5_unexpected = rbuf_get_u64(r);
	m->tcp.md5_failure = rbuf_get_u64(r);
	m->tcp.min_ttl_drop = rbuf_get_u64(r);
	return true;
}

static void seconds_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u32(w, m->seconds);
}

static bool seconds_get(struct rbuf *r, struct fib_msg *m)
{
	m->seconds = rbuf_get_u32(r);
	return true;
}

static void source_put(struct wbuf *w, const struct fib_msg *m)
{
	route_del_put(w, m);
	addr_put(w, &m->addr);
}

static bool source_get(struct rbuf *r, struct fib_msg *m)
{
	return route_del_get(r, m) && addr_get(r, &m->addr);
}

static void tell_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u24(w, m->label);
	wbuf_put_u16(w, m->peer);
}

static bool tell_get(struct rbuf *r, struct fib_msg *m)
{
	m->label = rbuf_get_u24(r);
	m->peer = rbuf_get_u16(r);
	return m->label <= 0xfffff;
}

/* name: n(1) octets(n), none of them 0; may be empty */
static void name_put(struct wbuf *w, const struct fib_msg *m)
{
	size_t n = strnlen(m->name, sizeof(m->name) - 1);

	wbuf_put_u8(w, (uint8_t)n);
	wbuf_put(w, m->name, n);
}

static bool name_get(struct rbuf *r, struct fib_msg *m)
{
	size_t n = rbuf_get_u8(r);

	if (n >= sizeof(m->name))
		return false;
	const uint8_t *p = rbuf_get(r, n);
	if (p)
		memcpy(m->name, p, n);
	return p && strlen(m->name) == n;
}

/* guard-port: port(2) guard(1) xdp(1) drifts(4) name */
static void guard_port_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u16(w, m->port);
	wbuf_put_u8(w, m->guard);
	wbuf_put_u8(w, m->guard_xdp);
	wbuf_put_u32(w, m->guard_drifts);
	name_put(w, m);
}

static bool guard_port_get(struct rbuf *r, struct fib_msg *m)
{
	m->port = rbuf_get_u16(r);
	m->guard = rbuf_get_u8(r);
	m->guard_xdp = rbuf_get_u8(r);
	m->guard_drifts = rbuf_get_u32(r);
	return m->guard <= FIB_GUARD_FAILED && m->guard_xdp <= ACL_XDP_OFF && name_get(r, m);
}

/* guard-count: port(2) reason(1) count(8) name */
static void guard_count_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u16(w, m->port);
	wbuf_put_u8(w, m->guard_reason);
	wbuf_put_u64(w, m->guard_count);
	name_put(w, m);
}

static bool guard_count_get(struct rbuf *r, struct fib_msg *m)
{
	m->port = rbuf_get_u16(r);
	m->guard_reason = rbuf_get_u8(r);
	m->guard_count = rbuf_get_u64(r);
	return m->guard_reason < ACL_REASONS && name_get(r, m);
}

static void guard_rule_put(struct wbuf *w, const struct fib_msg *m)
{
	wbuf_put_u16(w, m->port);
	wbuf_put_u16(w, m->guard_rule);
	wbuf_put_u64(w, m->guard_count);
}

static bool guard_rule_get(struct rbuf *r, struct fib_msg *m)
{
	m->port = rbuf_get_u16(r);
	m->guard_rule = rbuf_get_u16(r);
	m->guard_count = rbuf_get_u64(r);
	return true;
}

/* guard-drop: port(2) reason(1) rule(2) time(8) len(2) xdp(1) name cap(1) octets(cap) */
static void guard_drop_put(struct wbuf *w, const struct fib_msg *m)
{
	CHECK(m->drop.cap <= FIB_DROP_OCTETS);
	wbuf_put_u16(w, m->port);
	wbuf_put_u8(w, m->guard_reason);
	wbuf_put_u16(w, m->guard_rule);
	wbuf_put_u64(w, m->drop.time_ms);
	wbuf_put_u16(w, m->drop.len);
	wbuf_put_u8(w, m->drop.xdp);
	name_put(w, m);
	wbuf_put_u8(w, m->drop.cap);
	if (m->drop.cap)
		wbuf_put(w, m->drop.octets, m->drop.cap);
}

static bool guard_drop_get(struct rbuf *r, struct fib_msg *m)
{
	bool xdp;

	m->port = rbuf_get_u16(r);
	m->guard_reason = rbuf_get_u8(r);
	m->guard_rule = rbuf_get_u16(r);
	m->drop.time_ms = rbuf_get_u64(r);
	m->drop.len = rbuf_get_u16(r);
	if (m->guard_reason >= ACL_REASONS || !bool_get(r, &xdp) || !name_get(r, m))
		return false;
	m->drop.xdp = xdp;
	m->drop.cap = rbuf_get_u8(r);
	if (m->drop.cap > FIB_DROP_OCTETS || m->drop.cap > m->drop.len)
		return false;
	m->drop.octets = rbuf_get(r, m->drop.cap);
	return m->drop.octets;
}

/* line: level(1) len(2) octets(len), none of them a control's */
static void line_put(struct wbuf *w, const struct fib_msg *m)
{
	CHECK(m->line.len <= FIB_LINE_MAX);
	wbuf_put_u8(w, m->line.level);
	wbuf_put_u16(w, m->line.len);
	wbuf_put(w, m->line.text, m->line.len);
}

static bool line_get(struct rbuf *r, struct fib_msg *m)
{
	m->line.level = rbuf_get_u8(r);
	m->line.len = rbuf_get_u16(r);
	if (m->line.level > LOG_ERROR_ || m->line.len == 0 || m->line.len > FIB_LINE_MAX)
		return false;
	const uint8_t *p = rbuf_get(r, m->line.len);
	for (size_t i = 0; p && i < m->line.len; i++)
		if (p[i] < ' ' || p[i] == 0x7f)
			return false;
	m->line.text = (const char *)p;
	return p;
}

struct fib_desc {
	const char *name;
	fib_put_fn *put;
	fib_get_fn *get;
};

static const struct fib_desc descs[] = {
	[FIB_DIAL] = {"dial", peer_put, peer_get},
	[FIB_NEXTHOP_TRACK] = {"nexthop-track", track_put, track_get},
	[FIB_NEXTHOP_UNTRACK] = {"nexthop-untrack", track_put, track_get},
	[FIB_LABEL_ADD] = {"label-add", label_add_put, label_add_get},
	[FIB_LABEL_DEL] = {"label-del", label_del_put, label_del_get},
	[FIB_ROUTE_ADD] = {"route-add", route_add_put, route_add_get},
	[FIB_ROUTE_DEL] = {"route-del", route_del_put, route_del_get},
	[FIB_SYNC] = {"sync", none_put, none_get},
	[FIB_STATS_GET] = {"stats-get", none_put, none_get},
	[FIB_SOURCE_ADD] = {"source-add", source_put, source_get},
	[FIB_SOURCE_DEL] = {"source-del", source_put, source_get},
	[FIB_LABEL_TELL] = {"label-tell", tell_put, tell_get},
	[FIB_LABEL_UNTELL] = {"label-untell", tell_put, tell_get},
	[FIB_ALIVE] = {"alive", none_put, none_get},
	[FIB_RELOAD] = {"reload", seconds_put, seconds_get},
	[FIB_RELOAD_TRY] = {"reload-try", none_put, none_get},
	[FIB_CONF_TAKEN] = {"conf-taken", error_put, error_get},
	[FIB_CONFIRM] = {"confirm", none_put, none_get},
	[FIB_NOTED] = {"noted", line_put, line_get},
	[FIB_LOGGED] = {"logged", line_put, line_get},
	[FIB_CONF] = {"conf", none_put, none_get},
	[FIB_RELOADED] = {"reloaded", error_put, error_get},
	[FIB_UNCONFIRMED] = {"unconfirmed", seconds_put, seconds_get},
	[FIB_BYE] = {"bye", none_put, none_get},
	[FIB_SOCKET] = {"socket", socket_put, socket_get},
	[FIB_LISTENER] = {"listener", listener_put, listener_get},
	[FIB_API] = {"api", api_put, api_get},
	[FIB_ACK] = {"ack", error_put, error_get},
	[FIB_NEXTHOP] = {"nexthop", nexthop_put, nexthop_get},
	[FIB_CONNECTED] = {"connected", connected_put, connected_get},
	[FIB_PORT] = {"port", port_put, port_get},
	[FIB_PORT_STATS] = {"port-stats", port_stats_put, port_stats_get},
	[FIB_TCP_STATS] = {"tcp-stats", tcp_stats_put, tcp_stats_get},
	[FIB_GUARD_PORT] = {"guard-port", guard_port_put, guard_port_get},
	[FIB_GUARD_COUNT] = {"guard-count", guard_count_put, guard_count_get},
	[FIB_GUARD_RULE] = {"guard-rule", guard_rule_put, guard_rule_get},
	[FIB_GUARD_DROP] = {"guard-drop", guard_drop_put, guard_drop_get},
	[FIB_ALIVE_GET] = {"alive-get", none_put, none_get},
	[FIB_KEPT] = {"kept", label_add_put, label_add_get},
};

static const struct fib_desc *desc_find(unsigned type)
{
	return type < ARRAY_LEN(descs) && descs[type].name ? &descs[type] : NULL;
}

void fib_msg_put(struct wbuf *w, const struct fib_msg *m)
{
	const struct fib_desc *d = desc_find(m->type);
	struct wbuf trial = *w;

	CHECK(d);
	wbuf_put_u8(&trial, m->type);
	wbuf_put_u16(&trial, 0);
	wbuf_put_u32(&trial, m->seq);
	d->put(&trial, m);
	if (!wbuf_ok(&trial)) {
		w->bad = true; /* a record stands whole or not at all */
		return;
	}
	size_t n = trial.len - w->len - HEAD;
	CHECK(n + HEAD <= FIB_RECORD_MAX);
	w->base[w->len + 1] = (uint8_t)(n >> 8);
	w->base[w->len + 2] = (uint8_t)n;
	*w = trial;
}

bool fib_msg_get(struct rbuf *r, struct fib_msg *out)
{
	*out = (struct fib_msg){.type = rbuf_get_u8(r)};
	uint16_t len = rbuf_get_u16(r);
	out->seq = rbuf_get_u32(r);
	struct rbuf body = rbuf_sub(r, len);
	const struct fib_desc *d = desc_find(out->type);

	return d && rbuf_ok(r) && len + HEAD <= FIB_RECORD_MAX && d->get(&body, out) &&
	       rbuf_ok(&body) && !rbuf_left(&body);
}

const char *fib_type_name(enum fib_type t)
{
	const struct fib_desc *d = desc_find(t);

	return d ? d->name : "unknown";
}
