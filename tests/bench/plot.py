"""An SVG of the medians: one panel a case, one group of bars a phase, one bar a subject; seconds, logarithmic."""

import math
from html import escape

COLOURS = {"floor": "#999999", "ravelin": "#0b6e4f", "bird": "#d1495b", "frr": "#30638e", "frr-ct1": "#7fb2d9",
           "openbgpd": "#edae49", "gobgp": "#7a5195"}
PANEL, LEFT, HEIGHT, BAR, GAP, TOP = 230, 60, 150, 9, 14, 50


def title_of(row):
    text = f"{row['shape']}, {row['routes']} routes"
    if row["receivers"]:
        text += f", {row['receivers']} receivers"
    return text + (f", {row['senders']} senders of the same" if row["senders"] > 1 else "")


def y_of(seconds, low, high):
    share = (math.log10(max(seconds, low)) - math.log10(low)) / (math.log10(high) - math.log10(low))
    return HEIGHT * min(1, share)


def panel(rows, top):
    phases = [p for r in rows for p in r["median"]]
    phases = sorted(set(phases), key=phases.index)
    seconds = [f["seconds"] for r in rows for f in r["median"].values() if f and f["seconds"] > 0]
    if not seconds:
        return "", 0
    low = 10 ** math.floor(math.log10(min(seconds)))
    high = max(10 ** math.ceil(math.log10(max(seconds))), low * 10)
    first = rows[0]
    out = [f'<text x="{LEFT}" y="{top - 8}" font-weight="bold">{escape(title_of(first))}</text>']
    bottom, step = top + HEIGHT, low
    width = LEFT + len(phases) * (len(rows) * BAR + GAP)
    while step <= high * 1.001:
        y = bottom - y_of(step, low, high)
        out.append(f'<line x1="{LEFT}" x2="{width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{step:g} s</text>')
        step *= 10
    for i, phase in enumerate(phases):
        x = LEFT + i * (len(rows) * BAR + GAP) + GAP / 2
        out.append(f'<text x="{x}" y="{bottom + 14}">{escape(phase)}</text>')
        for j, r in enumerate(rows):
            figures = r["median"].get(phase)
            if figures:
                h = max(1, y_of(figures["seconds"], low, high))
                out.append(f'<rect x="{x + j * BAR:.1f}" y="{bottom - h:.1f}" width="{BAR - 1}" height="{h:.1f}" '
                           f'fill="{COLOURS.get(r["subject"], "#000")}"><title>{escape(r["subject"])} {escape(phase)}: '
                           f'{figures["seconds"]:.3f} s, CPU {figures["cpu"]:.2f} s</title></rect>')
    return "\n".join(out), width


def write(path, results):
    cases = {}
    for r in results:
        cases.setdefault(title_of(r), []).append(r)
    parts, width = [], 620
    for i, rows in enumerate(cases.values()):
        text, w = panel(rows, TOP + 24 + i * PANEL)
        parts.append(text)
        width = max(width, w + 20)
    legend, x = [], LEFT
    for name in dict.fromkeys(r["subject"] for r in results):
        legend.append(f'<rect x="{x}" y="12" width="10" height="10" fill="{COLOURS.get(name, "#000")}"/>'
                      f'<text x="{x + 14}" y="21">{escape(name)}</text>')
        x += 80
    height = TOP + len(cases) * PANEL + 20
    with open(path, "w", encoding="ascii") as f:
        f.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
                f'font-size="11">\n<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(legend + parts) + "\n</svg>\n")
