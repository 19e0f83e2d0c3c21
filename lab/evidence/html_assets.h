/* The style and the script of the page, taken into the program as they are. */
#ifndef LAB_EVIDENCE_HTML_ASSETS_H
#define LAB_EVIDENCE_HTML_ASSETS_H

#include <stddef.h>

struct html_asset {
	const char *text;
	size_t len;
};

struct html_asset html_asset_style(void);
struct html_asset html_asset_script(void);

#endif
