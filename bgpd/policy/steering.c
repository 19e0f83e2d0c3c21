#include "bgpd/policy/steering.h"

#include "lib/check.h"
#include "lib/rbuf.h"
#include "lib/wbuf.h"

#define ATTR_EXTENDED 0x10 /* RFC 4271 4.3: the length has two octets */

/* What an attribute of which we know no more than the number does to whoever does know it. */
static bool steers(uint8_t code)
{
	static const uint8_t codes[] = {
		22,  /* PMSI_TUNNEL: RFC 6514 5 */
		23,  /* Tunnel Encapsulation: RFC 9012 11, to be filtered at the border */
		25,  /* IPv6 extended communities, route targets among them: RFC 5701 2 */
		40,  /* Prefix-SID: RFC 8669 6, to be filtered at the border */
		128, /* ATTR_SET: RFC 6368 5, nothing for a session between two AS */
	};

	for (unsigned i = 0; i < ARRAY_LEN(codes); i++)
		if (codes[i] == code)
			return true;
	return false;
}

/* The next whole attribute of a list that the codec has made (wire_attrs.unknown). */
static struct wire_span next_unknown(struct rbuf *r)
{
	const uint8_t *p = r->p;
	bool extended = p[0] & ATTR_EXTENDED;
	size_t len = extended ? 4u + (p[2] << 8 | p[3]) : 3u + p[2];

	return (struct wire_span){.p = rbuf_get(r, len), .len = (uint16_t)len};
}

unsigned pol_steering_strip(struct wire_attrs *a, struct arena *arena)
{
	struct rbuf r = rbuf_of(a->unknown.p, a->unknown.len);
	uint8_t *kept = rbuf_left(&r) ? arena_alloc(arena, rbuf_left(&r)) : NULL;
	struct wbuf w = wbuf_of(kept, kept ? a->unknown.len : 0);
	unsigned n = 0;

	while (rbuf_left(&r) > 0) {
		struct wire_span one = next_unknown(&r);

		CHECK(one.p != NULL); /* the codec made the list */
		if (steers(one.p[1]))
			n++;
		else
			wbuf_put(&w, one.p, one.len); /* no memory: none is kept */
	}
	if (n)
		a->unknown = (struct wire_span){.p = w.base, .len = (uint16_t)w.len};
	return n;
}
