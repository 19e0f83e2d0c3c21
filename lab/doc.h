/* A YAML file being read strictly: known keys only, every error with file:line:col, source line and caret. */
#ifndef LAB_DOC_H
#define LAB_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct fy_document;
struct fy_node;

struct lab_doc {
	struct fy_document *yaml;
	char *name; /* as the person wrote it */
	char *text;
	size_t len;
	FILE *diag; /* borrowed */
	unsigned errors;
};

/* False with the errors on diag; close it in either case. Strings handed out live until then. */
bool lab_doc_open(struct lab_doc *d, const char *file, FILE *diag);
bool lab_doc_parse(struct lab_doc *d, const char *name, const char *text, size_t len, FILE *diag);
void lab_doc_close(struct lab_doc *d);

struct fy_node *lab_doc_root(const struct lab_doc *d);

/* FILE:LINE:COL: error: ..., the line, a caret. at may be NULL: the file as a whole. */
void lab_doc_error(struct lab_doc *d, struct fy_node *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Complains about every key of map (an error itself if it is no mapping) that is not among the n. */
bool lab_doc_keys(struct lab_doc *d, struct fy_node *map, const char *what, const char *const *keys,
	size_t n);

struct fy_node *lab_doc_get(struct fy_node *map, const char *key);
int lab_doc_count(struct fy_node *seq); /* 0 for NULL */
struct fy_node *lab_doc_item(struct fy_node *seq, int i);

/* map[key], a list with something in it; NULL if absent, or (an error) anything else. */
struct fy_node *lab_doc_list(struct lab_doc *d, struct fy_node *map, const char *key);

/* The text of a scalar that every reader of YAML takes for a string; NULL (and an error) for anything else. */
const char *lab_doc_text(struct lab_doc *d, struct fy_node *node, const char *what);

/* The text of map[key]; NULL if absent, which is an error only where it is needed. */
const char *lab_doc_field(struct lab_doc *d, struct fy_node *map, const char *key, bool needed);

/* A decimal number, not in quotes; fallback if absent. */
unsigned lab_doc_number(
	struct lab_doc *d, struct fy_node *map, const char *key, unsigned max, unsigned fallback);
bool lab_doc_flag(struct lab_doc *d, struct fy_node *map, const char *key);

#endif
