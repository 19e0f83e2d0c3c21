"""What tshark thinks of every octet that ravelind has sent in all scenarios."""

import net
from report import check

OURS = f"ip.src == {net.PE} && bgp"
TYPES = {"1": "OPEN", "2": "UPDATE", "3": "NOTIFICATION", "4": "KEEPALIVE", "5": "ROUTE-REFRESH"}
WARNING = 0x600000  # PI_WARN; PI_ERROR is above


def scenario(capture):
    kinds = {}
    for line in capture.tshark("-Y", OURS, "-T", "fields", "-e", "bgp.type").split():
        for kind in line.split(","):
            kinds[kind] = kinds.get(kind, 0) + 1
    print("  messages of ours:", {TYPES.get(k, k): n for k, n in kinds.items()})
    for kind, name in TYPES.items():
        check(f"the capture has {name}", kinds.get(kind, 0) > 0, kinds)
    check("and no other type", set(kinds) <= set(TYPES), kinds)
    bad = capture.tshark("-Y", f"{OURS} && _ws.malformed")
    check("no malformed message", bad == "", bad)
    bad = capture.tshark(
        "-o", "tcp.analyze_sequence_numbers:TRUE", "-Y", f"{OURS} && _ws.expert.severity >= {WARNING}", "-T", "fields",
        "-e", "frame.number", "-e", "_ws.expert.message")
    bad = "\n".join(line for line in bad.splitlines() if not line_is_tcp(line))
    check("no expert warning", bad == "", bad)
    seen = capture.tshark("-Y", f"ip.src != {net.PE} && bgp && (_ws.malformed || _ws.expert.severity >= {WARNING})")
    check("the check can fail: the raw peer's octets are found", seen != "")


def line_is_tcp(line):
    """Expert words about TCP (a RST, a window) are not about what we said in it."""
    words = line.split("\t", 1)[-1]
    return all(w.startswith(("Connection ", "TCP ", "This frame", "Previous segment", "ACKed segment", "D-SACK",
                             "Duplicate ACK", "New fragment", "Out-Of-Order", "The acknowledgment", "A new tcp session"))
               for w in words.split(","))
