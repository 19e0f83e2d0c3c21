"""What was checked and how it came out."""

import sys
import time
import traceback

passed, failed, skipped = 0, 0, 0


def check(what, ok, detail=""):
    """One expectation. Returns whether it held."""
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {what}" + (f": {detail}" if detail != "" else ""), flush=True)
    return bool(ok)


def skip(what, why):
    global skipped
    skipped += 1
    print(f"skip: {what}: {why}", flush=True)


def run(name, scenario):
    """A scenario that falls over has failed once more."""
    begin, before = time.monotonic(), failed
    try:
        scenario()
    except Exception:  # noqa: whatever it was, it is reported and the next scenario runs
        check(name, False, traceback.format_exc())
    print(f"{'ok  ' if failed == before else 'BAD '} {name} ({time.monotonic() - begin:.1f} s)", flush=True)


def end():
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)
