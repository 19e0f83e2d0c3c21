#include "lab/evidence/html_clause.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/evidence/html_write.h"
#include "lib/check.h"

struct list {
	struct html_cite *cite;
	size_t n, cap;
};

static void list_add(struct list *l, struct html_cite c)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->cite[i].nth == c.nth && l->cite[i].rfc == c.rfc &&
			!strcmp(l->cite[i].section, c.section))
			return;
	if (l->n == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 64;
		l->cite = realloc(l->cite, l->cap * sizeof *l->cite);
		CHECK(l->cite);
	}
	l->cite[l->n++] = c;
}

/* "RFC 4381 3.4": a section of its own after a number; what is not so counts as a whole document. */
static void cite_parse(struct list *l, const char *text, size_t len, const json_t *a, size_t nth)
{
	struct html_cite c = {.attack = a, .nth = nth};
	char word[64], *end;

	snprintf(word, sizeof word, "%.*s", (int)len, text);
	if (!strncmp(word, "RFC ", 4)) {
		c.rfc = strtol(word + 4, &end, 10);
		snprintf(c.section, sizeof c.section, "%.15s", end + strspn(end, " "));
	} else
		snprintf(c.section, sizeof c.section, "%.15s", word);
	list_add(l, c);
}

/* The two that this is about come first. */
static long rank(long rfc)
{
	return rfc == 4381 ? -2 : rfc == 4364 ? -1 : rfc == 0 ? 1000000 : rfc;
}

/* Numbers between dots as numbers: 3.2 before 3.10. */
static int section_order(const char *a, const char *b)
{
	while (*a && *b) {
		char *after_a, *after_b;
		long x = strtol(a, &after_a, 10), y = strtol(b, &after_b, 10);
		if (after_a == a || after_b == b || x == y) {
			if (after_a == a && *a != *b)
				return *a - *b;
			a = after_a == a ? a + 1 : after_a;
			b = after_b == b ? b + 1 : after_b;
			continue;
		}
		return x < y ? -1 : 1;
	}
	return *a - *b;
}

static int cite_order(const void *x, const void *y)
{
	const struct html_cite *a = x, *b = y;
	long by_rfc = rank(a->rfc) - rank(b->rfc);
	int by_section = section_order(a->section, b->section);

	if (by_rfc)
		return by_rfc < 0 ? -1 : 1;
	if (by_section)
		return by_section;
	return a->nth < b->nth ? -1 : a->nth > b->nth;
}

struct html_cite *html_clause_all(const json_t *report, size_t *n)
{
	struct list l = {NULL};
	json_t *a;
	size_t i;

	json_array_foreach(json_object_get(report, "attacks"), i, a)
	{
		const char *p = html_string(a, "clause");
		while (*p) {
			p += strspn(p, " ,");
			size_t len = strcspn(p, ",");
			if (len)
				cite_parse(&l, p, len, a, i);
			p += len;
		}
	}
	if (l.n)
		qsort(l.cite, l.n, sizeof *l.cite, cite_order);
	*n = l.n;
	return l.cite;
}

size_t html_clause_same_rfc(const struct html_cite *c, size_t n)
{
	size_t i = 1;

	while (i < n && c[i].rfc == c->rfc)
		i++;
	return i;
}

size_t html_clause_same_section(const struct html_cite *c, size_t n)
{
	size_t i = 1;

	while (i < n && c[i].rfc == c->rfc && !strcmp(c[i].section, c->section))
		i++;
	return i;
}

const char *html_clause_title(long rfc)
{
	static const struct {
		long rfc;
		const char *title;
	} titles[] = {{768, "UDP"}, {791, "Internet Protocol"}, {792, "ICMP"}, {826, "ARP"},
		{1027, "Proxy ARP"}, {1071, "Internet Checksum"}, {1191, "Path MTU Discovery"},
		{1812, "Requirements for IPv4 Routers"}, {1858, "IP Fragment Filtering"},
		{1997, "BGP Communities"}, {2113, "IP Router Alert Option"}, {2131, "DHCP"},
		{2132, "DHCP Options"}, {2385, "TCP MD5 Signatures"}, {2644, "Directed Broadcasts"},
		{2784, "GRE"}, {2827, "Network Ingress Filtering"}, {3031, "MPLS Architecture"},
		{3032, "MPLS Label Stack Encoding"}, {3046, "DHCP Relay Agent Option"},
		{3128, "Tiny Fragments"}, {3203, "DHCP Reconfigure"}, {3396, "Long DHCP Options"},
		{3442, "DHCP Classless Static Routes"}, {3443, "TTL Processing in MPLS"},
		{3704, "Ingress Filtering, Multihomed"}, {4023, "MPLS in IP or GRE"},
		{4191, "Routes in Router Advertisements"}, {4271, "BGP-4"},
		{4272, "BGP Vulnerabilities"}, {4360, "Extended Communities"},
		{4364, "BGP/MPLS IP VPNs"}, {4381, "Security of BGP/MPLS IP VPNs"},
		{4385, "Pseudowire Control Word"}, {4443, "ICMPv6"}, {4486, "BGP Cease Subcodes"},
		{4659, "IPv6 VPNs"}, {4684, "Constrained Route Distribution"},
		{4724, "Graceful Restart"}, {4760, "Multiprotocol BGP"},
		{4797, "MPLS in GRE for VPNs"}, {4861, "IPv6 Neighbor Discovery"},
		{4950, "ICMP Extensions for MPLS"}, {5036, "LDP"}, {5065, "AS Confederations"},
		{5082, "Generalized TTL Security"}, {5227, "IPv4 Address Conflicts"},
		{5332, "MPLS Multicast Encapsulations"}, {5492, "BGP Capabilities"},
		{5668, "4-Octet AS Communities"}, {5737, "Addresses for Documentation"},
		{5920, "MPLS Security Framework"}, {5925, "TCP-AO"},
		{5927, "ICMP Attacks against TCP"}, {6105, "IPv6 RA-Guard"},
		{6192, "Protecting the Control Plane"}, {6368, "Internal BGP between PE and CE"},
		{6398, "Router Alert Considerations"}, {6583, "Neighbor Discovery Problems"},
		{6790, "Entropy Labels"}, {6793, "4-Octet AS Numbers"},
		{7126, "Filtering IPv4 Options"}, {7274, "Special-Purpose MPLS Labels"},
		{7348, "VXLAN"}, {7454, "BGP Operations and Security"}, {7510, "MPLS in UDP"},
		{7606, "UPDATE Error Handling"}, {7607, "AS 0"}, {7610, "DHCPv6-Shield"},
		{7947, "Internet Exchange Route Server"}, {7948, "Route Server Operations"},
		{7999, "BLACKHOLE Community"}, {8200, "IPv6"}, {8212, "No Routes without Policy"},
		{8326, "Graceful Shutdown"}, {8654, "Extended BGP Messages"},
		{8669, "BGP Prefix-SID"}, {8926, "Geneve"}, {9003, "Shutdown Communication"},
		{9012, "BGP Tunnel Encapsulation"}, {9110, "HTTP Semantics"},
		{9234, "Route Leak Prevention"}, {9293, "TCP"}, {9687, "Send Hold Timer"},
		{9774, "AS_SET Deprecated"}};

	for (size_t i = 0; i < ARRAY_LEN(titles); i++)
		if (titles[i].rfc == rfc)
			return titles[i].title;
	return "";
}
