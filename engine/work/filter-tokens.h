// SPDX-License-Identifier: GPL-3.0-or-later
// The words and signs of a filter's text, one after the other. Any bytes are allowed; what is no token of the language
// is a token of its own, so that the parser can name it. For filter-parser.c.
#pragma once
#include <glib.h>

typedef enum {
  PCT_TOKEN_END,
  PCT_TOKEN_NUMBER,
  PCT_TOKEN_WORD,       // letters, digits, _; not one of the words below
  PCT_TOKEN_TEXT,       // with the quotation marks, " or ', around it
  PCT_TOKEN_OPEN, PCT_TOKEN_CLOSE,
  PCT_TOKEN_NOT, PCT_TOKEN_AND, PCT_TOKEN_OR,
  PCT_TOKEN_LESS, PCT_TOKEN_AT_MOST, PCT_TOKEN_MORE, PCT_TOKEN_AT_LEAST, PCT_TOKEN_EQUAL, PCT_TOKEN_UNEQUAL,
  PCT_TOKEN_PLUS, PCT_TOKEN_MINUS, PCT_TOKEN_TIMES, PCT_TOKEN_OVER,
  PCT_TOKEN_STRANGE,    // one character
} PctTokenKind;

typedef struct {
  PctTokenKind kind;
  const char *start;    // in the text
  gsize n_bytes;
  int position;         // of its first character, from 0; a byte that is no UTF-8 counts as one
  double value;         // of a number; may be infinite
} PctToken;

// The token after `before`, whose start is NULL for the first. At the end: PCT_TOKEN_END, again and again.
PctToken pct_token_next(const char *text, const PctToken *before);
// As a sentence shows it: in quotation marks, short, valid UTF-8; "the end" for PCT_TOKEN_END. Free with g_free.
char *pct_token_describe(const PctToken *token);
