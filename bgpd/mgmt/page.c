#include "bgpd/mgmt/page.h"

#include <stdlib.h>
#include <string.h>

#include "lib/check.h"

#define PAGE_FOLDER "/page/"

static const char *page_type(const char *name)
{
	static const char *const types[][2] = {
		{".html", "text/html; charset=utf-8"},
		{".css", "text/css; charset=utf-8"},
		{".js", "text/javascript; charset=utf-8"},
		{".svg", "image/svg+xml"},
	};
	const char *suffix = strrchr(name, '.');

	for (size_t i = 0; suffix && i < ARRAY_LEN(types); i++)
		if (strcmp(suffix, types[i][0]) == 0)
			return types[i][1];
	return "application/octet-stream";
}

static const struct mgmt_page_file *page_find(const char *path)
{
	const char *name = strcmp(path, "/") == 0 ? "index.html" : path + strlen(PAGE_FOLDER);

	if (strcmp(path, "/") != 0 && strncmp(path, PAGE_FOLDER, strlen(PAGE_FOLDER)) != 0)
		return NULL;
	for (size_t i = 0; i < mgmt_page_files_n; i++)
		if (strcmp(mgmt_page_files[i].name, name) == 0)
			return &mgmt_page_files[i];
	return NULL;
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
