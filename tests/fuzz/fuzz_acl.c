/*
 * A frame on a guarded port: octets 0 to 2 choose the port, of which the rest is random by octet 3 and 4, and what follows
 * is the frame. Whatever it holds: nothing labelled passes a port that takes no labels, a closed port nothing, a trunk one
 * tag; and what is decided without tables does not depend on them.
 */
#include <string.h>

#include "acl/frame.h"
#include "acl/packet.h"
#include "lib/check.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/acl_frames.h"

static void check_passed(const struct acl_port *p, const uint8_t *frame, size_t len)
{
	const struct acl_consts *c = &p->consts;
	struct acl_frame f;

	CHECK(c->role != ACL_ROLE_CLOSED && acl_frame_parse(&f, frame, len) == ACL_PASS);
	CHECK(!acl_frame_is_labelled(&f) || c->labels != ACL_LABELS_NONE);
	CHECK(c->role != ACL_ROLE_TRUNK || (f.n_tags == 1 && f.vid != 0));
	if (c->role != ACL_ROLE_ACCESS || acl_frame_is_labelled(&f))
		return;
	CHECK(f.type == ACL_ETH_IPV4 || f.type == ACL_ETH_ARP);
	CHECK(!f.has_vid && (f.n_tags == 0 || c->off & ACL_OFF_TAGS));
	CHECK(!(f.source[0] & 1) && memcmp(f.source, c->mac, 6) != 0);
	struct acl_packet packet;
	if (f.type == ACL_ETH_IPV4) {
		CHECK(acl_packet_parse(&packet, f.octets, f.len) == ACL_PASS);
		CHECK(c->source == ACL_SOURCE_OFF ||
			acl_lpm_find(&p->sources, packet.src) & ACL_SRC_ROUTED);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len < 5)
		return 0;
	struct rng g = {(uint64_t)data[3] << 8 | data[4]};
	struct acl_port p, bare;
	struct acl_state state;

	acl_frames_port(&g, &p);
	acl_frames_state(&g, &state);
	p.consts.role = data[0] % 4;
	p.consts.labels = data[0] / 4 % 3;
	p.consts.source = data[0] / 16 % 3;
	p.consts.off = (uint16_t)(data[1] << 8 | data[2]) % (2 * ACL_OFF_REDIRECT);
	struct acl_verdict v = acl_match(&p, &state, 1, data + 5, len - 5);
	CHECK(v.reason < ACL_REASONS && (v.rule == ACL_RULE_NONE || v.rule < p.consts.n_rules));
	CHECK(state.open || v.reason == ACL_PORT_NOT_BOUND);
	if (v.reason == ACL_PASS)
		check_passed(&p, data + 5, len - 5);
	acl_port_init(&bare);
	memcpy(&bare.consts, &p.consts, sizeof(bare.consts));
	bare.consts.n_bindings = bare.consts.n_services = 0;
	if (v.stateless)
		CHECK(acl_match(&bare, &state, 1, data + 5, len - 5).reason == v.reason);
	acl_port_fini(&bare);
	acl_port_fini(&p);
	return 0;
}
