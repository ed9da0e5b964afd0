// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/role-array.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"

#define MOST_COLOURS 4

// The role's own dimensions first.
static const char *const forms[PCT_N_IMPORT_ROLES][3] = {
  [PCT_ROLE_RESPONSES] = { "tm", "krm" },
  [PCT_ROLE_TRACES] = { "fm" },
  [PCT_ROLE_NEUROPIL] = { "fm" },
  [PCT_ROLE_FRAME_TIMES] = { "f" },
  [PCT_ROLE_SPIKE_TIMES] = { "s" },
  [PCT_ROLE_SPIKE_ENDS] = { "m" },
  [PCT_ROLE_CELLS] = { "m", "mp" },
  [PCT_ROLE_IMAGES] = { "khw", "khwc" },
  [PCT_ROLE_IMAGE_NAMES] = { "k" },
  [PCT_ROLE_IMAGE_NUMBERS] = { "t" },
  [PCT_ROLE_ONSETS] = { "t" },
  [PCT_ROLE_OFFSETS] = { "t" },
  [PCT_ROLE_TIERS] = { "t", "k" },
  [PCT_ROLE_SPEED] = { "t", "b" },
  [PCT_ROLE_PUPIL_SIZE] = { "t", "b" },
  [PCT_ROLE_PUPIL_POSITION] = { "tx", "bx" },
  [PCT_ROLE_BEHAVIOUR_TIMES] = { "b" },
  [PCT_ROLE_UNIT_IDS] = { "m" },
  [PCT_ROLE_POSITIONS] = { "mx" },
  [PCT_ROLE_AREAS] = { "m" },
  [PCT_ROLE_LAYERS] = { "m" },
  [PCT_ROLE_DEPTHS] = { "m" },
};

const char *const *
pct_role_get_forms(PctImportRole role)
{
  g_return_val_if_fail((int)role >= 0 && role < PCT_N_IMPORT_ROLES, NULL);
  return forms[role];
}

char *
pct_role_describe_form(const char *form)
{
  GString *text = g_string_new(NULL);
  for (const char *at = form; *at; at++) {
    const char *title = pct_import_axis_get_title(*at);
    g_string_append_printf(text, "%s%s", at == form ? "" : " × ", title ? title : "?");
  }
  return g_string_free(text, FALSE);
}

char *
pct_role_describe_shape(const PctForeignArray *array)
{
  GString *text = g_string_new(NULL);
  for (guint d = 0; d < array->n_dims; d++)
    g_string_append_printf(text, "%s%zu", d ? " × " : "", array->shape[d]);
  if (array->n_dims == 0)
    g_string_append(text, _("a single value"));
  return g_string_free(text, FALSE);
}

static gboolean
fit_form(const char *form, const PctForeignArray *array, char *axes)
{
  guint length = (guint)strlen(form), n = array->n_dims;
  if (n < length || n > PCT_NPY_MAX_DIMS)
    return FALSE;
  guint spare = n - length, at = 0;
  for (guint d = 0; d < n; d++) {
    if (spare > 0 && array->shape[d] == 1) {
      axes[d] = '1';
      spare--;
    } else if (at < length) {
      axes[d] = form[at++];
    } else {
      return FALSE;
    }
  }
  axes[n] = 0;
  const char *colour = strchr(axes, 'c');
  return spare == 0 && !(colour && array->shape[colour - axes] > MOST_COLOURS);
}

gboolean
pct_role_fit_axes(PctImportRole role, const PctForeignArray *array, char *axes)
{
  for (const char *const *form = pct_role_get_forms(role); *form; form++)
    if (fit_form(*form, array, axes))
      return TRUE;
  return FALSE;
}

// The form that has exactly the letters of axes; NULL: none.
static const char *
find_form(PctImportRole role, const char *axes)
{
  for (const char *const *form = pct_role_get_forms(role); *form; form++) {
    gsize found = 0;
    gboolean ok = TRUE;
    for (const char *at = axes; *at && ok; at++) {
      ok = *at == '1' || (strchr(*form, *at) && !strchr(at + 1, *at));
      found += *at != '1';
    }
    if (ok && found == strlen(*form))
      return *form;
  }
  return NULL;
}

static gboolean
refuse_dimensions(const PctRoleArray *array, const char *axes, GError **error)
{
  g_autofree char *expected = pct_role_describe_form(axes), *found = pct_role_describe_shape(array->entry->array);
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” cannot be “%s”: expected %s, found %s."), array->entry->name,
              _(pct_import_role_get(array->role)->title), expected, found);
  return FALSE;
}

static gboolean
check_sizes(const PctRoleArray *array, GError **error)
{
  const PctForeignArray *what = array->entry->array;
  for (guint d = 0; d < what->n_dims; d++) {
    if (what->shape[d] == 0) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is empty; expected “%s”."), array->entry->name,
                  _(pct_import_role_get(array->role)->title));
      return FALSE;
    }
    if (what->shape[d] > G_MAXINT || (array->axes[d] == '1' && what->shape[d] != 1) ||
        (array->axes[d] == 'c' && what->shape[d] > MOST_COLOURS))
      return refuse_dimensions(array, array->axes, error);
  }
  return TRUE;
}

gboolean
pct_role_array_open(PctRoleArray *out, const PctCatalogue *catalogue, const PctImportPlan *plan, PctImportRole role,
                    GError **error)
{
  *out = (PctRoleArray){ .role = role };
  const PctAssignment *assignment = &plan->roles[role];
  if (!assignment->array)
    return TRUE;
  out->entry = pct_catalogue_find(catalogue, assignment->array);
  if (!out->entry) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("There is no array “%s” in these files; it was to be “%s”."),
                assignment->array, _(pct_import_role_get(role)->title));
    return FALSE;
  }
  const PctForeignArray *what = out->entry->array;
  if (!assignment->axes && !pct_role_fit_axes(role, what, out->axes))
    return refuse_dimensions(out, pct_import_role_get(role)->dimensions, error);
  if (assignment->axes) {
    if (strlen(assignment->axes) != what->n_dims)
      return refuse_dimensions(out, assignment->axes, error);
    g_strlcpy(out->axes, assignment->axes, sizeof out->axes);
  }
  out->form = find_form(role, out->axes);
  if (!out->form)
    return refuse_dimensions(out, pct_import_role_get(role)->dimensions, error);
  return check_sizes(out, error);
}

int
pct_role_array_get_size(const PctRoleArray *array, char letter)
{
  const char *at = strchr(array->axes, letter);
  return at && letter ? (int)array->entry->array->shape[at - array->axes] : 1;
}

int
pct_role_array_count_rows(const PctRoleArray *array)
{
  if (!strchr(array->form, 'r'))
    return strchr(array->form, 't') ? pct_role_array_get_size(array, 't') : 0;
  gint64 n = (gint64)pct_role_array_get_size(array, 'k') * pct_role_array_get_size(array, 'r');
  return n <= G_MAXINT ? (int)n : 0;
}

gboolean
pct_role_array_is_text(const PctRoleArray *array)
{
  return array->entry->array->kind == PCT_NPY_UNICODE || array->entry->array->kind == PCT_NPY_BYTES;
}

gboolean
pct_role_array_is_first(const PctRoleArray *array, char letter)
{
  return array->axes[0] == letter;
}

PctNpyArray *
pct_npy_array_turn_take(PctNpyArray *array, const char *axes, const char *form, const char *shown, GError **error)
{
  g_autoptr(PctNpyArray) in = array;
  guint n = (guint)strlen(form);
  gsize stride[PCT_NPY_MAX_DIMS], shape[PCT_NPY_MAX_DIMS], index[PCT_NPY_MAX_DIMS] = { 0 }, size = in->item_size;
  gboolean ordered = TRUE;
  const char *before = axes;
  for (guint i = 0; i < n; i++) {
    const char *at = strchr(axes, form[i]);
    g_return_val_if_fail(at, NULL);
    ordered = ordered && at >= before;
    before = at;
    shape[i] = in->shape[at - axes];
    stride[i] = 1;
    for (guint d = (guint)(at - axes) + 1; d < in->n_dims; d++)
      stride[i] *= in->shape[d];
  }
  if (!ordered) {
    guint8 *out = g_try_malloc_n(MAX(in->n_items, 1), size);
    if (!out) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory to transpose “%s”."), shown);
      return NULL;
    }
    gsize offset = 0;
    for (gsize i = 0; i < in->n_items; i++) {
      memcpy(out + i * size, (const guint8 *)in->data + offset * size, size);
      for (guint d = n; d-- > 0;) {
        offset += stride[d];
        if (++index[d] < shape[d])
          break;
        offset -= stride[d] * shape[d];
        index[d] = 0;
      }
    }
    g_free(in->data);
    in->data = out;
  }
  in->n_dims = n;
  for (guint i = 0; i < n; i++)
    in->shape[i] = shape[i];
  return g_steal_pointer(&in);
}

PctNpyArray *
pct_role_array_read(const PctRoleArray *array, GError **error)
{
  PctNpyArray *read = pct_catalogue_read(array->entry, error);
  return read ? pct_npy_array_turn_take(read, array->axes, array->form, array->entry->name, error) : NULL;
}

PctNpyArray *
pct_role_array_read_part(const PctRoleArray *array, int first, int n, GError **error)
{
  PctNpyArray *read = pct_catalogue_read_part(array->entry, (gsize)first, (gsize)n, error);
  return read ? pct_npy_array_turn_take(read, array->axes, array->form, array->entry->name, error) : NULL;
}

float *
pct_role_array_read_floats(const PctRoleArray *array, GError **error)
{
  g_autoptr(PctNpyArray) read = pct_role_array_read(array, error);
  return read ? pct_npy_array_steal_floats(read, array->entry->name, error) : NULL;
}

double *
pct_role_array_read_doubles(const PctRoleArray *array, GError **error)
{
  g_autoptr(PctNpyArray) read = pct_role_array_read(array, error);
  return read ? pct_npy_array_dup_doubles(read, array->entry->name, error) : NULL;
}

char **
pct_role_array_read_texts(const PctRoleArray *array, GError **error)
{
  g_autoptr(PctNpyArray) read = pct_role_array_read(array, error);
  if (!read)
    return NULL;
  char **texts = g_new0(char *, read->n_items + 1);
  if (pct_role_array_is_text(array)) {
    for (gsize i = 0; i < read->n_items; i++)
      texts[i] = pct_npy_array_dup_text(read, i);
    return texts;
  }
  g_autofree double *values = pct_npy_array_dup_doubles(read, array->entry->name, error);
  for (gsize i = 0; values && i < read->n_items; i++) {
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    texts[i] = g_strdup(isnan(values[i]) ? "" : g_ascii_formatd(buffer, sizeof buffer, "%.15g", values[i]));
  }
  if (!values)
    g_clear_pointer(&texts, g_strfreev);
  return texts;
}
