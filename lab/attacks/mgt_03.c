/*
 * What a neighbour says when it goes (RFC 9003) with what terminals and logs obey in it. Its control is in it: the harmless words
 * around are found where the others would be.
 */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lab/attacks/speaker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIAL_MS	 3000
#define FOUND_MS 1000
#define LOG_MAX	 (1 << 20)

static const char mgt_03_text[] =
	"bye-\x1b]0;owned\x07\x1b[2J\r\n2026-01-01T00:00:00Z info event=forged peer=pe2\xc2\x9b"
	"31m\x7f-gone";

struct mgt_03_seen {
	char log[LOG_MAX], show[8192];
	size_t skip; /* of the log, what stood there before */
};

static size_t mgt_03_log(struct attack_stage *st, size_t skip, char *out, size_t cap)
{
	char path[256];
	size_t n = 0;
	FILE *f;

	lab_ns_path(
		st->run->topo.nodes[st->pe_node].name, "log", "ravelind.log", path, sizeof path);
	f = fopen(path, "re");
	if (f && !fseek(f, (long)skip, SEEK_SET))
		n = fread(out, 1, cap - 1, f);
	if (f)
		fclose(f);
	out[n] = 0;
	return n;
}

static bool mgt_03_arrived(struct attack_stage *st, void *arg)
{
	struct mgt_03_seen *s = arg;

	mgt_03_log(st, s->skip, s->log, sizeof s->log);
	return strstr(s->log, "bye-") && strstr(s->log, "-gone");
}

/* What a terminal obeys: anything below a space but the end of a line, DEL, and C1 (ECMA-48), which UTF-8 has as C2 80 to C2 9F. */
static unsigned mgt_03_obeyed(const char *text)
{
	unsigned n = 0;

	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		n += (*p < ' ' && *p != '\n' && *p != '\t') || *p == 127 ||
		     (*p == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f);
	return n;
}

static int mgt_03_say(struct attack_stage *st)
{
	const struct speaker_conf c = {.node = "ce-x",
		.local = "192.168.4.2",
		.remote = "192.168.4.1",
		.password = "CeXSecret",
		.as = 65104,
		.ttl = 255,
		.patient = true};
	uint8_t body[3 + sizeof mgt_03_text] = {6, 2, sizeof mgt_03_text - 1};
	struct speaker s;
	int err;

	memcpy(body + 3, mgt_03_text, sizeof mgt_03_text - 1);
	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
	err = speaker_dial(&s, st, &c, DIAL_MS);
	err = err ? err : speaker_message(&s, WIRE_NOTIFICATION, body, 2 + sizeof mgt_03_text);
	speaker_reset(&s);
	return err;
}

static void mgt_03_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct mgt_03_seen *s = calloc(1, sizeof *s);
	unsigned obeyed, forged;

	if (!s)
		return;
	s->skip = mgt_03_log(st, 0, s->log, sizeof s->log);
	out->error = mgt_03_say(st);
	out->sent = 1;
	if (!out->error && !attack_until(st, mgt_03_arrived, s, FOUND_MS))
		out->error = -ENOMSG;
	attack_shell(st, "pe1", "ravelin show bgp neighbors ce-x", s->show, sizeof s->show);
	obeyed = mgt_03_obeyed(s->log) + mgt_03_obeyed(s->show);
	forged = strstr(s->log, "\n2026-01-01") || strstr(s->show, "\n2026-01-01");
	out->hit = obeyed || forged;
	snprintf(out->observed, sizeof out->observed,
		"the text is in the log; %u octets that a terminal obeys, %u forged lines in log "
		"and show",
		obeyed, forged);
	speaker_forgiven(st, "ce-x", "192.168.4.2", "vrf-a");
	free(s);
}

const struct attack *attack_mgt_03(void)
{
	static const struct attack row = {
		.id = "MGT-03",
		.title = "terminal escapes and a forged record in a neighbour's last words",
		.clause = "RFC 9003 4, RFC 9003 6",
		.attacker = "ce-x:eth1",
		.target = "pe1",
		.passes = "escaped wherever it is shown",
		.counter = {{ATTACK_PEER, "ce-x", "notifications_in", ATTACK_EXACTLY}},
		.launch = mgt_03_launch,
		.legit = router_others_live,
		.only_pe = "ravelin",
	};

	return &row;
}
