// SPDX-License-Identifier: GPL-3.0-or-later
// The instructions (Python's pickletools.py describes them) of protocols 2 to 5 that data need. What numpy would “call”
// makes an empty array, a scalar or a data type, and is noted down with what it is then filled with.
#include "config.h"
#include "foreign/numpy-pickle.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"

// Ten thousand cells have less than a million.
#define MOST_VALUES 20000000

typedef enum { NAME_RECONSTRUCT, NAME_SCALAR, NAME_DTYPE, NAME_NDARRAY, NAME_DICT } NameKind;

static const struct {
  const char *module, *name;
  NameKind kind;
} known[] = {
  { "numpy.core.multiarray", "_reconstruct", NAME_RECONSTRUCT },
  { "numpy._core.multiarray", "_reconstruct", NAME_RECONSTRUCT },
  { "numpy.core.multiarray", "scalar", NAME_SCALAR },
  { "numpy._core.multiarray", "scalar", NAME_SCALAR },
  { "numpy", "dtype", NAME_DTYPE },
  { "numpy", "ndarray", NAME_NDARRAY },
  { "collections", "OrderedDict", NAME_DICT },
};

// An array is filled by (version, shape, type, whether column-major, bytes or list), a type by (version, byte order, ...).
enum { ARRAY_VERSION, ARRAY_SHAPE, ARRAY_DTYPE, ARRAY_FORTRAN, ARRAY_DATA, ARRAY_ITEMS };
enum { DTYPE_VERSION, DTYPE_ORDER };

static gboolean
find_name(PctPickleMachine *machine, const char *module, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS(known); i++)
    if (strcmp(module, known[i].module) == 0 && strcmp(name, known[i].name) == 0)
      return pct_pickle_push(machine, (PctPickleValue){ .kind = PCT_PICKLE_NAME, .number = i });
  g_autofree char *valid_module = g_utf8_make_valid(module, (gssize)strnlen(module, 80));
  g_autofree char *valid_name = g_utf8_make_valid(name, (gssize)strnlen(name, 80));
  g_set_error(machine->error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              _("“%s” asks for “%s.%s”, which only a program could want: numbers, text and numpy’s arrays alone are read, "
                "and nothing in the file was run."),
              machine->shown, valid_module, valid_name);
  return FALSE;
}

static gboolean
push_name(PctPickleMachine *machine)
{
  g_autofree char *module = pct_pickle_read_line(machine);
  g_autofree char *name = module ? pct_pickle_read_line(machine) : NULL;
  return name && find_name(machine, module, name);
}

static gboolean
push_name_from_stack(PctPickleMachine *machine)
{
  if (!pct_pickle_needs(machine, 2))
    return FALSE;
  const PctPickleValue *module = pct_pickle_peek(machine, 1), *name = pct_pickle_peek(machine, 0);
  if (module->kind != PCT_PICKLE_TEXT || name->kind != PCT_PICKLE_TEXT)
    return pct_pickle_refuse(machine, _("it calls what cannot be called"));
  pct_pickle_drop(machine, 2);
  return find_name(machine, module->text, name->text);
}

// A call, with its arguments on top.
static gboolean
call(PctPickleMachine *machine)
{
  if (!pct_pickle_needs(machine, 2))
    return FALSE;
  const PctPickleValue *callee = pct_pickle_peek(machine, 1), *arguments = pct_pickle_peek(machine, 0);
  if (callee->kind != PCT_PICKLE_NAME || arguments->kind != PCT_PICKLE_TUPLE)
    return pct_pickle_refuse(machine, _("it calls what cannot be called"));
  PctPickleKind kind;
  switch (known[callee->number].kind) {
  case NAME_RECONSTRUCT: kind = PCT_PICKLE_ARRAY; break;
  case NAME_SCALAR: kind = PCT_PICKLE_SCALAR; break;
  case NAME_DTYPE: kind = PCT_PICKLE_DTYPE; break;
  case NAME_DICT: kind = PCT_PICKLE_DICT; break;
  default: return pct_pickle_refuse(machine, _("it calls what cannot be called"));
  }
  pct_pickle_drop(machine, 2);
  return pct_pickle_push(machine, kind == PCT_PICKLE_DICT
                                      ? (PctPickleValue){ .kind = kind }
                                      : (PctPickleValue){ .kind = kind, .made_of = arguments });
}

static gboolean
build(PctPickleMachine *machine)
{
  if (!pct_pickle_needs(machine, 2))
    return FALSE;
  const PctPickleValue *state = pct_pickle_peek(machine, 0);
  PctPickleValue *value = pct_pickle_peek(machine, 1);
  if ((value->kind != PCT_PICKLE_ARRAY && value->kind != PCT_PICKLE_DTYPE) || state->kind != PCT_PICKLE_TUPLE)
    return pct_pickle_refuse(machine, _("it fills what cannot be filled"));
  value->state = state;
  pct_pickle_drop(machine, 1);
  return TRUE;
}

static gboolean
check_protocol(PctPickleMachine *machine)
{
  guint64 protocol;
  if (!pct_pickle_read(machine, 1, &protocol))
    return FALSE;
  return (protocol >= 2 && protocol <= 5) || pct_pickle_refuse(machine, _("its protocol is not one of 2 to 5"));
}

// A number of more than 64 bits is nothing that is read here.
static gboolean
push_long(PctPickleMachine *machine, guint n_bytes)
{
  guint64 n;
  if (!pct_pickle_read(machine, n_bytes, &n))
    return FALSE;
  if (n <= 8)
    return pct_pickle_push_integer(machine, (guint)n, TRUE);
  if (n > (gsize)(machine->end - machine->at))
    return pct_pickle_refuse(machine, _("it ends too early"));
  machine->at += n;
  return pct_pickle_push(machine, (PctPickleValue){ .kind = PCT_PICKLE_NONE });
}

static gboolean
push_empty(PctPickleMachine *machine, PctPickleKind kind)
{
  return pct_pickle_push(machine, (PctPickleValue){ .kind = kind });
}

static gboolean
make_list(PctPickleMachine *machine)
{
  guint n;
  if (!pct_pickle_close_mark(machine, &n) || !pct_pickle_make_tuple(machine, n))
    return FALSE;
  pct_pickle_peek(machine, 0)->kind = PCT_PICKLE_LIST;
  return TRUE;
}

static gboolean
drop(PctPickleMachine *machine)
{
  if (!pct_pickle_needs(machine, 1))
    return FALSE;
  pct_pickle_drop(machine, 1);
  return TRUE;
}

// One instruction other than the last, STOP.
static gboolean
step(PctPickleMachine *machine, guint8 instruction)
{
  guint n;
  guint64 ignored;
  switch (instruction) {
  case 0x80: return check_protocol(machine);
  case 0x95: return pct_pickle_read(machine, 8, &ignored);  // a frame's length
  case '(': return pct_pickle_mark(machine);
  case ')': return pct_pickle_make_tuple(machine, 0);
  case 0x85: return pct_pickle_make_tuple(machine, 1);
  case 0x86: return pct_pickle_make_tuple(machine, 2);
  case 0x87: return pct_pickle_make_tuple(machine, 3);
  case 't': return pct_pickle_close_mark(machine, &n) && pct_pickle_make_tuple(machine, n);
  case '}': return push_empty(machine, PCT_PICKLE_DICT);
  case 's': return pct_pickle_set_items(machine, 2);
  case 'u': return pct_pickle_close_mark(machine, &n) && pct_pickle_set_items(machine, n);
  case ']': return push_empty(machine, PCT_PICKLE_LIST);
  case 'l': return make_list(machine);
  case 'a': return pct_pickle_append(machine, 1);
  case 'e': return pct_pickle_close_mark(machine, &n) && pct_pickle_append(machine, n);
  case 'N': return push_empty(machine, PCT_PICKLE_NONE);
  case 'X': return pct_pickle_push_text(machine, 4);
  case 0x8c: return pct_pickle_push_text(machine, 1);
  case 0x8d: return pct_pickle_push_text(machine, 8);
  case 'B': return pct_pickle_push_bytes(machine, 4);
  case 'C': return pct_pickle_push_bytes(machine, 1);
  case 0x8e:
  case 0x96: return pct_pickle_push_bytes(machine, 8);
  case 'K': return pct_pickle_push_integer(machine, 1, FALSE);
  case 'M': return pct_pickle_push_integer(machine, 2, FALSE);
  case 'J': return pct_pickle_push_integer(machine, 4, TRUE);
  case 0x8a: return push_long(machine, 1);
  case 0x8b: return push_long(machine, 4);
  case 'G': return pct_pickle_push_real(machine);
  case 0x88: return pct_pickle_push_number(machine, 1);
  case 0x89: return pct_pickle_push_number(machine, 0);
  case 'c': return push_name(machine);
  case 0x93: return push_name_from_stack(machine);
  case 'R': return call(machine);
  case 'b': return build(machine);
  case '0': return drop(machine);
  case 'q': return pct_pickle_put(machine, 1);
  case 'r': return pct_pickle_put(machine, 4);
  case 0x94: return pct_pickle_memoize(machine);
  case 'h': return pct_pickle_get(machine, 1);
  case 'j': return pct_pickle_get(machine, 4);
  default:
    g_set_error(machine->error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” uses the pickle instruction 0x%02x, which is refused: plain data do without it."), machine->shown,
                instruction);
    return FALSE;
  }
}

const PctPickleValue *
pct_numpy_pickle_read(PctPickleMachine *machine)
{
  while (machine->at < machine->end) {
    guint8 instruction = *machine->at++;
    if (instruction == '.') {
      if (machine->marks->len == 0 && machine->stack->len == 1)
        return pct_pickle_peek(machine, 0);
      pct_pickle_refuse(machine, _("its instructions give more than one value"));
      return NULL;
    }
    if (!step(machine, instruction))
      return NULL;
    if (machine->values->len > MOST_VALUES) {
      g_set_error(machine->error, PCT_ERROR, PCT_ERROR_MEMORY, _("“%s” holds more values than can be meant."),
                  machine->shown);
      return NULL;
    }
  }
  pct_pickle_refuse(machine, _("it ends too early"));
  return NULL;
}

const PctPickleValue *
pct_numpy_pickle_get_objects(const PctPickleValue *array)
{
  return array->kind == PCT_PICKLE_ARRAY && array->state
             ? pct_pickle_item(array->state, ARRAY_DATA, PCT_PICKLE_LIST)
             : NULL;
}

// "<f8" of a type, or NULL.
static char *
dup_descr(const PctPickleValue *type)
{
  const PctPickleValue *code = type && type->made_of ? pct_pickle_item(type->made_of, 0, PCT_PICKLE_TEXT) : NULL;
  const PctPickleValue *order = type && type->state ? pct_pickle_item(type->state, DTYPE_ORDER, PCT_PICKLE_TEXT) : NULL;
  // Nothing longer is a type, and quotes would end the header's text.
  if (!code || strlen(code->text) > 8 || strpbrk(code->text, "'\"\\"))
    return NULL;
  return g_strdup_printf("%s%s", order && strcmp(order->text, ">") == 0 ? ">" : "<", code->text);
}

// An array's state is what an .npy file's header says: its reader checks one as the other.
PctNpyArray *
pct_numpy_pickle_dup_array(const PctPickleValue *value, const char *shown, GError **error)
{
  const PctPickleValue *tuple = value->kind == PCT_PICKLE_SCALAR ? value->made_of : value->state;
  gboolean scalar = value->kind == PCT_PICKLE_SCALAR, whole = tuple != NULL;
  const PctPickleValue *type = whole ? pct_pickle_item(tuple, scalar ? 0 : ARRAY_DTYPE, PCT_PICKLE_DTYPE) : NULL;
  const PctPickleValue *data = whole ? pct_pickle_item(tuple, scalar ? 1 : ARRAY_DATA, PCT_PICKLE_BYTES) : NULL;
  const PctPickleValue *shape = whole && !scalar ? pct_pickle_item(tuple, ARRAY_SHAPE, PCT_PICKLE_TUPLE) : NULL;
  const PctPickleValue *order = whole && !scalar ? pct_pickle_item(tuple, ARRAY_FORTRAN, PCT_PICKLE_NUMBER) : NULL;
  g_autofree char *descr = dup_descr(type);
  whole = descr && data && (scalar || (shape && pct_pickle_count(shape) <= PCT_NPY_MAX_DIMS));
  g_autoptr(GString) sizes = g_string_new(NULL);
  for (guint i = 0; whole && shape && i < pct_pickle_count(shape); i++) {
    const PctPickleValue *size = pct_pickle_item(shape, i, PCT_PICKLE_NUMBER);
    whole = size && size->number >= 0;
    if (whole)
      g_string_append_printf(sizes, "%" G_GINT64_FORMAT ", ", size->number);
  }
  if (!whole) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is damaged: an array is not described as one."), shown);
    return NULL;
  }
  g_autoptr(GByteArray) file = g_byte_array_new();
  g_autofree char *header = g_strdup_printf("{'descr': '%s', 'fortran_order': %s, 'shape': (%s)}", descr,
                                            order && order->number ? "True" : "False", sizes->str);
  guint length = (guint)strlen(header);
  const guint8 fixed[] = { 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (guint8)length, (guint8)(length >> 8) };
  g_byte_array_append(file, fixed, sizeof fixed);
  g_byte_array_append(file, (const guint8 *)header, length);
  if (data->n_bytes > 0 && data->n_bytes < G_MAXUINT / 2)
    g_byte_array_append(file, data->bytes, (guint)data->n_bytes);
  return pct_npy_read_memory(file->data, file->len, shown, error);
}
