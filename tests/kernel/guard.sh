# The whole router with its guard: what a CE announced may be a source, best or not, as long as it says so; of the core's
# neighbour the labels are let in that it was told; and what is shown of it. FRR is the CE and the neighbour.
. "$SRC/tests/kernel/net.sh"
net_up
mkdir -p /run/frr/ce1a /run/frr/p /run/cfg
ip -n ce1a addr add 172.16.5.1/32 dev lo
ip -n ce1a addr add 172.16.66.1/32 dev lo
cat >$t/pe1.yaml <<-X
	router: {name: pe1, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/ravelin}
	mpls: {labels: 100000-100999, quarantine: 1}
	acls:
	  - name: customer-a
	    aces:
	      - {name: no-telnet, matches: {ipv4: {protocol: tcp}, tcp: {destination-port: {operator: eq, port: 23}}},
	         actions: {forwarding: drop, logging: log-syslog}}
	ports:
	  - {name: core, role: core, address: [10.0.1.1/30], labels: advertised}
	  - {name: ca, role: access, vrf: vrf-a, address: [192.168.1.1/30], acl: [customer-a], guard: {source: feasible}}
	  - {name: cb, role: access, vrf: vrf-a, address: [192.168.3.1/30]}
	vrfs:
	  - name: vrf-a
	    table: 1001
	    rd: "65000:11"
	    import: ["65000:101"]
	    export: ["65000:101"]
	    routes: [{prefix: 172.16.5.0/24, next-hop: 192.168.3.2}]
	    neighbors: [{address: 192.168.1.2, as: 65101, password: CeASecret, name: ce-a1, max-prefix: 100}]
	  - {name: vrf-b, table: 1002, rd: "65000:12", import: ["65000:102"], export: ["65000:102"]}
	neighbors:
	  - {address: 10.0.1.2, local-address: 10.0.1.1, as: 65000, families: [vpnv4], password: CoreSecret, name: p,
	     import: accept-all, export: accept-all}
X
cat >/run/cfg/ce1a.conf <<X
router bgp 65101
 bgp router-id 172.16.1.1
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 192.168.1.1 remote-as 65000
 neighbor 192.168.1.1 password CeASecret
 neighbor 192.168.1.1 timers connect 1
 address-family ipv4 unicast
  network 172.16.1.0/24
  network 172.16.5.0/24
 exit-address-family
exit
X
cat >/run/cfg/p.conf <<X
router bgp 65000
 bgp router-id 10.255.0.2
 no bgp default ipv4-unicast
 neighbor 10.0.1.1 remote-as 65000
 neighbor 10.0.1.1 password CoreSecret
 neighbor 10.0.1.1 timers connect 1
 address-family ipv4 vpn
  neighbor 10.0.1.1 activate
 exit-address-family
exit
X
chown -R frr:frr /run/cfg /run/frr
chmod 640 /run/cfg/*
frr() { # NAMESPACE
	ip netns exec "$1" /usr/lib/frr/bgpd -d -Z -N "$1" -u frr -g frr -f /run/cfg/$1.conf -i /run/frr/$1/bgpd.pid --vty_socket /run/frr/$1 \
		-A 127.0.0.1 >>$t/frrlog 2>&1
}
vt() { vtysh --vty_socket /run/frr/$1 "${@:2}" 2>/dev/null; }
show() { in_pe1 "$BUILD/ravelin" show "$@"; }
count() { # PORT REASON: packets
	show guard "$1" | awk -v r="$2" '$1 == r { n = $2 } END { print n + 0 }'
}
none() { [ "$(count "$1" "$2")" = 0 ]; }
some() { [ "$(count "$1" "$2")" -gt 0 ]; }
state() { show guard "$1" | grep -q "^$1 .* $2 "; }
up() { show -j bgp summary | grep -q "\"name\":\"$1\"[^}]*\"state\":\"Established\""; }
installed() { ip -n pe1 route show vrf vrf-a | grep -q '^172.16.1.0/24 .*192.168.1.2'; }
told() { vt p -c 'show bgp ipv4 vpn' | grep -q 172.16.1.0/24; }
mac=$(in_pe1 cat /sys/class/net/core/address)
labelled() { ip netns exec p python3 "$SRC/tests/kernel/labelled.py" pe1 "$mac" "$1" 172.16.1.1; }
metrics() {
	in_pe1 python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.connect("/run/ravelin/ravelin.sock")
s.send(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
print(b"".join(iter(lambda: s.recv(65536), b"")).decode())'
}

ip netns exec pe1 "$BUILD/ravelind" -f $t/pe1.yaml >$t/log 2>&1 &
router=$!
check 'the ports are opened' within 20 eval 'state ca open && state cb open && state core open'
[ $failed = 0 ] || finish
check 'the CE' frr ce1a
[ $failed = 0 ] || { cat $t/frrlog; finish; }
check 'the neighbour' frr p
check 'the session of the CE' within 20 up ce-a1
check 'the session of the neighbour' within 20 up p
check 'its route is in the kernel' within 10 installed

# --- sources
check 'from where the CE announced' within 5 ping_from ce1a 192.168.1.1 172.16.1.1
check 'none was refused' none ca urpf
ping_from ce1a 192.168.1.1 172.16.5.1
check 'from what it announced and is not best: let in' none ca urpf
check '... and it is not best' has 'ip -n pe1 route show vrf vrf-a' '^172.16.5.0/24 .*192.168.3.2'
check 'from where it did not: no answer' not ping_from ce1a 192.168.1.1 172.16.66.1
check '... and counted' within 3 some ca urpf
refused() { local n; n=$(count ca urpf) && ping_from ce1a 192.168.1.1 172.16.5.1; [ "$(count ca urpf)" -gt "$n" ]; }
vt ce1a -c 'configure terminal' -c 'router bgp 65101' -c 'address-family ipv4 unicast' -c 'no network 172.16.5.0/24'
check 'what it withdraws is refused' within 10 refused
vt ce1a -c 'configure terminal' -c 'router bgp 65101' -c 'address-family ipv4 unicast' -c 'network 172.16.5.0/24'
check 'what it says again is not' within 10 not refused

# --- labels
check 'the neighbour has the route' within 10 told
labelled 100000
check 'the label that it was told' within 3 some core passed
check '... is let in' none core label_not_distributed
labelled 100001
check 'that of a VRF that it was told nothing of is not' within 3 some core label_not_distributed
check 'a sample of it' within 3 has 'show guard drops' '8847 label 100001 ttl 64 | IPv4'
check 'in the metrics' has metrics 'ravelin_guard_packets_total{port="core",vrf="default",reason="label_not_distributed"} 3'
before=$(count core label_not_distributed)
vt p -c 'configure terminal' -c 'router bgp 65000' -c 'neighbor 10.0.1.1 shutdown'
dropped() { labelled 100000; [ "$(count core label_not_distributed)" -gt "$before" ]; }
check 'without a session none is' within 10 dropped
vt p -c 'configure terminal' -c 'router bgp 65000' -c 'no neighbor 10.0.1.1 shutdown'
check 'the session is back' within 30 up p
accepted() { before=$(count core label_not_distributed); labelled 100000; [ "$(count core label_not_distributed)" = "$before" ]; }
check 'and so is the label' within 10 accepted

# --- bgpd dies
kill -KILL "$(pgrep -P $router)"
check 'both sessions, after bgpd died' within 40 eval 'up p && up ce-a1'
check 'sources are said again' within 10 not refused
check 'labels too' within 10 accepted
kill $router
wait $router
check 'ends' [ $? = 0 ]
finish
