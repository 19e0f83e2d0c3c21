#include "bgpd/wire/comm.h"

#include <string.h>

#include "bgpd/wire/rd.h"
#include "lib/check.h"
#include "lib/text.h"

#define EXT_SUBTYPE_SOO	   0x03 /* route origin, RFC 4360 5 */
#define EXT_NON_TRANSITIVE 0x40 /* of the type's octet, RFC 4360 2 */

static uint32_t comm_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

unsigned wire_comm_count(struct wire_span communities)
{
	return communities.len / 4;
}

uint32_t wire_comm_at(struct wire_span communities, unsigned i)
{
	CHECK(i < wire_comm_count(communities));
	return comm_u32(communities.p + 4 * i);
}

bool wire_comm_has(struct wire_span communities, uint32_t community)
{
	for (unsigned i = 0; i < wire_comm_count(communities); i++)
		if (wire_comm_at(communities, i) == community)
			return true;
	return false;
}

unsigned wire_extcomm_count(struct wire_span ext)
{
	return ext.len / 8;
}

uint64_t wire_extcomm_at(struct wire_span ext, unsigned i)
{
	CHECK(i < wire_extcomm_count(ext));
	const uint8_t *p = ext.p + 8 * i;
	return (uint64_t)comm_u32(p) << 32 | comm_u32(p + 4);
}

bool wire_extcomm_has(struct wire_span ext, uint64_t ec)
{
	for (unsigned i = 0; i < wire_extcomm_count(ext); i++)
		if (wire_extcomm_at(ext, i) == ec)
			return true;
	return false;
}

bool wire_extcomm_is_transitive(uint64_t ec)
{
	return !(ec >> 56 & EXT_NON_TRANSITIVE);
}

static void comm_cut(struct text *t)
{
	if (t->full && t->cap >= 4)
		memcpy(t->s + t->cap - 4, "...", 4);
}

/* As in the registry of well-known communities. */
static void comm_add_one(struct text *t, uint32_t c)
{
	static const struct {
		uint32_t community;
		const char *name;
	} known[] = {
		{WIRE_COMM_GRACEFUL_SHUTDOWN, "graceful-shutdown"},
		{WIRE_COMM_LLGR_STALE, "llgr-stale"},
		{WIRE_COMM_NO_LLGR, "no-llgr"},
		{WIRE_COMM_BLACKHOLE, "blackhole"},
		{WIRE_COMM_NO_EXPORT, "no-export"},
		{WIRE_COMM_NO_ADVERTISE, "no-advertise"},
		{WIRE_COMM_NO_EXPORT_SUBCONFED, "no-export-subconfed"},
		{WIRE_COMM_NO_PEER, "no-peer"},
	};

	for (unsigned i = 0; i < ARRAY_LEN(known); i++) {
		if (c == known[i].community) {
			text_add(t, "%s", known[i].name);
			return;
		}
	}
	text_add(t, "%u:%u", c >> 16, c & 0xffff);
}

char *wire_comm_print(struct wire_span communities, char *out, size_t cap)
{
	struct text t = text_of(out, cap);

	for (unsigned i = 0; i < wire_comm_count(communities) && !t.full; i++) {
		text_add(&t, "%s", i ? " " : "");
		comm_add_one(&t, wire_comm_at(communities, i));
	}
	comm_cut(&t);
	return out;
}

/* A site of origin is a route target but for its sub-type, and prints like one. */
static bool comm_as_soo(uint64_t ext, uint64_t *as_rt)
{
	*as_rt = (ext & ~(UINT64_C(0xff) << 48)) | UINT64_C(2) << 48;
	return (ext >> 48 & 0xff) == EXT_SUBTYPE_SOO && wire_rt_is(*as_rt);
}

bool wire_extcomm_is_soo(uint64_t ec)
{
	uint64_t as_rt;

	return comm_as_soo(ec, &as_rt);
}

char *wire_extcomm_print(struct wire_span ext, char *out, size_t cap)
{
	struct text t = text_of(out, cap);
	char s[WIRE_RD_STRLEN];

	for (unsigned i = 0; i < wire_extcomm_count(ext) && !t.full; i++) {
		uint64_t e = wire_extcomm_at(ext, i), as_rt;

		text_add(&t, "%s", i ? " " : "");
		if (comm_as_soo(e, &as_rt))
			text_add(&t, "soo:%s", wire_rt_print(as_rt, s));
		else
			text_add(&t, "%s%s", wire_rt_is(e) ? "rt:" : "", wire_rt_print(e, s));
	}
	comm_cut(&t);
	return out;
}

char *wire_large_print(struct wire_span large, char *out, size_t cap)
{
	struct text t = text_of(out, cap);

	for (const uint8_t *p = large.p; wire_span_end(large) - p >= 12 && !t.full; p += 12)
		text_add(&t, "%s%u:%u:%u", p == large.p ? "" : " ", comm_u32(p), comm_u32(p + 4),
			comm_u32(p + 8));
	comm_cut(&t);
	return out;
}
