/* MANIFEST is an attacker's until its signature was seen to be right. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "lab/evidence/manifest.h"

#define SUM "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct evidence_manifest m;
static char why[256];

static bool parse(const char *text)
{
	return evidence_manifest_parse(&m, text, strlen(text), why, sizeof why);
}

Test(manifest, paths)
{
	static const char *const good[] = {
		"a", "index.html", "pcapng/LBL-01.pcapng", "a/b/c", "a..b", "a/b.", "MANIFEST/x"};
	static const char *const bad[] = {"", "/", "/etc/passwd", "..", ".", "../x", "a/../b",
		"a/..", "a/./b", "a//b", "a/", ".hidden", "a/.hidden", "MANIFEST", "MANIFEST.sig",
		"key.pub", "a b", "a\nb", "a\\b", "\xc3\xa4", "C:x"};
	char longest[EVIDENCE_PATH_MAX + 2];

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		cr_expect(evidence_path_check(good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(evidence_path_check(bad[i]), "%s", bad[i]);
	memset(longest, 'a', sizeof longest);
	longest[EVIDENCE_PATH_MAX + 1] = 0;
	cr_expect_not(evidence_path_check(longest));
	longest[EVIDENCE_PATH_MAX] = 0;
	cr_expect(evidence_path_check(longest));
}

Test(manifest, written_as_read)
{
	const char *text = SUM "  a\n" SUM "  b/c\n" SUM "  b/d\n";
	size_t len;
	char *out;

	cr_assert(parse(text), "%s", why);
	cr_expect_eq(m.n, 3);
	cr_expect_not_null(evidence_manifest_find(&m, "b/c"));
	cr_expect_null(evidence_manifest_find(&m, "b"));
	out = evidence_manifest_print(&m, &len);
	cr_expect_eq(len, strlen(text));
	cr_expect_str_eq(out, text);
	free(out);
}

Test(manifest, sorted_in)
{
	size_t len;
	char *out;

	m.n = 0;
	cr_expect(evidence_manifest_add(&m, "b", SUM));
	cr_expect(evidence_manifest_add(&m, "c", SUM));
	cr_expect(evidence_manifest_add(&m, "a", SUM));
	cr_expect_not(evidence_manifest_add(&m, "b", SUM), "twice");
	cr_expect_not(evidence_manifest_add(&m, "../b", SUM));
	out = evidence_manifest_print(&m, &len);
	cr_expect_str_eq(out, SUM "  a\n" SUM "  b\n" SUM "  c\n");
	free(out);
}

Test(manifest, refused)
{
	static const char *const rows[] = {"", "\n", "a\n", SUM "\n", SUM "  \n", SUM " a\n",
		SUM "   a\n", SUM " *a\n", SUM "  a", SUM "  a\r\n", SUM "  ../a\n", SUM "  /a\n",
		SUM "  a\n" SUM "  a\n", SUM "  b\n" SUM "  a\n", SUM "  a\n\n", SUM "  MANIFEST\n",
		"0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef  a\n",
		"0123456789abcdeg0123456789abcdef0123456789abcdef0123456789abcdef  a\n"};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		*why = 0;
		cr_expect_not(parse(rows[i]), "%s", rows[i]);
		cr_expect_neq(*why, 0);
	}
	cr_expect_not(evidence_manifest_parse(&m, SUM "  a\0b\n", 70, why, sizeof why));
}

/* Every text that is one octet shorter is none, and none of them is read past its end. */
Test(manifest, cut)
{
	const char *text = SUM "  a\n" SUM "  b\n";
	size_t whole = strlen(text), line = whole / 2;

	for (size_t n = 0; n < whole; n++) {
		char *cut = malloc(n ? n : 1);

		memcpy(cut, text, n);
		cr_expect_eq(evidence_manifest_parse(&m, cut, n, why, sizeof why), n == line);
		free(cut);
	}
}

Test(manifest, no_more_than_there_is_room_for)
{
	char path[16];

	m.n = 0;
	for (unsigned i = 0; i < EVIDENCE_FILES_MAX; i++) {
		snprintf(path, sizeof path, "f%u", i);
		cr_assert(evidence_manifest_add(&m, path, SUM));
	}
	cr_expect_not(evidence_manifest_add(&m, "g", SUM));
}
