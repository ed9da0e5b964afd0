// SPDX-License-Identifier: GPL-3.0-or-later
// A precedence climber over two kinds of value, numbers and conditions. Every operator says which kind it wants, so that
// parentheses may hold either and a wrong one is told where it stands. What is open at once is counted, so the recursion
// is as deep as PCT_FILTER_DEEPEST allows, whatever the text.
#include "config.h"
#include "work/filter-parser.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "work/filter-tokens.h"

// Texts that a sentence lists.
#define MOST_LISTED 12
#define LONGEST_LIST 120  // bytes, but for the last

typedef enum { NUMBER, CONDITION } Kind;

// How tightly an operator binds.
enum { OR = 1, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN };

typedef struct {
  const char *text;
  PctToken token;     // the one to be read next
  int depth;
  const PctFilterLanguage *language;
  PctFilterProgram *program;
  GError **error;     // set at most once
  int error_position;
} Parser;

static void
advance(Parser *parser)
{
  parser->token = pct_token_next(parser->text, &parser->token);
}

static void
emit(Parser *parser, PctFilterOperation operation)
{
  pct_filter_program_add(parser->program, (PctFilterStep){ .operation = operation });
}

static gboolean
refuse(Parser *parser, const char *expected)
{
  g_autofree char *found = pct_token_describe(&parser->token);
  g_set_error(parser->error, PCT_ERROR, PCT_ERROR_FORMAT, _("At character %d: expected %s, found %s."),
              parser->token.position + 1, expected, found);
  parser->error_position = parser->token.position;
  return FALSE;
}

// Precedence and operation of a token between two values; precedence 0: it is none.
static int
get_operator(PctTokenKind kind, PctFilterOperation *operation)
{
  static const struct {
    int precedence;
    PctFilterOperation operation;
  } operators[] = {
    [PCT_TOKEN_OR] = { OR, PCT_FILTER_OR },
    [PCT_TOKEN_AND] = { AND, PCT_FILTER_AND },
    [PCT_TOKEN_LESS] = { COMPARISON, PCT_FILTER_LESS },
    [PCT_TOKEN_AT_MOST] = { COMPARISON, PCT_FILTER_AT_MOST },
    [PCT_TOKEN_MORE] = { COMPARISON, PCT_FILTER_MORE },
    [PCT_TOKEN_AT_LEAST] = { COMPARISON, PCT_FILTER_AT_LEAST },
    [PCT_TOKEN_EQUAL] = { COMPARISON, PCT_FILTER_EQUAL },
    [PCT_TOKEN_UNEQUAL] = { COMPARISON, PCT_FILTER_UNEQUAL },
    [PCT_TOKEN_PLUS] = { SUM, PCT_FILTER_ADD },
    [PCT_TOKEN_MINUS] = { SUM, PCT_FILTER_SUBTRACT },
    [PCT_TOKEN_TIMES] = { PRODUCT, PCT_FILTER_MULTIPLY },
    [PCT_TOKEN_OVER] = { PRODUCT, PCT_FILTER_DIVIDE },
    [PCT_TOKEN_STRANGE] = { 0, 0 },
  };
  *operation = operators[kind].operation;
  return operators[kind].precedence;
}

// What binds at least that tightly, from the next token on.
static gboolean parse(Parser *parser, int precedence, Kind *kind);

// why: what is wrong, a part of a sentence.
static gboolean
refuse_because(Parser *parser, const char *why)
{
  g_set_error(parser->error, PCT_ERROR, PCT_ERROR_FORMAT, _("At character %d: %s."), parser->token.position + 1, why);
  parser->error_position = parser->token.position;
  return FALSE;
}

// "“AL”, “LM”, “V1”", as many as a sentence can bear.
static char *
list_texts(char *const *texts)
{
  GString *list = g_string_new(NULL);
  int i = 0;
  for (; texts[i] && i < MOST_LISTED && list->len < LONGEST_LIST; i++)
    g_string_append_printf(list, _("%s“%s”"), i > 0 ? _(", ") : "", texts[i]);
  if (texts[i])
    g_string_append(list, "…");
  return g_string_free(list, FALSE);
}

static gboolean
parse_text(Parser *parser, const char *name, char *const *texts, double *code)
{
  // A word needs no quotation marks: after "area =" there is nothing else that it could be.
  gboolean bare = parser->token.kind == PCT_TOKEN_WORD;
  if (parser->token.kind != PCT_TOKEN_TEXT && !bare)
    return refuse(parser, _("a name, in quotation marks if it has blanks"));
  g_autofree char *text = g_strndup(parser->token.start + !bare, parser->token.n_bytes - (bare ? 0 : 2));
  g_autofree char *list = list_texts(texts);
  for (int i = 0; texts[i]; i++)
    if (strcmp(texts[i], text) == 0) {
      *code = i;
      advance(parser);
      return TRUE;
    }
  g_autofree char *shown = pct_token_describe(&parser->token);
  g_autofree char *why = g_strdup_printf(_("there is no %s %s; there are %s"), name, shown, list);
  return refuse_because(parser, why);
}

// The comparison of a column of text with one of its texts: complete in itself, as a parenthesis is.
static gboolean
parse_text_comparison(Parser *parser, PctFilterStep column, const char *name, char *const *texts)
{
  PctFilterOperation operation = parser->token.kind == PCT_TOKEN_UNEQUAL ? PCT_FILTER_UNEQUAL : PCT_FILTER_EQUAL;
  if (parser->token.kind != PCT_TOKEN_EQUAL && parser->token.kind != PCT_TOKEN_UNEQUAL)
    return refuse(parser, _("= or !=, and a name"));
  advance(parser);
  PctFilterStep code = { .operation = PCT_FILTER_NUMBER };
  if (!parse_text(parser, name, texts, &code.value))
    return FALSE;
  pct_filter_program_add(parser->program, column);
  pct_filter_program_add(parser->program, code);
  emit(parser, operation);
  return TRUE;
}

static gboolean
parse_word(Parser *parser, Kind *kind)
{
  const PctFilterLanguage *language = parser->language;
  g_autofree char *name = g_strndup(parser->token.start, parser->token.n_bytes), *why = NULL;
  PctFilterStep step = { .operation = PCT_FILTER_NUMBER };
  if (!language->find(language->data, name, &step, &why))
    return why ? refuse_because(parser, why) : refuse(parser, _(language->operand));
  char *const *texts =
    step.operation == PCT_FILTER_COLUMN && language->get_texts ? language->get_texts(language->data, step.column) : NULL;
  advance(parser);
  if (texts) {
    *kind = CONDITION;
    return parse_text_comparison(parser, step, name, texts);
  }
  pct_filter_program_add(parser->program, step);
  return TRUE;
}

static gboolean
parse_number(Parser *parser)
{
  if (!isfinite(parser->token.value))
    return refuse(parser, _("a number that is not so large"));
  pct_filter_program_add(parser->program, (PctFilterStep){ PCT_FILTER_NUMBER, 0, parser->token.value });
  advance(parser);
  return TRUE;
}

static gboolean
refuse_depth(Parser *parser)
{
  g_set_error(parser->error, PCT_ERROR, PCT_ERROR_FORMAT,
              _("At character %d: more than %d parentheses, minuses and “not” are open at once."),
              parser->token.position + 1, PCT_FILTER_DEEPEST);
  parser->error_position = parser->token.position;
  return FALSE;
}

static gboolean
refuse_at(Parser *parser, const PctToken *token, const char *expected)
{
  parser->token = *token;
  return refuse(parser, expected);
}

static gboolean
parse_parentheses(Parser *parser, Kind *kind)
{
  advance(parser);
  if (!parse(parser, 0, kind))
    return FALSE;
  if (parser->token.kind != PCT_TOKEN_CLOSE)
    return refuse(parser, *kind == CONDITION ? _("“and”, “or” or “)”") : _("an operator or “)”"));
  advance(parser);
  return TRUE;
}

static gboolean
parse_minus(Parser *parser, Kind *kind)
{
  advance(parser);
  PctToken start = parser->token;
  if (!parse(parser, SIGN, kind))
    return FALSE;
  if (*kind != NUMBER)
    return refuse_at(parser, &start, _(parser->language->not_comparison));
  emit(parser, PCT_FILTER_NEGATE);
  return TRUE;
}

static gboolean
parse_not(Parser *parser, Kind *kind)
{
  advance(parser);
  if (!parse(parser, NOT, kind))
    return FALSE;
  if (*kind != CONDITION)
    return refuse(parser, _("a comparison (< <= > >= = !=)"));
  emit(parser, PCT_FILTER_NOT);
  return TRUE;
}

// What stands before an operator; precedence as parse.
static gboolean
parse_operand(Parser *parser, int precedence, Kind *kind)
{
  *kind = NUMBER;
  PctTokenKind token = parser->token.kind;
  if (token == PCT_TOKEN_NUMBER)
    return parse_number(parser);
  if (token == PCT_TOKEN_WORD)
    return parse_word(parser, kind);
  // A minus or `not` of what binds less tightly than what waits for it has no meaning: 3 + not x.
  gboolean opens = token == PCT_TOKEN_OPEN || token == PCT_TOKEN_MINUS || (token == PCT_TOKEN_NOT && precedence <= NOT);
  if (!opens)
    return refuse(parser, _(parser->language->operand));
  if (parser->depth == PCT_FILTER_DEEPEST)
    return refuse_depth(parser);
  parser->depth++;
  gboolean good = token == PCT_TOKEN_OPEN    ? parse_parentheses(parser, kind)
                  : token == PCT_TOKEN_MINUS ? parse_minus(parser, kind)
                                             : parse_not(parser, kind);
  parser->depth--;
  return good;
}

// Of a comparison whose two sides are on the stack. n_before: comparisons of the same chain.
static void
emit_comparison(Parser *parser, PctFilterOperation operation, int n_before)
{
  PctFilterOperation next;
  gboolean goes_on = get_operator(parser->token.kind, &next) == COMPARISON;
  if (goes_on)
    emit(parser, PCT_FILTER_KEEP);
  emit(parser, operation);
  if (goes_on)
    emit(parser, n_before == 0 ? PCT_FILTER_SWAP : PCT_FILTER_JOIN);
  else if (n_before > 0)
    emit(parser, PCT_FILTER_AND);
}

static gboolean
parse_right_side(Parser *parser, int precedence, Kind wanted)
{
  advance(parser);
  PctToken start = parser->token;
  Kind kind;
  if (!parse(parser, precedence + 1, &kind))
    return FALSE;
  if (kind == wanted)
    return TRUE;
  return wanted == CONDITION ? refuse(parser, _("a comparison (< <= > >= = !=)"))
                             : refuse_at(parser, &start, _(parser->language->not_comparison));
}

static gboolean
parse(Parser *parser, int precedence, Kind *kind)
{
  if (!parse_operand(parser, precedence, kind))
    return FALSE;
  PctFilterOperation operation;
  int n_compared = 0;
  for (int p; (p = get_operator(parser->token.kind, &operation)) > 0 && p >= precedence;) {
    gboolean chain = p == COMPARISON && n_compared > 0;
    Kind wanted = p == AND || p == OR ? CONDITION : NUMBER;
    if (*kind != wanted && !chain)
      return refuse(parser, wanted == CONDITION ? _("a comparison (< <= > >= = !=)") : _("“and”, “or” or the end"));
    if (!parse_right_side(parser, p, wanted))
      return FALSE;
    if (p == COMPARISON) {
      emit_comparison(parser, operation, n_compared++);
      *kind = CONDITION;
    } else {
      emit(parser, operation);
      n_compared = 0;
    }
  }
  return TRUE;
}

static gboolean
parse_all(Parser *parser)
{
  if (parser->token.kind == PCT_TOKEN_END) {
    pct_filter_program_add(parser->program, (PctFilterStep){ PCT_FILTER_NUMBER, 0, 1 });
    return TRUE;
  }
  Kind kind;
  if (!parse(parser, 0, &kind))
    return FALSE;
  if (kind == NUMBER)
    return refuse(parser, _("a comparison (< <= > >= = !=)"));
  return parser->token.kind == PCT_TOKEN_END || refuse(parser, _("“and”, “or” or the end"));
}

gboolean
pct_filter_parse(PctFilterProgram *program, const PctFilterLanguage *language, const char *text, int *position,
                 GError **error)
{
  g_return_val_if_fail(text, FALSE);
  if (position)
    *position = 0;
  gsize n = strlen(text);
  if (n > PCT_FILTER_LONGEST) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The filter has %zu bytes; at most %d are read."), n,
                PCT_FILTER_LONGEST);
    return FALSE;
  }
  Parser parser = { .text = text, .language = language, .program = program, .error = error };
  advance(&parser);
  gboolean good = parse_all(&parser);
  if (!good && position)
    *position = parser.error_position;
  return good;
}
