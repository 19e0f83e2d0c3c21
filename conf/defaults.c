#include "conf/defaults.h"

#include <libfyaml.h>
#include <stdbool.h>
#include <string.h>

#include "lib/check.h"

#define DEFAULTS_WIDTH	  100
#define DEFAULTS_INDENT	  2
#define DEFAULTS_TEXT_MAX 1024
#define DEFAULTS_DEPTH	  12 /* of references: more than there is */

/* The schema; the assembler finds it from the top of the source (local.mk). */
__asm__(".pushsection .rodata\n"
	"conf_schema_start:\n"
	".incbin \"conf/ravelin.schema.json\"\n"
	"conf_schema_end:\n"
	".byte 0\n"
	".popsection\n");
extern const char conf_schema_start[], conf_schema_end[];

/* --- the schema --- */

static struct fy_node *member(struct fy_node *map, const char *key)
{
	return map && fy_node_is_mapping(map) ? fy_node_mapping_lookup_by_string(map, key, SIZE_MAX)
					      : NULL;
}

static struct fy_node *by_reference(struct fy_node *node)
{
	struct fy_node *ref = member(node, "$ref");
	const char *path = ref ? fy_node_get_scalar0(ref) : NULL;

	return path ? fy_node_by_path(fy_document_root(fy_node_document(node)), path + 1, SIZE_MAX,
			      FYNWF_DONT_FOLLOW)
		    : NULL;
}

/* A keyword of a schema: its own, that of what it refers to, or that of one of its parts. */
static struct fy_node *keyword(struct fy_node *schema, const char *key, int depth)
{
	static const char *const lists[] = {"allOf", "oneOf", "anyOf"};
	size_t n = strcmp(key, "required") == 0 ? 1 : ARRAY_LEN(lists); /* in all of them */
	struct fy_node *found = member(schema, key), *part;

	if (!found && depth > 0 && by_reference(schema))
		found = keyword(by_reference(schema), key, depth - 1);
	for (size_t i = 0; i < n && !found && depth > 0; i++) {
		struct fy_node *list = member(schema, lists[i]);
		void *iter = NULL;

		while (list && !found && (part = fy_node_sequence_iterate(list, &iter)) != NULL)
			found = keyword(part, key, depth - 1);
	}
	return found;
}

static struct fy_node *keyword_of(struct fy_node *schema, const char *key)
{
	return keyword(schema, key, DEFAULTS_DEPTH);
}

static bool has_word(struct fy_node *list, const char *word)
{
	struct fy_node *item;
	void *iter = NULL;

	while (list && (item = fy_node_sequence_iterate(list, &iter)) != NULL)
		if (fy_node_compare_string(item, word, SIZE_MAX))
			return true;
	return false;
}

/* --- the text --- */

/* A comment, broken at blanks. */
static void print_comment(const char *text, int indent, FILE *out)
{
	size_t width = DEFAULTS_WIDTH - 3 - (size_t)indent;

	while (*text) {
		size_t len = strlen(text), cut = len;

		if (len > width)
			for (cut = width; cut > 0 && text[cut] != ' ';)
				cut--;
		cut = cut ? cut : len;
		fprintf(out, "#%*s# %.*s\n", indent, "", (int)cut, text);
		text += cut + strspn(text + cut, " ");
	}
}

static void print_scalars(struct fy_node *value, const char *separator, FILE *out)
{
	const char *before = "";
	struct fy_node *item;
	void *iter = NULL;
	size_t len;

	if (!fy_node_is_sequence(value)) {
		const char *s = fy_node_get_scalar(value, &len);
		fprintf(out, "%.*s", (int)len, s);
		return;
	}
	while ((item = fy_node_sequence_iterate(value, &iter)) != NULL) {
		const char *s = fy_node_get_scalar(item, &len);
		fprintf(out, "%s%.*s", before, (int)len, s);
		before = separator;
	}
}

/* What it may be, behind what it is for. */
static void print_bounds(struct fy_node *schema, FILE *out)
{
	struct fy_node *least = member(schema, "minimum"), *most = member(schema, "maximum");
	struct fy_node *words = keyword_of(schema, "enum");

	if (least && most) {
		fputs(" ", out);
		print_scalars(least, "", out);
		fputs(" to ", out);
		print_scalars(most, "", out);
		fputs(".", out);
	}
	if (words) {
		fputs(" One of: ", out);
		print_scalars(words, ", ", out);
		fputs(".", out);
	}
}

static void print_purpose(struct fy_node *schema, bool required, int indent, FILE *out)
{
	char text[DEFAULTS_TEXT_MAX] = "";
	struct fy_node *description = keyword_of(schema, "description");
	FILE *to = fmemopen(text, sizeof(text), "w");

	CHECK(to != NULL);
	if (description)
		print_scalars(description, "", to);
	print_bounds(schema, to);
	if (required)
		fputs(" Required.", to);
	CHECK(fclose(to) == 0);
	print_comment(text + strspn(text, " "), indent, out);
}

static void print_map(struct fy_node *schema, int indent, bool of_list, FILE *out);

/* The value of a key that holds no others. */
static void print_default(struct fy_node *schema, FILE *out)
{
	struct fy_node *value = keyword_of(schema, "default");

	if (value) {
		fputs(fy_node_is_sequence(value) ? " [" : " ", out);
		print_scalars(value, ", ", out);
		fputs(fy_node_is_sequence(value) ? "]" : "", out);
	}
	fputc('\n', out);
}

/* dash: it is the first of an entry of a list, which begins there. */
static void print_key(
	const char *key, struct fy_node *schema, bool required, int indent, bool dash, FILE *out)
{
	struct fy_node *items = keyword_of(schema, "items");
	struct fy_node *properties = keyword_of(schema, "properties");
	bool entries = !properties && items && keyword_of(items, "properties");

	print_purpose(schema, required, indent, out);
	if (dash)
		fprintf(out, "#%*s- %s:", indent - DEFAULTS_INDENT, "", key);
	else
		fprintf(out, "#%*s%s:", indent, "", key);
	if (!properties && !entries) {
		print_default(schema, out);
		return;
	}
	fputc('\n', out);
	if (properties)
		print_map(schema, indent + DEFAULTS_INDENT, false, out);
	else
		print_map(items, indent + 2 * DEFAULTS_INDENT, true, out);
}

static void print_map(struct fy_node *schema, int indent, bool of_list, FILE *out)
{
	struct fy_node *properties = keyword_of(schema, "properties");
	struct fy_node *required = keyword_of(schema, "required");
	struct fy_node_pair *pair;
	void *iter = NULL;

	while ((pair = fy_node_mapping_iterate(properties, &iter)) != NULL) {
		const char *key = fy_node_get_scalar0(fy_node_pair_key(pair));

		print_key(key, fy_node_pair_value(pair), has_word(required, key), indent, of_list,
			out);
		of_list = false;
	}
}

void conf_defaults_print(FILE *out)
{
	struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_DISABLE_ACCELERATORS};
	struct fy_document *doc = fy_document_build_from_string(
		&cfg, conf_schema_start, (size_t)(conf_schema_end - conf_schema_start));

	CHECK(doc != NULL);
	fputs("## Every key of ravelin.yaml(5) with its default, if it has one: without the first "
	      "# of each line\n"
	      "## this is a configuration, once required keys are filled in and others without a "
	      "value taken out.\n"
	      "\n",
		out);
	print_map(fy_document_root(doc), 0, false, out);
	fy_document_destroy(doc);
}
