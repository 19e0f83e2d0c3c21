# The auditor on a PE of ours: nothing flagged; then one wrong thing after another, each flagged by the right check and
# by no other, and mended by the command that was printed. mplsfwd is stopped meanwhile: it would mend most by itself.
. "$SRC/tests/kernel/net.sh"
in_pe1() { nsenter --net=/run/netns/pe1 "$@"; } # cheaper than ip netns exec
net_up
modprobe -d /run/mods -a ip_gre bridge 2>/dev/null
conf_write '{address: 192.168.1.2, as: 65101, password: KeyOfA, gtsm: 1, max-prefix: 10}'
sed -i 's|name: vrf-b, table: 1002,|name: vrf-b, table: 1002, routes: [{prefix: 172.16.1.0/24, next-hop: 192.168.1.2}],|' $t/pe1.yaml
ip -n pe1 route add 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
ip netns exec pe1 "$BUILD/ravelind" -f $t/pe1.yaml >$t/log 2>&1 &
daemon=$!

# The report; what it found ("check<TAB>object" a line) in found, the commands ("check<TAB>command") in mends.
audit() {
	"$BUILD/ravelin" audit --netns pe1 --json "$@" >$t/json 2>$t/err
	local rc=$?
	: >$t/found
	[ $rc = 0 ] || awk -v out=$t/mends 'BEGIN { printf "" >out }
		/^      "(check|object|mend)": / {
			k = $1; v = $0
			sub(/^[^:]*: "/, "", v); sub(/",?$/, "", v); gsub(/\\"/, "\"", v)
			if (k == "\"check\":") c = v
			else if (k == "\"object\":") print c "\t" v
			else print c "\t" v >out
		}' $t/json >$t/found
	return $rc
}
clean() { audit "$@" || { cat $t/found && false; }; }
mend() { # CHECK: runs the commands that were printed
	local id command n=0
	while IFS=$'\t' read -r id command; do
		[ "$id" = "$1" ] || continue
		n=$((n + 1))
		in_pe1 sh -c "$command" || return 1
	done <$t/mends
	[ $n -gt 0 ]
}
only() { # CHECK: something was found, and all by it
	local id object n=0
	while IFS=$'\t' read -r id object; do
		echo "$id $object"
		[ "$id" = "$1" ] || return 1
		n=$((n + 1))
	done <$t/found
	[ $n -gt 0 ]
}
stop() { kill -STOP $daemon; }
go_on() { kill -CONT $daemon; }

# NAME, the check that must flag it, the wrong thing: done in pe1, flagged, mended by what is printed. Were it not mended, the
# next one would find it as well. (bgpd waits a second for the stopped mplsfwd at each audit: no more of them than needed.)
wrong() {
	check "$1: done" in_pe1 sh -e -c "$3"
	audit
	check "$1: exit status 4" [ $? = 4 ]
	check "$1: flagged by $2 alone" only "$2"
	check "$1: says how to mend it" mend "$2"
}

ready() { "$BUILD/ravelin" show mpls 2>/dev/null | grep -q 'vrf-b *installed' && ip -n pe1 route show vrf vrf-b | grep -q 172.16.1; }
check 'starts' within 10 ready
check 'a PE of ours: nothing is flagged' within 10 clean
check 'of the host: nothing is flagged either' clean --of-host
stop

wrong 'labels on an access port' port-labels 'sysctl -qw net.mpls.conf.ca.input=1'
wrong 'port in no VRF' port-binding 'ip link set ca nomaster'
wrong "port in another's VRF" port-binding 'ip link set ca master vrf-b'
wrong 'port under a bridge' port-binding 'ip link add br0 type bridge; ip link set ca master br0'
ip -n pe1 link del br0
wrong 'a device that nobody knows' port-unknown \
	'ip link add stray type veth peer name yarts; ip link set stray up; sysctl -qw net.ipv4.conf.stray.forwarding=1'
wrong 'a VLAN on an access port' port-vlan 'ip link add link ca name ca.7 type vlan id 7; ip link set ca.7 up'
wrong 'a tunnel in a VRF' port-tunnel \
	'ip link add gre1 type gre local 192.168.1.1 remote 192.168.1.2; ip link set gre1 master vrf-a; ip link set gre1 up'
wrong 'a tunnel that takes labels' port-tunnel \
	'ip link add gre1 type gre local 10.0.1.1 remote 10.0.1.2; ip link set gre1 up; sysctl -qw net.mpls.conf.gre1.input=1'
wrong 'IPv6 forwarded for a customer' port-ipv6 'sysctl -qw net.ipv6.conf.cb.forwarding=1'

wrong 'local before l3mdev' rule-order 'ip rule add pref 0 lookup local'
wrong 'local before l3mdev, IPv6' rule-order 'ip -6 rule add pref 0 lookup local'
wrong 'no rule for VRFs' rule-l3mdev 'ip rule del pref 1000'
wrong "a rule into another's table" rule-unknown 'ip rule add pref 900 iif ca lookup 1002'
wrong 'the safety net of a port' rule-net 'ip rule del iif ca unreachable'

wrong 'no unreachable default' vrf-default 'ip route del unreachable default vrf vrf-a metric 4278198272'
wrong 'no unreachable default, IPv6' vrf-default 'ip -6 route del unreachable default table 1001 metric 4278198272'
wrong 'two VRFs with one table' vrf-table 'ip link add vrf-x type vrf table 1001'
wrong 'a VRF that nobody knows' vrf-unknown 'ip link add vrf-y type vrf table 1003'

wrong 'room for too few labels' labels-platform 'sysctl -qw net.mpls.platform_labels=100500'
wrong 'the core shows' core-hidden 'sysctl -qw net.mpls.ip_ttl_propagate=1'
wrong 'listeners open to VRFs' vrf-sockets 'sysctl -qw net.ipv4.tcp_l3mdev_accept=1'
wrong 'UDP open to VRFs' vrf-sockets 'sysctl -qw net.ipv4.udp_l3mdev_accept=1'
wrong 'proxy ARP' port-proxy-arp 'sysctl -qw net.ipv4.conf.cb.proxy_arp=1'
wrong 'redirects to a customer' port-redirects 'sysctl -qw net.ipv4.conf.cb.send_redirects=1'
wrong 'the newly born forward' born-closed 'sysctl -qw net.ipv4.conf.default.forwarding=1'

wrong 'a label that was not given out' label-ours 'ip -f mpls route add 100400 dev vrf-b proto 82'
wrong "a label into another's VRF" label-ours 'ip -f mpls route replace 100000 dev vrf-b proto 82'
wrong "a stranger's label into a VRF" label-unknown 'ip -f mpls route add 5000 dev vrf-a'
wrong 'a label that somebody deleted' label-missing 'ip -f mpls route del 100000'
wrong 'a route into the core without a label' route-leak 'ip route add vrf vrf-a 10.9.0.0/16 via 10.0.1.2 dev core onlink'
wrong "a route into another's VRF" route-leak 'ip route add vrf vrf-a 172.30.0.0/16 dev vrf-b'
wrong "a customer's route in the core's table" route-core 'ip route add 172.16.1.0/24 via 192.168.1.2 dev ca onlink'
wrong 'a route of ours that bgpd does not know' route-stale 'ip route add vrf vrf-a 172.31.0.0/16 via 192.168.1.2 proto 82 metric 82'
wrong 'a route of a VPN by hand' route-unknown 'ip route add vrf vrf-a 172.29.0.0/16 via 192.168.1.2'

cat >$t/listen.py <<'X'
import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, 25, b"vrf-a")
s.bind(("", 23))
s.listen()
print("listening", flush=True)
sys.stdin.read()
X
ip netns exec pe1 python3 $t/listen.py <$t/never >$t/listening &
within 5 grep -q listening $t/listening
wrong 'a service in a VRF' session-service true

check 'all of it was mended' clean

# What ravelind mends by itself.
check 'the guard taken off: done' in_pe1 tc filter del dev cb ingress
audit
check 'the guard taken off: flagged by guard-missing alone' only guard-missing
go_on
check 'and attached again by ravelind' within 20 clean
stop
in_pe1 ip route del 172.16.1.0/24 vrf vrf-b proto 82
audit
check 'a route that somebody deleted: flagged' only route-missing
go_on
check 'and put back by ravelind' within 20 clean

# Without a daemon, by its configuration alone; with nothing to go by; in another namespace.
stop
check 'by a file' eval "\"$BUILD/ravelin\" -s /nowhere audit --netns pe1 -f $t/pe1.yaml >$t/text; [ \$? = 0 ]"
check 'says that the daemon is not asked' eval "\"$BUILD/ravelin\" -s /nowhere audit --netns pe1 -f $t/pe1.yaml 2>&1 >/dev/null | grep -q 'not compared'"
status() { "$BUILD/ravelin" "${@:2}" >/dev/null 2>&1; [ $? = "$1" ]; }
check 'no daemon and no file: 3' status 3 -s /nowhere/x audit
check 'no such namespace: 1' status 1 audit -f $t/pe1.yaml --netns nowhere
check 'not understood: 2' status 2 audit --what
check 'no line is wider than 80' not grep -qvE '^.{0,80}$|^    mend' $t/text
check 'no secret is shown' not grep -q KeyOfA $t/json $t/text
go_on
finish
