#include "acl/frame.h"

#include "lib/check.h"

#define MACS_LEN 12 /* both addresses */
#define TYPE_LEN 2
#define TAG_LEN	 4 /* TPID and TCI */
#define VID_MASK 0x0fff

bool acl_ethertype_is_tag(uint16_t type)
{
	static const uint16_t tags[] = {ACL_ETH_VLAN, 0x88a8, 0x9100, 0x9200, 0x9300};

	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		if (tags[i] == type)
			return true;
	return false;
}

bool acl_frame_is_labelled(const struct acl_frame *f)
{
	return f->type == ACL_ETH_MPLS || f->type == ACL_ETH_MPLS_MULTICAST;
}

static uint16_t u16_at(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

enum acl_reason acl_frame_parse(struct acl_frame *f, const uint8_t *octets, size_t len)
{
	size_t at = MACS_LEN;

	if (len < MACS_LEN + TYPE_LEN)
		return ACL_MALFORMED;
	*f = (struct acl_frame){.source = octets + 6, .type = u16_at(octets + at)};
	while (acl_ethertype_is_tag(f->type)) {
		if (f->n_tags == ACL_TAGS_MAX)
			return ACL_L2_TAG_DEPTH;
		if (len - at < TAG_LEN + TYPE_LEN)
			return ACL_MALFORMED;
		uint16_t vid = u16_at(octets + at + 2) & VID_MASK;
		if (f->n_tags++ == 0) {
			f->tpid = f->type;
			f->vid = vid;
		}
		f->has_vid |= vid != 0;
		at += TAG_LEN;
		f->type = u16_at(octets + at);
	}
	f->octets = octets + at + TYPE_LEN;
	f->len = len - at - TYPE_LEN;
	return ACL_PASS;
}
