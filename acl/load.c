/* The loader and the life of a port's programs: from the embedded object to programs and mapped memory. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "acl/load_prog.h"
#include "lib/check.h"

/* libbpf's print function has no argument of ours, and it is one for the process: so are its last words. */
static struct {
	char text[1024];
} words;

/* What is said first of all names the step; of a verifier's log the end says why. */
static int words_keep(enum libbpf_print_level level, const char *format, va_list args)
{
	char *line;
	int n;

	if (level != LIBBPF_WARN)
		return 0;
	n = vasprintf(&line, format, args);
	if (n < 0)
		return 0;
	size_t have = strlen(words.text), len = (size_t)n;
	const char *from = line;
	if (len >= sizeof(words.text)) {
		from = line + len - (sizeof(words.text) - 1);
		len = sizeof(words.text) - 1;
	}
	if (have + len >= sizeof(words.text)) { /* the oldest go */
		size_t cut = have + len - (sizeof(words.text) - 1);
		memmove(words.text, words.text + cut, have - cut + 1);
		have -= cut;
	}
	memcpy(words.text + have, from, len);
	words.text[have + len] = 0;
	free(line);
	return n;
}

static int hand_over(void *arg, void *data, size_t len)
{
	struct acl_loader *l = arg;

	if (len >= sizeof(struct acl_sample) && l->fn)
		l->fn(l->arg, data);
	return 0;
}

int acl_loader_new(struct acl_loader **out)
{
	int cpus, r;

	words.text[0] = 0;
	libbpf_set_print(words_keep);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	cpus = libbpf_num_possible_cpus();
	if (cpus < 1)
		return cpus < 0 ? cpus : -EINVAL;
	int drops = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "drops", 0, 0, ACL_DROPS_OCTETS, NULL);
	if (drops < 0)
		return drops;
	struct acl_loader *l = calloc(1, sizeof(*l));
	CHECK(l);
	*l = (struct acl_loader){.drops = drops, .n_cpus = (uint32_t)cpus};
	l->ring = ring_buffer__new(drops, hand_over, l, NULL);
	if (!l->ring) {
		r = -errno;
		acl_loader_free(l);
		return r;
	}
	*out = l;
	return 0;
}

void acl_loader_free(struct acl_loader *l)
{
	if (!l)
		return;
	ring_buffer__free(l->ring);
	bpf_object__close(l->noop);
	close(l->drops);
	free(l);
}

const char *acl_loader_message(const struct acl_loader *l)
{
	return words.text;
}

int acl_loader_fd(const struct acl_loader *l)
{
	return ring_buffer__epoll_fd(l->ring);
}

unsigned acl_loader_samples(struct acl_loader *l, acl_sample_fn *fn, void *arg)
{
	l->fn = fn;
	l->arg = arg;
	int n = ring_buffer__consume(l->ring);
	l->fn = NULL;
	return n > 0 ? (unsigned)n : 0;
}

static struct bpf_object *object_open(struct acl_object o)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "ravelin");

	return bpf_object__open_mem(o.start, o.len, &opts);
}

static struct bpf_map *map_of(const struct bpf_object *o, const char *name)
{
	struct bpf_map *m = bpf_object__find_map_by_name(o, name);

	CHECK(m); /* it is our own object */
	return m;
}

static int map_fd(const struct bpf_object *o, const char *name)
{
	return bpf_map__fd(map_of(o, name));
}

/* Everything but the constants goes on in the new program. Labels do if they are looked up in both. */
static int maps_keep(struct bpf_object *o, const struct bpf_object *was, bool labels)
{
	static const char *const names[] = {
		".data.state", "counters", "hits", "sources", "destinations", "labels"};
	unsigned n = sizeof(names) / sizeof(names[0]) - !labels;
	int r = 0;

	for (unsigned i = 0; i < n && !r; i++)
		r = bpf_map__reuse_fd(map_of(o, names[i]), map_fd(was, names[i]));
	return r;
}

static int maps_make(struct acl_loader *l, struct bpf_object *o, const struct acl_consts *c,
	const struct bpf_object *was)
{
	struct bpf_map *labels = map_of(o, "labels");
	uint32_t n = c->labels == ACL_LABELS_ADVERTISED ? ACL_LABELS_MAX : 1;
	size_t size = 0;
	int r;

	struct acl_consts *consts =
		(struct acl_consts *)bpf_map__initial_value(map_of(o, ".rodata.consts"), &size);
	CHECK(consts && size == sizeof(*consts));
	*consts = *c;
	consts->n_cpus = l->n_cpus;
	r = bpf_map__set_max_entries(map_of(o, "counters"), l->n_cpus);
	if (!r)
		r = bpf_map__set_max_entries(map_of(o, "hits"), l->n_cpus);
	if (!r)
		r = bpf_map__set_max_entries(labels, n);
	if (!r)
		r = bpf_map__reuse_fd(map_of(o, "drops"), l->drops);
	if (!r && was)
		r = maps_keep(o, was, bpf_map__max_entries(map_of(was, "labels")) == n);
	return r;
}

static size_t in_pages(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (n + page - 1) / page * page;
}

static void *map_memory(const struct bpf_object *o, const char *name, size_t len)
{
	void *p = mmap(NULL, in_pages(len), PROT_READ | PROT_WRITE, MAP_SHARED, map_fd(o, name), 0);

	return p == MAP_FAILED ? NULL : p;
}

static int prog_id(int fd, uint32_t *id)
{
	struct bpf_prog_info info = {0};
	uint32_t len = sizeof(info);
	int r = bpf_obj_get_info_by_fd(fd, &info, &len);

	*id = info.id;
	return r;
}

/* After the object was loaded. */
static int prog_take(struct acl_prog *p)
{
	const struct bpf_object *o = p->object;
	size_t rows = p->loader->n_cpus;
	int r;

	p->tc = bpf_program__fd(bpf_object__find_program_by_name(o, ACL_TC_NAME));
	p->xdp = bpf_program__fd(bpf_object__find_program_by_name(o, ACL_XDP_NAME));
	p->xdp = p->xdp < 0 ? -1 : p->xdp;
	p->sources = map_fd(o, "sources");
	p->destinations = map_fd(o, "destinations");
	p->labels = map_fd(o, "labels");
	r = prog_id(p->tc, &p->tc_id);
	if (!r && p->xdp >= 0)
		r = prog_id(p->xdp, &p->xdp_id);
	if (r)
		return r;
	p->state = map_memory(o, ".data.state", sizeof(*p->state));
	p->counters = map_memory(o, "counters", rows * sizeof(*p->counters));
	p->hits = map_memory(o, "hits", rows * sizeof(*p->hits));
	return p->state && p->counters && p->hits ? 0 : -errno;
}

int acl_prog_load(struct acl_loader *l, const struct acl_consts *c, struct acl_prog *keep,
	struct acl_prog **out)
{
	return acl_prog_load_object(l, acl_object_guard(), c, keep, out);
}

int acl_prog_load_object(struct acl_loader *l, struct acl_object object, const struct acl_consts *c,
	struct acl_prog *keep, struct acl_prog **out)
{
	struct acl_prog *p = calloc(1, sizeof(*p));
	int r;

	CHECK(p);
	words.text[0] = 0;
	*p = (struct acl_prog){.loader = l, .tc = -1, .xdp = -1, .xdp_as = ACL_XDP_OFF};
	p->object = object_open(object);
	r = p->object ? 0 : -errno;
	if (!r && c->role != ACL_ROLE_ACCESS)
		r = bpf_program__set_autoload(
			bpf_object__find_program_by_name(p->object, ACL_XDP_NAME), false);
	if (!r)
		r = maps_make(l, p->object, c, keep ? keep->object : NULL);
	if (!r)
		r = bpf_object__load(p->object);
	if (!r)
		r = prog_take(p);
	if (r) {
		acl_prog_free(p);
		return r;
	}
	if (keep) {
		p->ifindex = keep->ifindex;
		p->xdp_as = keep->xdp_as;
	}
	*out = p;
	return 0;
}

void acl_prog_free(struct acl_prog *p)
{
	if (!p)
		return;
	size_t rows = p->loader->n_cpus;
	if (p->state)
		munmap(p->state, in_pages(sizeof(*p->state)));
	if (p->counters)
		munmap(p->counters, in_pages(rows * sizeof(*p->counters)));
	if (p->hits)
		munmap(p->hits, in_pages(rows * sizeof(*p->hits)));
	bpf_object__close(p->object);
	free(p);
}

void acl_prog_open(struct acl_prog *p, bool open)
{
	__atomic_store_n(&p->state->open, open, __ATOMIC_SEQ_CST);
}

bool acl_prog_is_open(const struct acl_prog *p)
{
	return __atomic_load_n(&p->state->open, __ATOMIC_SEQ_CST);
}

void acl_prog_counters(const struct acl_prog *p, uint64_t out[ACL_REASONS_MAX])
{
	for (unsigned i = 0; i < ACL_REASONS_MAX; i++) {
		out[i] = 0;
		for (uint32_t cpu = 0; cpu < p->loader->n_cpus; cpu++)
			out[i] += __atomic_load_n(&p->counters[cpu].n[i], __ATOMIC_RELAXED);
	}
}

void acl_prog_hits(const struct acl_prog *p, uint64_t out[ACL_RULES_MAX])
{
	for (unsigned i = 0; i < ACL_RULES_MAX; i++) {
		out[i] = 0;
		for (uint32_t cpu = 0; cpu < p->loader->n_cpus; cpu++)
			out[i] += __atomic_load_n(&p->hits[cpu].n[i], __ATOMIC_RELAXED);
	}
}

void acl_prog_hits_clear(struct acl_prog *p)
{
	for (uint32_t cpu = 0; cpu < p->loader->n_cpus; cpu++)
		for (unsigned i = 0; i < ACL_RULES_MAX; i++)
			__atomic_store_n(&p->hits[cpu].n[i], 0, __ATOMIC_RELAXED);
}

int acl_prog_tc_fd(const struct acl_prog *p)
{
	return p->tc;
}

int acl_prog_xdp_fd(const struct acl_prog *p)
{
	return p->xdp;
}

struct acl_state *acl_prog_state(struct acl_prog *p)
{
	return p->state;
}

static int noop_fd(struct acl_loader *l, const char *name)
{
	if (!l->noop) {
		l->noop = object_open(acl_object_noop());
		if (!l->noop)
			return -errno;
		int r = bpf_object__load(l->noop);
		if (r) {
			bpf_object__close(l->noop);
			l->noop = NULL;
			return r;
		}
	}
	return bpf_program__fd(bpf_object__find_program_by_name(l->noop, name));
}

int acl_loader_noop_tc_fd(struct acl_loader *l)
{
	return noop_fd(l, "noop_tc");
}

int acl_loader_noop_xdp_fd(struct acl_loader *l)
{
	return noop_fd(l, "noop_xdp");
}
