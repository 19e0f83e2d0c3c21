# What goes wrong at the start, and what stood there before us: refusals that say why, and adopted devices.
. "$SRC/tests/kernel/net.sh"
net_up
conf_write

refused() { # EVENT_PATTERN: the start fails with that line, and the exit status is 1
	in_pe1 timeout 10 "$BUILD/tests/kernel/fwd_drive" $t/pe1.yaml </dev/null >$t/out 2>$t/log
	[ $? = 1 ] && logged "$1"
}
mpls_off() { ip -n pe1 link show ca | grep -q 'state DOWN'; }

# --- probe
check 'probe: this kernel can be a PE' in_pe1 "$BUILD/ravelind" --probe
check 'probe as JSON' has "in_pe1 $BUILD/ravelind --probe --json" '"pe":true'
check 'probe leaves nothing' not has 'ip -n pe1 link show' rvp

# --- a device of the name that is something else
ip -n pe1 link add vrf-a type dummy
check 'a device of the name is no VRF' refused 'event=vrf_refused vrf=vrf-a .*is no VRF'
check 'nothing of ours is left: VRF b' not has 'ip -n pe1 link show' vrf-b
check 'nothing of ours is left: rules' has 'ip -n pe1 rule' '^0:'
check 'the access port is not left open' mpls_off
ip -n pe1 link del vrf-a
ip -n pe1 link add vrf-a type vrf table 77
check 'a VRF of another table' refused 'event=vrf_refused vrf=vrf-a .*another table'
check 'it is still there' has 'ip -n pe1 -d link show vrf-a' 'table 77'
ip -n pe1 link del vrf-a
ip -n pe1 link add other type vrf table 1001
check "another VRF has a's table" refused 'event=vrf_refused vrf=vrf-a .*another VRF device has this table'
ip -n pe1 link del other

# --- labels and settings
in_pe1 sh -c 'echo 500 >/proc/sys/net/mpls/platform_labels; echo 1 >/proc/sys/net/mpls/ip_ttl_propagate; echo 1 >/proc/sys/net/ipv4/tcp_l3mdev_accept'
ip -n pe1 link add vrf-a type vrf table 1001 # somebody's own, to be adopted
ip -n pe1 link set vrf-a up
check 'starts' fwd_start
check 'platform_labels raised to what the range needs' has 'in_pe1 cat /proc/sys/net/mpls/platform_labels' 101000
check 'the last label of the range works' ask label 100999 0
check 'TTL is not copied' has 'in_pe1 cat /proc/sys/net/mpls/ip_ttl_propagate' 0
check 'no listener of the core in a VRF' has 'in_pe1 cat /proc/sys/net/ipv4/tcp_l3mdev_accept' 0
check 'VRF adopted' logged 'event=vrf_ready vrf=vrf-a .*adopted=true'
ip -n pe1 route add 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
tell track 10.255.0.3
ask vpn 0 172.16.2.0/24 10.255.0.3 80 >/dev/null
ask label 100000 0 >/dev/null
ask ce 0 172.16.1.0/24 192.168.1.2 >/dev/null
check 'forwards through the adopted VRF' within 3 ping_from ce1a 172.16.2.1 172.16.1.1
check "the core does not count in the customer's TTL (RFC 3443)" ip netns exec ce1a ping -n -q -c1 -W1 -t2 -I 172.16.1.1 172.16.2.1
tell label 100001 1
check 'ends' fwd_stop
check 'the adopted VRF stays' has 'ip -n pe1 -d link show vrf-a' 'vrf table 1001'
check 'ours does not' not has 'ip -n pe1 link show' vrf-b
check 'the order of rules stays, for it' not has 'ip -n pe1 rule' '^0:'
check 'the port is out of it and down' mpls_off
check 'TTL setting given back' has 'in_pe1 cat /proc/sys/net/mpls/ip_ttl_propagate' 1
check 'l3mdev setting given back' has 'in_pe1 cat /proc/sys/net/ipv4/tcp_l3mdev_accept' 1
check 'core input given back' has 'in_pe1 cat /proc/sys/net/mpls/conf/core/input' 0
ip -n pe1 link del vrf-a

# --- the run directory
check 'stale socket and pid of a dead run are no hindrance' eval '
	mkdir -p /run/ravelin && python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\"/run/ravelin/ravelin.sock\")" &&
	echo 99999 >/run/ravelin/ravelin.pid && fwd_start && fwd_stop'

# --- /proc/sys that cannot be written, as in a container
ro=(ip netns exec pe1 unshare -m sh -c 'mount --bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys && exec "$@"' ro)
in_pe1 sh -c 'echo 500 >/proc/sys/net/mpls/platform_labels'
"${ro[@]}" timeout 10 "$BUILD/tests/kernel/fwd_drive" $t/pe1.yaml </dev/null >$t/out 2>$t/log
check 'read-only: the start is refused' [ $? = 1 ]
check 'read-only: the exact line is said' logged 'run="sysctl -w net.mpls.platform_labels=101000"'
check 'read-only: every setting at once' logged 'run="sysctl -w net.mpls.ip_ttl_propagate=0"'
check 'read-only: probe says so' has '"${ro[@]}" "$BUILD/ravelind" --probe' 'missing  sysctl'
in_pe1 sh -c 'cd /proc/sys/net && echo 101000 >mpls/platform_labels && echo 0 >mpls/ip_ttl_propagate &&
	echo 0 >ipv4/tcp_l3mdev_accept && echo 0 >ipv4/raw_l3mdev_accept && echo 1 >ipv4/ip_forward &&
	echo 0 >ipv4/conf/default/forwarding && echo 0 >ipv4/conf/all/send_redirects && echo 1 >mpls/conf/core/input &&
	for p in ca cb; do
		for s in accept_redirects send_redirects accept_source_route; do echo 0 >ipv4/conf/$p/$s; done
		echo 1 >ipv4/conf/$p/arp_ignore; echo 2 >ipv4/conf/$p/arp_announce
		echo 0 >ipv6/conf/$p/accept_ra; echo 1 >ipv6/conf/$p/disable_ipv6
	done'
rm -f $t/cmd
mkfifo $t/cmd
"${ro[@]}" "$BUILD/tests/kernel/fwd_drive" $t/pe1.yaml <$t/cmd >$t/out 2>$t/log &
fwd=$!
exec 8>$t/cmd
check 'read-only, but all set from outside: starts' within 5 said 'bgpd started'
check 'and works' ask label 100000 0
check 'and ends' fwd_stop

# --- both processes as they are, and what each may still do
ip netns exec pe1 "$BUILD/ravelind" -f $t/pe1.yaml </dev/null >$t/out 2>$t/log &
fwd=$!
exec 8>$t/never
check 'ravelind: API answers' within 5 "$BUILD/ravelin" -s /run/ravelin/ravelin.sock show version
check 'ravelind: labels of both VRFs are in the kernel' within 3 eval "[ \$(ip -n pe1 -f mpls route show | grep -c 'proto 82') = 2 ]"
bgpd=$(pgrep -P $fwd)
status() { awk -v k="$2:" '$1 == k {print $2}' /proc/"$1"/status; }
check 'bgpd: another user' [ "$(status "$bgpd" Uid)" = 65534 ]
check 'bgpd: no capability, now or ever' [ "$(status "$bgpd" CapEff)$(status "$bgpd" CapPrm)$(status "$bgpd" CapBnd)" = 000000000000000000000000000000000000000000000000 ]
check 'bgpd: no new privileges' [ "$(status "$bgpd" NoNewPrivs)" = 1 ]
check 'bgpd: an empty root' [ "$(readlink /proc/"$bgpd"/root)" = /run/ravelin/empty ]
netlinks() { # PID: how many netlink sockets it holds
	readlink /proc/"$1"/fd/* | sed -n 's/^socket:\[\(.*\)\]/\1/p' >$t/inodes
	in_pe1 awk 'NR == FNR {own[$1]; next} $NF in own {n++} END {print n + 0}' $t/inodes /proc/net/netlink
}
check 'control: mplsfwd holds netlink sockets' [ "$(netlinks $fwd)" -ge 3 ]
check 'bgpd: holds none' [ "$(netlinks "$bgpd")" = 0 ]
check 'mplsfwd: no new privileges' [ "$(status $fwd NoNewPrivs)" = 1 ]
check 'mplsfwd: network, and what starting bgpd takes' [ "$(status $fwd CapBnd)" = 000000c0000435e0 ]
check 'ravelind: ends' fwd_stop
check 'ravelind: nothing is left' eval '! ip -n pe1 link show | grep -q vrf- && ! ip -n pe1 -f mpls route show | grep -q "proto 82"'

# --- programs and maps for others to look at
mkdir $t/bpf && mount -t bpf bpf $t/bpf
echo "guard: {pin: $t/bpf/ravelin}" >>$t/pe1.yaml
check 'pin: starts' fwd_start
pinned() { for f in guard state counters hits sources destinations; do [ -e $t/bpf/ravelin/ca/$f ] && [ -e $t/bpf/ravelin/cb/$f ] || return 1; done; }
check 'pin: programs and maps of each port' within 5 pinned
check 'pin: ends' fwd_stop
check 'pin: nothing is left' [ ! -e $t/bpf/ravelin ]
umount $t/bpf
check 'pin: not a bpf file system: starts' fwd_start
check 'pin: not a bpf file system: said' within 5 logged 'event=guard_not_pinned port=ca'
check 'pin: the guard is open all the same' within 5 logged 'event=guard_open port=ca'
check 'pin: ends again' fwd_stop
sed -i '/pin:/d' $t/pe1.yaml

# --- no forwarding plane: sockets for the core, nothing touched, yes to everything
picture >$t/before
rm -f $t/cmd
mkfifo $t/cmd
ip netns exec pe1 "$BUILD/tests/kernel/fwd_drive" $t/pe1.yaml no-fib <$t/cmd >$t/out 2>$t/log &
fwd=$!
exec 8>$t/cmd
check 'no-fib: starts' within 5 said 'bgpd started'
check 'no-fib: core listener' within 3 said '^listener .*vrf=65535 .*fd=yes'
tell track 192.0.2.9
check 'no-fib: every next hop is reachable' within 3 said '^nexthop .*address=192.0.2.9 up=1'
check 'no-fib: everything is acknowledged' ask label 100000 0
check 'no-fib: nothing was touched' eval "picture | diff $t/before -"
check 'no-fib: ends' fwd_stop

# --- without privilege
check 'without privilege: refused, and said' eval '
	setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all "$BUILD/tests/kernel/fwd_drive" $t/pe1.yaml </dev/null 2>&1 | grep -q "event=kernel_missing name=net-admin"'
finish
