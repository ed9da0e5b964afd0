// SPDX-License-Identifier: GPL-3.0-or-later
// A parsed filter: operations on a stack, in the order in which they are done. A condition is 1 or 0, unknown is NAN.
// Invariant: no operation finds too few values, and one is left at the end. Written by filter-parser.h.
#pragma once
#include <glib.h>

typedef enum {
  PCT_FILTER_NUMBER,   // pushes value
  PCT_FILTER_COLUMN,   // pushes that column
  PCT_FILTER_LESS, PCT_FILTER_AT_MOST, PCT_FILTER_MORE, PCT_FILTER_AT_LEAST, PCT_FILTER_EQUAL, PCT_FILTER_UNEQUAL,
  PCT_FILTER_ADD, PCT_FILTER_SUBTRACT, PCT_FILTER_MULTIPLY, PCT_FILTER_DIVIDE,
  PCT_FILTER_AND, PCT_FILTER_OR,
  PCT_FILTER_NEGATE, PCT_FILTER_NOT,
  // For a chain of comparisons, which uses its middle values twice:
  PCT_FILTER_KEEP,     // a b -> b a b
  PCT_FILTER_SWAP,     // a b -> b a
  PCT_FILTER_JOIN,     // a b c -> (a and c) b
} PctFilterOperation;

typedef struct {
  PctFilterOperation operation;
  int column;          // 0 .. 63
  double value;
} PctFilterStep;

typedef struct {
  GArray *steps;       // PctFilterStep
  guint64 columns;     // that it pushes, a bit each
  int height, highest; // of the stack, after the last step and at most
} PctFilterProgram;

void pct_filter_program_init(PctFilterProgram *program);
void pct_filter_program_clear(PctFilterProgram *program);
void pct_filter_program_add(PctFilterProgram *program, PctFilterStep step);
// pass (n,): whether the value left is not 0. Returns how many are. columns (as many as there are columns) of (n,) each;
// NULL: unknown everywhere.
int pct_filter_program_run(const PctFilterProgram *program, const double *const *columns, int n, guint8 *pass);
