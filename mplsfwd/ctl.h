/*
 * Single netlink requests, each waited for: links, VRF devices, addresses, rules. For what is done a few times in a
 * run and in a strict order; routes and labels go through be_nl in batches.
 */
#ifndef MPLSFWD_CTL_H
#define MPLSFWD_CTL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/prefix.h"

struct nl_sock;
struct nl_msg;
struct nlmsghdr;

struct fwd_ctl {
	struct nl_sock *sk;
};

#define FWD_CTL_ALIAS                                                                              \
	"ravelin" /* IFLA_IFALIAS of the VRF devices that we made: a crashed run's are known by it */

/* All return 0 or -errno as the kernel said it. */
int fwd_ctl_open(struct fwd_ctl *c);
void fwd_ctl_close(struct fwd_ctl *c);

/* Sends one request and waits for its acknowledgement. Keeps msg (frees it). */
int fwd_ctl_do(struct fwd_ctl *c, struct nl_msg *msg);

/* One message of an answer; borrowed for the call. */
typedef void fwd_ctl_fn(void *arg, const struct nlmsghdr *h);

/* Sends one request and hands over the one message that answers it. Keeps msg (frees it). */
int fwd_ctl_get(struct fwd_ctl *c, struct nl_msg *msg, fwd_ctl_fn *fn, void *arg);

/* Everything of a kind: RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE, RTM_GETRULE, RTM_GETNEXTHOP. */
int fwd_ctl_dump(struct fwd_ctl *c, int type, uint8_t family, fwd_ctl_fn *fn, void *arg);

/* The same for a request of the caller's own. Keeps msg (frees it). */
int fwd_ctl_dump_msg(struct fwd_ctl *c, struct nl_msg *msg, fwd_ctl_fn *fn, void *arg);

/* A VRF device, down, with our alias. */
int fwd_ctl_vrf_add(struct fwd_ctl *c, const char *name, uint32_t table);
int fwd_ctl_veth_add(struct fwd_ctl *c, const char *name, const char *peer);
int fwd_ctl_link_del(struct fwd_ctl *c, int ifindex);
int fwd_ctl_link_up(struct fwd_ctl *c, int ifindex, bool up);
int fwd_ctl_link_master(struct fwd_ctl *c, int ifindex, int master); /* master 0: free it */

/* prefix: host bits kept, they are the address. */
int fwd_ctl_addr_add(struct fwd_ctl *c, int ifindex, const struct ip_prefix *prefix);
int fwd_ctl_addr_del(struct fwd_ctl *c, int ifindex, const struct ip_prefix *prefix);

/* `ip rule add|del pref PREF lookup local protocol PROTO`. */
int fwd_ctl_rule_local(struct fwd_ctl *c, bool add, uint8_t af, uint32_t pref, uint8_t proto);

/* `ip rule add l3mdev pref PREF`: what the kernel makes by itself with the first VRF. */
int fwd_ctl_rule_l3mdev(struct fwd_ctl *c, uint8_t af, uint32_t pref);

/* `ip rule add|del pref PREF iif NAME unreachable protocol 82`; the device need not be there. */
int fwd_ctl_rule_iif(struct fwd_ctl *c, bool add, uint8_t af, uint32_t pref, const char *name);

/* A static neighbour: `ip neigh replace|del ADDR lladdr MAC dev IF nud permanent`. */
int fwd_ctl_neigh(
	struct fwd_ctl *c, bool add, int ifindex, const struct ip_addr *addr, const uint8_t mac[6]);

/* Whether it stands so. */
bool fwd_ctl_neigh_is(
	struct fwd_ctl *c, int ifindex, const struct ip_addr *addr, const uint8_t mac[6]);

/* Whether our unreachable default stands in the table, read from the kernel: walks the table. 0 or -errno. */
int fwd_ctl_unreachable_find(struct fwd_ctl *c, uint8_t af, uint32_t table, bool *there);

/* `ip route add|del unreachable default metric 4278198272 table T`: what ends every lookup in a VRF. */
int fwd_ctl_unreachable(struct fwd_ctl *c, bool add, uint8_t af, uint32_t table);

/* The same with `replace`: whatever stands in its place. */
int fwd_ctl_unreachable_force(struct fwd_ctl *c, uint8_t af, uint32_t table);

#endif
