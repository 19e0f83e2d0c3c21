# In the guest, for tests/bench/flood: a line a phase. KINDS, ~ between them; MS of each; PORT_KEYS (the attacker's) and OTHER_KEYS, ~
# for a space.
. "$SRC/tests/kernel/flood_phases.sh"
flood_net
flood_conf "${PORT_KEYS//'~'/ }" "${OTHER_KEYS//'~'/ }"
if flood_start; then
	for kind in ${KINDS//'~'/ }; do
		flood_phase "$kind" "$MS"
	done
else
	cat $t/log $t/heard
fi
exit 0
