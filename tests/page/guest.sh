# The router of the page's test, in user-mode Linux: a whole PE with its guard, a customer and two neighbours of the core. Ends when guest.py does.
. "$SRC/tests/kernel/net.sh"
net_up
ip link set vec0 up
ip addr add 10.99.0.2/24 dev vec0
ip -n pe1 route add 10.255.0.3/32 encap mpls 10003 via inet 10.0.1.2
cat >$t/pe1.yaml <<-X
	router: {name: pe1, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/ravelin}
	mpls: {labels: 100000-100999, quarantine: 1}
	ports:
	  - {name: core, role: core, address: [10.0.1.1/30], labels: advertised}
	  - {name: ca, role: access, vrf: vrf-a, address: [192.168.1.1/30]}
	  - {name: cb, role: access, vrf: vrf-b, address: [192.168.1.1/30]}
	vrfs:
	  - name: vrf-a
	    table: 1001
	    rd: "65000:11"
	    import: ["65000:101"]
	    export: ["65000:101"]
	    neighbors: [{address: 192.168.1.2, as: 65101, name: ce-a1, max-prefix: 5000}]
	  - name: vrf-b
	    table: 1002
	    rd: "65000:12"
	    import: ["65000:102"]
	    export: ["65000:102"]
	    neighbors: [{address: 192.168.1.2, as: 65101, name: ce-b1, max-prefix: 100}]
	neighbors:
	  - {address: 10.0.1.2, local-address: 10.0.1.1, as: 65000, families: [vpnv4], name: rr1, import: accept-all, export: accept-all}
	  - {address: 10.255.0.2, local-address: 10.255.0.1, as: 65000, families: [vpnv4], name: rr2, passive: true, max-prefix: 7000, import: accept-all, export: accept-all}
X
ip netns exec pe1 "$BUILD/ravelind" -f $t/pe1.yaml >$t/log 2>&1 &
router=$!
mac=$(in_pe1 cat /sys/class/net/core/address)
customer=$(in_pe1 cat /sys/class/net/ca/address)
python3 -B "$SRC/tests/page/guest.py" "$SRC" "$BUILD/ravelin" $t/pe1.yaml "$mac" "$customer"
kill $router
wait $router
tail -n 40 $t/log
