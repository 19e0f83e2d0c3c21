/*
 * Whole files against what is said about them, octet by octet: golden/NAME.yaml and golden/NAME.err.
 * good-* load in silence, warn-* load, bad-* are refused. RAVELIN_BLESS=1 rewrites the .err files: read the diff.
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/load.h"
#include "conf/object.h"

#define GOLDEN_AT_LEAST 75 /* so that a wrong folder cannot pass */

static void golden_enter(void)
{
	const char *src = getenv("RAVELIN_SRCDIR");
	char path[1024];

	snprintf(path, sizeof(path), "%s/tests/unit/conf/golden", src ? src : ".");
	cr_assert_eq(chdir(path), 0, "%s", path);
	/* what a checkout does not carry */
	cr_assert_eq(chmod("key.txt", 0600), 0);
	cr_assert_eq(chmod("empty-key.txt", 0600), 0);
	cr_assert_eq(chmod("open-key.txt", 0644), 0);
}

static char *golden_read(const char *file, size_t *len)
{
	FILE *f = fopen(file, "re");
	char *s = calloc(1, 65536);

	*len = f ? fread(s, 1, 65535, f) : 0;
	if (f)
		fclose(f);
	return s;
}

static void golden_bless(const char *file, const char *text, size_t len)
{
	if (len == 0) {
		unlink(file);
		return;
	}
	FILE *f = fopen(file, "we");
	cr_assert_not_null(f);
	fwrite(text, 1, len, f);
	fclose(f);
}

static void golden_check(const char *yaml)
{
	char err[256], *said = NULL;
	size_t said_len = 0, want_len;
	FILE *diag = open_memstream(&said, &said_len);

	snprintf(err, sizeof(err), "%.*s.err", (int)(strlen(yaml) - 5), yaml);
	struct conf *c = conf_load(yaml, diag);
	fclose(diag);
	cr_expect_eq(
		c != NULL, strncmp(yaml, "bad-", 4) != 0, "%s: %s", yaml, c ? "loaded" : "refused");
	cr_expect_eq(said_len == 0, strncmp(yaml, "good-", 5) == 0, "%s: said %s", yaml, said);
	conf_free(c);
	if (getenv("RAVELIN_BLESS"))
		golden_bless(err, said, said_len);
	char *want = golden_read(err, &want_len);
	cr_expect(want_len == said_len && memcmp(want, said, said_len) == 0,
		"%s\n--- want\n%s--- got\n%s", yaml, want, said);
	free(want);
	free(said);
}

Test(conf_golden, every_file_says_what_it_said)
{
	glob_t g;

	golden_enter();
	cr_assert_eq(glob("*.yaml", 0, NULL, &g), 0);
	cr_expect_geq(g.gl_pathc, GOLDEN_AT_LEAST);
	for (size_t i = 0; i < g.gl_pathc; i++)
		golden_check(g.gl_pathv[i]);
	globfree(&g);
}

/* Whatever is wrong around it, a password is not shown. */
Test(conf_golden, no_message_shows_a_password)
{
	static const char *const secrets[] = {
		"CoreSecret", "CeASecret", "Other, Secret", "kkkk", "12345678"};
	glob_t g;

	golden_enter();
	cr_assert_eq(glob("*.err", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		size_t len;
		char *s = golden_read(g.gl_pathv[i], &len);
		for (size_t k = 0; k < sizeof(secrets) / sizeof(*secrets); k++)
			cr_expect_null(
				strstr(s, secrets[k]), "%s shows %s", g.gl_pathv[i], secrets[k]);
		free(s);
	}
	globfree(&g);
}

static void see_difference(
	void *arg, const char *path, const struct conf_object *had, const struct conf_object *has)
{
	(void)arg;
	cr_expect_fail("%s: %s, %s", path, had ? had->json : "-", has ? has->json : "-");
}

static bool holds(const uint8_t *octets, size_t len, const uint8_t *key, size_t key_len)
{
	return key_len > 3 && memmem(octets, len, key, key_len) != NULL;
}

/* What bgpd is handed: the same configuration, and no key of it. */
static unsigned golden_hand_over(const char *yaml)
{
	FILE *diag = fopen("/dev/null", "we");
	struct conf_files *files = conf_files_new();
	struct conf *a = conf_load_files(yaml, files, diag);
	unsigned keys = 0;

	if (a) {
		size_t size = conf_files_size(files);
		uint8_t *octets = malloc(size);
		struct wbuf w = wbuf_of(octets, size);
		conf_files_put(files, &w);
		cr_assert(wbuf_ok(&w) && w.len == size, "%s", yaml);
		struct rbuf r = rbuf_of(octets, size);
		struct conf_files *there = conf_files_get(&r);
		cr_assert_not_null(there);
		struct conf *b = conf_load_files(yaml, there, diag);
		cr_assert_not_null(b, "%s", yaml);
		conf_diff(a, b, see_difference, NULL);
		cr_assert_eq(a->n_peers, b->n_peers);
		for (unsigned i = 0; i < a->n_peers; i++) {
			const struct conf_peer *p = &a->peers[i];
			keys += p->password_len > 0;
			cr_expect_eq(p->password_len > 0, b->peers[i].password_len > 0, "%s", yaml);
			cr_expect(!holds(octets, size, p->password, p->password_len), "%s: %.*s",
				yaml, p->password_len, p->password);
		}
		free(octets);
		conf_free(b);
		conf_files_free(there);
	}
	conf_free(a);
	conf_files_free(files);
	fclose(diag);
	return keys;
}

Test(conf_golden, every_file_can_be_handed_over_without_its_keys)
{
	unsigned keys = 0;
	glob_t g;

	golden_enter();
	cr_assert_eq(glob("*.yaml", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++)
		keys += golden_hand_over(g.gl_pathv[i]);
	cr_expect_geq(keys, 3);
	globfree(&g);
}

Test(conf_golden, what_is_handed_over_may_be_cut)
{
	struct conf_files *files = conf_files_new();
	uint8_t octets[4096];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	golden_enter();
	conf_free(conf_load_files("good-include.yaml", files, stderr));
	conf_files_put(files, &w);
	cr_assert(wbuf_ok(&w));
	for (size_t len = 0; len < w.len; len++) {
		struct rbuf r = rbuf_of(octets, len);
		cr_expect_null(conf_files_get(&r), "%zu", len);
	}
	conf_files_free(files);
}
