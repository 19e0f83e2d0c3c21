# Stopped for a restart and started again: the kernel does not notice, and neither do the customers.
. "$SRC/tests/kernel/net.sh"
net_up
conf_write
ip -n pe1 route add 10.255.0.3/32 encap mpls 10003 via 10.0.1.2

# What a run installs: two labels, a VPN route each way, a CE route.
install_all() {
	ask label "$1" 0 && ask label "$2" 1 && ask track 10.255.0.3 &&
		within 3 said '^nexthop .*address=10.255.0.3 up=1' &&
		ask vpn 0 172.16.2.0/24 10.255.0.3 80 && ask vpn 0 192.168.2.0/30 10.255.0.3 80 &&
		ask ce 0 172.16.1.0/24 192.168.1.2
}

# Deletions that the kernel announces, nexthop objects of the run before apart: those nobody uses any more.
watch_begin() {
	ip -n pe1 -o monitor link address route rule >$t/monitor 2>&1 &
	watcher=$!
	ip -n pe1 link set lo up
	ip -n pe1 route add 198.51.100.0/24 via 10.0.1.2 && within 3 grep -q 198.51.100 $t/monitor
}
deleted() { grep '^Deleted' $t/monitor | grep -v 198.51.100; }
watch_end() { # the last word of the kernel has come when this deletion has
	ip -n pe1 route del 198.51.100.0/24
	within 3 grep -q 'Deleted 198.51.100' $t/monitor
	kill $watcher
	wait $watcher 2>/dev/null
}

flow_begin() { # an echo request every 5 ms
	ip netns exec ce1a ping -n -i0.005 -I 172.16.1.1 172.16.2.1 >$t/flow 2>&1 &
	flow=$!
}
flow_end() {
	kill -INT $flow
	wait $flow
	grep received $t/flow
}
lost_none() { grep -q ' 0% packet loss' $t/flow; }
fwd_leave() {
	kill -USR1 $fwd
	within 4 fwd_gone || return 1
	wait $fwd
	local rc=$?
	exec 8>&-
	return $rc
}

check 'starts' fwd_start
check 'a first run keeps nothing' not said '^kept'
check 'installs' install_all 100000 100001
check 'syncs' ask sync
check 'a1 to a2' within 3 ping_from ce1a 172.16.2.1 172.16.1.1
picture >$t/before

# --- restart: nothing is deleted, no packet is lost
watch_begin
flow_begin
check 'SIGUSR1 ends it with status 0' fwd_leave
check 'the next run is told of it' [ -e /run/ravelin/restart ]
check 'forwarding goes on' ping_from ce1a 172.16.2.1 172.16.1.1
check 'a link of the VRF is up' has 'ip -n pe1 link show ca' 'master vrf-a.*UP'
check 'starts again' fwd_start
check 'bgpd has the labels from its birth: a' said '^kept label=100000 vrf=0'
check 'bgpd has the labels from its birth: b' said '^kept label=100001 vrf=1'
check 'the sign is taken away' not [ -e /run/ravelin/restart ]
check 'installs the same' install_all 100000 100001
check 'syncs' ask sync
flow_end
watch_end
check 'the kernel announced no deletion' not deleted
check 'no packet was lost' lost_none
picture >$t/after
same() { # but for identifiers of nexthop objects
	for w in before after; do sed 's/nhid [0-9]*//; s/^id [0-9]*//' $t/$w | sort >$t/$w.plain; done
	diff $t/before.plain $t/after.plain
}
check 'what stands is the same' same

# --- bgpd alone dies: the next one knows what stands
bgpd() { pgrep -P $fwd; }
watch_begin
flow_begin
old=$(bgpd)
: >$t/out
kill -KILL $old
check 'another bgpd' within 5 said 'bgpd started'
check 'it has the labels too' said '^kept label=100000 vrf=0'
check 'and hears that something was kept' said '^kept label=0'
check 'installs the same' install_all 100000 100001
check 'syncs' ask sync
flow_end
watch_end
check 'bgpd died: no deletion' not deleted
check 'bgpd died: no packet was lost' lost_none

# --- another run wants less: the rest goes at the sync, not before
check 'leaves again' fwd_leave
check 'starts' fwd_start
check 'one label only' ask label 100000 0
check 'not wanted yet, and not gone yet' has 'ip -n pe1 -f mpls route show' '^100001'
check 'a label of before is not given to another VRF' not ask label 100001 0
check 'syncs' ask sync
check 'then it goes' within 3 not has 'ip -n pe1 -f mpls route show' '^100001'
check 'and the routes' within 3 not has 'ip -n pe1 route show vrf vrf-a' '172.16.2.0/24'

# --- positive control: an ordinary stop takes everything down
check 'routes again' ask ce 0 172.16.1.0/24 192.168.1.2
watch_begin
check 'SIGTERM' fwd_stop
watch_end
check 'control: deletions are announced' deleted
check 'control: nothing is left' not has 'ip -n pe1 -f mpls route show' 'proto 82'
check 'control: no VRF is left' not has 'ip -n pe1 link show type vrf' vrf-a
finish
