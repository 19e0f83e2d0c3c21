#!/usr/bin/python3
"""hiding.py PORT SOURCE COMMAND...: asks as a curious customer, and prints everybody who answers.

trace DST            UDP, ICMP and TCP with TTL 1 to 5: "udp 1 192.168.1.1 icmp 11.0", or "udp 2 -" if nobody answers
probe DST SECONDS    one UDP packet
big DST LEN          an echo request of LEN octets with DF: "big 1 192.168.1.1 icmp 3.4 mtu 1392"
record DST           an echo request that asks everybody on the way for an address (RFC 791 3.1): "record 172.16.2.1 reply via 10.0.1.1"
listen SECONDS       says "listening", then the EtherType of whatever comes unasked and is neither IPv4 nor ARP
sweep MAC DST...     each protocol that a router might answer, and ARP; then "sent N", and "heard WHO WHAT" for any answer
"""
import select
import socket
import struct
import sys
import time


def checksum(octets):
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack("!%dH" % (len(octets) // 2), octets))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def payload(kind, src, dst, port, length):
    """Returns the protocol's number and what follows the IP header; port makes the probe known again."""
    if kind == "icmp":
        icmp = struct.pack("!BBHHH", 8, 0, 0, port, 1) + b"A" * (length - 28)
        return 1, icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
    if kind == "udp":
        return 17, struct.pack("!HHHH", 4000, port, 8 + length - 28, 0) + b"A" * (length - 28)
    if kind == "tcp":
        tcp = struct.pack("!HHIIBBHHH", 4000, port, 1, 0, 0x50, 2, 1024, 0, 0)
        pseudo = socket.inet_aton(src) + socket.inet_aton(dst) + struct.pack("!BBH", 0, 6, len(tcp))
        return 6, tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
    return int(kind), b"A" * 32


RECORD = struct.pack("!BBB12xB", 7, 15, 4, 0)  # record route, room for three


def packet(kind, src, dst, ttl=64, port=33434, length=60, df=0, options=b""):
    number, rest = payload(kind, src, dst, port, length)
    head = 20 + len(options)
    ip = struct.pack("!BBHHHBBH4s4s", 0x40 + head // 4, 0, head + len(rest), port, df, ttl, number, 0, socket.inet_aton(src), socket.inet_aton(dst))
    ip += options
    return ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + rest


def recorded(options):
    """What stands in the record of a reply, " via A B"."""
    if options[:1] != b"\7":
        return ""
    hops = [socket.inet_ntoa(options[i : i + 4]) for i in range(3, options[2] - 1, 4)]
    return " via " + " ".join(hops)


class Customer:
    def __init__(self, port, src):
        self.port, self.src = port, src
        self.wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.wire.bind((port, 3))
        self.out = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self.mac = bytes(int(x, 16) for x in open("/sys/class/net/%s/address" % port).read().strip().split(":"))

    def heard(self, seconds):
        """Yields (EtherType, octets behind it) of everything that comes in."""
        end = time.monotonic() + seconds
        while select.select([self.wire], [], [], max(0, end - time.monotonic()))[0]:
            octets, where = self.wire.recvfrom(2048)
            if where[2] != 4:  # PACKET_OUTGOING
                yield struct.unpack("!H", octets[12:14])[0], octets[14:]

    def ask(self, kind, dst, ttl, port, seconds=1, length=60, df=0, options=b""):
        """Sends one packet and returns who answered it, and what."""
        self.out.sendto(packet(kind, self.src, dst, ttl, port, length, df, options), (dst, 0))
        for ethertype, ip in self.heard(seconds):
            if ethertype != 0x0800 or socket.inet_ntoa(ip[16:20]) != self.src:
                continue
            head = (ip[0] & 15) * 4
            who, rest = socket.inet_ntoa(ip[12:16]), ip[head:]
            if ip[9] == 1 and rest[0] in (3, 11) and rest[12:14] == struct.pack("!H", port):
                more = " mtu %d" % struct.unpack("!H", rest[6:8]) if rest[:2] == b"\3\4" else ""
                more += " extended" if rest[5] else ""  # RFC 4884 3: a label stack, say (RFC 4950)
                return "%s icmp %d.%d%s" % (who, rest[0], rest[1], more)
            if ip[9] == 1 and rest[0] == 0 and rest[4:6] == struct.pack("!H", port):
                return "%s reply%s" % (who, recorded(ip[20:head]))
            if ip[9] == 6 and rest[:2] == struct.pack("!H", port):
                return "%s tcp" % who
        return "-"

    def trace(self, dst):
        for k, kind in enumerate(("udp", "icmp", "tcp")):
            for ttl in range(1, 6):
                print(kind, ttl, self.ask(kind, dst, ttl, 33434 + 10 * k + ttl))

    def sweep(self, mac, dsts):
        head = bytes(int(x, 16) for x in mac.split(":")) + self.mac
        asked = [("icmp", 1), *(("tcp", p) for p in (22, 179, 646, 830)), *(("udp", p) for p in (161, 3784, 6635, 33434)), ("47", 0), ("89", 0), ("137", 0)]
        for dst in dsts:
            for kind, port in asked:
                self.wire.send(head + b"\x08\x00" + packet(kind, self.src, dst, port=port))
            arp = struct.pack("!HHBBH6s4s6s4s", 1, 0x800, 6, 4, 1, self.mac, socket.inet_aton(self.src), b"", socket.inet_aton(dst))
            self.wire.send(b"\xff" * 6 + self.mac + b"\x08\x06" + arp)
        print("sent", len(asked) * len(dsts))
        for ethertype, octets in self.heard(0.7):
            if ethertype == 0x0800:
                print("heard", socket.inet_ntoa(octets[12:16]), octets[9], octets[20], octets[21])
            elif ethertype == 0x0806 and octets[7] == 2:
                print("heard", socket.inet_ntoa(octets[14:18]), "arp")


def main():
    port, src, command, *rest = sys.argv[1:]
    c = Customer(port, src)
    if command == "trace":
        c.trace(rest[0])
    elif command == "probe":
        print("udp 64", c.ask("udp", rest[0], 64, 33500, float(rest[1])))
    elif command == "big":
        print("big", rest[1], c.ask("icmp", rest[0], 64, 33510, 1, int(rest[1]), 0x4000))
    elif command == "record":
        print("record", c.ask("icmp", rest[0], 64, 33520, 1, options=RECORD))
    elif command == "listen":
        print("listening", flush=True)
        for ethertype, _ in c.heard(float(rest[0])):
            if ethertype not in (0x0800, 0x0806):
                print("heard %04x" % ethertype)
    else:
        c.sweep(rest[0], rest[1:])


main()
