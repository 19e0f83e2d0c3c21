/* Of words without quotes: is it a string, for whoever reads this YAML? */
#include "lab/plain.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "lib/check.h"

static const char *digits(const char *s)
{
	while (isdigit((unsigned char)*s) || *s == '_')
		s++;
	return s;
}

/* 0x1f, 0o17, 0b11 */
static bool plain_radix(const char *s)
{
	const char *of = s[0] != '0'   ? NULL
			 : s[1] == 'x' ? "0123456789abcdefABCDEF_"
			 : s[1] == 'o' ? "01234567_"
			 : s[1] == 'b' ? "01_"
				       : NULL;

	return of && s[2] && !s[2 + strspn(s + 2, of)];
}

/* 65000:1, 1:30:00.5 */
static bool plain_base_60(const char *s)
{
	bool more = false;

	for (s = digits(s); *s == ':'; more = true) {
		size_t n = strspn(s + 1, "0123456789");

		if (n < 1 || n > 2 || (n == 2 && s[1] > '5'))
			return false;
		s += 1 + n;
	}
	return more && (!*s || (*s == '.' && !*digits(s + 1)));
}

/* 17, 1_000, .5, 6.8e+3 */
static bool plain_decimal(const char *s)
{
	const char *end = digits(s), *point = end;

	if (*end == '.')
		end = digits(end + 1);
	if (end - s == (*point == '.'))
		return false; /* no digit */
	if (*end == 'e' || *end == 'E') {
		end += 1 + (end[1] == '+' || end[1] == '-');
		if (!isdigit((unsigned char)*end))
			return false;
		end = digits(end);
	}
	return !*end;
}

static bool plain_number(const char *s)
{
	bool sign = *s == '+' || *s == '-';

	s += sign;
	if (!strcasecmp(s, ".inf") || (!sign && !strcasecmp(s, ".nan")))
		return true;
	if (!isdigit((unsigned char)*s) && *s != '.')
		return false;
	return plain_radix(s) || plain_base_60(s) || plain_decimal(s);
}

/* 2026-11-21, and with a time behind it */
static bool plain_date(const char *s)
{
	size_t month;

	if (strspn(s, "0123456789") != 4 || s[4] != '-')
		return false;
	month = strspn(s + 5, "0123456789");
	return month >= 1 && month <= 2 && s[5 + month] == '-' &&
	       isdigit((unsigned char)s[6 + month]);
}

bool lab_plain_is_text(const char *word)
{
	static const char *const other[] = {
		"~", "null", "true", "false", "yes", "no", "on", "off", "<<", "="};

	for (size_t i = 0; i < ARRAY_LEN(other); i++)
		if (!strcasecmp(word, other[i]))
			return false;
	return !plain_number(word) && !plain_date(word);
}
