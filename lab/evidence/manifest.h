/*
 * MANIFEST: the list of the files of a report with their SHA-256, which is what is signed.
 *
 *   64 digits, two blanks, path, newline      as sha256sum(1) writes it; paths relative, sorted, each once
 * A manifest is an attacker's until its signature was seen to be right: paths that lead out of the directory are refused.
 */
#ifndef LAB_EVIDENCE_MANIFEST_H
#define LAB_EVIDENCE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/evidence/sign.h"

#define EVIDENCE_MANIFEST     "MANIFEST"
#define EVIDENCE_MANIFEST_SIG "MANIFEST.sig"
#define EVIDENCE_KEY_PUB      "key.pub"

#define EVIDENCE_FILES_MAX    1024
#define EVIDENCE_PATH_MAX     127
#define EVIDENCE_MANIFEST_MAX (EVIDENCE_FILES_MAX * (64 + 2 + EVIDENCE_PATH_MAX + 1))

struct evidence_file {
	char sum[2 * EVIDENCE_SHA256_LEN + 1];
	char path[EVIDENCE_PATH_MAX + 1];
};

struct evidence_manifest {
	struct evidence_file file[EVIDENCE_FILES_MAX];
	size_t n;
};

/* "index.html", "pcapng/LBL-01.pcapng": letters, digits, "._-/"; nothing empty, hidden or leading upwards; not the manifest's own three files. */
bool evidence_path_check(const char *path);

/* MANIFEST, its signature or its key. */
bool evidence_manifest_own(const char *path);

/* Every character must be as written; false with the reason in why. */
bool evidence_manifest_parse(
	struct evidence_manifest *m, const char *text, size_t len, char *why, size_t cap);

/* The text, the caller's. */
char *evidence_manifest_print(const struct evidence_manifest *m, size_t *len);

const struct evidence_file *evidence_manifest_find(
	const struct evidence_manifest *m, const char *path);

/* Sorted in. False: no room, not a path, or there already. */
bool evidence_manifest_add(struct evidence_manifest *m, const char *path, const char *sum);

#endif
