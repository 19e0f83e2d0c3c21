# Sourced by tests/kernel/flood.sh and tests/bench/flood.sh: one customer floods its PE, the others are watched.
#
#   The attacker's port `ca` (vrf-a) is a wire out of this kernel: its other end is tests/bench/flood_send, which has a
#   processor of its own. The others: ce1b (vrf-b), ce1c (vrf-c), both BGP, and pe2 (core, iBGP with VPN routes). All sessions have a
#   hold time of 3 s, so a keepalive each second; tests/bench/flood_peer is their other end. Legitimate traffic: ce1b to
#   ce2b, an echo request every 10 ms, through pe1, two labels, p and pe2.
. "$SRC/tests/kernel/net.sh"

flood_kinds='label syn own-syn arp own-arp udp icmp spoof'
attacker_mac=02:00:00:00:00:66 # flood_send's
other_mac=02:00:00:00:00:02

flood_net() {
	net_up
	ip -n pe1 link del ca
	ip link set vec0 name ca netns pe1 # never up before: this driver comes up once
	ip netns add ce1c
	ip link add pe0 netns ce1c type veth peer name cc netns pe1
	ip -n ce1c -batch - <<-X
		link set lo up
		link set pe0 up
		addr add 192.168.1.2/30 dev pe0
		addr add 172.16.3.1/24 dev lo
		route add default via 192.168.1.1
	X
	ip -n ce1b link set pe0 address $other_mac
	ip -n ce1c link set pe0 address $other_mac
	ip -n pe1 route add 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
}

flood_conf() { # [KEYS [KEYS]]: of the attacker's port; of the others'
	cat >$t/pe1.yaml <<-X
		router: {name: pe1, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/ravelin}
		mpls: {labels: 100000-100999, quarantine: 1}
		ports:
		  - {name: core, role: core}
		  - {name: ca, role: access, vrf: vrf-a, address: [192.168.1.1/30, 10.66.0.1/16]${1:+, $1}}
		  - {name: cb, role: access, vrf: vrf-b, address: [192.168.1.1/30]${2:+, $2}}
		  - {name: cc, role: access, vrf: vrf-c, address: [192.168.1.1/30]${2:+, $2}}
		vrfs:
	X
	local i=0 v
	for v in a b c; do
		i=$((i + 1))
		cat >>$t/pe1.yaml <<-X
			  - name: vrf-$v
			    table: 100$i
			    rd: "65000:1$i"
			    import: ["65000:10$i"]
			    export: ["65000:10$i"]
			    neighbors:
			      - {address: 192.168.1.2, as: 6510$i, name: ce1$v, passive: true, gtsm: 1, hold-time: 3, max-prefix: 10}
		X
	done
	cat >>$t/pe1.yaml <<-X
		neighbors:
		  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, name: pe2, families: [vpnv4], passive: true, hold-time: 3}
	X
}

# ravelind and the sessions: they are up, and the far site answers. The attacker's customer has no host: what the
# router answers it goes to the wire.
flood_start() {
	ip netns exec pe1 "$BUILD/ravelind" -f $t/pe1.yaml </dev/null >$t/out 2>$t/log &
	fwd=$!
	rm -f $t/peer
	mkfifo $t/peer
	: >$t/heard
	"$BUILD/tests/bench/flood_peer" ce1b,172.16.1.1,172.16.2.1 \
		ce1b,ce1b,192.168.1.2,192.168.1.1,65102,172.16.1.0/24 \
		ce1c,ce1c,192.168.1.2,192.168.1.1,65103,172.16.3.0/24 \
		pe2,pe2,10.255.0.3,10.255.0.1,65000,172.16.2.0/24,65000:22,65000:102,81 <$t/peer >$t/heard 2>&1 &
	peer=$!
	exec 7>$t/peer
	flood_up &&
		ip -n pe1 neigh replace 192.168.1.2 lladdr $attacker_mac dev ca nud permanent &&
		ca_mac=$(mac pe1 ca)
}

flood_up() { # every session is up and the far site answers
	local n
	n=$(grep -cx up $t/heard)
	echo wait >&7
	within 20 eval "[ \$(grep -cx up $t/heard) -gt $n ]"
}

# The guard's counters of ca, as REASON:N words; nothing without a guard.
flood_drops() {
	"$BUILD/ravelin" -s /run/ravelin/ravelin.sock -j show guard 2>/dev/null | python3 -c '
import json, sys
try:
    ports = json.load(sys.stdin)["ports"]
except (ValueError, KeyError):
    ports = []
print(*(f"{r}:{n}" for p in ports if p.get("name") == "ca" for r, n in p["packets"].items() if n and r != "passed"), sep=",")'
}

flood_send() { # KIND MILLISECONDS: prints sent=N ms=N
	local dst=192.168.1.1
	case $1 in
	label) dst=172.16.1.1 ;;
	spoof) dst=172.16.2.1 ;;
	arp | scan) dst=10.66.0.1 ;;
	esac
	rm -f "$WIRE/told"
	echo "$1 $2 $ca_mac 192.168.1.2 $dst 100001" >"$WIRE/asking"
	mv "$WIRE/asking" "$WIRE/ask"
	within $(($2 / 1000 + 10)) [ -e "$WIRE/told" ] && cat "$WIRE/told"
}

# What a short flap of the others' links does, in the middle of the flood: the router must find their addresses anew.
flood_flap() { # MILLISECONDS
	read -rt "$(($1 / 2000)).$(printf %03d $(($1 / 2 % 1000)))" <&9
	ip -n pe1 neigh flush dev cb
	ip -n pe1 neigh flush dev cc
}

# Each begins with nothing left of the one before. One line: phase kind= sent= ms= NAME up= resets= gap_ms= ... echo sent= answered= worst_ms= before=DROPS after=DROPS
flood_phase() { # KIND MILLISECONDS
	local n sent='sent=0 ms=0' drops
	ip -n pe1 neigh flush dev ca
	flood_up || return
	drops=$(flood_drops)
	n=$(grep -c '^done' $t/heard)
	echo begin >&7
	flood_flap "$2" &
	if [ "$1" = quiet ]; then read -rt $(($2 / 1000)) <&9; else sent=$(flood_send "$1" "$2"); fi
	echo end >&7
	within 5 eval "[ \$(grep -c '^done' $t/heard) -gt $n ]"
	echo "phase kind=$1 $sent $(tail -5 $t/heard | grep -v done | tr '\n' ' ')before=$drops after=$(flood_drops)"
}

flood_latest() { # MILLISECONDS: no session was silent for longer
	cat $t/phase
	grep -o 'gap_ms=[0-9]*' $t/phase | awk -F= -v max="$1" '$2 > max + 0 {bad = 1} END {exit bad || NR != 3}'
}

flood_lost_less() { # PERCENT
	cat $t/phase
	sed 's/.* echo sent=\([0-9]*\) answered=\([0-9]*\) .*/\1 \2/' $t/phase | awk -v max="$1" '{lost = $1 - $2; sent = $1} END {exit !sent || lost * 100 >= sent * max}'
}
