# What a customer may send: sources, the core's numbers, labels behind tags. Each with the same packet let through where it is
# allowed.
. "$SRC/tests/kernel/net.sh"
. "$SRC/tests/kernel/packets.sh"
net_up
ip -n pe1 route add 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
# --- strict: what the CE has announced and is the best; nothing else
check 'starts, strict' begin '{source: strict}'
[ $failed -eq 0 ] || finish
ca=$(mac pe1 ca)
check 'first of all: forwards' within 5 ping_from ce1a 172.16.2.1 172.16.1.1
check 'own source: delivered' three ce2a frames ce1a pe0 $ca -s 172.16.1.9 172.16.2.1
check 'spoofed source: dropped' none ce2a frames ce1a pe0 $ca -s 172.16.77.1 172.16.2.1
check 'spoofed source: counted' counted 1 urpf 3
check "the other site's source: dropped" none ce2a frames ce1a pe0 $ca -s 172.16.2.9 172.16.2.1
check "the core's source: dropped" none ce2a frames ce1a pe0 $ca -s 10.255.0.1 172.16.2.1
check 'our own source: dropped' none ce2a frames ce1a pe0 $ca -s 192.168.1.1 172.16.2.1
check 'a new route of the CE' ask ce 0 172.16.77.0/24 192.168.1.2
delivered() { frames ce1a pe0 $ca -s 172.16.77.1 172.16.2.1; [ "$(echoes ce2a)" -gt "$1" ]; }
check 'its source is let in' within 3 delivered "$(echoes ce2a)"
check 'announced, and not the best: not under strict' eval 'ask source 0 172.16.78.0/24 192.168.1.2 && none ce2a frames ce1a pe0 $ca -s 172.16.78.1 172.16.2.1'

# --- the core's numbers (RFC 4381 2.1, 3.2)
check 'infrastructure: dropped' none p frames ce1a pe0 $ca 10.255.0.2
check 'infrastructure: counted' counted 1 infra_dst 3
ip -n ce2a addr add 10.255.7.1/24 dev lo
check 'a VPN that uses such a number' ask vpn 0 10.255.7.0/24 10.255.0.3 80
own_host() { frames ce1a pe0 $ca 10.255.7.1; [ "$(echoes ce2a)" -gt "$1" ]; }
ip netns exec pe2 ip route add 10.255.7.0/24 vrf vrf-a via 192.168.2.2 dev ca
check 'reaches its own host' within 3 own_host "$(echoes ce2a)"
check 'and still not the core' none p frames ce1a pe0 $ca 10.255.0.2

# --- labels: bare, and behind tags of every kind
check 'labels: dropped' none ce1b frames ce1a pe0 $ca 100001:172.16.1.1 8100.0/100001:172.16.1.1 88a8.0/100001:172.16.1.1 \
	88a8.0/8100.0/100001:172.16.1.1 8100.0/8100.0/8100.0/100001:172.16.1.1 8100.5/100001:172.16.1.1 0:10.255.0.2
check 'labels: counted' counted 1 mpls_not_enabled 21
check 'tags: no VLAN is agreed' eval 'none ce2a frames ce1a pe0 $ca 8100.5/172.16.2.1 && counted 1 l2_vlan_not_agreed 3'
check 'tags: priority' eval 'none ce2a frames ce1a pe0 $ca 8100.0/172.16.2.1 && counted 1 l2_prio_tag 3'
check 'ends' fwd_stop

# --- feasible
check 'starts, feasible' begin '{source: feasible}'
check 'feasible: unknown source: dropped' none ce2a frames ce1a pe0 $ca -s 172.16.78.1 172.16.2.1
check 'feasible: announced' ask source 0 172.16.78.0/24 192.168.1.2
feasible() { frames ce1a pe0 $ca -s 172.16.78.1 172.16.2.1; [ "$(echoes ce2a)" -gt "$1" ]; }
check 'feasible: announced, not the best: delivered' within 3 feasible "$(echoes ce2a)"
check 'feasible: withdrawn' ask unsource 0 172.16.78.0/24 192.168.1.2
check 'feasible: dropped again' within 3 none ce2a frames ce1a pe0 $ca -s 172.16.78.1 172.16.2.1
check 'ends' fwd_stop

# --- switched off: the controls
check 'starts, source: off, infrastructure and labels let in' begin '{source: off, allow: [infrastructure]}' 's/vrf: vrf-a, /&accept-labels: true, /'
check 'control: spoofed source delivered' three ce2a frames ce1a pe0 $ca -s 172.16.77.1 172.16.2.1
check 'control: labelled for the other VPN: delivered' three ce1b frames ce1a pe0 $ca 100001:172.16.1.1
check 'control: infrastructure: the VRF alone keeps it' none p frames ce1a pe0 $ca 10.255.0.2
check 'ends' fwd_stop

finish
