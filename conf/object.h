/*
 * What a configuration is made of, as it was written but in one form: to be compared with another one, and shown. Defaults are not in it.
 *
 *   path                          json
 *   router                        {"as": 65000, "id": "10.255.0.1", "name": "pe1"}
 *   neighbors/pe2                 {"address": "10.255.0.3", "as": 65000, "password": "***", ...}
 *   vrfs/vrf-a                    without its neighbors
 *   vrfs/vrf-a/neighbors/ce-a1    ...
 * Keys are in alphabetical order, so equal texts mean equal settings, but for keys that are starred out.
 */
#ifndef CONF_OBJECT_H
#define CONF_OBJECT_H

#include <stdbool.h>

#include "conf/model.h"

/* NULL: there is none. */
const struct conf_object *conf_object_find(const struct conf *c, const char *path);

/* Each path of which something differs, in order: had or has is NULL where it is not. Keys that are starred out are equal. */
typedef void conf_diff_fn(
	void *arg, const char *path, const struct conf_object *had, const struct conf_object *has);
void conf_diff(const struct conf *a, const struct conf *b, conf_diff_fn *fn, void *arg);

#endif
