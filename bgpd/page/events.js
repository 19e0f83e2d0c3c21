// What happens, as it happens, and the last lines of the log.

import {get} from "./api.js";
import {badge, el, time} from "./element.js";

const KEPT = 200;
const KINDS = {neighbors: "Neighbors", routes: "Routes", drops: "Drops"};

export function eventKind(event) {
	return event.event === "guard_drop" ? "drops" : event.event.startsWith("route") ? "routes" : "neighbors";
}

// Its members as key=value, but for those that stand elsewhere.
export function eventText(event) {
	const rest = Object.entries(event).filter(([k, v]) => !["event", "time", "octets", "was"].includes(k) && v !== null && v !== "");

	return `${event.event} ${rest.map(([k, v]) => `${k}=${typeof v === "object" ? JSON.stringify(v) : v}`).join(" ")}`;
}

export function open(at, live, remember) {
	const hidden = new Set((at.parameters.get("without") ?? "").split(" ").filter((k) => k in KINDS));
	const list = el("ol", {class: "feed", id: "feed"}), log = el("pre", {class: "log", tabindex: "0", "aria-label": "The last lines of the log"});
	const mark = () => [...list.children].forEach((li) => {
		li.hidden = hidden.has(li.dataset.kind);
	});
	const boxes = Object.entries(KINDS).map(([kind, title]) => {
		const box = el("input", {type: "checkbox", id: `show-${kind}`, checked: !hidden.has(kind)});
		box.addEventListener("change", () => {
			box.checked ? hidden.delete(kind) : hidden.add(kind);
			remember({without: [...hidden].join(" ")});
			mark();
		});
		return el("span", {class: "choice"}, box, el("label", {for: `show-${kind}`}, title));
	});

	live.on((event) => {
		const kind = eventKind(event);
		const li = el("li", {"data-kind": kind}, event.time ? time(event.time) : "", " ", badge(kind, "held"), " ", eventText(event));
		li.hidden = hidden.has(kind);
		list.prepend(li);
		while (list.children.length > KEPT)
			list.lastChild.remove();
	});
	live.every(5000, async (signal) => {
		const {lines} = await get("/v1/log", {}, signal), text = lines.join("\n");
		if (log.textContent !== text)
			log.textContent = text;
	});
	return [el("h1", null, "Events"), el("div", {class: "controls", role: "group", "aria-label": "What is shown"}, boxes),
		el("section", null, el("h2", null, "Since this page was opened, newest first"), list), el("section", null, el("h2", null, "The last lines of the log"), log)];
}
