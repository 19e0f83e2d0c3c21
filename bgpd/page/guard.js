// What stands between each customer and the router, and what it dropped: counters that move, and packets.

import {get} from "./api.js";
import {badge, el, facts, number, time, words} from "./element.js";
import {sum} from "./drops.js";
import {Table} from "./table.js";

const KEPT = 100;

export function portKind(port) {
	return port.state === "open" ? "up" : port.state === "off" ? "held" : "down";
}

function portLink(name) {
	return el("a", {href: `#/guard/${encodeURIComponent(name)}`}, name);
}

const PORTS = [
	{title: "Port", main: true, sort: (p) => p.name, cell: (p) => portLink(p.name)},
	{title: "Role", sort: (p) => p.role, cell: (p) => p.role ?? badge("unknown", "warn")},
	{title: "VRF", sort: (p) => p.vrf ?? "", cell: (p) => p.vrf ?? "-"},
	{title: "State", sort: (p) => p.state, cell: (p) => badge(p.drifted ? `${p.state}: ${p.drifted}` : p.state, portKind(p))},
	{title: "Sources", cell: (p) => p.source ?? "-"},
	{title: "Labels", cell: (p) => p.labels ?? "-"},
	{title: "Passed", number: true, sort: (p) => p.packets.passed, cell: (p) => number(p.packets.passed)},
	{title: "Dropped", number: true, sort: (p) => sum(p.packets), cell: (p) => number(sum(p.packets))},
];

const REASONS = [
	{title: "Reason", main: true, sort: (r) => r.reason, cell: (r) => words(r.reason)},
	{title: "Port", sort: (r) => r.port, cell: (r) => portLink(r.port)},
	{title: "Clause", cell: (r) => r.clause ?? "-"},
	{title: "Packets", number: true, sort: (r) => r.packets, cell: (r) => el("span", {class: r.grown ? "moved" : null}, number(r.packets))},
	{title: "Since opened", number: true, sort: (r) => r.grown, cell: (r) => r.grown ? `+${number(r.grown)}` : "-"},
];

const SAMPLES = [
	{title: "Time", sort: (d) => d.time, cell: (d) => time(d.time)},
	{title: "Port", main: true, sort: (d) => d.port, cell: (d) => portLink(d.port)},
	{title: "Reason", sort: (d) => d.reason, cell: (d) => d.ace ? `${words(d.reason)} (${d.acl}: ${d.ace})` : words(d.reason)},
	{title: "Packet", long: true, cell: (d) => el("code", null, d.decoded)},
	{title: "Octets", number: true, sort: (d) => d.length, cell: (d) => String(d.length)},
];

const RULES = [
	{title: "List", sort: (r) => r.acl, cell: (r) => r.acl ?? "-"},
	{title: "Entry", main: true, sort: (r) => r.ace, cell: (r) => r.ace ?? "-"},
	{title: "Action", sort: (r) => r.action, cell: (r) => r.action},
	{title: "Packets", number: true, sort: (r) => r["matched-packets"], cell: (r) => number(r["matched-packets"])},
];

// A row for each reason of each port, with how many came since the first time.
function reasons(ports, first) {
	return ports.flatMap((p) => Object.entries(p.packets).filter(([reason]) => reason !== "passed").map(([reason, packets]) => {
		const at = `${p.name} ${reason}`;
		const before = first.size && !first.has(at) ? 0 : Math.min(first.get(at) ?? packets, packets);
		return {reason, port: p.name, clause: p.clauses?.[reason], packets, grown: packets - before};
	}));
}

function remembered(ports) {
	return new Map(ports.flatMap((p) => [[`${p.name}`, 0], ...Object.entries(p.packets).map(([r, n]) => [`${p.name} ${r}`, n])]));
}

// The samples that there are, and those to come.
function samples(live, only, table) {
	let kept = [];
	const add = (drops) => {
		const known = new Set(kept.map((d) => d.key));
		kept = [...drops.map((d) => ({...d, key: `${d.time} ${d.port} ${d.octets}`})).filter((d) => (!only || d.port === only) && !known.has(d.key)), ...kept].slice(0, KEPT);
		table.show(kept);
	};

	live.on((event) => event.event === "guard_drop" && add([event]));
	live.once(async (signal) => add((await get("/v1/guard/drops", {}, signal)).drops.reverse()));
}

function portFacts(p) {
	return facts([["State", badge(p.state, portKind(p))], ["Drifted", p.drifted], ["Drifts", p.drifts ? number(p.drifts) : null], ["Role", p.role], ["VRF", p.vrf],
		["Sources", p.source], ["Labels", p.labels], ["XDP", p.xdp], ["Passed", number(p.packets.passed)], ["Dropped", number(sum(p.packets))]]);
}

export function open(at, live) {
	const ports = new Table("Ports", PORTS, (p) => p.name, {empty: "no ports"}), head = el("div", {class: "content"});
	const counters = new Table("Dropped, by reason", REASONS, (r) => `${r.port} ${r.reason}`, {sorted: 3, down: true, empty: "nothing was dropped"});
	const recent = new Table("Dropped packets, samples as they come, like ones once", SAMPLES, (d) => d.key, {down: true, empty: "no samples"});
	const rules = new Table("Own rules", RULES, (r) => `${r.acl} ${r.ace}`, {sorted: -1, empty: "no rules"});
	let first = null;

	const ask = async (signal) => {
		const guard = await get("/v1/guard", at.name ? {name: at.name} : {}, signal);
		const list = [...guard.ports, ...(guard.unknown ?? [])];
		first ??= remembered(list);
		counters.show(reasons(list, first));
		ports.show(list);
		if (at.name) {
			head.replaceChildren(portFacts(list[0]));
			rules.show(list[0].rules);
		}
	};
	live.every(1000, ask);
	samples(live, at.name, recent);
	if (at.name)
		return [el("p", {class: "back"}, el("a", {href: "#/guard"}, "Guard")), el("h1", null, at.name), head, counters.element, rules.element, recent.element];
	return [el("h1", null, "Guard"), counters.element, ports.element, recent.element];
}
