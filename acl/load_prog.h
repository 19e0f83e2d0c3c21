/* Inside of acl/load*.c: what a loader and a port's programs hold. */
#ifndef ACL_LOAD_PROG_H
#define ACL_LOAD_PROG_H

#include "acl/load.h"

#define ACL_TC_NAME  "ravelin_guard" /* of the programs: what a later run knows them by */
#define ACL_XDP_NAME "ravelin_xdp"

struct bpf_object;
struct ring_buffer;

struct acl_loader {
	int drops; /* the ring buffer's map */
	struct ring_buffer *ring;
	uint32_t n_cpus;
	struct bpf_object *noop;
	acl_sample_fn *fn; /* while samples are handed over */
	void *arg;
};

struct acl_prog {
	struct acl_loader *loader;
	struct bpf_object *object;
	int tc, xdp;			   /* descriptors, the object's; xdp -1: none */
	uint32_t tc_id, xdp_id;		   /* the kernel's */
	int sources, destinations, labels; /* maps, the object's */
	struct acl_state *state;	   /* mapped */
	struct acl_counters *counters;
	struct acl_hits *hits;
	uint32_t ifindex;	  /* where it is attached; 0: nowhere yet */
	enum acl_xdp_mode xdp_as; /* NATIVE, GENERIC or OFF */
};

/* The eBPF objects, as the compiler made them. */
struct acl_object {
	const void *start;
	size_t len;
};
struct acl_object acl_object_guard(void);
struct acl_object acl_object_noop(void);

/* As acl_prog_load(), from another object: for tests that break the program on purpose. */
int acl_prog_load_object(struct acl_loader *l, struct acl_object object, const struct acl_consts *c,
	struct acl_prog *keep, struct acl_prog **out);

#endif
