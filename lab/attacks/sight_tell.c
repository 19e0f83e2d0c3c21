/* What was seen of a launch, to the outside: a choice, because the line there is slow. */
#include "lab/attacks/sight.h"

#include "lab/attacks/sight_worth.h"
#include "lib/base64.h"
#include "lib/check.h"

#define TELL_OCTETS 256 /* of a frame: headers, and a BGP message's beginning */

static void tell_frame(const struct attack_sights *s, const struct attack_sight *k,
	struct lab_run *r, json_t *event)
{
	char octets[BASE64_LEN(TELL_OCTETS) + 1];

	base64_print(octets, k->octets, k->len < TELL_OCTETS ? k->len : TELL_OCTETS);
	json_object_set_new(event, "port", json_string(s->port[k->port].name));
	json_object_set_new(event, "in", json_boolean(k->in));
	json_object_set_new(event, "us", json_integer((json_int_t)k->us));
	json_object_set_new(event, "whole", json_integer(k->whole));
	json_object_set_new(event, "octets", json_string(octets));
	if (k->ours)
		json_object_set_new(event,
			attack_sight_error(k->octets, k->len) ? "quotes" : "stimulus",
			json_integer(k->seq));
	lab_event(r, event);
}

/* The attacker's own, what else passed where it stands, and the rest. */
static unsigned tell_rank(const struct attack_sights *s, const struct attack_sight *k)
{
	if (k->ours)
		return 0;
	return &s->port[k->port] == s->watched ? 1 : 2;
}

static unsigned tell_choose(const struct attack_sights *s, bool *chosen)
{
	unsigned n = 0;

	for (unsigned rank = 0; rank < 3; rank++)
		for (unsigned i = 0; i < s->n_sights && n < ATTACK_TOLD_MAX; i++) {
			if (tell_rank(s, &s->sight[i]) != rank)
				continue;
			chosen[i] = true;
			n++;
		}
	return n;
}

void attack_sights_tell(const struct attack_sights *s, struct lab_run *r, const char *attack,
	const char *phase, const char *comment)
{
	bool chosen[ATTACK_SIGHTS_MAX] = {0};
	unsigned told = tell_choose(s, chosen), seen = 0, lost = 0;

	for (unsigned i = 0; i < s->n_sights; i++) {
		json_t *e = chosen[i] ? json_pack("{s:s, s:s, s:s, s:s*}", "ev", "packet", "attack",
						attack, "phase", phase, "comment",
						comment && *comment ? comment : NULL)
				      : NULL;

		CHECK(e || !chosen[i]);
		if (e)
			tell_frame(s, &s->sight[i], r, e);
	}
	for (unsigned i = 0; i < s->n_ports; i++) {
		seen += s->port[i].passed;
		lost += s->port[i].lost;
	}
	lab_event(
		r, json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:s*}", "ev", "sights", "attack",
			   attack, "phase", phase, "seen", (int)seen, "kept", (int)s->n_sights,
			   "told", (int)told, "lost", (int)lost, "blind", attack_sights_blind(s)));
}
