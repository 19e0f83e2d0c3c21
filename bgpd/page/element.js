// Elements out of literals. All that comes from the API goes in as text nodes and attributes: nothing here reads markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
	for (const [name, value] of Object.entries(attributes ?? {})) {
		if (value === null || value === undefined || value === false)
			continue;
		if (name.startsWith("on"))
			node.addEventListener(name.slice(2), value);
		else
			node.setAttribute(name, value === true ? "" : value);
	}
	node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
	return node;
}

export function el(tag, attributes, ...children) {
	return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes, ...children) {
	return fill(document.createElementNS(SVG, tag), attributes, children);
}

export function badge(text, kind) {
	return el("span", {class: `badge ${kind}`}, text);
}

export function link(view, parameters, text) {
	return el("a", {href: address(view, parameters)}, text);
}

// "#/routes?table=vrf-a&q=10." of ("routes", {table: .., q: ..}); what is empty is left out.
export function address(view, parameters = {}) {
	const kept = Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined);
	const query = new URLSearchParams(kept).toString();

	return `#/${view}${query ? "?" + query : ""}`;
}

// Terms and what is said of them; rows whose value is null are left out.
export function facts(rows) {
	return el("dl", {class: "facts"}, rows.filter(([, value]) => value !== null && value !== undefined && value !== "")
		.map(([term, value]) => el("div", null, el("dt", null, term), el("dd", null, value))));
}

export function number(n) {
	return typeof n === "number" ? n.toLocaleString("en").replaceAll(",", "\u202f") : "-";
}

// 75 as "1 min", as short as a column.
export function duration(seconds) {
	const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
	const at = units.findIndex(([size]) => seconds >= size);

	if (at < 0)
		return "0 s";
	const [size, name] = units[at], whole = Math.floor(seconds / size);
	const rest = at + 1 < units.length ? Math.floor((seconds % size) / units[at + 1][0]) : 0;
	return rest && at < 2 ? `${whole} ${name} ${rest} ${units[at + 1][1]}` : `${whole} ${name}`;
}

// 2023-11-14T22:13:20.123Z as 22:13:20.123 with the whole of it behind.
export function time(text) {
	return el("time", {datetime: text, title: text}, /T(.*)Z$/.exec(text)?.[1] ?? text);
}

// A reason's name as words.
export function words(name) {
	return name.replaceAll("_", " ");
}
