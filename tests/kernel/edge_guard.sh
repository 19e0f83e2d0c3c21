# The edge guard on a real kernel: what Linux lets through when nobody looks, and that nothing comes through with us, at any
# moment: start, VRF deleted, port up too early, restart, crash, drift of each kind. A hostile customer sends all the time.
. "$SRC/tests/kernel/net.sh"
net_up
conf_write
sed -i '1a guard: {infrastructure: [10.255.0.0/16, 10.0.0.0/16]}' $t/pe1.yaml
ip -n pe1 route add 10.255.0.3/32 encap mpls 10003 via 10.0.1.2

# Echo requests to P, to the PE's loopback and core address, plain and with labels: explicit null and the other VPN's.
hostile_begin() { # NAMESPACE PORT MAC
	ip netns exec "$1" python3 "$SRC/tests/kernel/customer.py" "$2" "$3" 10.255.0.2 10.255.0.1 10.0.1.2 \
		0:10.255.0.2 100001:172.16.1.1 &
	hostile=$!
}
hostile_end() {
	kill $hostile
	wait $hostile 2>/dev/null
}
core() { echo $(($(echoes p) + $(echoes pe1) + $(echoes ce1b))); } # whatever reached the core, the PE or the other VPN
mark() { seen=$(core); }
leaks() { [ "$(core)" -gt "$seen" ]; }
nothing() { # not even in the next moments: 20 of the customer's rounds
	local i
	for i in 1 2 3 4 5; do read -rt 0.01 <&9; done
	echo "reached: $(($(core) - seen))"
	! leaks
}

# --- controls, by hand: a VRF made as it should be, and then
in_pe1 sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
ip -n pe1 -batch - <<X
link add vrf-a type vrf table 1001
link set vrf-a up
route add unreachable default metric 4278198272 table 1001
rule add pref 32765 lookup local
rule del pref 0
link set ca master vrf-a
link set ca up
addr add 192.168.1.1/30 dev ca
X
hostile_begin ce1a pe0 "$(mac pe1 ca)"
mark
check 'by hand, as it should be: nothing reaches the core' nothing
ip -n pe1 link del vrf-a
check 'control: VRF deleted under a live port: it reaches the core' within 5 leaks
ip -n pe1 link set ca down
mark
ip -n pe1 link set ca up
check 'control: a port up before it is in its VRF: it reaches the core' within 5 leaks
hostile_end
ip -n pe1 -batch - <<X
link set ca down
addr del 192.168.1.1/30 dev ca
rule add pref 0 lookup local
rule del pref 32765
X
in_pe1 sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward'
picture >$t/before

# --- ours, from before its start to after its end: one mark for all of it
open_count() { grep -c "event=guard_open port=${1:-ca} " $t/log; }
opened_more() { [ "$(open_count)" -gt "$1" ]; }
hostile_begin ce1a pe0 "$(mac pe1 ca)"
mark
check 'starts' fwd_start
[ $failed -eq 0 ] || finish
check 'opens' within 5 logged 'event=guard_open port=ca'
check 'told' within 3 said '^guard-port .*port=1 .*state=open'
check 'installs' eval 'ask label 100000 0 && ask label 100001 1 && ask track 10.255.0.3 &&
	within 3 said "^nexthop .*address=10.255.0.3 up=1" && ask vpn 0 172.16.2.0/24 10.255.0.3 80 && ask ce 0 172.16.1.0/24 192.168.1.2 && ask ce 1 172.16.1.0/24 192.168.1.2 && ask sync'
forwards() { within 5 ping_from ce1a 172.16.2.1 172.16.1.1; }
check 'forwards what is allowed' forwards
check 'the hostile customer is counted' eval 'ask stats && said "^guard-count .*port=1 .*reason=mpls_not_enabled" && said "^guard-count .*port=1 .*reason=infra_dst"'
check 'and sampled' said '^guard-drop .*port=1 .*reason=infra_dst'
check 'and logged' logged 'event=guard_drop port=ca reason='
check 'start: nothing reached the core' nothing

drift() { # NAME WHAT COMMAND: closed and said, mended, open again, forwards again; and nothing came through
	local opens drifts
	opens=$(open_count)
	drifts=$(grep -c "event=guard_drift port=ca what=$2 " $t/log)
	eval "$3"
	check "$1: closed, and said" within 5 eval "[ \$(grep -c 'event=guard_drift port=ca what=$2 ' $t/log) -gt $drifts ]"
	check "$1: mended and open again" within 6 opened_more "$opens"
	check "$1: forwards" forwards
	check "$1: nothing reached the core" nothing
}
stopped() { # COMMAND while mplsfwd does not look
	kill -STOP $fwd
	eval "$1"
	kill -CONT $fwd
}
noop="bpf direct-action object-file $BUILD/acl/bpf/noop.bpf.o section tc"
drift 'VRF deleted' vrf 'ip -n pe1 link del vrf-a'
drift 'taken out of its VRF' master 'ip -n pe1 link set ca nomaster'
drift 'unreachable default deleted' vrf-default 'ip -n pe1 route del unreachable default metric 4278198272 table 1001'
drift 'unreachable default replaced' vrf-default 'ip -n pe1 route replace blackhole default metric 4278198272 table 1001'
drift 'rule of the port deleted' rules 'ip -n pe1 rule del pref 1500 iif ca unreachable'
drift 'order of rules' rules 'ip -n pe1 rule add pref 0 lookup local'
drift 'filter deleted' program 'in_pe1 tc filter del dev ca ingress'
drift 'clsact deleted' program 'in_pe1 tc qdisc del dev ca clsact'
drift 'another program' program "in_pe1 tc filter replace dev ca ingress prio 1 handle 1 $noop"
drift 'a filter before it' program 'stopped "in_pe1 tc filter del dev ca ingress; in_pe1 tc filter add dev ca ingress prio 1 matchall action pass"'
drift 'XDP taken off' xdp 'ip -n pe1 link set ca xdp off'
drift 'labels allowed' input 'in_pe1 sh -c "echo 1 >/proc/sys/net/mpls/conf/ca/input"'
for s in rp_filter=1 arp_ignore=0 forwarding=0 proxy_arp=1 send_redirects=1; do
	drift "${s%=*} changed" "${s%=*}" "in_pe1 sh -c 'echo ${s#*=} >/proc/sys/net/ipv4/conf/ca/${s%=*}'"
done
check 'drifts are told' said '^guard-port .*port=1 .*state=closed .*drifts=[1-9]'

# --- ended and begun again, with and without warning: what is attached stays
check 'killed' eval 'fwd_kill; true'
check 'killed: the program is still there' has 'in_pe1 tc filter show dev ca ingress' ravelin_guard
check 'killed: and open' forwards
check 'killed: nothing reaches the core' nothing
check 'starts over it' fwd_start
check 'starts over it: open' within 5 logged 'event=guard_open port=ca'
check 'starts over it: the port was not taken down' not logged 'port=ca step='
check 'starts over it: nothing reached the core' nothing
check 'installs' eval 'ask label 100000 0 && ask label 100001 1 && ask track 10.255.0.3 &&
	within 3 said "^nexthop .*address=10.255.0.3 up=1" && ask vpn 0 172.16.2.0/24 10.255.0.3 80 && ask ce 0 172.16.1.0/24 192.168.1.2 && ask ce 1 172.16.1.0/24 192.168.1.2 && ask sync'
check 'forwards' forwards

# --- a port that appears, up, while its customer sends; and one that nobody knows
hostile_end
ip -n pe1 link del cb
ip link add pe0 netns ce1b type veth peer name born netns pe1
ip -n ce1b link set pe0 up
ip -n pe1 link set born address 02:00:00:00:00:0b
ip -n pe1 link set born name cb # with its rule, before anybody looks
check 'late port: open' within 5 eval "[ \$(open_count cb) -ge 2 ]"
hostile_begin ce1b pe0 02:00:00:00:00:0b
mark
stopped 'ip -n pe1 link set cb nomaster; ip -n pe1 link set cb up; in_pe1 tc qdisc del dev cb clsact; ip -n pe1 link set cb xdp off; nothing >$t/late'
check 'up outside its VRF, without a program, nobody looking: the kernel alone lets nothing through' grep -q '^reached: 0$' $t/late
check 'and it is brought back' within 6 has 'ip -n pe1 link show cb' 'master vrf-b.*UP'
hostile_end
ip netns add stranger
ip link add pe0 netns stranger address 02:00:00:00:00:0d type veth peer name what address 02:00:00:00:00:0c netns pe1
ip -n stranger link set pe0 up
hostile_begin stranger pe0 02:00:00:00:00:0c
mark
ip -n pe1 link set what up
check 'unknown device: closed, and said' within 3 logged 'event=guard_unknown port=what'
check 'unknown device: told' within 3 said '^guard-port .*port=65535 .*name=what state=closed'
check 'unknown device: nothing reaches the core' nothing
in_pe1 tc qdisc del dev what clsact
check 'unknown device: its program is put back' within 4 has 'in_pe1 tc filter show dev what ingress' ravelin_guard
check 'unknown device: all the time nothing' nothing
check 'control: it is counted there' has 'in_pe1 tc -s qdisc show dev what' 'clsact'
hostile_end

# --- a clean end
hostile_begin ce1a pe0 "$(mac pe1 ca)"
mark
ip -n pe1 link del what
check 'ends' fwd_stop
check 'end: nothing reached the core' nothing
hostile_end
check 'end: no filter' not has 'in_pe1 tc qdisc show' clsact
check 'end: no XDP program' not has 'ip -n pe1 link show' xdp
check 'end: no rule of a port' not has 'ip -n pe1 rule' 1500
finish
