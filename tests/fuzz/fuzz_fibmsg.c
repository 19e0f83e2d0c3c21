/* A datagram from bgpd as the privileged side reads it: decoded, and applied to an LFIB over a kernel in memory. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/check.h"
#include "mplsfwd/be_rec.h"

enum { ACCESS, CORE, N_PORTS };

/* Every message has one encoding: what was read is written again as the same octets. */
static void encoding_check(const struct fib_msg *m, const uint8_t *octets, size_t len)
{
	uint8_t again[FIB_RECORD_MAX];
	struct wbuf w = wbuf_of(again, sizeof(again));

	fib_msg_put(&w, m);
	CHECK(wbuf_ok(&w) && w.len == len && !memcmp(again, octets, len));
}

/* What bgpd may say: no label out of range is ever in the kernel, no route without its object. */
static void kernel_check(struct fwd_model *m)
{
	uint32_t pos = 0, id;

	CHECK(!be_rec_dangling(&m->kernel));
	while ((id = fwd_table_next(&m->kernel.labels, &pos))) {
		uint32_t label;

		memcpy(&label, fwd_table_at(&m->kernel.labels, id), sizeof(label));
		CHECK(label >= m->lfib.conf->label_min && label <= m->lfib.conf->label_max);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ip_prefix address = {.addr = {.af = IP_V4, .o = {192, 168, 1, 1}}, .len = 30};
	struct conf_port ports[N_PORTS] = {[ACCESS] = {.name = "eth2",
						   .role = CONF_PORT_ACCESS,
						   .addresses = &address,
						   .n_addresses = 1},
		[CORE] = {.name = "eth1", .role = CONF_PORT_CORE, .vrf = CONF_VRF_NONE}};
	struct conf_vrf vrfs[2] = {{.name = "a", .table = 1001}, {.name = "b", .table = 1002}};
	struct conf conf = {.label_min = 100,
		.label_max = 109,
		.ports = ports,
		.vrfs = vrfs,
		.n_ports = N_PORTS,
		.n_vrfs = 2};
	struct rbuf r = rbuf_of(data, len > FIB_DGRAM_MAX ? FIB_DGRAM_MAX : len);
	struct fwd_model model;
	struct fib_msg m;
	struct fwd_ack ack;

	fwd_model_init(&model, &conf, 1);
	for (const uint8_t *at = r.p; fib_msg_get(&r, &m); at = r.p) {
		encoding_check(&m, at, (size_t)(r.p - at));
		fwd_model_apply(&model, &m);
		if (m.type ==
			FIB_NEXTHOP) { /* of the other direction: here it plays the core's route */
			struct fwd_path p = {.oif = fwd_model_port_ifindex(CORE),
				.gateway = m.addr,
				.n_labels = m.n_labels};
			memcpy(p.labels, m.labels, sizeof(p.labels));
			fwd_model_nexthop(&model, &m.addr, m.up ? &p : NULL, m.metric, &m);
		}
		kernel_check(&model);
	}
	while (fwd_lfib_ack_get(&model.lfib, &ack))
		CHECK(ack.error >= 0);
	fwd_model_apply(&model, &(struct fib_msg){.type = FIB_BYE});
	CHECK(!model.kernel.routes.n && !model.kernel.objects.n && !model.kernel.labels.n);
	fwd_model_fini(&model);
	return 0;
}
