// SPDX-License-Identifier: GPL-3.0-or-later
// The grammar that all filters share; which words there are is a language's own (neuron-filter.h, trial-filter.h).
//
//   condition: comparison | not condition | condition and condition | condition or condition | ( condition )
//   comparison: sum OP sum [OP sum ...], OP one of < <= > >= = == != ; 0.2 < x < 0.4 means both. Also !, &&, ||.
//   sum: numbers, the language's words, + - * /, unary minus, ( )
//   A word that stands for text is compared by = or != with a text in quotation marks, whose case matters.
//
// `not` binds tightest, then `and`, then `or`. A comparison with an unknown value (NAN) is false, != too. Words are read
// in any case. Whatever the text, parsing takes bounded time and stack.
#pragma once
#include "work/filter-program.h"

// Bytes a text may have, and parentheses, minuses and nots that may be open at once.
#define PCT_FILTER_LONGEST 4096
#define PCT_FILTER_DEEPEST 64

typedef struct {
  const char *operand;         // N_("a column or a number"): what is expected where a value begins
  const char *not_comparison;  // N_("a column or a number, not a comparison")
  // The step that pushes what a word, in any case of letters, stands for: a number, or a column. FALSE: there is none; then
  // *why may say so in a part of a sentence (g_malloc'ed, translated).
  gboolean (*find)(gconstpointer data, const char *word, PctFilterStep *step, char **why);
  // The texts of a column whose values number them from 0, NULL at the end; NULL: its values are numbers. May be NULL.
  char *const *(*get_texts)(gconstpointer data, int column);
  gconstpointer data;
} PctFilterLanguage;

// Adds what text means to a program that is empty. text: UTF-8, or anything at all; a blank one lets everything pass.
// FALSE with PCT_ERROR_FORMAT: one translated sentence with the place (characters from 1), what was expected and what
// was found. position (may be NULL): of the error, in characters from 0, for a cursor.
gboolean pct_filter_parse(PctFilterProgram *program, const PctFilterLanguage *language, const char *text, int *position,
                          GError **error);
