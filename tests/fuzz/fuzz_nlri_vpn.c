/* A list of NLRI. The first octet: 1 withdrawn, 2 IPv4 unicast instead of VPN-IPv4, 4 with path identifiers, 8 RT membership. */
#include "tests/fuzz/fuzz.h"

#include "bgpd/wire/msg.h"
#include "lib/check.h"
#include "tests/support/roundtrip.h"

/* wire_nlri_get() and wire_nlri_check() agree on where a list goes wrong. */
static void agree_check(struct wire_span list, const struct wire_nlri_form *form)
{
	struct rbuf r = rbuf_of(list.p, list.len);
	struct wire_fault fault = {0};
	struct wire_nlri n;
	uint16_t count, at;
	bool good = wire_nlri_check(list, form->family, form->add_path, &count, &at);
	unsigned got = 0;

	while (rbuf_left(&r) > 0 && wire_nlri_get(&r, form, &n, &fault))
		got++;
	CHECK(got == count && r.p == list.p + at);
	CHECK(good == rbuf_ok(&r) && good == (fault.action == WIRE_OK));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len < 1 || len > WIRE_MSG_MAX)
		return 0;
	struct wire_nlri_form form = {
		.family = data[0] & 2 ? WIRE_IPV4_UNICAST : WIRE_VPNV4,
		.withdrawn = data[0] & 1,
		.add_path = data[0] & 4,
	};

	if (data[0] & 8)
		form.family = WIRE_RT_CONSTRAINT;

	agree_check((struct wire_span){data + 1, (uint16_t)(len - 1)}, &form);
	CHECK(roundtrip_nlris(data + 1, len - 1, &form) == NULL);
	return 0;
}
