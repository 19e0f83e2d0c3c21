"""What the documents tell a reader to type: commands and pieces of configuration, taken out of Markdown and manual pages."""

import re

PROGRAM = re.compile(r"(\./quickstart|build/\w+|ravelind?|make|podman|docker|curl|socat|promtool|prometheus|pmbmpd|pmacctd|softflowd|hsflowd|"
                     r"journalctl|dpkg-buildpackage|jq|openssl|systemctl|modprobe|apt-get|git|sudo|tests/[\w/]+|tools/[\w-]+|autoreconf|install|echo|vtysh|nft|"
                     r"gobmp|vector|kubectl|netlab|containerlab)( |$)")
INLINE = re.compile(r"`((?:build/)?ravelind? [a-z-][^`\n]*|make [a-z][^`\n]*|\./quickstart[^`\n]*)`")


def blocks(text):
    """Fenced and indented: (language or "", first line's number, lines without their indentation)"""
    out, held, fence, blank = [], None, None, True
    for number, line in enumerate(text.splitlines(), 1):
        if fence is not None:
            if line.strip().startswith("```"):
                out.append(held)
                held = fence = None
            else:
                held[2].append(line)
        elif line.lstrip().startswith("```"):
            fence = line.strip()[3:]
            held = (fence, number + 1, [])
        elif line.startswith("    ") and (blank or held):
            held = held or ("", number, [])
            held[2].append(line[4:])
        elif not line.strip():
            if held:
                held[2].append("")
        elif held:
            out.append(held)
            held = None
        blank = not line.strip()
    if held:
        out.append(held)
    return [(lang, n, lines[:len(lines) - next((i for i, x in enumerate(reversed(lines)) if x), len(lines))]) for lang, n, lines in out]


def bare(line):
    """Without its comment."""
    return re.sub(r"(^|\s+)#( .*)?$", "", line).rstrip()


def also(line):
    """`ravelin show a b  # also: c, d`: the same of c and d."""
    words, others = re.fullmatch(r"(\S+ (?:neighbor \S+|\S+)) .*?(?:#.*also: ([^;]*).*)?", line + " ").groups()
    return [f"{words} {x.strip()}" for x in (others or "").split(",") if x.strip()]


def of_block(lines):
    """[(command, what is shown as its output, others of the kind)], of what a block tells to type; None: it tells nothing of the kind."""
    prompts = [x for x in lines if re.match(r"(\$|#) \S", x) and PROGRAM.match(x[2:])]
    if prompts:
        out = []
        for line in lines:
            if re.match(r"[$#] ", line) and PROGRAM.match(line[2:]):
                out.append((bare(line[2:]), [], also(line[2:])))
            elif out:
                out[-1][1].append(line)
        return out
    if not lines or not PROGRAM.match(lines[0]):
        return None
    out, whole = [], ""
    for line in lines:
        whole += line.strip() if whole else line
        if whole.endswith("\\"):
            whole = whole[:-1].rstrip() + " "
            continue
        if line.startswith(" ") and out and not bare(line):
            whole = ""
            continue
        if bare(whole):
            out.append((bare(whole), [], also(whole)))
        whole = ""
    return out


def commands(text):
    """[(line, command, output as shown, others of the kind)]"""
    out = []
    for lang, number, lines in blocks(text):
        if lang in ("", "sh", "console"):
            out += [(number, *told) for told in of_block(lines) or []]
    for number, line in enumerate(text.splitlines(), 1):
        out += [(number, command, [], []) for command in INLINE.findall(line)]
    return out


def configurations(text, keys):
    """[(line, text)]: blocks of YAML that begin with one of our keys."""
    return [(number, "\n".join(lines) + "\n") for lang, number, lines in blocks(text)
            if lang in ("", "yaml") and lines and re.match(r"(%s):" % "|".join(keys), next((x for x in lines if x and x[0] != "#"), ""))]


def of_manual(text):
    """The literal blocks of a manual page (mdoc) as Markdown has them."""
    out, literal = [], False
    for line in text.splitlines():
        if re.match(r"\.Bd -literal", line):
            literal = True
            out.append("```")
        elif line == ".Ed" and literal:
            literal = False
            out.append("```")
        elif literal:
            out.append(line.replace("\\&", "").replace("\\e", "\\").replace("\\-", "-"))
        else:
            out.append("")
    return "\n".join(out)
