#include "conf/load.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

#include "conf/loader.h"
#include "lib/check.h"

#define LOAD_USER	  "nobody"
#define LOAD_RUN_DIR	  "/run/ravelin"
#define LOAD_LABEL_MIN	  100000
#define LOAD_LABEL_MAX	  100999
#define LOAD_QUARANTINE_S 30

/* A file with what it includes behind it. */
struct load_joined {
	char *text; /* NULL: there is nothing to include */
	size_t len;
	struct conf_part *parts;
	unsigned n_parts;
};

static const struct conf_keys *conf_keys_top(void)
{
	static const struct conf_key keys[] = {
		{"include", false, conf_parse_include},
		{"router", true, conf_parse_router},
		{"mpls", false, conf_parse_mpls},
		{"guard", false, conf_parse_guard},
		{"acls", false, conf_parse_acls},
		{"sets", false, conf_parse_sets},
		{"policies", false, conf_parse_policies},
		{"ports", false, conf_parse_ports},
		{"vrfs", false, conf_parse_vrfs},
		{"neighbors", false, conf_parse_neighbors},
		{"rpki", false, conf_parse_rpki},
		{"bmp", false, conf_parse_bmp},
		{"api", false, conf_parse_api},
		{"log", false, conf_parse_log},
	};
	static const struct conf_keys table = {.path = "",
		.what = "the configuration",
		.keys = keys,
		.n = ARRAY_LEN(keys),
		.joined = true};

	return &table;
}

const struct conf_keys *conf_keys_get(unsigned i)
{
	static conf_keys_table *const tables[] = {conf_keys_top, conf_keys_router, conf_keys_mpls,
		conf_keys_port, conf_keys_vrf, conf_keys_route, conf_keys_ce, conf_keys_core,
		conf_keys_max_prefix, conf_keys_max_routes, conf_keys_add_path,
		conf_keys_graceful_restart, conf_keys_guard, conf_keys_port_guard, conf_keys_police,
		conf_keys_static_neighbor, conf_keys_acl, conf_keys_ace, conf_keys_actions,
		conf_keys_matches, conf_keys_ipv4, conf_keys_tcp, conf_keys_tcp_flags,
		conf_keys_udp, conf_keys_icmp, conf_keys_ace_ports, conf_keys_set,
		conf_keys_program, conf_keys_rule, conf_keys_match, conf_keys_not, conf_keys_edits,
		conf_keys_prepend, conf_keys_edit_community, conf_keys_rpki, conf_keys_cache,
		conf_keys_bmp, conf_keys_station, conf_keys_tls, conf_keys_api, conf_keys_api_who,
		conf_keys_api_tls, conf_keys_log};

	return i < ARRAY_LEN(tables) ? tables[i]() : NULL;
}

/* Whether the line of an octet begins with blanks one of which is a tab. */
static bool load_is_tab_indented(const struct conf_diag *d, size_t off)
{
	while (off > 0 && d->text[off - 1] != '\n')
		off--;
	while (off < d->text_len && d->text[off] == ' ')
		off++;
	return off < d->text_len && d->text[off] == '\t';
}

/* The first of libfyaml's complaints; those after it follow from it. */
static void load_syntax_error(struct conf_loader *l, struct fy_diag *fyd, unsigned part)
{
	void *iter = NULL;
	const struct fy_diag_error *e = fy_diag_errors_iterate(fyd, &iter);
	struct conf_at at = {0};

	if (!e) {
		conf_error(l, at, "this is not YAML");
		return;
	}
	if (e->line > 0)
		at = conf_diag_at(&l->diag, part, (size_t)e->line - 1,
			e->column > 0 ? (size_t)e->column - 1 : 0);
	conf_error(l, at, "not YAML: %s%s", e->msg ? e->msg : "syntax error",
		load_is_tab_indented(&l->diag, at.off)
			? "; YAML is indented with spaces, never with tabs"
			: "");
}

/* Nothing but blanks and comments. */
static bool load_is_empty(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '#')
			while (i < len && text[i] != '\n')
				i++;
		else if (!strchr(" \t\r\n", text[i]) || text[i] == '\0')
			return false;
	}
	return true;
}

/*
 * What is refused before libfyaml sees it: octets that no YAML text has (YAML 1.2 5.1), and directives, which a
 * configuration does not need and on some of which libfyaml 0.7 never returns (found by tests/fuzz/fuzz_conf).
 */
static bool load_check_text(struct conf_loader *l, size_t from, size_t len)
{
	const char *text = l->diag.text + from;

	for (size_t i = 0; i < len;) {
		size_t n = conf_diag_utf8_len((const uint8_t *)text + i, len - i);
		struct conf_at at = {.off = from + i, .len = 1};
		if (n == 0 || text[i] == 0x7f ||
			(n == 1 && text[i] < 0x20 && !strchr("\t\n\r", text[i])) || text[i] == 0) {
			conf_error(l, at, "not YAML: octet 0x%02x is no text in UTF-8",
				(unsigned char)text[i]);
			return false;
		}
		if (text[i] == '%' && (i == 0 || text[i - 1] == '\n' || text[i - 1] == '\r')) {
			conf_error(l, at,
				"a YAML directive; leave the line out, YAML 1.2 is meant anyway");
			return false;
		}
		i += n;
	}
	return true;
}

static struct fy_parser *load_parser_new(struct fy_diag **fyd)
{
	struct fy_diag_cfg diag_cfg;

	fy_diag_cfg_default(&diag_cfg);
	diag_cfg.fp = NULL;
	*fyd = fy_diag_create(&diag_cfg);
	CHECK(*fyd != NULL);
	fy_diag_set_collect_errors(*fyd, true);
	struct fy_parse_cfg cfg = {
		/* Duplicate keys are let through because nodemap.c finds them: all of them, with our words. */
		.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE |
			 FYPCF_ALLOW_DUPLICATE_KEYS | FYPCF_DISABLE_ACCELERATORS,
		.diag = *fyd,
	};
	struct fy_parser *parser = fy_parser_create(&cfg);
	CHECK(parser != NULL);
	return parser;
}

static void load_defaults(struct conf *c)
{
	c->router_name = "";
	c->user = LOAD_USER;
	c->run_dir = LOAD_RUN_DIR;
	c->label_min = LOAD_LABEL_MIN;
	c->label_max = LOAD_LABEL_MAX;
	c->label_quarantine_s = LOAD_QUARANTINE_S;
	conf_guard_defaults(c);
	conf_log_defaults(c);
}

/* A second document would be settings that nobody reads. */
static void load_check_end(struct conf_loader *l, struct fy_parser *parser)
{
	struct fy_document *doc = fy_parse_load_document(parser);

	if (doc) {
		struct conf_value root =
			conf_value_of(l, fy_document_root(doc), (struct conf_at){0}, "file");
		conf_error(
			l, root.at, "a second document begins before this; a configuration is one");
	}
	fy_parse_document_destroy(parser, doc);
}

/* A text of several files, or of one that names none. */
static void load_root(struct conf_loader *l, struct conf_value *root)
{
	if (l->diag.n_parts > 1)
		conf_map_join(l, root);
	conf_map_parse(l, root, conf_keys_top(), NULL);
	if (!l->budget_said)
		conf_check(l);
}

static void load_documents(struct conf_loader *l, struct fy_parser *parser, struct fy_diag *fyd,
	struct load_joined *joined)
{
	struct fy_document *doc = fy_parse_load_document(parser);

	if (doc) {
		struct conf_value root =
			conf_value_of(l, fy_document_root(doc), (struct conf_at){0}, "file");
		if (joined)
			joined->text = conf_include(
				l, &root, &joined->parts, &joined->n_parts, &joined->len);
		if (!joined || !joined->text)
			load_root(l, &root);
		load_check_end(l, parser);
		if (l->diag.errors == 0 && (!joined || !joined->text))
			conf_objects_make(l, root.node);
	}
	fy_parse_document_destroy(parser, doc);
	if (fy_diag_got_error(fyd) || !doc)
		load_syntax_error(l, fyd, 0);
}

/* joined: where to put what the text includes; NULL: it is all there. */
static void load_text(struct conf_loader *l, struct load_joined *joined)
{
	const char *text = l->diag.text;
	size_t len = l->diag.text_len;
	struct conf_at top = {0};

	if (len > CONF_TEXT_MAX) {
		conf_error(l, top, "the file has more than %u octets", CONF_TEXT_MAX);
		return;
	}
	if (load_is_empty(text, len)) {
		conf_error(l, top,
			"the file is empty; at least router is needed, see ravelin.yaml(5)");
		return;
	}
	if (!load_check_text(l, 0, len))
		return;
	struct fy_diag *fyd;
	struct fy_parser *parser = load_parser_new(&fyd);
	if (fy_parser_set_string(parser, text, len) == 0)
		load_documents(l, parser, fyd, joined);
	else
		load_syntax_error(l, fyd, 0);
	fy_parser_destroy(parser);
	fy_diag_destroy(fyd);
}

/* So that it can stand behind another: keys at the begin of lines, and no file named in it. */
static void load_check_shape(struct conf_loader *l, struct fy_document *doc, unsigned part)
{
	struct conf_at at = {.off = l->diag.parts[part].from, .len = 1};
	struct fy_node *root = fy_document_root(doc);
	struct fy_node_pair *pair =
		root && fy_node_is_mapping(root) ? fy_node_mapping_get_by_index(root, 0) : NULL;
	struct fy_token *key = pair ? fy_node_get_scalar_token(fy_node_pair_key(pair)) : NULL;
	const struct fy_mark *mark = key ? fy_token_start_mark(key) : NULL;

	if (!mark || mark->column > 1 || fy_node_get_style(root) == FYNS_FLOW)
		conf_error(l, at,
			"a file that includes or is included has its keys at the begin of lines, "
			"none in braces");
	else if (part > 0 && fy_node_mapping_lookup_by_string(root, "include", SIZE_MAX))
		conf_error(l, at,
			"this file is included and has an include of its own; name all files in %s",
			conf_check_quote(l, l->conf->file));
}

static void load_check_document(
	struct conf_loader *l, struct fy_parser *parser, struct fy_diag *fyd, unsigned part)
{
	struct conf_at at = {.off = l->diag.parts[part].from, .len = 1};
	struct fy_document *doc = fy_parse_load_document(parser), *more;

	if (doc) {
		load_check_shape(l, doc, part);
		more = fy_parse_load_document(parser);
		if (more)
			conf_error(l, at, "there are two documents in this file; a file is one");
		fy_parse_document_destroy(parser, more);
	}
	fy_parse_document_destroy(parser, doc);
	if (fy_diag_got_error(fyd) || !doc)
		load_syntax_error(l, fyd, part);
}

/* Each file by itself: what is wrong in one must not be said of the next. */
static void load_check_parts(struct conf_loader *l)
{
	for (unsigned i = 0; i < l->diag.n_parts; i++) {
		size_t from = l->diag.parts[i].from;
		size_t to = i + 1 < l->diag.n_parts ? l->diag.parts[i + 1].from : l->diag.text_len;
		struct fy_diag *fyd;

		if (load_is_empty(l->diag.text + from, to - from) ||
			!load_check_text(l, from, to - from))
			continue;
		struct fy_parser *parser = load_parser_new(&fyd);
		if (fy_parser_set_string(parser, l->diag.text + from, to - from) == 0)
			load_check_document(l, parser, fyd, i);
		else
			load_syntax_error(l, fyd, i);
		fy_parser_destroy(parser);
		fy_diag_destroy(fyd);
	}
}

/* Begins anew with the whole text. */
static void load_joined(struct conf_loader *l, const struct load_joined *joined)
{
	conf_diag_fini(&l->diag);
	conf_diag_init(&l->diag, joined->parts, joined->n_parts, joined->text, joined->len);
	l->budget = CONF_NODES_MAX;
	load_check_parts(l);
	if (!l->diag.errors)
		load_text(l, NULL);
}

static struct conf *load(
	const char *name, struct conf_files *files, const char *text, size_t len, FILE *diag)
{
	struct conf_loader l = {.vrf = CONF_VRF_NONE, .budget = CONF_NODES_MAX, .files = files};
	struct load_joined joined = {0};
	struct conf *c = calloc(1, sizeof(*c));

	CHECK(c != NULL);
	arena_init(&c->arena, CONF_ARENA_CAP);
	l.conf = c;
	c->file = arena_copy(&c->arena, name, strlen(name) + 1);
	CHECK(c->file != NULL);
	load_defaults(c);
	arena_init(&l.places, CONF_ARENA_CAP);
	conf_diag_init(&l.diag, &(struct conf_part){.file = c->file}, 1, text, len);
	load_text(&l, &joined);
	if (joined.text && !l.diag.errors)
		load_joined(&l, &joined);
	conf_diag_print(&l.diag, diag);
	arena_fini(&l.places);
	if (l.diag.errors) {
		conf_free(c);
		c = NULL;
	}
	conf_diag_fini(&l.diag);
	if (joined.text)
		explicit_bzero(joined.text, joined.len);
	free(joined.text);
	free(joined.parts);
	return c;
}

struct conf *conf_parse(const char *name, const char *text, size_t len, FILE *diag)
{
	struct conf_files *files = conf_files_new();
	struct conf *c = load(name, files, text, len, diag);

	conf_files_free(files);
	return c;
}

struct conf *conf_load_files(const char *file, struct conf_files *files, FILE *diag)
{
	const char *text;
	ssize_t n = conf_files_read(files, file, CONF_TEXT_MAX, CONF_FILE_ANY, &text);

	if (n < 0) {
		fprintf(diag, "%s: error: cannot be read: %s\n", file, strerror((int)-n));
		return NULL;
	}
	return load(file, files, text, (size_t)n, diag);
}

struct conf *conf_load(const char *file, FILE *diag)
{
	struct conf_files *files = conf_files_new();
	struct conf *c = conf_load_files(file, files, diag);

	conf_files_free(files);
	return c;
}

void conf_forget_keys(const struct conf *c)
{
	for (unsigned i = 0; i < c->n_peers; i++)
		explicit_bzero(c->peers[i].password, sizeof(c->peers[i].password));
}

void conf_free(struct conf *c)
{
	if (!c)
		return;
	conf_forget_keys(c);
	arena_fini(&c->arena);
	free(c);
}
