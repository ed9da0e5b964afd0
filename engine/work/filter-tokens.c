// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/filter-tokens.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define LONGEST_SHOWN 24

// Longer signs before those that they begin with.
static const struct {
  const char *text;
  PctTokenKind kind;
} signs[] = {
  { "<=", PCT_TOKEN_AT_MOST },  { ">=", PCT_TOKEN_AT_LEAST }, { "==", PCT_TOKEN_EQUAL }, { "!=", PCT_TOKEN_UNEQUAL },
  { "<>", PCT_TOKEN_UNEQUAL },  { "&&", PCT_TOKEN_AND },      { "||", PCT_TOKEN_OR },    { "≤", PCT_TOKEN_AT_MOST },
  { "≥", PCT_TOKEN_AT_LEAST },  { "≠", PCT_TOKEN_UNEQUAL },   { "−", PCT_TOKEN_MINUS },  { "<", PCT_TOKEN_LESS },
  { ">", PCT_TOKEN_MORE },      { "=", PCT_TOKEN_EQUAL },     { "!", PCT_TOKEN_NOT },    { "(", PCT_TOKEN_OPEN },
  { ")", PCT_TOKEN_CLOSE },     { "+", PCT_TOKEN_PLUS },      { "-", PCT_TOKEN_MINUS },  { "*", PCT_TOKEN_TIMES },
  { "/", PCT_TOKEN_OVER },
};

static const struct {
  const char *text;
  PctTokenKind kind;
} words[] = { { "and", PCT_TOKEN_AND }, { "or", PCT_TOKEN_OR }, { "not", PCT_TOKEN_NOT } };

// Bytes of the character at p, which is not the end.
static gsize
character_size(const char *p)
{
  return g_utf8_get_char_validated(p, -1) < (gunichar)-2 ? (gsize)(g_utf8_next_char(p) - p) : 1;
}

static int
count_characters(const char *start, const char *end)
{
  int n = 0;
  for (const char *p = start; p < end; p += character_size(p))
    n++;
  return n;
}

static gsize
digits_size(const char *p)
{
  gsize n = 0;
  while (g_ascii_isdigit(p[n]))
    n++;
  return n;
}

// Digits with at most one point, and an exponent if it is whole; 0 if there is no number. Not strtod's idea of one,
// which takes "inf", "nan" and "0x".
static gsize
number_size(const char *p)
{
  gsize n = digits_size(p), n_digits = n;
  if (p[n] == '.') {
    n_digits += digits_size(p + n + 1);
    n += 1 + digits_size(p + n + 1);
  }
  if (n_digits == 0)
    return 0;
  if (p[n] == 'e' || p[n] == 'E') {
    gsize sign = p[n + 1] == '+' || p[n + 1] == '-', exponent = digits_size(p + n + 1 + sign);
    if (exponent > 0)
      n += 1 + sign + exponent;
  }
  return n;
}

static gsize
word_size(const char *p)
{
  gsize n = 0;
  while (g_ascii_isalpha(p[n]) || p[n] == '_' || (n > 0 && g_ascii_isdigit(p[n])))
    n++;
  return n;
}

// Up to the mark that it began with; 0: there is no such. No mark can be in it.
static gsize
text_size(const char *p)
{
  const char *end = *p == '"' || *p == '\'' ? strchr(p + 1, *p) : NULL;
  return end ? (gsize)(end + 1 - p) : 0;
}

PctToken
pct_token_next(const char *text, const PctToken *before)
{
  const char *from = before->start ? before->start + before->n_bytes : text, *p = from;
  while (g_ascii_isspace(*p))
    p++;
  PctToken token = { .kind = PCT_TOKEN_STRANGE, .start = p };
  token.position = before->start ? before->position + count_characters(before->start, p) : (int)(p - from);
  if (!*p) {
    token.kind = PCT_TOKEN_END;
    return token;
  }
  if ((token.n_bytes = number_size(p)) > 0) {
    g_autofree char *copy = g_strndup(p, token.n_bytes);
    token.kind = PCT_TOKEN_NUMBER;
    token.value = g_ascii_strtod(copy, NULL);
    return token;
  }
  if ((token.n_bytes = word_size(p)) > 0) {
    token.kind = PCT_TOKEN_WORD;
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
      if (strlen(words[i].text) == token.n_bytes && g_ascii_strncasecmp(words[i].text, p, token.n_bytes) == 0)
        token.kind = words[i].kind;
    return token;
  }
  if ((token.n_bytes = text_size(p)) > 0) {
    token.kind = PCT_TOKEN_TEXT;
    return token;
  }
  token.n_bytes = character_size(p);
  for (guint i = 0; i < G_N_ELEMENTS(signs); i++)
    if (g_str_has_prefix(p, signs[i].text)) {
      token.kind = signs[i].kind;
      token.n_bytes = strlen(signs[i].text);
      break;
    }
  return token;
}

char *
pct_token_describe(const PctToken *token)
{
  if (token->kind == PCT_TOKEN_END)
    return g_strdup(_("the end"));
  gboolean whole = token->n_bytes <= LONGEST_SHOWN;
  g_autofree char *bytes = g_strndup(token->start, MIN(token->n_bytes, LONGEST_SHOWN));
  g_autofree char *text = g_utf8_make_valid(bytes, -1);
  // A control character would not show, or do worse.
  for (char *p = text; *p; p++)
    if (g_ascii_iscntrl(*p))
      *p = '?';
  return g_strdup_printf(whole ? _("“%s”") : _("“%s…”"), text);
}
