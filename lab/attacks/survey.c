/* What the report shows of the network before it is attacked: a packet's way, and who reaches whom. */
#include "lab/attacks/survey.h"

#include <string.h>

#include "lab/attacks/frame.h"
#include "lab/ping.h"
#include "lib/check.h"

#define UDP	   17
#define DISCARD	   9
#define FROM_PORT  4000
#define ARRIVE_MS  300
#define SILENCE_MS 60

/* Customers use the same addresses, so a site is known by the port that its packets come in at. */
static const struct survey_site {
	const char *name, *vrf; /* vrf NULL: the core */
	const char *port, *gateway;
	const char *source, *to; /* whom it sends as; what is sent to it */
} sites[] = {
	{"ce-a1", "vrf-a", "ce-a1:eth1", "pe1:eth2", "172.16.1.1", "172.16.1.9"},
	{"ce-a2", "vrf-a", "ce-a2:eth1", "pe2:eth2", "172.16.2.1", "172.16.2.9"},
	{"ce-x", "vrf-a", "ce-x:eth1", "pe1:eth4", "192.168.4.2", "192.168.4.2"},
	{"ce-b1", "vrf-b", "ce-b1:eth1", "pe1:eth3", "172.16.1.1", "172.16.1.9"},
	{"ce-b2", "vrf-b", "ce-b2:eth1", "pe2:eth3", "172.16.99.1", "172.16.99.9"},
	{"p1", NULL, "p1:eth1", "pe1:eth1", "10.255.0.2", "10.255.0.2"},
};

static bool survey_same(const struct survey_site *a, const struct survey_site *b)
{
	return a->vrf && b->vrf && !strcmp(a->vrf, b->vrf);
}

static int survey_send(
	struct attack_stage *st, const struct survey_site *from, const struct survey_site *to)
{
	uint8_t there[6], here[6];
	struct frame f;

	if (!attack_mac(st, from->gateway, there) || !attack_mac(st, from->port, here))
		return -1;
	frame_begin(&f, there, here);
	frame_ip(&f, &(struct frame_ip){.src = from->source, .dst = to->to, .protocol = UDP});
	frame_udp(&f, FROM_PORT, DISCARD);
	frame_nonce(&f, st->nonce, 1);
	frame_end(&f);
	return attack_send(st, from->port, f.octets, f.len);
}

static void survey_begin(struct attack_stage *st)
{
	lab_ping_nonce(st->nonce);
	attack_sights_begin(&st->sights, st->nonce);
}

static void walk_tell(struct attack_stage *st, const struct attack_sight *s)
{
	char src[IP_ADDR_STRLEN], dst[IP_ADDR_STRLEN], text[128];
	json_t *labels = json_array();
	struct lab_packet p;

	CHECK(labels);
	if (!lab_packet_parse(s->octets, s->len, &p)) {
		json_decref(labels);
		return;
	}
	for (unsigned i = 0; i < p.n_labels; i++)
		json_array_append_new(labels,
			json_pack("{s:i, s:i}", "label", (int)p.label[i], "ttl", p.label_ttl[i]));
	lab_packet_print(&p, text, sizeof text);
	lab_event(st->run, json_pack("{s:s, s:s, s:b, s:o, s:s, s:s, s:i, s:s}", "ev", "walk",
				   "port", st->sights.port[s->port].name, "in", s->in, "labels",
				   labels, "src", ip_addr_print(&p.src, src), "dst",
				   ip_addr_print(&p.dst, dst), "ttl", p.ttl, "text", text));
}

static bool survey_walk(struct attack_stage *st)
{
	const struct survey_site *to = &sites[1];
	bool arrived;

	survey_begin(st);
	arrived = !survey_send(st, &sites[0], to) && attack_arrived(st, to->port, 1, ARRIVE_MS);
	attack_sights_end(&st->sights);
	for (unsigned i = 0; i < st->sights.n_sights; i++)
		if (attack_sight_nonce(&st->sights.sight[i], st->nonce, NULL))
			walk_tell(st, &st->sights.sight[i]);
	return arrived;
}

static bool survey_pair(
	struct attack_stage *st, const struct survey_site *from, const struct survey_site *to)
{
	bool expected = survey_same(from, to), reached;
	int err;

	survey_begin(st);
	err = survey_send(st, from, to);
	reached = attack_arrived(st, to->port, 1, expected ? ARRIVE_MS : SILENCE_MS);
	attack_sights_end(&st->sights);
	lab_event(st->run,
		json_pack("{s:s, s:s, s:s, s:b, s:b, s:s}", "ev", "reach", "from", from->name, "to",
			to->name, "expected", expected, "reached", reached, "observed",
			err	  ? "could not be sent"
			: reached ? "came in there"
				  : "nothing came in there"));
	return !err && reached == expected;
}

bool attack_survey(struct attack_stage *st)
{
	bool right = survey_walk(st);

	for (size_t i = 0; i < ARRAY_LEN(sites); i++)
		lab_event(
			st->run, json_pack("{s:s, s:s, s:s, s:s}", "ev", "site", "name",
					 sites[i].name, "vrf", sites[i].vrf ? sites[i].vrf : "core",
					 "address", sites[i].to));
	for (size_t i = 0; i < ARRAY_LEN(sites); i++)
		for (size_t k = 0; k < ARRAY_LEN(sites); k++)
			if (i != k)
				right &= survey_pair(st, &sites[i], &sites[k]);
	return right;
}
