# Somebody else works in our namespace: deletes, replaces and renames what is ours; ends us while we begin.
. "$SRC/tests/kernel/net.sh"
net_up
conf_write
metric=4278198272

# --- ended in the middle of its beginning
ip -n pe1 link add first type vrf table 9 # the kernel makes its rule with the first one, and keeps it
ip -n pe1 link del first
within 5 has 'ip -n pe1 -6 route show table local' 'ff00::/8 dev core'
picture >$t/before
rm -rf /run/ravelin
mkfifo $t/slow
exec 7<>$t/slow
head -c 65536 /dev/zero >&7 # full: it waits at the first line that it logs
ip netns exec pe1 "$BUILD/tests/kernel/fwd_drive" $t/pe1.yaml </dev/null >$t/out 2>&7 &
fwd=$!
check 'has begun' within 5 eval '[ "$(in_pe1 cat /proc/sys/net/mpls/platform_labels)" = 101000 ]'
kill -TERM $fwd
cat <&7 >/dev/null &
slow=$!
check 'SIGTERM at the start: ends' within 5 fwd_gone
check 'SIGTERM at the start: status 0' wait $fwd
kill $slow
exec 7<&-
picture >$t/after
check 'SIGTERM at the start: nothing is left' diff $t/before $t/after

# --- a run-dir that is somebody else's
for owner in 65534:0:755 0:0:777; do
	IFS=: read -r uid gid mode <<<$owner
	rm -rf /run/ravelin
	mkdir -m $mode /run/ravelin
	chown $uid:$gid /run/ravelin
	in_pe1 timeout 5 "$BUILD/tests/kernel/fwd_drive" $t/pe1.yaml </dev/null >$t/out 2>$t/log
	check "run-dir of $owner: refused" [ $? = 1 ]
	check "run-dir of $owner: said" logged 'event=start_refused what="the run-dir must'
	check "run-dir of $owner: untouched" [ -z "$(ls /run/ravelin)" ]
done
rm -rf /run/ravelin

check 'starts' fwd_start
[ $failed -eq 0 ] || [ -e /run/ravelin/ravelin.sock ] || finish
ip -n pe1 route add 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
tell track 10.255.0.3
ask label 100000 0 >/dev/null
ask label 100001 1 >/dev/null
ask vpn 0 172.16.2.0/24 10.255.0.3 80 >/dev/null
ask vpn 1 172.16.2.0/24 10.255.0.3 81 >/dev/null
ask ce 0 172.16.1.0/24 192.168.1.2 >/dev/null
check 'a1 to a2' within 5 ping_from ce1a 172.16.2.1 172.16.1.1

# --- the default that keeps a VRF's lookups from falling into the core
guarded() { ip -n pe1 $1 route show table 1001 | grep -q "^unreachable default .*metric $metric"; }
for f in -4 -6; do
	ip -n pe1 $f route del unreachable default metric $metric table 1001
	check "unreachable default deleted ($f): back at once" within 1 guarded $f
done
check 'unreachable default deleted: logged each time' [ "$(grep -c 'event=guard_corrected vrf=vrf-a' $t/log)" = 2 ]
ip -n pe1 route replace default via 10.0.1.2 dev core metric $metric table 1001
check 'unreachable default made a way into the core: back' within 1 guarded -4
ip -n pe1 link set lo down
ip -n pe1 link set lo up
check 'loopback flapped: IPv6 default is back' within 3 guarded -6

# --- what forwards
ip -n pe1 nexthop flush proto 82 >/dev/null 2>&1
check 'nexthop objects flushed: forwards again' within 3 ping_from ce1a 172.16.2.1 172.16.1.1
check 'nexthop objects flushed: logged' logged 'event=fib_corrected'
ip -n pe1 route flush table 1001 proto 82 2>/dev/null # it stumbles over what it has just deleted
check 'VRF routes flushed: forwards again' within 3 ping_from ce1a 172.16.2.1 172.16.1.1
check 'VRF routes flushed: default is back' within 1 guarded -4
ip -n pe1 -f mpls route del 100000
ip -n pe1 -f mpls route del 100001
check 'labels deleted: back' within 3 has 'ip -n pe1 -f mpls route show 100001' 'dev vrf-b'
check 'labels deleted: forwards again' within 3 ping_from ce2a 172.16.1.1 172.16.2.1
check 'withdrawn is withdrawn' eval 'ask unlabel 100001 && ! ip -n pe1 -f mpls route show | grep -q ^100001'
ask label 100001 1 >/dev/null

# --- a core link without a subnet of its own
p_mac=$(mac p pe1)
ip -n pe1 neigh replace 10.9.9.9 lladdr "$p_mac" dev core
ip -n pe1 route replace 10.255.0.3/32 encap mpls 10004 via 10.9.9.9 dev core onlink
check 'unnumbered core: two labels' within 3 has 'ip -n pe1 nexthop show' '10004/80 .*10.9.9.9'
check 'unnumbered core: forwards' within 3 ping_from ce1a 172.16.2.1 172.16.1.1
ip -n pe1 route replace 10.255.0.3/32 encap mpls 10003 via 10.0.1.2
check 'numbered again' within 3 has 'ip -n pe1 nexthop show' '10003/80 .*10.0.1.2'

# --- a VRF device under another name, and back
rename() { # FROM TO: while nobody looks
	kill -STOP $fwd
	ip -n pe1 -batch - <<-X
		link set $1 down
		link set $1 name $2
		link set $2 up
	X
	kill -CONT $fwd
}
rename vrf-a other
check 'VRF renamed: noticed' within 3 logged 'event=vrf_lost vrf=vrf-a'
check 'VRF renamed: refused' within 3 logged 'event=vrf_refused vrf=vrf-a .*another VRF device has this table'
rename other vrf-a
check 'VRF named back: forwards again' within 9 ping_from ce1a 172.16.2.1 172.16.1.1
check 'VRF named back: and the other way' within 3 ping_from ce2a 172.16.1.1 172.16.2.1
check 'VRF named back: its label can be withdrawn' ask unlabel 100000
check 'VRF named back: and is gone then' not has 'ip -n pe1 -f mpls route show' '^100000'
check 'VRF named back: and given again' ask label 100000 0
kill -STOP $fwd
n=$(ip -n pe1 -o link show vrf-a | sed 's/:.*//')
ip -n pe1 -batch - <<X
link del vrf-a
link add vrf-a index $n type vrf table 1001
X
kill -CONT $fwd
check 'VRF made anew with the same index: forwards again' within 5 ping_from ce1a 172.16.2.1 172.16.1.1
check 'VRF made anew with the same index: and the other way' within 3 ping_from ce2a 172.16.1.1 172.16.2.1

# --- bgpd goes in peace, its successor hangs when we end
check 'bye' ask bye
tell die
check 'bgpd started again' within 5 eval "[ \$(grep -c 'bgpd started' $t/out) = 2 ]"
check 'says again' ask label 100000 0
kill -STOP "$(pgrep -P $fwd)"
check 'ends with status 0' fwd_stop
check 'no label is left' not has 'ip -n pe1 -f mpls route show' 'proto 82'
check 'the VRF device that somebody made stays' has 'ip -n pe1 -d link show vrf-a' 'vrf table 1001'
check 'and stays guarded' guarded -4
finish
