#include "conf/node.h"

#include <libfyaml.h>
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

enum node_reads_as { NODE_STRING, NODE_NUMBER, NODE_BOOL, NODE_NULL };

struct conf_diag *conf_loader_diag(struct conf_loader *l)
{
	return &l->diag;
}

void *conf_alloc(struct conf_loader *l, size_t n)
{
	void *p = arena_alloc(&l->conf->arena, n);
	CHECK(p != NULL);
	return p;
}

static bool node_at(const struct conf_diag *d, struct fy_node *node, struct conf_at *at)
{
	struct fy_token *token = node ? fy_node_get_scalar_token(node) : NULL;
	const struct fy_mark *from = token ? fy_token_start_mark(token) : NULL;
	const struct fy_mark *to = token ? fy_token_end_mark(token) : NULL;

	if (!from || !to || to->input_pos <= from->input_pos)
		return false;
	*at = (struct conf_at){.off = from->input_pos, .len = to->input_pos - from->input_pos};
	/* libfyaml's marks leave out what makes it a quoted scalar or an alias. */
	char before = at->off > 0 && at->off <= d->text_len ? d->text[at->off - 1] : '\0';
	if (before == '"' || before == '\'' || before == '*') {
		at->off--;
		at->len += before == '*' ? 1 : 2;
	}
	return true;
}

struct conf_at conf_node_place(
	const struct conf_diag *d, struct fy_node *node, struct conf_at fallback)
{
	struct conf_at at = fallback;

	for (unsigned depth = 0; node && depth < 4; depth++) {
		if (node_at(d, node, &at))
			return at;
		if (fy_node_is_sequence(node))
			node = fy_node_sequence_get_by_index(node, 0);
		else if (fy_node_is_mapping(node))
			node = fy_node_pair_key(fy_node_mapping_get_by_index(node, 0));
		else
			break;
	}
	return fallback;
}

/* Follows an alias; counts the visit, which is what bounds a document of aliases to aliases. */
static struct fy_node *node_visit(struct conf_loader *l, struct fy_node *node, struct conf_at at)
{
	if (l->budget == 0) {
		if (!l->budget_said)
			conf_error(l, at,
				"more than %u values once aliases are followed; split the "
				"configuration",
				CONF_NODES_MAX);
		l->budget_said = true;
		return NULL;
	}
	l->budget--;
	if (!node || !fy_node_is_alias(node))
		return node;
	struct fy_node *target = fy_node_resolve_alias(node);
	if (!target)
		conf_error(l, conf_node_place(&l->diag, node, at),
			"alias to an anchor that does not exist; define it with & before");
	return target;
}

struct conf_value conf_value_of(
	struct conf_loader *l, struct fy_node *node, struct conf_at fallback, const char *key)
{
	struct conf_at at = conf_node_place(&l->diag, node, fallback);

	return (struct conf_value){.node = node_visit(l, node, at), .at = at, .key = key};
}

static enum node_reads_as node_reads_as(const char *s)
{
	static const char *const bools[] = {"true", "True", "TRUE", "false", "False", "FALSE"};
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};

	for (size_t i = 0; i < ARRAY_LEN(bools); i++)
		if (strcmp(s, bools[i]) == 0)
			return NODE_BOOL;
	for (size_t i = 0; i < ARRAY_LEN(nulls); i++)
		if (strcmp(s, nulls[i]) == 0)
			return NODE_NULL;
	s += *s == '-' || *s == '+';
	size_t digits = strspn(s, "0123456789");
	if (digits && (s[digits] == '\0' || (s[0] == '0' && (s[1] == 'x' || s[1] == 'o'))))
		return NODE_NUMBER;
	size_t rest = digits + (s[digits] == '.');
	rest += strspn(s + rest, "0123456789");
	if (digits && (s[rest] == '\0' || s[rest] == 'e' || s[rest] == 'E'))
		return NODE_NUMBER;
	return NODE_STRING;
}

bool conf_node_is_literal(struct fy_node *scalar)
{
	const char *s = fy_node_get_scalar0(scalar);
	enum node_reads_as as = s ? node_reads_as(s) : NODE_STRING;

	return fy_node_get_style(scalar) == FYNS_PLAIN && (as == NODE_NUMBER || as == NODE_BOOL);
}

static const char *node_kind(const struct conf_value *v)
{
	if (!v->node)
		return "nothing";
	if (fy_node_is_sequence(v->node))
		return "a list";
	if (fy_node_is_mapping(v->node))
		return "a mapping";
	if (fy_node_get_style(v->node) != FYNS_PLAIN)
		return "a string";
	switch (node_reads_as(fy_node_get_scalar0(v->node) ? fy_node_get_scalar0(v->node) : "")) {
	case NODE_NUMBER:
		return "a number";
	case NODE_BOOL:
		return "true or false";
	case NODE_NULL:
		return "nothing";
	case NODE_STRING:
		break;
	}
	return "a string";
}

static void node_wrong_type(struct conf_loader *l, const struct conf_value *v, const char *wanted)
{
	conf_error(l, v->at, "%s must be %s, this is %s", v->key, wanted, node_kind(v));
}

void conf_value_bad(struct conf_loader *l, const struct conf_value *v, const char *wanted)
{
	size_t len = 0;
	const char *s = fy_node_get_scalar(v->node, &len);

	conf_error(l, v->at, "%s: %s is not %s", v->key, conf_diag_quote(&l->diag, s ? s : "", len),
		wanted);
}

const char *conf_value_text(struct conf_loader *l, const struct conf_value *v, const char *wanted)
{
	size_t len = 0;

	if (!v->node || !fy_node_is_scalar(v->node)) {
		node_wrong_type(l, v, wanted);
		return NULL;
	}
	const char *s = fy_node_get_scalar(v->node, &len);
	if (len >= sizeof(l->scalar)) {
		conf_error(l, v->at, "%s is %zu octets long; at most %zu", v->key, len,
			sizeof(l->scalar) - 1);
		return NULL;
	}
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f) {
			conf_error(l, v->at, "%s has a control character in it", v->key);
			return NULL;
		}
	}
	if (len)
		memcpy(l->scalar, s, len);
	l->scalar[len] = '\0';
	return l->scalar;
}

static bool node_is_plain(const struct conf_value *v)
{
	return fy_node_get_style(v->node) == FYNS_PLAIN;
}

const char *conf_value_string(
	struct conf_loader *l, const struct conf_value *v, size_t min, size_t max)
{
	const char *s = conf_value_text(l, v, "a string");

	if (!s)
		return NULL;
	if (node_is_plain(v) && node_reads_as(s) != NODE_STRING) {
		conf_error(l, v->at, "%s must be a string and this reads as %s; put it in quotes",
			v->key, node_kind(v));
		return NULL;
	}
	size_t len = strlen(s);
	if (len < min || len > max) {
		if (len < min)
			conf_error(l, v->at, "%s is empty", v->key);
		else
			conf_error(
				l, v->at, "%s is %zu octets long; at most %zu", v->key, len, max);
		return NULL;
	}
	char *copy = conf_alloc(l, len + 1);
	memcpy(copy, s, len + 1);
	return copy;
}

const char *conf_value_quoted(struct conf_loader *l, const struct conf_value *v)
{
	const char *s = conf_value_text(l, v, "a string in quotes");

	if (!s)
		return NULL;
	if (node_is_plain(v)) {
		conf_error(l, v->at,
			"%s must be in quotes: write \"%s\"; YAML 1.1 readers take 65000:1 for a "
			"number in base 60",
			v->key, strlen(s) <= 32 ? s : "...");
		return NULL;
	}
	return s;
}

const char *conf_value_ifname(struct conf_loader *l, const struct conf_value *v)
{
	const char *s = conf_value_string(l, v, 1, CONF_IFNAME_MAX);

	if (s && (strpbrk(s, "/: ") || strcmp(s, ".") == 0 || strcmp(s, "..") == 0)) {
		conf_value_bad(
			l, v, "a name that a network device can have; no slash, colon or blank");
		return NULL;
	}
	return s;
}

bool conf_value_number(struct conf_loader *l, const struct conf_value *v, uint64_t min,
	uint64_t max, uint64_t *out)
{
	uint64_t n;
	const char *s = conf_value_text(l, v, "a number");

	if (!s)
		return false;
	if (!node_is_plain(v) || node_reads_as(s) != NODE_NUMBER) {
		conf_error(l, v->at, "%s must be a number, this is %s; write digits without quotes",
			v->key, node_kind(v));
		return false;
	}
	if (!text_parse_u64(s, UINT64_MAX, &n) || (s[0] == '0' && s[1])) {
		conf_value_bad(l, v, "a whole number in decimal");
		return false;
	}
	if (n < min || n > max) {
		conf_error(l, v->at, "%s is out of range; from %ju to %ju", v->key, (uintmax_t)min,
			(uintmax_t)max);
		return false;
	}
	*out = n;
	return true;
}

bool conf_value_bool(struct conf_loader *l, const struct conf_value *v, bool *out)
{
	const char *s = conf_value_text(l, v, "true or false");

	if (!s)
		return false;
	if (!node_is_plain(v) || (strcmp(s, "true") != 0 && strcmp(s, "false") != 0)) {
		conf_value_bad(l, v, "true or false, the only two that YAML 1.2 knows");
		return false;
	}
	*out = strcmp(s, "true") == 0;
	return true;
}

bool conf_value_word(struct conf_loader *l, const struct conf_value *v,
	const struct conf_word *words, size_t n, const char *wanted, int *out)
{
	const char *s = conf_value_text(l, v, "a word");

	if (!s)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(s, words[i].word) == 0) {
			*out = words[i].value;
			return true;
		}
	}
	conf_value_bad(l, v, wanted);
	return false;
}

bool conf_value_addr(struct conf_loader *l, const struct conf_value *v, struct ip_addr *out)
{
	struct ip_addr a;
	const char *s = conf_value_text(l, v, "an address");

	if (!s)
		return false;
	if (!ip_addr_parse(s, &a)) {
		conf_value_bad(l, v, "an IPv4 address; write it as 192.0.2.1");
		return false;
	}
	if (a.af != IP_V4) {
		conf_value_bad(l, v, "an IPv4 address; IPv6 is not carried");
		return false;
	}
	if (ip_addr_is_martian(&a)) {
		conf_value_bad(l, v, "a unicast address that a host can have");
		return false;
	}
	*out = a;
	return true;
}

/* The prefix of an address that has host bits set: what was probably meant. */
static bool node_prefix_with_host_bits(const char *s, struct ip_prefix *host, struct ip_prefix *net)
{
	char addr[IP_ADDR_STRLEN];
	uint64_t len;
	const char *slash = strchr(s, '/');

	if (!slash || (size_t)(slash - s) >= sizeof(addr))
		return false;
	memcpy(addr, s, (size_t)(slash - s));
	addr[slash - s] = '\0';
	if (!ip_addr_parse(addr, &host->addr) ||
		!text_parse_u64(slash + 1, ip_af_bits(host->addr.af), &len))
		return false;
	host->len = (uint8_t)len;
	*net = *host;
	ip_prefix_mask(net);
	return true;
}

bool conf_value_prefix(
	struct conf_loader *l, const struct conf_value *v, bool host_bits, struct ip_prefix *out)
{
	struct ip_prefix host, net;
	char right[IP_PREFIX_STRLEN];
	const char *s = conf_value_text(l, v, "an address and a length");

	if (!s)
		return false;
	if (!node_prefix_with_host_bits(s, &host, &net)) {
		conf_value_bad(l, v, "an address and a length; write it as 192.0.2.0/24");
		return false;
	}
	if (host.addr.af != IP_V4) {
		conf_value_bad(l, v, "an IPv4 prefix; IPv6 is not carried");
		return false;
	}
	if (!host_bits && !ip_prefix_equal(&host, &net)) {
		conf_error(l, v->at, "%s has host bits set; write %s", v->key,
			ip_prefix_print(&net, right));
		return false;
	}
	if (host_bits && ip_addr_is_martian(&host.addr)) {
		conf_value_bad(l, v, "a unicast address that an interface can have");
		return false;
	}
	*out = host;
	return true;
}
