#!/usr/bin/python3
"""What contrib/netlab makes of netlab's data for a node is a configuration that ravelind takes."""
import json
import os
import subprocess
import sys
import tempfile

try:
    import jinja2
    import yaml
except ImportError as e:
    print(f"SKIP: {e.name} is not installed for {sys.executable}")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)

SRC = os.environ.get("RAVELIN_SRCDIR", ".")
BUILD = os.environ.get("RAVELIN_BUILDDIR", ".")
HERE = os.path.join(SRC, "contrib/netlab")
passed = failed = 0


def check(ok, what):
    global passed, failed
    passed += bool(ok)
    failed += not ok
    if not ok:
        print(f"not ok: {what}")


# The data model is that of netlab's manual: "Configuring VRFs", "MPLS/VPN Configuration Templates", bgp.neighbors.
PE = {
    "inventory_hostname": "pe1",
    "loopback": {"ifname": "lo", "type": "loopback", "ipv4": "10.0.0.1/32"},
    "interfaces": [
        {"ifname": "eth1", "type": "p2p", "ipv4": "10.1.0.1/30"},
        {"ifname": "eth2", "type": "p2p", "ipv4": "172.16.0.1/30", "vrf": "red"},
        {"ifname": "eth3", "type": "p2p", "ipv4": "172.16.0.1/30", "vrf": "blue"},
    ],
    "vrfs": {
        "red": {
            "rd": "65000:1",
            "import": ["65000:1"],
            "export": ["65000:1"],
            "vrfidx": 100,
            "bgp": {"neighbors": [{"name": "ce1", "as": 65101, "ipv4": "172.16.0.2", "type": "ebgp", "gtsm": 1}]},
        },
        "blue": {"rd": "65000:2", "import": ["65000:2", "65000:1"], "export": ["65000:2"], "vrfidx": 101},
    },
    "bgp": {
        "as": 65000,
        "router_id": "10.0.0.1",
        "neighbors": [
            {
                "name": "pe2", "as": 65000, "type": "ibgp", "ipv4": "10.0.0.2", "vpnv4": "10.0.0.2",
                "activate": {"ipv4": True}, "password": "Between", "timers": {"hold": 30},
            },
            {"name": "up", "as": 65010, "type": "ebgp", "ipv4": "10.1.0.2", "activate": {"ipv4": True}},
        ],
    },
}
REFLECTOR = {
    "inventory_hostname": "rr",
    "loopback": {"ifname": "lo", "type": "loopback", "ipv4": "10.0.0.9/32"},
    "interfaces": [{"ifname": "eth1", "type": "p2p", "ipv4": "10.1.0.9/30"}],
    "bgp": {
        "as": 65000,
        "router_id": "10.0.0.9",
        "rr": True,
        "neighbors": [
            {"name": "pe1", "as": 65000, "type": "ibgp", "ipv4": "10.0.0.1", "vpnv4": "10.0.0.1", "activate": {"ipv4": False}},
            {"name": "rr2", "as": 65000, "type": "ibgp", "ipv4": "10.0.0.8", "vpnv4": "10.0.0.8", "rr": True,
             "activate": {"ipv4": False}},
        ],
    },
}


def render(data):
    loader = jinja2.FileSystemLoader(os.path.join(HERE, "templates"))
    env = jinja2.Environment(loader=loader, trim_blocks=True, undefined=jinja2.ChainableUndefined)
    return env.get_template("ravelin/ravelin.j2").render(**data)


def verdict(text):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as f:
        f.write(text)
        f.flush()
        run = subprocess.run(
            [os.path.join(BUILD, "ravelind"), "--check", f.name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    return run.returncode, run.stdout.decode()


for data in (PE, REFLECTOR):
    text = render(data)
    code, said = verdict(text)
    check(code == 0, f"{data['inventory_hostname']}: {said}\n{text}")
    model = yaml.safe_load(text)
    peers = {n["name"]: n for n in model["neighbors"]}
    check(len(peers) == len(data["bgp"]["neighbors"]), "every neighbor is there")
    if data is PE:
        check([p.get("vrf") for p in model["ports"]] == [None, "red", "blue"], "ports and their VRFs")
        check(peers["pe2"]["families"] == ["ipv4-unicast", "vpnv4"], "families of pe2")
        check("families" not in model["vrfs"][0]["neighbors"][0], "a CE speaks its VRF's family")
        check(model["vrfs"][1]["import"] == ["65000:2", "65000:1"], "import targets are strings")
    else:
        check([peers[n].get("reflector-client", False) for n in ("pe1", "rr2")] == [True, False], "clients")
        check(peers["pe1"]["families"] == ["vpnv4"], "IPv4 is not activated")

# Positive control: what netlab would give a device that is not in a VRF's data is refused, not ignored.
broken = json.loads(json.dumps(PE))
broken["interfaces"][1]["vrf"] = "green"
check(verdict(render(broken))[0] == 1, "control: a port of an unknown VRF is refused")

with open(os.path.join(HERE, "topology-defaults.yml"), encoding="utf-8") as f:
    device = yaml.safe_load(f)["devices"]["ravelin"]
check(os.path.exists(os.path.join(HERE, "templates/ravelin", f"{list(device['daemon_config'])[0]}.j2")), "the template is there")
print(f"{passed} passed, {failed} failed, 0 skipped")
sys.exit(failed != 0)
