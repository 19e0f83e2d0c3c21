/* Of a neighbor: who it is, and how its connection is made and watched. */
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"

#define SESSION_NAME_MAX  63
#define SESSION_RANGE_MAX 1024 /* places of one range */

static void session_name(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	p->peer->name = conf_value_string(l, v, 1, SESSION_NAME_MAX);
	if (p->peer->name && strcmp(p->peer->name, "all") == 0)
		conf_error(l, v->at, "\"all\" means every neighbor in commands; take another name");
}

static void session_address(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_addr(l, v, &p->peer->addr);
}

static void session_range(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	p->peer->dynamic = true;
	conf_value_prefix(l, v, false, &p->peer->range);
}

static void session_limit(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	uint64_t n;

	if (conf_value_number(l, v, 1, SESSION_RANGE_MAX, &n))
		p->limit = (uint32_t)n;
}

static void session_local_address(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_addr(l, v, &p->peer->local);
}

static void session_as(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	const char *s = conf_value_text(l, v, "a number");

	if (!s)
		return;
	p->external = strcmp(s, "external") == 0;
	if (!p->external)
		conf_parse_as(l, v, &p->peer->as);
}

/* RFC 2385: a key is 1 to 80 octets. It is never repeated in a message. */
bool conf_secret_check(struct conf_loader *l, const struct conf_value *v, const char *s, size_t len)
{
	if (len > 0 && len <= CONF_PASSWORD_MAX)
		return true;
	if (len == 0)
		conf_error(l, v->at, "%s is empty; leave the key out for a session without TCP-MD5",
			v->key);
	else
		conf_error(l, v->at, "%s gives %zu octets; TCP-MD5 takes at most %d", v->key, len,
			CONF_PASSWORD_MAX);
	return false;
}

static void session_password(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	const char *s = conf_value_string(l, v, 0, SIZE_MAX);

	if (!s || !conf_secret_check(l, v, s, strlen(s)))
		return;
	conf_hide(l, v->at);
	p->peer->password_len = (uint8_t)strlen(s);
	memcpy(p->peer->password, s, p->peer->password_len);
	explicit_bzero((char *)s,
		p->peer->password_len); /* the arena's copy: one place to forget it from is enough */
}

static void session_password_file(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_secret_load(l, v, p->peer->password, &p->peer->password_len);
}

/* RFC 5082 3: the distance in hops that is still accepted; 1 is the directly connected neighbor. */
static void session_gtsm(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	uint64_t n;

	if (conf_value_number(l, v, 1, 254, &n))
		p->peer->gtsm_hops = (uint8_t)n;
}

/* RFC 4271 4.2: zero or at least three seconds. */
static void session_hold_time(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	uint64_t n;

	if (!conf_value_number(l, v, 0, UINT16_MAX, &n))
		return;
	if (n == 1 || n == 2)
		conf_error(l, v->at,
			"hold-time of %ju s is not allowed (RFC 4271 4.2); 0 for none, or 3 and "
			"more",
			(uintmax_t)n);
	else
		p->peer->hold_s = (uint16_t)n;
}

static void session_send_hold_time(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	uint64_t n;

	if (!conf_value_number(l, v, 0, 2 * UINT16_MAX, &n))
		return;
	p->send_hold_given = true;
	p->peer->send_hold_s = (uint32_t)n;
}

static void session_connect_retry(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;
	uint64_t n;

	if (conf_value_number(l, v, 1, UINT16_MAX, &n))
		p->peer->connect_retry_s = (uint16_t)n;
}

static void session_passive(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_value_bool(l, v, &p->peer->passive);
}

static void session_max_prefix(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_peer_parse *p = into;

	conf_parse_max_prefix(l, v, &p->peer->max_prefix);
}

const struct conf_keys *conf_keys_peer_session(void)
{
	static const struct conf_key keys[] = {
		{"address", false, session_address},
		{"range", false, session_range},
		{"limit", false, session_limit},
		{"as", true, session_as},
		{"name", false, session_name},
		{"local-address", false, session_local_address},
		{"password", false, session_password},
		{"password-file", false, session_password_file},
		{"gtsm", false, session_gtsm},
		{"hold-time", false, session_hold_time},
		{"send-hold-time", false, session_send_hold_time},
		{"connect-retry", false, session_connect_retry},
		{"passive", false, session_passive},
		{"max-prefix", false, session_max_prefix},
	};
	static const struct conf_keys table = {.keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}
