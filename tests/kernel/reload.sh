# A PE is reloaded while it runs: VRFs, ports, keys and the guard come, change and go. Two customers' sites of VRF a talk all the while
# and lose no packet; the auditor finds nothing after any step.
. "$SRC/tests/kernel/net.sh"
in_pe1() { nsenter --net=/run/netns/pe1 "$@"; } # cheaper than ip netns exec
net_up
modprobe -d /run/mods -a ip_gre bridge 2>/dev/null
ip link add pe1 netns ce2a type veth peer name cd netns pe1 # a's second site, on this very PE
ip -n ce2a -batch - <<-E
	link set pe1 up
	addr add 192.168.5.2/30 dev pe1
	route replace default via 192.168.5.1
E
ip -n pe1 route add 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
mkdir -p /run/frr /run/cfg
chown frr:frr /run/frr
ce_start() { # NAMESPACE AS KEY: FRR, and the customer's prefix
	mkdir -p /run/frr/$1
	cat >/run/cfg/$1.conf <<-E
		router bgp $2
		 bgp router-id 172.16.1.1
		 no bgp ebgp-requires-policy
		 no bgp network import-check
		 neighbor 192.168.1.1 remote-as 65000
		 neighbor 192.168.1.1 password $3
		 neighbor 192.168.1.1 timers connect 1
		 neighbor 192.168.1.1 timers 1 3
		 address-family ipv4 unicast
		  network 172.16.1.0/24
		 exit-address-family
		exit
	E
	chown -R frr:frr /run/cfg /run/frr/$1
	ip netns exec $1 /usr/lib/frr/bgpd -d -N $1 -Z -u frr -g frr -f /run/cfg/$1.conf -i /run/frr/$1/bgpd.pid --vty_socket /run/frr/$1 \
		-A 127.0.0.1
}
ce_key() { # NAMESPACE AS KEY
	vtysh --vty_socket /run/frr/$1 -c 'configure terminal' -c "router bgp $2" -c "neighbor 192.168.1.1 password $3" >/dev/null
}

cat >$t/pe1.yaml <<-E
	router: {name: pe1, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/ravelin}
	mpls: {labels: 100000-100999, quarantine: 1}
	ports:
	  - {name: core, role: core}
	  - {name: ca, role: access, vrf: vrf-a, address: [192.168.1.1/30]}
	  - {name: cd, role: access, vrf: vrf-a, address: [192.168.5.1/30]}
	vrfs:
	  - name: vrf-a
	    table: 1001
	    rd: "65000:11"
	    import: ["65000:101"]
	    export: ["65000:101"]
	    redistribute: [static]
	    routes: [{prefix: 172.16.1.0/24, next-hop: 192.168.1.2}, {prefix: 172.16.2.0/24, next-hop: 192.168.5.2}]
	# here
	neighbors:
	  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, families: [vpnv4], password: CoreSecret}
	guard: {infrastructure: [10.255.0.0/16]}
E
vrf() { # NAME TABLE NUMBER: one with a customer that speaks BGP, as lines of the configuration
	cat <<-E
		  - name: $1
		    table: $2
		    rd: "65000:$3"
		    import: ["65000:10$3"]
		    export: ["65000:10$3"]
		    neighbors: [{address: 192.168.1.2, as: 65102, password: KeyOfB, max-prefix: 10}]
	E
}
edit() { sed -i "$@" $t/pe1.yaml; }
vrf_add() { # as vrf
	vrf "$@" >$t/vrf
	edit -e "/# here/{
		r $t/vrf
	}"
}
vrf_del() { edit "/name: $1\$/,/neighbors:/d"; }

daemon_start() {
	ip netns exec pe1 "$BUILD/ravelind" -f $t/pe1.yaml </dev/null >>$t/log 2>&1 &
	fwd=$!
	exec 8>$t/never
}
ravelin() { "$BUILD/ravelin" "$@"; }
reload_once() { ravelin reload >$t/said 2>&1 || { cat $t/said && false; }; }
reload() { within 10 reload_once; } # the one before may still be told to neighbors
clean() { ravelin audit --netns pe1 >$t/audit 2>&1 || { cat $t/audit && false; }; }
audited() { check "$1: nothing is flagged" within 10 clean; }
in_vrf() { has "ip -n pe1 link show $1" "master $2 .*UP"; }
up() { ravelin show bgp neighbors | grep -q "VRF $1 .*Established"; }
kernel_route() { has "ip -n pe1 route show vrf $1" "^$2 .*proto 82"; }
sees_a() { ravelin show bgp vrf vrf-b ipv4 | grep -q 172.16.2.0; }
flow_begin() { # an echo request every 5 ms, between a's sites
	ip netns exec ce1a ping -n -i0.005 -I 172.16.1.1 172.16.2.1 >$t/flow 2>&1 &
	flow=$!
}
flow_end() {
	kill -INT $flow
	wait $flow
	grep received $t/flow
}

daemon_start
check 'starts' within 30 ping_from ce1a 172.16.2.1 172.16.1.1
audited 'as it starts'
[ $failed -eq 0 ] || finish
flow_begin

# --- VRF b, with a customer that speaks BGP
check 'b: its customer is there before it' ce_start ce1b 65102 KeyOfB
vrf_add vrf-b 1002 12
edit '/name: cd,/a\  - {name: cb, role: access, vrf: vrf-b, address: [192.168.1.1/30]}'
check 'b: taken' reload
check 'b: its port is in it' within 5 in_vrf cb vrf-b
check 'b: session' within 20 up vrf-b
check 'b: its route is in the kernel' within 10 kernel_route vrf-b 172.16.1.0/24
check 'b: label' within 5 has 'ip -n pe1 -f mpls route show' 'dev vrf-b proto 82'
check 'b: reaches its PE' within 5 ping_from ce1b 192.168.1.1
audited 'b'

# --- its targets: a leak on purpose comes and goes
check 'targets: b does not see a' not sees_a
edit 's/import: \["65000:1012"\]/import: ["65000:1012", "65000:101"]/'
check 'targets: taken' reload
check 'targets: control: now it does' within 10 sees_a
edit 's/import: \["65000:1012", "65000:101"\]/import: ["65000:1012"]/'
check 'targets: taken back' reload
check 'targets: no longer' within 10 not sees_a
check 'targets: the session was not touched' up vrf-b
audited 'targets'

# --- another key for its neighbor
edit 's/KeyOfB/KeyOfC/'
check 'key: taken' reload
check 'key: the session ends' within 5 not up vrf-b
check 'key: with the one before there is none' not within 3 up vrf-b
check 'key: the customer has the new one' ce_key ce1b 65102 KeyOfC
check 'key: session' within 30 up vrf-b
edit 's/KeyOfC/KeyOfB/'
check 'key: back' reload
check 'key: the customer too' ce_key ce1b 65102 KeyOfB
check 'key: session again' within 30 up vrf-b
audited 'key'

# --- its port goes to a new VRF; its customer tries to get into the core meanwhile
p=$(echoes p)
ip netns exec ce1b ping -n -i0.003 10.255.0.2 >$t/leak 2>&1 &
leak=$!
vrf_add vrf-c 1003 13
edit '/name: cb,/s/vrf-b/vrf-c/'
check 'moved: taken' reload
check 'moved: in its VRF' within 5 in_vrf cb vrf-c
check 'moved: its session is there' within 30 up vrf-c
check 'moved: its route too' within 10 kernel_route vrf-c 172.16.1.0/24
check 'moved: and no longer in b' within 5 not kernel_route vrf-b 172.16.1.0/24
kill -INT $leak
wait $leak
check 'moved: it did try' has "cat $t/leak" '[0-9][0-9] packets transmitted'
check 'moved: nothing of it was in the core' [ "$(echoes p)" = "$p" ]
audited 'moved'

# --- access list and guard: at once
echo 'acls: [{name: no-icmp, aces: [{name: icmp, matches: {ipv4: {protocol: icmp}}, actions: {forwarding: drop}}]}]' >>$t/pe1.yaml
edit '/name: cb,/s/}$/, acl: [no-icmp]}/'
check 'access list: control: before it' ping_from ce1b 192.168.1.1
check 'access list: taken' reload
check 'access list: holds' not ping_from ce1b 192.168.1.1
check 'access list: counted' within 3 has 'ravelin show guard cb' 'rule_drop'
check 'access list: the session stays' up vrf-c
edit 's/, acl: \[no-icmp\]//; /^acls:/d'
check 'access list: taken off' reload
check 'access list: gone' ping_from ce1b 192.168.1.1
edit 's/^guard: .*/guard: {infrastructure: [10.255.0.0\/16, 198.51.100.0\/24]}/'
check 'infrastructure: taken' reload
ip netns exec ce1b ping -n -q -c2 -i0.01 -W0.2 198.51.100.1 >/dev/null
check 'infrastructure: closed' within 3 has 'ravelin show guard cb' 'infra_dst'
audited 'guard'

# --- a broken configuration changes nothing
cp $t/pe1.yaml $t/good.yaml
picture >$t/before
vrf_del vrf-b
echo 'nonsense: 1' >>$t/pe1.yaml
check 'broken: refused' not reload_once
check 'broken: says where' grep -q 'pe1.yaml:[0-9]*:[0-9]*: error' $t/said
check 'broken: nothing changed' eval "picture | diff $t/before -"
cp $t/good.yaml $t/pe1.yaml

# --- b goes
vrf_del vrf-b
check 'b gone: taken' reload
check 'b gone: device' not has 'ip -n pe1 link show type vrf' vrf-b
check 'b gone: routes' not has 'ip -n pe1 route show table 1002 2>/dev/null' .
check 'b gone: labels' within 5 not has 'ip -n pe1 -f mpls route show' vrf-b
check 'b gone: nowhere to be seen' not has 'ravelin show vrf' vrf-b
audited 'b gone'

# --- bgpd is killed in the middle of a reload: it has not come to pass, and does when it is asked for again
bgpd=$(pgrep -P $fwd | head -1)
cp $t/pe1.yaml $t/good.yaml
vrf_add vrf-e 1005 15
kill -STOP $bgpd
kill -HUP $fwd
kill -KILL $bgpd
another() {
	local now
	now=$(pgrep -P $fwd | head -1)
	[ -n "$now" ] && [ "$now" != "$bgpd" ]
}
check 'killed: another bgpd' within 15 another
check 'killed: with the configuration in force' within 10 eval "ravelin show vrf >$t/vrfs && ! grep -q vrf-e $t/vrfs && grep -q vrf-c $t/vrfs"
check 'killed: the session comes back' within 40 up vrf-c
check 'killed: asked for again' reload
check 'killed: now it is there' has 'ip -n pe1 -d link show vrf-e' 'vrf table 1005'
audited 'killed'
flow_end
check 'all the while a lost nothing' grep -q ' 0% packet loss' $t/flow

# --- mplsfwd is killed, and what the next one reads is another configuration
cp $t/good.yaml $t/pe1.yaml
kill -KILL $fwd
wait $fwd 2>/dev/null
check 'killed all: what was in force is still there' has 'ip -n pe1 link show' vrf-e
daemon_start
check 'killed all: what it does not know is gone' within 15 not has 'ip -n pe1 link show; ip -n pe1 route show table 1005 2>/dev/null' 'vrf-e\|unreachable default'
check 'killed all: the session comes back' within 40 up vrf-c
check 'killed all: labels of those that are there' within 10 eval "[ \$(ip -n pe1 -f mpls route show | grep -c 'proto 82') = 2 ]"
audited 'killed all'

kill -TERM $fwd
check 'ends' within 15 fwd_gone
check 'nothing is left' not has 'ip -n pe1 link show type vrf; ip -n pe1 -f mpls route show; ip -n pe1 rule' 'vrf-\|proto 82\|iif c'
finish
