# A VLAN that is a port, a static neighbour, and labels on a core port that are only let in if that neighbour was told them.
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
