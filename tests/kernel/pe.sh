# A VPN through a real kernel: order of coming up, packets, labels, changes, and what stays behind.
. "$SRC/tests/kernel/net.sh"
net_up
conf_write '' '{address: 192.168.1.2, as: 65101, password: x, passive: true, accept-blackhole: true}'
# A second way to pe2, back to back: its other address, of a neighbor that is one hop away.
echo '  - {address: 10.255.0.4, as: 65000, families: [vpnv4], implicit-null: true}' >>$t/pe1.yaml
sed -i '/name: cb,/a\  - {name: direct, role: core}' $t/pe1.yaml
ip link add direct netns pe1 type veth peer name direct netns pe2
ip -n pe1 -batch - <<X
link set direct up
addr add 10.0.3.1/30 dev direct
X
ip -n pe2 -batch - <<X
link set direct up
addr add 10.0.3.2/30 dev direct
addr add 10.255.0.4/32 dev lo
X
ip netns exec pe2 sh -c 'echo 1 >/proc/sys/net/mpls/conf/direct/input'

# Positive control first: a VRF as the kernel makes it lets the customer reach the core's loopback.
ip -n pe1 -batch - <<X
link add vrf-a type vrf table 1001
link set vrf-a up
link set ca master vrf-a
link set ca up
addr add 192.168.1.1/30 dev ca
X
check 'control: a VRF by default leaks into the core' ping_from ce1a 10.255.0.1
ip -n pe1 -batch - <<X
link set ca down
link set ca nomaster
addr del 192.168.1.1/30 dev ca
link del vrf-a
X
ip -n pe1 route add 203.0.113.0/24 via 10.0.1.2 proto 99
in_pe1 sysctl -qw net.mpls.platform_labels=1000
in_pe1 sysctl -qw net.mpls.platform_labels=200000
ip -n pe1 -f mpls route add 555 via inet 10.0.1.2 dev core proto 99
ip -n pe1 nexthop add id 5 via 10.0.1.2 dev core
picture >$t/before

# --- coming up
check 'starts' fwd_start
[ $failed -eq 0 ] || finish
check 'VRF devices are there' has 'ip -n pe1 -d link show vrf-a' 'vrf table 1001'
check 'local after l3mdev' has 'ip -n pe1 rule' '^32765:.*local'
check 'no local at 0' not has 'ip -n pe1 rule' '^0:'
check 'no local at 0 in IPv6' not has 'ip -n pe1 -6 rule' '^0:'
check 'unreachable default' has 'ip -n pe1 route show vrf vrf-a' 'unreachable default .*metric 4278198272'
check 'port in its VRF' within 3 has 'ip -n pe1 link show ca' 'master vrf-a.*UP'
check 'address' has 'ip -n pe1 addr show ca' '192.168.1.1/30'
check 'labels refused on access' has 'in_pe1 cat /proc/sys/net/mpls/conf/ca/input' 0
check 'labels taken on core' has 'in_pe1 cat /proc/sys/net/mpls/conf/core/input' 1
check 'CE reaches its PE' within 3 ping_from ce1a 192.168.1.1
check 'the leak is closed: loopback' not ping_from ce1a 10.255.0.1
check 'the leak is closed: core link' not ping_from ce1a 10.0.1.1
check 'the leak is closed: P' not ping_from ce1a 10.255.0.2
check 'connected prefix told' within 3 said '^connected .*vrf=0 .*prefix=192.168.1.0/30 up=1'
check 'port told: present, up, bound, no labels' within 3 said '^port .*port=1 .*flags=7'
check 'core told: present, up, labels' within 3 said '^port .*port=0 .*flags=11'
check 'API socket given' said '^api .*fd=yes'
check 'core listener given' said '^listener .*vrf=65535 .*fd=yes'

# --- labels and routes, the core's route late
check 'pop entry for a' ask label 100000 0
check 'pop entry for b' ask label 100001 1
check 'kernel has it' has 'ip -n pe1 -f mpls route show 100000' 'dev vrf-a proto 82'
check 'label outside the range is refused' not ask label 99999 0
check 'label of an unknown VRF is refused' not ask label 100002 7
tell track 10.255.0.3
check 'next hop unresolved' within 3 said '^nexthop .*address=10.255.0.3 up=0'
ask vpn 0 172.16.2.0/24 10.255.0.3 80 >/dev/null
ask vpn 0 192.168.2.0/30 10.255.0.3 80 >/dev/null
ask vpn 1 172.16.2.0/24 10.255.0.3 81 >/dev/null
check 'CE route' ask ce 0 172.16.1.0/24 192.168.1.2
check 'CE route b' ask ce 1 172.16.1.0/24 192.168.1.2
check 'nothing forwarded before there is an LSP' not ping_from ce1a 172.16.2.1 172.16.1.1
ip -n pe1 route add 10.255.0.3/32 via 10.0.1.2
check 'a route without label: logged' within 3 logged 'event=nexthop_unlabelled address=10.255.0.3 .*implicit-null: true'
check 'a route without label is no LSP' not said '^nexthop .*address=10.255.0.3 up=1'
check 'nothing forwarded over it' not ping_from ce1a 172.16.2.1 172.16.1.1
ip -n pe1 route replace 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
check 'transport route late: told' within 3 said '^nexthop .*address=10.255.0.3 up=1 .*labels=10003'
check 'two labels in the kernel' within 3 has 'ip -n pe1 nexthop show' 'encap mpls *10003/80'
check 'a1 to a2' within 3 ping_from ce1a 172.16.2.1 172.16.1.1
check 'b1 to b2' within 3 ping_from ce1b 172.16.2.1 172.16.1.1
a=$(echoes ce2a) b=$(echoes ce2b)
ping_from ce1a 172.16.2.1 172.16.1.1
check 'a arrives at a, not at b' [ "$(($(echoes ce2a) - a)) $(($(echoes ce2b) - b))" = '1 0' ]
ip -n pe1 route replace 10.255.0.3/32 encap mpls 10004 via 10.0.1.2
check 'transport label changes' within 3 has 'ip -n pe1 nexthop show' 'encap mpls *10004/80'
check 'a1 to a2 after the change' within 3 ping_from ce1a 172.16.2.1 172.16.1.1
ip -n pe1 route del 10.255.0.3/32
check 'transport route gone: told' within 3 eval "tail -3 $t/out | grep -q 'address=10.255.0.3 up=0'"
check 'nothing leaks when it is gone' not ping_from ce1a 172.16.2.1 172.16.1.1
ip -n pe1 nexthop add id 7 encap mpls 10003 via 10.0.1.2 dev core
ip -n pe1 route add 10.255.0.3/32 nhid 7
check 'transport by nexthop object' within 3 ping_from ce1a 172.16.2.1 172.16.1.1
ip -n pe1 route replace 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
ip -n pe1 nexthop del id 7

# --- a blackhole that a customer may ask for (RFC 7999)
check 'blackhole: refused where nobody may ask' not ask hole 0 172.16.2.1/32 192.168.1.2
check 'blackhole: taken' ask hole 1 172.16.2.1/32 192.168.1.2
check 'blackhole: in the kernel' has 'ip -n pe1 route show vrf vrf-b' 'blackhole 172.16.2.1 proto 82 metric 82'
check 'blackhole: drops' not ping_from ce1b 172.16.2.1 172.16.1.1
check 'blackhole: only there' ping_from ce1a 172.16.2.1 172.16.1.1
check 'blackhole: removed' ask del 1 172.16.2.1/32
check 'control: and it forwards again' within 3 ping_from ce1b 172.16.2.1 172.16.1.1

# --- implicit null: one hop away, says the configuration
ip -n pe1 route add 10.255.0.4/32 via 10.0.3.2
tell track 10.255.0.4
check 'implicit null: reachable without label' within 3 said '^nexthop .*address=10.255.0.4 up=1 .*labels=$'
check 'implicit null: taken' ask vpn 0 172.16.2.0/24 10.255.0.4 80
check 'implicit null: the VPN label alone' has 'ip -n pe1 nexthop show' 'encap mpls *80 .*via 10.0.3.2'
check 'implicit null: forwards' within 3 ping_from ce1a 172.16.2.1 172.16.1.1
check 'implicit null: and not logged as a fault' not logged 'event=nexthop_unlabelled address=10.255.0.4'
ask vpn 0 172.16.2.0/24 10.255.0.3 80 >/dev/null
check 'implicit null: left' ask untrack 10.255.0.4
ip -n pe1 route del 10.255.0.4/32

# --- the core port flaps: the kernel drops routes and objects without a word
ip -n pe1 link set core down
check 'core down: next hop gone' within 3 eval "grep address=10.255.0.3 $t/out | tail -1 | grep -q up=0"
ip -n pe1 -batch - <<X
link set core up
route add 10.255.0.2/32 via 10.0.1.2
route add 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
X
check 'core up: forwards again' within 5 ping_from ce1a 172.16.2.1 172.16.1.1
# Again at once: within a second of coming up the kernel has not yet told that the port runs.
for flap in 1 2 3; do
	ip -n pe1 -batch - <<X
link set core down
link set core up
route add 10.255.0.2/32 via 10.0.1.2
route add 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
X
	check "core flaps faster than anyone looks, $flap" within 5 ping_from ce1a 172.16.2.1 172.16.1.1
done
ip -n pe1 link set ca down
ip -n pe1 link set ca up
check 'access port flaps: CE route is back' within 5 ping_from ce1a 172.16.2.1 172.16.1.1

# --- labels from a customer
check 'control: labelled packets reach b when allowed' eval '
	kill -STOP $fwd
	in_pe1 sh -c "echo 1 >/proc/sys/net/mpls/conf/ca/input; tc qdisc del dev ca clsact; ip link set ca xdp off"
	b=$(echoes ce1b); labelled ce1a pe0 "$(mac pe1 ca)" 100001 172.16.1.1; r=$(($(echoes ce1b) - b))
	kill -CONT '$fwd'; [ $r = 3 ]'
check 'guard: switched off again' within 3 has 'in_pe1 cat /proc/sys/net/mpls/conf/ca/input' 0
check 'guard: logged' within 3 logged 'event=guard_corrected port=ca'
check 'guard: its program is back, and the port open' within 3 logged 'event=guard_open port=ca .*drifts=1'
check 'guard: told' within 3 said '^port .*port=1 .*flags=23'
b=$(echoes ce1b)
labelled ce1a pe0 "$(mac pe1 ca)" 100001 172.16.1.1
check 'labelled packets from a customer are dropped' [ "$(($(echoes ce1b) - b))" = 0 ]
check 'and counted, before the kernel has seen them' eval 'ask stats &&
	said "^guard-count .*port=1 .*reason=mpls_not_enabled count=3$" && said "^port-stats .*port=1 .*dropped=0 "'
in_pe1 sh -c 'echo 0 >/proc/sys/net/mpls/conf/core/input'
check 'guard: core port put right' within 3 has 'in_pe1 cat /proc/sys/net/mpls/conf/core/input' 1

# --- the core's listener opened to VRFs: a customer with the core peer's address does not get around its key
connect() { ip netns exec ce1a "$BUILD/tests/kernel/tcp_try" connect 192.168.1.1 "$@"; }
ip -n ce1a addr add 10.255.0.3/32 dev lo
ask ce 0 10.255.0.3/32 192.168.1.2 >/dev/null
check 'core listener: closed to VRFs' not connect
kill -STOP $fwd
in_pe1 sysctl -qw net.ipv4.tcp_l3mdev_accept=1
check 'core listener: the guard of the port drops it before' not connect
in_pe1 sh -c 'tc qdisc del dev ca clsact; ip link set ca xdp off'
check 'control: open when the setting is wrong' connect
check "core listener: not with the core peer's address" not connect -l 10.255.0.3
kill -CONT $fwd
check 'setting put right' within 4 has 'in_pe1 cat /proc/sys/net/ipv4/tcp_l3mdev_accept' 0
check 'setting: logged' logged 'event=guard_corrected name=net.ipv4.tcp_l3mdev_accept'
ask del 0 10.255.0.3/32 >/dev/null
ip -n ce1a addr del 10.255.0.3/32 dev lo

# --- somebody works against us
ip -n pe1 link set ca nomaster
check 'escaped port: logged' within 3 logged 'event=port_escaped port=ca'
check 'escaped port: back in its VRF' within 3 has 'ip -n pe1 link show ca' 'master vrf-a.*UP'
check 'escaped port: forwards again' within 5 ping_from ce1a 172.16.2.1 172.16.1.1
ip -n pe1 rule add pref 0 from all lookup local
check 'rule order put right' within 3 eval '! ip -n pe1 rule | grep -q ^0:'
check 'rule order: logged' within 3 logged 'event=rules_corrected'
ip -n pe1 link del vrf-a
check 'VRF deleted: logged' within 3 logged 'event=vrf_lost vrf=vrf-a'
check 'VRF deleted: made again, port in it' within 3 has 'ip -n pe1 link show ca' 'master vrf-a.*UP'
check 'VRF deleted: forwards again' within 5 ping_from ce1a 172.16.2.1 172.16.1.1
check 'VRF deleted: and from the other side' within 5 ping_from ce2a 172.16.1.1 172.16.2.1
check 'VRF deleted: the core stays closed' not ping_from ce1a 10.255.0.1

# --- a port that comes late
ip -n pe1 link del cb
check 'port gone: logged' within 3 logged 'event=port_gone port=cb'
ip link add pe0 netns ce1b type veth peer name cb netns pe1
ip -n ce1b -batch - <<X
link set pe0 up
addr add 192.168.1.2/30 dev pe0
route add default via 192.168.1.1
X
check 'late port: in its VRF' within 3 has 'ip -n pe1 link show cb' 'master vrf-b.*UP'
check 'late port: labels refused' has 'in_pe1 cat /proc/sys/net/mpls/conf/cb/input' 0
check 'late port: forwards' within 5 ping_from ce1b 172.16.2.1 172.16.1.1

# --- more notifications than the kernel keeps, and changes that are lost among them
seq 1 24000 | awk '{printf "route add 10.%d.%d.%d/32 via 10.0.1.2\n", 64 + $1 / 65536, $1 / 256 % 256, $1 % 256}' >$t/batch
kill -STOP $fwd
ip -n pe1 -batch $t/batch
ip -n pe1 link set ca nomaster
ip -n pe1 -batch - <<X
link set core down
link set core up
route add 10.255.0.2/32 via 10.0.1.2
route add 10.255.0.3/32 encap mpls 10004 via 10.0.1.2
X
kill -CONT $fwd
check 'overrun: noticed' within 15 logged 'event=kernel_events_lost'
check 'overrun: port back in its VRF' within 15 has 'ip -n pe1 link show ca' 'master vrf-a.*UP'
check 'overrun: new transport label' within 15 has 'ip -n pe1 nexthop show' 'encap mpls *10004/80'
check 'overrun: forwards' within 15 ping_from ce1a 172.16.2.1 172.16.1.1

# --- bgpd dies, or talks nonsense
tell die
check 'bgpd died: started again' within 5 eval "[ \$(grep -c 'bgpd started' $t/out) = 2 ]"
check 'forwarding went on' ping_from ce1a 172.16.2.1 172.16.1.1
check 'told everything again' within 3 eval "[ \$(grep -c '^listener .*vrf=65535' $t/out) = 2 ]"
tell garbage
check 'nonsense: bgpd killed and started again' within 5 eval "[ \$(grep -c 'bgpd started' $t/out) = 3 ]"
check 'nonsense: logged' logged 'event=bgpd_lost why="malformed"'
check 'said again' ask label 100000 0
tell track 10.255.0.3
check 'said again: route' ask vpn 0 172.16.2.0/24 10.255.0.3 80
check 'said again: CE route' ask ce 0 172.16.1.0/24 192.168.1.2
check 'sync' ask sync
check 'what was not said again is gone' within 3 not has 'ip -n pe1 -f mpls route show' 100001
check 'what was said again is there' ping_from ce1a 172.16.2.1 172.16.1.1

# --- a crashed run, and a clean end
check 'many routes' eval 'ask many 1 3000 10.255.0.3 81; [ $(ip -n pe1 route show vrf vrf-b | grep -c nhid) -ge 3000 ]'
ip -n pe1 -batch - <<X
route replace 203.0.113.0/24 via 10.0.1.2 proto 99
nexthop replace id 5 via 10.0.1.2 dev core
X
ip -n pe1 -f mpls route replace 555 via inet 10.0.1.2 dev core proto 99
fwd_kill
check 'crashed run: forwarding goes on' ping_from ce1a 172.16.2.1 172.16.1.1
check 'starts over its leftovers' fwd_start
check 'leftovers still forward' ping_from ce1a 172.16.2.1 172.16.1.1
check 'sync removes them' ask sync
check 'leftovers gone: labels' within 3 not has 'ip -n pe1 -f mpls route show' 'proto 82'
check 'leftovers gone: routes' eval "[ \"\$(ip -n pe1 route show table all proto 82 | grep -vc unreachable)\" = 0 ]"
check 'leftovers gone: nexthop objects' not has 'ip -n pe1 nexthop show' 'proto 82'
check "others' route is untouched" has 'ip -n pe1 route show 203.0.113.0/24' 10.0.1.2
check "others' label is untouched" has 'ip -n pe1 -f mpls route show 555' 10.0.1.2
check "others' nexthop object is untouched" has 'ip -n pe1 nexthop show id 5' 10.0.1.2
ask label 100000 0 >/dev/null
check 'ends with status 0' fwd_stop
ip -n pe1 route del 10.255.0.3/32
picture >$t/after
check 'a clean end leaves nothing' diff $t/before $t/after
check 'socket gone' not [ -e /run/ravelin/ravelin.sock ]
finish
