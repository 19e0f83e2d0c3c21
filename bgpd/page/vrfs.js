// VRFs: what each imports and exports, its label, its ports; of one, its neighbours too. Routes are counted, never held.

import {ask, get, rows} from "./api.js";
import {badge, el, facts, link, number} from "./element.js";
import {portKind} from "./guard.js";
import {sessionLink, stateKind, stateText} from "./sessions.js";
import {Table} from "./table.js";

const COUNTED = 5000; // routes; past that it is "more than"

function labelBadge(vrf) {
	return vrf.label === null ? badge(vrf.label_state, "held") : el("span", null, String(vrf.label), " ", badge(vrf.label_state, vrf.label_state === "installed" ? "up" : "warn"));
}

function vrfLink(name) {
	return el("a", {href: `#/vrfs/${encodeURIComponent(name)}`}, name);
}

const COLUMNS = [
	{title: "VRF", main: true, sort: (v) => v.vrf, cell: (v) => vrfLink(v.vrf)},
	{title: "RD", sort: (v) => v.rd, cell: (v) => v.rd},
	{title: "Imports", long: true, cell: (v) => v.imports?.join(", ")},
	{title: "Exports", long: true, cell: (v) => v.exports?.join(", ")},
	{title: "Label", sort: (v) => v.label, cell: (v) => labelBadge({label: v.label, label_state: v.state})},
	{title: "Ports", cell: (v) => v.ports.length ? v.ports.map((p) => badge(p, "held")) : "-"},
	{title: "Sessions", cell: (v) => v.peers.length ? v.peers.map((p) => badge(p.name, stateKind(p))) : "-"},
	{title: "Routes", cell: (v) => link("routes", {table: `vrf ${v.vrf}`}, "Routes")},
];

// The VRFs by their labels, ports and neighbours; what each is configured as is asked once, one after the other.
function openAll(live) {
	const heads = new Map(), table = new Table("VRFs", COLUMNS, (v) => v.vrf, {empty: "no VRF has a port, a neighbor or a label", said: true});

	live.every(3000, async (signal) => {
		const [mpls, summary] = await Promise.all(["/v1/mpls", "/v1/bgp/summary"].map((p) => get(p, {}, signal)));
		const labels = new Map(mpls.labels.filter((l) => l.vrf).map((l) => [l.vrf, l]));
		const names = new Set([...labels.keys(), ...mpls.ports.map((p) => p.vrf), ...summary.peers.map((p) => p.vrf)].filter(Boolean));
		const show = () => table.show([...names].map((vrf) => ({
			vrf, rd: heads.get(vrf)?.rd, imports: heads.get(vrf)?.import, exports: heads.get(vrf)?.export, label: labels.get(vrf)?.label ?? null, state: labels.get(vrf)?.state ?? "none",
			ports: mpls.ports.filter((p) => p.vrf === vrf).map((p) => p.name),
			peers: summary.peers.filter((p) => p.vrf === vrf).map(({name, state, held_by}) => ({name, state, held_by})),
		})));
		show();
		for (const vrf of names) {
			if (!heads.has(vrf))
				heads.set(vrf, await read(vrf, signal));
		}
		show();
	});
	return [el("h1", null, "VRFs"), table.element];
}

// What stands before the routes of the answer; reading ends where they begin, or after those that are counted.
async function read(name, signal) {
	const reader = (await ask("/v1/vrf", {name}, signal)).body.pipeThrough(new TextDecoderStream()).getReader();
	let text = "", at;
	while ((at = text.indexOf("\"routes\":[")) < 0) {
		const {done, value} = await reader.read();
		if (done)
			break;
		text += value;
	}
	reader.cancel().catch(() => {});
	return JSON.parse(`${text.slice(text.indexOf("[") + 1, at)}"routes":[]}`);
}

const PEERS = [
	{title: "Neighbor", main: true, sort: (p) => p.name, cell: sessionLink},
	{title: "Address", sort: (p) => p.address, cell: (p) => p.address},
	{title: "AS", sort: (p) => p.as, cell: (p) => String(p.as)},
	{title: "State", sort: (p) => p.state, cell: (p) => badge(stateText(p), stateKind(p))},
	{title: "Received", number: true, sort: (p) => p.prefixes_received, cell: (p) => number(p.prefixes_received)},
	{title: "Sent", number: true, sort: (p) => p.prefixes_sent, cell: (p) => number(p.prefixes_sent)},
];

const PORTS = [
	{title: "Port", main: true, sort: (p) => p.name, cell: (p) => el("a", {href: `#/guard/${encodeURIComponent(p.name)}`}, p.name)},
	{title: "Guard", sort: (p) => p.state, cell: (p) => badge(p.state, portKind(p))},
	{title: "Sources", cell: (p) => p.source ?? "-"},
	{title: "Labels", cell: (p) => p.labels ?? "-"},
];

function openOne(at, live) {
	const head = el("div", {class: "content"});
	const peers = new Table("Neighbors", PEERS, (p) => p.name, {empty: "no neighbors"});
	const ports = new Table("Ports", PORTS, (p) => p.name, {empty: "no ports"});

	live.every(3000, async (signal) => {
		const [vrf, summary, guard] = await Promise.all([read(at.name, signal), get("/v1/bgp/summary", {}, signal), get("/v1/guard", {}, signal)]);
		peers.show(summary.peers.filter((p) => p.vrf === at.name));
		ports.show(guard.ports.filter((p) => p.vrf === at.name));
		const counted = await rows("/v1/bgp/vrf", {vrf: at.name}, (r) => r.best, COUNTED, COUNTED, signal);
		head.replaceChildren(facts([
			["RD", vrf.rd], ["Imports", vrf.import.join(", ") || "nothing"], ["Exports", vrf.export.join(", ") || "nothing"],
			["Label", labelBadge(vrf)], ["Kernel table", String(vrf.table)],
			["Limit", vrf.limit ? `${number(vrf.limit.count)} of ${number(vrf.limit.limit)}, then ${vrf.limit.action}` : null],
			["Prefixes", el("span", null, `${counted.more ? "more than " : ""}${number(counted.rows.length)} `, link("routes", {table: `vrf ${at.name}`}, "Show them"))],
		]));
	});
	return [el("p", {class: "back"}, el("a", {href: "#/vrfs"}, "VRFs")), el("h1", null, at.name), head, peers.element, ports.element];
}

export function open(at, live) {
	return at.name === null ? openAll(live) : openOne(at, live);
}
