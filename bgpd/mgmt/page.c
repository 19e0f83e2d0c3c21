#include "bgpd/mgmt/page.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define PAGE_FOLDER   "/page/"
#define PAGE_DOCUMENT "/v1/openapi.json"

static const char *page_type(const char *name)
{
	static const char *const types[][2] = {
		{".html", "text/html; charset=utf-8"},
		{".css", "text/css; charset=utf-8"},
		{".js", "text/javascript; charset=utf-8"},
		{".svg", "image/svg+xml"},
		{".json", "application/json"},
	};
	const char *suffix = strrchr(name, '.');

	for (size_t i = 0; suffix && i < ARRAY_LEN(types); i++)
		if (strcmp(suffix, types[i][0]) == 0)
			return types[i][1];
	return "application/octet-stream";
}

/* NULL: none of the page's. */
static const char *page_name(const char *path)
{
	if (strcmp(path, "/") == 0)
		return "index.html";
	if (strcmp(path, PAGE_DOCUMENT) == 0)
		return "openapi.json";
	return strncmp(path, PAGE_FOLDER, strlen(PAGE_FOLDER)) == 0 ? path + strlen(PAGE_FOLDER)
								    : NULL;
}

static const struct mgmt_page_file *page_find(const char *path)
{
	const char *name = page_name(path);
	const struct mgmt_page_file *file = name ? mgmt_page_file(0) : NULL;

	for (size_t i = 1; file && strcmp(file->name, name) != 0; i++)
		file = mgmt_page_file(i);
	return file;
}

bool mgmt_page_handle(const char *path, struct mgmt_answer *out)
{
	const struct mgmt_page_file *file = page_find(path);

	if (!file)
		return false;
	*out = (struct mgmt_answer){.status = 200, .len = file->len, .type = page_type(file->name)};
	out->text = malloc(file->len + 1);
	CHECK(out->text != NULL);
	memcpy(out->text, file->octets, file->len);
	return true;
}
