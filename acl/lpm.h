/*
 * Longest prefix match over IPv4: what the kernel's LPM trie holds, as the reference and the loader's bookkeeping see it.
 * A sorted array; made for the hundreds of prefixes of a port, checked with tens of thousands.
 */
#ifndef ACL_LPM_H
#define ACL_LPM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct acl_lpm_entry {
	uint32_t addr; /* host order, no host bits */
	uint8_t len;
	uint8_t value;
};

struct acl_lpm {
	struct acl_lpm_entry *list; /* by address, then length */
	size_t n, cap;
	uint64_t lens; /* bit of each length that occurs: 33 */
};

void acl_lpm_init(struct acl_lpm *t);
void acl_lpm_fini(struct acl_lpm *t);

/* Replaces the value if the prefix is there. addr's host bits are ignored. */
void acl_lpm_add(struct acl_lpm *t, uint32_t addr, uint8_t len, uint8_t value);
bool acl_lpm_del(struct acl_lpm *t, uint32_t addr, uint8_t len);

/* The value of the longest prefix that covers addr; 0 if none does. */
uint8_t acl_lpm_find(const struct acl_lpm *t, uint32_t addr);

/*
 * What changes from `was` to `is`: fn is called for each prefix that differs, present false: it goes. Deletions come
 * last, so that nothing that stays allowed is ever not.
 */
typedef void acl_lpm_fn(void *arg, const struct acl_lpm_entry *e, bool present);
void acl_lpm_diff(const struct acl_lpm *was, const struct acl_lpm *is, acl_lpm_fn *fn, void *arg);

#endif
