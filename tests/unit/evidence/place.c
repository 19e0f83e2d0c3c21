/* A report replaces an earlier one and nothing else ever. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/evidence/evidence.h"
#include "tests/support/attacks.h"

static char top[] = "/tmp/evidence.XXXXXX", dir[64], said[512];
static struct evidence_report r;

static void setup(void)
{
	cr_assert(mkdtemp(top));
	snprintf(dir, sizeof dir, "%s/report", top);
	attacks_sample(&r);
}

static void teardown(void)
{
	char command[128];

	evidence_report_fini(&r);
	snprintf(command, sizeof command, "rm -rf '%s'", top);
	cr_assert_eq(system(command), 0);
}

TestSuite(place, .init = setup, .fini = teardown);

static bool write_to(const char *where)
{
	struct evidence_place p = {.dir = where};

	return evidence_write(&r, &p, said, sizeof said);
}

static bool checks(const char *where)
{
	struct evidence_place p = {.dir = where};

	return evidence_place_check(&p, said, sizeof said);
}

static void put(const char *name)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "w");
	cr_assert(f);
	fputs("mine", f);
	fclose(f);
}

static bool is_there(const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return !access(path, F_OK);
}

/* What stands in top besides "." and "..": nothing half written stays behind. */
static unsigned beside(void)
{
	DIR *d = opendir(top);
	unsigned n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

Test(place, new_empty_and_again)
{
	char slash[72];
	struct stat st;

	cr_expect(write_to(dir), "%s", said);
	cr_assert_eq(stat(dir, &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0755);
	cr_expect(write_to(dir), "an earlier report is replaced: %s", said);
	snprintf(slash, sizeof slash, "%s//", dir);
	cr_expect(write_to(slash), "%s", said);
	cr_expect_eq(beside(), 1);
	snprintf(dir, sizeof dir, "%s/empty", top);
	cr_assert_eq(mkdir(dir, 0700), 0);
	cr_expect(write_to(dir), "%s", said);
	cr_expect(is_there("MANIFEST"));
	cr_expect_eq(beside(), 2);
}

/* The earlier one had captures that this one has not: they are gone. */
Test(place, nothing_of_the_earlier_stays)
{
	cr_assert(write_to(dir));
	cr_expect(is_there("pcapng/LBL-01.pcapng"));
	evidence_report_fini(&r);
	evidence_report_init(&r);
	cr_assert(write_to(dir), "%s", said);
	cr_expect_not(is_there("pcapng/LBL-01.pcapng"));
}

Test(place, anothers_directory_is_left_alone)
{
	cr_assert_eq(mkdir(dir, 0755), 0);
	put("thesis.txt");
	cr_expect_not(checks(dir));
	cr_expect_not(write_to(dir));
	cr_expect(strstr(said, "left alone"));
	cr_expect(is_there("thesis.txt"));
	cr_expect_eq(beside(), 1);
}

Test(place, a_report_with_a_file_of_somebodys)
{
	static const char *const names[] = {"notes.txt", ".git", "pcapng/mine.pcapng", "a b"};

	for (size_t i = 0; i < 4; i++) {
		char path[128];

		cr_assert(write_to(dir), "%s", said);
		put(names[i]);
		cr_expect_not(checks(dir), "%s", names[i]);
		cr_expect_not(write_to(dir), "%s", names[i]);
		cr_expect(is_there(names[i]));
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
	}
	cr_expect_eq(beside(), 1);
}

Test(place, a_report_with_a_link_of_somebodys)
{
	char path[128];

	cr_assert(write_to(dir));
	snprintf(path, sizeof path, "%s/latest", dir);
	cr_assert_eq(symlink("report.json", path), 0);
	cr_expect_not(write_to(dir));
	cr_expect(strstr(said, "left alone"));
	cr_expect(is_there("latest") && is_there("report.json"));
}

/* A list of its own making does not make it a report, and what it lists is not deleted. */
Test(place, a_list_that_is_none)
{
	cr_assert_eq(mkdir(dir, 0755), 0);
	put("MANIFEST");
	cr_expect_not(write_to(dir));
	cr_expect(is_there("MANIFEST"));
}

Test(place, what_is_no_directory)
{
	char link[64];

	snprintf(link, sizeof link, "%s/link", top);
	cr_assert(write_to(dir));
	cr_assert_eq(symlink(dir, link), 0);
	cr_expect_not(checks(link));
	cr_expect_not(checks("/etc/hostname"));
	cr_expect_not(checks("/nowhere/report"));
	cr_expect_not(checks("."));
	cr_expect_not(checks(".."));
	cr_expect_not(checks("/"));
	cr_expect_not(checks(""));
}

Test(place, a_key_is_asked_for_before)
{
	struct evidence_place p = {.dir = dir, .key = "/etc/hostname"};

	cr_expect_not(evidence_place_check(&p, said, sizeof said));
	cr_expect(strstr(said, "Ed25519"));
	cr_expect_not(evidence_write(&r, &p, said, sizeof said));
	cr_expect_eq(beside(), 0);
}
