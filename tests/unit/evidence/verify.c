/* A report that was written is verified; whatever is changed in it afterwards is found out. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/evidence/evidence.h"
#include "lab/evidence/tree.h"
#include "tests/support/attacks.h"

static char top[] = "/tmp/evidence.XXXXXX", dir[64], key[64], pub[64], said[512];
static struct evidence_report r;

static const char *in(const char *name)
{
	static char path[2][256];
	static unsigned turn;

	turn = !turn;
	snprintf(path[turn], sizeof path[turn], "%s/%s", dir, name);
	return path[turn];
}

static void keygen(const char *private, const char *public)
{
	FILE *out = fopen(public, "w"), *err = fopen("/dev/null", "w");

	cr_assert_eq(evidence_keygen(private, out, err), 0);
	fclose(out);
	fclose(err);
}

static bool write_it(const char *sign)
{
	struct evidence_place p = {.dir = dir, .key = sign};

	return evidence_write(&r, &p, said, sizeof said);
}

static void setup(void)
{
	cr_assert(mkdtemp(top));
	snprintf(dir, sizeof dir, "%s/report", top);
	snprintf(key, sizeof key, "%s/key.pem", top);
	snprintf(pub, sizeof pub, "%s/pub.pem", top);
	keygen(key, pub);
	attacks_sample(&r);
	cr_assert(write_it(key), "%s", said);
}

static void teardown(void)
{
	char command[128];

	evidence_report_fini(&r);
	snprintf(command, sizeof command, "rm -rf '%s'", top);
	cr_assert_eq(system(command), 0);
}

TestSuite(verify, .init = setup, .fini = teardown);

/* The status; what it printed, the caller's, in *text if that is asked for. */
static int verify(const char *with, char **text)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);
	int rc = evidence_verify(dir, with, f);

	fclose(f);
	if (text)
		*text = out;
	else
		free(out);
	return rc;
}

static bool verify_says(const char *with, int want, const char *word)
{
	char *text;
	int rc = verify(with, &text);
	bool ok = rc == want && strstr(text, word);

	if (!ok)
		cr_log_error("exit %d: %s", rc, text);
	free(text);
	return ok;
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(in(name), "w");

	cr_assert(f);
	fputs(text, f);
	fclose(f);
}

Test(verify, as_written)
{
	struct stat st;

	cr_expect(verify_says(pub, 0, "verified"));
	cr_expect(verify_says(NULL, 0, "the key is the one in the directory"));
	cr_assert_eq(stat(key, &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0600);
	cr_expect_eq(access(in("pcapng/LBL-01.pcapng"), R_OK), 0);
	cr_expect_neq(access(in("pcapng/LBL-02.pcapng"), F_OK), 0, "nothing was seen of it");
}

Test(verify, signed_with_a_key_that_is_forgotten)
{
	cr_assert(write_it(NULL));
	cr_expect(strstr(said, "forgotten"));
	cr_expect_eq(verify(NULL, NULL), 0);
	cr_expect(verify_says(pub, 1, "not what the holder of this key signed"));
}

/* Every file, its first, a middle and its last octet, a bit of each. */
Test(verify, one_flipped_octet)
{
	struct evidence_tree *t = calloc(1, sizeof *t);

	cr_assert_eq(evidence_tree_read(t, dir), 0);
	cr_assert_geq(t->n_files, 7);
	for (size_t i = 0; i < t->n_files; i++) {
		FILE *f = fopen(in(t->file[i]), "r+");
		struct stat st;

		cr_assert_eq(fstat(fileno(f), &st), 0);
		for (int k = 0; k < 3; k++) {
			long at = (st.st_size - 1) * k / 2;
			int c;

			fseek(f, at, SEEK_SET);
			c = fgetc(f);
			fseek(f, at, SEEK_SET);
			fputc(c ^ 1, f);
			fflush(f);
			cr_expect_eq(verify(pub, NULL), 1, "%s, octet %ld", t->file[i], at);
			fseek(f, at, SEEK_SET);
			fputc(c, f);
			fflush(f);
		}
		fclose(f);
	}
	cr_expect_eq(verify(pub, NULL), 0, "put back");
	free(t);
}

Test(verify, every_octet_of_what_is_signed)
{
	static const char *const names[] = {"MANIFEST", "MANIFEST.sig", "key.pub"};

	for (size_t i = 0; i < 3; i++) {
		FILE *f = fopen(in(names[i]), "r+");
		int c;

		for (long at = 0; fseek(f, at, SEEK_SET), (c = fgetc(f)) != EOF; at++) {
			fseek(f, at, SEEK_SET);
			fputc(c ^ 0x20, f);
			fflush(f);
			cr_expect_eq(verify(pub, NULL), 1, "%s, octet %ld", names[i], at);
			cr_expect_eq(verify(NULL, NULL), 1, "%s, octet %ld", names[i], at);
			fseek(f, at, SEEK_SET);
			fputc(c, f);
			fflush(f);
		}
		fclose(f);
	}
}

Test(verify, longer_and_shorter)
{
	static const char *const names[] = {
		"MANIFEST", "MANIFEST.sig", "key.pub", "report.json", "pcapng/LBL-01.pcapng"};

	for (size_t i = 0; i < 5; i++) {
		struct stat st;
		FILE *f;

		cr_assert_eq(stat(in(names[i]), &st), 0);
		f = fopen(in(names[i]), "a");
		fputc('\n', f);
		fclose(f);
		cr_expect_eq(verify(NULL, NULL), 1, "%s is longer", names[i]);
		cr_assert_eq(truncate(in(names[i]), st.st_size), 0);
		cr_expect_eq(verify(NULL, NULL), 0);
	}
	cr_assert_eq(truncate(in("junit.xml"), 10), 0);
	cr_expect(verify_says(NULL, 1, "junit.xml: is not what was signed"));
}

Test(verify, missing)
{
	cr_assert_eq(unlink(in("report.sarif")), 0);
	cr_expect(verify_says(NULL, 1, "report.sarif: is listed and not there"));
}

Test(verify, without_a_signature)
{
	cr_assert_eq(unlink(in("MANIFEST.sig")), 0);
	cr_expect(verify_says(NULL, 1, "MANIFEST.sig"));
}

Test(verify, without_a_list)
{
	cr_assert_eq(unlink(in("MANIFEST")), 0);
	cr_expect(verify_says(NULL, 1, "MANIFEST"));
}

Test(verify, without_a_key)
{
	cr_assert_eq(unlink(in("key.pub")), 0);
	cr_expect(verify_says(NULL, 1, "key.pub"));
	cr_expect(verify_says(pub, 1, "key.pub"));
}

Test(verify, extra)
{
	put("pcapng/EXTRA-1.pcapng", "x");
	cr_expect(verify_says(NULL, 1, "pcapng/EXTRA-1.pcapng: is there and not listed"));
	unlink(in("pcapng/EXTRA-1.pcapng"));
	put(".hidden\x1b[31m", "x");
	cr_expect(verify_says(NULL, 1, ".hidden\\x1b"), "and no control of a terminal");
}

/* What is outside may have the right sum: it is not of the report. */
Test(verify, links)
{
	char outside[128];

	snprintf(outside, sizeof outside, "%s/outside", top);
	cr_assert_eq(rename(in("junit.xml"), outside), 0);
	cr_assert_eq(symlink(outside, in("junit.xml")), 0);
	cr_expect(verify_says(NULL, 1, "junit.xml"));
	unlink(in("junit.xml"));
	cr_assert_eq(rename(outside, in("junit.xml")), 0);
	cr_expect_eq(verify(NULL, NULL), 0);
	cr_assert_eq(rename(in("pcapng"), outside), 0);
	cr_assert_eq(symlink(outside, in("pcapng")), 0);
	cr_expect(verify_says(NULL, 1, "pcapng"));
}

Test(verify, a_pipe_is_not_waited_for, .timeout = 20)
{
	unlink(in("junit.xml"));
	cr_assert_eq(mkfifo(in("junit.xml"), 0600), 0);
	cr_expect(verify_says(NULL, 1, "junit.xml"));
}

/* Signed by whoever: a list that leads out of the directory is refused before anything is opened by it. */
Test(verify, a_list_that_leads_outside)
{
	static const char *const paths[] = {"../key.pem", "/etc/hostname", "pcapng/../../key.pem"};
	struct evidence_key *k = evidence_key_load(key, false, said, sizeof said);
	uint8_t signature[EVIDENCE_SIGNATURE_LEN];

	for (size_t i = 0; i < 3; i++) {
		char text[256];
		int n = snprintf(text, sizeof text, "%064d  %s\n", 0, paths[i]);
		FILE *f;

		put("MANIFEST", text);
		cr_assert(evidence_sign(k, text, n, signature));
		f = fopen(in("MANIFEST.sig"), "w");
		fwrite(signature, 1, sizeof signature, f);
		fclose(f);
		cr_expect(verify_says(pub, 1, "MANIFEST:1: a path that no report has"));
	}
	evidence_key_free(k);
}

Test(verify, another_key)
{
	char other[64], other_pub[64];

	snprintf(other, sizeof other, "%s/other.pem", top);
	snprintf(other_pub, sizeof other_pub, "%s/other-pub.pem", top);
	keygen(other, other_pub);
	cr_expect(verify_says(other_pub, 1, "not what the holder of this key signed"));
	cr_expect_eq(verify(key, NULL), 2, "a private key is no public one");
	cr_expect_eq(verify("/nowhere", NULL), 2);
	/* whoever changes a file can sign again: only a key that is known finds that out */
	cr_assert(write_it(other));
	cr_expect_eq(verify(NULL, NULL), 0);
	cr_expect_eq(verify(pub, NULL), 1);
}

Test(verify, nothing_there)
{
	snprintf(dir, sizeof dir, "%s/nowhere", top);
	cr_expect_eq(verify(NULL, NULL), 2);
}

Test(verify, a_key_is_not_overwritten)
{
	FILE *null = fopen("/dev/null", "w");

	cr_expect_eq(evidence_keygen(key, null, null), 2);
	cr_expect_eq(evidence_keygen("/nowhere/key", null, null), 2);
	cr_expect(write_it(key), "still a key");
	fclose(null);
}
