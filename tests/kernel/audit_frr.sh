# The auditor where FRR is the PE: it finds by itself what is access and what is core, and what FRR 8.4 gets wrong: a
# password read from a file at the start does not reach a VRF's listener, which then takes anybody.
. "$SRC/tests/kernel/net.sh"
in_pe1() { nsenter --net=/run/netns/pe1 "$@"; } # cheaper than ip netns exec
net_up
export PATH=$PATH:/usr/lib/frr
mkdir -p /run/frr /run/cfg
chown frr:frr /run/frr

ip -n pe1 -batch - <<-X
	rule add pref 32765 lookup local
	rule del pref 0
X
ip -n pe1 -6 rule add pref 32765 lookup local
ip -n pe1 -6 rule del pref 0
for v in a:1001 b:1002; do
	ip -n pe1 -batch - <<-X
		link add vrf-${v%:*} type vrf table ${v#*:}
		link set vrf-${v%:*} up
		route add unreachable default metric 4278198272 vrf vrf-${v%:*}
		link set c${v%:*} master vrf-${v%:*}
		link set c${v%:*} up
		addr add 192.168.1.1/30 dev c${v%:*}
	X
	ip -n pe1 -6 route add unreachable default metric 4278198272 vrf vrf-${v%:*}
done
in_pe1 sh -c 'cd /proc/sys/net && echo 1 >ipv4/ip_forward && echo 100000 >mpls/platform_labels && echo 1 >mpls/conf/core/input &&
	echo 0 >mpls/ip_ttl_propagate && echo 0 >ipv4/raw_l3mdev_accept && echo 0 >ipv4/conf/all/send_redirects &&
	for p in ca cb; do echo 0 >ipv4/conf/$p/send_redirects && echo 1 >ipv4/conf/$p/rp_filter; done'

cat >/run/cfg/pe1.conf <<X
router bgp 65000
 bgp router-id 10.255.0.1
 no bgp default ipv4-unicast
exit
router bgp 65000 vrf vrf-a
 bgp router-id 192.168.1.1
 no bgp ebgp-requires-policy
 neighbor 192.168.1.2 remote-as 65101
 neighbor 192.168.1.2 password CeASecret
 neighbor 192.168.1.2 timers connect 1
 address-family ipv4 unicast
  redistribute connected
  label vpn export auto
  rd vpn export 65000:11
  rt vpn both 65000:101
  export vpn
  import vpn
 exit-address-family
exit
router bgp 65000 vrf vrf-b
 bgp router-id 192.168.1.1
 neighbor 192.168.1.2 remote-as 65102
 neighbor 192.168.1.2 password CeBSecret
exit
X
cat >/run/cfg/ce1a.conf <<X
router bgp 65101
 bgp router-id 172.16.1.1
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 192.168.1.1 remote-as 65000
 neighbor 192.168.1.1 timers connect 1
 address-family ipv4 unicast
  network 172.16.1.0/24
 exit-address-family
exit
X
: >/run/cfg/zebra.conf
chown -R frr:frr /run/cfg
chmod 640 /run/cfg/*
mkdir -p /run/frr/pe1 /run/frr/ce1a
chown frr:frr /run/frr/pe1 /run/frr/ce1a
frr() { # NAMESPACE DAEMON FILE ARG...
	ip netns exec "$1" /usr/lib/frr/$2 -d -N "$1" -u frr -g frr -f "$3" -i /run/frr/$1/$2.pid --vty_socket /run/frr/$1 \
		-A 127.0.0.1 "${@:4}" >>$t/log 2>&1
}
vt() { vtysh --vty_socket /run/frr/$1 "${@:2}" 2>/dev/null; }
established() { vt ce1a -c 'show bgp summary' | grep -q '^192.168.1.1 .* [0-9]* *[0-9]* .*[0-9][0-9]:[0-9][0-9]:[0-9][0-9] *[0-9]'; }
audit() {
	"$BUILD/ravelin" audit --of-host --netns pe1 --json "$@" >$t/json 2>$t/err
	local rc=$?
	[ $rc = 0 ] && : >$t/found && return 0
	awk -v out=$t/mends 'BEGIN { printf "" >out }
		/^      "(check|object|mend)": / {
			k = $1; v = $0
			sub(/^[^:]*: "/, "", v); sub(/",?$/, "", v); gsub(/\\"/, "\"", v)
			if (k == "\"check\":") c = v
			else if (k == "\"object\":") print c "\t" v
			else print c "\t" v >out
		}' $t/json | sort >$t/found
	return $rc
}
mend() { # CHECK
	sed -n "s/^$1\t//p" $t/mends >$t/mend
	[ -s $t/mend ] && in_pe1 sh -e $t/mend
}
clean() { audit; }
only() { [ -s $t/found ] && cat $t/found && ! cut -f1 $t/found | grep -qvx "$1"; }
wrong() { # NAME CHECK COMMAND: done in pe1, flagged by that check alone, mended by what is printed
	check "$1: done" in_pe1 sh -e -c "$3"
	audit
	check "$1: flagged by $2 alone" only "$2"
	check "$1: says how to mend it" mend "$2"
	check "$1: mended" clean
}

check 'before FRR runs nothing is flagged' clean
[ $failed = 0 ] || cat $t/json
check 'zebra' frr pe1 zebra /run/cfg/zebra.conf
check 'bgpd' frr pe1 bgpd /run/cfg/pe1.conf
check 'bgpd of the CE, without a password' frr ce1a bgpd /run/cfg/ce1a.conf -Z
check 'control: a CE without the password gets a session' within 20 established
routed() { ip -n pe1 route show vrf vrf-a | grep -q '^172.16.1.0/24.*proto bgp' && ip -n pe1 -f mpls route | grep -q 'vrf-a.*proto bgp'; }
check 'and its routes are in the kernel' within 20 routed
listens() { audit; grep -q 'session-key.*vrf-b' $t/found; }
check 'the listener in VRF b' within 10 listens
audit
check 'exit status 4' [ $? = 4 ]
cat >$t/want <<X
session-key	listener vrf-a port 179
session-key	listener vrf-b port 179
session-unsigned	session vrf-a 192.168.1.2
X
check 'flagged: both listeners without their keys, and the session that is not signed' diff $t/want $t/found
check 'it says that FRR read the password too early' grep -q 'FRR read it before' $t/json
check 'who: bgpd' grep -q '"who": "bgpd (process [0-9]' $t/json
check 'label and routes are explained: bgp' grep -q '"VPN: bgp (FRR)": [1-9]' $t/json
"$BUILD/ravelin" audit --of-host --netns pe1 >$t/text; [ -n "${SHOW-}" ] && cat $t/text
check 'no secret is shown' not grep -qE 'Ce[AB]Secret' $t/json $t/text
check 'the printed commands run' mend session-key
keyed() { audit; not grep -q session-key $t/found; }
check 'the listeners have their keys' within 10 keyed
check 'the unsigned session is ended' eval 'mend session-unsigned; within 20 clean'
check 'and stays away' not established
check 'the CE with its password' vt ce1a -c 'configure terminal' -c 'router bgp 65101' -c 'neighbor 192.168.1.1 password CeASecret'
check 'gets its session' within 20 established
check 'its routes are back' within 20 routed
check 'nothing is flagged' within 5 clean

wrong 'labels on an access port' port-labels 'sysctl -qw net.mpls.conf.ca.input=1'
wrong 'sources are not checked' port-source 'sysctl -qw net.ipv4.conf.ca.rp_filter=0'
wrong 'source routes' port-source-route 'sysctl -qw net.ipv4.conf.all.accept_source_route=1'
wrong 'redirects' port-redirects 'sysctl -qw net.ipv4.conf.all.accept_redirects=1'
wrong 'local before l3mdev' rule-order 'ip rule add pref 0 lookup local'
wrong 'no unreachable default' vrf-default 'ip route del unreachable default vrf vrf-b metric 4278198272'
wrong 'a route into the core without a label' route-leak 'ip route add vrf vrf-a 10.9.0.0/16 via 10.0.1.2 dev core onlink proto bgp'
wrong "a stranger's label into a VRF" label-unknown 'ip -f mpls route add 5000 dev vrf-a'
wrong 'a VRF without ports' vrf-empty 'ip link add vrf-c type vrf table 1003; ip link set vrf-c up
	ip route add unreachable default metric 4278198272 vrf vrf-c; ip -6 route add unreachable default metric 4278198272 vrf vrf-c'
wrong 'listeners open to VRFs' vrf-sockets 'sysctl -qw net.ipv4.tcp_l3mdev_accept=1'
check 'a port out of its VRF: done' ip -n pe1 link set cb nomaster
audit
check 'a port out of its VRF is one that nobody knows' grep -q '^port-unknown.cb' $t/found
ip -n pe1 link set cb master vrf-b
check 'unless it is named' eval 'ip -n pe1 link add mgmt type veth peer name tmgm && ip -n pe1 link set mgmt up && ! audit && audit --management mgmt'
finish
