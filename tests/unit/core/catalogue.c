/* tests/vectors: what a whole router makes of each message, in one piece and octet by octet. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "lab/attacks/variant.h"
#include "tests/support/bare.h"
#include "tests/support/vectors.h"

static const char yaml[] =
	"router: {name: pe, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/t}\n"
	"mpls: {labels: 100000-100001, quarantine: 30}\n"
	"ports:\n"
	"  - {name: eth0, role: core}\n"
	"  - {name: eth1, role: access, vrf: red, address: [192.168.0.1/30]}\n"
	"vrfs:\n"
	"  - name: red\n"
	"    table: 1001\n"
	"    rd: \"65000:1\"\n"
	"    import: [\"65000:100\"]\n"
	"    export: [\"65000:100\"]\n"
	"    neighbors: [{address: 192.168.0.2, as: 65101, password: x, passive: true}]\n"
	"neighbors:\n"
	"  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, families: [vpnv4],\n"
	"     password: x, passive: true, name: pe2}\n";

enum { CE, CORE };

#define TARGET 1 /* 10.0.1.0/24 */

struct played { /* one vector through one router */
	const struct vector *v;
	bool by_octets;
	char got[64];
};

static void connect_ce(struct bare *b)
{
	b->conn[CE] = ++b->last_conn;
	bare_step(b,
		&(struct event){
			.kind = EV_ACCEPT, .conn = b->conn[CE], .remote = b->conf->peers[CE].addr});
}

static void announce_target(struct bare *b)
{
	static const uint8_t path[] = {2, 1, 0, 0, 0xfe, 0x4d}; /* 65101 */
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH) |
			   WIRE_ATTR_BIT(WIRE_ATTR_NEXT_HOP),
		.next_hop = ip_addr_v4(0xc0a80002),
		.as_path = {path, sizeof(path)},
	};

	bare_route(b, CE, 0, TARGET, WIRE_LABEL_NONE, &a);
	cr_assert(b->installed[0][TARGET]);
}

/* As the shell does: what was not taken is offered again with more. */
static void pour(struct bare *b, const uint8_t *octets, size_t len, bool by_octets)
{
	size_t from = 0, step = by_octets ? 1 : len;

	for (size_t to = step; to <= len && b->conn[CE]; to += step) {
		struct event ev = {.kind = EV_RECV,
			.conn = b->conn[CE],
			.data = octets + from,
			.len = to - from};

		from += bare_recv(b, &ev);
	}
}

static void send_vector(struct bare *b, const struct played *p)
{
	uint8_t octets[VECTOR_OCTETS_MAX + WIRE_HEADER_LEN];
	struct wbuf w = wbuf_of(octets, sizeof(octets));
	size_t begin = 0;
	bool framed = strcmp(p->v->type, "message") != 0;

	if (framed)
		begin = wire_msg_begin(
			&w, strcmp(p->v->type, "open") == 0 ? WIRE_OPEN : WIRE_UPDATE);
	wbuf_put(&w, p->v->octets, p->v->len);
	if (framed)
		wire_msg_end(&w, begin);
	cr_assert(wbuf_ok(&w));
	pour(b, octets, w.len, p->by_octets);
}

static uint64_t refused_by(const struct bare *b)
{
	return b->router->peers[CE].count.policy.refused[POL_MARTIAN_NLRI];
}

static const char *in_word(const struct bare *b, bool first)
{
	if (!b->conn[CE])
		return "closed";
	if (first)
		return "accepted";
	if (!b->installed[0][TARGET])
		return "withdrawn";
	return refused_by(b) ? "refused" : "kept";
}

static void tell(struct played *p, const struct bare *b, bool first)
{
	const uint8_t *n = b->notified[CE];

	if (!b->conn[CE] && n[0])
		snprintf(p->got, sizeof(p->got), "reset %u/%u", n[0], n[1]);
	else
		snprintf(p->got, sizeof(p->got), "%s", in_word(b, first));
}

static void play(struct played *p)
{
	const char *want = p->v->session;
	bool said_first = strncmp(want, "first ", 6) == 0;
	bool first = said_first || strcmp(p->v->type, "open") == 0;
	struct bare b;

	bare_init(&b, yaml, 1);
	b.extended = p->v->ctx.msg_max > WIRE_MSG_MAX;
	bare_up(&b, CORE);
	if (first) {
		connect_ce(&b);
	} else {
		bare_up(&b, CE);
		announce_target(&b);
	}
	send_vector(&b, p);
	tell(p, &b, first);
	cr_expect_str_eq(p->got, want + (said_first ? 6 : 0), "%s%s: %s, wanted %s", p->v->name,
		p->by_octets ? " by octets" : "", p->got, want);
	cr_expect_neq(b.conn[CORE], 0u, "%s: the core's session is gone", p->v->name);
	cr_expect_eq(b.rts_told, 0u);
	bare_fini(&b);
}

static void play_both(const struct vector *v, void *arg)
{
	unsigned *played = arg;

	if (!v->session[0])
		return;
	for (int by_octets = 0; by_octets <= 1; by_octets++)
		play(&(struct played){.v = v, .by_octets = by_octets});
	++*played;
}

static void play_variants(const struct vector *v, void *arg)
{
	play_both(v, arg);
	vector_variants(v, play_both, arg);
}

Test(catalogue, no_death_and_no_needless_reset)
{
	unsigned played = 0;

	cr_assert_gt(vector_each_file(play_variants, &played), 0);
	cr_assert_geq(played, 199u);
}
