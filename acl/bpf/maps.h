/*
 * What the programs of a port hold: its constants, the gate and the token buckets, counters, tables, samples.
 * The loader gives constants their values, freezes them (so that the verifier drops what a port has not) and maps the
 * rest into its memory; programs that follow one another on a port share everything but the constants.
 */
#ifndef ACL_BPF_MAPS_H
#define ACL_BPF_MAPS_H

#include "acl/abi.h"
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* The compiler knows that v is below mask and would leave it out; older verifiers have lost it by then. */
#define bound(v, mask) asm volatile("%0 &= %1" : "+r"(v) : "i"(mask))

const volatile struct acl_consts consts SEC(".rodata.consts");
struct acl_state state SEC(".data.state");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* the loader says how many CPUs there are */
	__type(key, __u32);
	__type(value, struct acl_counters);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct acl_hits);
} hits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, ACL_PREFIXES_MAX);
	__type(key, struct acl_lpm_key);
	__type(value, __u8);
} sources SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, ACL_PREFIXES_MAX);
	__type(key, struct acl_lpm_key);
	__type(value, __u8);
} destinations SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1); /* the loader makes it ACL_LABELS_MAX where labels are looked up */
	__type(key, __u32);
	__type(value, __u8);
} labels SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, ACL_DROPS_OCTETS);
} drops SEC(".maps");

static __always_inline void count(__u32 reason)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct acl_counters *row = bpf_map_lookup_elem(&counters, &cpu);

	if (row)
		row->n[reason % ACL_REASONS_MAX]++;
}

static __always_inline void count_rule(__u32 rule)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct acl_hits *row = bpf_map_lookup_elem(&hits, &cpu);

	if (row)
		row->n[rule % ACL_RULES_MAX]++;
}

static __always_inline __u8 prefix_find(void *trie, __u32 addr_be)
{
	struct acl_lpm_key key = {.len = 32, .addr_be = addr_be};
	__u8 *value = bpf_map_lookup_elem(trie, &key);

	return value ? *value : 0;
}

/*
 * acl/police.h, by compare and swap: all CPUs share a bucket. Who loses the race as often as this is refused: each time
 * another packet was let through.
 */
#define POLICE_TRIES 8
__noinline __u32 police(__u32 id)
{
	if (id >= ACL_BUCKETS)
		return 0;
	__u64 interval = consts.police[id].interval_ns, burst = consts.police[id].burst_ns;
	__u64 now = bpf_ktime_get_ns();

	for (int i = 0; i < POLICE_TRIES; i++) {
		__u64 tat = *(volatile __u64 *)&state.tat_ns[id];
		__u64 base = tat > now ? tat : now;
		if (base - now > burst)
			return 0;
		if (__sync_val_compare_and_swap(&state.tat_ns[id], tat, base + interval) == tat)
			return 1;
	}
	return 0;
}

/* The clock is read only where there is a limit. */
static __always_inline int within_rate(__u32 id)
{
	return !consts.police[id].interval_ns || police(id);
}

/*
 * Whether this packet may be a sample. Under a flood nearly all may not, and that must cost nothing: after a refusal
 * the clock is not read again before the tick has changed.
 */
static __always_inline int sample_wanted(void)
{
	__u32 tick = bpf_jiffies64();

	if (!consts.police[ACL_BUCKET_SAMPLE].interval_ns || likely(state.sample_tick == tick))
		return 0;
	if (police(ACL_BUCKET_SAMPLE))
		return 1;
	state.sample_tick = tick;
	return 0;
}

#endif
