/* Where the nodes of a topology stand in a picture. */
#include "lab/layout.h"

#include <string.h>

#define SWEEPS 12

struct rows {
	const struct lab_topo *t;
	struct lab_layout *l;
	unsigned node[LAB_LAYOUT_ROWS][LAB_NODES_MAX];
	unsigned n[LAB_LAYOUT_ROWS];
	bool placed[LAB_NODES_MAX];
};

static void rows_fill(struct rows *r)
{
	static const enum lab_role order[LAB_LAYOUT_ROWS] = {LAB_ROLE_P, LAB_ROLE_PE, LAB_ROLE_CE};

	for (unsigned k = 0; k < LAB_LAYOUT_ROWS; k++) {
		unsigned row = r->l->n_rows;

		for (unsigned i = 0; i < r->t->n_nodes; i++) {
			if (r->t->nodes[i].role != order[k])
				continue;
			r->l->row[i] = row;
			r->l->column[i] = r->n[row];
			r->node[row][r->n[row]++] = i;
		}
		r->l->n_rows += r->n[row] > 0;
	}
}

/* The node at the other end of link i; -1: node is at neither end. */
static int link_other(const struct lab_topo *t, unsigned i, unsigned node)
{
	const struct lab_end *e = t->links[i].end;

	if (e[0].node == node)
		return (int)e[1].node;
	return e[1].node == node ? (int)e[0].node : -1;
}

/* The middle of the columns of what it is linked to in other rows; its own if nothing. */
static double rows_centre(const struct rows *r, unsigned node)
{
	double sum = 0;
	unsigned n = 0;

	for (unsigned i = 0; i < r->t->n_links; i++) {
		int other = link_other(r->t, i, node);
		unsigned of;

		if (other < 0 || r->l->row[other] == r->l->row[node])
			continue;
		/* rows of different lengths lie over each other, stretched */
		of = r->n[r->l->row[other]];
		sum += (r->l->column[other] + 0.5) / of;
		n++;
	}
	return n ? sum / n : (r->l->column[node] + 0.5) / r->n[r->l->row[node]];
}

/* By insertion, which leaves equals as they stand in the file. */
static void rows_sort(struct rows *r, unsigned row)
{
	double key[LAB_NODES_MAX];
	unsigned *node = r->node[row];

	for (unsigned i = 0; i < r->n[row]; i++) {
		double k = rows_centre(r, node[i]);
		unsigned moving = node[i], at = i;

		for (; at && key[at - 1] > k; at--) {
			key[at] = key[at - 1];
			node[at] = node[at - 1];
		}
		key[at] = k;
		node[at] = moving;
	}
	for (unsigned i = 0; i < r->n[row]; i++)
		r->l->column[node[i]] = i;
}

/* Each over the middle of what is placed already, then apart, then back over the middle of where they wanted to be. */
static void rows_place(struct rows *r, unsigned row)
{
	double want[LAB_NODES_MAX], x[LAB_NODES_MAX], shift = 0;

	for (unsigned i = 0; i < r->n[row]; i++) {
		double sum = 0;
		unsigned n = 0;

		for (unsigned k = 0; k < r->t->n_links; k++) {
			int other = link_other(r->t, k, r->node[row][i]);

			if (other < 0 || !r->placed[other])
				continue;
			sum += r->l->x[other];
			n++;
		}
		want[i] = n ? sum / n : i ? x[i - 1] + 1 : 0;
		x[i] = i && want[i] < x[i - 1] + 1 ? x[i - 1] + 1 : want[i];
		shift += (want[i] - x[i]) / r->n[row];
	}
	for (unsigned i = 0; i < r->n[row]; i++)
		r->l->x[r->node[row][i]] = x[i] + shift;
	for (unsigned i = 0; i < r->n[row]; i++)
		r->placed[r->node[row][i]] = true;
}

/* The widest row decides; the others follow, from there up and down. */
static void rows_across(struct rows *r)
{
	unsigned widest = 0;
	double least = 0, most = 0;

	for (unsigned row = 1; row < r->l->n_rows; row++)
		widest = r->n[row] >= r->n[widest] ? row : widest;
	for (unsigned i = 0; i < r->n[widest]; i++) {
		r->l->x[r->node[widest][i]] = i;
		r->placed[r->node[widest][i]] = true;
	}
	for (unsigned row = widest; row-- > 0;)
		rows_place(r, row);
	for (unsigned row = widest + 1; row < r->l->n_rows; row++)
		rows_place(r, row);
	for (unsigned i = 0; i < r->t->n_nodes; i++)
		least = r->l->x[i] < least ? r->l->x[i] : least;
	for (unsigned i = 0; i < r->t->n_nodes; i++) {
		r->l->x[i] -= least;
		most = r->l->x[i] > most ? r->l->x[i] : most;
	}
	r->l->width = most;
}

void lab_layout(const struct lab_topo *t, struct lab_layout *out)
{
	struct rows r = {.t = t, .l = out};

	*out = (struct lab_layout){0};
	rows_fill(&r);
	for (unsigned i = 0; i < SWEEPS; i++)
		for (unsigned row = 0; row < out->n_rows; row++)
			rows_sort(&r, i % 2 ? row : out->n_rows - 1 - row);
	rows_across(&r);
}
