/* A report's directory: written beside, signed, and put in place as one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lab/evidence/evidence.h"
#include "lab/evidence/html.h"
#include "lab/evidence/junit.h"
#include "lab/evidence/pcapng.h"
#include "lab/evidence/place.h"
#include "lab/evidence/sarif.h"
#include "lab/evidence/tree.h"
#include "lib/check.h"

#define PATH_CAP 4096

struct writing {
	struct evidence_report *r;
	char dir[PATH_CAP]; /* being written, beside */
	struct evidence_manifest manifest;
	struct evidence_tree tree;
	char *why;
	size_t cap;
};

static bool write_fail(struct writing *w, const char *path, int err)
{
	snprintf(w->why, w->cap, "%s: %s", path, strerror(err));
	return false;
}

static FILE *write_open(struct writing *w, const char *name)
{
	char path[PATH_CAP + EVIDENCE_PATH_MAX + 2];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", w->dir, name);
	f = fopen(path, "wxe");
	if (!f)
		write_fail(w, path, errno);
	return f;
}

/* ok: what was put into it so far went well. */
static bool write_close(struct writing *w, const char *name, FILE *f, bool ok)
{
	ok &= !ferror(f);
	if (fclose(f) == 0 && ok)
		return true;
	return write_fail(w, name, errno ? errno : EIO);
}

static bool write_pcapng(struct writing *w, json_t *row)
{
	char name[EVIDENCE_PATH_MAX + 1];
	FILE *f;
	long n;

	snprintf(name, sizeof name, "pcapng/%s.pcapng", evidence_text(row, "id"));
	f = write_open(w, name);
	if (!f)
		return false;
	n = evidence_pcapng(w->r, row, f);
	json_object_set_new(row, "pcapng", json_string(name));
	json_object_set_new(row, "packets", json_integer(n));
	return write_close(w, name, f, n >= 0);
}

static bool write_has_packets(const struct evidence_report *r, const char *id)
{
	for (size_t i = 0; i < r->n_packets; i++)
		if (!strcmp(r->packet[i].attack, id))
			return true;
	return false;
}

static bool write_captures(struct writing *w)
{
	char path[PATH_CAP + 8];
	bool ok = true;
	json_t *row;
	size_t i;

	snprintf(path, sizeof path, "%s/pcapng", w->dir);
	if (mkdir(path, 0755) < 0)
		return write_fail(w, path, errno);
	json_array_foreach(json_object_get(w->r->json, "attacks"), i, row)
	{
		json_object_set_new(row, "packets", json_integer(0));
		json_object_del(row, "pcapng");
		if (ok && write_has_packets(w->r, evidence_text(row, "id")))
			ok = write_pcapng(w, row);
	}
	return ok;
}

static bool write_json(const json_t *report, FILE *out)
{
	return !json_dumpf(report, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) &&
	       fputc('\n', out) != EOF;
}

static bool write_forms(struct writing *w)
{
	static const struct {
		const char *name;
		bool (*write)(const json_t *report, FILE *out);
	} rows[] = {{"report.json", write_json}, {"junit.xml", evidence_junit},
		{"report.sarif", evidence_sarif}, {"index.html", evidence_html}};
	bool ok = true;

	for (size_t i = 0; ok && i < ARRAY_LEN(rows); i++) {
		FILE *f = write_open(w, rows[i].name);

		ok = f && write_close(w, rows[i].name, f, rows[i].write(w->r->json, f));
	}
	return ok;
}

static bool write_sums(struct writing *w)
{
	int err = evidence_tree_read(&w->tree, w->dir);

	if (err)
		return write_fail(w, w->dir, -err);
	for (size_t i = 0; i < w->tree.n_files; i++) {
		FILE *f = evidence_tree_open(w->dir, w->tree.file[i]);
		char sum[2 * EVIDENCE_SHA256_LEN + 1];
		bool ok = f && evidence_sha256(f, sum);

		if (f)
			fclose(f);
		if (!ok || !evidence_manifest_add(&w->manifest, w->tree.file[i], sum))
			return write_fail(w, w->tree.file[i], EIO);
	}
	return true;
}

static bool write_octets(struct writing *w, const char *name, const void *octets, size_t n)
{
	FILE *f = write_open(w, name);

	return f && write_close(w, name, f, fwrite(octets, 1, n, f) == n);
}

static bool write_signed(struct writing *w, const struct evidence_key *key)
{
	uint8_t signature[EVIDENCE_SIGNATURE_LEN];
	size_t len;
	char *text = evidence_manifest_print(&w->manifest, &len);
	bool ok = write_octets(w, EVIDENCE_MANIFEST, text, len);
	FILE *f;

	CHECK(evidence_sign(key, text, len, signature));
	free(text);
	ok = ok && write_octets(w, EVIDENCE_MANIFEST_SIG, signature, sizeof signature);
	f = ok ? write_open(w, EVIDENCE_KEY_PUB) : NULL;
	return f && write_close(w, EVIDENCE_KEY_PUB, f, evidence_key_print(key, f));
}

static bool write_all(struct writing *w, const struct evidence_key *key)
{
	return write_captures(w) && write_forms(w) && write_sums(w) && write_signed(w, key);
}

static void write_said(
	const struct evidence_place *p, const struct evidence_key *key, char *said, size_t cap)
{
	char print[EVIDENCE_FINGERPRINT_LEN];

	evidence_key_fingerprint(key, print);
	snprintf(said, cap, "%s, signed with %s%s, %s", p->dir, p->key ? "the key " : "",
		p->key ? p->key : "a key that was made for this run and is forgotten", print);
}

bool evidence_write(
	struct evidence_report *r, const struct evidence_place *p, char *said, size_t cap)
{
	struct writing *w = calloc(1, sizeof *w);
	struct evidence_key *key =
		p->key ? evidence_key_load(p->key, false, said, cap) : evidence_key_new(said, cap);
	bool ok;

	CHECK(w);
	w->r = r;
	w->why = said;
	w->cap = cap;
	evidence_report_end(r);
	ok = key && evidence_place_begin(p, w->dir, sizeof w->dir, said, cap);
	if (ok && !write_all(w, key)) {
		evidence_place_undo(w->dir);
		ok = false;
	}
	ok = ok && evidence_place_end(p, w->dir, said, cap);
	if (ok)
		write_said(p, key, said, cap);
	evidence_key_free(key);
	free(w);
	return ok;
}
