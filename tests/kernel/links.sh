# A VLAN that is a port, a static neighbour, own rules, devices that are no ports of a customer, and labels on a core port that are
# only let in if that neighbour was told them.
. "$SRC/tests/kernel/net.sh"
. "$SRC/tests/kernel/packets.sh"
net_up
ip -n pe1 route add 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
# --- a VLAN that is a port
ca=$(mac pe1 ca)
ip -n pe1 link add link cb name cb.100 type vlan id 100
ip -n ce1b -batch - <<X
addr del 192.168.1.2/30 dev pe0
link add link pe0 name v100 type vlan id 100
link add link pe0 name v200 type vlan id 200
link set v100 up
link set v200 up
addr add 192.168.1.2/30 dev v100
route replace default via 192.168.1.1
X
ip -n pe1 link set cb up
check 'starts, VLAN 100' begin '{source: strict}' 's/name: cb,/name: cb.100,/'
check 'VLAN: its carrier is narrowed' logged 'event=guard_trunk port=cb'
check 'VLAN: open' within 5 logged 'event=guard_open port=cb.100'
check 'VLAN: the agreed one passes' within 3 ping_from ce1b 192.168.1.1
check 'VLAN: untagged: nothing' none p frames ce1b pe0 "$(mac pe1 cb)" 10.255.0.2 10.255.0.1
check 'VLAN: another, or nested: nothing' none pe1 frames ce1b pe0 "$(mac pe1 cb)" 8100.200/192.168.1.1 8100.100/8100.100/192.168.1.1 88a8.100/192.168.1.1
check 'VLAN: control: the agreed one' three pe1 frames ce1b pe0 "$(mac pe1 cb)" 8100.100/192.168.1.1
check 'ends' fwd_stop
check 'VLAN: nothing is left' not has 'in_pe1 tc qdisc show' clsact
ip -n pe1 link del cb.100

# --- a neighbour with a MAC address of its own
check 'starts, static neighbor' begin "{static-neighbors: [{address: 192.168.1.2, mac: \"$(mac ce1a pe0)\"}]}"
check 'static: it stands' has 'ip -n pe1 neigh show dev ca' '192.168.1.2 .*PERMANENT'
check 'static: the right one passes' within 3 ping_from ce1a 192.168.1.1
check 'static: nothing counted' not counted 1 mac_spoof '[0-9]*'
ip -n pe1 neigh del 192.168.1.2 dev ca
check 'static: deleted: said' within 4 logged 'event=guard_drift port=ca what=neighbor'
check 'static: put back' within 4 has 'ip -n pe1 neigh show dev ca' '192.168.1.2 .*PERMANENT'
old=$(mac ce1a pe0)
ip -n ce1a link set pe0 address 02:00:00:00:00:66
check 'static: another MAC: dropped' none pe1 frames ce1a pe0 $ca 192.168.1.1
check 'static: counted' counted 1 mac_spoof '[1-9][0-9]*'
ip -n ce1a link set pe0 address $old
check 'ends' fwd_stop

# --- own rules, and a device that nobody has configured
ip netns add stranger
ip link add pe0 netns stranger address 02:00:00:00:00:0d type veth peer name what address 02:00:00:00:00:0c netns pe1
ip -n stranger -batch - <<X
link set pe0 up
addr add 192.168.77.2/30 dev pe0
X
passing() { frames stranger pe0 02:00:00:00:00:0c -s 192.168.77.2 10.255.0.2; }
untouched() { not has 'in_pe1 tc qdisc show' "dev $1 .*clsact\|clsact .*dev $1 " && not has "ip -n pe1 link show $1" xdp; }
acl='acls: [{name: own, aces: [{name: not-nine, matches: {ipv4: {protocol: icmp, destination-ipv4-network: 172.16.2.9/32}, icmp: {type: 8}}, actions: {forwarding: drop}}, {name: eight, matches: {ipv4: {destination-ipv4-network: 172.16.2.8/32}}, actions: {forwarding: accept}}]}]'
check 'starts, own rules' begin '{source: strict}' "1a $acl" 's/vrf: vrf-a, /&acl: [own], /'
check 'own rules: dropped' none ce2a frames ce1a pe0 $ca 172.16.2.9
check 'own rules: what they do not name passes' three ce2a frames ce1a pe0 $ca 172.16.2.1
check 'own rules: what they accept passes' three ce2a frames ce1a pe0 $ca 172.16.2.8
check 'own rules: counted' counted 1 rule_drop 3
check 'own rules: each entry' eval "grep -q '^guard-rule .*port=1 .*rule=0 count=3$' $t/out && grep -q '^guard-rule .*port=1 .*rule=1 count=3$' $t/out"
ip -n pe1 link set what up
check 'unknown device: closed' within 3 logged 'event=guard_unknown port=what'
check 'unknown device: nothing passes' none p passing
check 'ends' fwd_stop

# --- the same left open on request, and a port for the management
ip link add mgmt netns stranger type veth peer name mgmt netns pe1
ip -n stranger -batch - <<X
link set mgmt up
addr add 192.168.88.2/30 dev mgmt
X
ip -n pe1 -batch - <<X
addr add 192.168.88.1/30 dev mgmt
link set mgmt up
X
ip -n pe1 link set what down
check 'starts, unknown ports open' begin '{source: strict}' 's/^guard: {/&unknown-ports: open, /' '/name: core,/a\  - {name: mgmt, role: management}'
check 'control: without own rules' three ce2a frames ce1a pe0 $ca 172.16.2.9
ip -n pe1 link set what up
check 'unknown device: open: passes' three p passing
check 'unknown device: open: untouched' untouched what
check 'management: reachable' within 3 ping_from stranger 192.168.88.1
check 'control: a port of a customer is not' not untouched ca
check 'management: untouched' untouched mgmt
check 'management: no labels' has 'in_pe1 cat /proc/sys/net/mpls/conf/mgmt/input' 0
check 'ends' fwd_stop
check 'management: still reachable' ping_from stranger 192.168.88.1
ip netns del stranger

# --- labels from the core: only what that neighbour was told (RFC 4364 10)
echo_label() { ip netns exec p python3 "$SRC/tests/kernel/customer.py" pe1 "$(mac pe1 core)" -c 3 -s 172.16.2.1 $1:172.16.1.1; }
guard='{source: strict}'
sed -i 's/{name: core, role: core}/{name: core, role: core, labels: advertised, address: [10.0.1.1\/30]}/' $t/pe1.yaml
echo '  - {address: 10.0.1.2, local-address: 10.0.1.1, as: 65009, families: [vpnv4], import: accept-all, export: accept-all}' >>$t/pe1.yaml
begin() { fwd_start && within 5 logged 'event=guard_open port=core' && within 5 logged 'event=guard_open port=ca' && ask label 100000 0 && ask ce 0 172.16.1.0/24 192.168.1.2; }
sed -i 's/, guard: {static[^]]*]}//' $t/pe1.yaml
check 'starts, labels: advertised' begin
check 'core: a label that was not told: dropped' none ce1a echo_label 100000
check 'core: counted' counted 0 label_not_distributed 3
check 'core: told to the neighbor of that link' ask tell 100000 1
check 'core: passes' three ce1a echo_label 100000
check 'core: another label does not' none ce1a echo_label 100001
check 'core: no longer told' ask untell 100000 1
check 'core: dropped again' none ce1a echo_label 100000
check 'core: told to a neighbor elsewhere' ask tell 100000 0
check 'core: is not for this link' none ce1a echo_label 100000
check 'ends' fwd_stop
finish
