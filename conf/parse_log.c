/* How much is logged, and where what concerns security stands as well. */
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"
#include "lib/lograte.h"

#define LOG_PATH_MAX   255
#define LOG_NUMBER_MAX 1000000

void conf_log_defaults(struct conf *c)
{
	c->log = (struct conf_log){.rate = LOG_RATE_PER_MINUTE, .burst = LOG_RATE_BURST};
}

static void log_security(struct conf_loader *l, const struct conf_value *v, void *into)
{
	const char *s = conf_value_string(l, v, 2, LOG_PATH_MAX);

	if (!s)
		return;
	if (s[0] != '/')
		conf_value_bad(l, v, "an absolute path");
	else
		l->conf->log.security = s;
}

static void log_rate(struct conf_loader *l, const struct conf_value *v, void *into)
{
	uint64_t n;

	if (conf_value_number(l, v, 0, LOG_NUMBER_MAX, &n))
		l->conf->log.rate = (uint32_t)n;
}

static void log_burst(struct conf_loader *l, const struct conf_value *v, void *into)
{
	uint64_t n;

	if (conf_value_number(l, v, 1, LOG_NUMBER_MAX, &n))
		l->conf->log.burst = (uint32_t)n;
}

const struct conf_keys *conf_keys_log(void)
{
	static const struct conf_key keys[] = {
		{"security", false, log_security},
		{"rate", false, log_rate},
		{"burst", false, log_burst},
	};
	static const struct conf_keys table = {
		.path = "log", .what = "log", .keys = keys, .n = ARRAY_LEN(keys)};

	return &table;
}

void conf_parse_log(struct conf_loader *l, const struct conf_value *v, void *into)
{
	conf_map_parse(l, v, conf_keys_log(), NULL);
}
