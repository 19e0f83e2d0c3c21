# ravelind as a service manager runs it: the unit's capabilities and no others, and what it is told over the notify socket.
. "$SRC/tests/kernel/net.sh"
net_up
conf_write '{address: 192.168.1.2, as: 65101, password: KeyOfA, gtsm: 1}' ''
unit=$SRC/contrib/systemd/ravelin.service.in

# CAP_A CAP_B of the unit, less those that are named, as setpriv wants them.
caps() {
	sed -n 's/^CapabilityBoundingSet=//p' "$unit" | tr ' A-Z' '\na-z' | sed 's/^cap_/+/' | grep -vxF "${1:-+none}" | tr '\n' , | sed 's/,$//; s/^/-all,/'
}
span_ms=1500
manager_begin() {
	rm -f $t/notify $t/told
	"$SRC/tests/kernel/notify.py" $t/notify $t/told 2>$t/manager.err &
	manager=$!
	within 20 grep -q listening $t/told
}
start() { # [CAPABILITY that it does not get]
	: >$t/log
	ip netns exec pe1 env NOTIFY_SOCKET=$t/notify WATCHDOG_USEC=${span_ms}000 \
		setpriv --no-new-privs --bounding-set "$(caps "${1-}")" "$BUILD/ravelind" -f $t/pe1.yaml 2>$t/log &
	pe=$!
}
told() { grep -q "^[0-9]* $pe $1\$" $t/told; }
times() { grep -c " $pe $1\$" $t/told; }
more_than() { [ "$(times WATCHDOG=1)" -gt "$1" ]; }
bgpd() { pgrep -P $pe; }
gone() { ! kill -0 $pe 2>/dev/null; }
ended() { # within the time that it has
	within 20 gone || return 1
	wait $pe
}
longest_gap() { awk -v pe=$pe '$2 == pe && $3 == "WATCHDOG=1" { if (last && $1 - last > gap) gap = $1 - last; last = $1 } END { print gap + 0 }' $t/told; }
sets() { echo $(sed -n 's/^Cap\(Prm\|Eff\|Bnd\):\t*//p' "/proc/$1/status"); }

check 'the unit names capabilities' [ "$(caps | tr , '\n' | grep -c '^+')" -ge 8 ]
check 'and not SYS_ADMIN' not has caps sys_admin
check 'the manager listens' manager_begin
start
check 'READY' within 20 told READY=1
check 'a customer connects at once: the listener stood before' ip netns exec ce1a "$BUILD/tests/kernel/tcp_try" connect 192.168.1.1 -k KeyOfA -t 255
check 'the guard is open on a' within 9 logged 'event=guard_open port=ca'
check 'the guard is open on b' within 9 logged 'event=guard_open port=cb'
check 'nothing failed for a privilege' not logged 'Operation not permitted'
check 'it has these ten and no more' [ "$(sets $pe)" = '000000c0000435e0 000000c0000435e0 000000c0000435e0' ]
check 'bgpd has none' [ "$(sets "$(bgpd)")" = '0000000000000000 0000000000000000 0000000000000000' ]

# --- watchdog: while bgpd answers, and only then
check 'WATCHDOG comes' within 20 more_than 5
check 'no span without one' [ "$(longest_gap)" -lt $span_ms ]
check 'READY once' [ "$(times READY=1)" = 1 ]
kill -STOP "$(bgpd)"
n=$(times WATCHDOG=1)
check 'bgpd hangs: no more of them, past the span' not within 2 more_than $((n + 1))
n=$(times WATCHDOG=1)
check 'and none after' not within 1 more_than "$n"
kill -CONT "$(bgpd)"
check 'bgpd goes on: so do they' within 9 more_than "$n"
old=$(bgpd)
kill -KILL "$old"
another() { [ -n "$(bgpd)" ] && [ "$(bgpd)" != "$old" ]; }
check 'bgpd dies: another one' within 9 another
n=$(times WATCHDOG=1)
check 'which is watched as well' within 9 more_than "$n"
kill -STOP $pe
n=$(times WATCHDOG=1)
check 'mplsfwd hangs: none' not within 2 more_than "$n"
kill -CONT $pe
check 'mplsfwd goes on' within 9 more_than "$n"
check 'READY was not said again' [ "$(times READY=1)" = 1 ]
kill -TERM $pe
check 'ends with status 0' ended
check 'STOPPING' told STOPPING=1
check 'all came from the main process' not grep -v -e listening -e "^[0-9]* $pe " $t/told

# --- positive control: each that is taken away is missed
start +bpf
check 'without BPF no port opens' within 20 logged 'guard_failed\|guard_unavailable\|start_failed\|kernel_missing'
check 'without BPF: not open' not logged 'event=guard_open'
kill -TERM $pe 2>/dev/null
within 20 gone
refused() { # CAPABILITY: it ends by itself, with its own status for that
	timeout 60 ip netns exec pe1 env NOTIFY_SOCKET=$t/notify setpriv --no-new-privs --bounding-set "$(caps +$1)" "$BUILD/ravelind" -f $t/pe1.yaml 2>$t/log
	[ $? -eq 3 ] && grep -q "missing:.* $1" $t/log
}
ready() { grep -c ' READY=1$' $t/told; }
n=$(ready)
for c in net_admin net_raw net_bind_service setuid setgid setpcap sys_chroot; do
	check "without $c: refused, and named" refused $c
done
check 'none of those was ready' [ "$(ready)" = "$n" ]
kill $manager
finish
