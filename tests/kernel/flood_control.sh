# The control of flood.sh: the same without the guard. What fills the router's neighbour table must hurt the others.
. "$SRC/tests/kernel/flood_phases.sh"
flood_net
flood_conf 'guard: off'
check 'starts; the sessions are up; the far site answers' flood_start
[ $failed -eq 0 ] || finish
flood_phase quiet 2000 >$t/phase
check 'quiet: nothing is lost' flood_lost_less 1
# Where others work too, a flood may be over before it bites.
for try in 1 2 3; do
	flood_phase arp 3000 >$t/phase
	flood_lost_less 1 >$t/why || break
done
check "ARP without the guard: the others lose traffic (try $try)" not flood_lost_less 1
finish
