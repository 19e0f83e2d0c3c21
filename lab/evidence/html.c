#include "lab/evidence/html.h"

#include <openssl/evp.h>
#include <string.h>

#include "lab/evidence/html_assets.h"
#include "lab/evidence/html_part.h"
#include "lab/evidence/html_verdict.h"
#include "lab/evidence/html_write.h"
#include "lab/evidence/svg.h"
#include "lib/check.h"

typedef void draw_fn(const json_t *report, FILE *out);

/* What the page allows itself: 'sha256-...' (CSP level 2). */
static void digest(struct html_asset a, FILE *out)
{
	unsigned char sum[EVP_MAX_MD_SIZE], text[2 * EVP_MAX_MD_SIZE];
	unsigned n;

	CHECK(EVP_Digest(a.text, a.len, sum, &n, EVP_sha256(), NULL) == 1);
	EVP_EncodeBlock(text, sum, (int)n);
	fprintf(out, "'sha256-%s'", (const char *)text);
}

static void page_head(const json_t *report, FILE *out)
{
	const json_t *run = json_object_get(report, "run");
	struct html_asset style = html_asset_style();

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "base-uri 'none'; form-action 'none'; img-src data:; style-src ",
		out);
	digest(style, out);
	fputs("; script-src ", out);
	digest(html_asset_script(), out);
	fputs("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" "
	      "href=\"data:,\">\n",
		out);
	html_put(out,
		"<title>RFC 4381 attack report: %s, %zu held, %zu fell, %zu invalid</title>\n",
		html_string(run, "pe_version"), html_verdict_count(report, HTML_HELD, NULL),
		html_verdict_count(report, HTML_FELL, NULL),
		html_verdict_count(report, HTML_INVALID, NULL));
	fputs("<style>", out);
	fwrite(style.text, 1, style.len, out);
	fputs("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the report</a>\n",
		out);
}

static void page_drawing(const json_t *report, const char *id, const char *title, const char *text,
	const char *legend, draw_fn *draw, FILE *out)
{
	html_put(out, "<section aria-labelledby=\"%s\"><h2 id=\"%s\">%s</h2>\n<p>%s</p>\n", id, id,
		title, text);
	/* ours, with markup */
	fputs(legend, out);
	draw(report, out);
	html_put(out, "</section>\n");
}

static bool has(const json_t *report, const char *key)
{
	const json_t *o = json_object_get(report, key);

	return json_is_array(o) ? json_array_size(o) > 0 : json_object_size(o) > 0;
}

static void page_contents(const json_t *report, FILE *out)
{
	static const char *const parts[][3] = {{"topology", "topology", "Network"},
		{"walk", "walk", "Label stack"}, {"attacks", "timeline", "Timeline"},
		{"reachability", "matrix", "Reachability"}, {"attacks", "coverage", "Coverage"},
		{"attacks", "attacks", "Attacks"}, {"malformed", "malformed", "Malformed input"},
		{"attacks", "not-yet", "Not yet"}, {"schema", "verify", "Verify"}};

	html_put(out, "<nav aria-label=\"Contents\"><ul>\n");
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		bool there = !strcmp(parts[i][1], "verify") ? true
			     : !strcmp(parts[i][1], "not-yet")
				     ? html_verdict_count(report, HTML_NOT_YET, NULL) > 0
				     : has(report, parts[i][0]);
		if (there)
			html_put(
				out, "<li><a href=\"#%s\">%s</a></li>\n", parts[i][1], parts[i][2]);
	}
	html_put(out, "</ul></nav>\n");
}

static const char legend_verdicts[] =
	"<ul class=\"legend\"><li><span class=\"key held\">\u2713</span> held</li>"
	"<li><span class=\"key fell\">\u2715</span> fell</li>"
	"<li><span class=\"key invalid\">?</span> invalid</li>"
	"<li><span class=\"key skipped\">\u2013</span> skipped</li>"
	"<li><span class=\"key not_yet\">\u25cb</span> not yet</li></ul>\n";
static const char legend_launches[] =
	"<ul class=\"legend\"><li><span class=\"key held\"></span> held</li>"
	"<li><span class=\"key fell\"></span> fell</li>"
	"<li><span class=\"key invalid\"></span> invalid</li>"
	"<li><span class=\"key hollow\"></span> its control, in the colour of its "
	"verdict</li></ul>\n";
static const char legend_cells[] =
	"<ul class=\"legend\"><li><span class=\"key through\">\u25cf</span> same VPN, "
	"reached</li><li><span class=\"key apart\">\u2013</span> other VPN or core, kept "
	"apart</li><li><span class=\"key fell\">\u2715</span> not as it must be</li></ul>\n";

static void page_drawings(const json_t *report, FILE *out)
{
	if (has(report, "topology"))
		page_drawing(report, "topology", "The network under attack",
			"Both customers use the same addresses. Every kind of port has somebody "
			"behind it who means no good.",
			"", svg_topology, out);
	if (has(report, "walk"))
		page_drawing(report, "walk", "One packet and its labels",
			"A legitimate packet between two sites of one VPN, as it was seen on every "
			"link: the label at the bottom of the stack says which VPN, the one on top "
			"of it the way through the core.",
			"", svg_walk, out);
	if (has(report, "attacks"))
		page_drawing(report, "timeline", "When what was launched",
			"First every attack with every protection on, then each with exactly one "
			"off.",
			legend_launches, svg_timeline, out);
	if (has(report, "reachability"))
		page_drawing(report, "matrix", "Who reaches whom",
			"One packet from every site to every other, before the attacks: what must "
			"be and what was seen.",
			legend_cells, svg_matrix, out);
	if (has(report, "attacks"))
		page_drawing(report, "coverage", "Requirements covered",
			"A square is an attack that is about that section; it leads to its row.",
			legend_verdicts, svg_coverage, out);
}

bool evidence_html(const json_t *report, FILE *out)
{
	struct html_asset script = html_asset_script();

	page_head(report, out);
	html_part_head(report, out);
	page_contents(report, out);
	fputs("<main id=\"main\">\n", out);
	page_drawings(report, out);
	if (has(report, "attacks"))
		html_part_attacks(report, out);
	html_part_malformed(report, out);
	html_part_not_yet(report, out);
	html_part_verify(report, out);
	fputs("</main>\n<script>", out);
	fwrite(script.text, 1, script.len, out);
	fputs("</script>\n</body>\n</html>\n", out);
	return !ferror(out);
}
