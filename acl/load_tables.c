/*
 * The tables of a port: read from the kernel, compared with what they must be, and only what differs is written. So a
 * table that somebody else has changed is mended by the same call.
 */
#include <bpf/bpf.h>
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "acl/load_prog.h"
#include "lib/check.h"

#define BATCH 4096

/* What stands in a map, keys of 4 or 8 octets and values of one. Both allocated; 0 or -errno. */
struct dump {
	uint8_t *keys, *values;
	size_t n;
};

static void dump_fini(struct dump *d)
{
	free(d->keys);
	free(d->values);
	*d = (struct dump){0};
}

static int dump_read(int fd, size_t key_len, struct dump *d)
{
	uint64_t in = 0, next = 0; /* opaque; as long as a key */
	bool first = true;
	int r = 0;

	*d = (struct dump){0};
	do {
		uint32_t n = BATCH;
		d->keys = realloc(d->keys, (d->n + BATCH) * key_len);
		d->values = realloc(d->values, d->n + BATCH);
		CHECK(d->keys && d->values);
		r = bpf_map_lookup_batch(fd, first ? NULL : &in, &next, d->keys + d->n * key_len,
			d->values + d->n, &n, NULL);
		if (!r || r == -ENOENT)
			d->n += n;
		in = next;
		first = false;
	} while (!r);
	if (r == -ENOENT)
		return 0;
	dump_fini(d);
	return r;
}

static int entry_order(const void *a, const void *b)
{
	const struct acl_lpm_entry *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return (int)x->len - (int)y->len;
}

/* As a sorted list; list is allocated. */
static int prefixes_read(int fd, struct acl_lpm_entry **list, size_t *n)
{
	struct dump d;
	int r = dump_read(fd, sizeof(struct acl_lpm_key), &d);

	if (r)
		return r;
	*list = calloc(d.n + 1, sizeof(**list));
	CHECK(*list);
	*n = d.n;
	for (size_t i = 0; i < d.n; i++) {
		struct acl_lpm_key k;
		memcpy(&k, d.keys + i * sizeof(k), sizeof(k));
		(*list)[i] = (struct acl_lpm_entry){
			.addr = ntohl(k.addr_be), .len = (uint8_t)k.len, .value = d.values[i]};
	}
	dump_fini(&d);
	qsort(*list, *n, sizeof(**list), entry_order);
	return 0;
}

/*
 * Newer kernels give maps memory from a small stock, refilled behind our back: who writes much at once finds it empty for
 * a moment.
 */
#define REFILL_TRIES 100
#define REFILL_NS    1000000

static int element_write(int fd, const void *key, const void *value)
{
	int r = -ENOMEM;

	for (int i = 0; i < REFILL_TRIES && r == -ENOMEM; i++) {
		if (i)
			nanosleep(&(struct timespec){.tv_nsec = REFILL_NS}, NULL);
		r = bpf_map_update_elem(fd, key, value, BPF_ANY);
	}
	return r;
}

static int prefix_write(int fd, const struct acl_lpm_entry *e, bool present)
{
	struct acl_lpm_key k = {.len = e->len, .addr_be = htonl(e->addr)};

	return present ? element_write(fd, &k, &e->value) : bpf_map_delete_elem(fd, &k);
}

/* One of two passes over both sorted lists: what is new or other, or what goes. */
static int prefixes_pass(int fd, const struct acl_lpm_entry *was, size_t n_was,
	const struct acl_lpm_entry *is, size_t n_is, bool add)
{
	size_t i = 0, j = 0;
	int r = 0;

	while ((i < n_was || j < n_is) && !r) {
		int order = i == n_was ? 1 : j == n_is ? -1 : entry_order(&was[i], &is[j]);
		if (order < 0 && !add)
			r = prefix_write(fd, &was[i], false);
		else if (add && (order > 0 || (!order && was[i].value != is[j].value)))
			r = prefix_write(fd, &is[j], true);
		i += order <= 0;
		j += order >= 0;
	}
	return r;
}

static int prefixes_set(int fd, const struct acl_lpm *is)
{
	struct acl_lpm_entry *was;
	size_t n;
	int r = prefixes_read(fd, &was, &n);

	if (r)
		return r;
	r = prefixes_pass(fd, was, n, is->list, is->n, true);
	if (!r)
		r = prefixes_pass(fd, was, n, is->list, is->n, false);
	free(was);
	return r;
}

int acl_prog_tables(
	struct acl_prog *p, const struct acl_lpm *sources, const struct acl_lpm *destinations)
{
	/* What is closed to customers before what is opened: an address that becomes ours is ours at once. */
	int r = prefixes_set(p->destinations, destinations);

	return r ? r : prefixes_set(p->sources, sources);
}

static bool prefixes_same(int fd, const struct acl_lpm *is)
{
	struct acl_lpm_entry *was;
	size_t n;

	if (prefixes_read(fd, &was, &n))
		return false;
	bool same = n == is->n;
	for (size_t i = 0; i < n && same; i++)
		same = !entry_order(&was[i], &is->list[i]) && was[i].value == is->list[i].value;
	free(was);
	return same;
}

bool acl_prog_tables_same(
	const struct acl_prog *p, const struct acl_lpm *sources, const struct acl_lpm *destinations)
{
	return prefixes_same(p->sources, sources) && prefixes_same(p->destinations, destinations);
}

static int label_order(const void *a, const void *b)
{
	uint32_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

int acl_prog_labels(struct acl_prog *p, const uint32_t *sorted, unsigned n)
{
	struct dump d;
	uint8_t one = 1;
	int r = dump_read(p->labels, sizeof(uint32_t), &d);

	if (r)
		return r;
	if (d.n)
		qsort(d.keys, d.n, sizeof(uint32_t), label_order);
	for (unsigned i = 0; i < n && !r; i++)
		if (!d.n || !bsearch(&sorted[i], d.keys, d.n, sizeof(uint32_t), label_order))
			r = element_write(p->labels, &sorted[i], &one);
	for (size_t i = 0; i < d.n && !r; i++) {
		const uint8_t *key = d.keys + i * sizeof(uint32_t);
		if (!n || !bsearch(key, sorted, n, sizeof(uint32_t), label_order))
			r = bpf_map_delete_elem(p->labels, key);
	}
	dump_fini(&d);
	return r;
}
