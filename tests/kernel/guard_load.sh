# The guard's loader on a real device: read back, replaced under a flood, with the least privileges.
. "$SRC/tests/kernel/net.sh"
hold=$BUILD/tests/kernel/guard_hold

ip netns add far
ip link add port type veth peer name far netns far
ip link set port up
ip -n far link set far up

start() { # XDP_MODE: the holder, orders by $orders, answers from $answers
	rm -f $t/orders $t/answers
	mkfifo $t/orders $t/answers
	"$hold" port "$1" <$t/orders >$t/answers 2>$t/hold.err &
	holder=$!
	exec 6>$t/orders 7<$t/answers
	read -rt 10 line <&7 && [ "$line" = loaded ]
}
stop() {
	exec 6>&- 7<&-
	wait $holder
}
says() { # ORDER ANSWER
	echo "$1" >&6
	read -rt 60 line <&7
	echo "$1: $line"
	[ "$line" = "$2" ]
}
counted() { # ORDER PATTERN
	echo count >&6
	read -rt 10 line <&7
	echo "$line"
	grep -qE "$1" <<<"$line"
}
through() { tc -s filter show dev port ingress prio 2 | sed -n 's/.*Sent [0-9]* bytes \([0-9]*\) pkt.*/\1/p' | head -1; }

# --- attached and read back; what changes is noticed
check 'loads' start 1
check 'not attached' says check gone
check 'attaches' says attach ok
check 'stands' says check stands
check 'no packet passes it while it is closed' eval '
	ip netns exec far timeout 0.2 "$hold" flood far; counted "^pass 0 labelled 0 closed [1-9]"'
check 'the filter deleted' eval 'tc filter del dev port ingress prio 1 && says check gone && says attach ok && says check stands'
check 'clsact deleted' eval 'tc qdisc del dev port clsact && says check gone && says attach ok && says check stands'
other="bpf da obj $BUILD/acl/bpf/noop.bpf.o sec tc"
check 'another program in its place' eval '
	tc filter replace dev port ingress handle 1 prio 1 $other && says check replaced && says attach ok && says check stands'
check 'another before it, of the same priority' eval '
	tc filter add dev port ingress handle 2 prio 1 $other && says check behind-another &&
	tc filter del dev port ingress handle 2 prio 1 bpf && says check stands'
check 'another behind it is nothing' eval '
	tc filter add dev port ingress handle 1 prio 2 $other && says check stands && tc filter del dev port ingress prio 2'
check 'XDP removed' eval 'ip link set dev port xdp off && says check xdp-gone && says attach ok && says check stands'
check 'XDP replaced' eval '
	ip -force link set dev port xdp obj "$BUILD/acl/bpf/noop.bpf.o" sec xdp && says check xdp-gone && says attach ok && says check stands'
check 'taken off' says detach ok
check 'nothing is left of it' eval '! ip link show dev port | grep -q "xdp\|clsact" && ! tc qdisc show dev port | grep -q clsact'
stop

# --- killed: what it attached goes on; a later one takes it off by name
check 'loads again' start 2
check 'attaches again' says attach ok
{ kill -9 $holder; wait $holder; } 2>/dev/null
stop
check 'killed: the filter stands' has 'tc filter show dev port ingress' ravelin_guard
check 'killed: generic XDP stands' has 'ip link show dev port' xdpgeneric

# --- a frame whose headers are not in one piece: above a page, AF_PACKET leaves 14 octets in the first
jumbo() {
	ip link set dev port mtu 9000
	ip -n far link set dev far mtu 9000
	ip netns exec far python3 - <<-'X'
		import socket, struct
		s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		s.bind(("far", 0))
		ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 6000, 0, 0, 64, 17, 0, bytes([10, 0, 0, 1]), bytes([10, 1, 0, 1]))
		udp = struct.pack("!HHHH", 1, 2, 5980, 0)
		s.send(b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + udp + bytes(5972))
	X
}
check 'an instance at tc alone' start 3
check 'in its place, open' eval 'says attach ok && says open ok'
check 'headers in pieces are read' eval 'jumbo && counted "^pass 1 "'
check 'taken off again' says detach ok
ip link set dev port mtu 1500
ip -n far link set dev far mtu 1500
stop

# --- replaced under a flood: at tc alone
check 'another instance loads' start 3
check 'and takes the place' says attach ok
check 'XDP of the dead one, which nobody wants now, went' not has 'ip link show dev port' xdp
check 'stands in its place' says check stands
check 'opened' says open ok
check 'whoever passes is counted behind it' tc filter add dev port ingress prio 2 matchall action drop
ip netns exec far "$hold" flood far &
flood=$!
check 'replaced 200 times' says 'replace 200' ok
check 'no labelled packet came through' eval 'echo $(through); [ "$(through)" = 0 ]'
check 'counters went on, it is still open' counted '^pass 0 labelled [1-9][0-9]{3,} .*open 1'
check 'control: taken off and attached instead' says 'gap 50' ok
check 'control: labelled packets came through' eval 'echo $(through); [ "$(through)" -gt 0 ]'
echo "    $(through) packets came through the gaps of 50 replacements that were not atomic"
kill $flood
wait $flood 2>/dev/null
tc filter del dev port ingress prio 2
check 'taken off at the end' says detach ok
stop
check 'clsact went with it' not has 'tc qdisc show dev port' clsact

# --- privileges
with_caps() { # CAPS ORDER...: the answers
	printf '%s\n' "${@:2}" | setpriv --bounding-set="-all,$1" "$hold" port 1 2>&1 | paste -sd' '
}
check 'CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN are enough' eval '
	says_caps=$(with_caps +bpf,+perfmon,+net_admin attach check "replace 2" check detach); echo "$says_caps"
	[ "$says_caps" = "loaded ok stands ok stands ok" ]'
check 'without CAP_BPF: refused' eval '[ "$(with_caps +perfmon,+net_admin attach)" = "Operation not permitted" ]'
check 'without CAP_PERFMON: refused' eval 'with_caps +bpf,+net_admin attach | grep -q "^Permission denied\|^Operation not permitted"'
check 'without CAP_NET_ADMIN: refused' eval 'with_caps +bpf,+perfmon attach | grep -q "not permitted\|denied"'
finish
