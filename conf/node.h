/*
 * YAML nodes as typed values with a position, and mappings read through key tables.
 *
 * Only this file pair, load.c and object.c know libfyaml. Getters report what is wrong themselves and return false (NULL);
 * the caller goes on with the next key, so that all errors of a file are found at once.
 */
#ifndef CONF_NODE_H
#define CONF_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/diag.h"
#include "conf/keys.h"
#include "lib/prefix.h"

struct fy_node;
struct conf_loader;

struct conf_value {
	struct fy_node *node;
	struct conf_at
		at; /* the scalar itself; of a list or mapping its first entry, or its key when empty */
	const char *key; /* under which it stands, for messages */
};

#define conf_error(l, at, ...) conf_diag_add(conf_loader_diag(l), CONF_ERROR, at, __VA_ARGS__)
#define conf_warn(l, at, ...)  conf_diag_add(conf_loader_diag(l), CONF_WARNING, at, __VA_ARGS__)
struct conf_diag *conf_loader_diag(struct conf_loader *l);

/* n zeroed octets that live as long as the configuration. The loader's limits keep the sum below the arena's cap. */
void *conf_alloc(struct conf_loader *l, size_t n);

/* Goes through a mapping: each key of the table once, unknown and repeated and missing ones reported. */
void conf_map_parse(struct conf_loader *l, const struct conf_value *v, const struct conf_keys *keys,
	void *into);

/* The same, and where the value of each key stands: places[i] for conf_keys_at(keys, i), untouched if not given. */
void conf_map_parse_places(struct conf_loader *l, const struct conf_value *v,
	const struct conf_keys *keys, void *into, struct conf_at *places);

/* The value of a mapping's key. False if there is none, or it is no mapping. */
bool conf_map_find(
	struct conf_loader *l, const struct conf_value *v, const char *key, struct conf_value *out);

/* Lists that several files have under the same key of a mapping are put into the first of them: the others are empty then. */
void conf_map_join(struct conf_loader *l, const struct conf_value *v);
struct conf_at conf_place_get(
	const struct conf_keys *keys, const struct conf_at *places, const char *key);
bool conf_value_is_map(const struct conf_value *v);
bool conf_value_is_list(const struct conf_value *v);

/* How many entries a list has; more than max is an error. False if it is no list. */
bool conf_list_count(struct conf_loader *l, const struct conf_value *v, unsigned max, unsigned *n);

/* The next entry; *iter is NULL before the first. False at the end. */
bool conf_list_next(
	struct conf_loader *l, const struct conf_value *v, void **iter, struct conf_value *out);

/*
 * The text of any scalar without octets that would be cut short or garble a terminal. It stands until the next
 * getter and is no copy: a file may name the same long text a million times by alias.
 */
const char *conf_value_text(struct conf_loader *l, const struct conf_value *v, const char *wanted);

/* Characters between min and max, no control characters; what YAML reads as a number, bool or null is refused.
 * A copy that lives as long as the configuration. */
const char *conf_value_string(
	struct conf_loader *l, const struct conf_value *v, size_t min, size_t max);

/* In quotes: route distinguishers and route targets. The text stands until the next getter. */
const char *conf_value_quoted(struct conf_loader *l, const struct conf_value *v);

/* A netdevice's name as the kernel takes it (dev_valid_name). */
const char *conf_value_ifname(struct conf_loader *l, const struct conf_value *v);
bool conf_value_number(struct conf_loader *l, const struct conf_value *v, uint64_t min,
	uint64_t max, uint64_t *out);
bool conf_value_bool(struct conf_loader *l, const struct conf_value *v, bool *out);

/* One of n words. wanted ends the message: "a role; write core or access". */
struct conf_word {
	const char *word;
	int value;
};
bool conf_value_word(struct conf_loader *l, const struct conf_value *v,
	const struct conf_word *words, size_t n, const char *wanted, int *out);

/* IPv4, unicast. */
bool conf_value_addr(struct conf_loader *l, const struct conf_value *v, struct ip_addr *out);

/* IPv4. An interface's address keeps its host bits, a route's prefix must not have any. */
bool conf_value_prefix(
	struct conf_loader *l, const struct conf_value *v, bool host_bits, struct ip_prefix *out);

/* "could not understand VALUE as WANTED; remedy", the common shape of a bad scalar. */
void conf_value_bad(struct conf_loader *l, const struct conf_value *v, const char *wanted);

#endif
