# Sourced by the scripts that run in the guest: counting, waiting, a small VPN, and mplsfwd under fwd_drive.
#
#   ce1a --ca.                              .-- ce2a     both customers use 172.16.N.0/24 and 192.168.N.0/30
#             pe1 (ours) --core-- p -- pe2 (static)
#   ce1b --cb'                              '-- ce2b
#
# p: transport label 10003 towards pe2, 10001 towards pe1 (both popped there). pe2: VPN label 80 is a, 81 is b.
passed=0 failed=0 skipped=0
t=/run/t
mkfifo $t/never
exec 9<>$t/never

check() { # NAME COMMAND...
	local name=$1
	shift
	if "$@" >$t/why 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok: $name ($*)"
		sed 's/^/    /' $t/why | head -20
		[ -s $t/log ] && tail -3 $t/log | sed 's/^/    log: /'
	fi
}

not() { ! "$@"; }

finish() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ $failed -eq 0 ]
	exit
}

within() { # SECONDS COMMAND...: until it succeeds
	local end=$((${EPOCHREALTIME/./} + $1 * 1000000))
	shift
	while ! "$@"; do
		[ ${EPOCHREALTIME/./} -gt $end ] && return 1
		read -rt 0.03 <&9
	done
	return 0
}

in_pe1() { ip netns exec pe1 "$@"; }
ping_from() { ip netns exec "$1" ping -n -q -c1 -W1 ${3:+-I $3} "$2" >/dev/null; }
has() { grep -q -- "$2" <<<"$(eval "$1")"; }

net_up() {
	{ for n in ce1a ce1b pe1 p pe2 ce2a ce2b; do echo "netns add $n"; done; } | ip -batch -
	ip -batch - <<-X
		link add core netns pe1 type veth peer name pe1 netns p
		link add core netns pe2 type veth peer name pe2 netns p
		link add pe0 netns ce1a type veth peer name ca netns pe1
		link add pe0 netns ce1b type veth peer name cb netns pe1
		link add pe0 netns ce2a type veth peer name ca netns pe2
		link add pe0 netns ce2b type veth peer name cb netns pe2
	X
	for s in 1 2; do for v in a b; do
		ip -n ce$s$v -batch - <<-X
			link set lo up
			link set pe0 up
			addr add 192.168.$s.2/30 dev pe0
			addr add 172.16.$s.1/24 dev lo
			route add default via 192.168.$s.1
		X
	done; done
	ip -n p -batch - <<-X
		link set lo up
		link set pe1 up
		link set pe2 up
		addr add 10.255.0.2/32 dev lo
		addr add 10.0.1.2/30 dev pe1
		addr add 10.0.2.1/30 dev pe2
		route add 10.255.0.1/32 via 10.0.1.1
		route add 10.255.0.3/32 via 10.0.2.2
	X
	ip netns exec p sh -c 'cd /proc/sys/net && echo 1 >ipv4/ip_forward && echo 100000 >mpls/platform_labels &&
		echo 1 >mpls/conf/pe1/input && echo 1 >mpls/conf/pe2/input'
	ip -n p -f mpls -batch - <<-X
		route add 10003 via inet 10.0.2.2 dev pe2
		route add 10004 via inet 10.0.2.2 dev pe2
		route add 10001 via inet 10.0.1.1 dev pe1
	X
	ip -n pe1 -batch - <<-X
		link set lo up
		link set core up
		addr add 10.255.0.1/32 dev lo
		addr add 10.0.1.1/30 dev core
		route add 10.255.0.2/32 via 10.0.1.2
	X
	pe2_up
}

pe2_up() {
	ip netns exec pe2 sh -c 'cd /proc/sys/net && echo 1 >ipv4/ip_forward && echo 200000 >mpls/platform_labels &&
		echo 1 >mpls/conf/core/input'
	for v in a:1001:80 b:1002:81; do
		IFS=: read -r n table label <<<$v
		ip -n pe2 -batch - <<-X
			link add vrf-$n type vrf table $table
			link set vrf-$n up
			route add unreachable default metric 4278198272 vrf vrf-$n
			link set c$n master vrf-$n
			link set c$n up
			addr add 192.168.2.1/30 dev c$n
			route add 172.16.2.0/24 vrf vrf-$n via 192.168.2.2 dev c$n
		X
		ip -n pe2 -f mpls route add $label dev vrf-$n
	done
	ip -n pe2 -batch - <<-X
		link set lo up
		link set core up
		addr add 10.255.0.3/32 dev lo
		addr add 10.0.2.2/30 dev core
		route add 10.255.0.1/32 encap mpls 10001 via 10.0.2.1 dev core
		route add 172.16.1.0/24 vrf vrf-a encap mpls 10001/100000 via inet 10.0.2.1 dev core
		route add 192.168.1.0/30 vrf vrf-a encap mpls 10001/100000 via inet 10.0.2.1 dev core
		route add 172.16.1.0/24 vrf vrf-b encap mpls 10001/100001 via inet 10.0.2.1 dev core
	X
}

# The configuration of pe1; more ports or peers are appended by the caller. guard: what the access ports have there.
conf_write() {
	cat >$t/pe1.yaml <<-X
		router: {name: pe1, as: 65000, id: 10.255.0.1, user: nobody, run-dir: /run/ravelin}
		mpls: {labels: 100000-100999, quarantine: 1}
		ports:
		  - {name: core, role: core}
		  - {name: ca, role: access, vrf: vrf-a, address: [192.168.1.1/30]${guard:+, guard: $guard}}
		  - {name: cb, role: access, vrf: vrf-b, address: [192.168.1.1/30]${guard:+, guard: $guard}}
		vrfs:
		  - {name: vrf-a, table: 1001, rd: "65000:11", import: ["65000:101"], export: ["65000:101"]${1:+, neighbors: [$1]}}
		  - {name: vrf-b, table: 1002, rd: "65000:12", import: ["65000:102"], export: ["65000:102"]${2:+, neighbors: [$2]}}
		neighbors:
		  - {address: 10.255.0.3, local-address: 10.255.0.1, as: 65000, families: [vpnv4], password: CoreSecret}
	X
}

# Starts mplsfwd in pe1; commands go to descriptor 8, what it says to out, its log to log.
fwd_start() {
	rm -f $t/cmd
	mkfifo $t/cmd
	: >$t/out
	: >$t/log
	ip netns exec pe1 "$BUILD/tests/kernel/fwd_drive" $t/pe1.yaml <$t/cmd >$t/out 2>$t/log &
	fwd=$!
	exec 8>$t/cmd
	within 15 said 'bgpd started'
}

said() { grep -q -- "$1" $t/out; }
logged() { grep -q -- "$1" $t/log; }
tell() { echo "$*" >&8; }

# Asks and waits for the answer; succeeds if it is 0.
ask() {
	local n seq
	n=$(grep -c '^asked' $t/out)
	tell "$@"
	within 5 asked_more "$n" || return 1
	seq=$(sed -n 's/^asked seq=\([0-9]*\).*/\1/p' $t/out | tail -1)
	within 5 said "^ack seq=$seq " || return 1
	grep "^ack seq=$seq " $t/out
	said "^ack seq=$seq .* error=0 "
}
asked_more() { [ "$(grep -c '^asked' $t/out)" -gt "$1" ]; }

fwd_gone() { ! kill -0 $fwd 2>/dev/null; }

fwd_kill() {
	kill -KILL $fwd
	within 15 fwd_gone
	wait $fwd 2>/dev/null
	exec 8>&-
}

fwd_stop() { # with SIGTERM; succeeds if it ended with status 0 in time
	kill -TERM $fwd
	within 15 fwd_gone || return 1
	wait $fwd
	local rc=$?
	exec 8>&-
	return $rc
}

# Everything of pe1's network that a daemon could leave behind.
picture() {
	ip -n pe1 -o link show | sed 's/^[0-9]*: //; s/NO-CARRIER,//; s/@[^:]*//; s/ *prog\/xdp.*//; s/ mtu.*\( master [^ ]*\)/\1/; s/ mtu.*//' | sort
	ip -n pe1 -4 addr show | sed -n 's/ *inet /inet /p'
	ip -n pe1 route show table all | grep -v fe80: | sort
	ip -n pe1 -f mpls route show
	ip -n pe1 nexthop show
	ip -n pe1 rule show
	ip -n pe1 -6 rule show
}

labelled() { # NAMESPACE PORT MAC LABELS DST: three labelled ICMP echo requests
	ip netns exec "$1" python3 "$SRC/tests/kernel/labelled.py" "$2" "$3" "$4" "$5"
}
mac() { ip -n "$1" -j link show "$2" | sed 's/.*"address":"\([^"]*\)".*/\1/'; }
echoes() { ip netns exec "$1" awk '/^Icmp:/{if(!c){for(i=1;i<=NF;i++)if($i=="InEchos")c=i}else print $c}' /proc/net/snmp; }
