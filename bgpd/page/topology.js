// This router, its ports, and its neighbours by VRF: a drawing with states, and the same as a table.

import {get} from "./api.js";
import {badge, el, svg} from "./element.js";
import {portKind} from "./guard.js";
import {sessionLink, stateKind, stateText} from "./sessions.js";
import {Table} from "./table.js";

const ROW = 46, HEAD = 30, GAP = 18, MOST = 40; // neighbours of a group that are drawn

// Groups: the core and each VRF, with ports and neighbours.
function groups(summary, mpls, guard) {
	const guards = new Map(guard.ports.map((p) => [p.name, p.state])), names = new Set([null]);

	[...mpls.ports, ...summary.peers].forEach((o) => names.add(o.vrf));
	return [...names].map((vrf) => ({
		vrf,
		ports: mpls.ports.filter((p) => p.vrf === vrf && (vrf !== null || p.role === "core"))
			.map(({name, up, present}) => ({name, up, present, state: guards.get(name) ?? "off"})),
		peers: summary.peers.filter((p) => p.vrf === vrf).map(({name, address, as, state, held_by}) => ({name, address, as, state, held_by})),
	})).filter((g) => g.ports.length || g.peers.length);
}

function cut(text, most) {
	return text.length > most ? `${text.slice(0, most - 1)}\u2026` : text;
}

function height(group) {
	return HEAD + ROW * (group.ports.length + Math.min(group.peers.length, MOST)) + 8 + (group.peers.length > MOST ? 22 : 0);
}

function item(x, y, width, kind, title, text, href, label) {
	const most = Math.floor((width - 40) / 7.4);

	return svg("a", {href, "aria-label": label, class: `node ${kind}`},
		svg("rect", {x, y, width, height: ROW - 8, rx: 6}),
		svg("circle", {cx: x + 16, cy: y + (ROW - 8) / 2, r: 6}),
		svg("text", {x: x + 30, y: y + 16, class: "name"}, cut(title, most)),
		svg("text", {x: x + 30, y: y + 31}, cut(text, most + 3)));
}

function portItem(p, x, y, width) {
	const up = p.present && p.up, text = `port ${!p.present ? "missing" : up ? "up" : "down"}, guard ${p.state}`;
	const kind = up && p.state !== "closed" && p.state !== "failed" ? portKind(p) : "down";

	return item(x, y, width, kind, p.name, text, `#/guard/${encodeURIComponent(p.name)}`, `${p.name}: ${text}`);
}

function peerItem(p, x, y, width) {
	const text = `${stateText(p)}, ${p.address}, AS ${p.as}`;

	return item(x, y, width, stateKind(p), p.name, text, `#/sessions/${encodeURIComponent(p.name)}`, `${p.name}: ${text}`);
}

function group(g, x, y, width) {
	const name = g.vrf === null ? "core" : `VRF ${g.vrf}`, inside = width - 16;
	const box = svg("g", {class: "group"}, svg("rect", {x, y, width, height: height(g), rx: 8, class: "box"}),
		svg("text", {x: x + 12, y: y + 20, class: "title"}, cut(name, Math.floor(width / 9))));
	let at = y + HEAD;

	for (const p of g.ports) {
		box.append(portItem(p, x + 8, at, inside));
		at += ROW;
	}
	for (const p of g.peers.slice(0, MOST)) {
		box.append(peerItem(p, x + 8, at, inside));
		at += ROW;
	}
	if (g.peers.length > MOST)
		box.append(svg("text", {x: x + 12, y: at + 12}, `and ${g.peers.length - MOST} more: in the table`));
	return box;
}

function router(name, x, y, width) {
	return svg("g", {class: "router"}, svg("rect", {x, y, width, height: 56, rx: 8}),
		svg("text", {x: x + width / 2, y: y + 34, "text-anchor": "middle"}, cut(name, Math.floor(width / 11))));
}

function stack(list) {
	return list.reduce((n, g) => n + height(g) + GAP, 0) - GAP;
}

function curve(x1, y1, x2, y2) {
	const middle = (x1 + x2) / 2;

	return svg("path", {class: "wire", d: `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`});
}

// The core on the left, the router in the middle, VRFs on the right.
function wide(name, core, vrfs, width) {
	const side = Math.min(360, (width - 320) / 2), tall = Math.max(stack(core), stack(vrfs), 80), left = (width - 2 * side - 320) / 2;
	const out = [], middle = tall / 2, box = left + side + 70;

	for (const [list, x, from, to] of [[core, left, box, left + side], [vrfs, left + side + 320, box + 180, left + side + 320]]) {
		let y = (tall - stack(list)) / 2;
		for (const g of list) {
			out.push(curve(from, middle, to, y + height(g) / 2), group(g, x, y, side));
			y += height(g) + GAP;
		}
	}
	out.push(router(name, box, middle - 28, 180));
	return {tall, out};
}

// The router above, a trunk down the left side, everything behind it.
function narrow(name, list, width) {
	const out = [router(name, 0, 0, Math.min(width, 220))];
	let y = 56 + GAP, last = 56;

	for (const g of list) {
		last = y + 20;
		out.push(svg("path", {class: "wire", d: `M10 ${last} H24`}), group(g, 24, y, width - 24));
		y += height(g) + GAP;
	}
	out.push(svg("path", {class: "wire", d: `M10 56 V${last}`}));
	return {tall: y - GAP, out};
}

function draw(place, name, list) {
	const width = Math.max(280, Math.floor(place.clientWidth) - 2), core = list.filter((g) => g.vrf === null), vrfs = list.filter((g) => g.vrf !== null);
	const {tall, out} = width < 860 ? narrow(name, list, width) : wide(name, core, vrfs, width);
	const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;

	place.replaceChildren(svg("svg", {width, height: tall + 4, viewBox: `-1 -1 ${width + 2} ${tall + 4}`, role: "group", "aria-labelledby": "drawing-title"},
		svg("title", {id: "drawing-title"}, `${name}, its ports and neighbors; the table below says the same`), out));
	if (focused)
		[...place.querySelectorAll("a")].find((a) => a.getAttribute("href") === focused)?.focus({preventScroll: true});
}

const COLUMNS = [
	{title: "In", sort: (r) => r.vrf ?? "", cell: (r) => r.vrf ?? "core"},
	{title: "What", sort: (r) => r.what, cell: (r) => r.what},
	{title: "Name", main: true, sort: (r) => r.name, cell: (r) => r.what === "port" ? el("a", {href: `#/guard/${encodeURIComponent(r.name)}`}, r.name) : sessionLink(r)},
	{title: "State", sort: (r) => r.text, cell: (r) => badge(r.text, r.kind)},
];

function flat(list) {
	return list.flatMap((g) => [
		...g.ports.map((p) => ({vrf: g.vrf, what: "port", name: p.name, text: `${!p.present ? "missing" : p.up ? "up" : "down"}, guard ${p.state}`, kind: p.up ? portKind(p) : "down"})),
		...g.peers.map((p) => ({vrf: g.vrf, what: "neighbor", name: p.name, text: stateText(p), kind: stateKind(p)})),
	]);
}

export function open(at, live) {
	const place = el("div", {class: "drawing"}), table = new Table("Ports and neighbors", COLUMNS, (r) => `${r.vrf} ${r.what} ${r.name}`);
	let last = null, said = "", wide = 0;
	const again = (force) => {
		if (!last || (!force && place.clientWidth === wide))
			return;
		wide = place.clientWidth;
		draw(place, ...last);
	};
	const size = new ResizeObserver(() => again(false));

	size.observe(place);
	live.signal.addEventListener("abort", () => size.disconnect());
	live.every(3000, async (signal) => {
		const [summary, mpls, guard] = await Promise.all(["/v1/bgp/summary", "/v1/mpls", "/v1/guard"].map((p) => get(p, {}, signal)));
		const list = groups(summary, mpls, guard), now = JSON.stringify([summary.name, list]);
		if (now === said)
			return;
		said = now;
		last = [summary.name, list];
		again(true);
		table.show(flat(list));
	});
	return [el("h1", null, "Topology"), place, table.element];
}
