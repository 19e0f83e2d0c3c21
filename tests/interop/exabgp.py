"""ExaBGP as a peer of the matrix: it has no table, so what it was told is read from its own account of it."""

import json
import os

from net import PE, PEER
from peers import OURS, NotAvailable, Peer

# Commands come through a FIFO, what was received goes to a file.
SCRIPT = """#!/usr/bin/env python3
import os, select, sys
here = os.path.dirname(os.path.abspath(__file__))
commands = os.open(here + "/commands", os.O_RDWR)
with open(here + "/told", "a", buffering=1) as told:
    while True:
        ready, _, _ = select.select([0, commands], [], [])
        if 0 in ready:
            octets = os.read(0, 65536)
            if not octets:
                sys.exit(0)
            told.write(octets.decode(errors="replace"))
        if commands in ready:
            os.write(1, os.read(commands, 65536))
"""


class Exabgp(Peer):
    name, package, binary = "ExaBGP", "exabgp", "exabgp"
    only_dials = ("gtsm",)
    cannot = {"shutdown_text": "does not decode a Cease with text", "enhanced_refresh": "ends when it is asked for a refresh",
              "our_restart": "keeps no routes"}
    lacks = {"role": "has no roles", "max_prefix": "has no limits: it keeps no routes",
             "long_lived": "has no long-lived graceful restart"}

    def environment(self):
        return {"exabgp.daemon.user": "root", "exabgp.daemon.daemonize": "false", "exabgp.tcp.bind": PEER,
                "exabgp.tcp.port": "179", "exabgp.api.cli": "false", "exabgp.api.ack": "false", "exabgp.log.destination": "stdout",
                "exabgp.log.level": "INFO", "exabgp.cache.attributes": "false"}

    def command(self):
        self.put("script", SCRIPT, 0o755)
        self.put("told", "")
        os.mkfifo(self.dir + "/commands")
        names = {"ipv4": "ipv4 unicast", "vpnv4": "ipv4 mpls-vpn", "rtc": "ipv4 rtc"}
        passive = "" if self.options.get("active") else " passive true;\n"
        text = f"process told {{\n run {self.dir}/script;\n encoder json;\n}}\n"
        text += f"neighbor {PE} {{\n router-id {PEER};\n local-address {PEER};\n local-as {self.asn};\n peer-as {OURS};\n{passive}"
        text += self.opt("key", " md5-password {};\n md5-base64 false;\n")
        text += " outgoing-ttl 255;\n incoming-ttl 255;\n" if self.options.get("gtsm") else ""
        text += " family {\n" + "".join(f"  {names[f]};\n" for f in self.families) + " }\n"
        text += " capability {\n  route-refresh enable;\n" + self.opt("restart", "  graceful-restart {};\n")
        text += (
            "  add-path send/receive;\n" if self.options.get("paths") else "")
        text += ("  extended-message enable;\n" if self.options.get("long") else "") + " }\n"
        text += " api {\n  processes [ told ];\n  neighbor-changes;\n  receive {\n   parsed;\n   update;\n   notification;\n"
        text += "   refresh;\n  }\n }\n}\n"
        return [self.binary, self.put("conf", text)]

    def connect(self):
        pass  # it passes nothing on

    def answers(self):
        return self.listens()

    def lines(self):
        """What it wrote; of a refresh it writes words in two pairs of quotes."""
        with open(self.dir + "/told") as f:
            return [json.loads(x.replace('""', '"'), strict=False) for x in f.read().split("\n")[:-1] if x.startswith("{")]

    def state(self):
        states = [x["neighbor"]["state"] for x in self.lines() if x["type"] == "state"]
        return "Established" if states and states[-1] in ("up", "connected") and states.count("up") else "down"

    def paths(self, prefix):
        found = set()
        for line in self.lines():
            update = line.get("neighbor", {}).get("message", {}).get("update", {})
            for listed in update.get("announce", {}).values():
                found |= {n.get("path-information") for hop in listed.values() for n in hop if n["nlri"] == prefix}
            for listed in update.get("withdraw", {}).values():
                found -= {n.get("path-information") for n in listed if n["nlri"] == prefix}
        return len(found)

    def say(self, line):
        with open(self.dir + "/commands", "w") as f:
            f.write(line + "\n")

    def words(self, route):
        out = f"route {route['prefix']} next-hop {route.get('next_hop', PEER)}"
        if "rd" in route:
            out += f" rd {route['rd']} label {route.get('label', 80)}"
        if route.get("as_path"):
            out += f" as-path [ {' '.join(map(str, route['as_path']))} ]"
        for key, word in (("communities", "community"), ("large", "large-community")):
            if key in route:
                out += f" {word} [ {' '.join(route[key])} ]"
        if "ext" in route:
            ext = [e.replace("rt:", "target:").replace("soo:", "origin:") for e in route["ext"]]
            out += f" extended-community [ {' '.join(ext)} ]"
        for key, word in (("med", "med"), ("local_pref", "local-preference"), ("path_id", "path-information")):
            if key in route:
                out += f" {word} {route[key] if key != 'path_id' else '0.0.0.' + str(route[key])}"
        if "as_set" in route:
            raise NotAvailable("does not write AS_SET in this form")
        return out

    def announce(self, *routes):
        for r in routes:
            path = r.get("as_path", [65003])
            self.say("announce " + self.words({**r, "as_path": path if self.internal else [self.asn, *path]}))

    def announce_second(self, route):
        self.announce({**route, "as_path": [65006], "path_id": 2})

    def withdraw(self, *routes):
        for r in routes:
            self.say("withdraw " + self.words(r))

    def find(self, prefix, rd=None):
        found = None
        for line in self.lines():
            message = line.get("neighbor", {}).get("message", {})
            update = message.get("update") if isinstance(message, dict) else None
            for attrs, n, there in nlris(update or {}):
                if (n["prefix"], n.get("rd")) == (prefix, rd):
                    found = {**attributes(attrs), **n} if there else None
        return found

    def refresh(self):
        for f in self.families:
            self.say("announce route-refresh ipv4 " + ("mpls-vpn" if f == "vpnv4" else "unicast"))

    def said(self):
        return " ".join(json.dumps(x.get("neighbor")) for x in self.lines() if x["type"] in ("notification", "state"))

    def shutdown(self, text):
        raise NotAvailable("sends no text of its own")


def nlris(update):
    """(attributes, prefix, announced or withdrawn) of everything in an update."""
    for hops in update.get("announce", {}).values():
        for hop, listed in hops.items():
            for n in listed:
                if isinstance(n, dict):
                    yield update.get("attribute", {}), {"next_hop": hop, **nlri(n)}, True
    for listed in update.get("withdraw", {}).values():
        for n in listed:
            yield {}, nlri(n), False


def nlri(n):
    out = {"prefix": n["nlri"]}
    if "rd" in n:
        out["rd"] = n["rd"]
    if "label" in n:
        out["label"] = n["label"][0][0]
    return out


def ext(e):
    text = e["string"] if isinstance(e, dict) else str(e)
    return text.replace("target:", "rt:").replace("origin:", "soo:")


def attributes(a):
    out = {"as_path": a.get("as-path", [])}
    if "community" in a:
        out["communities"] = [f"{x}:{y}" for x, y in a["community"]]
    if "large-community" in a:
        out["large"] = [":".join(map(str, x)) for x in a["large-community"]]
    if "extended-community" in a:
        out["ext"] = [ext(e) for e in a["extended-community"]]
    for theirs, ours in (("med", "med"), ("local-preference", "local_pref"), ("originator-id", "originator"),
                         ("cluster-list", "clusters")):
        if theirs in a:
            out[ours] = a[theirs]
    return out
