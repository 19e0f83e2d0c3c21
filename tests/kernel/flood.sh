# One customer floods its PE, whose guard stands: the other customers do not notice. tests/bench/flood prints how much.
. "$SRC/tests/kernel/flood_phases.sh"
flood_net
flood_conf
check 'starts; the sessions are up; the far site answers' flood_start
[ $failed -eq 0 ] || finish
for kind in quiet $flood_kinds; do
	flood_phase "$kind" 1500 >$t/phase
	check "$kind: the wire carries it" eval "[ $kind = quiet ] || grep -q ' sent=[1-9][0-9]{4}' -E $t/phase"
	check "$kind: the others keep their sessions" not grep -qE 'up=0|resets=[1-9]' $t/phase
	check "$kind: no keepalive is late by more than 1 s" flood_latest 2000
	check "$kind: less than 1 % of the echo requests is lost" flood_lost_less 1
done
finish
