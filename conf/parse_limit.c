/* Limits of prefixes: a number, or a mapping that says what happens above it. */
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"

#define LIMIT_WARN_PERCENT 75
#define LIMIT_RESTART_S	   300

static void limit_max(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_limit *limit = into;
	uint64_t n;

	if (conf_value_number(l, v, 1, UINT32_MAX, &n))
		limit->max = (uint32_t)n;
}

static void limit_warn(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_limit *limit = into;
	uint64_t n;

	if (conf_value_number(l, v, 0, 100, &n))
		limit->warn_percent = (uint8_t)n;
}

static void limit_restart_after(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_limit *limit = into;
	uint64_t n;

	if (conf_value_number(l, v, 1, 86400, &n))
		limit->restart_s = (uint32_t)n;
}

static void limit_peer_action(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {{"warn", CONF_LIMIT_WARN},
		{"drop", CONF_LIMIT_DROP}, {"stop", CONF_LIMIT_STOP},
		{"restart", CONF_LIMIT_RESTART}};
	struct conf_limit *limit = into;
	int action;

	if (conf_value_word(l, v, words, ARRAY_LEN(words),
		    "an action; write warn, drop, stop or restart", &action))
		limit->action = (enum conf_limit_action)action;
}

/* A VRF is no session that could be ended. */
static void limit_vrf_action(struct conf_loader *l, const struct conf_value *v, void *into)
{
	static const struct conf_word words[] = {
		{"warn", CONF_LIMIT_WARN}, {"drop", CONF_LIMIT_DROP}};
	struct conf_limit *limit = into;
	int action;

	if (conf_value_word(
		    l, v, words, ARRAY_LEN(words), "an action; write warn or drop", &action))
		limit->action = (enum conf_limit_action)action;
}

const struct conf_keys *conf_keys_max_prefix(void)
{
	static const struct conf_key keys[] = {
		{"limit", true, limit_max},
		{"warn", false, limit_warn},
		{"action", false, limit_peer_action},
		{"restart-after", false, limit_restart_after},
	};
	static const struct conf_keys table = {.path = "neighbors.max-prefix",
		.what = "max-prefix",
		.keys = keys,
		.n = ARRAY_LEN(keys)};

	return &table;
}

const struct conf_keys *conf_keys_max_routes(void)
{
	static const struct conf_key keys[] = {
		{"limit", true, limit_max},
		{"warn", false, limit_warn},
		{"action", false, limit_vrf_action},
	};
	static const struct conf_keys table = {.path = "vrfs.max-routes",
		.what = "max-routes",
		.keys = keys,
		.n = ARRAY_LEN(keys)};

	return &table;
}

void conf_parse_max_prefix(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_limit *limit = into;
	struct conf_at places[CONF_KEYS_MAX] = {0};

	*limit = (struct conf_limit){.action = CONF_LIMIT_STOP,
		.warn_percent = LIMIT_WARN_PERCENT,
		.restart_s = LIMIT_RESTART_S};
	if (!conf_value_is_map(v)) {
		limit_max(l, v, limit);
		return;
	}
	conf_map_parse_places(l, v, conf_keys_max_prefix(), limit, places);
	struct conf_at restart = conf_place_get(conf_keys_max_prefix(), places, "restart-after");
	if (restart.len && limit->action != CONF_LIMIT_RESTART)
		conf_error(l, restart,
			"restart-after is of action: restart; set that, or leave it out");
}

void conf_parse_max_routes(struct conf_loader *l, const struct conf_value *v, void *into)
{
	struct conf_limit *limit = into;

	*limit = (struct conf_limit){.action = CONF_LIMIT_DROP, .warn_percent = LIMIT_WARN_PERCENT};
	if (conf_value_is_map(v))
		conf_map_parse(l, v, conf_keys_max_routes(), limit);
	else
		limit_max(l, v, limit);
}
