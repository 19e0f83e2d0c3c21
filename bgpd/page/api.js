// What is asked of the daemon, and how it is known whether it is there.

export class Refused extends Error {} // it answered, and said no
export class Gone extends Error {} // nobody answered, or not the daemon

let answered = () => {}; // (true: it answered, false: it cannot be reached)

export function watchLink(fn) {
	answered = fn;
}

// null and "" are left out of the query.
function target(path, query = {}) {
	const kept = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");

	return path + (kept.length ? "?" + kept.map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join("&") : "");
}

// Why, of {"error": why}.
function said(text) {
	try {
		return JSON.parse(text).error;
	} catch {
		return null;
	}
}

export async function ask(path, query, signal) {
	const response = await fetch(target(path, query), {signal, cache: "no-store"}).catch((error) => {
		if (signal?.aborted)
			throw error;
		answered(false);
		throw new Gone(error.message);
	});

	if (!response.ok) {
		const text = await response.text().catch(() => "");
		// `ravelin web` says these where there is no daemon behind it, or it is another one than this page came from
		if ([403, 502, 504].includes(response.status)) {
			answered(false);
			throw response.status === 403 ? new Refused(text) : new Gone(text);
		}
		throw new Refused(said(text) ?? `the router says ${response.status}`);
	}
	answered(true);
	return response;
}

export async function get(path, query, signal) {
	return (await ask(path, query, signal)).json();
}

// When the daemon began, in seconds since 1970, out of its metrics, which begin with what is of the process; null: it does not say.
export async function began() {
	const stop = new AbortController(), reader = (await ask("/metrics", {}, stop.signal)).body.pipeThrough(new TextDecoderStream()).getReader();
	let text = "", found = null;

	for (let piece = {}; !found && !piece.done; found = /^ravelin_start_time_seconds (\d+)\n/m.exec(text)) {
		piece = await reader.read();
		text += piece.value ?? "";
	}
	reader.cancel().catch(() => {});
	stop.abort();
	return found && Number(found[1]);
}

// The objects that deep in a stream of JSON, as they come: the rest of a long answer is never held.
class Objects {
	constructor(deep) {
		this.deep = deep;
		this.text = "";
		this.at = 0;
		this.depth = 0;
		this.quoted = false;
		this.escaped = false;
		this.begin = -1;
	}

	take(piece) {
		const found = [];

		this.text += piece;
		for (; this.at < this.text.length; this.at++) {
			const c = this.text[this.at];
			if (this.escaped)
				this.escaped = false;
			else if (this.quoted)
				c === "\\" ? (this.escaped = true) : c === "\"" && (this.quoted = false);
			else if (c === "\"")
				this.quoted = true;
			else if (c === "{" || c === "[")
				++this.depth === this.deep && (this.begin = this.at);
			else if ((c === "}" || c === "]") && --this.depth === this.deep - 1 && this.begin >= 0)
				found.push(this.cut());
		}
		return found;
	}

	cut() {
		const object = JSON.parse(this.text.slice(this.begin, this.at + 1));

		this.text = this.text.slice(this.at + 1);
		this.at = this.begin = -1;
		return object;
	}
}

// Rows that wanted(row) takes, at most `most`; reading stops there, and after `looked` rows. {rows, looked, more}
// deep: 3 of {"routes": [{..}]}, 5 of {"tables": [{"routes": [{..}]}]}.
export async function rows(path, query, wanted, most, looked, signal, deep = 3) {
	const stop = new AbortController(), either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
	const reader = (await ask(path, query, either)).body.pipeThrough(new TextDecoderStream()).getReader();
	const objects = new Objects(deep), out = {rows: [], looked: 0, more: false};

	for (;;) {
		const {done, value} = await reader.read();
		if (done)
			return out;
		for (const row of objects.take(value)) {
			if (out.looked === looked || out.rows.length === most) {
				out.more = true;
				stop.abort();
				reader.cancel().catch(() => {});
				return out;
			}
			out.looked++;
			if (wanted(row))
				out.rows.push(row);
		}
	}
}

// A page that nobody looks at asks nothing: a browser has but six connections to a router, over all of its tabs.
export function seen(signal) {
	return new Promise((resolve) => {
		const look = () => {
			if (document.hidden && !signal?.aborted)
				return;
			document.removeEventListener("visibilitychange", look);
			resolve();
		};
		document.addEventListener("visibilitychange", look);
		look();
	});
}

const SILENCE_MS = 10000; // the daemon says every three seconds that it is there
const AGAIN_MS = [500, 1000, 2000, 4000];

// Calls fn with each event, for as long as the page is there; a stream that ends or falls silent is asked for again.
export async function follow(fn) {
	for (let failures = 0;; failures++) {
		await seen();
		const stop = new AbortController(), hide = () => document.hidden && stop.abort();
		let timer = setTimeout(() => stop.abort(), SILENCE_MS), rest = "", refused = false;

		document.addEventListener("visibilitychange", hide);
		try {
			const response = await ask("/v1/events", {}, stop.signal);
			const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
			for (;;) {
				const {done, value} = await reader.read();
				if (done)
					break;
				clearTimeout(timer);
				timer = setTimeout(() => stop.abort(), SILENCE_MS);
				failures = 0;
				answered(true);
				const lines = (rest + value).split("\n");
				rest = lines.pop();
				lines.filter((line) => line).forEach((line) => fn(JSON.parse(line)));
			}
		} catch (error) {
			refused = error instanceof Refused; // as by a daemon that tells enough others
			if (error instanceof SyntaxError)
				console.error("an event that is not JSON:", error.message);
		}
		clearTimeout(timer);
		document.removeEventListener("visibilitychange", hide);
		if (document.hidden)
			continue;
		if (!refused)
			answered(false);
		const wait = AGAIN_MS[Math.min(failures, AGAIN_MS.length - 1)];
		await new Promise((resolve) => setTimeout(resolve, wait));
	}
}
