/* What BGP itself tells a customer: addresses of the core, names, versions in any of its messages. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lab/attacks/catalogue.h"
#include "lab/attacks/speaker.h"
#include "lib/check.h"

enum { OPEN = 1, UPDATE, NOTIFICATION };

struct cor_07_mine {
	bool heard[NOTIFICATION + 1], told[NOTIFICATION + 1]; /* by type of message */
	char what[64];					      /* the first thing that it told */
};

static bool cor_07_core_address(const uint8_t *p, size_t len)
{
	static const uint8_t core[][3] = {{10, 255, 0}, {10, 0, 1}, {10, 0, 2}};

	for (size_t i = 0; len >= 4 && i < ARRAY_LEN(core); i++)
		if (!memcmp(p, core[i], 3))
			return true;
	return false;
}

static bool cor_07_word(const uint8_t *p, size_t len)
{
	static const char *const words[] = {
		"pe1", "pe2", "p1", "ravelin", "frr", "linux", "debian"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strlen(words[i]) <= len &&
			!strncasecmp((const char *)p, words[i], strlen(words[i])))
			return true;
	return false;
}

static void cor_07_heard(struct speaker *s, void *arg)
{
	struct cor_07_mine *m = arg;

	if (s->type < OPEN || s->type > NOTIFICATION)
		return;
	m->heard[s->type] = true;
	for (size_t i = 0; i < s->body_len; i++) {
		const uint8_t *p = s->body + i;
		size_t left = s->body_len - i;

		if (!cor_07_core_address(p, left) && !cor_07_word(p, left))
			continue;
		m->told[s->type] = true;
		if (!*m->what)
			snprintf(m->what, sizeof m->what, "message of type %u, octet %zu: %u.%u.%u",
				s->type, i, p[0], left > 1 ? p[1] : 0, left > 2 ? p[2] : 0);
	}
}

/* OPEN, the routes, and the NOTIFICATION for a message that there is not. */
static void cor_07_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct cor_07_mine m = {0};
	const struct speaker_conf conf = {.node = "ce-x",
		.local = "192.168.4.2",
		.remote = "192.168.4.1",
		.password = "CeXSecret",
		.as = 65104,
		.ttl = 255,
		.patient = true,
		.heard = cor_07_heard,
		.arg = &m};
	struct speaker s;

	out->error = speaker_dial(&s, st, &conf, 5000);
	for (unsigned i = 0; !out->error && i < 20 && !m.heard[UPDATE]; i++)
		if (speaker_wait(&s, 1000) == SPEAKER_NOTHING)
			break;
	if (!out->error)
		speaker_message(&s, 99, NULL, 0);
	for (unsigned i = 0; !out->error && i < 20 && !m.heard[NOTIFICATION]; i++)
		if (speaker_wait(&s, 500) != SPEAKER_MESSAGE)
			break;
	speaker_close(&s);
	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
	for (unsigned t = OPEN; t <= NOTIFICATION; t++) {
		out->sent += m.heard[t];
		out->hit += m.told[t];
	}
	out->partial = true;
	snprintf(out->observed, sizeof out->observed, "%u kinds of message heard; %s", out->sent,
		*m.what ? m.what : "nothing of the core in them");
}

const struct attack *attack_cor_07(void)
{
	static const struct attack row = {
		.id = "COR-07",
		.title = "core addresses, names and versions in OPEN, UPDATE and NOTIFICATION",
		.clause = "RFC 4381 2.2, RFC 4381 3.2, RFC 4364 5",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "BGP tells nothing of the core",
		.off = ATTACK_OFF_VRF_ID,
		.launch = cor_07_launch,
	};

	return &row;
}
