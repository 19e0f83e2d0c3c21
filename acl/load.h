/*
 * The guard's programs in the kernel: loaded with libbpf (privileged process only), attached to a device, read back.
 *
 * A port's program stands on tc clsact ingress, handle 1 priority 1, and, for ACCESS, on XDP (native, else generic). It is
 * born closed (state.open 0) and is opened by a write to memory. Nothing is pinned unless asked: filter and XDP hook keep the program
 * when we are gone, so a crash closes nothing and opens nothing. Replacing is one operation of the kernel: no packet
 * meets neither.
 *
 * Needs CAP_BPF, CAP_PERFMON (programs compare packet pointers) and CAP_NET_ADMIN, not CAP_SYS_ADMIN; Linux 5.18 or later
 * with CONFIG_BPF_SYSCALL, clsact and cls_bpf. Without CAP_SYS_ADMIN a name of somebody's XDP program cannot be read: then
 * the guard at tc says whose it is.
 *
 * Libbpf's words are the process's: one loader a process at a time.
 */
#ifndef ACL_LOAD_H
#define ACL_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "acl/abi.h"
#include "acl/lpm.h"

struct acl_loader; /* shared: the ring buffer of samples, the count of CPUs */
struct acl_prog;   /* the programs and maps of one port */

/* *out or -errno; -ENOSYS, -EPERM: no eBPF here. message: libbpf's or the verifier's last words, "" if none; borrowed. */
int acl_loader_new(struct acl_loader **out);
void acl_loader_free(struct acl_loader *l);
const char *acl_loader_message(const struct acl_loader *l);

/* Readable when samples wait. */
int acl_loader_fd(const struct acl_loader *l);
typedef void acl_sample_fn(void *arg, const struct acl_sample *s);
/* Hands over all samples that wait; returns how many. */
unsigned acl_loader_samples(struct acl_loader *l, acl_sample_fn *fn, void *arg);

/*
 * Loads the programs of a port, closed, its tables empty. keep: the port's former program, whose counters, hits, state
 * and tables the new one goes on with (the same maps), NULL: none. If it is open, so is the new one. The table of labels
 * goes on if both look labels up, else it begins empty. The XDP program is there for ACCESS only.
 */
int acl_prog_load(struct acl_loader *l, const struct acl_consts *c, struct acl_prog *keep,
	struct acl_prog **out);
/* Closes the descriptors; what is attached stays attached. */
void acl_prog_free(struct acl_prog *p);

/*
 * Attaches (or replaces, atomically, whatever stands in its place): clsact is made if it is not there. 0 or -errno. XDP
 * that cannot be had is no failure under AUTO: *xdp says what it came to (ACL_XDP_OFF).
 */
int acl_prog_attach(
	struct acl_prog *p, uint32_t ifindex, enum acl_xdp_mode want, enum acl_xdp_mode *xdp);

/* What really stands there: */
enum acl_standing {
	ACL_STANDS,	  /* this program, at both hooks where it was attached */
	ACL_STANDS_NOT,	  /* no filter, or no clsact */
	ACL_STANDS_OTHER, /* another program in its place */
	ACL_STANDS_BEHIND, /* another filter, tcx or foreign XDP program could decide before it: closing does not help */
	ACL_STANDS_XDP_GONE, /* the XDP program went, or is another */
	ACL_STANDS_NO_DEVICE,
};
enum acl_standing acl_prog_check(const struct acl_prog *p);
const char *acl_standing_name(enum acl_standing s);

/* Takes off what is ours from a device: the filter, clsact if nothing else is in it, XDP if it is p's. p NULL: by name. */
int acl_prog_detach(struct acl_prog *p, uint32_t ifindex);

/* Whether a program of ours, of whatever run, stands in its place at tc. */
bool acl_prog_found(uint32_t ifindex);

/* Takes off everybody's: XDP, and clsact with all its filters. Only of a device that is down. */
void acl_device_wipe(uint32_t ifindex);

void acl_prog_open(struct acl_prog *p, bool open);
bool acl_prog_is_open(const struct acl_prog *p);

/* Makes the tables what they must be, additions first. 0 or the first -errno (nothing is half right: the port is to be closed). */
int acl_prog_tables(
	struct acl_prog *p, const struct acl_lpm *sources, const struct acl_lpm *destinations);
int acl_prog_labels(struct acl_prog *p, const uint32_t *sorted, unsigned n);
/* Reads the tables back from the kernel: true if they are these. */
bool acl_prog_tables_same(const struct acl_prog *p, const struct acl_lpm *sources,
	const struct acl_lpm *destinations);

/*
 * Shows programs and maps in a bpf file system, as DIR/NAME/{guard,xdp,state,counters,hits,sources,destinations,labels}; what
 * stood there of another program is replaced. 0 or -errno. unpin takes them away again, whoever has put them there.
 */
int acl_prog_pin(const struct acl_prog *p, const char *dir, const char *name);
void acl_prog_unpin(const char *dir, const char *name);

/* Sums over CPUs. */
void acl_prog_counters(const struct acl_prog *p, uint64_t out[ACL_REASONS_MAX]);
void acl_prog_hits(const struct acl_prog *p, uint64_t out[ACL_RULES_MAX]);
void acl_prog_hits_clear(struct acl_prog *p); /* the rules are others */

/* For tests and benchmarks: descriptors of the programs (-1: none), and of a program that does nothing. */
int acl_prog_tc_fd(const struct acl_prog *p);
int acl_prog_xdp_fd(const struct acl_prog *p);
int acl_loader_noop_tc_fd(struct acl_loader *l);
int acl_loader_noop_xdp_fd(struct acl_loader *l);
struct acl_state *acl_prog_state(struct acl_prog *p); /* memory-mapped */

#endif
