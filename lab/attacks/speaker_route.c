/* Routes that a speaker tells: encoded by our own codec, but for what the attack brings along. */
#include <errno.h>
#include <stdlib.h>

#include "bgpd/wire/notify.h"
#include "bgpd/wire/update_put.h"
#include "lab/attacks/speaker.h"
#include "lab/attacks/speaker_tcp.h"
#include "lib/check.h"

#define LOCAL_PREF 100
#define EORR_MS	   300
#define TOLD_MS	   1000

static void attrs_put(struct wbuf *w, struct speaker *s, const struct speaker_route *r,
	const struct ip_addr *next_hop)
{
	uint32_t as = s->conf.as;
	uint8_t own[6] = {
		2, 1, (uint8_t)(as >> 24), (uint8_t)(as >> 16), (uint8_t)(as >> 8), (uint8_t)as};
	struct wire_attrs a = {
		.present = WIRE_ATTR_BIT(WIRE_ATTR_ORIGIN) | WIRE_ATTR_BIT(WIRE_ATTR_AS_PATH),
		.next_hop = *next_hop,
		.as_path = {.p = own, .len = s->ctx.ebgp ? sizeof(own) : 0},
	};

	if (r->path)
		a.as_path = (struct wire_span){.p = r->path, .len = (uint16_t)r->n_path};
	if (!s->ctx.ebgp) {
		a.present |= WIRE_ATTR_BIT(WIRE_ATTR_LOCAL_PREF);
		a.local_pref = LOCAL_PREF;
	}
	wire_attrs_put(w, &s->ctx, r->family, &a);
	wbuf_put(w, r->extra, r->n_extra);
}

/* The i-th prefix of that length behind the first. */
static void nlri_of(const struct speaker_route *r, const struct ip_prefix *first, unsigned i,
	struct wire_nlri *out)
{
	uint32_t addr = ip_addr_get_v4(&first->addr);

	if (first->len)
		addr += i << (32 - first->len);
	*out = (struct wire_nlri){.prefix = {.addr = ip_addr_v4(addr), .len = first->len},
		.rd = r->rd,
		.label = wire_family_get(r->family)->labelled ? r->label : WIRE_LABEL_NONE};
}

/* As many as one message takes from the i-th on; the next one's number, or i if none has room. */
static unsigned fill(struct speaker *s, const struct speaker_route *r,
	const struct ip_prefix *first, unsigned i, struct wbuf *w, const struct wire_reach *reach)
{
	const struct wire_nlri_form form = {.family = r->family, .withdrawn = !reach};
	unsigned count = r->count ? r->count : 1;
	struct wire_update_out u;

	if (!wire_update_begin(&u, w, &s->ctx, r->family, reach))
		return i;
	for (; i < count; i++) {
		uint8_t octets[WIRE_NLRI_MAX];
		struct wbuf one = wbuf_of(octets, sizeof(octets));
		struct wire_nlri n;

		nlri_of(r, first, i, &n);
		wire_nlri_put(&one, &form, &n);
		if (one.len > u.room)
			break;
		wire_update_add(&u, octets, one.len);
	}
	wire_update_end(&u);
	return i;
}

/* An address that no codec would take as a next hop is written all the same. */
static int tell(struct speaker *s, const struct speaker_route *r, const struct wire_reach *reach)
{
	unsigned i = 0, next, count = r->count ? r->count : 1;
	uint8_t *octets = malloc(WIRE_MSG_MAX_EXTENDED);
	struct ip_prefix first;
	int err = octets && ip_prefix_parse(r->prefix, &first, NULL) ? 0 : -EINVAL;

	for (; !err && i < count; i = next) {
		struct wbuf w = wbuf_of(octets, WIRE_MSG_MAX_EXTENDED);

		next = fill(s, r, &first, i, &w, reach);
		err = next > i && wbuf_ok(&w) ? speaker_send(s, octets, w.len) : -EMSGSIZE;
	}
	free(octets);
	return err;
}

int speaker_update(struct speaker *s, const struct speaker_route *r)
{
	uint8_t *octets = malloc(WIRE_MSG_MAX_EXTENDED);
	struct wbuf w = wbuf_of(octets, WIRE_MSG_MAX_EXTENDED);
	struct wire_reach reach = {.next_hop = s->local};
	int err = -EINVAL;

	CHECK(octets);
	if (!r->next_hop || ip_addr_parse(r->next_hop, &reach.next_hop)) {
		attrs_put(&w, s, r, &reach.next_hop);
		reach.attrs = (struct wire_span){.p = octets, .len = (uint16_t)w.len};
		err = wbuf_ok(&w) ? tell(s, r, &reach) : -EMSGSIZE;
	}
	free(octets);
	return err;
}

int speaker_unreach(struct speaker *s, const struct speaker_route *r)
{
	return tell(s, r, NULL);
}

int speaker_announce(struct speaker *s, const char *prefix, const void *extra, size_t n_extra)
{
	return speaker_update(
		s, &(struct speaker_route){.prefix = prefix, .extra = extra, .n_extra = n_extra});
}

int speaker_withdraw(struct speaker *s, const char *prefix)
{
	return speaker_unreach(s, &(struct speaker_route){.prefix = prefix});
}

/* --- whether they have it --- */

static enum wire_family a_family(const struct speaker *s)
{
	for (unsigned f = 0; f < WIRE_FAMILIES; f++)
		if (s->ctx.families & WIRE_FAMILY_BIT(f))
			return f;
	return WIRE_FAMILIES;
}

static bool is_refresh(const struct speaker *s, enum wire_family asked, enum wire_refresh what)
{
	enum wire_refresh subtype;
	enum wire_family f;

	return s->type == WIRE_REFRESH && wire_refresh_get(s->body, s->body_len, &f, &subtype) &&
	       f == asked && subtype == what;
}

/*
 * BoRR says that our question was read, and so all before it. Its EoRR is waited for a little, lest the next question meet it. FRR
 * 8.4 offers both and says neither: its routes anew are its answer, if it has any, and those of the session's beginning look
 * alike. So it is believed when a while has passed, the session is up and its kernel has all that we sent.
 */
static bool wait_refreshed(struct speaker *s, enum wire_family f, uint64_t until)
{
	bool begun = false, told = false;
	uint64_t now;

	while ((now = speaker_now_ms()) < until) {
		if (speaker_wait(s, (unsigned)(until - now)) != SPEAKER_MESSAGE)
			break;
		if (begun && is_refresh(s, f, WIRE_REFRESH_EORR))
			return true;
		now = speaker_now_ms();
		if (!begun && is_refresh(s, f, WIRE_REFRESH_BORR)) {
			begun = true;
			until = now + EORR_MS;
		} else if (!begun && !told && s->type == WIRE_UPDATE) {
			told = true;
			until = now + TOLD_MS < until ? now + TOLD_MS : until;
		}
	}
	return s->up && (begun || speaker_tcp_taken(s->fd, until));
}

bool speaker_settled(struct speaker *s, unsigned ms)
{
	uint64_t until = speaker_now_ms() + ms;
	enum wire_family f = a_family(s);
	uint8_t octets[WIRE_HEADER_LEN + 4];
	struct wbuf w = wbuf_of(octets, sizeof(octets));

	if (!s->up || f == WIRE_FAMILIES)
		return false;
	if (!s->ctx.enhanced_refresh)
		return speaker_tcp_taken(s->fd, until) && s->up;
	wire_refresh_put(&w, f, WIRE_REFRESH_REQUEST);
	return !speaker_send(s, octets, w.len) && wait_refreshed(s, f, until);
}
