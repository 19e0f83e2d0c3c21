# Sourced by the scripts that send single packets as a customer and look where they arrive.
frames() { ip netns exec "$1" python3 "$SRC/tests/kernel/customer.py" "$2" "$3" -c 3 "${@:4}"; }
begin() { # GUARD-OF-THE-PORTS [SED-EXPRESSION...]
	guard=$1
	conf_write
	sed -i '1a guard: {infrastructure: [10.255.0.0/16]}' $t/pe1.yaml
	for e in "${@:2}"; do sed -i "$e" $t/pe1.yaml; done
	fwd_start && within 5 logged 'event=guard_open port=ca' && ask label 100000 0 && ask label 100001 1 && ask track 10.255.0.3 &&
		within 3 said '^nexthop .*address=10.255.0.3 up=1' && ask vpn 0 172.16.2.0/24 10.255.0.3 80 &&
		ask vpn 0 192.168.2.0/30 10.255.0.3 80 && ask ce 0 172.16.1.0/24 192.168.1.2 && ask ce 1 172.16.1.0/24 192.168.1.2
}
counted() { # PORT REASON COUNT
	ask stats && grep '^guard-count ' $t/out | tail -40 | grep -q "port=$1 .*reason=$2 count=$3\$"
}
arrived() { # NAMESPACE COMMAND...: how many echo requests came in meanwhile, in n
	local ns=$1 was
	was=$(echoes "$ns")
	shift
	"$@"
	n=$(($(echoes "$ns") - was))
	echo "arrived: $n"
}
none() { arrived "$@" && [ $n = 0 ]; }
three() { arrived "$@" && [ $n = 3 ]; }

