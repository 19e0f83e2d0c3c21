# mplsfwd follows a new configuration: VRFs, ports and guards come, change and go; who did not change does not notice.
. "$SRC/tests/kernel/net.sh"
in_pe1() { nsenter --net=/run/netns/pe1 "$@"; } # cheaper than ip netns exec
net_up
conf_write '{address: 192.168.1.2, as: 65101, password: KeyOfA}'
ip -n pe1 route add 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
ip netns add ce1c
ip link add pe0 netns ce1c type veth peer name cc netns pe1
ip -n ce1c -batch - <<-E
	link set lo up
	link set pe0 up
	addr add 192.168.1.2/30 dev pe0
	addr add 172.16.1.1/24 dev lo
	route add default via 192.168.1.1
E

reloaded() { [ "$(grep -c '^[^ ]* *.*event=reloaded ' $t/log)" -gt "$1" ]; }
reload() { # as the file stands now
	local n
	n=$(grep -c 'event=reloaded ' $t/log)
	kill -HUP $fwd
	within 3 reloaded "$n"
}
edit() { sed -i "$@" $t/pe1.yaml; }
flow_begin() { # an echo request every 5 ms, from a1 to a2
	ip netns exec ce1a ping -n -i0.005 -I 172.16.1.1 172.16.2.1 >$t/flow 2>&1 &
	flow=$!
}
flow_end() { kill -INT $flow && wait $flow; grep received $t/flow; }
lost_none() { grep -q ' 0% packet loss' $t/flow; }
in_vrf() { has "ip -n pe1 link show $1" "master $2 .*UP"; }
guard_is() { tail -n +"$1" $t/out | grep "^guard-port .*port=$2 " | tail -1 | grep -q "state=$3"; }

check 'starts' fwd_start
check 'a is installed' eval 'ask label 100000 0 && ask track 10.255.0.3 && within 3 said "^nexthop .*address=10.255.0.3 up=1" &&
	ask vpn 0 172.16.2.0/24 10.255.0.3 80 && ask ce 0 172.16.1.0/24 192.168.1.2 && ask label 100001 1 && ask ce 1 172.16.1.0/24 192.168.1.2 &&
	ask vpn 1 172.16.2.0/24 10.255.0.3 81'
check 'a1 to a2' within 3 ping_from ce1a 172.16.2.1 172.16.1.1
check 'b1 to b2' within 3 ping_from ce1b 172.16.2.1 172.16.1.1
check 'a device that nobody knows is closed' within 3 logged 'event=guard_unknown port=cc'
flow_begin

# --- a VRF and a port more
edit '/name: vrf-b/a\  - {name: vrf-c, table: 1003, rd: "65000:13", import: ["65000:103"], export: ["65000:103"], neighbors: [{address: 192.168.1.2, as: 65103, password: KeyOfC}]}'
edit '/name: cb,/a\  - {name: cc, role: access, vrf: vrf-c, address: [192.168.1.1/30]}'
check 'new VRF: taken' reload
check 'new VRF: its device' has 'ip -n pe1 -d link show vrf-c' 'vrf table 1003'
check 'new VRF: its default' has 'ip -n pe1 route show vrf vrf-c' 'unreachable default .*metric 4278198272'
check 'new VRF: its port is in it' in_vrf cc vrf-c
check 'new VRF: open' logged 'event=guard_open port=cc'
check 'new VRF: the rule of the port' has 'ip -n pe1 rule' 'iif cc unreachable'
check 'new VRF: listener' said '^listener .*vrf=2 .*fd=yes'
check 'new VRF: connected' within 3 said '^connected .*vrf=2 .*prefix=192.168.1.0/30 up=1'
check 'new VRF: the CE reaches its PE' within 3 ping_from ce1c 192.168.1.1
check 'new VRF: and nothing of the core' not ping_from ce1c 10.255.0.1
check 'new VRF: label' ask label 100002 2
check 'new VRF: route' ask ce 2 172.16.1.0/24 192.168.1.2
check 'others were not closed' not logged 'event=guard_drift'
check 'nor opened again' [ "$(grep -c 'event=guard_open port=ca' $t/log)" = 1 ]

# --- keys of a listener that stands
connect() { ip netns exec ce1c "$BUILD/tests/kernel/tcp_try" connect 192.168.1.1 "$@"; }
check 'key: the right one' within 3 connect -k KeyOfC
check 'key: control: another one' not connect -k KeyOfX
edit 's/KeyOfC/KeyOfD/'
check 'key: taken' reload
check 'key: the new one' within 3 connect -k KeyOfD
check 'key: no longer the one before' not connect -k KeyOfC
edit 's/KeyOfD/KeyOfE/'
tell take 16
kill -HUP $fwd
check 'refused by bgpd: said' within 5 logged 'event=reload_refused'
check 'refused by bgpd: the key in force counts' within 3 connect -k KeyOfD
check 'refused by bgpd: the other one does not' not connect -k KeyOfE
tell take 0
edit 's/KeyOfE/KeyOfD/'

# --- a port goes to another VRF; its customer tries to get somewhere meanwhile
leak_begin() { # to the core, and to what only b can reach
	p=$(echoes p) b=$(echoes ce2b) a=$(echoes ce2a)
	ip netns exec ce1b ping -n -i0.003 -I 172.16.1.1 10.255.0.2 >$t/leak 2>&1 &
	leak=$!
}
leak_end() { kill -INT $leak; wait $leak; grep transmitted $t/leak; }
leak_begin
edit '/name: cb,/s/vrf-b/vrf-c/; /name: cb,/s/192.168.1.1/192.168.9.1/'
ip -n ce1b addr add 192.168.9.2/30 dev pe0
check 'moved: taken' reload
check 'moved: in its VRF' in_vrf cb vrf-c
check 'moved: another address' has 'ip -n pe1 addr show cb' '192.168.9.1/30'
check 'moved: not the one before' not has 'ip -n pe1 addr show cb' '192.168.1.1/30'
check 'moved: told' within 3 said '^connected .*vrf=1 .*prefix=192.168.1.0/30 up=0'
check 'moved: told of the new one' within 3 said '^connected .*vrf=2 .*prefix=192.168.9.0/30 up=1'
check 'moved: open' [ "$(grep -c 'event=guard_open port=cb' $t/log)" = 2 ]
check 'moved: reaches its new PE address' within 3 ping_from ce1b 192.168.9.1 192.168.9.2
leak_end
check 'moved: nothing of it was in the core' [ "$(echoes p)" = "$p" ]
check 'moved: it did try' has "cat $t/leak" '^[0-9][0-9]* packets transmitted'
check 'moved: its routes of before are gone' within 3 not has 'ip -n pe1 route show vrf vrf-b' '172.16.1.0/24'

# --- settings of a port: an access list that holds at once
drops() { ask stats >/dev/null && sed -n "s/^guard-count .*port=1 .*reason=$1 count=//p" $t/out | tail -1; }
flow_end
check 'so far a lost nothing' lost_none
cat >>$t/pe1.yaml <<-E
	acls: [{name: no-icmp, aces: [{name: icmp, matches: {ipv4: {protocol: icmp}}, actions: {forwarding: drop}}]}]
E
sed -i '/name: ca,/s/}$/, acl: [no-icmp]}/' $t/pe1.yaml
check 'access list: taken' reload
check 'access list: replaced, open by open' logged 'event=guard_replaced port=ca'
check 'access list: holds' not ping_from ce1a 172.16.2.1 172.16.1.1
check 'access list: counted' [ "$(drops rule_drop)" -gt 0 ]
edit 's/, acl: \[no-icmp\]//'
check 'access list: taken off' reload
check 'access list: control: forwards again' ping_from ce1a 172.16.2.1 172.16.1.1
flow_begin
edit '/name: ca,/s/}$/, guard: {police: {icmp: 500}}}/'
check 'guard: taken' reload
check 'guard: replaced again' [ "$(grep -c 'event=guard_replaced port=ca' $t/log)" = 3 ]
edit 's/, guard: {police: {icmp: 500}}//'
check 'guard: back' reload

# --- the guard's own: a prefix of the provider
edit '$a\guard: {infrastructure: [198.51.100.0/24]}'
check 'infrastructure: taken' reload
ip netns exec ce1a ping -n -q -c2 -i0.01 -W0.2 -I 172.16.1.1 198.51.100.1 >/dev/null
check 'infrastructure: closed at once' [ "$(drops infra_dst)" = 2 ]
flow_end
check 'settings of the guard cost no packet' lost_none
flow_begin

# --- a VRF goes, and its table, its name and its port are another's in the same moment
edit '/name: vrf-b,/d; /name: vrf-c,/s/vrf-c, table: 1003/vrf-d, table: 1002/; s/vrf: vrf-c/vrf: vrf-d/'
check 'reused: taken' reload
check 'reused: the device' has 'ip -n pe1 -d link show vrf-d' 'vrf table 1002'
check 'reused: no other' not has 'ip -n pe1 link show type vrf' 'vrf-[bc]'
check 'reused: no route of the former' not has 'ip -n pe1 route show vrf vrf-d' 'proto 82 metric 82'
check 'reused: no label of the former' not has 'ip -n pe1 -f mpls route show' '^10000[12]'
check 'reused: the ports are in it' eval 'in_vrf cc vrf-d && in_vrf cb vrf-d'
check 'reused: a late word of bgpd of what is gone is nodded at' eval 'ask unlabel 100001 1 && ask del 1 172.16.2.0/24 && ask del 2 172.16.1.0/24'
check 'reused: and nothing comes there' not ask vpn 1 172.16.2.0/24 10.255.0.3 81
check 'reused: label' ask label 100003 3
check 'reused: open' within 3 ping_from ce1c 192.168.1.1

# --- a port of another role, and one without a guard
edit '/name: cc,/s/role: access.*/role: management}/'
check 'management: taken' reload
check 'management: out of the VRF' not has 'ip -n pe1 link show cc' master
check 'management: no rule' not has 'ip -n pe1 rule' 'iif cc '
check 'management: no program' not has 'in_pe1 tc filter show dev cc ingress' bpf
check 'management: no address' not has 'ip -n pe1 addr show cc' 192.168.1.1
edit '/name: cb,/s/}$/, guard: off}/'
check 'guard off: taken' reload
check 'guard off: in its VRF' in_vrf cb vrf-d
check 'guard off: no program' not has 'in_pe1 tc filter show dev cb ingress' bpf
check 'guard off: forwards' within 3 ping_from ce1b 192.168.9.1 192.168.9.2
edit '/name: cb,/s/, guard: off//; /name: cc,/s/role: .*/role: access, vrf: vrf-d, address: [192.168.1.1\/30]}/'
check 'guard on: taken' reload
check 'guard on: program' has 'in_pe1 tc filter show dev cb ingress' bpf
check 'guard on: rule' has 'ip -n pe1 rule' 'iif cb unreachable'
check 'access again: open' within 3 ping_from ce1c 192.168.1.1

# --- what the kernel refuses is tried again, and keeps nobody else from anything
ip -n pe1 link add vrf-f type dummy
edit '/name: vrf-d/a\  - {name: vrf-f, table: 1006, rd: "65000:16", import: ["65000:106"], export: ["65000:106"]}'
check 'refused by the kernel: taken' reload
check 'refused by the kernel: said' logged 'event=vrf_refused vrf=vrf-f'
check 'refused by the kernel: no label' not ask label 100006 4
ip -n pe1 link del vrf-f
check 'refused by the kernel: tried again' within 20 has 'ip -n pe1 -d link show vrf-f' 'vrf table 1006'
check 'refused by the kernel: label' within 3 ask label 100006 4
edit '/name: vrf-f/d'
check 'refused by the kernel: gone again' reload

# --- ports go: known to nobody
edit '/name: cc,/d; /name: cb,/d; /name: vrf-d/d'
check 'gone: taken' reload
check 'gone: no device but a' not has 'ip -n pe1 link show type vrf' 'vrf-[b-d]'
check 'gone: the table is empty' not has 'ip -n pe1 route show table 1002 2>/dev/null' .
check 'gone: the ports are out and down' not has 'ip -n pe1 link show type veth' 'c[bc]@.*\(master\|,UP\)'
check 'gone: no address' not has 'ip -n pe1 addr show' '192.168.9.1'
check 'gone: nobody knows them: closed' eval "logged 'event=guard_unknown port=cb' && [ \$(grep -c 'event=guard_unknown port=cc' $t/log) = 2 ]"
check 'gone: no label' not has 'ip -n pe1 -f mpls route show' '^10000[1-9]'
check 'gone: does not forward' has 'in_pe1 cat /proc/sys/net/ipv4/conf/cb/forwarding' 0
ip -n pe1 link set cb up
check 'gone: brought up by hand it reaches nothing' not ping_from ce1b 10.255.0.1
edit '$d'
edit '$a\guard: {unknown-ports: open}'
check 'unknown ports open: taken' reload
check 'unknown ports open: no rule' not has 'ip -n pe1 rule' 'iif c[bc] '
check 'unknown ports open: no program' not has 'in_pe1 tc filter show dev cb ingress' bpf
flow_end
check 'all the while a lost nothing' lost_none
check 'nothing drifted' not logged 'event=guard_drift'
check 'nothing failed' not logged 'kernel_refused\|_failed'

# --- a reload that nobody confirms is taken back: through bgpd, and without it
back() { [ "$(grep -c 'event=reload_rolled_back' $t/log)" = "$1" ]; }
is_before() { ! has 'ip -n pe1 link show type vrf' vrf-e && ! has 'ip -n pe1 link show cb' master && has 'ip -n pe1 link show type vrf' vrf-a; }
flow_begin
edit '/name: vrf-a,/a\  - {name: vrf-e, table: 1005, rd: "65000:15", import: ["65000:105"], export: ["65000:105"], neighbors: [{address: 192.168.1.2, as: 65105, password: KeyOfE}]}'
edit '/name: ca,/a\  - {name: cb, role: access, vrf: vrf-e, address: [192.168.1.1/30]}'
tell reload 2
check 'to be confirmed: in force' within 5 in_vrf cb vrf-e
check 'to be confirmed: said' said '^unconfirmed '
check 'not confirmed: taken back' within 8 back 1
check 'not confirmed: as it was' within 5 is_before
tell reload 600
check 'confirmed: in force' within 5 in_vrf cb vrf-e
tell confirm
check 'confirmed: said' within 5 logged 'event=reload_confirmed'
edit '/vrf-e/d'
tell reload 8
check 'gone: taken' within 5 logged 'event=reload_unconfirmed seconds=8'
tell take 5
check 'gone: in force' within 7 is_before
check 'bgpd does not take it back: it is ended' within 15 back 2
check 'bgpd does not take it back: in force all the same' within 5 in_vrf cb vrf-e
check 'bgpd does not take it back: another one begins' within 5 eval '[ "$(grep -c "^bgpd started" $t/out)" = 2 ]'
check 'bgpd does not take it back: open' within 5 ping_from ce1b 192.168.1.1 192.168.1.2
flow_end
check 'what is taken back costs others no packet' lost_none

# --- killed, and the next one has another VRF with the same table
check 'control: a route of a is there' has 'ip -n pe1 route show table 1001' '172.16.2.0/24 .*proto 82 metric 82'
fwd_kill
check 'control: still' has 'ip -n pe1 route show table 1001' '172.16.2.0/24 .*proto 82 metric 82'
edit 's/vrf-a/vrf-z/'
check 'another VRF: starts' fwd_start
check 'another VRF: it has the table' within 5 has 'ip -n pe1 -d link show vrf-z' 'vrf table 1001'
check 'another VRF: no route of the one before' not has 'ip -n pe1 route show table 1001' 'proto 82 metric 82'
check 'another VRF: its port' within 3 ping_from ce1a 192.168.1.1

# --- the end takes away what is in force now
check 'stops' fwd_stop
check 'nothing is left' not has 'ip -n pe1 link show type vrf; ip -n pe1 -f mpls route show; ip -n pe1 rule' 'vrf-\|proto 82\|iif c'
finish
