# What a curious customer sees of the core: nobody answers it but its own PEs with addresses of its own VPN, and the far host
# (RFC 4381 2.2, 3.2); and the core's numbers are silence, whatever is missing in the VRF's table.
. "$SRC/tests/kernel/net.sh"
. "$SRC/tests/kernel/packets.sh"
net_up
ip -n pe1 route add 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
for n in ce1a ce2a pe1 pe2; do # who answers is the question here, not how often
	ip netns exec $n sh -c 'cd /proc/sys/net/ipv4; echo 0 >icmp_ratelimit; for i in neigh/*; do echo 100 >$i/retrans_time_ms; done'
done
core='10.255.0.1 10.255.0.2 10.255.0.3 10.0.1.1 10.0.1.2 10.0.2.1 10.0.2.2 10.255.0.77'
asks() { ip netns exec "$1" python3 "$SRC/tests/kernel/hiding.py" pe0 172.16.${1:2:1}.1 "${@:2}" | tee $t/answer; }
answers() { # PATTERN FROM COMMAND...
	asks "${@:2}"
	grep -q -- "$1" $t/answer
}
hops() { # FROM TO PE1 PE2: all probes; nobody but these answers, and the far host does after 2 or 3 hops
	asks "$1" trace "$2"
	[ "$(grep -c . $t/answer)" = 15 ] && grep -q "^udp 1 $3 icmp 11.0$" $t/answer && grep -q "^udp 3 $2 icmp 3.3$" $t/answer &&
		grep -q "^icmp 3 $2 reply" $t/answer && grep -q "^tcp 3 $2 tcp" $t/answer &&
		! awk '{print $3}' $t/answer | grep -qvx -e - -e "$2" -e "$3" -e "$4"
}
far_after() { awk -v who="$1" '$1 == "icmp" && $3 == who {print $2; exit}' $t/answer; }

overheard() { # what comes to the customer's port unasked, while it comes up
	asks ce1a listen 2 &
	within 3 grep -q listening $t/answer
	ip -n pe1 link set ca down
	ip -n pe1 link set ca up
	wait $!
	grep heard $t/answer
}

infra='s/10.255.0.0\/16]}/10.255.0.0\/16, 10.0.0.0\/16]}/'
check 'starts' begin '{source: strict}' "$infra"
[ $failed -eq 0 ] || finish
ca=$(mac pe1 ca)
check 'first of all: forwards' within 5 ping_from ce1a 172.16.2.1 172.16.1.1

check 'probe: this kernel has the source that hides' has 'in_pe1 "$BUILD/ravelind" --probe' '^ok  *vrf-source'

# --- traceroute (RFC 3443: pipe)
check 'trace: only the PEs and the far host' hops ce1a 172.16.2.1 192.168.1.1 192.168.2.1
short=$(far_after 172.16.2.1)
check 'trace: the same from the other side' hops ce2a 172.16.1.1 192.168.2.1 192.168.1.1
ip netns add p2
ip link add p2 netns p type veth peer name p netns p2
ip link add pe2 netns p2 type veth peer name core2 netns pe2
ip netns exec p2 sh -c 'cd /proc/sys/net && echo 1 >ipv4/ip_forward && echo 100000 >mpls/platform_labels && echo 1 >mpls/conf/p/input'
ip netns exec pe2 sh -c 'echo 1 >/proc/sys/net/mpls/conf/core2/input'
ip -n p -batch - <<X
addr add 10.0.4.1/30 dev p2
link set p2 up
X
ip -n p2 -batch - <<X
link set lo up
addr add 10.0.4.2/30 dev p
addr add 10.0.5.1/30 dev pe2
link set p up
link set pe2 up
X
ip -n pe2 -batch - <<X
addr add 10.0.5.2/30 dev core2
link set core2 up
X
ip -n p2 -f mpls route add 10013 via inet 10.0.5.2 dev pe2
ip -n p -f mpls route replace 10003 as 10013 via inet 10.0.4.2 dev p2
taken() { [ "$(ip netns exec p2 cat /sys/class/net/pe2/statistics/tx_packets)" -ge 12 ]; }
check 'trace: one P more' hops ce1a 172.16.2.1 192.168.1.1 192.168.2.1
check 'trace: which was on the way' taken
check 'trace: and does not show' [ "$(far_after 172.16.2.1)" = "$short" ]
kill -STOP $fwd
in_pe1 sysctl -qw net.mpls.ip_ttl_propagate=1
ip -n pe1 route add 172.16.2.0/24 vrf vrf-a metric 5 encap mpls 10003/80 via inet 10.0.1.2 dev core
check 'control: uniform: hops more' eval 'asks ce1a trace 172.16.2.1; [ $(far_after 172.16.2.1) -gt $short ]'
ip -n pe1 route del 172.16.2.0/24 vrf vrf-a metric 5
in_pe1 sysctl -qw net.mpls.ip_ttl_propagate=0
ip -n p -f mpls route replace 10003 via inet 10.0.2.2 dev pe2
in_pe1 sysctl -qw net.ipv4.tcp_l3mdev_accept=1
kill -CONT $fwd
check 'tcp_l3mdev_accept stays 0' within 4 has 'in_pe1 cat /proc/sys/net/ipv4/tcp_l3mdev_accept' 0

# --- who is asked on the way (RFC 791 3.1), and what is said unasked
check 'record route: not answered' answers '^record -$' ce1a record 172.16.2.1
check 'record route: counted' counted 1 ip_options 1
: >$t/answer
check 'unasked: nothing' not overheard
check 'unasked: forwards again' within 8 ping_from ce1a 172.16.2.1 172.16.1.1

# --- packets too big, at the core's link and at the far PE's (RFC 1191)
ip -n pe1 link set core mtu 1400
check 'too big for the core: from the PE, less two labels' answers '^big 1450 192.168.1.1 icmp 3.4 mtu 1392$' ce1a big 172.16.2.1 1450
check 'too big for the core: what fits passes' answers '^big 1392 172.16.2.1 reply' ce1a big 172.16.2.1 1392
ip -n pe1 link set core mtu 1500
ip -n pe1 link set ca mtu 1400
check "too big for the far PE's port: from its address in the VPN" answers '^big 1450 192.168.1.1 icmp 3.4 mtu 1400$' ce2a big 172.16.1.1 1450
ip -n pe1 link set ca mtu 1500

# --- unreachable, here and there
check 'no route: from the PE' answers '^udp 64 192.168.1.1 icmp 3.1$' ce1a probe 172.30.0.1 2
ip -n ce1a link set pe0 arp off
ip -n pe1 neigh flush dev ca
check 'host gone behind the far PE: from its address in the VPN' answers '^udp 64 192.168.1.1 icmp 3.1$' ce2a probe 172.16.1.1 4
ip -n ce1a link set pe0 arp on
within 5 ping_from ce1a 172.16.2.1 172.16.1.1
# Of another PE, which is told to: so one would be seen.
ip -n pe2 addr add 10.255.0.3/32 dev vrf-a
ip -n ce2a link set pe0 arp off
ip -n pe2 neigh flush dev ca
check "control: a PE's address of the core in the VRF is seen" answers '^udp 64 10.255.0.3 icmp 3.1$' ce1a probe 172.16.2.1 4
ip -n pe2 addr del 10.255.0.3/32 dev vrf-a
ip -n ce2a link set pe0 arp on
within 5 ping_from ce1a 172.16.2.1 172.16.1.1

# --- the core's numbers: nothing at all comes back, and all of it is counted
drops() {
	ask stats >/dev/null
	grep '^guard-count .*port=1 ' $t/out | awk '{split($8, r, "="); split($9, c, "="); n[r[2]] = c[2]} END {print n["infra_dst"] + n["tunnel_endpoint"], n["arp_target"] + 0}'
}
silence() { # what was sent is counted, packet by packet
	local was is
	read -ra was <<<"$(drops)"
	asks ce1a sweep $ca $core
	read -ra is <<<"$(drops)"
	echo "drops ${was[*]}: ${is[*]}"
	! grep heard $t/answer && grep -qx "sent $((is[0] - was[0]))" $t/answer && [ $((is[1] - was[1])) = 8 ]
}
check 'core numbers: silence, counted' silence
kill -STOP $fwd
ip -n pe1 route del unreachable default metric 4278198272 table 1001
seen=$(echoes p) own=$(echoes pe1)
asks ce1a sweep $ca $core >/dev/null
check 'no default in the table, nobody looking: silence' not grep heard $t/answer
kill -CONT $fwd
check 'no default in the table: put back' within 5 has 'ip -n pe1 route show vrf vrf-a' 'unreachable default'
check 'no default in the table: nothing has come to the core' [ "$(echoes p) $(echoes pe1)" = "$seen $own" ]
check 'no default in the table: forwards again' within 8 ping_from ce1a 172.16.2.1 172.16.1.1
check 'ends' fwd_stop

# --- with nothing but the VRF
guard=off
conf_write
installs() { ask track 10.255.0.3 && within 3 said '^nexthop .*address=10.255.0.3 up=1' && ask vpn 0 172.16.2.0/24 10.255.0.3 80 && ask ce 0 172.16.1.0/24 192.168.1.2; }
check 'starts, guard: off' eval 'fwd_start && ask label 100000 0 && within 5 installs'
check 'guard: off: forwards' within 5 ping_from ce1a 172.16.2.1 172.16.1.1
check 'control: guard: off: an address of the core is recorded' answers '^record 172.16.2.1 reply via .*\<10\.' ce1a record 172.16.2.1
: >$t/answer
check 'control: guard: off: IPv6 is heard' overheard
check 'guard: off: forwards again' within 8 ping_from ce1a 172.16.2.1 172.16.1.1
own=$(echoes pe1)
asks ce1a sweep $ca $core >/dev/null
check 'guard: off: the VRF alone: who answers says that there is no route' eval '! grep heard $t/answer | grep -v "^heard 192.168.1.1 1 3 1$"'
check 'guard: off: and nothing has come to the core' [ "$(echoes p) $(echoes pe1)" = "$seen $own" ]
kill -STOP $fwd
ip -n pe1 route del unreachable default metric 4278198272 table 1001
ip -n p route add 192.168.1.0/30 via 10.0.1.1
ip -n pe1 route add 192.168.1.0/30 dev vrf-a
asks ce1a sweep $ca $core >/dev/null
check 'control: guard: off and no default: the core is seen' grep -q '^heard 10\.' $t/answer
ip -n pe1 route del 192.168.1.0/30 dev vrf-a
kill -CONT $fwd
check 'guard: off: put back' within 5 has 'ip -n pe1 route show vrf vrf-a' 'unreachable default'
check 'ends' fwd_stop
finish
