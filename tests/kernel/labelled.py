#!/usr/bin/python3
"""labelled.py PORT MAC LABELS DST: sends three MPLS frames (0x8847) that hold an ICMP echo request to DST."""
import socket
import struct
import sys


def checksum(octets):
    total = sum(struct.unpack("!%dH" % (len(octets) // 2), octets))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def main():
    port, mac, labels, dst = sys.argv[1:5]
    icmp = struct.pack("!BBHHH", 8, 0, 0, 77, 1) + b"A" * 32
    icmp = icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(icmp), 7, 0, 64, 1, 0,
                     socket.inet_aton("172.16.1.66"), socket.inet_aton(dst))
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    stack = [int(x) for x in labels.split(",")]
    mpls = b"".join(struct.pack("!I", x << 12 | (i == len(stack) - 1) << 8 | 64) for i, x in enumerate(stack))
    own = open("/sys/class/net/%s/address" % port).read().strip()
    address = [bytes(int(x, 16) for x in m.split(":")) for m in (mac, own)]
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    s.bind((port, 0))
    for _ in range(3):
        s.send(address[0] + address[1] + b"\x88\x47" + mpls + ip + icmp)


main()
