/* Where a report goes. */
#include "lab/evidence/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/evidence/tree.h"
#include "lib/check.h"

#define DIR_MAX 3800
#define WHY_MAX 256

static bool place_fail(char *why, size_t cap, const char *dir, const char *what)
{
	snprintf(why, cap, "%s: %s", dir, what);
	return false;
}

/* Without slashes at the end, so that something can be beside it. */
static bool place_name(const char *dir, char *out, char *why, size_t cap)
{
	size_t n = strlen(dir);
	const char *last;

	while (n > 1 && dir[n - 1] == '/')
		n--;
	if (!n || n > DIR_MAX)
		return place_fail(why, cap, dir, "not a directory's name");
	snprintf(out, DIR_MAX + 1, "%.*s", (int)n, dir);
	last = strrchr(out, '/');
	last = last ? last + 1 : out;
	if (!*last || !strcmp(last, ".") || !strcmp(last, ".."))
		return place_fail(why, cap, dir, "a report has a directory of its own");
	return true;
}

/* Every file is of a report: of our three, or listed. So nothing is deleted that was not made here. */
static bool place_is_report(const struct evidence_tree *t, const char *dir)
{
	struct evidence_manifest *m = calloc(1, sizeof *m);
	char *text = malloc(EVIDENCE_MANIFEST_MAX), why[WHY_MAX];
	FILE *f = evidence_tree_open(dir, EVIDENCE_MANIFEST);
	bool ours;

	CHECK(m && text);
	ours = f &&
	       evidence_manifest_parse(
		       m, text, fread(text, 1, EVIDENCE_MANIFEST_MAX, f), why, sizeof why) &&
	       evidence_manifest_find(m, "report.json") && !*t->strange;
	for (size_t i = 0; ours && i < t->n_files; i++)
		ours = evidence_manifest_own(t->file[i]) || evidence_manifest_find(m, t->file[i]);
	if (f)
		fclose(f);
	free(text);
	free(m);
	return ours;
}

/* There is nothing, nothing in it, or an earlier report, which t then is of. */
static bool place_replaceable(struct evidence_tree *t, const char *dir, char *why, size_t cap)
{
	struct stat st;
	int err;

	memset(t, 0, sizeof *t);
	if (lstat(dir, &st) < 0)
		return errno == ENOENT || place_fail(why, cap, dir, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return place_fail(why, cap, dir, "is there and no directory");
	err = evidence_tree_read(t, dir);
	if (err)
		return place_fail(why, cap, dir, strerror(-err));
	if ((!t->n_files && !t->n_dirs && !*t->strange) || place_is_report(t, dir))
		return true;
	return place_fail(why, cap, dir,
		"is there and not an earlier report, or has files that are none of it: left alone");
}

static bool place_parent(const char *name, char *why, size_t cap)
{
	char parent[DIR_MAX + 4];
	char *slash;

	snprintf(parent, sizeof parent, "%s", name);
	slash = strrchr(parent, '/');
	if (!slash)
		strcpy(parent, ".");
	else
		slash[slash == parent] = 0;
	return !access(parent, W_OK | X_OK) || place_fail(why, cap, parent, strerror(errno));
}

bool evidence_place_check(const struct evidence_place *p, char *why, size_t cap)
{
	struct evidence_tree *t = calloc(1, sizeof *t);
	char name[DIR_MAX + 1];
	bool ok;

	CHECK(t);
	ok = place_name(p->dir, name, why, cap) && place_parent(name, why, cap) &&
	     place_replaceable(t, name, why, cap);
	free(t);
	if (ok && p->key) {
		struct evidence_key *key = evidence_key_load(p->key, false, why, cap);

		ok = key;
		evidence_key_free(key);
	}
	return ok;
}

bool evidence_place_begin(
	const struct evidence_place *p, char *dir, size_t dir_cap, char *why, size_t cap)
{
	char name[DIR_MAX + 1];

	if (!evidence_place_check(p, why, cap) || !place_name(p->dir, name, why, cap))
		return false;
	snprintf(dir, dir_cap, "%s.XXXXXX", name);
	if (!mkdtemp(dir))
		return place_fail(why, cap, dir, strerror(errno));
	return !chmod(dir, 0755) || place_fail(why, cap, dir, strerror(errno));
}

void evidence_place_undo(const char *dir)
{
	struct evidence_tree *t = calloc(1, sizeof *t);

	CHECK(t);
	if (!evidence_tree_read(t, dir))
		evidence_tree_delete(t, dir);
	free(t);
}

/* At no moment is there neither: the two change places where the file system can. */
static int place_swap(const struct evidence_tree *old, const char *dir, const char *name)
{
	int err;

	if (!rename(dir, name)) /* nothing there, or nothing in it */
		return 0;
	if (errno != ENOTEMPTY && errno != EEXIST)
		return -errno;
	if (!renameat2(AT_FDCWD, dir, AT_FDCWD, name, RENAME_EXCHANGE))
		return evidence_tree_delete(old, dir);
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	err = evidence_tree_delete(old, name);
	return err ? err : rename(dir, name) < 0 ? -errno : 0;
}

bool evidence_place_end(const struct evidence_place *p, const char *dir, char *why, size_t cap)
{
	struct evidence_tree *old = calloc(1, sizeof *old);
	char name[DIR_MAX + 1];
	int err = 0;
	bool ok;

	CHECK(old);
	/* asked again: a run takes minutes */
	ok = place_name(p->dir, name, why, cap) && place_replaceable(old, name, why, cap);
	if (ok)
		err = place_swap(old, dir, name);
	if (err)
		ok = place_fail(why, cap, name, strerror(-err));
	free(old);
	return ok;
}
