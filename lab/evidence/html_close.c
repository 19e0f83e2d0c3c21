/* The end of the page: what of the catalogue is not built, and how to see that nobody changed the report. */
#include "lab/evidence/html_part.h"
#include "lab/evidence/html_verdict.h"
#include "lab/evidence/html_write.h"

void html_part_not_yet(const json_t *report, FILE *out)
{
	json_t *a;
	size_t i, n = html_verdict_count(report, HTML_NOT_YET, NULL);

	if (!n)
		return;
	html_put(out,
		"<section aria-labelledby=\"not-yet\"><h2 id=\"not-yet\">Not yet</h2>\n<p>In the "
		"catalogue, not in this lab. Nothing is claimed of these %zu.</p>\n"
		"<dl class=\"not-yet\">\n",
		n);
	json_array_foreach(json_object_get(report, "attacks"), i, a)
	{
		if (html_verdict_of(a) != HTML_NOT_YET)
			continue;
		html_put(out, "<div data-attack=\"%s\" id=\"", html_string(a, "id"));
		html_put_anchor(out, html_string(a, "id"));
		html_put(out,
			"\"><dt><span class=\"mono\">%s</span> %s</dt><dd>%s <span "
			"class=\"clause\">%s</span></dd></div>\n",
			html_string(a, "id"), html_string(a, "title"), html_string(a, "why"),
			html_string(a, "clause"));
	}
	html_put(out, "</dl></section>\n");
}

void html_part_verify(const json_t *report, FILE *out)
{
	html_put(out,
		"<section aria-labelledby=\"verify\"><h2 id=\"verify\">Is this the report that was "
		"written?</h2>\n"
		"<p>Beside this page lie <a href=\"report.json\">report.json</a> (the same, for "
		"machines), <a href=\"junit.xml\">junit.xml</a>, <a "
		"href=\"report.sarif\">report.sarif</a> and a capture for each attack. "
		"<code>MANIFEST</code> "
		"holds the SHA-256 of every one of them, and <code>MANIFEST.sig</code> is its "
		"Ed25519 signature by <code>key.pub</code>. In the directory of the report:</p>\n"
		"<pre class=\"scroll\" tabindex=\"0\"><code>ravelin report verify .</code></pre>\n"
		"<p>or without Ravelin:</p>\n"
		"<pre class=\"scroll\" tabindex=\"0\"><code>openssl pkeyutl -verify -pubin -inkey "
		"key.pub -rawin -in MANIFEST -sigfile MANIFEST.sig\nsha256sum -c "
		"MANIFEST</code></pre>\n"
		"<p>A signature says who signed, not that they are honest: compare "
		"<code>key.pub</code> with the key that you have from its owner.</p></section>\n");
	html_put(out, "<footer><p>%s %s, schema %s.</p></footer>\n",
		html_string(json_object_get(report, "product"), "name"),
		html_string(json_object_get(report, "product"), "version"),
		html_string(report, "schema"));
}
