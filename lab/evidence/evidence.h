/*
 * The evidence of a run of attacks, on disk: a directory that a person can open, a program can read and anybody can check.
 *
 *   index.html  report.json  junit.xml  report.sarif  pcapng/ID.pcapng
 *   MANIFEST      "SHA-256, two blanks, path" of each of these, sorted: `sha256sum -c MANIFEST` reads it
 *   MANIFEST.sig  its signature, Ed25519 (RFC 8032), 64 octets
 *   key.pub       whose: PEM (RFC 8410)
 *
 * A signature shows that the files are what the holder of that key wrote. With a key made for the run, which is forgotten, that is only
 * that they belong together; who wants to know who wrote them compares the key with one that is known.
 */
#ifndef LAB_EVIDENCE_EVIDENCE_H
#define LAB_EVIDENCE_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lab/evidence/report.h"

#define EVIDENCE_DIR "ravelin-attack-report" /* where no other is said */

struct evidence_place {
	const char *
		dir; /* does not exist, is empty, or is an earlier report, which is then replaced; anything else is refused */
	const char *key; /* PEM of the private key; NULL: one is made for this run and forgotten */
};

/* To be asked before the run: could it be written there, with that key? False with the reason in why. */
bool evidence_place_check(const struct evidence_place *p, char *why, size_t cap);

/*
 * Writes all of it beside, and puts it in place as one. The totals, names of the captures and what else follows from the rest
 * are added to the report. False with the reason in said; true: said is one line about the signature.
 */
bool evidence_write(
	struct evidence_report *r, const struct evidence_place *p, char *said, size_t cap);

/*
 * Does the directory hold exactly what was signed? Each fault is a line on out. key: PEM of the public key it must be; NULL: the one in the directory,
 * which is said. 0 yes, 1 no, 2 it cannot be asked (no such directory or key).
 */
int evidence_verify(const char *dir, const char *key, FILE *out);

/* Makes a private key in a new file, mode 0600; the public one goes to out, what is said to err. 0, or 2. */
int evidence_keygen(const char *file, FILE *out, FILE *err);

#endif
