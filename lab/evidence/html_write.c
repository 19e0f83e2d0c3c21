#include "lab/evidence/html_write.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "lib/check.h"

#define SPEC_MAX 16

/* One character of UTF-8 (jansson lets nothing else in), its octets. */
static size_t rune_of(const unsigned char *s, uint32_t *rune)
{
	static const unsigned char lead[] = {0, 0, 0x1f, 0x0f, 0x07};
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

	*rune = n == 1 ? s[0] : s[0] & lead[n];
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return i;
		*rune = *rune << 6 | (s[i] & 0x3f);
	}
	return n;
}

/* Seen nowhere, or makes others be seen elsewhere. */
static bool rune_hidden(uint32_t r)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {{0x80, 0x9f}, {0xad, 0xad}, {0x061c, 0x061c}, {0x200b, 0x200f},
		{0x2028, 0x202e}, {0x2060, 0x2069}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb},
		{0xe0000, 0xe007f}};

	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		if (r >= hidden[i].first && r <= hidden[i].last)
			return true;
	return false;
}

void html_put_escaped(FILE *out, const char *text)
{
	static const char *const named[128] = {['&'] = "&amp;",
		['<'] = "&lt;",
		['>'] = "&gt;",
		['"'] = "&quot;",
		['\''] = "&#39;",
		['`'] = "&#96;",
		['\n'] = " ",
		['\t'] = " ",
		[0x7f] = "\u2421"};
	uint32_t r;
	size_t n;

	for (const char *p = text; *p; p += n) {
		n = rune_of((const unsigned char *)p, &r);
		if (r < 128 && named[r])
			fputs(named[r], out);
		else if (r < 0x20)
			fprintf(out, "&#%u;", 0x2400 + r);
		else if (rune_hidden(r))
			fprintf(out, "&lt;U+%04X&gt;", r);
		else
			fwrite(p, 1, n, out);
	}
}

void html_put_anchor(FILE *out, const char *name)
{
	for (const char *p = name; *p; p++)
		if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
			(*p >= '0' && *p <= '9') || *p == '-')
			fputc(*p, out);
		else
			fprintf(out, "_%02X", (unsigned char)*p);
}

/* Integers have neither width nor flags. */
static long long integer_of(const char *spec, va_list *args)
{
	if (!strcmp(spec, "%lld"))
		return va_arg(*args, long long);
	if (!strcmp(spec, "%ld"))
		return va_arg(*args, long);
	if (!strcmp(spec, "%zu"))
		return (long long)va_arg(*args, size_t);
	if (!strcmp(spec, "%u"))
		return va_arg(*args, unsigned);
	CHECK(!strcmp(spec, "%d"));
	return va_arg(*args, int);
}

void html_put(FILE *out, const char *fmt, ...)
{
	char spec[SPEC_MAX];
	va_list args;
	size_t n;

	va_start(args, fmt);
	for (const char *p = fmt; *p; p += n) {
		n = strcspn(p, "%");
		fwrite(p, 1, n, out);
		p += n;
		if (!*p)
			break;
		n = 1 + strcspn(p + 1, "sduf%") + 1;
		CHECK(n < SPEC_MAX);
		memcpy(spec, p, n);
		spec[n] = '\0';
		if (!strcmp(spec, "%%"))
			fputc('%', out);
		else if (!strcmp(spec, "%s"))
			html_put_escaped(out, va_arg(args, const char *));
		else if (strchr(spec, 'f'))
			fprintf(out, spec, va_arg(args, double));
		else
			fprintf(out, "%lld", integer_of(spec, &args));
	}
	va_end(args);
}

const char *html_string(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

long long html_integer(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

double html_number(const json_t *o, const char *key)
{
	return json_number_value(json_object_get(o, key));
}

bool html_true(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}
