/* MANIFEST: the list of the files of a report with their SHA-256. */
#include "lab/evidence/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define SUM_DIGITS (2 * EVIDENCE_SHA256_LEN)
#define PATH_AT	   (SUM_DIGITS + 2)

bool evidence_manifest_own(const char *path)
{
	static const char *const own[] = {
		EVIDENCE_MANIFEST, EVIDENCE_MANIFEST_SIG, EVIDENCE_KEY_PUB};

	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (!strcmp(path, own[i]))
			return true;
	return false;
}

bool evidence_path_check(const char *path)
{
	size_t n = strlen(path);

	if (!n || evidence_manifest_own(path) || n > EVIDENCE_PATH_MAX ||
		strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			     "0123456789._-/") != n)
		return false;
	for (const char *part = path; part; part = part ? part + 1 : NULL) {
		if (*part == '.' || *part == '/' || !*part)
			return false;
		part = strchr(part, '/');
	}
	return true;
}

/* Where it is, or would be. */
static size_t manifest_place(const struct evidence_manifest *m, const char *path)
{
	size_t at = 0;

	while (at < m->n && strcmp(m->file[at].path, path) < 0)
		at++;
	return at;
}

const struct evidence_file *evidence_manifest_find(
	const struct evidence_manifest *m, const char *path)
{
	size_t at = manifest_place(m, path);

	return at < m->n && !strcmp(m->file[at].path, path) ? &m->file[at] : NULL;
}

bool evidence_manifest_add(struct evidence_manifest *m, const char *path, const char *sum)
{
	size_t at = manifest_place(m, path);
	struct evidence_file *f = &m->file[at];

	if (m->n == EVIDENCE_FILES_MAX || !evidence_path_check(path) ||
		evidence_manifest_find(m, path) || strlen(sum) != SUM_DIGITS ||
		strspn(sum, "0123456789abcdef") != SUM_DIGITS)
		return false;
	memmove(f + 1, f, (m->n - at) * sizeof *f);
	m->n++;
	memcpy(f->path, path, strlen(path) + 1);
	memcpy(f->sum, sum, SUM_DIGITS + 1);
	return true;
}

/* One line without its newline. NULL, or what is wrong with it. */
static const char *manifest_line(struct evidence_manifest *m, const char *line, size_t len)
{
	struct evidence_file f = {0};

	if (len <= PATH_AT || len - PATH_AT > EVIDENCE_PATH_MAX || memchr(line, 0, len) ||
		memcmp(line + SUM_DIGITS, "  ", 2) != 0)
		return "not a sum, two blanks and a path";
	memcpy(f.sum, line, SUM_DIGITS);
	memcpy(f.path, line + PATH_AT, len - PATH_AT);
	if (!evidence_path_check(f.path))
		return "a path that no report has";
	if (m->n && strcmp(m->file[m->n - 1].path, f.path) >= 0)
		return "not sorted, or listed twice";
	return evidence_manifest_add(m, f.path, f.sum) ? NULL : "not a sum, or too many files";
}

bool evidence_manifest_parse(
	struct evidence_manifest *m, const char *text, size_t len, char *why, size_t cap)
{
	unsigned number = 1;

	m->n = 0;
	for (size_t at = 0; at < len; number++) {
		const char *end = memchr(text + at, '\n', len - at), *wrong;

		wrong = end ? manifest_line(m, text + at, end - (text + at))
			    : "the last line does not end";
		if (wrong) {
			snprintf(why, cap, EVIDENCE_MANIFEST ":%u: %s", number, wrong);
			return false;
		}
		at = end + 1 - text;
	}
	snprintf(why, cap, EVIDENCE_MANIFEST ": empty");
	return m->n;
}

char *evidence_manifest_print(const struct evidence_manifest *m, size_t *len)
{
	char *out = NULL;
	FILE *f = open_memstream(&out, len);

	CHECK(f);
	for (size_t i = 0; i < m->n; i++)
		fprintf(f, "%s  %s\n", m->file[i].sum, m->file[i].path);
	CHECK(!fclose(f));
	return out;
}
