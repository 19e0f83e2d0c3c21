"""guest.py SRC RAVELIN CONFIG CORE_MAC ACCESS_MAC: inside the guest, over TCP on 10.99.0.2: 8080 is the daemon's read-only socket, 8081 takes orders, one a line.

routes N      rr1 announces N VPN routes, and those that the test looks for     goodbye TEXT  rr2 has a session, which it ends with that text
labelled L    three packets with that label into the core port                  spoof         three labelled ones from the customer
reload        a limit is another one, until it is confirmed                     confirm       it is
quit
"""
import os
import socket
import subprocess
import sys
import threading

SRC, RAVELIN, CONFIG, CORE, ACCESS = sys.argv[1:6]
sys.path.insert(0, SRC + "/tests/interop")
import net  # noqa: E402
import raw  # noqa: E402
import speak  # noqa: E402

SOCKET = "/run/ravelin/ravelin-ro.sock"


def pump(a, b):
    """Until a says no more."""
    try:
        while got := a.recv(65536):
            b.sendall(got)
    except OSError:
        pass
    for s in (a, b):
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def relay(near, to):
    far = socket.socket(socket.AF_UNIX)
    try:
        far.connect(to)
    except OSError:
        near.close()
        return
    back = threading.Thread(target=pump, args=(far, near), daemon=True)
    back.start()
    pump(near, far)
    back.join()
    near.close()
    far.close()


def serve():
    listener = socket.create_server(("10.99.0.2", 8080))
    while True:
        near, _ = listener.accept()
        threading.Thread(target=relay, args=(near, SOCKET), daemon=True).start()


class Scene:
    """The neighbours, in their namespaces."""

    def __init__(self):
        self.talkers = {}

    def talk(self, name, namespace, local, remote, asn, families):
        net.SPEAKERS = namespace
        made = net.wait(lambda: speak.Talker(local, asn, families, remote=remote, hold=0, patience=2), 30)
        if not made:
            raise RuntimeError(f"no session as {name}")
        for f in families:
            made.eor(f)
        self.talkers[name] = made
        return made

    def begin(self):
        self.talk("rr1", "p", "10.0.1.2", "10.0.1.1", 65000, ("vpnv4",))
        self.talk("ce-a1", "ce1a", "192.168.1.2", "192.168.1.1", 65101, ("ipv4",)).announce(
            {"prefix": "172.16.1.0/24", "next_hop": "192.168.1.2"})

    def routes(self, count):
        rr1 = self.talkers["rr1"]
        base = {"rd": "65000:21", "label": 80, "next_hop": "10.255.0.3", "local_pref": 100, "as_path": [65102], "ext": ["rt:65000:101"]}
        rr1.announce_together([{**base, "prefix": "172.16.2.0/24"}, {**base, "prefix": "172.16.3.0/24"}])
        rr1.announce({**base, "prefix": "172.16.4.0/24", "rd": "65000:22", "label": 81, "next_hop": "198.51.100.9", "ext": ["rt:65000:102"]})
        rr1.announce({**base, "prefix": "172.16.5.0/24"})
        rr1.announce({**base, "prefix": "172.16.5.0/24", "rd": "65000:23", "local_pref": 50})
        many = [{**base, "prefix": f"10.{n // 256}.{n % 256}.0/24"} for n in range(int(count))]
        for at in range(0, len(many), 200):
            rr1.announce_together(many[at:at + 200])

    def goodbye(self, text):
        rr2 = self.talk("rr2", "p", "10.255.0.2", "10.255.0.1", 65000, ("vpnv4",))
        said = text.encode()
        rr2.send(raw.message(raw.NOTIFICATION, bytes([6, 2, len(said)]) + said))
        while rr2.read():
            pass
        rr2.close()

    @staticmethod
    def send(namespace, port, mac, label):
        subprocess.run(["ip", "netns", "exec", namespace, "python3", SRC + "/tests/kernel/labelled.py", port, mac, label, "172.16.1.1"], check=True)

    @staticmethod
    def reload():
        with open(CONFIG, encoding="utf-8") as f:
            text = f.read()
        with open(CONFIG, "w", encoding="utf-8") as f:
            f.write(text.replace("max-prefix: 7000", "max-prefix: 8000"))
        subprocess.run([RAVELIN, "reload", "--confirm-within", "120s"], check=True)


def obey(scene, line):
    word, _, rest = line.strip().partition(" ")
    if word == "routes":
        scene.routes(rest)
    elif word == "goodbye":
        scene.goodbye(rest)
    elif word == "labelled":
        scene.send("p", "pe1", CORE, rest)
    elif word == "spoof":
        scene.send("ce1a", "pe0", ACCESS, "100000")
    elif word == "reload":
        scene.reload()
    elif word == "confirm":
        subprocess.run([RAVELIN, "confirm"], check=True)
    elif word != "begin":
        raise ValueError(line)
    else:
        scene.begin()


def main():
    scene = Scene()
    if not net.wait(lambda: os.path.exists(SOCKET), 30):
        raise RuntimeError("the daemon has no socket")
    threading.Thread(target=serve, daemon=True).start()
    orders = socket.create_server(("10.99.0.2", 8081)).accept()[0].makefile("rw")
    for line in orders:
        if line.strip() == "quit":
            break
        try:
            obey(scene, line)
            orders.write("done\n")
        except Exception as e:  # noqa: whatever it was, the other side reports it
            orders.write(f"{type(e).__name__}: {e}\n".replace("\n", " ").strip() + "\n")
        orders.flush()


main()
