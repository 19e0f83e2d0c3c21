/* Does a report's directory hold exactly what was signed? */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lab/evidence/evidence.h"
#include "lab/evidence/tree.h"
#include "lib/check.h"
#include "lib/text.h"

#define KEY_MAX	     1024
#define WHY_MAX	     256
#define NAME_MAX_OUT (4 * EVIDENCE_PATH_MAX + 1)

struct verify {
	const char *dir;
	FILE *out;
	unsigned faults;
	struct evidence_manifest manifest;
	struct evidence_tree tree;
};

__attribute__((format(printf, 3, 4))) static void verify_fault(
	struct verify *v, const char *name, const char *fmt, ...)
{
	char shown[NAME_MAX_OUT];
	struct text t = text_of(shown, sizeof shown);
	va_list ap;

	/* a file's name is whoever's made it */
	text_add_escaped(&t, name, strlen(name));
	fprintf(v->out, "NOT OK  %s: ", shown);
	va_start(ap, fmt);
	vfprintf(v->out, fmt, ap);
	va_end(ap);
	fputc('\n', v->out);
	v->faults++;
}

/* All of a small file, the caller's; NULL: said. */
static char *verify_read(struct verify *v, const char *name, size_t max, size_t *len)
{
	FILE *f = evidence_tree_open(v->dir, name);
	char *all = f ? malloc(max + 1) : NULL;

	if (!f) {
		verify_fault(v, name, "%s", strerror(errno));
		return NULL;
	}
	CHECK(all);
	*len = fread(all, 1, max + 1, f);
	fclose(f);
	if (*len <= max)
		return all;
	verify_fault(v, name, "longer than it can be");
	free(all);
	return NULL;
}

/* The key in the directory is octet for octet what we write of this key. */
static void verify_key_pub(struct verify *v, const struct evidence_key *key)
{
	size_t want_len = 0, len;
	char *want = NULL, *is = verify_read(v, EVIDENCE_KEY_PUB, KEY_MAX, &len);
	FILE *f = open_memstream(&want, &want_len);

	CHECK(f && evidence_key_print(key, f) && !fclose(f));
	if (is && (len != want_len || memcmp(is, want, len) != 0))
		verify_fault(v, EVIDENCE_KEY_PUB, "not the key that it is asked for");
	free(is);
	free(want);
}

static void verify_signature(
	struct verify *v, const struct evidence_key *key, const char *text, size_t len)
{
	size_t sig_len;
	char *sig = verify_read(v, EVIDENCE_MANIFEST_SIG, EVIDENCE_SIGNATURE_LEN, &sig_len);

	if (sig && !evidence_signed(key, text, len, (const uint8_t *)sig, sig_len))
		verify_fault(v, EVIDENCE_MANIFEST, "not what the holder of this key signed");
	free(sig);
}

static void verify_listed(struct verify *v, const struct evidence_file *listed)
{
	FILE *f = evidence_tree_open(v->dir, listed->path);
	char sum[sizeof listed->sum];

	if (!f) {
		verify_fault(v, listed->path, "%s",
			errno == ENOENT ? "is listed and not there" : strerror(errno));
		return;
	}
	if (!evidence_sha256(f, sum))
		verify_fault(v, listed->path, "cannot be read");
	else if (strcmp(sum, listed->sum) != 0)
		verify_fault(v, listed->path, "is not what was signed");
	fclose(f);
}

static void verify_files(struct verify *v)
{
	for (size_t i = 0; i < v->manifest.n; i++)
		verify_listed(v, &v->manifest.file[i]);
	for (size_t i = 0; i < v->tree.n_files; i++)
		if (!evidence_manifest_own(v->tree.file[i]) &&
			!evidence_manifest_find(&v->manifest, v->tree.file[i]))
			verify_fault(v, v->tree.file[i], "is there and not listed");
	if (*v->tree.strange)
		verify_fault(v, v->tree.strange, "no file of a report");
}

static void verify_all(struct verify *v, const struct evidence_key *key)
{
	char why[WHY_MAX];
	size_t len = 0;
	char *text = verify_read(v, EVIDENCE_MANIFEST, EVIDENCE_MANIFEST_MAX, &len);

	verify_key_pub(v, key);
	if (!text)
		return;
	verify_signature(v, key, text, len);
	if (evidence_manifest_parse(&v->manifest, text, len, why, sizeof why))
		verify_files(v);
	else
		verify_fault(v, EVIDENCE_MANIFEST, "%s", why);
	free(text);
}

static void verify_say(struct verify *v, const struct evidence_key *key, bool known)
{
	char print[EVIDENCE_FINGERPRINT_LEN];

	evidence_key_fingerprint(key, print);
	if (v->faults)
		fprintf(v->out, "NOT VERIFIED: %u faults; key %s\n", v->faults, print);
	else
		fprintf(v->out, "verified: %zu files, signed with key %s\n", v->manifest.n, print);
	if (!known)
		fprintf(v->out,
			"the key is the one in the directory: it shows that the files belong "
			"together, not who wrote them.\nCompare it with the writer's, or say --key "
			"PUB.pem\n");
}

/* NULL: 1 where the directory's own is no key, 2 where the one that was asked for is none. */
static struct evidence_key *verify_key(struct verify *v, const char *file, int *rc)
{
	struct evidence_key *key;
	char why[WHY_MAX], own[4096];

	*rc = file ? 2 : 1;
	snprintf(own, sizeof own, "%.3900s/" EVIDENCE_KEY_PUB, v->dir);
	key = evidence_key_load(file ? file : own, true, why, sizeof why);
	if (!key)
		fprintf(v->out, "NOT OK  %s\n", why);
	return key;
}

int evidence_verify(const char *dir, const char *key_file, FILE *out)
{
	struct verify *v = calloc(1, sizeof *v);
	struct evidence_key *key = NULL;
	int err, rc = 2;

	CHECK(v);
	v->dir = dir;
	v->out = out;
	err = evidence_tree_read(&v->tree, dir);
	if (err)
		fprintf(out, "NOT OK  %s: %s\n", dir, strerror(-err));
	else
		key = verify_key(v, key_file, &rc);
	if (key) {
		verify_all(v, key);
		verify_say(v, key, key_file);
		rc = v->faults ? 1 : 0;
	}
	evidence_key_free(key);
	free(v);
	return rc;
}

int evidence_keygen(const char *file, FILE *out, FILE *err)
{
	char why[WHY_MAX], print[EVIDENCE_FINGERPRINT_LEN];
	struct evidence_key *key = evidence_key_new(why, sizeof why);
	bool ok = key && evidence_key_save(key, file, why, sizeof why);

	if (ok) {
		evidence_key_fingerprint(key, print);
		fprintf(err, "%s: a private key, Ed25519; its public key is %s\n", file, print);
		ok = evidence_key_print(key, out);
	} else {
		fprintf(err, "ravelin: %s\n", why);
	}
	evidence_key_free(key);
	return ok ? 0 : 2;
}
