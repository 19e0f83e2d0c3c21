/*
 * The page that a browser shows of this router: files of bgpd/page, which are part of the program (bgpd/page/embed writes them down as C
 * when it is built). What it shows it asks for over the API, like any other client.
 *
 *   /             index.html
 *   /page/FILE    the others
 *   /v1/openapi.json   docs/openapi.json, which describes the API
 */
#ifndef BGPD_MGMT_PAGE_H
#define BGPD_MGMT_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "bgpd/mgmt/handle.h"

struct mgmt_page_file {
	const char *name;
	const unsigned char *octets;
	size_t len;
};

/* NULL past the last one. */
const struct mgmt_page_file *mgmt_page_file(size_t i);

/* False if path is none of the page's. */
bool mgmt_page_handle(const char *path, struct mgmt_answer *out);

#endif
