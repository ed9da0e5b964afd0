// SPDX-License-Identifier: GPL-3.0-or-later
// A stack machine (Python's pickletools.py describes the instructions) whose values are inert: a name stands for
// itself, and the two “calls” that are known build an empty dict or note down a view of a storage. Values live until
// the machine is cleared, so a memo may hand them out again at no cost and cycles do no harm.
#include "config.h"
#include "nn/unpickler.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "nn/safetensors.h"

// Some ten thousands of arrays; a longer pickle would only be there to exhaust memory.
#define MAX_PICKLE (4 << 20)

typedef enum { KIND_NUMBER, KIND_TEXT, KIND_TUPLE, KIND_DICT, KIND_NAME, KIND_STORAGE, KIND_TENSOR } Kind;
typedef enum { NAME_DICT, NAME_TENSOR, NAME_STORAGE } Name;

typedef struct {
  Kind kind;
  gint64 number;       // KIND_NUMBER (a truth value is 0 or 1); KIND_STORAGE: how many elements
  char *text;          // KIND_TEXT; KIND_STORAGE, KIND_TENSOR: borrowed
  GPtrArray *items;    // KIND_TUPLE, KIND_DICT (keys and values in turn)
  Name name;           // KIND_NAME
  PctStorageType type; // KIND_NAME of a storage; KIND_STORAGE, KIND_TENSOR
  gint64 n_storage, offset;          // KIND_TENSOR, as are
  const GPtrArray *shape, *stride;   // tuples of numbers, borrowed
} Value;

typedef struct {
  const guint8 *at, *end;
  const char *shown;
  GPtrArray *values;   // all there are, owned
  GPtrArray *stack;
  GArray *marks;       // guint: lengths of the stack
  GHashTable *memo;    // number -> Value
  GError **error;
} Machine;

static const struct {
  const char *module, *name;
  Name kind;
  PctStorageType type;
} known_names[] = {
  { "collections", "OrderedDict", NAME_DICT, 0 },
  { "torch._utils", "_rebuild_tensor_v2", NAME_TENSOR, 0 },
  { "torch", "FloatStorage", NAME_STORAGE, PCT_STORAGE_FLOAT },
  { "torch", "DoubleStorage", NAME_STORAGE, PCT_STORAGE_DOUBLE },
  { "torch", "HalfStorage", NAME_STORAGE, PCT_STORAGE_HALF },
  { "torch", "LongStorage", NAME_STORAGE, PCT_STORAGE_LONG },
};

static void
value_free(gpointer data)
{
  Value *value = data;
  if (value->kind == KIND_TEXT)
    g_free(value->text);
  g_clear_pointer(&value->items, g_ptr_array_unref);
  g_free(value);
}

static void
pickled_tensor_free(gpointer data)
{
  PctPickledTensor *tensor = data;
  g_free(tensor->name);
  g_free(tensor->storage);
  g_free(tensor->shape);
  g_free(tensor->stride);
  g_free(tensor);
}

static gboolean
refuse(Machine *machine, const char *reason)
{
  g_set_error(machine->error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is not a valid PyTorch state dict: %s."),
              machine->shown, reason);
  return FALSE;
}

static gboolean
push(Machine *machine, Value value)
{
  Value *copy = g_memdup2(&value, sizeof value);
  g_ptr_array_add(machine->values, copy);
  g_ptr_array_add(machine->stack, copy);
  return TRUE;
}

static gboolean
push_number(Machine *machine, gint64 number)
{
  return push(machine, (Value){ .kind = KIND_NUMBER, .number = number });
}

// How many values there are above the last mark.
static guint
count_open(const Machine *machine)
{
  guint base = machine->marks->len ? g_array_index(machine->marks, guint, machine->marks->len - 1) : 0;
  return machine->stack->len - base;
}

static gboolean
needs(Machine *machine, guint n)
{
  return count_open(machine) >= n || refuse(machine, _("its instructions take more than they gave"));
}

static Value *
peek(const Machine *machine, guint below_top)
{
  return machine->stack->pdata[machine->stack->len - 1 - below_top];
}

static void
drop(Machine *machine, guint n)
{
  g_ptr_array_set_size(machine->stack, (int)(machine->stack->len - n));
}

// The operand of an instruction: n bytes, least significant first.
static gboolean
read_number(Machine *machine, guint n, guint64 *out)
{
  if ((gsize)(machine->end - machine->at) < n)
    return refuse(machine, _("it ends too early"));
  *out = 0;
  for (guint i = n; i-- > 0;)
    *out = *out << 8 | machine->at[i];
  machine->at += n;
  return TRUE;
}

static gboolean
push_integer(Machine *machine, guint n_bytes, gboolean is_signed)
{
  guint64 bits;
  if (!read_number(machine, n_bytes, &bits))
    return FALSE;
  if (is_signed && n_bytes > 0 && n_bytes < 8 && bits >> (8 * n_bytes - 1))
    bits |= G_MAXUINT64 << 8 * n_bytes;
  return push_number(machine, (gint64)bits);
}

static gboolean
push_long(Machine *machine)
{
  guint64 n_bytes;
  if (!read_number(machine, 1, &n_bytes))
    return FALSE;
  if (n_bytes > 8)
    return refuse(machine, _("it holds a number of more than 64 bits"));
  return push_integer(machine, (guint)n_bytes, TRUE);
}

static gboolean
push_text(Machine *machine)
{
  guint64 n;
  if (!read_number(machine, 4, &n))
    return FALSE;
  if (n > (gsize)(machine->end - machine->at))
    return refuse(machine, _("it ends too early"));
  if (!g_utf8_validate_len((const char *)machine->at, n, NULL))
    return refuse(machine, _("a name is not UTF-8"));
  push(machine, (Value){ .kind = KIND_TEXT, .text = g_strndup((const char *)machine->at, n) });
  machine->at += n;
  return TRUE;
}

// Up to the end of the line; for a message no more than 80 characters. NULL with an error.
static char *
read_line(Machine *machine, gsize *length)
{
  const guint8 *newline = memchr(machine->at, '\n', (gsize)(machine->end - machine->at));
  if (!newline) {
    refuse(machine, _("it ends too early"));
    return NULL;
  }
  *length = (gsize)(newline - machine->at);
  char *line = g_utf8_make_valid((const char *)machine->at, (gssize)MIN(*length, 80));
  machine->at = newline + 1;
  return line;
}

static gboolean
push_name(Machine *machine)
{
  gsize n_module = 0, n_name = 0;
  g_autofree char *module = read_line(machine, &n_module);
  g_autofree char *name = module ? read_line(machine, &n_name) : NULL;
  if (!name)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(known_names); i++)
    if (strcmp(module, known_names[i].module) == 0 && strcmp(name, known_names[i].name) == 0)
      return push(machine, (Value){ .kind = KIND_NAME, .name = known_names[i].kind, .type = known_names[i].type });
  g_set_error(machine->error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              _("“%s” asks for “%s.%s”, which is refused: only the arrays of a state dict are read, and nothing in the "
                "file is run."),
              machine->shown, module, name);
  return FALSE;
}

static gboolean
push_tuple(Machine *machine, guint n)
{
  if (!needs(machine, n))
    return FALSE;
  GPtrArray *items = g_ptr_array_sized_new(n);
  for (guint i = n; i-- > 0;)
    g_ptr_array_add(items, peek(machine, i));
  drop(machine, n);
  return push(machine, (Value){ .kind = KIND_TUPLE, .items = items });
}

static gboolean
push_dict(Machine *machine)
{
  return push(machine, (Value){ .kind = KIND_DICT, .items = g_ptr_array_new() });
}

// Puts the n keys and values on top into the dict below them.
static gboolean
set_items(Machine *machine, guint n)
{
  if (!needs(machine, n + 1))
    return FALSE;
  Value *dict = peek(machine, n);
  if (dict->kind != KIND_DICT || n % 2)
    return refuse(machine, _("it fills something that is not a dict"));
  for (guint i = n; i-- > 0;)
    g_ptr_array_add(dict->items, peek(machine, i));
  drop(machine, n);
  return TRUE;
}

// Takes the mark away; what was above it is then the top n values.
static gboolean
close_mark(Machine *machine, guint *n)
{
  if (machine->marks->len == 0)
    return refuse(machine, _("its instructions take more than they gave"));
  *n = count_open(machine);
  g_array_set_size(machine->marks, machine->marks->len - 1);
  return TRUE;
}

// The item of a tuple if it is of the kind; else, or beyond the tuple's end, NULL.
static const Value *
item(const Value *tuple, guint i, Kind kind)
{
  if (tuple->kind != KIND_TUPLE || i >= tuple->items->len)
    return NULL;
  const Value *value = tuple->items->pdata[i];
  return value->kind == kind ? value : NULL;
}

// ("storage", type, name, where it was, elements)
static gboolean
make_storage(Machine *machine)
{
  if (!needs(machine, 1))
    return FALSE;
  const Value *id = peek(machine, 0), *tag = item(id, 0, KIND_TEXT), *type = item(id, 1, KIND_NAME);
  const Value *name = item(id, 2, KIND_TEXT), *count = item(id, 4, KIND_NUMBER);
  if (!tag || strcmp(tag->text, "storage") != 0 || !type || type->name != NAME_STORAGE || !name || !count ||
      id->items->len != 5)
    return refuse(machine, _("a storage is not described as one"));
  drop(machine, 1);
  return push(machine,
              (Value){ .kind = KIND_STORAGE, .type = type->type, .text = name->text, .number = count->number });
}

static const GPtrArray *
numbers(const Value *tuple)
{
  for (guint i = 0; tuple && i < tuple->items->len; i++)
    if (!item(tuple, i, KIND_NUMBER))
      return NULL;
  return tuple ? tuple->items : NULL;
}

// A call with its arguments on top: an empty dict, or (storage, offset, shape, stride, has gradient, hooks).
static gboolean
reduce(Machine *machine)
{
  if (!needs(machine, 2))
    return FALSE;
  const Value *callee = peek(machine, 1), *arguments = peek(machine, 0);
  if (callee->kind != KIND_NAME || callee->name == NAME_STORAGE || arguments->kind != KIND_TUPLE)
    return refuse(machine, _("it calls something that cannot be called"));
  if (callee->name == NAME_DICT) {
    if (arguments->items->len > 0)
      return refuse(machine, _("a dict is not made empty"));
    drop(machine, 2);
    return push_dict(machine);
  }
  const Value *storage = item(arguments, 0, KIND_STORAGE), *offset = item(arguments, 1, KIND_NUMBER);
  const GPtrArray *shape = numbers(item(arguments, 2, KIND_TUPLE)), *stride = numbers(item(arguments, 3, KIND_TUPLE));
  if (!storage || !offset || !shape || !stride || shape->len != stride->len || arguments->items->len != 6)
    return refuse(machine, _("an array is not described as one"));
  if (shape->len > PCT_TENSOR_MAX_RANK)
    return refuse(machine, _("an array has more than eight axes"));
  drop(machine, 2);
  return push(machine, (Value){ .kind = KIND_TENSOR, .type = storage->type, .text = storage->text,
                                .n_storage = storage->number, .offset = offset->number, .shape = shape,
                                .stride = stride });
}

// What a state dict carries beside its arrays is versions of layers; it is let go.
static gboolean
build(Machine *machine)
{
  if (!needs(machine, 2))
    return FALSE;
  if (peek(machine, 0)->kind != KIND_DICT || peek(machine, 1)->kind != KIND_DICT)
    return refuse(machine, _("it fills something that is not a dict"));
  drop(machine, 1);
  return TRUE;
}

static gboolean
put(Machine *machine, guint n_bytes)
{
  guint64 place;
  if (!needs(machine, 1) || !read_number(machine, n_bytes, &place))
    return FALSE;
  g_hash_table_insert(machine->memo, GSIZE_TO_POINTER(place), peek(machine, 0));
  return TRUE;
}

static gboolean
get(Machine *machine, guint n_bytes)
{
  guint64 place;
  if (!read_number(machine, n_bytes, &place))
    return FALSE;
  Value *value = g_hash_table_lookup(machine->memo, GSIZE_TO_POINTER(place));
  if (!value)
    return refuse(machine, _("it recalls something that it never noted"));
  g_ptr_array_add(machine->stack, value);
  return TRUE;
}

static gboolean
check_protocol(Machine *machine)
{
  guint64 protocol;
  if (!read_number(machine, 1, &protocol))
    return FALSE;
  if (protocol == 2)
    return TRUE;
  g_set_error(machine->error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              _("“%s” is written in pickle protocol %u; PyTorch's own, 2, can be read."), machine->shown,
              (guint)protocol);
  return FALSE;
}

// One instruction other than STOP.
static gboolean
step(Machine *machine, guint8 instruction)
{
  guint n;
  switch (instruction) {
  case 0x80: return check_protocol(machine);
  case 'c': return push_name(machine);
  case 'X': return push_text(machine);
  case 'K': return push_integer(machine, 1, FALSE);
  case 'M': return push_integer(machine, 2, FALSE);
  case 'J': return push_integer(machine, 4, TRUE);
  case 0x8a: return push_long(machine);
  case 0x88: return push_number(machine, 1);
  case 0x89: return push_number(machine, 0);
  case ')': return push_tuple(machine, 0);
  case 0x85: return push_tuple(machine, 1);
  case 0x86: return push_tuple(machine, 2);
  case 0x87: return push_tuple(machine, 3);
  case 't': return close_mark(machine, &n) && push_tuple(machine, n);
  case '}': return push_dict(machine);
  case 's': return set_items(machine, 2);
  case 'u': return close_mark(machine, &n) && set_items(machine, n);
  case 'Q': return make_storage(machine);
  case 'R': return reduce(machine);
  case 'b': return build(machine);
  case 'q': return put(machine, 1);
  case 'r': return put(machine, 4);
  case 'h': return get(machine, 1);
  case 'j': return get(machine, 4);
  case '(': g_array_append_val(machine->marks, machine->stack->len); return TRUE;
  default:
    g_set_error(machine->error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” uses the pickle instruction 0x%02x, which is refused: a state dict of arrays has no need of "
                  "it."),
                machine->shown, instruction);
    return FALSE;
  }
}

// Runs to the end; the dict, borrowed, or NULL.
static const Value *
run(Machine *machine)
{
  while (machine->at < machine->end) {
    guint8 instruction = *machine->at++;
    if (instruction != '.') {
      if (!step(machine, instruction))
        return NULL;
      continue;
    }
    if (machine->at == machine->end && machine->marks->len == 0 && machine->stack->len == 1 &&
        peek(machine, 0)->kind == KIND_DICT)
      return peek(machine, 0);
    refuse(machine, _("it is not one dict"));
    return NULL;
  }
  refuse(machine, _("it ends too early"));
  return NULL;
}

static gint64 *
dup_numbers(const GPtrArray *values)
{
  gint64 *out = g_new(gint64, values->len);
  for (guint i = 0; i < values->len; i++)
    out[i] = ((const Value *)values->pdata[i])->number;
  return out;
}

static GPtrArray *
list_tensors(Machine *machine, const Value *dict)
{
  g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func(pickled_tensor_free);
  g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i + 1 < dict->items->len; i += 2) {
    const Value *key = dict->items->pdata[i], *value = dict->items->pdata[i + 1];
    if (key->kind != KIND_TEXT || value->kind != KIND_TENSOR) {
      refuse(machine, _("it is not a dict of named arrays alone"));
      return NULL;
    }
    if (!g_hash_table_add(names, key->text)) {
      refuse(machine, _("a name occurs twice"));
      return NULL;
    }
    PctPickledTensor *tensor = g_new(PctPickledTensor, 1);
    *tensor = (PctPickledTensor){ .name = g_strdup(key->text), .storage = g_strdup(value->text), .type = value->type,
                                  .n_storage = value->n_storage, .offset = value->offset,
                                  .rank = (int)value->shape->len, .shape = dup_numbers(value->shape),
                                  .stride = dup_numbers(value->stride) };
    g_ptr_array_add(tensors, tensor);
  }
  return g_steal_pointer(&tensors);
}

GPtrArray *
pct_unpickle_state_dict(const guint8 *bytes, gsize n, const char *shown, GError **error)
{
  Machine machine = { .at = bytes, .end = bytes + n, .shown = shown, .error = error };
  if (n > MAX_PICKLE) {
    refuse(&machine, _("its description of the arrays is longer than 4 MB"));
    return NULL;
  }
  machine.values = g_ptr_array_new_with_free_func(value_free);
  machine.stack = g_ptr_array_new();
  machine.marks = g_array_new(FALSE, FALSE, sizeof(guint));
  machine.memo = g_hash_table_new(NULL, NULL);
  const Value *dict = run(&machine);
  GPtrArray *tensors = dict ? list_tensors(&machine, dict) : NULL;
  g_hash_table_unref(machine.memo);
  g_array_unref(machine.marks);
  g_ptr_array_unref(machine.stack);
  g_ptr_array_unref(machine.values);
  return tensors;
}
