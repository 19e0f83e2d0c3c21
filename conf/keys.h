/* The key tables of the configuration: what may stand in each mapping. The schema's check prints them. */
#ifndef CONF_KEYS_H
#define CONF_KEYS_H

#include <stdbool.h>

struct conf_loader;
struct conf_value;

struct conf_key {
	const char *name;
	bool required;
	void (*parse)(struct conf_loader *l, const struct conf_value *v, void *into);
};

struct conf_keys {
	const char *path; /* "vrfs.neighbors": as in the schema */
	const char *what; /* "a VRF": for messages */
	const struct conf_key *keys;
	unsigned n;
};

#define CONF_KEYS_MAX 32 /* of one table */

/* The i-th of all tables, NULL past the last; borrowed, static. */
const struct conf_keys *conf_keys_get(unsigned i);

#endif
