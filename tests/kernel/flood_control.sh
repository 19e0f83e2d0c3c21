# The control of flood.sh: the same without the guard. What fills the router's neighbour table must hurt the others.
. "$SRC/tests/kernel/flood_phases.sh"
flood_net
flood_conf 'guard: off'
check 'starts; the sessions are up; the far site answers' flood_start
[ $failed -eq 0 ] || finish
flood_phase quiet 2000 >$t/phase
check 'quiet: nothing is lost' flood_lost_less 1
flood_phase arp 2000 >$t/phase
check 'ARP without the guard: the others lose traffic' not flood_lost_less 1
finish
