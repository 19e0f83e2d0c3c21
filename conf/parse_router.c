/* The router itself and its label range. */
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"
#include "lib/text.h"

#define ROUTER_NAME_MAX	   63
#define ROUTER_USER_MAX	   31
#define ROUTER_RUN_DIR_MAX 90 /* RUN_DIR/ravelin.sock has to fit into sun_path, 108 octets */

#define LABEL_MIN 16	   /* below: reserved (RFC 3032 2.1, RFC 7274) */
#define LABEL_MAX 1048575u /* 20 bits */

bool conf_parse_as(struct conf_loader *l, const struct conf_value *v, uint32_t *out)
{
	static const struct {
		uint32_t as;
		const char *why;
	} never[] = {
		{0, "is reserved (RFC 7607)"},
		{23456, "is AS_TRANS, the stand-in for 4-octet numbers (RFC 6793 3); write the "
			"real number"},
		{65535, "is reserved (RFC 7300)"},
		{4294967295u, "is reserved (RFC 7300)"},
	};
	uint64_t n;

	if (!conf_value_number(l, v, 0, UINT32_MAX, &n))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(never); i++) {
		if (n == never[i].as) {
			conf_error(l, v->at, "AS %u %s", never[i].as, never[i].why);
			return false;
		}
	}
	*out = (uint32_t)n;
	return true;
}

static void router_name(struct conf_loader *l, const struct conf_value *v, void *into)
{
	const char *s = conf_value_string(l, v, 1, ROUTER_NAME_MAX);

	if (s)
		l->conf->router_name = s;
}

static void router_as(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_parse_as(l, v, &l->conf->as);
}

void conf_parse_octets(struct conf_loader *l, const struct conf_value *v, const char *wanted,
	const char *zero, uint32_t *out)
{
	struct ip_addr a;
	const char *s = conf_value_text(l, v, "four octets");

	if (!s)
		return;
	if (!ip_addr_parse(s, &a) || a.af != IP_V4)
		conf_value_bad(l, v, wanted);
	else if (ip_addr_get_v4(&a) == 0)
		conf_error(l, v->at, "%s 0.0.0.0 is not allowed; %s", v->key, zero);
	else
		*out = ip_addr_get_v4(&a);
}

/* RFC 6286 2.1: unique in the AS. */
static void router_id(struct conf_loader *l, const struct conf_value *v, void *into)
{
	l->id = v->at;
	conf_parse_octets(l, v, "a router id; write four octets as 10.255.0.1",
		"take the address of the loopback (RFC 6286 2.1)", &l->conf->id);
}

static void router_cluster_id(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_parse_octets(l, v, "a cluster id; write four octets as 10.255.0.1",
		"leave it out for the router's id (RFC 4456 7)", &l->conf->cluster_id);
}

static void router_retain(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"auto", CONF_RETAIN_AUTO},
		{"all", CONF_RETAIN_ALL}, {"imported", CONF_RETAIN_IMPORTED}};
	int retain;

	if (conf_value_word(l, v, words, ARRAY_LEN(words),
		    "a choice of VPN routes; write auto, all or imported", &retain))
		l->conf->retain = (enum conf_retain)retain;
}

static void router_user(struct conf_loader *l, const struct conf_value *v, void *into)
{
	const char *s = conf_value_string(l, v, 1, ROUTER_USER_MAX);

	if (!s)
		return;
	if (strcmp(s, "root") == 0)
		conf_error(l, v->at,
			"user must not be root: bgpd talks to strangers; take nobody or one of its "
			"own");
	else
		l->conf->user = s;
}

static void router_run_dir(struct conf_loader *l, const struct conf_value *v, void *into)
{
	const char *s = conf_value_string(l, v, 2, ROUTER_RUN_DIR_MAX);

	if (!s)
		return;
	if (s[0] != '/')
		conf_value_bad(l, v, "an absolute path");
	else
		l->conf->run_dir = s;
}

const struct conf_keys *conf_keys_router(void)
{
	static const struct conf_key keys[] = {
		{"name", true, router_name},
		{"as", true, router_as},
		{"id", true, router_id},
		{"user", false, router_user},
		{"run-dir", false, router_run_dir},
		{"cluster-id", false, router_cluster_id},
		{"retain", false, router_retain},
	};
	static const struct conf_keys table = {
		.path = "router", .what = "router", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

void conf_parse_router(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_map_parse(l, v, conf_keys_router(), NULL);
}

/* "MIN-MAX" into two numbers below 2^32. */
static bool mpls_range(const char *s, uint64_t *min, uint64_t *max)
{
	char first[11];
	const char *dash = strchr(s, '-');

	if (!dash || (size_t)(dash - s) >= sizeof(first))
		return false;
	memcpy(first, s, (size_t)(dash - s));
	first[dash - s] = '\0';
	return text_parse_u64(first, UINT32_MAX, min) && text_parse_u64(dash + 1, UINT32_MAX, max);
}

static void mpls_labels(struct conf_loader *l, const struct conf_value *v, void *into)
{
	uint64_t min, max;
	const char *s = conf_value_text(l, v, "a range of labels");

	if (!s)
		return;
	l->labels = v->at;
	if (!mpls_range(s, &min, &max)) {
		conf_value_bad(l, v, "a range of labels; write it as 100000-100999");
	} else if (min < LABEL_MIN) {
		conf_error(l, v->at,
			"labels below %d are reserved (RFC 3032 2.1); begin at %d or above",
			LABEL_MIN, LABEL_MIN);
	} else if (max > LABEL_MAX) {
		conf_error(l, v->at, "a label has 20 bits; end at %u or below", LABEL_MAX);
	} else if (min > max) {
		conf_error(l, v->at, "labels run backwards; write %ju-%ju", (uintmax_t)max,
			(uintmax_t)min);
	} else {
		l->conf->label_min = (uint32_t)min;
		l->conf->label_max = (uint32_t)max;
	}
}

static void mpls_quarantine(struct conf_loader *l, const struct conf_value *v, void *into)
{
	uint64_t n;

	if (conf_value_number(l, v, 0, 86400, &n))
		l->conf->label_quarantine_s = (uint32_t)n;
}

const struct conf_keys *conf_keys_mpls(void)
{
	static const struct conf_key keys[] = {
		{"labels", false, mpls_labels},
		{"quarantine", false, mpls_quarantine},
	};
	static const struct conf_keys table = {
		.path = "mpls", .what = "mpls", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

void conf_parse_mpls(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_map_parse(l, v, conf_keys_mpls(), NULL);
}
