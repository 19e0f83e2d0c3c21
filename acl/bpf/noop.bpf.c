/* Does nothing: what the kernel needs around any program, for the benchmark to subtract. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int noop_tc(struct __sk_buff *skb __attribute__((unused)))
{
	return TC_ACT_UNSPEC;
}

SEC("xdp")
int noop_xdp(struct xdp_md *xdp __attribute__((unused)))
{
	return XDP_PASS;
}

const char gpl[] SEC("license") = "GPL";
