"""One column of the matrix, in namespaces of its own: every row against one peer, a line of JSON each."""

import json
import os
import shutil
import sys
import time
import traceback

import bench
import net
import peers
import rows_policy
import rows_protocol
import rows_session
from exabgp import Exabgp

FEATURES = [*rows_session.ROWS, *rows_protocol.ROWS, *rows_policy.ROWS]
KINDS = [peers.Frr, peers.Bird, peers.Gobgp, peers.Openbgpd, Exabgp]


def version(kind):
    return net.sh("dpkg-query", "-W", "-f", "${Version}", kind.package, check=False).split("-")[0].split("+")[0]


def run_row(kind, row):
    if row.__name__ in kind.cannot:
        return "n/a", kind.cannot[row.__name__]
    b = bench.Bench(kind)
    try:
        row(b)
        return "ok", ""
    except peers.NotAvailable as e:
        return "n/a", str(e)
    except Exception as e:  # noqa: whatever it was, the row has failed and the next one runs
        return "FAIL", str(e) if isinstance(e, AssertionError) else traceback.format_exc()
    finally:
        try:
            b.stop()
        except Exception:  # noqa
            traceback.print_exc()


def main():
    net.BUILD = os.path.abspath(sys.argv[1])
    kind = next(k for k in KINDS if k.name == sys.argv[2])
    only = sys.argv[3:]
    net.start_three()
    failed = False
    for row in FEATURES:
        if only and row.__name__ not in only:
            continue
        begin = time.monotonic()
        verdict, why = run_row(kind, row)
        failed |= verdict == "FAIL"
        print(json.dumps({"row": row.__name__, "verdict": verdict, "why": why, "seconds": time.monotonic() - begin,
                          "version": version(kind)}), flush=True)
    if failed or os.environ.get("KEEP"):
        keep = f"{net.BUILD}/matrix-failed/{kind.name}"
        shutil.rmtree(keep, ignore_errors=True)
        shutil.copytree(net.WORK, keep, ignore=lambda d, names: [n for n in names if n in ("run", "commands", "ctl") or n.endswith(".vty")])


if __name__ == "__main__":
    main()
