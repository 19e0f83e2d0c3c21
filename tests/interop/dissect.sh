#!/bin/sh
# tshark reads one of every message and attribute that we emit: none malformed, no expert warning or error, and all
# of them seen. Then messages broken on purpose, to prove that the check can fail. Needs no root.
set -u
emit=${RAVELIN_BUILDDIR:-.}/tests/interop/emit
passed=0 failed=0

if ! command -v tshark >/dev/null 2>&1; then
	echo "SKIP: tshark is not installed"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
export HOME="$tmp" # nobody's own preferences

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAIL: $*"; }

# Expert severities: comment 0x100000, chat 0x200000, note 0x400000, warning 0x600000, error 0x800000.
complaints() {
	tshark -n -r "$1" -Y '_ws.malformed || _ws.expert.severity >= 0x600000' \
		-T fields -e frame.number -e _ws.col.Info -e _ws.expert.message 2>"$tmp/err"
}

count=$("$emit" "$tmp/good.pcap") || fail "emit"
complaints "$tmp/good.pcap" >"$tmp/out" || fail "tshark: $(cat "$tmp/err")"
if [ -s "$tmp/out" ]; then
	fail "complaints about our messages:"
	head -n 20 "$tmp/out"
else
	pass
fi
seen=$(tshark -n -r "$tmp/good.pcap" -Y bgp -T fields -e bgp.type 2>/dev/null | tr ',' '\n' | grep -c .)
if [ "$seen" = "$count" ] && [ "$count" -gt 500 ]; then pass; else fail "tshark saw $seen of $count messages"; fi
types=$(tshark -n -r "$tmp/good.pcap" -Y bgp -T fields -e bgp.type 2>/dev/null | tr ',' '\n' | sort -u | tr '\n' ' ')
if [ "$types" = "1 2 3 4 5 " ]; then pass; else fail "types seen: $types"; fi
attrs=$(tshark -n -r "$tmp/good.pcap" -Y bgp.type==2 -T fields -e bgp.update.path_attribute.type_code 2>/dev/null |
	tr ',' '\n' | grep . | sort -un | tr '\n' ' ')
if [ "$attrs" = "1 2 3 4 5 6 7 8 9 10 14 15 16 17 18 32 35 200 " ]; then pass; else fail "attributes seen: $attrs"; fi

# BMP messages, to the same port.
stations() { tshark -n -r "$tmp/$1.pcap" -d tcp.port==179,bmp -Y "$2" -T fields -e "$3" 2>/dev/null | tr ',' '\n' | grep .; }
unhappy() { stations "$1" '_ws.malformed || _ws.expert.severity >= 0x600000' _ws.expert.message | grep -v '^Graceful Restart Capability'; }

count=$("${emit}_bmp" "$tmp/bmp.pcap") || fail "emit_bmp"
if [ -z "$(unhappy bmp)" ]; then pass; else fail "complaints about our BMP messages: $(unhappy bmp | head -n 5)"; fi
seen=$(stations bmp bmp bmp.type | grep -c .)
if [ "$seen" = "$count" ] && [ "$count" -gt 50 ]; then pass; else fail "tshark saw $seen of $count BMP messages"; fi
types=$(stations bmp bmp bmp.type | sort -u | tr '\n' ' ')
if [ "$types" = "0 1 2 3 4 5 " ]; then pass; else fail "BMP types seen: $types"; fi
types=$(stations bmp bmp bmp.peer.type | sort -u | tr '\n' ' ')
if [ "$types" = "0 1 3 " ]; then pass; else fail "BMP peer types seen: $types"; fi
gauge=$(stations bmp bmp.type==1 bmp.stats.data.routes_adj_rib_in | sort -u)
if [ "$gauge" = 5000000000 ]; then pass; else fail "BMP gauge of eight octets: $gauge"; fi
"${emit}_bmp" "$tmp/bmp-bad.pcap" broken >/dev/null || fail "emit_bmp broken"
if [ -n "$(unhappy bmp-bad)" ]; then pass; else fail "a broken UPDATE in a BMP message went unnoticed"; fi

n=0
while "$emit" "$tmp/bad.pcap" broken $n >/dev/null; do
	if [ -n "$(complaints "$tmp/bad.pcap")" ]; then pass; else fail "a broken message ($n) went unnoticed"; fi
	n=$((n + 1))
done
if [ "$n" -ge 2 ]; then pass; else fail "no broken messages"; fi

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
