/* /v1/config: the configuration in force, in the form that conf/object.h describes. Keys are not in it. */
#include <string.h>

#include "bgpd/mgmt/show.h"

/* The object by that path, or one below it. */
static bool config_is_asked(const char *path, const char *asked)
{
	size_t len = asked ? strlen(asked) : 0;

	return !asked || (strncmp(path, asked, len) == 0 && (!path[len] || path[len] == '/'));
}

static json_t *config_object(const struct conf_object *o)
{
	json_t *settings = json_loads(o->json, 0, NULL);

	return json_pack("{s:o, s:o}", "path", mgmt_json_text(o->path), "settings",
		settings ? settings : mgmt_json_text(o->json));
}

json_t *mgmt_config(const struct conf *c, const char *asked)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < c->n_objects; i++)
		if (config_is_asked(c->objects[i].path, asked))
			json_array_append_new(list, config_object(&c->objects[i]));
	if (!asked || json_array_size(list))
		return list;
	json_decref(list);
	return NULL;
}
