// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "nn/pickle-machine.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"

// Bytes of a name that a message shows.
#define MAX_SHOWN 80

static gboolean
has_items(const PctPickleValue *value)
{
  return value->kind == PCT_PICKLE_TUPLE || value->kind == PCT_PICKLE_LIST || value->kind == PCT_PICKLE_DICT;
}

static void
value_free(gpointer data)
{
  PctPickleValue *value = data;
  if (value->kind == PCT_PICKLE_TEXT)
    g_free(value->text);
  else if (has_items(value) && value->items)
    g_ptr_array_unref(value->items);
  g_free(value);
}

void
pct_pickle_machine_init(PctPickleMachine *machine, const guint8 *bytes, gsize n, const char *shown,
                        const char *refusal, GError **error)
{
  *machine = (PctPickleMachine){ .at = bytes,
                                 .end = bytes + n,
                                 .shown = shown,
                                 .refusal = refusal,
                                 .error = error,
                                 .values = g_ptr_array_new_with_free_func(value_free),
                                 .stack = g_ptr_array_new(),
                                 .marks = g_array_new(FALSE, FALSE, sizeof(guint)),
                                 .memo = g_hash_table_new(NULL, NULL) };
}

void
pct_pickle_machine_clear(PctPickleMachine *machine)
{
  g_hash_table_unref(machine->memo);
  g_array_unref(machine->marks);
  g_ptr_array_unref(machine->stack);
  g_ptr_array_unref(machine->values);
}

gboolean
pct_pickle_refuse(PctPickleMachine *machine, const char *reason)
{
  g_set_error(machine->error, PCT_ERROR, PCT_ERROR_FORMAT, machine->refusal, machine->shown, reason);
  return FALSE;
}

gboolean
pct_pickle_read(PctPickleMachine *machine, guint n_bytes, guint64 *out)
{
  if ((gsize)(machine->end - machine->at) < n_bytes)
    return pct_pickle_refuse(machine, _("it ends too early"));
  *out = 0;
  for (guint i = n_bytes; i-- > 0;)
    *out = *out << 8 | machine->at[i];
  machine->at += n_bytes;
  return TRUE;
}

char *
pct_pickle_read_line(PctPickleMachine *machine)
{
  const guint8 *newline = memchr(machine->at, '\n', (gsize)(machine->end - machine->at));
  if (!newline) {
    pct_pickle_refuse(machine, _("it ends too early"));
    return NULL;
  }
  char *line = g_utf8_make_valid((const char *)machine->at, MIN(newline - machine->at, MAX_SHOWN));
  machine->at = newline + 1;
  return line;
}

gboolean
pct_pickle_push(PctPickleMachine *machine, PctPickleValue value)
{
  PctPickleValue *copy = g_memdup2(&value, sizeof value);
  g_ptr_array_add(machine->values, copy);
  g_ptr_array_add(machine->stack, copy);
  return TRUE;
}

gboolean
pct_pickle_push_number(PctPickleMachine *machine, gint64 number)
{
  return pct_pickle_push(machine, (PctPickleValue){ .kind = PCT_PICKLE_NUMBER, .number = number });
}

gboolean
pct_pickle_push_integer(PctPickleMachine *machine, guint n_bytes, gboolean is_signed)
{
  guint64 bits;
  if (!pct_pickle_read(machine, n_bytes, &bits))
    return FALSE;
  if (is_signed && n_bytes > 0 && n_bytes < 8 && bits >> (8 * n_bytes - 1))
    bits |= G_MAXUINT64 << 8 * n_bytes;
  return pct_pickle_push_number(machine, (gint64)bits);
}

gboolean
pct_pickle_push_long(PctPickleMachine *machine)
{
  guint64 n_bytes;
  if (!pct_pickle_read(machine, 1, &n_bytes))
    return FALSE;
  if (n_bytes > 8)
    return pct_pickle_refuse(machine, _("it holds a number of more than 64 bits"));
  return pct_pickle_push_integer(machine, (guint)n_bytes, TRUE);
}

gboolean
pct_pickle_push_real(PctPickleMachine *machine)
{
  guint64 bits;
  double real;
  if (!pct_pickle_read(machine, 8, &bits))
    return FALSE;
  // The only operand with the most significant byte first.
  bits = GUINT64_SWAP_LE_BE(bits);
  memcpy(&real, &bits, sizeof real);
  return pct_pickle_push(machine, (PctPickleValue){ .kind = PCT_PICKLE_REAL, .real = real });
}

// A length, and whether so many bytes follow.
static gboolean
read_length(PctPickleMachine *machine, guint n_bytes, guint64 *n)
{
  return pct_pickle_read(machine, n_bytes, n) &&
         (*n <= (gsize)(machine->end - machine->at) || pct_pickle_refuse(machine, _("it ends too early")));
}

gboolean
pct_pickle_push_text(PctPickleMachine *machine, guint n_bytes)
{
  guint64 n;
  if (!read_length(machine, n_bytes, &n))
    return FALSE;
  if (!g_utf8_validate_len((const char *)machine->at, n, NULL))
    return pct_pickle_refuse(machine, _("a name is not UTF-8"));
  char *text = g_strndup((const char *)machine->at, n);
  pct_pickle_push(machine, (PctPickleValue){ .kind = PCT_PICKLE_TEXT, .text = text });
  machine->at += n;
  return TRUE;
}

gboolean
pct_pickle_push_bytes(PctPickleMachine *machine, guint n_bytes)
{
  guint64 n;
  if (!read_length(machine, n_bytes, &n))
    return FALSE;
  pct_pickle_push(machine, (PctPickleValue){ .kind = PCT_PICKLE_BYTES, .bytes = machine->at, .n_bytes = n });
  machine->at += n;
  return TRUE;
}

static guint
count_above_mark(const PctPickleMachine *machine)
{
  guint below = machine->marks->len > 0 ? g_array_index(machine->marks, guint, machine->marks->len - 1) : 0;
  return machine->stack->len - below;
}

gboolean
pct_pickle_needs(PctPickleMachine *machine, guint n)
{
  return count_above_mark(machine) >= n || pct_pickle_refuse(machine, _("its instructions take more than they gave"));
}

PctPickleValue *
pct_pickle_peek(const PctPickleMachine *machine, guint below_top)
{
  return machine->stack->pdata[machine->stack->len - 1 - below_top];
}

void
pct_pickle_drop(PctPickleMachine *machine, guint n)
{
  g_ptr_array_set_size(machine->stack, (int)(machine->stack->len - n));
}

gboolean
pct_pickle_mark(PctPickleMachine *machine)
{
  g_array_append_val(machine->marks, machine->stack->len);
  return TRUE;
}

gboolean
pct_pickle_close_mark(PctPickleMachine *machine, guint *n)
{
  if (machine->marks->len == 0)
    return pct_pickle_refuse(machine, _("its instructions take more than they gave"));
  *n = count_above_mark(machine);
  g_array_set_size(machine->marks, machine->marks->len - 1);
  return TRUE;
}

gboolean
pct_pickle_make_tuple(PctPickleMachine *machine, guint n)
{
  if (!pct_pickle_needs(machine, n))
    return FALSE;
  // An empty one, the commonest by far, is without an array.
  GPtrArray *items = n > 0 ? g_ptr_array_sized_new(n) : NULL;
  for (guint i = n; i-- > 0;)
    g_ptr_array_add(items, pct_pickle_peek(machine, i));
  pct_pickle_drop(machine, n);
  return pct_pickle_push(machine, (PctPickleValue){ .kind = PCT_PICKLE_TUPLE, .items = items });
}

// The n values on top go into the items of what is below them.
static gboolean
add_items(PctPickleMachine *machine, PctPickleValue *to, guint n)
{
  if (!to->items)
    to->items = g_ptr_array_new();
  for (guint i = n; i-- > 0;)
    g_ptr_array_add(to->items, pct_pickle_peek(machine, i));
  pct_pickle_drop(machine, n);
  return TRUE;
}

gboolean
pct_pickle_set_items(PctPickleMachine *machine, guint n)
{
  if (!pct_pickle_needs(machine, n + 1))
    return FALSE;
  PctPickleValue *dict = pct_pickle_peek(machine, n);
  if (dict->kind != PCT_PICKLE_DICT || n % 2)
    return pct_pickle_refuse(machine, _("it fills something that is not a dict"));
  return add_items(machine, dict, n);
}

gboolean
pct_pickle_append(PctPickleMachine *machine, guint n)
{
  if (!pct_pickle_needs(machine, n + 1))
    return FALSE;
  PctPickleValue *list = pct_pickle_peek(machine, n);
  if (list->kind != PCT_PICKLE_LIST)
    return pct_pickle_refuse(machine, _("it fills something that is not a list"));
  return add_items(machine, list, n);
}

gboolean
pct_pickle_put(PctPickleMachine *machine, guint n_bytes)
{
  guint64 place;
  if (!pct_pickle_needs(machine, 1) || !pct_pickle_read(machine, n_bytes, &place))
    return FALSE;
  g_hash_table_insert(machine->memo, GSIZE_TO_POINTER(place), pct_pickle_peek(machine, 0));
  return TRUE;
}

gboolean
pct_pickle_memoize(PctPickleMachine *machine)
{
  if (!pct_pickle_needs(machine, 1))
    return FALSE;
  gsize place = g_hash_table_size(machine->memo);
  g_hash_table_insert(machine->memo, GSIZE_TO_POINTER(place), pct_pickle_peek(machine, 0));
  return TRUE;
}

gboolean
pct_pickle_get(PctPickleMachine *machine, guint n_bytes)
{
  guint64 place;
  if (!pct_pickle_read(machine, n_bytes, &place))
    return FALSE;
  PctPickleValue *value = g_hash_table_lookup(machine->memo, GSIZE_TO_POINTER(place));
  if (!value)
    return pct_pickle_refuse(machine, _("it recalls something that it never noted"));
  g_ptr_array_add(machine->stack, value);
  return TRUE;
}

guint
pct_pickle_count(const PctPickleValue *value)
{
  return has_items(value) && value->items ? value->items->len : 0;
}

const PctPickleValue *
pct_pickle_item(const PctPickleValue *tuple, guint i, PctPickleKind kind)
{
  if (tuple->kind == PCT_PICKLE_DICT || i >= pct_pickle_count(tuple))
    return NULL;
  const PctPickleValue *value = tuple->items->pdata[i];
  return value->kind == kind ? value : NULL;
}
