// Routes of one table, found by prefix, address, or whatever a row says. However many there are, no more are read than are shown.

import {get, rows} from "./api.js";
import {badge, el, link, number} from "./element.js";
import {Table} from "./table.js";

const PAGE = 100;	// rows shown
const LOOKED = 50000;	// rows read to find them

// What a table is called in the address: where it is asked for.
function source(table) {
	if (table.startsWith("vrf "))
		return {path: "/v1/bgp/vrf", query: {vrf: table.slice(4)}, vrf: table.slice(4)};
	const [way, name] = table.split(/ (.*)/s);
	if (way === "from" || way === "to")
		return {path: `/v1/bgp/neighbors/${way === "from" ? "received" : "advertised"}`, query: {name}, vrf: null, deep: 5};
	return {path: {ipv4: "/v1/bgp/ipv4", rejected: "/v1/bgp/rejected"}[table] ?? "/v1/bgp/vpnv4", query: {}, vrf: null};
}

function bits(address) {
	const octets = address.split(".");

	if (octets.length !== 4 || octets.some((o) => !/^\d{1,3}$/.test(o) || Number(o) > 255))
		return null;
	return octets.reduce((n, o) => n * 256 + Number(o), 0);
}

function covers(prefix, address) {
	const [network, length] = prefix.split("/"), size = 2 ** (32 - Number(length)), at = bits(network);

	return at !== null && address >= at && address < at + size;
}

// What the text means: {prefix}, which the router finds, or {wanted}, which is looked for row by row.
export function meaning(text) {
	const [network, length, ...more] = text.split("/");

	if (!text)
		return {wanted: () => true};
	if (bits(network) !== null && /^\d{1,2}$/.test(length ?? "") && Number(length) <= 32 && !more.length)
		return {prefix: text};
	if (bits(text) !== null)
		return {address: text, wanted: (r) => covers(r.prefix, bits(text))};
	if (/^[\d.]+$/.test(text) && text.includes("."))
		return {wanted: (r) => r.prefix.startsWith(text)};
	const low = text.toLowerCase();
	return {wanted: (r) => [r.prefix, r.next_hop, r.rd, r.from, String(r.label ?? ""), ...(r.route_targets ?? []), ...r.as_path.split(" ")]
		.some((v) => v && v.toLowerCase().startsWith(low))};
}

function routeLink(r, vrf) {
	return link("route", {prefix: r.prefix, vrf: vrf || r.imported_into?.[0]}, r.prefix);
}

function columns(table, within) {
	const at = source(table), vrf = at.vrf ?? within, rejected = table === "rejected", to = table.startsWith("to ");

	return [
		(table === "vpnv4" || (at.deep && !within)) && {title: "RD", cell: (r) => r.rd ?? "-"},
		{title: "Prefix", main: true, cell: (r) => routeLink(r, vrf)},
		{title: "Next hop", cell: (r) => r.next_hop ?? "-"},
		!rejected && table !== "ipv4" && {title: "Label", number: true, cell: (r) => r.label === null ? "-" : String(r.label)},
		{title: "AS path", long: true, cell: (r) => r.as_path || "-"},
		{title: "From", cell: (r) => r.from ?? "-"},
		to && {title: "State", cell: (r) => r.on_its_way ? badge("on its way", "warn") : badge("sent", "up")},
		!rejected && !to && {title: "State", cell: (r) => r.best ? badge("best", "up") : r.reachable === false ? badge("unreachable", "down") : badge("not best", "held")},
		!to && {title: "Why", cell: (r) => (rejected ? r.reason ?? r.why : r.why) ?? "-"},
		table === "vpnv4" && {title: "In", cell: (r) => r.imported_into.length ? r.imported_into.join(", ") : "-"},
	].filter(Boolean);
}

// In a VRF or the core the router knows which prefix an address has; over all RDs the rows are looked at.
async function longest(at, address, signal) {
	if (at.path !== "/v1/bgp/vrf" && at.path !== "/v1/bgp/ipv4")
		return null;
	const said = await get("/v1/bgp/explain", {prefix: `${address}/32`, vrf: at.vrf}, signal);
	return said.found ? said.prefix : said.covering;
}

// {rows, looked, more}
async function find(said, signal) {
	const at = source(said.table), means = meaning(said.q.trim());
	const prefix = means.prefix ?? (means.address && await longest(at, means.address, signal));
	const from = said.from.trim().toLowerCase(), skip = said.page * PAGE;
	let passed = 0;
	const wanted = (r) => (prefix || means.wanted(r)) && (!from || (r.from ?? "").toLowerCase().includes(from)) && passed++ >= skip;

	return rows(at.path, {...at.query, prefix}, wanted, PAGE, LOOKED, signal, at.deep);
}

function says(found, page) {
	const first = page * PAGE + 1, last = page * PAGE + found.rows.length;

	if (!found.rows.length)
		return found.more ? `none of the first ${number(found.looked)} routes; say the whole prefix` : "no such route";
	if (!found.more)
		return `${number(first)} to ${number(last)} of ${number(last)}`;
	return found.rows.length < PAGE ? `${number(first)} to ${number(last)} of the first ${number(found.looked)} routes; there are more: say the whole prefix`
		: `${number(first)} to ${number(last)}; there are more, which were not read`;
}

async function tables(select, signal) {
	const [mpls, summary] = await Promise.all(["/v1/mpls", "/v1/bgp/summary"].map((p) => get(p, {}, signal)));
	const names = new Set([...mpls.labels, ...mpls.ports, ...summary.peers].map((o) => o.vrf).filter(Boolean));
	const chosen = select.value;

	for (const name of [...names].sort())
		if (![...select.options].some((o) => o.value === `vrf ${name}`))
			select.append(el("option", {value: `vrf ${name}`}, `VRF ${name}`));
	select.value = chosen;
}

function controls(said, changed) {
	const table = el("select", {id: "table"}, [["vpnv4", "VPN-IPv4, all VRFs"], ["ipv4", "IPv4 of the core"], ["rejected", "IPv4 that was rejected"]]
		.map(([value, text]) => el("option", {value}, text)));
	const q = el("input", {type: "search", id: "q", value: said.q, autocomplete: "off", spellcheck: "false", placeholder: "192.0.2.0/24 or 192.0.2.1"});
	const from = el("input", {type: "search", id: "from", value: said.from, autocomplete: "off", spellcheck: "false"});

	if (![...table.options].some((o) => o.value === said.table))
		table.append(el("option", {value: said.table}, said.table.replace(/^vrf /, "VRF ").replace(/^from /, "Told by ").replace(/^to /, "Told to ")));
	table.value = said.table;
	table.addEventListener("change", () => changed({table: table.value, within: ""}));
	q.addEventListener("input", () => changed({q: q.value}));
	from.addEventListener("input", () => changed({from: from.value}));
	return {table, element: el("form", {class: "controls", role: "search", onsubmit: (e) => e.preventDefault()},
		el("label", {for: "table"}, "Table"), table, el("label", {for: "q"}, "Prefix, address"), q, el("label", {for: "from"}, "Neighbor"), from)};
}

export function open(at, live, remember) {
	const p = at.parameters, said = {table: p.get("table") ?? "vpnv4", within: p.get("vrf") ?? "", q: p.get("q") ?? "", from: p.get("from") ?? "", page: Number(p.get("page") ?? 0) || 0};
	const count = el("p", {role: "status", class: "count"}), place = el("div", {class: "content"});
	const before = el("button", {type: "button", onclick: () => change({page: said.page - 1})}, "Before");
	const next = el("button", {type: "button", onclick: () => change({page: said.page + 1})}, "Next");
	let asked = null, table = null, shown = null;

	const look = async () => {
		asked?.abort();
		asked = new AbortController();
		const own = asked, both = AbortSignal.any([own.signal, live.signal]);
		await live.once(async () => {
			count.textContent = "looking\u2026";
			const found = await find(said, both).catch((error) => {
				if (own === asked)
					count.textContent = "";
				throw error;
			});
			if (own !== asked || live.signal.aborted)
				return;
			if (shown !== said.table) {
				table = new Table("Routes", columns(said.table, said.within), (r) => [r.rd, r.prefix, r.from, r.path_id, r.next_hop, r.label].join(" "), {sorted: -1, empty: "no such route", said: true});
				place.replaceChildren(table.element);
				shown = said.table;
			}
			table.show(found.rows);
			count.textContent = says(found, said.page);
			before.hidden = said.page === 0;
			next.hidden = !(found.more && found.rows.length === PAGE);
		});
	};
	let timer = null;
	const change = (what) => {
		Object.assign(said, "page" in what ? what : {...what, page: 0});
		remember({table: said.table === "vpnv4" ? "" : said.table, vrf: said.within, q: said.q, from: said.from, page: said.page || ""});
		clearTimeout(timer);
		timer = setTimeout(look, "q" in what || "from" in what ? 150 : 0);
	};
	const form = controls(said, change);

	before.hidden = next.hidden = true;
	live.once((signal) => tables(form.table, signal));
	live.once(look);
	return [el("h1", null, "Routes"), form.element, el("div", {class: "controls"}, count, before, next), place];
}
