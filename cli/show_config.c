/* ravelin show config: objects of the configuration, as the YAML that they could have been read from. */
#include "cli/show.h"

#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "lib/text.h"

#define CONFIG_INDENT 2
#define CONFIG_BELOW  "/neighbors/"

/* --- YAML --- */

/* Whether it is a string without quotes, in YAML 1.1 as well: letters first, or an address. */
static bool yaml_is_plain(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char *const others[] = {
		"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
	size_t word = strspn(s, letters), number = strspn(s, "0123456789");

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcasecmp(s, others[i]) == 0)
			return false;
	if (s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./")])
		return false;
	const char *first = strchr(s, '.'), *second = first ? strchr(first + 1, '.') : NULL;
	return word || *s == '/' || (number && second && second[1]);
}

static void yaml_scalar(const json_t *v, FILE *out)
{
	const char *s = json_string_value(v);

	if (s && yaml_is_plain(s)) {
		fputs(s, out);
		return;
	}
	char *text = json_dumps(v, JSON_ENCODE_ANY);
	fputs(text ? text : "null", out);
	free(text);
}

static bool yaml_is_scalar(const json_t *v)
{
	return !json_is_object(v) && !json_is_array(v);
}

/* In one line: scalars, and not too many. */
static bool yaml_is_short(const json_t *list, int left)
{
	size_t i, len = 0;
	json_t *v;

	json_array_foreach(list, i, v)
	{
		if (!yaml_is_scalar(v))
			return false;
		len += json_string_length(v) + 4;
	}
	return json_array_size(list) == 0 || (size_t)left + len < CLI_WIDTH;
}

static void yaml_map(const json_t *map, int indent, bool begun, FILE *out);

static void yaml_flow(const json_t *list, FILE *out)
{
	size_t i;
	json_t *v;

	fputc('[', out);
	json_array_foreach(list, i, v)
	{
		fputs(i ? ", " : "", out);
		yaml_scalar(v, out);
	}
	fputs("]\n", out);
}

static void yaml_list(const json_t *list, int indent, FILE *out)
{
	size_t i;
	json_t *v;

	json_array_foreach(list, i, v)
	{
		fprintf(out, "%*s- ", indent, "");
		if (json_is_object(v)) {
			yaml_map(v, indent + CONFIG_INDENT, true, out);
		} else if (json_is_array(v)) {
			fputc('\n', out);
			yaml_list(v, indent + CONFIG_INDENT, out);
		} else {
			yaml_scalar(v, out);
			fputc('\n', out);
		}
	}
}

static void yaml_pair(const char *key, const json_t *v, int indent, FILE *out)
{
	json_t *name = json_string(key);

	yaml_scalar(name, out);
	json_decref(name);
	fputc(':', out);
	if (json_is_array(v) && yaml_is_short(v, indent + (int)strlen(key) + 2)) {
		fputc(' ', out);
		yaml_flow(v, out);
	} else if (json_is_array(v)) {
		fputc('\n', out);
		yaml_list(v, indent + CONFIG_INDENT, out);
	} else if (json_is_object(v) && json_object_size(v)) {
		fputc('\n', out);
		yaml_map(v, indent + CONFIG_INDENT, false, out);
	} else {
		fputc(' ', out);
		yaml_scalar(v, out);
		fputc('\n', out);
	}
}

/* begun: the first key stands behind "- ". What it is called comes first. */
static void yaml_map(const json_t *map, int indent, bool begun, FILE *out)
{
	const json_t *name = json_object_get(map, "name");
	const char *key;
	json_t *v;

	if (name) {
		fprintf(out, "%*s", begun ? 0 : indent, "");
		yaml_pair("name", name, indent, out);
		begun = false;
	}
	json_object_foreach((json_t *)map, key, v)
	{
		if (strcmp(key, "name") == 0)
			continue;
		fprintf(out, "%*s", begun ? 0 : indent, "");
		yaml_pair(key, v, indent, out);
		begun = false;
	}
	if (json_object_size(map) == 0)
		fputs("{}\n", out);
}

/* --- what it is made of --- */

static json_t *config_list(json_t *map, const char *key)
{
	if (!json_object_get(map, key))
		json_object_set_new(map, key, json_array());
	return json_object_get(map, key);
}

/* The VRF of a neighbour, whether it is shown itself or not. */
static json_t *config_vrf(json_t *root, const char *name, size_t len)
{
	json_t *vrfs = config_list(root, "vrfs"), *v;
	size_t i;

	json_array_foreach(vrfs, i, v)
	{
		const char *is = cli_string(v, "name");
		if (strlen(is) == len && memcmp(is, name, len) == 0)
			return v;
	}
	v = json_pack("{s:s%}", "name", name, len);
	json_array_append_new(vrfs, v);
	return v;
}

/* Borrows settings. */
static void config_put(json_t *root, const char *path, json_t *settings)
{
	static const char vrfs[] = "vrfs/";
	const char *slash = strchr(path, '/'), *name = path + sizeof(vrfs) - 1;
	bool of_vrf = strncmp(path, vrfs, sizeof(vrfs) - 1) == 0;
	const char *below = of_vrf ? strstr(name, CONFIG_BELOW) : NULL;

	if (!slash) {
		json_object_set(root, path, settings);
	} else if (below) {
		json_t *vrf = config_vrf(root, name, (size_t)(below - name));
		json_array_append(config_list(vrf, "neighbors"), settings);
	} else {
		char *top = strndup(path, (size_t)(slash - path));
		json_array_append(config_list(root, top ? top : ""), settings);
		free(top);
	}
}

int cli_render_config(const json_t *answer, FILE *out)
{
	const json_t *objects = json_object_get(answer, "objects");
	json_t *root = json_object(), *o;
	size_t i;

	cli_print_unconfirmed(answer, "# ", out);
	json_array_foreach(objects, i, o)
	{
		config_put(root, cli_string(o, "path"), json_object_get(o, "settings"));
	}
	yaml_map(root, 0, false, out);
	json_decref(root);
	return 0;
}
