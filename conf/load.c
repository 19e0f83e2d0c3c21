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

static const struct conf_keys *conf_keys_top(void)
{
	static const struct conf_key keys[] = {
		{"router", true, conf_parse_router},
		{"mpls", false, conf_parse_mpls},
		{"guard", false, conf_parse_guard},
		{"acls", false, conf_parse_acls},
		{"sets", false, conf_parse_sets},
		{"policies", false, conf_parse_policies},
		{"ports", false, conf_parse_ports},
		{"vrfs", false, conf_parse_vrfs},
		{"neighbors", false, conf_parse_neighbors},
	};
	static const struct conf_keys table = {
		.path = "", .what = "the configuration", .keys = keys, .n = ARRAY_LEN(keys)};

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
		conf_keys_prepend, conf_keys_edit_community};

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
static void load_syntax_error(struct conf_loader *l, struct fy_diag *fyd)
{
	void *iter = NULL;
	const struct fy_diag_error *e = fy_diag_errors_iterate(fyd, &iter);
	struct conf_at at = {0};

	if (!e) {
		conf_error(l, at, "this is not YAML");
		return;
	}
	if (e->line > 0)
		at = conf_diag_at(
			&l->diag, (size_t)e->line - 1, e->column > 0 ? (size_t)e->column - 1 : 0);
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
static bool load_check_text(struct conf_loader *l, const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = conf_diag_utf8_len((const uint8_t *)text + i, len - i);
		struct conf_at at = {.off = i, .len = 1};
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

static void load_documents(struct conf_loader *l, struct fy_parser *parser, struct fy_diag *fyd)
{
	struct fy_document *doc = fy_parse_load_document(parser);

	if (doc) {
		struct conf_value root =
			conf_value_of(l, fy_document_root(doc), (struct conf_at){0}, "file");
		conf_map_parse(l, &root, conf_keys_top(), NULL);
		if (!l->budget_said)
			conf_check(l);
		load_check_end(l, parser);
	}
	fy_parse_document_destroy(parser, doc);
	if (fy_diag_got_error(fyd) || !doc)
		load_syntax_error(l, fyd);
}

static void load_text(struct conf_loader *l, const char *text, size_t len)
{
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
	if (!load_check_text(l, text, len))
		return;
	struct fy_diag *fyd;
	struct fy_parser *parser = load_parser_new(&fyd);
	if (fy_parser_set_string(parser, text, len) == 0)
		load_documents(l, parser, fyd);
	else
		load_syntax_error(l, fyd);
	fy_parser_destroy(parser);
	fy_diag_destroy(fyd);
}

struct conf *conf_parse(const char *name, const char *text, size_t len, FILE *diag)
{
	struct conf_loader l = {.vrf = CONF_VRF_NONE, .budget = CONF_NODES_MAX};

	struct conf *c = calloc(1, sizeof(*c));
	CHECK(c != NULL);
	arena_init(&c->arena, CONF_ARENA_CAP);
	l.conf = c;
	c->file = arena_copy(&c->arena, name, strlen(name) + 1);
	CHECK(c->file != NULL);
	load_defaults(c);
	arena_init(&l.places, CONF_ARENA_CAP);
	conf_diag_init(&l.diag, c->file, text, len);
	load_text(&l, text, len);
	conf_diag_print(&l.diag, diag);
	arena_fini(&l.places);
	if (l.diag.errors) {
		conf_free(c);
		c = NULL;
	}
	conf_diag_fini(&l.diag);
	return c;
}

/* The file's octets, at most one more than are allowed; NULL and errno. */
static char *load_read(const char *file, size_t *len)
{
	FILE *f = fopen(file, "re");
	if (!f)
		return NULL;
	char *text = malloc(CONF_TEXT_MAX + 1);
	CHECK(text != NULL);
	*len = fread(text, 1, CONF_TEXT_MAX + 1, f);
	if (ferror(f)) {
		int error = errno;
		free(text);
		text = NULL;
		errno = error;
	}
	fclose(f);
	return text;
}

struct conf *conf_load(const char *file, FILE *diag)
{
	size_t len;
	char *text = load_read(file, &len);

	if (!text) {
		fprintf(diag, "%s: error: cannot be read: %s\n", file, strerror(errno));
		return NULL;
	}
	struct conf *c = conf_parse(file, text, len, diag);
	explicit_bzero(text, len);
	free(text);
	return c;
}

void conf_free(struct conf *c)
{
	if (!c)
		return;
	for (unsigned i = 0; i < c->n_peers; i++)
		explicit_bzero(c->peers[i].password, sizeof(c->peers[i].password));
	arena_fini(&c->arena);
	free(c);
}
