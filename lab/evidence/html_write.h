/*
 * Writing HTML and SVG: the format is ours and goes out as it is, every %s is somebody else's and goes out escaped. There is no
 * way to write a string of the report unescaped, in an attribute or in text.
 */
#ifndef LAB_EVIDENCE_HTML_WRITE_H
#define LAB_EVIDENCE_HTML_WRITE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Knows %s %d %u %ld %lld %zu %.Nf and %%. Attributes stand in double quotes. */
void html_put(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Markup, quotes and what cannot be seen: controls become their pictures (U+2400), what turns the direction of writing
 * becomes its number, so that what is read is what is there.
 */
void html_put_escaped(FILE *out, const char *text);

/* A place in the page from a name of the report: "LBL-01" stays, other octets become _XX. Goes behind id=" or #. */
void html_put_anchor(FILE *out, const char *name);

/* What stands under a key: "" or 0 if it is not there or is something else. */
const char *html_string(const json_t *o, const char *key);
long long html_integer(const json_t *o, const char *key);
double html_number(const json_t *o, const char *key);
bool html_true(const json_t *o, const char *key);

#endif
