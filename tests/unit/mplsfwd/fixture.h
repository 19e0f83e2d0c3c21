/* Two VRFs, one core port, one access port each, and a model that runs them. */
#ifndef TESTS_UNIT_MPLSFWD_FIXTURE_H
#define TESTS_UNIT_MPLSFWD_FIXTURE_H

#include "mplsfwd/be_rec.h"

enum { PORT_CORE, PORT_A, PORT_B, PORT_B_OPEN, N_PORTS };
enum { VRF_A, VRF_B, N_VRFS };

#define LABEL_MIN 100000
#define LABEL_A	  100000
#define LABEL_B	  100001
#define PE2	  0x0aff0003 /* 10.255.0.3 */
#define P1	  0x0a000002 /* 10.0.0.2 */
#define CE_A	  0xc0a80102 /* 192.168.1.2 */

struct fixture {
	struct conf conf;
	struct conf_port ports[N_PORTS];
	struct conf_vrf vrfs[N_VRFS];
	struct ip_prefix addresses[N_PORTS];
	struct fwd_model m;
};

void fixture_init(struct fixture *f);
void fixture_fini(struct fixture *f);

/* One request; what bgpd is answered (-1: nothing). */
int fixture_say(struct fixture *f, const struct fib_msg *m);
int fixture_track(struct fixture *f, uint32_t next_hop);
int fixture_label(struct fixture *f, uint8_t type, uint32_t label, uint16_t vrf);
int fixture_vpn(
	struct fixture *f, uint16_t vrf, const char *prefix, uint32_t next_hop, uint32_t label);
int fixture_ce(struct fixture *f, uint16_t vrf, const char *prefix, uint32_t gateway);
int fixture_del(struct fixture *f, uint16_t vrf, const char *prefix);

/* The core reaches next_hop through P1 with one label; 0: not at all. True: bgpd would be told. */
bool fixture_path(struct fixture *f, uint32_t next_hop, uint32_t label);

#endif
