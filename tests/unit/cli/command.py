#!/usr/bin/python3
"""`ravelin` itself, without a daemon: every row of its table of commands is in man/ravelin.1 and nothing else is, its help fits a
terminal, its exit statuses are what its help says, and its completion is something that the shells read."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

SRC = os.environ.get("RAVELIN_SRCDIR", ".")
RAVELIN = os.path.abspath(os.path.join(os.environ.get("RAVELIN_BUILDDIR", "."), "ravelin"))
SOCKET = os.path.join(tempfile.gettempdir(), f"nobody-listens-{os.getpid()}.sock")

passed = failed = skipped = 0


def check(what, ok, seen=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {what}: {seen}")


def ravelin(*args, **env):
    return subprocess.run([RAVELIN, *args], capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL,
                          env={**os.environ, **env}, check=False)


def commands():
    return json.loads(ravelin("-j", "help").stdout)["commands"]


def typed(command):
    """Its words, with something in place of each value."""
    return [word if word.islower() else "192.0.2.0/24" if word == "PREFIX" else "x" for word in command["words"].split()]


def mdoc_words(line):
    """'.It Cm show vrf Op Ar name' as 'show vrf [name]'."""
    head, _, option = line.partition(" Op ")
    plain = [" ".join(word for word in part.split()[skip:] if word not in ("Cm", "Ar")) for part, skip in ((head, 1), (option, 0))]
    return (plain[0] + (f" [{plain[1]}]" if option else "")).lower()


def manual():
    """The commands that man/ravelin.1 lists, as help writes them."""
    with open(os.path.join(SRC, "man/ravelin.1"), encoding="utf-8") as f:
        text = f.read()
    listed = text[text.index(".Sh DESCRIPTION"):text.index(".Sh OUTPUT")]
    return [mdoc_words(line) for line in listed.splitlines() if line.startswith(".It Cm")]


def check_manual():
    table = [c["syntax"].lower() for c in commands()]
    listed = manual()
    for syntax in table:
        check(f"man/ravelin.1 lists `{syntax}` once", listed.count(syntax) == 1, f"{listed.count(syntax)} times")
    for syntax in listed:
        check(f"`{syntax}` of man/ravelin.1 is a row of cli/command.c", syntax in table, "no")


def check_help():
    whole = ravelin("help")
    check("help", whole.returncode == 0 and max(map(len, whole.stdout.splitlines())) <= 80, whole.stdout)
    check("nothing typed", ravelin().returncode == 2)
    for c in commands():
        check(f"help has `{c['syntax']}`", c["syntax"] in whole.stdout)
        one = ravelin("help", *typed(c))
        check(f"help {c['words']}", one.returncode == 0 and max(map(len, one.stdout.splitlines())) <= 80, one.stdout)
    for group in ("show", "show bgp", "neighbor x", "lab", "mrt", "report", "completion"):
        some = ravelin(*group.split(), "--help")
        check(f"{group} --help", some.returncode == 0 and some.stdout, some.stderr)
        check(f"{group} ?", ravelin(*group.split(), "?").stdout == some.stdout)
    check("help of nothing", ravelin("help", "nothing").returncode == 2)


def check_exits():
    """Without a daemon: 3 where one is asked, 2 for what is not understood; and no status that help does not name."""
    for c in commands():
        if c["path"]:
            one = ravelin("-s", SOCKET, *typed(c))
            check(f"{c['words']}: no daemon", one.returncode == 3 and SOCKET in one.stderr, one)
            one = ravelin("-j", "-s", SOCKET, *typed(c))
            said = json.loads(one.stdout)
            check(f"-j {c['words']}: no daemon", one.returncode == 3 and said["exit"] == 3 and SOCKET in said["error"], one)
            check(f"{c['words']}: nothing on standard error with -j", one.stderr == "", one.stderr)
            one = ravelin("-s", SOCKET, *typed(c), "x", "y", "z")
            check(f"{c['words']}: too much", one.returncode == 2, one)
            check(f"{c['words']}: exits", c["exits"][-3:] == ["1", "2", "3"], c["exits"])
        if c["options"] or c["path"]:
            one = ravelin("-s", SOCKET, *typed(c), "--no-such-option")
            check(f"{c['words']}: an unknown option", one.returncode == 2, one)
    for words, said in (("show m", "ambiguous word"), ("show bpg", "did you mean \"bgp\""), ("show", "one of:"), ("neighbor all refresh in sixth", "none of"),
                        ("lab rum", "did you mean"), ("--watch=0 show vrf", "seconds"), ("-s", "without its value")):
        one = ravelin(*words.split())
        check(words, one.returncode == 2 and said in one.stderr, one)
        one = ravelin("-j", *words.split())
        check(f"-j {words}", one.returncode == 2 and said in json.loads(one.stdout)["error"], one)


def complete(*words):
    return [line.split("\t")[0] for line in ravelin("--complete", *words).stdout.splitlines()]


def check_completion():
    global skipped
    for c in commands():
        words = c["words"].split()
        for i, word in enumerate(words):
            if word.islower():
                check(f"complete {words[:i + 1]}", word in complete(*words[:i], word[:1]), complete(*words[:i], word[:1]))
    check("a cut word before", complete("sh", "bg", "su") == ["summary"], complete("sh", "bg", "su"))
    check("behind an option", "summary" in complete("-s", SOCKET, "show", "-j", "bgp", ""))
    check("an option", "--watch" in complete("show", "-"))
    check("words of a kind", complete("monitor", "d") == ["drops"])
    check("nothing that is hidden", "init" not in complete("lab", ""))
    for shell, folder in (("bash", None), ("zsh", None), ("fish", None)):
        script = ravelin("completion", shell).stdout
        check(f"completion {shell}", "--complete" in script)
        if not shutil.which(shell):
            skipped += 1
            continue
        with tempfile.NamedTemporaryFile("w", suffix=f".{shell}") as f:
            f.write(script)
            f.flush()
            one = subprocess.run([shell, "-n", f.name], capture_output=True, text=True, check=False)
        check(f"{shell} -n", one.returncode == 0, one.stderr)
    check_completion_in_bash()


def check_completion_in_bash():
    """What bash would offer behind `ravelin show bgp s`."""
    code = f"""source <({RAVELIN} completion bash)
COMP_WORDS=({RAVELIN} show bgp s); COMP_CWORD=3; _ravelin; echo "${{COMPREPLY[@]}}" """
    one = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=False)
    check("bash completes", one.stdout.split() == ["summary"], one)


def check_options_of_programs():
    """Options that completion offers are those that the command's own help names."""
    own = {"audit": "--help", "policy test": "--help", "mrt dump": "--help", "mrt updates": "--help", "report verify": "--help", "web": "--help", "lab run": None, "lab up": None, "lab validate": None, "lab check": None, "lab graph": None, "lab capture": None,
           "lab attack": "--help"}
    for c in commands():
        if not c["options"]:
            continue
        words = c["words"].split()
        help_ = ravelin(*words, own[c["words"]]).stdout if own.get(c["words"], "?") else ravelin("lab", "help").stdout
        for option in c["options"]:
            check(f"{c['words']} {option}", re.search(re.escape(option.split("=")[0]) + r"\b", help_), help_)


check_manual()
check_help()
check_exits()
check_completion()
check_options_of_programs()
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(failed != 0)
