// Neighbours: all of them, or one with what was negotiated and counted.

import {get} from "./api.js";
import {address, badge, duration, el, facts, link, number, words} from "./element.js";
import {Table} from "./table.js";

export function stateKind(peer) {
	return peer.state === "Established" ? "up" : peer.held_by ? "held" : "down";
}

export function stateText(peer) {
	return peer.held_by ? `${peer.state} (${peer.held_by})` : peer.state;
}

export function protection(peer) {
	const kinds = [peer.md5 && "MD5", peer.gtsm > 0 && "GTSM"].filter(Boolean);

	return kinds.length ? kinds.join(", ") : badge("none", "warn");
}

export function sessionLink(peer) {
	return el("a", {href: `#/sessions/${encodeURIComponent(peer.name)}`}, peer.name);
}

const COLUMNS = [
	{title: "Neighbor", main: true, sort: (p) => p.name, cell: sessionLink},
	{title: "Address", sort: (p) => p.address, cell: (p) => p.address},
	{title: "VRF", sort: (p) => p.vrf ?? "", cell: (p) => p.vrf ? el("a", {href: `#/vrfs/${encodeURIComponent(p.vrf)}`}, p.vrf) : "core"},
	{title: "AS", sort: (p) => p.as, cell: (p) => String(p.as)},
	{title: "State", sort: (p) => p.state, cell: (p) => badge(stateText(p), stateKind(p))},
	{title: "For", number: true, sort: (p) => p.since_s, cell: (p) => duration(p.since_s)},
	{title: "Received", number: true, sort: (p) => p.prefixes_received, cell: (p) => number(p.prefixes_received)},
	{title: "Sent", number: true, sort: (p) => p.prefixes_sent, cell: (p) => number(p.prefixes_sent)},
	{title: "Protection", cell: protection},
	{title: "Last error", long: true, sort: (p) => p.reason, cell: (p) => p.reason || "-"},
];

function matches(peer, text) {
	return [peer.name, peer.address, peer.vrf ?? "core", String(peer.as), stateText(peer), peer.reason].some((v) => v.toLowerCase().includes(text));
}

function openAll(at, live, remember) {
	const filter = el("input", {type: "search", id: "filter", value: at.parameters.get("q") ?? "", autocomplete: "off", spellcheck: "false"});
	const said = () => ({q: filter.value, sort: table.sorted || null, down: table.down ? 1 : null});
	const count = el("p", {role: "status", class: "count"});
	let peers = [];
	const table = new Table("Sessions", COLUMNS, (p) => `${p.vrf} ${p.address} ${p.name}`, {
		sorted: Math.min(Number(at.parameters.get("sort") ?? 0) || 0, COLUMNS.length - 1), down: at.parameters.has("down"), empty: "no such neighbor", said: true,
		onsort: () => remember(said()),
	});
	const show = () => {
		const kept = peers.filter((p) => matches(p, filter.value.trim().toLowerCase()));
		table.show(kept);
		count.textContent = `${kept.length} of ${peers.length}, ${peers.filter((p) => p.state === "Established").length} established`;
	};

	filter.addEventListener("input", () => {
		remember(said());
		show();
	});
	const ask = async (signal) => {
		({peers} = await get("/v1/bgp/summary", {}, signal));
		show();
	};
	live.every(3000, ask);
	live.on((event) => event.event.startsWith("route") || event.event.startsWith("guard") || live.once(ask));
	return [el("h1", null, "Sessions"), el("div", {class: "controls"}, el("label", {for: "filter"}, "Filter"), filter, count), table.element];
}

function counts(title, object) {
	const rows = Object.entries(object ?? {}).filter(([, n]) => n);

	return rows.length ? el("section", null, el("h2", null, title), facts(rows.map(([k, n]) => [words(k), number(n)]))) : null;
}

function about(p) {
	const n = p.negotiated, t = p.timers;

	return [
		facts([
			["State", badge(stateText(p), stateKind(p))], ["For", duration(p.since_s)], ["Address", p.address], ["AS", String(p.as)],
			["VRF", p.vrf ? el("a", {href: `#/vrfs/${encodeURIComponent(p.vrf)}`}, p.vrf) : "core"], ["Range", p.range], ["Note", p.note],
			["Protection", protection(p)], ["Last error", p.reason],
			["Received", `${number(p.prefixes_received)} prefixes${p.stale ? `, ${number(p.stale)} stale` : ""}`], ["Sent", `${number(p.prefixes_sent)} prefixes`],
			["Families", p.families.join(", ")], ["Hold time", t.negotiated_hold_s === null ? `${t.hold_s} s wanted` : `${t.negotiated_hold_s} s`],
			["Limit", p.limit ? `${number(p.limit.count)} of ${number(p.limit.limit)}, then ${p.limit.action}` : null],
			["Router ID", n?.router_id], ["Restart", p.restart?.phase],
			["Import", p.policy.import], ["Export", p.policy.export],
		]),
		p.md5_mismatch ? el("p", {class: "trouble"}, `${number(p.md5_mismatch)} segments with a wrong TCP-MD5 signature`) : null,
		el("p", null, link("routes", {table: `from ${p.name}`, vrf: p.vrf}, "Routes that it has told"), ", ", link("routes", {table: `to ${p.name}`, vrf: p.vrf}, "routes that it is told")),
		counts("Refused routes", p.refused), counts("Counted", p.counters),
	].filter(Boolean);
}

function openOne(at, live) {
	const content = el("div", {class: "content"});

	live.every(3000, async (signal) => {
		const {peers} = await get("/v1/bgp/neighbors", {name: at.name}, signal);
		const said = JSON.stringify(peers);
		if (said !== content.said) {
			content.said = said;
			content.replaceChildren(...peers.flatMap(about));
		}
	});
	return [el("p", {class: "back"}, el("a", {href: address("sessions")}, "Sessions")), el("h1", null, at.name), content];
}

export function open(at, live, remember) {
	return at.name === null ? openAll(at, live, remember) : openOne(at, live);
}
