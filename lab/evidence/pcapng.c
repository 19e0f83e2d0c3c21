/* One capture an attack, as tshark reads it (draft-ietf-opsawg-pcapng 4). */
#include "lab/evidence/pcapng.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"
#include "lib/text.h"

#define SECTION	     0x0a0d0d0a
#define INTERFACE    1
#define PACKET	     6
#define ORDER	     0x1a2b3c4d /* tells the order of octets: we write the lowest first */
#define VERSION	     1
#define ETHERNET     1 /* LINKTYPE_ETHERNET */
#define OPT_END	     0
#define OPT_COMMENT  1
#define SHB_HARDWARE 2
#define SHB_OS	     3
#define SHB_APPL     4
#define IF_NAME	     2
#define IF_ABOUT     3
#define IF_TSRESOL   9
#define EPB_FLAGS    2
#define FLAG_IN	     1
#define FLAG_OUT     2
#define MICROSECONDS 6
#define BLOCK_MAX    8192
#define TEXT_MAX     1024
#define PORTS_MAX    64

struct pcapng_block {
	uint8_t octets[BLOCK_MAX];
	size_t len;
};

struct pcapng_ports {
	const char *name[PORTS_MAX];
	unsigned n;
};

static void put(struct pcapng_block *b, const void *octets, size_t n)
{
	size_t pad = -n & 3;

	CHECK(sizeof b->octets - b->len >= n + pad);
	memcpy(b->octets + b->len, octets, n);
	memset(b->octets + b->len + n, 0, pad);
	b->len += n + pad;
}

static void put16(struct pcapng_block *b, uint16_t low, uint16_t high)
{
	put(b, (uint8_t[]){low, low >> 8, high, high >> 8}, 4);
}

static void put32(struct pcapng_block *b, uint32_t v)
{
	put16(b, v, v >> 16);
}

static void put_option(struct pcapng_block *b, uint16_t code, const void *value, size_t n)
{
	put16(b, code, n);
	put(b, value, n);
}

static void put_text(struct pcapng_block *b, uint16_t code, const char *text)
{
	size_t n = strnlen(text, TEXT_MAX);

	while (text[n] && (text[n] & 0xc0) == 0x80)
		n--; /* not within a character */
	if (n)
		put_option(b, code, text, n);
}

/* Room for the total length, which is known at the end. */
static void block_begin(struct pcapng_block *b, uint32_t type)
{
	b->len = 0;
	put32(b, type);
	put32(b, 0);
}

static bool block_end(struct pcapng_block *b, FILE *out)
{
	put16(b, OPT_END, 0);
	put32(b, b->len + 4);
	memcpy(b->octets + 4, b->octets + b->len - 4, 4);
	return fwrite(b->octets, 1, b->len, out) == b->len;
}

/* What the row is and what came of it; what was seen of its launches, and what of that is not in here. */
static void section_comment(
	const struct evidence_report *r, const json_t *row, char *out, size_t cap)
{
	const json_t *of = json_object_get(r->sights, evidence_text(row, "id")), *seen;
	struct text t = text_of(out, cap);
	const char *phase;

	text_add(&t, "%s: %s (%s). Verdict: %s. %s", evidence_text(row, "id"),
		evidence_text(row, "title"), evidence_text(row, "clause"),
		evidence_text(row, "verdict"), evidence_text(row, "why"));
	json_object_foreach((json_t *)of, phase, seen)
	{
		const char *blind = evidence_text(seen, "blind");

		text_add(&t,
			"\n%s launch: %lld frames of the attacker passed ports, %lld are recorded "
			"here, %lld were missed",
			phase, json_integer_value(json_object_get(seen, "seen")),
			json_integer_value(json_object_get(seen, "told")),
			json_integer_value(json_object_get(seen, "lost")));
		if (*blind)
			text_add(&t, ", some at %s", blind);
	}
}

static bool pcapng_section(const struct evidence_report *r, const json_t *row, FILE *out)
{
	const json_t *run = json_object_get(r->json, "run"),
		     *product = json_object_get(r->json, "product");
	const char *backend = evidence_text(run, "backend");
	struct pcapng_block b;
	char text[2 * TEXT_MAX];

	block_begin(&b, SECTION);
	put32(&b, ORDER);
	put16(&b, VERSION, 0);
	put32(&b, UINT32_MAX); /* the section's length: not said */
	put32(&b, UINT32_MAX);
	section_comment(r, row, text, sizeof text);
	put_text(&b, OPT_COMMENT, text);
	put_text(&b, SHB_HARDWARE,
		!strcmp(backend, "uml")	    ? "user-mode Linux"
		: !strcmp(backend, "netns") ? "network namespaces"
					    : backend);
	put_text(&b, SHB_OS, evidence_text(run, "kernel"));
	snprintf(text, sizeof text, "%s %s (lab attack)", evidence_text(product, "name"),
		evidence_text(product, "version"));
	put_text(&b, SHB_APPL, text);
	return block_end(&b, out);
}

/* "access link of vrf-a, other end ce-a1:eth1" */
static void port_about(const json_t *report, const char *port, char *out, size_t cap)
{
	const json_t *links = json_object_get(json_object_get(report, "topology"), "links"), *l;
	size_t i;

	*out = 0;
	json_array_foreach(links, i, l)
	{
		const char *a = evidence_text(l, "a"), *b = evidence_text(l, "b"),
			   *vrf = evidence_text(l, "vrf");

		if (strcmp(a, port) != 0 && strcmp(b, port) != 0)
			continue;
		snprintf(out, cap, "%s link%s%s, other end %s", evidence_text(l, "role"),
			*vrf ? " of " : "", vrf, strcmp(a, port) ? a : b);
	}
}

static bool pcapng_interface(const struct evidence_report *r, const char *port, FILE *out)
{
	struct pcapng_block b;
	char about[160];

	port_about(r->json, port, about, sizeof about);
	block_begin(&b, INTERFACE);
	put16(&b, ETHERNET, 0);
	put32(&b, 0); /* no limit to what is kept */
	put_text(&b, IF_NAME, port);
	put_text(&b, IF_ABOUT, about);
	put_option(&b, IF_TSRESOL, (uint8_t[]){MICROSECONDS}, 1);
	return block_end(&b, out);
}

/* The number of a port's interface, which is written before its first frame. -1: cannot. */
static int port_get(
	const struct evidence_report *r, struct pcapng_ports *p, const char *name, FILE *out)
{
	for (unsigned i = 0; i < p->n; i++)
		if (!strcmp(p->name[i], name))
			return (int)i;
	if (p->n == PORTS_MAX || !pcapng_interface(r, name, out))
		return -1;
	p->name[p->n] = name;
	return (int)p->n++;
}

/* "LBL-01, all protections on: stimulus 3 comes into pe1:eth2" */
static void packet_comment(
	const struct evidence_packet *p, const json_t *row, char *out, size_t cap)
{
	const char *off = evidence_text(json_object_get(row, "control"), "off");
	struct text t = text_of(out, cap);

	text_add(&t, "%s, ", p->attack);
	if (p->control)
		text_add(&t, "positive control%s%s%s: ", *off ? ", off: " : "", off, "");
	else
		text_add(&t, "all protections on: ");
	if (p->stimulus >= 0)
		text_add(
			&t, "%sstimulus %d ", p->quotes ? "an ICMP error about " : "", p->stimulus);
	text_add(&t, "%s %s", p->in ? "comes into" : "leaves", p->port);
	if (p->comment)
		text_add(&t, ". %s", p->comment);
}

static bool pcapng_packet(
	const struct evidence_packet *p, unsigned interface, const json_t *row, FILE *out)
{
	uint32_t flags = p->in ? FLAG_IN : FLAG_OUT;
	struct pcapng_block b;
	char text[2 * TEXT_MAX];

	block_begin(&b, PACKET);
	put32(&b, interface);
	put32(&b, p->us >> 32);
	put32(&b, p->us);
	put32(&b, p->len);
	put32(&b, p->whole);
	put(&b, p->octets, p->len);
	packet_comment(p, row, text, sizeof text);
	put_text(&b, OPT_COMMENT, text);
	put16(&b, EPB_FLAGS, 4);
	put32(&b, flags);
	return block_end(&b, out);
}

/* Ports see each frame by their own queue: told a port after the other, wanted as they happened. */
static int packet_order(const void *a, const void *b)
{
	const struct evidence_packet *const *x = a, *const *y = b;

	if ((*x)->us != (*y)->us)
		return (*x)->us < (*y)->us ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

static bool pcapng_body(const struct evidence_report *r, const json_t *row,
	const struct evidence_packet **all, size_t n, FILE *out)
{
	struct pcapng_ports ports = {0};
	bool ok = pcapng_section(r, row, out);

	for (size_t i = 0; ok && i < n; i++) {
		int port = port_get(r, &ports, all[i]->port, out);

		ok = port >= 0 && pcapng_packet(all[i], port, row, out);
	}
	return ok;
}

long evidence_pcapng(const struct evidence_report *r, const json_t *row, FILE *out)
{
	const struct evidence_packet **all = calloc(r->n_packets + 1, sizeof *all);
	size_t n = 0;
	bool ok;

	CHECK(all);
	for (size_t i = 0; i < r->n_packets; i++)
		if (!strcmp(r->packet[i].attack, evidence_text(row, "id")))
			all[n++] = &r->packet[i];
	qsort(all, n, sizeof *all, packet_order);
	ok = pcapng_body(r, row, all, n, out);
	free(all);
	return ok ? (long)n : -1;
}
