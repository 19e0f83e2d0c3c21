/* The page's files: each is given with its type, and what one names is there. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/mgmt/page.h"

static struct mgmt_answer page_get(const char *path)
{
	struct mgmt_answer out = {.status = 0};

	cr_assert(mgmt_page_handle(path, &out), "%s", path);
	cr_expect_eq(out.status, 200);
	return out;
}

Test(page, is_given_with_its_type)
{
	static const char *const want[][2] = {
		{"/", "text/html; charset=utf-8"},
		{"/page/index.html", "text/html; charset=utf-8"},
		{"/page/app.js", "text/javascript; charset=utf-8"},
		{"/page/style.css", "text/css; charset=utf-8"},
		{"/page/icon.svg", "image/svg+xml"},
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct mgmt_answer got = page_get(want[i][0]);
		cr_expect_str_eq(got.type, want[i][1]);
		cr_expect_gt(got.len, 100);
		free(got.text);
	}
}

Test(page, nothing_else_is_a_file_of_it)
{
	static const char *const paths[] = {
		"", "//", "/page", "/page/", "/page/nothing.js", "/page/../page/app.js", "/app.js"};
	struct mgmt_answer out;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		cr_expect_not(mgmt_page_handle(paths[i], &out), "%s", paths[i]);
}

/* What stands between the quotes after before, in every file: "./x.js" of an import, "/page/x" of the head. */
static unsigned page_follow(const struct mgmt_page_file *f, const char *before)
{
	const char *at = (const char *)f->octets, *end = at + f->len;
	char path[128];
	unsigned n = 0;

	while ((at = memmem(at, (size_t)(end - at), before, strlen(before)))) {
		struct mgmt_answer got;

		at += strlen(before);
		size_t len = strcspn(at, "\"");
		snprintf(path, sizeof(path), "/page/%.*s", (int)len, at);
		cr_expect(mgmt_page_handle(path, &got), "%s names %s", f->name, path);
		free(got.text);
		n++;
	}
	return n;
}

Test(page, what_it_names_is_there)
{
	const struct mgmt_page_file *f;
	unsigned n = 0;

	for (size_t i = 0; (f = mgmt_page_file(i)); i++)
		n += page_follow(f, "from \"./") + page_follow(f, "=\"/page/");
	cr_expect_gt(n, 20);
}

/* The policy that the page comes with lets neither run: it would be noticed in a browser only. */
Test(page, has_no_script_or_style_within)
{
	static const char *const bad[] = {"<style", " style=\"", " onclick=\"",
		"javascript:", "innerHTML", "insertAdjacentHTML", "document.write", "eval("};

	const struct mgmt_page_file *f;

	for (size_t i = 0; (f = mgmt_page_file(i)); i++)
		for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++)
			cr_expect_null(memmem(f->octets, f->len, bad[k], strlen(bad[k])),
				"%s has %s", f->name, bad[k]);
}
