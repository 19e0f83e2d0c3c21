#!/usr/bin/python3
"""customer.py PORT MAC [-c ROUNDS] [-s SOURCE] FRAME...: what a hostile customer sends, again and again until it is ended.

FRAME is DST (an ICMP echo request in plain IP), LABEL[,LABEL...]:DST (the same in MPLS), and either behind VLAN tags:
TPID.VID/TPID.VID/FRAME, e.g. 8100.0/100001:172.16.1.1
"""
import socket
import struct
import sys
import time


def checksum(octets):
    total = sum(struct.unpack("!%dH" % (len(octets) // 2), octets))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def echo(src, dst):
    icmp = struct.pack("!BBHHH", 8, 0, 0, 77, 1) + b"A" * 32
    icmp = icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(icmp), 7, 0, 64, 1, 0, socket.inet_aton(src), socket.inet_aton(dst))
    return ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + icmp


def frame(text, src):
    *tags, rest = text.split("/")
    out = b""
    for tag in tags:
        tpid, vid = tag.split(".")
        out += struct.pack("!HH", int(tpid, 16), int(vid))
    if ":" not in rest:
        return out + struct.pack("!H", 0x0800) + echo(src or "192.168.1.2", rest)
    labels, dst = rest.split(":")
    stack = [int(x) for x in labels.split(",")]
    out += struct.pack("!H", 0x8847)
    for i, label in enumerate(stack):
        out += struct.pack("!I", label << 12 | (i == len(stack) - 1) << 8 | 64)
    return out + echo(src or "172.16.2.66", dst)


def main():
    args = sys.argv[1:]
    port, mac = args[:2]
    rounds, src, args = -1, None, args[2:]
    while args[0] in ("-c", "-s"):
        if args[0] == "-c":
            rounds = int(args[1])
        else:
            src = args[1]
        args = args[2:]
    own = open("/sys/class/net/%s/address" % port).read().strip()
    head = b"".join(bytes(int(x, 16) for x in m.split(":")) for m in (mac, own))
    frames = [head + frame(text, src) for text in args]
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    s.bind((port, 0))
    while rounds:
        for octets in frames:
            try:
                s.send(octets)
            except OSError:  # its link is down for a moment
                pass
        rounds -= 1
        if rounds:
            time.sleep(0.002)


main()
