// Which view is shown, and that it is kept up to date: #/VIEW[/NAME][?PARAMETERS].

import {began, follow, get, Gone, Refused, seen, watchLink} from "./api.js";
import {badge, duration, el} from "./element.js";
import * as events from "./events.js";
import * as guard from "./guard.js";
import * as overview from "./overview.js";
import * as route from "./route.js";
import * as routes from "./routes.js";
import * as sessions from "./sessions.js";
import * as topology from "./topology.js";
import * as vrfs from "./vrfs.js";

const VIEWS = {"": overview, sessions, vrfs, routes, route, guard, topology, events};
const main = document.getElementById("main"), about = document.getElementById("about"), unconfirmed = document.getElementById("unconfirmed");
const listeners = new Set();
let shown = null, version = null, since = null;

// What a view lives on: it ends when another one is shown.
class Live {
	constructor() {
		this.stop = new AbortController();
		this.timers = new Set();
		this.heard = new Set();
	}

	get signal() {
		return this.stop.signal;
	}

	// fn now, and again that long after it has ended. What it throws stands above the view until it succeeds.
	async every(ms, fn) {
		await seen(this.signal);
		await this.once(fn);
		if (!this.signal.aborted) {
			const timer = setTimeout(() => {
				this.timers.delete(timer);
				this.every(ms, fn);
			}, ms);
			this.timers.add(timer);
		}
	}

	async once(fn) {
		try {
			await fn(this.signal);
			if (!this.signal.aborted)
				this.trouble.textContent = "";
		} catch (error) {
			if (this.signal.aborted || error.name === "AbortError" || error instanceof Gone)
				return;
			if (!(error instanceof Refused))
				throw error;
			this.trouble.textContent = error.message;
		}
	}

	on(fn) {
		this.heard.add(fn);
		listeners.add(fn);
	}

	end() {
		this.stop.abort();
		this.timers.forEach(clearTimeout);
		this.heard.forEach((fn) => listeners.delete(fn));
	}
}

function place() {
	const [path, query = ""] = location.hash.replace(/^#\/?/, "").split(/\?(.*)/s);
	const [view, name = null] = path.split("/");

	return {view, name: name && decodeURIComponent(name), parameters: new URLSearchParams(query)};
}

// Changes the address without showing the view anew: what a control says is part of it.
export function remember(parameters) {
	const kept = [...Object.entries(parameters)].filter(([, value]) => value !== "" && value !== null && value !== undefined);
	const path = location.hash.split("?")[0] || "#/", query = new URLSearchParams(kept).toString();

	history.replaceState(null, "", path + (query ? "?" + query : ""));
}

function show() {
	const at = place(), view = VIEWS[at.view];
	const moved = shown !== null;

	shown?.end();
	shown = new Live();
	shown.trouble = el("p", {class: "trouble", role: "alert"});
	document.querySelectorAll("nav a").forEach((a) => {
		const own = a.getAttribute("href") === `#/${at.view === "route" ? "routes" : at.view}`;
		own ? a.setAttribute("aria-current", "page") : a.removeAttribute("aria-current");
	});
	main.replaceChildren();
	main.append(...(view ? view.open(at, shown, remember) : [el("h1", null, "There is no such view")]), shown.trouble);
	const title = main.querySelector("h1")?.textContent ?? "";
	document.title = `${title} – ${document.getElementById("router").textContent}`;
	if (moved) {
		main.focus({preventScroll: true});
		scrollTo(0, 0);
	}
}

watchLink((there) => {
	const link = document.getElementById("link"), text = there ? "connected" : "not connected";

	if (link.textContent !== text)
		link.replaceChildren(badge(text, there ? "up" : "down"));
	document.body.classList.toggle("stale", !there);
});

// Who this is, and whether what is in force will stay: asked again and again, for it may have been started anew.
async function name() {
	await seen();
	try {
		since = version ? since : await began();
		version ??= (await get("/v1/version")).version;
		const [summary, reload] = await Promise.all([get("/v1/bgp/summary"), get("/v1/reload")]), left = reload.unconfirmed_s;
		unconfirmed.textContent = left === null ? "" : `The last reload is taken back in ${left} s unless it is confirmed: ravelin confirm`;
		document.getElementById("router").textContent = summary.name;
		const up = since ? `, up ${duration(Math.max(0, Math.floor(Date.now() / 1000 - since)))}` : "";
		about.textContent = `AS ${summary.as}, ${summary.router_id}, ravelin ${version}${up}`;
	} catch {
		version = null;
	}
	setTimeout(name, version ? 3000 : 2000);
}

window.addEventListener("hashchange", show);
show();
name();
follow((event) => listeners.forEach((fn) => fn(event)));
