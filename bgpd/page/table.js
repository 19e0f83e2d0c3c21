// A table that is told its rows again and again: rows that did not change stay, so focus and what is selected stay too.
//
// On a phone a row is a card, which takes a table's roles away: they are said.
//
// columns: [{title, cell: row => text or node, sort: row => value (none: it is not sorted by it), number: true, main: true,
//	long: text that may be broken anywhere}]
// options.said: the caption stands above already. key: row => what a row is known by.

import {el} from "./element.js";

export class Table {
	constructor(caption, columns, key, options = {}) {
		this.columns = columns;
		this.key = key;
		this.rows = [];
		this.kept = new Map();
		this.empty = options.empty ?? "nothing";
		this.sorted = options.sorted ?? columns.findIndex((c) => c.sort);
		this.down = options.down ?? false;
		this.onsort = options.onsort;
		this.heads = columns.map((c, i) => this.head(c, i));
		this.body = el("tbody", {role: "rowgroup"});
		this.nothing = el("p", {class: "nothing", hidden: true}, this.empty);
		this.element = el("div", {class: "table"},
			el("table", {role: "table"}, el("caption", {class: options.said ? "said" : null}, caption), el("thead", {role: "rowgroup"}, el("tr", {role: "row"}, this.heads)), this.body),
			this.nothing);
		this.mark();
	}

	head(column, i) {
		const order = () => {
			this.down = this.sorted === i ? !this.down : false;
			this.sorted = i;
			this.mark();
			this.show(this.rows);
			this.onsort?.(i, this.down);
		};

		return el("th", {scope: "col", role: "columnheader", class: column.number ? "number" : null},
			column.sort ? el("button", {type: "button", onclick: order}, column.title) : column.title);
	}

	mark() {
		this.heads.forEach((th, i) => {
			if (i === this.sorted)
				th.setAttribute("aria-sort", this.down ? "descending" : "ascending");
			else
				th.removeAttribute("aria-sort");
		});
	}

	order(rows) {
		const sort = this.columns[this.sorted]?.sort;

		if (!sort)
			return rows;
		const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b
			: String(a ?? "").localeCompare(String(b ?? ""), "en", {numeric: true});
		return [...rows].sort((a, b) => compare(sort(a), sort(b)) * (this.down ? -1 : 1));
	}

	row(row) {
		return el("tr", {role: "row"}, this.columns.map((c) => {
			const content = c.cell(row) ?? "-";
			return el(c.main ? "th" : "td", {scope: c.main ? "row" : null, role: c.main ? "rowheader" : "cell", class: c.number ? "number" : c.long ? "long" : null, "data-title": c.title}, content);
		}));
	}

	show(rows) {
		const next = new Map(), focused = document.activeElement;
		let again = null;

		this.rows = rows;
		for (const row of this.order(rows)) {
			const key = this.key(row), said = JSON.stringify(row), old = this.kept.get(key);
			const tr = old?.said === said ? old.tr : this.row(row);
			if (old && old.tr !== tr && old.tr.contains(focused))
				again = [tr, [...old.tr.querySelectorAll("a, button")].indexOf(focused)];
			next.set(key, {said, tr});
		}
		this.kept = next;
		const list = [...next.values()].map((k) => k.tr);
		if (list.length !== this.body.children.length || list.some((tr, i) => this.body.children[i] !== tr)) {
			const inside = this.body.contains(focused) ? focused : null;
			this.body.replaceChildren(...list);
			inside?.isConnected && inside.focus({preventScroll: true});
		}
		again?.[0].querySelectorAll("a, button")[again[1]]?.focus({preventScroll: true});
		this.nothing.hidden = rows.length > 0;
	}
}
