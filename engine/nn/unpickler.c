// SPDX-License-Identifier: GPL-3.0-or-later
// The instructions (Python's pickletools.py describes them) that torch.save writes for a state dict. Its two “calls”
// build an empty dict and note down a view of a storage; nothing else is ever called, imported or looked up.
#include "config.h"
#include "nn/unpickler.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "nn/pickle-machine.h"
#include "nn/safetensors.h"

// Some ten thousand arrays; a longer pickle would only be there to exhaust memory.
#define MAX_PICKLE (2 << 20)

typedef enum { NAME_DICT, NAME_TENSOR, NAME_STORAGE } NameKind;

static const struct {
  const char *module, *name;
  NameKind kind;
  PctStorageType type;
} known[] = {
  { "collections", "OrderedDict", NAME_DICT, 0 },
  { "torch._utils", "_rebuild_tensor_v2", NAME_TENSOR, 0 },
  { "torch", "FloatStorage", NAME_STORAGE, PCT_STORAGE_FLOAT },
  { "torch", "DoubleStorage", NAME_STORAGE, PCT_STORAGE_DOUBLE },
  { "torch", "HalfStorage", NAME_STORAGE, PCT_STORAGE_HALF },
  { "torch", "LongStorage", NAME_STORAGE, PCT_STORAGE_LONG },
};

// Many arrays may share a storage, and each keeps its name.
#define MAX_STORAGE_NAME 200

// A storage is described by ("storage", type, name, device, elements), an array by (storage, offset, shape, stride,
// whether it wants a gradient, hooks).
enum { STORAGE_TAG, STORAGE_TYPE, STORAGE_NAME, STORAGE_DEVICE, STORAGE_COUNT, STORAGE_ITEMS };
enum { ARRAY_STORAGE, ARRAY_OFFSET, ARRAY_SHAPE, ARRAY_STRIDE, ARRAY_GRADIENT, ARRAY_HOOKS, ARRAY_ITEMS };

static gboolean
push_name(PctPickleMachine *machine)
{
  g_autofree char *module = pct_pickle_read_line(machine);
  g_autofree char *name = module ? pct_pickle_read_line(machine) : NULL;
  if (!name)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(known); i++)
    if (strcmp(module, known[i].module) == 0 && strcmp(name, known[i].name) == 0)
      return pct_pickle_push(machine, (PctPickleValue){ .kind = PCT_PICKLE_NAME, .number = i });
  g_set_error(machine->error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              _("“%s” asks for “%s.%s”, which is refused: only the arrays of a state dict are read, and nothing in the "
                "file is run."),
              machine->shown, module, name);
  return FALSE;
}

static gboolean
make_storage(PctPickleMachine *machine)
{
  if (!pct_pickle_needs(machine, 1))
    return FALSE;
  const PctPickleValue *id = pct_pickle_peek(machine, 0);
  const PctPickleValue *tag = pct_pickle_item(id, STORAGE_TAG, PCT_PICKLE_TEXT);
  const PctPickleValue *type = pct_pickle_item(id, STORAGE_TYPE, PCT_PICKLE_NAME);
  const PctPickleValue *name = pct_pickle_item(id, STORAGE_NAME, PCT_PICKLE_TEXT);
  if (!tag || strcmp(tag->text, "storage") != 0 || !type || known[type->number].kind != NAME_STORAGE || !name ||
      strlen(name->text) > MAX_STORAGE_NAME || !pct_pickle_item(id, STORAGE_COUNT, PCT_PICKLE_NUMBER) ||
      pct_pickle_count(id) != STORAGE_ITEMS)
    return pct_pickle_refuse(machine, _("a storage is not described as one"));
  pct_pickle_drop(machine, 1);
  return pct_pickle_push(machine, (PctPickleValue){ .kind = PCT_PICKLE_STORAGE, .made_of = id });
}

// A tuple of at most as many numbers as an array has axes; else NULL.
static const PctPickleValue *
numbers(const PctPickleValue *arguments, guint i)
{
  const PctPickleValue *tuple = pct_pickle_item(arguments, i, PCT_PICKLE_TUPLE);
  if (!tuple || pct_pickle_count(tuple) > PCT_TENSOR_MAX_RANK)
    return NULL;
  for (guint k = 0; k < pct_pickle_count(tuple); k++)
    if (!pct_pickle_item(tuple, k, PCT_PICKLE_NUMBER))
      return NULL;
  return tuple;
}

static gboolean
make_tensor(PctPickleMachine *machine, const PctPickleValue *arguments)
{
  const PctPickleValue *shape = numbers(arguments, ARRAY_SHAPE), *stride = numbers(arguments, ARRAY_STRIDE);
  if (!pct_pickle_item(arguments, ARRAY_STORAGE, PCT_PICKLE_STORAGE) ||
      !pct_pickle_item(arguments, ARRAY_OFFSET, PCT_PICKLE_NUMBER) || !shape || !stride ||
      pct_pickle_count(shape) != pct_pickle_count(stride) || pct_pickle_count(arguments) != ARRAY_ITEMS)
    return pct_pickle_refuse(machine, _("an array is not described as one of at most eight axes"));
  pct_pickle_drop(machine, 2);
  return pct_pickle_push(machine, (PctPickleValue){ .kind = PCT_PICKLE_TENSOR, .made_of = arguments });
}

static gboolean
push_dict(PctPickleMachine *machine)
{
  return pct_pickle_push(machine, (PctPickleValue){ .kind = PCT_PICKLE_DICT });
}

// A call, with its arguments on top.
static gboolean
call(PctPickleMachine *machine)
{
  if (!pct_pickle_needs(machine, 2))
    return FALSE;
  const PctPickleValue *callee = pct_pickle_peek(machine, 1), *arguments = pct_pickle_peek(machine, 0);
  if (callee->kind == PCT_PICKLE_NAME && arguments->kind == PCT_PICKLE_TUPLE) {
    if (known[callee->number].kind == NAME_TENSOR)
      return make_tensor(machine, arguments);
    if (known[callee->number].kind == NAME_DICT && pct_pickle_count(arguments) == 0) {
      pct_pickle_drop(machine, 2);
      return push_dict(machine);
    }
  }
  return pct_pickle_refuse(machine, _("it calls what cannot be called"));
}

// What a state dict carries beside its arrays is the versions of layers: let go.
static gboolean
build(PctPickleMachine *machine)
{
  if (!pct_pickle_needs(machine, 2))
    return FALSE;
  if (pct_pickle_peek(machine, 0)->kind != PCT_PICKLE_DICT || pct_pickle_peek(machine, 1)->kind != PCT_PICKLE_DICT)
    return pct_pickle_refuse(machine, _("it fills something that is not a dict"));
  pct_pickle_drop(machine, 1);
  return TRUE;
}

static gboolean
check_protocol(PctPickleMachine *machine)
{
  guint64 protocol;
  if (!pct_pickle_read(machine, 1, &protocol))
    return FALSE;
  if (protocol == 2)
    return TRUE;
  g_set_error(machine->error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              _("“%s” is written in pickle protocol %u; only 2, as PyTorch writes it, can be read."), machine->shown,
              (guint)protocol);
  return FALSE;
}

// One instruction other than the last, STOP.
static gboolean
step(PctPickleMachine *machine, guint8 instruction)
{
  guint n;
  switch (instruction) {
  case 0x80: return check_protocol(machine);
  case '(': return pct_pickle_mark(machine);
  case ')': return pct_pickle_make_tuple(machine, 0);
  case 0x85: return pct_pickle_make_tuple(machine, 1);
  case 0x86: return pct_pickle_make_tuple(machine, 2);
  case 0x87: return pct_pickle_make_tuple(machine, 3);
  case 't': return pct_pickle_close_mark(machine, &n) && pct_pickle_make_tuple(machine, n);
  case '}': return push_dict(machine);
  case 's': return pct_pickle_set_items(machine, 2);
  case 'u': return pct_pickle_close_mark(machine, &n) && pct_pickle_set_items(machine, n);
  case 'X': return pct_pickle_push_text(machine, 4);
  case 'K': return pct_pickle_push_integer(machine, 1, FALSE);
  case 'M': return pct_pickle_push_integer(machine, 2, FALSE);
  case 'J': return pct_pickle_push_integer(machine, 4, TRUE);
  case 0x8a: return pct_pickle_push_long(machine);
  case 0x88: return pct_pickle_push_number(machine, 1);
  case 0x89: return pct_pickle_push_number(machine, 0);
  case 'c': return push_name(machine);
  case 'Q': return make_storage(machine);
  case 'R': return call(machine);
  case 'b': return build(machine);
  case 'q': return pct_pickle_put(machine, 1);
  case 'r': return pct_pickle_put(machine, 4);
  case 'h': return pct_pickle_get(machine, 1);
  case 'j': return pct_pickle_get(machine, 4);
  default:
    g_set_error(machine->error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” uses the pickle instruction 0x%02x, which is refused: a state dict of arrays does without it."),
                machine->shown, instruction);
    return FALSE;
  }
}

// Reads to the end; the dict, or NULL.
static const PctPickleValue *
read_dict(PctPickleMachine *machine)
{
  while (machine->at < machine->end) {
    guint8 instruction = *machine->at++;
    if (instruction != '.') {
      if (!step(machine, instruction))
        return NULL;
      continue;
    }
    if (machine->at == machine->end && machine->marks->len == 0 && machine->stack->len == 1 &&
        pct_pickle_peek(machine, 0)->kind == PCT_PICKLE_DICT)
      return pct_pickle_peek(machine, 0);
    pct_pickle_refuse(machine, _("it is not one dict of named arrays"));
    return NULL;
  }
  pct_pickle_refuse(machine, _("it ends too early"));
  return NULL;
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

static gint64 *
dup_numbers(const PctPickleValue *tuple)
{
  gint64 *out = g_new(gint64, pct_pickle_count(tuple));
  for (guint i = 0; i < pct_pickle_count(tuple); i++)
    out[i] = pct_pickle_item(tuple, i, PCT_PICKLE_NUMBER)->number;
  return out;
}

static PctPickledTensor *
pickled_tensor_new(const char *name, const PctPickleValue *arguments)
{
  const PctPickleValue *id = pct_pickle_item(arguments, ARRAY_STORAGE, PCT_PICKLE_STORAGE)->made_of;
  const PctPickleValue *shape = pct_pickle_item(arguments, ARRAY_SHAPE, PCT_PICKLE_TUPLE);
  PctPickledTensor *tensor = g_new(PctPickledTensor, 1);
  *tensor = (PctPickledTensor){
    .name = g_strdup(name),
    .storage = g_strdup(pct_pickle_item(id, STORAGE_NAME, PCT_PICKLE_TEXT)->text),
    .type = known[pct_pickle_item(id, STORAGE_TYPE, PCT_PICKLE_NAME)->number].type,
    .n_storage = pct_pickle_item(id, STORAGE_COUNT, PCT_PICKLE_NUMBER)->number,
    .offset = pct_pickle_item(arguments, ARRAY_OFFSET, PCT_PICKLE_NUMBER)->number,
    .rank = (int)pct_pickle_count(shape),
    .shape = dup_numbers(shape),
    .stride = dup_numbers(pct_pickle_item(arguments, ARRAY_STRIDE, PCT_PICKLE_TUPLE)),
  };
  return tensor;
}

static GPtrArray *
list_tensors(PctPickleMachine *machine, const PctPickleValue *dict)
{
  g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func(pickled_tensor_free);
  g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i + 1 < pct_pickle_count(dict); i += 2) {
    const PctPickleValue *key = dict->items->pdata[i], *value = dict->items->pdata[i + 1];
    if (key->kind != PCT_PICKLE_TEXT || value->kind != PCT_PICKLE_TENSOR) {
      pct_pickle_refuse(machine, _("it is not one dict of named arrays"));
      return NULL;
    }
    if (!g_hash_table_add(names, key->text)) {
      pct_pickle_refuse(machine, _("a name occurs twice"));
      return NULL;
    }
    g_ptr_array_add(tensors, pickled_tensor_new(key->text, value->made_of));
  }
  return g_steal_pointer(&tensors);
}

GPtrArray *
pct_unpickle_state_dict(const guint8 *bytes, gsize n, const char *shown, GError **error)
{
  PctPickleMachine machine;
  GPtrArray *tensors = NULL;
  pct_pickle_machine_init(&machine, bytes, n, shown, _("“%s” is not a valid PyTorch state dict: %s."), error);
  if (n > MAX_PICKLE) {
    pct_pickle_refuse(&machine, _("its description of the arrays is longer than 2 MB"));
  } else {
    const PctPickleValue *dict = read_dict(&machine);
    tensors = dict ? list_tensors(&machine, dict) : NULL;
  }
  pct_pickle_machine_clear(&machine);
  return tensors;
}
