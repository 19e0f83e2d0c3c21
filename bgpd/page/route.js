// One prefix: the way a packet to it leaves this router, label by label, and why its route is (not) used and who has it.

import {get} from "./api.js";
import {address, badge, el, facts, number, words} from "./element.js";
import {Table} from "./table.js";

function best(table) {
	return table?.candidates.find((c) => c.best) ?? null;
}

// A packet as it is at that step: labels, the outermost first, before IPv4.
function packet(labels) {
	return el("p", {class: "packet"}, labels.map(([label, kind]) => el("span", {class: `tag ${kind}`}, String(label))), el("span", {class: "tag ip"}, "IPv4"));
}

function step(title, text, labels, kind = "") {
	return el("li", {class: `step ${kind}`}, el("h3", null, title), el("p", null, text), labels ? packet(labels) : null);
}

// The port is known where there is but one that it can be.
function outPort(ports, role, vrf) {
	const list = ports.filter((p) => p.role === role && p.vrf === vrf && p.present);

	return list.length === 1 ? `out of ${list[0].name}` : role === "core" ? "out of a core port" : `out of a port of ${vrf}`;
}

// Steps of the way, as [title, text, labels of the packet, kind]; and what `show mpls path` says is on the wire.
export function way(answer, ports) {
	const table = answer.tables.find((t) => t.vrf), path = best(table);

	if (!path)
		return null;
	const steps = [["VRF", `${table.vrf}: a packet to ${answer.prefix}`, [], ""]];
	const hop = path.next_hop ?? "the link itself", state = path.next_hop_state;
	if (!path.imported_from) {
		steps.push(["Next hop", `${hop}, in the VRF; from ${path.from}`, [], ""], ["Port", outPort(ports, "access", table.vrf), [], ""]);
		return {steps, wire: "IPv4, no label", kernel: table.kernel, from: path.from};
	}
	const vpn = [path.label, "vpn"], transport = (state?.transport ?? []).map((l) => [l, "transport"]);
	steps.push(["VPN route", `RD ${path.imported_from.rd} from ${path.imported_from.from}`, [], ""]);
	steps.push(["VPN label", `${path.label}, as its PE advertised it`, [vpn], ""]);
	if (!state?.resolves)
		steps.push(["Next hop", `${hop} does not resolve: no packet leaves`, [vpn], "bad"]);
	else {
		const text = transport.length ? `${transport.map(([l]) => l).join(", ")} to ${hop}` : `none to ${hop}: adjacent, or popped by this router`;
		steps.push([transport.length > 1 ? "Transport labels" : "Transport label", text, [...transport, vpn], ""]);
		steps.push(["Port", `${outPort(ports, "core", null)}, metric ${state.metric}`, [...transport, vpn], ""]);
	}
	const wire = state?.resolves ? [...transport, vpn].map(([l]) => `[${l}]`).join(" ") + " IPv4" : "nothing";
	return {steps, wire, kernel: table.kernel, from: path.from};
}

function walk(answer, ports) {
	const found = way(answer, ports);

	if (!found)
		return [el("p", {class: "nothing"}, "no path: no packet leaves")];
	return [
		el("ol", {class: "walk"}, found.steps.map((s) => step(...s))),
		el("p", {class: "legend"}, el("span", {class: "tag transport"}, "n"), " transport, popped on the way; ", el("span", {class: "tag vpn"}, "n"), " VPN, popped by the far PE"),
		el("p", null, "On the wire: ", el("code", {id: "wire"}, found.wire), ". Kernel: ", !found.kernel ? "not asked" : found.kernel.installed ? found.kernel.as : badge("no route", "down"), "."),
		el("p", {class: "small"}, "The same at a terminal: ", el("code", null, `ravelin show mpls path ${answer.prefix} vrf ${answer.vrf}`)),
	];
}

const CANDIDATES = [
	{title: "From", main: true, cell: (c) => c.imported_from ? `${c.from} (RD ${c.imported_from.rd}${c.imported_from.leaked ? ", leaked" : ""})` : c.from ?? "-"},
	{title: "State", cell: (c) => c.best ? badge("best", "up") : badge("not best", "held")},
	{title: "Next hop", cell: (c) => c.next_hop ?? "-"},
	{title: "Label", number: true, cell: (c) => c.label === null ? "-" : String(c.label)},
	{title: "AS path", long: true, cell: (c) => c.as_path || "-"},
	{title: "Preference", number: true, cell: (c) => c.local_pref === null ? "-" : number(c.local_pref)},
	{title: "MED", number: true, cell: (c) => c.med === null ? "-" : number(c.med)},
	{title: "Route targets", cell: (c) => c.route_targets.join(", ") || "-"},
	{title: "RPKI", cell: (c) => c.rpki ? `${c.rpki.rov ?? "not asked"}, ASPA ${c.rpki.aspa ?? "not asked"}` : "-"},
	{title: "Import", long: true, cell: imported},
	{title: "Why", long: true, cell: lost},
];

function lost(c) {
	return c.best ? "it is the best" : c.lost?.text || c.why || "-";
}

// What the neighbor's import chain made of it: the rule that decided, if one did.
function imported(c) {
	const chain = c.import_chain, last = chain?.programs.at(-1), rule = last?.rules.find((r) => r.matched && r.action);

	if (!chain)
		return "-";
	return `${chain.accept ? "accepted" : `rejected: ${words(chain.reason)}`}${last ? `, ${last.program} ${last.by_default ? "by default" : rule?.rule ?? ""}`.trimEnd() : ""}`;
}

const TOLD = [
	{title: "Neighbor", main: true, sort: (n) => n.neighbor, cell: (n) => el("a", {href: `#/sessions/${encodeURIComponent(n.neighbor)}`}, n.neighbor)},
	{title: "Told", sort: (n) => n.told, cell: (n) => n.told ? badge("yes", "up") : badge("no", "held")},
	{title: "Why not, or which", cell: (n) => n.told ? n.paths.map((p) => `of ${p.from}${p.edited ? ", edited" : ""}`).join("; ") || "-" : n.why ?? "-"},
];

function explained(table) {
	const candidates = new Table(`Candidates, decided by: ${table.decided}`, CANDIDATES, (c) => JSON.stringify(c), {sorted: -1, empty: "no candidates"});
	const told = new Table("Who was told", TOLD, (n) => n.neighbor, {empty: "nobody is to be told"});

	candidates.show(table.candidates);
	told.show(table.neighbors);
	return el("section", null,
		el("h2", null, table.vrf ? `In VRF ${table.vrf}` : table.rd ? `VPN-IPv4, RD ${table.rd}` : "IPv4 of the core"),
		facts([["VRF's label", table.vrf_label ? `${table.vrf_label.label ?? "none"} (${table.vrf_label.state})` : null],
			["Kernel", table.kernel ? table.kernel.installed ? table.kernel.as : "no route" : null],
			["Imported into", table.imported_into.map((i) => `${i.vrf}${i.best ? "" : " (not best)"}`).join(", ")],
			["Left out", table.left_out ? `${number(table.left_out)} candidates` : null]]),
		candidates.element, told.element);
}

function elsewhere(answer) {
	const there = answer.vrfs.map((vrf) => el("a", {href: address("route", {prefix: answer.prefix, vrf})}, `VRF ${vrf}`));
	const covering = answer.covering && el("a", {href: address("route", {prefix: answer.covering, vrf: answer.vrf})}, answer.covering);

	return [
		!answer.found && el("p", {class: "nothing"}, "There is no such route."),
		covering && el("p", null, "The longest prefix that covers it: ", covering),
		there.length > 0 && el("p", null, "Its way out, by VRF: ", there.flatMap((a, i) => i ? [", ", a] : [a])),
	].filter(Boolean);
}

export function open(at, live) {
	const prefix = at.parameters.get("prefix") ?? "", vrf = at.parameters.get("vrf");
	const content = el("div", {class: "content"});
	let said = "";

	live.every(3000, async (signal) => {
		const [answer, mpls] = await Promise.all([get("/v1/bgp/explain", {prefix, vrf}, signal), get("/v1/mpls", {}, signal)]);
		const ports = mpls.ports.map(({name, role, vrf: of, present}) => ({name, role, vrf: of, present}));
		const now = JSON.stringify([answer, ports]);
		if (now === said)
			return;
		said = now;
		content.replaceChildren(...elsewhere(answer),
			...(vrf && answer.found ? [el("section", {"aria-labelledby": "way"}, el("h2", {id: "way"}, "The way out"), walk(answer, ports))] : []),
			...answer.tables.map(explained));
	});
	return [el("p", {class: "back"}, el("a", {href: address("routes", {table: vrf ? `vrf ${vrf}` : "", q: prefix})}, "Routes")),
		el("h1", null, vrf ? `${prefix} in ${vrf}` : prefix), content];
}
