// What somebody wants to know who has just been woken up.

import {get} from "./api.js";
import {address, badge, el, number, time, words} from "./element.js";
import {sessionLink, stateKind, stateText} from "./sessions.js";
import {Drops} from "./drops.js";
import {eventText} from "./events.js";
import {Table} from "./table.js";

function card(title, href) {
	const big = el("p", {class: "big"}, "\u2026"), small = el("p", {class: "small"});

	return {big, small, element: el("section", {class: "card"}, el("h2", null, el("a", {href}, title)), big, small)};
}

const DOWN = [
	{title: "Neighbor", main: true, cell: sessionLink},
	{title: "State", cell: (p) => badge(stateText(p), stateKind(p))},
	{title: "VRF", cell: (p) => p.vrf ?? "core"},
	{title: "Last error", long: true, cell: (p) => p.reason || "-"},
];

function showSessions(sessions, down, peers) {
	const states = new Map();

	peers.forEach((p) => states.set(p.state, (states.get(p.state) ?? 0) + 1));
	sessions.big.textContent = `${states.get("Established") ?? 0} of ${peers.length}`;
	sessions.small.replaceChildren(...[...states].map(([state, n]) => badge(`${n} ${state}`, state === "Established" ? "up" : "down")));
	down.show(peers.filter((p) => p.state !== "Established"));
}

const dropped = new Drops(60000); // whatever view was shown in between

function showGuard(ports, drops, guard) {
	const last = dropped.add(guard), bad = guard.ports.filter((p) => p.state !== "open");

	ports.big.textContent = `${guard.totals.open} of ${guard.totals.ports} open`;
	ports.small.replaceChildren(...bad.slice(0, 8).map((p) => badge(`${p.name} ${p.state}`, p.state === "off" ? "held" : "warn")));
	drops.big.textContent = number(last.total);
	const most = Object.entries(last.reasons).sort((a, b) => b[1] - a[1]).slice(0, 3).map(([r, n]) => `${number(n)} ${words(r)}`);
	drops.small.textContent = [...most, last.seconds < 60 && `seen for ${last.seconds} s`].filter(Boolean).join(", ");
}

export function open(at, live) {
	const sessions = card("Sessions established", address("sessions")), vrfs = card("VRFs", address("vrfs"));
	const ports = card("Guarded ports", address("guard")), drops = card("Dropped in the last minute", address("guard"));
	const down = new Table("Sessions that are down", DOWN, (p) => `${p.vrf} ${p.address} ${p.name}`, {empty: "all sessions are established"});
	const list = el("ol", {class: "feed"});

	live.every(2000, async (signal) => {
		const [summary, guard, mpls] = await Promise.all(["/v1/bgp/summary", "/v1/guard", "/v1/mpls"].map((p) => get(p, {}, signal)));
		showSessions(sessions, down, summary.peers);
		showGuard(ports, drops, guard);
		const labels = mpls.labels.filter((l) => l.vrf), core = mpls.next_hops;
		vrfs.big.textContent = number(labels.length);
		vrfs.small.textContent = `${core.filter((h) => h.reachable).length} of ${core.length} next hops have transport`;
	});
	live.on((event) => {
		if (event.event.startsWith("route") || event.event === "guard_drop")
			return;
		list.prepend(el("li", null, event.time ? time(event.time) : "", " ", eventText(event)));
		while (list.children.length > 12)
			list.lastChild.remove();
	});
	return [el("h1", null, "Overview"), el("div", {class: "cards"}, [sessions, vrfs, ports, drops].map((c) => c.element)), down.element,
		el("section", null, el("h2", null, "What happened since this page was opened"), list)];
}
