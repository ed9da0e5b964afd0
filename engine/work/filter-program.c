// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/filter-program.h"
#include <math.h>
#include <string.h>

// Rows at a time: the whole stack of them stays in the cache.
#define BLOCK 128

// How much higher the stack stands after an operation.
static int
get_growth(PctFilterOperation operation)
{
  switch (operation) {
  case PCT_FILTER_NUMBER:
  case PCT_FILTER_COLUMN:
  case PCT_FILTER_KEEP: return 1;
  case PCT_FILTER_SWAP:
  case PCT_FILTER_NEGATE:
  case PCT_FILTER_NOT: return 0;
  default: return -1;
  }
}

void
pct_filter_program_init(PctFilterProgram *program)
{
  *program = (PctFilterProgram){ .steps = g_array_new(FALSE, FALSE, sizeof(PctFilterStep)) };
}

void
pct_filter_program_clear(PctFilterProgram *program)
{
  g_clear_pointer(&program->steps, g_array_unref);
}

void
pct_filter_program_add(PctFilterProgram *program, PctFilterStep step)
{
  g_array_append_val(program->steps, step);
  if (step.operation == PCT_FILTER_COLUMN)
    program->columns |= G_GUINT64_CONSTANT(1) << step.column;
  program->height += get_growth(step.operation);
  program->highest = MAX(program->highest, program->height);
}

#define EACH(expression)          \
  for (int k = 0; k < n; k++)     \
    a[k] = (expression);          \
  break

// a op b into a, (n,) each. NAN makes every comparison false, so unequal is said by less or more.
static void
combine(PctFilterOperation operation, double *a, const double *b, int n)
{
  switch (operation) {
  case PCT_FILTER_LESS: EACH(a[k] < b[k]);
  case PCT_FILTER_AT_MOST: EACH(a[k] <= b[k]);
  case PCT_FILTER_MORE: EACH(a[k] > b[k]);
  case PCT_FILTER_AT_LEAST: EACH(a[k] >= b[k]);
  case PCT_FILTER_EQUAL: EACH(a[k] == b[k]);
  case PCT_FILTER_UNEQUAL: EACH(a[k] < b[k] || a[k] > b[k]);
  case PCT_FILTER_ADD: EACH(a[k] + b[k]);
  case PCT_FILTER_SUBTRACT: EACH(a[k] - b[k]);
  case PCT_FILTER_MULTIPLY: EACH(a[k] * b[k]);
  case PCT_FILTER_DIVIDE: EACH(a[k] / b[k]);
  case PCT_FILTER_AND: EACH(a[k] * b[k]);
  case PCT_FILTER_OR: EACH(MAX(a[k], b[k]));
  default: g_assert_not_reached();
  }
}

static void
swap(double *a, double *b, int n)
{
  for (int k = 0; k < n; k++) {
    double kept = a[k];
    a[k] = b[k];
    b[k] = kept;
  }
}

// One step on the stack of blocks whose first free one is top. Returns the new top.
static double *
take_step(const PctFilterStep *step, const double *const *columns, int first, int n, double *top)
{
  double *a = top - BLOCK;
  switch (step->operation) {
  case PCT_FILTER_NUMBER:
    for (int k = 0; k < n; k++)
      top[k] = step->value;
    return top + BLOCK;
  case PCT_FILTER_COLUMN:
    for (int k = 0; k < n; k++)
      top[k] = columns[step->column] ? columns[step->column][first + k] : NAN;
    return top + BLOCK;
  case PCT_FILTER_NEGATE:
    for (int k = 0; k < n; k++)
      a[k] = -a[k];
    return top;
  case PCT_FILTER_NOT:
    for (int k = 0; k < n; k++)
      a[k] = a[k] == 0;
    return top;
  case PCT_FILTER_KEEP:
    memcpy(top, a, BLOCK * sizeof(double));
    swap(a - BLOCK, a, n);
    return top + BLOCK;
  case PCT_FILTER_SWAP: swap(a - BLOCK, a, n); return top;
  case PCT_FILTER_JOIN: combine(PCT_FILTER_AND, a - 2 * BLOCK, a, n); return a;
  default:
    combine(step->operation, a - BLOCK, a, n);
    return a;
  }
}

int
pct_filter_program_run(const PctFilterProgram *program, const double *const *columns, int n, guint8 *pass)
{
  g_autofree double *stack = g_new0(double, (gsize)program->highest * BLOCK);
  int n_passing = 0;
  for (int first = 0; first < n; first += BLOCK) {
    int n_here = MIN(BLOCK, n - first);
    double *top = stack;
    for (guint i = 0; i < program->steps->len; i++)
      top = take_step(&g_array_index(program->steps, PctFilterStep, i), columns, first, n_here, top);
    for (int k = 0; k < n_here; k++) {
      pass[first + k] = stack[k] != 0;
      n_passing += pass[first + k];
    }
  }
  return n_passing;
}
