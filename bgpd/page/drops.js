// How many packets were dropped within a span, out of counters that only grow (and begin again when the daemon does).

export function sum(packets) {
	return Object.entries(packets).reduce((n, [reason, count]) => reason === "passed" ? n : n + count, 0);
}

// Each reason's count, over ports that the configuration knows and that it does not.
function all(guard) {
	const reasons = {};

	for (const packets of [guard.totals.packets, ...guard.unknown.map((u) => u.packets)])
		for (const [reason, n] of Object.entries(packets))
			if (reason !== "passed")
				reasons[reason] = (reasons[reason] ?? 0) + n;
	return reasons;
}

export class Drops {
	constructor(span) {
		this.span = span;
		this.seen = []; // {at, reasons}
	}

	// {seconds, total, reasons} of the span, or of as much of it as was seen.
	add(guard) {
		const at = performance.now(), reasons = all(guard), last = this.seen.at(-1);

		if (last && Object.entries(last.reasons).some(([r, n]) => (reasons[r] ?? 0) < n))
			this.seen = [{at, reasons: {}}];
		this.seen.push({at, reasons});
		while (this.seen.length > 2 && this.seen[1].at <= at - this.span)
			this.seen.shift();
		const first = this.seen[0].reasons;
		const grown = Object.entries(reasons).map(([r, n]) => [r, n - (first[r] ?? 0)]).filter(([, n]) => n > 0);
		return {seconds: Math.min(this.span, Math.round(at - this.seen[0].at)) / 1000 | 0, total: grown.reduce((n, [, k]) => n + k, 0), reasons: Object.fromEntries(grown)};
	}
}
