"""The configurations of pmacct in docs/export.md, as they stand there but for addresses and files: what it makes of BMP and of labelled packets."""

import json
import os
import shutil
import subprocess

from documents import SOURCE
from net import WORK, Ravelind, wait
from policy import scenario
from recipes import blocks
from report import check, skip

STATION = "10.0.0.6"
CONF = """
router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}
bmp: {stations: [{name: nms, address: 10.0.0.6, port: 11019, retry: 1, routes: [loc-rib]}]}
"""
SEND = """
import socket, struct
def total(b):
    s = sum(struct.unpack(f"!{len(b) // 2}H", b))
    while s >> 16: s = (s >> 16) + (s & 0xffff)
    return struct.pack("!H", ~s & 0xffff)
def packet(src):
    udp = struct.pack("!HHHH", 1000, 2000, 28, 0) + bytes(20)
    head = struct.pack("!BBHHHBB", 0x45, 0, 48, 1, 0, 64, 17)
    ends = socket.inet_aton(src) + socket.inet_aton("172.16.2.1")
    return head + total(head + b"\\0\\0" + ends) + ends + udp
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("wire1", 0))
for i in range(5):
    s.send(b"\\xff" * 6 + b"\\2\\0\\0\\0\\0\\1\\x88\\x47" + struct.pack("!II", 10003 << 12 | 63, 16 << 12 | 0x100 | 63) + packet("172.16.1.1"))
    s.send(b"\\xff" * 6 + b"\\2\\0\\0\\0\\0\\1\\x08\\0" + packet("172.16.9.9"))
"""


class Pmacct:
    """One of its daemons, over the block of the document that has this word."""

    def __init__(self, daemon, word, *changes, space=None):
        with open(SOURCE + "/docs/export.md") as f:
            (text,) = ["\n".join(lines) for lang, _, lines in blocks(f.read()) if lang == "conf" and word in "\n".join(lines)]
        for old, new in changes:
            check(f"{daemon}: {old} stands there", old in text)
            text = text.replace(old, new)
        path = f"{WORK}/{daemon}-export.conf"
        with open(path, "w") as f:
            f.write(text + "\n")
        self.log = open(f"{WORK}/{daemon}-export.log", "w")
        enter = ["nsenter", "--net=/run/netns/" + space] if space else []
        self.process = subprocess.Popen([*enter, daemon, "-f", path], stdout=self.log, stderr=self.log)

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


def objects(path):
    if not os.path.exists(path):
        return []
    with open(path) as f:
        return [json.loads(line) for line in f if line.endswith("\n")]


@scenario
def export(keep):
    if not shutil.which("pmbmpd"):
        skip("export", "pmacct is not installed")
        return
    said, flows = WORK + "/bmp-export.json", WORK + "/flows-export.json"
    keep(Pmacct("pmbmpd", "bmp_daemon_ip", ("192.0.2.20", STATION), ("/var/log/bmp.json", said), space="peer"))
    keep(Ravelind(CONF))
    check("BMP", wait(lambda: any(x.get("bmp_msg_type") == "init" for x in objects(said)), 10), objects(said))
    keep(Pmacct("pmacctd", "pcap_interface", ("eth1", "wire0"), 
                ("/var/log/flows.json", flows + "\nprint_output_file_append: true"), ("time: 60", "time: 1")))

    def seen(src):
        subprocess.run(["nsenter", "--net=/run/netns/peer", "python3", "-c", SEND], check=True)
        return next((x for x in objects(flows) if x["ip_src"] == src), None)

    labelled, plain = wait(lambda: seen("172.16.1.1"), 15), wait(lambda: seen("172.16.9.9"), 5)
    check("behind labels: addresses and the outer label",
          labelled and labelled["mpls_label_top"] == 10003 and labelled["mpls_stack_depth"] == 2, labelled)
    check("... without labels", plain and plain["mpls_label_top"] == 0, plain)


SCENARIOS = [export]
