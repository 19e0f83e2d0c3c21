"""A BGP speaker in Python with a table: it announces routes given as dicts and knows what it was told, as dicts.

A route is {"prefix": "203.0.113.0/24", "rd": "65003:22" (VPN-IPv4 only), "label": 80, "path_id": 7, "next_hop": "10.0.0.3",
"origin": 0, "as_path": [65003], "as_set": [..], "med": 5, "local_pref": 100, "communities": ["65003:7"], "large": ["65003:1:2"],
"ext": ["rt:65000:101"], "originator": "10.0.0.9", "clusters": ["10.0.0.8"], "otc": 65003}; only what is there.
"""

import select
import socket
import struct

import raw
from raw import KEEPALIVE, NOTIFICATION, OPEN, REFRESH, UPDATE, Speaker, message, open_body

IPV4, VPNV4, RTC = (1, 1), (1, 128), (1, 132)
FAMILIES = {"ipv4": IPV4, "vpnv4": VPNV4, "rtc": RTC}


LONG = b"\x06\x00"  # the capability of RFC 8654
HOP6 = b"\x05\x06\x00\x01\x00\x01\x00\x02"  # RFC 8950: IPv6 next hops of IPv4 unicast


def attr(flags, code, value):
    return raw.attr(flags | (0x10 if len(value) > 255 else 0), code, value)


# Graceful and long-lived graceful restart (RFC 4724, RFC 9494) of IPv4 unicast
RESTARTS = b"\x40\x06\x00\x78\x00\x01\x01\x80" + b"\x47\x07\x00\x01\x01\x80\x00\x0e\x10"


def capability(code, value=b""):
    return bytes([code, len(value)]) + value


def capabilities(asn, families, *more):
    caps = b"".join(capability(1, struct.pack("!HBB", afi, 0, safi)) for afi, safi in (FAMILIES[f] for f in families))
    caps += capability(2) + capability(65, struct.pack("!I", asn)) + b"".join(more)
    return b"\x02" + bytes([len(caps)]) + caps


def prefix_octets(prefix):
    address, length = prefix.split("/")
    return int(length), socket.inet_aton(address)[:(int(length) + 7) // 8]


def rd_octets(rd):
    a, b = rd.split(":")
    return struct.pack("!HHI", 0, int(a), int(b))


def nlri_octets(route, add_path, withdrawn=False):
    length, octets = prefix_octets(route["prefix"])
    out = struct.pack("!I", route.get("path_id", 0)) if add_path else b""
    if "rd" not in route:
        return out + bytes([length]) + octets
    label = b"\x80\0\0" if withdrawn else struct.pack("!I", route.get("label", 80) << 12 | 0x100)[:3]
    return out + bytes([length + 88]) + label + rd_octets(route["rd"]) + octets


def ext_octets(text):
    kind, a, b = text.split(":")
    return struct.pack("!BBHI", 0, {"rt": 2, "soo": 3}[kind], int(a), int(b))


def attributes(route):
    """All but MP_REACH_NLRI, in order of type."""
    segments = b""
    for kind, asns in ((2, route.get("as_path", [])), (1, route.get("as_set", []))):
        if asns:
            segments += bytes([kind, len(asns)]) + b"".join(struct.pack("!I", a) for a in asns)
    out = attr(0x40, 1, bytes([route.get("origin", 0)])) + attr(0x40, 2, segments)
    if "rd" not in route and ":" not in route["next_hop"]:
        out += attr(0x40, 3, socket.inet_aton(route["next_hop"]))
    for key, code, flags in (("med", 4, 0x80), ("local_pref", 5, 0x40)):
        if key in route:
            out += attr(flags, code, struct.pack("!I", route[key]))
    if "communities" in route:
        out += attr(0xC0, 8, b"".join(struct.pack("!HH", *map(int, c.split(":"))) for c in route["communities"]))
    if "originator" in route:
        out += attr(0x80, 9, socket.inet_aton(route["originator"]))
    if "clusters" in route:
        out += attr(0x80, 10, b"".join(socket.inet_aton(c) for c in route["clusters"]))
    if "ext" in route:
        out += attr(0xC0, 16, b"".join(ext_octets(e) for e in route["ext"]))
    if "large" in route:
        out += attr(0xC0, 32, b"".join(struct.pack("!III", *map(int, c.split(":"))) for c in route["large"]))
    if "otc" in route:
        out += attr(0xC0, 35, struct.pack("!I", route["otc"]))
    return out


def reach(routes, add_path=False):
    """An UPDATE with routes that share the attributes of the first."""
    attrs, nlris = attributes(routes[0]), b"".join(nlri_octets(r, add_path) for r in routes)
    if ":" in routes[0]["next_hop"]:
        hop = socket.inet_pton(socket.AF_INET6, routes[0]["next_hop"])
        attrs += attr(0x90, 14, struct.pack("!HBB", 1, 1, len(hop)) + hop + b"\0" + nlris)
        nlris = b""
    elif "rd" in routes[0]:
        hop = b"\0" * 8 + socket.inet_aton(routes[0]["next_hop"])
        attrs += attr(0x90, 14, struct.pack("!HBB", 1, 128, len(hop)) + hop + b"\0" + nlris)
        nlris = b""
    return message(UPDATE, b"\0\0" + struct.pack("!H", len(attrs)) + attrs + nlris)


def unreach(routes, add_path=False):
    nlris = b"".join(nlri_octets(r, add_path, True) for r in routes)
    if "rd" not in routes[0]:
        return message(UPDATE, struct.pack("!H", len(nlris)) + nlris + b"\0\0")
    attrs = attr(0x90, 15, struct.pack("!HB", 1, 128) + nlris)
    return message(UPDATE, b"\0\0" + struct.pack("!H", len(attrs)) + attrs)


def u32s(value):
    return [x[0] for x in struct.iter_unpack("!I", value)]


def ext_text(e):
    kinds = {0x0002: "rt", 0x0003: "soo"}
    kind, a, b = struct.unpack("!HHI", e)
    return f"{kinds[kind]}:{a}:{b}" if kind in kinds else e.hex()


def read_path(value, into):
    while value:
        kind, n = value[0], value[1]
        into.setdefault("as_set" if kind == 1 else "as_path", []).extend(u32s(value[2:2 + 4 * n]))
        value = value[2 + 4 * n:]


def read_attributes(octets):
    """(route without prefix, {code: value of 14 and 15})"""
    route, mp = {"as_path": []}, {}
    readers = {
        1: lambda v: route.update(origin=v[0]),
        2: lambda v: read_path(v, route),
        3: lambda v: route.update(next_hop=socket.inet_ntoa(v)),
        4: lambda v: route.update(med=u32s(v)[0]),
        5: lambda v: route.update(local_pref=u32s(v)[0]),
        8: lambda v: route.update(communities=[f"{x >> 16}:{x & 65535}" for x in u32s(v)]),
        9: lambda v: route.update(originator=socket.inet_ntoa(v)),
        10: lambda v: route.update(clusters=[socket.inet_ntoa(v[i:i + 4]) for i in range(0, len(v), 4)]),
        16: lambda v: route.update(ext=[ext_text(v[i:i + 8]) for i in range(0, len(v), 8)]),
        32: lambda v: route.update(large=[":".join(map(str, u32s(v[i:i + 12]))) for i in range(0, len(v), 12)]),
        35: lambda v: route.update(otc=u32s(v)[0]),
        14: lambda v: mp.update({14: v}),
        15: lambda v: mp.update({15: v}),
    }
    while octets:
        flags, code = octets[0], octets[1]
        length, at = (struct.unpack("!H", octets[2:4])[0], 4) if flags & 0x10 else (octets[2], 3)
        readers.get(code, lambda v: None)(octets[at:at + length])
        octets = octets[at + length:]
    return route, mp


def read_nlris(octets, vpn, add_path):
    """Each prefix as a dict: prefix, rd, label, path_id."""
    while octets:
        n = {}
        if add_path:
            n["path_id"], octets = u32s(octets[:4])[0], octets[4:]
        bits, octets = octets[0], octets[1:]
        if vpn:
            n["label"] = struct.unpack("!I", b"\0" + octets[:3])[0] >> 4
            kind, a, b = struct.unpack("!HHI", octets[3:11])
            n["rd"] = f"{a}:{b}" if kind == 0 else octets[3:11].hex()
            octets, bits = octets[11:], bits - 88
        size = (bits + 7) // 8
        n["prefix"] = socket.inet_ntoa(octets[:size].ljust(4, b"\0")) + f"/{bits}"
        octets = octets[size:]
        yield n


class Talker(Speaker):
    """Speaker with a session, a table of what it was told and counts of what else came."""

    def __init__(self, local, asn, families=("ipv4",), remote=None, more=(), add_path=False, hold=90, ident=None, **how):
        super().__init__(local, remote=remote, **how)
        self.local, self.asn, self.add_path = local, asn, add_path
        self.withdrawn = set()
        self.routes, self.eors, self.refreshes, self.notified, self.updates = {}, 0, 0, None, 0
        options = capabilities(asn, families, *more)
        body = open_body(asn if asn < 65536 else 23456, hold=hold, ident=ident or local, options=options)
        self.send(message(OPEN, body))
        self.their_open = self.until(OPEN)
        self.send(message(KEEPALIVE))
        if self.until(KEEPALIVE) is None:
            raise ConnectionError(f"no session from {local}")

    def announce(self, *routes):
        for r in routes:
            filled = {"next_hop": self.local, "as_path": [self.asn], **r}
            self.send(reach([filled], self.add_path))

    def announce_together(self, routes):
        """In one UPDATE, with the attributes of the first."""
        self.send(reach([{"next_hop": self.local, "as_path": [self.asn], **r} for r in routes], self.add_path))

    def withdraw(self, *routes):
        for r in routes:
            self.send(unreach([r], self.add_path))

    def eor(self, family):
        attrs = b"" if family == "ipv4" else attr(0x80, 15, struct.pack("!HB", *FAMILIES[family]))
        self.send(message(UPDATE, b"\0\0" + struct.pack("!H", len(attrs)) + attrs))

    def refresh(self, family):
        afi, safi = FAMILIES[family]
        self.send(message(REFRESH, struct.pack("!HBB", afi, 0, safi)))

    def key(self, n):
        return (n.get("rd"), n["prefix"], n["path_id"]) if self.add_path else (n.get("rd"), n["prefix"])

    def take(self, body):
        self.updates += 1
        size = struct.unpack("!H", body[:2])[0]
        gone, rest = body[2:2 + size], body[2 + size:]
        size = struct.unpack("!H", rest[:2])[0]
        route, mp = read_attributes(rest[2:2 + size])
        plain = rest[2 + size:]
        if body == b"\0\0\0\0" or (set(mp) == {15} and len(mp[15]) == 3):
            self.eors += 1
        for n in read_nlris(gone, False, self.add_path):
            self.withdrawn.add(n["prefix"])
            self.routes.pop(self.key(n), None)
        if 15 in mp and mp[15][:3] == b"\0\1\x80":
            for n in read_nlris(mp[15][3:], True, self.add_path):
                self.routes.pop(self.key(n), None)
        for n in read_nlris(plain, False, self.add_path):
            self.routes[self.key(n)] = {**route, **n}
        if 14 in mp and mp[14][2] in (1, 128):
            hop, nlris = mp[14][4:4 + mp[14][3]], mp[14][5 + mp[14][3]:]
            vpn = mp[14][2] == 128
            name = socket.inet_ntoa(hop[-4:]) if len(hop) in (4, 12) else socket.inet_ntop(socket.AF_INET6, hop[8 * vpn:8 * vpn + 16])
            for n in read_nlris(nlris, vpn, self.add_path):
                self.routes[self.key(n)] = {**route, "next_hop": name, **n}

    def table(self):
        """Takes in what has come by now; {key: route}."""
        while len(self.have) >= 19 or select.select([self.s], [], [], 0)[0]:
            try:
                got = self.read(1)
            except TimeoutError:
                break
            except ConnectionResetError:
                got = None
            if got is None:
                break
            kind, body = got
            if kind == UPDATE:
                self.take(body)
            elif kind == REFRESH:
                self.refreshes += 1
            elif kind == NOTIFICATION:
                self.notified = body
        return self.routes

    def find(self, prefix, rd=None):
        for route in self.table().values():
            if route["prefix"] == prefix and route.get("rd") == rd:
                return route
        return None
