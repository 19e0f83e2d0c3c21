# TCP-MD5 and GTSM on the sockets that mplsfwd gives out: with the right key, a wrong one, none, in another VRF.
. "$SRC/tests/kernel/net.sh"
net_up
guard=off # the ports' programs would drop most of it before: here the sockets alone must hold
conf_write '{address: 192.168.1.2, as: 65101, password: KeyOfA, gtsm: 1}' '{address: 192.168.1.2, as: 65102, password: KeyOfB}'
check 'starts' fwd_start
[ $failed -eq 0 ] || finish
check 'listener in a' within 3 said '^listener .*vrf=0 .*fd=yes'
check 'listener in b' said '^listener .*vrf=1 .*fd=yes'
check 'CE reaches its PE' within 3 ping_from ce1a 192.168.1.1
check 'CE b reaches its PE' within 3 ping_from ce1b 192.168.1.1

counter() { in_pe1 awk -v n="$1" '/^TcpExt:/{if(!c){for(i=1;i<=NF;i++)if($i==n)c=i}else{print $c;exit}}' /proc/net/netstat; }
connect() { ip netns exec "$1" "$BUILD/tests/kernel/tcp_try" connect 192.168.1.1 "${@:2}"; }
moved() { # COUNTER COMMAND...: the command fails, and the counter moved
	local c=$1 was
	was=$(counter "$c")
	shift
	! "$@" && [ "$(counter "$c")" -gt "$was" ]
}

check 'right key, TTL 255: connected' connect ce1a -k KeyOfA -t 255
check 'and accepted in VRF a' within 3 said '^accepted vrf=0 from=192.168.1.2'
c=TCPMD5NotFound
check 'no key: nothing, and counted' moved $c connect ce1a -t 255
c=TCPMD5Failure
check 'wrong key: nothing, and counted' moved $c connect ce1a -k Wrong -t 255
check "another VRF's key: nothing, and counted" moved $c connect ce1a -k KeyOfB -t 255
check 'each VRF its own key' connect ce1b -k KeyOfB
check 'accepted in VRF b' within 3 said '^accepted vrf=1 from=192.168.1.2'
c=TCPMinTTLDrop
check 'TTL 254: nothing, and counted' moved $c connect ce1a -k KeyOfA -t 254
ip -n ce1a addr add 172.16.1.9/32 dev lo
ip -n pe1 route add 172.16.1.9/32 vrf vrf-a via 192.168.1.2
c=TCPMD5Unexpected
check 'a key from an address that has none: nothing, and counted' moved $c connect ce1a -k KeyOfA -t 255 -l 172.16.1.9
check 'counters told' eval "ask stats && grep -q '^tcp-stats .*minttl=[1-9]' $t/out"

# --- dialled: peer 0 is the one in a
ce_listens() { # ARG...
	[ -n "${ce-}" ] && kill $ce && wait $ce 2>/dev/null
	ip netns exec ce1a "$BUILD/tests/kernel/tcp_try" listen 192.168.1.2 -p 192.168.1.1 "$@" >$t/ce &
	ce=$!
	within 3 grep -q listening $t/ce
}
dialled() { [ "$(grep -c '^dialled peer=0 error=0' $t/out)" -ge "$1" ]; }
check 'CE listens' ce_listens -k KeyOfA -t 255
tell dial 0
check 'dialled with the key' within 3 dialled 1
check 'CE sees TTL 255' within 3 grep -q 'accepted ttl=255' $t/ce
check 'CE listens with another key' ce_listens -k Wrong -t 255
tell dial 0
check 'a key that differs: no connection' not within 1 dialled 2
check 'CE listens without a key' ce_listens -t 255
tell dial 0
check 'no key: no connection' not within 1 dialled 2
check 'CE answers with TTL 64' ce_listens -k KeyOfA -t 64
tell dial 0
check 'TTL 64: no connection' not within 1 dialled 2
check 'CE listens properly again' ce_listens -k KeyOfA -t 255
tell dial 0
check 'and is dialled' within 3 dialled 2
kill $ce
tell dial 77
check 'dialling an unknown peer is refused' within 3 said '^socket .*peer=77 error=2 fd=no'

# --- the VRF device is made anew: so is the listener, with its key
ip -n pe1 link del vrf-a
check 'new listener' within 3 eval "[ \$(grep -c '^listener .*vrf=0 .*fd=yes' $t/out) = 2 ]"
check 'CE reaches its PE again' within 3 ping_from ce1a 192.168.1.1
check 'right key connects to the new one' within 3 connect ce1a -k KeyOfA -t 255
check 'no key does not' not connect ce1a -t 255

# --- two of them
check 'a second ravelind in the namespace is refused' eval '
	sed "s,/run/ravelin,/run/other," $t/pe1.yaml >$t/two.yaml
	in_pe1 "$BUILD/tests/kernel/fwd_drive" $t/two.yaml 2>&1 </dev/null | grep -q "another ravelind runs in this network namespace"'
check 'a second ravelind in the run-dir is refused' eval '
	ip netns exec p "$BUILD/tests/kernel/fwd_drive" $t/pe1.yaml 2>&1 </dev/null | grep -q "another ravelind uses this run-dir"'
check 'and the first one lives' ask stats
check 'mode of the API socket' [ "$(stat -c %a /run/ravelin/ravelin.sock)" = 660 ]
check 'mode of the read-only one' [ "$(stat -c %a /run/ravelin/ravelin-ro.sock)" = 666 ]
check 'ends with status 0' fwd_stop

# --- a key that the kernel refuses (no memory for socket options): no socket at all
check 'starts again' fwd_start
check 'listener first' within 3 said '^listener .*vrf=0 .*fd=yes'
optmem=$(cat /proc/sys/net/core/optmem_max)
echo 64 >/proc/sys/net/core/optmem_max
ip -n pe1 link del vrf-a
check 'refused key: logged with the peer' within 3 logged 'event=md5_key_refused peer=192.168.1.2'
check 'refused key: listener refused' within 3 logged 'event=listener_refused vrf=vrf-a'
check 'CE reaches its PE all the same' within 3 ping_from ce1a 192.168.1.1
check 'refused key: not even an unsigned one connects' not connect ce1a -t 255
tell dial 0
check 'refused key: no socket given' within 3 said '^socket .*peer=0 error=12 fd=no'
echo "$optmem" >/proc/sys/net/core/optmem_max
check 'listener comes when the kernel has relented' within 9 eval "[ \$(grep -c '^listener .*vrf=0 .*fd=yes' $t/out) = 2 ]"
check 'with its key' connect ce1a -k KeyOfA -t 255
check 'and only with it' not connect ce1a -t 255
check 'ends' fwd_stop
finish
