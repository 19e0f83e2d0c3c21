#include "lab/evidence/svg.h"

#include <string.h>

#include "lab/evidence/html_write.h"

void svg_begin(FILE *out, const char *id, int width, int height, const char *title,
	const char *description)
{
	html_put(out,
		"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"%s\" role=\"group\" "
		"aria-labelledby=\"%s-t %s-d\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
		"<title id=\"%s-t\">%s</title><desc id=\"%s-d\">%s</desc>\n",
		title, id, id, id, width, height, width, height, id, title, id, description);
}

void svg_end(FILE *out)
{
	html_put(out, "</svg></div>\n");
}

void svg_text(FILE *out, int x, int y, const char *style, const char *anchor, const char *text)
{
	html_put(out, "<text x=\"%d\" y=\"%d\" class=\"%s\" text-anchor=\"%s\">%s</text>\n", x, y,
		style, anchor, text);
}

void svg_line(FILE *out, int x1, int y1, int x2, int y2, const char *style)
{
	html_put(out, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"%s\"/>\n", x1, y1, x2,
		y2, style);
}

void svg_box(FILE *out, int x, int y, int width, int height, const char *style)
{
	html_put(out,
		"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\" class=\"%s\"/>\n", x,
		y, width, height, style);
}

/* VRFs in the order in which the links name them, then those that only sites are in. */
int svg_vrf(const json_t *report, const char *vrf)
{
	const json_t *lists[] = {
		json_object_get(json_object_get(report, "topology"), "links"),
		json_object_get(json_object_get(report, "reachability"), "sites"),
	};
	const char *seen[SVG_VRFS_MAX];
	int n = 0, k;

	for (size_t l = 0; l < 2; l++) {
		json_t *o;
		size_t i;
		json_array_foreach(lists[l], i, o)
		{
			const char *name = html_string(o, "vrf");
			for (k = 0; k < n && strcmp(seen[k], name) != 0; k++)
				;
			if (k < n || !*name || !strcmp(name, "core"))
				continue;
			if (n == SVG_VRFS_MAX)
				return 0;
			seen[n++] = name;
			if (!strcmp(name, vrf))
				return n;
		}
	}
	for (k = 0; k < n; k++)
		if (!strcmp(seen[k], vrf))
			return k + 1;
	return 0;
}

int svg_port_of(const char *port, const char *node)
{
	size_t n = strlen(node);

	return !strncmp(port, node, n) && port[n] == ':';
}

const char *svg_port_name(const char *port)
{
	const char *colon = strchr(port, ':');

	return colon ? colon + 1 : port;
}
