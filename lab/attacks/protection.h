/*
 * What can be switched off, one thing at a time, for a positive control.
 *
 * A protection of Ravelin is off by one change of its configuration, named by the path of the change, so that report and
 * reader see that nothing else differs; or by commands in the PE, where the protection is a setting of the kernel. With FRR
 * as PE it is always commands, and many have none: FRR has no such protection, and the attack must succeed as it is.
 */
#ifndef LAB_ATTACKS_PROTECTION_H
#define LAB_ATTACKS_PROTECTION_H

#include <stdbool.h>
#include <stddef.h>

/* Owners of attacks add theirs at the end; ATTACK_OFF_NONE: the control is in the attack itself (row says how). */
enum attack_off {
	ATTACK_OFF_NONE,
	ATTACK_OFF_LABELS,	  /* labels are accepted at the customer's port */
	ATTACK_OFF_SOURCE,	  /* any source address */
	ATTACK_OFF_CONTROL_PLANE, /* any packet to the router */
	ATTACK_OFF_ROUTE_TARGETS, /* a CE's route targets are kept */
	ATTACK_OFF_MD5,		  /* the key of ce-x */
	ATTACK_OFF_GTSM,	  /* ce-x may be anywhere */
	ATTACK_OFF_POLICERS,	  /* ce-x's port: as much as it likes */
	ATTACK_OFF_MAX_PREFIX,	  /* a neighbour's limit */
	ATTACK_OFF_MAX_ROUTES,	  /* a VRF's limit */
	ATTACK_OFF_ROLE,	  /* roles (RFC 9234) */
	ATTACK_OFF_AS_LOOP,	  /* our own AS in a path */
	ATTACK_OFF_AS_SET,
	ATTACK_OFF_IMPORT_POLICY, /* none is needed (RFC 8212) */
	ATTACK_OFF_FIRST_AS,
	ATTACK_OFF_NEXT_HOP,
	ATTACK_OFF_MARTIAN_NLRI,
	ATTACK_OFF_STEERING,	   /* attributes of a customer's */
	ATTACK_OFF_BLACKHOLES,	   /* of what is not the neighbour's */
	ATTACK_OFF_FAMILIES,	   /* the other AS may speak of VPNs */
	ATTACK_OFF_MARTIANS,	   /* sources that nobody may have, or that are the PE's */
	ATTACK_OFF_BINDINGS,	   /* who has which address on a shared LAN */
	ATTACK_OFF_FEASIBLE,	   /* the source check knows the best path only */
	ATTACK_OFF_UNBOUND,	   /* a label that nobody was given leads into a VRF */
	ATTACK_OFF_OTHER_AS,	   /* the other AS may use any label, not only those it was told */
	ATTACK_OFF_VLAN,	   /* VLAN 40 of the trunk is agreed, and of the core */
	ATTACK_OFF_GUARD,	   /* no guard at all at the customer's port */
	ATTACK_OFF_LAN_LABELS,	   /* labels are accepted at the shared LAN's port */
	ATTACK_OFF_LAN_ARP,	   /* any ARP there */
	ATTACK_OFF_PIPE,	   /* the core's hops count in a customer's TTL */
	ATTACK_OFF_ICMP_RATE,	   /* as many ICMP errors as are asked for */
	ATTACK_OFF_VRF_SOURCE,	   /* the PE has an address of the core in the VRF */
	ATTACK_OFF_ARP_TARGET,	   /* ARP for any address */
	ATTACK_OFF_IP_OPTIONS,	   /* of any kind */
	ATTACK_OFF_VRF_ID,	   /* customers are told the loopback as BGP identifier */
	ATTACK_OFF_INFRASTRUCTURE, /* the core's numbers lead to the core */
	ATTACK_OFF_DHCP,	   /* a DHCP server may be behind the port */
	ATTACK_OFF_REDIRECTS,	   /* ICMP redirects pass */
	ATTACK_OFF_BROADCAST,	   /* directed broadcasts are forwarded (kernel) */
	ATTACK_OFF_WHO,		   /* neighbours on ce-x's link are whoever comes */
	ATTACK_OFF_HOLD,	   /* no hold time with ce-x */
	ATTACK_OFF_VRF_SOCKETS,	   /* the core's listener takes what comes in a VRF */
	ATTACK_OFF_TUNNELS,	   /* tunnels to the router from the customer */
	ATTACK_OFF_KEY,		   /* ce-a1 has a key that anybody would guess */
	ATTACK_OFF_TABLES,	   /* a route of one VPN stands in the other's table */
	ATTACK_OFF_VRF_LOOKUP,	   /* the core's table is asked first */
	ATTACK_OFF_BOOT_ORDER,	   /* a port is up and forwards before it is in its VRF */
	ATTACK_OFF_PORT_RULE,	   /* a port that lost its VRF is the core's */
	ATTACK_OFF_IMPORT,	   /* a VRF imports another VPN's routes */
	ATTACK_OFF_N
};

struct attack_protection {
	const char *name; /* "label guard" */
	const char *key;  /* "ports[name=eth2].guard.allow" */
	const char *
		value; /* YAML put there: "[tags]"; "": the key is taken away; NULL with commands only */
	bool whole;	    /* the commands want sessions and routes to be there */
	const char *off[4]; /* shell lines in the PE that switch it off, Ravelin; ended by NULL */
	const char *on[4];  /* and on again */
	const char *frr_off[4]; /* the same with FRR as PE */
	const char *frr_on[4];
};

const struct attack_protection *attack_protection_find(enum attack_off off);

/*
 * The configuration text with the one change. key: names joined by dots; [name=x] or [address=x] picks an item of a list. Missing
 * mappings on the way are made; value "" takes the key away. The caller's; NULL with the reason in err.
 */
char *attack_protection_patch(
	const char *text, const char *key, const char *value, char *err, size_t cap);

#endif
