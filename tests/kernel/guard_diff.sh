# The guard's eBPF programs against the reference, in this kernel (interpreted), and that the comparison can fail.
. "$SRC/tests/kernel/net.sh"

diff_passes() { "$BUILD/tests/kernel/guard_diff" -s "$1" -p 120 -f 1000 >$t/diff && cat $t/diff >&3; }
# One VLAN tag is looked through instead of eight: exit status 1 and a frame in hex.
broken_is_seen() {
	"$BUILD/tests/kernel/guard_diff" -p 60 -f 500 -o "$BUILD/tests/kernel/guard_shallow.bpf.o" >$t/diff
	[ $? = 1 ] && grep -q 'they differ on [0-9]* octets: [0-9a-f]*$' $t/diff
}
exec 3>&1
check 'random ports, random frames: the same verdict, reason and rule; every reason met' diff_passes "${SEED:-1}"
check 'a program that looks through one tag only is found out' broken_is_seen
finish
