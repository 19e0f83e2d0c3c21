/*
 * The clauses that the attacks of a report are about: "RFC 4381 3.4, RFC 4364 13.1" taken apart, each with its attacks.
 */
#ifndef LAB_EVIDENCE_HTML_CLAUSE_H
#define LAB_EVIDENCE_HTML_CLAUSE_H

#include <jansson.h>
#include <stddef.h>

#define HTML_SECTION_MAX 16

/* One attack under one clause. */
struct html_cite {
	long rfc;			/* 0: not of an RFC */
	char section[HTML_SECTION_MAX]; /* "3.4"; "": the whole document */
	const json_t *attack;
	size_t nth; /* of the attacks */
};

/*
 * All of them: RFC 4381, then RFC 4364, then the others by number; within one by section, then as in the catalogue. The
 * caller's to free(); NULL if there is none.
 */
struct html_cite *html_clause_all(const json_t *report, size_t *n);

/* How many of c, at least one, are of the same RFC, or of the same section of it as well. */
size_t html_clause_same_rfc(const struct html_cite *c, size_t n);
size_t html_clause_same_section(const struct html_cite *c, size_t n);

/* "Security of BGP/MPLS IP VPNs"; "": not known here. */
const char *html_clause_title(long rfc);

#endif
