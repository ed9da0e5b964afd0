// SPDX-License-Identifier: GPL-3.0-or-later
// Which image each trial showed: by number (counted from 0 or from 1, or the images' own numbers), by name, or, where
// nothing tells, by order. Blanks are left out; an image that there is not is an error, never a guess.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "import/assembly.h"

static gboolean
is_blank_name(const char *name)
{
  static const char *const blanks[] = { "", "blank", "grey", "gray", "none", "nan", "null", "n/a", "spontaneous",
                                        "grey_screen", "gray_screen", "-1", NULL };
  g_autofree char *folded = g_utf8_casefold(name, -1);
  g_autofree char *word = g_strdup(g_strstrip(folded));
  return g_strv_contains(blanks, word);
}

// "images/IM012.PNG" -> "im012": what two spellings of a name have in common. Free with g_free.
static char *
dup_stem(const char *name)
{
  const char *slash = strrchr(name, '/'), *backslash = strrchr(name, '\\');
  const char *base = MAX(slash ? slash + 1 : name, backslash ? backslash + 1 : name);
  g_autofree char *folded = g_utf8_casefold(base, -1);
  char *dot = strrchr(folded, '.');
  // "0.25" is a number, not a name with an ending.
  if (dot && dot != folded && g_ascii_isalpha(dot[1]))
    *dot = 0;
  return g_strdup(g_strstrip(folded));
}

// Names to image numbers + 1; -1: several.
static GHashTable *
index_names(char **names, int n, gboolean stems)
{
  GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (int i = 0; i < n; i++) {
    char *key = stems ? dup_stem(names[i]) : g_strdup(names[i]);
    gboolean twice = g_hash_table_contains(known, key);
    g_hash_table_replace(known, key, GINT_TO_POINTER(twice ? -1 : i + 1));
  }
  return known;
}

static gboolean
refuse_names(const PctRoleArray *table, char **rows, const int *unknown, int n_unknown, const char *example,
             GError **error)
{
  GString *list = g_string_new(NULL);
  for (int i = 0; i < MIN(n_unknown, 3); i++)
    g_string_append_printf(list, "%s“%s”", i ? ", " : "", rows[unknown[i]]);
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
              _("“%s” names images that there are not, or several of, in %d trials (%s; first in trial %d); images "
                "have names such as “%s”."), table->entry->name, n_unknown, list->str, unknown[0], example);
  g_string_free(list, TRUE);
  return FALSE;
}

static gboolean
match_names(PctAssembly *assembly, const PctRoleArray *table, char **rows, char **names, int n_images, GError **error)
{
  g_autoptr(GHashTable) exact = index_names(names, n_images, FALSE), stems = index_names(names, n_images, TRUE);
  g_autofree int *unknown = g_new(int, assembly->n_rows);
  int n_unknown = 0, n_blank = 0;
  for (int i = 0; i < assembly->n_rows; i++) {
    int found = GPOINTER_TO_INT(g_hash_table_lookup(exact, rows[i]));
    if (found <= 0) {
      g_autofree char *stem = dup_stem(rows[i]);
      found = GPOINTER_TO_INT(g_hash_table_lookup(stems, stem));
    }
    assembly->image[i] = found > 0 ? found - 1 : -1;
    if (found <= 0 && is_blank_name(rows[i]))
      n_blank++;
    else if (found <= 0)
      unknown[n_unknown++] = i;
  }
  if (n_unknown > 0)
    return refuse_names(table, rows, unknown, n_unknown, names[0], error);
  if (n_blank > 0)
    pct_assembly_take_remark(assembly, g_strdup_printf(_("%d of %d trials showed no image (blanks) and are left out."),
                                                       n_blank, assembly->n_rows));
  return TRUE;
}

// The whole number at the end of a name's stem ("im0012" -> 12); FALSE: there is none.
static gboolean
get_last_number(const char *name, gint64 *number)
{
  g_autofree char *stem = dup_stem(name);
  gsize end = strlen(stem), digits = 0;
  while (digits < end && g_ascii_isdigit(stem[end - 1 - digits]))
    digits++;
  *number = digits > 0 && digits <= 9 ? g_ascii_strtoll(stem + end - digits, NULL, 10) : 0;
  return digits > 0 && digits <= 9;
}

// Numbers in the images' names that differ and are all that the table speaks of: a stack in another order than its
// numbers say ("im10" before "im2") is then read rightly. Numbers to image numbers + 1; NULL: the names tell nothing.
static GHashTable *
index_numbers(char **names, int n_images, const double *rows, int n_rows)
{
  g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
  for (int i = 0; i < n_images; i++) {
    gint64 number;
    if (!get_last_number(names[i], &number) || g_hash_table_contains(known, GINT_TO_POINTER((int)number)))
      return NULL;
    g_hash_table_insert(known, GINT_TO_POINTER((int)number), GINT_TO_POINTER(i + 1));
  }
  for (int i = 0; i < n_rows; i++)
    if (!isnan(rows[i]) && !g_hash_table_contains(known, GINT_TO_POINTER((int)rows[i])))
      return NULL;
  return g_steal_pointer(&known);
}

// Blanks become NAN; whatever else is not a whole number is refused.
static gboolean
drop_blanks(PctAssembly *assembly, const PctRoleArray *table, double *rows, GError **error)
{
  double blank = pct_import_plan_get(assembly->plan, "blank");
  int n_blank = 0;
  for (int i = 0; i < assembly->n_rows; i++) {
    if (isnan(rows[i]) || rows[i] == blank || rows[i] == -1) {
      rows[i] = NAN;
      n_blank++;
    } else if (rows[i] != floor(rows[i]) || fabs(rows[i]) > G_MAXINT) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT,
                  _("“%s” has %g at trial %d; expected the whole number of an image."), table->entry->name, rows[i], i);
      return FALSE;
    }
  }
  if (n_blank > 0)
    pct_assembly_take_remark(assembly, g_strdup_printf(_("%d of %d trials showed no image (blanks) and are left out."),
                                                       n_blank, assembly->n_rows));
  return TRUE;
}

static int
choose_first_number(PctAssembly *assembly, const PctRoleArray *table, const double *rows, int n_images)
{
  if (!pct_assembly_setting_is(assembly, "first_image", "auto"))
    return pct_assembly_setting_is(assembly, "first_image", "1") ? 1 : 0;
  double least = INFINITY, most = -INFINITY;
  for (int i = 0; i < assembly->n_rows; i++)
    if (!isnan(rows[i])) {
      least = MIN(least, rows[i]);
      most = MAX(most, rows[i]);
    }
  if (least < 1 || !isfinite(least))
    return 0;
  if (most >= n_images)
    return 1;
  // Neither the first number of one way of counting nor the last of the other occurs.
  int first = g_str_has_prefix(table->entry->source->format, "MATLAB") ? 1 : 0;
  pct_assembly_take_remark(assembly, g_strdup_printf(
    _("Image numbers in “%s” go from %.0f to %.0f for %d images, so that they may count from 0 or from 1; they were "
      "taken to count from %d."), table->entry->name, least, most, n_images, first));
  return first;
}

// A number that is none of those in the images' names, where these are numbered; FALSE: there is none such.
static gboolean
find_unnamed(char **names, int n_images, const double *rows, int n_rows, int *row)
{
  g_autoptr(GHashTable) known = names ? g_hash_table_new(NULL, NULL) : NULL;
  gint64 number;
  for (int i = 0; names && i < n_images; i++)
    if (!get_last_number(names[i], &number) || !g_hash_table_add(known, GINT_TO_POINTER((int)number)))
      return FALSE;
  for (int i = 0; names && i < n_rows; i++)
    if (!isnan(rows[i]) && !g_hash_table_contains(known, GINT_TO_POINTER((int)rows[i]))) {
      *row = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
match_numbers(PctAssembly *assembly, const PctRoleArray *table, char **names, double *rows, int n_images, GError **error)
{
  int first = choose_first_number(assembly, table, rows, n_images);
  for (int i = 0; i < assembly->n_rows; i++) {
    double image = rows[i] - first;
    int unnamed;
    if ((image < 0 || image >= n_images) && find_unnamed(names, n_images, rows, assembly->n_rows, &unnamed)) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                  _("“%s” says that trial %d showed image %.0f, but none of the %d images has that number in its name, as "
                    "“%s” has."),
                  table->entry->name, unnamed, rows[unnamed], n_images, names[0]);
      return FALSE;
    }
    if (image < 0 || image >= n_images) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                  _("“%s” says that trial %d showed image %.0f, but there are %d images: expected numbers from %d to "
                    "%d (if it is a blank, set the number of a blank)."),
                  table->entry->name, i, rows[i], n_images, first, n_images - 1 + first);
      return FALSE;
    }
    assembly->image[i] = isnan(image) ? -1 : (gint32)image;
  }
  return TRUE;
}

// The table's numbers against the numbers that images themselves have.
static gboolean
match_own_numbers(PctAssembly *assembly, GHashTable *known, const double *rows)
{
  for (int i = 0; i < assembly->n_rows; i++)
    assembly->image[i] = isnan(rows[i]) ? -1
                         : GPOINTER_TO_INT(g_hash_table_lookup(known, GINT_TO_POINTER((int)rows[i]))) - 1;
  return TRUE;
}

static gboolean
read_numbers(PctAssembly *assembly, const PctRoleArray *table, char **names, int n_images, GError **error)
{
  g_autofree double *rows = pct_role_array_read_doubles(table, error);
  if (!rows || !drop_blanks(assembly, table, rows, error))
    return FALSE;
  g_autoptr(GHashTable) known = names ? index_numbers(names, n_images, rows, assembly->n_rows) : NULL;
  if (!known)
    return match_numbers(assembly, table, names, rows, n_images, error);
  pct_assembly_take_remark(assembly, g_strdup_printf(_("Image numbers in “%s” are those in the images’ names (“%s”)."),
                                                     table->entry->name, names[0]));
  return match_own_numbers(assembly, known, rows);
}

static gboolean
read_names(PctAssembly *assembly, const PctRoleArray *table, char **names, int n_images, GError **error)
{
  if (!names) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("“%s” names the image of each trial, but nothing has the names of the images."), table->entry->name);
    return FALSE;
  }
  g_auto(GStrv) rows = pct_role_array_read_texts(table, error);
  return rows && match_names(assembly, table, rows, names, n_images, error);
}

static gboolean
match_order(PctAssembly *assembly, int n_images, GError **error)
{
  int n_repeats = MAX(assembly->n_repeats, 1);
  if (assembly->n_rows / n_repeats != n_images) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” has %d trials and there are %d images; an array must say which image each trial showed."),
                assembly->rows_from, assembly->n_rows, n_images);
    return FALSE;
  }
  assembly->image_by_order = assembly->n_repeats == 0;
  for (int i = 0; i < assembly->n_rows; i++)
    assembly->image[i] = i / n_repeats;
  return TRUE;
}

gboolean
pct_image_table_read(PctAssembly *assembly, int n_images, GError **error)
{
  PctRoleArray table, named;
  if (!pct_assembly_open(assembly, PCT_ROLE_IMAGE_NUMBERS, &table, error) ||
      !pct_assembly_open(assembly, PCT_ROLE_IMAGE_NAMES, &named, error))
    return FALSE;
  if (table.entry &&
      !pct_assembly_match_rows(assembly, pct_role_array_get_size(&table, 't'), table.entry->name, error))
    return FALSE;
  if (named.entry && pct_role_array_get_size(&named, 'k') != n_images) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("“%s” names %d images, but there are %d."), named.entry->name,
                pct_role_array_get_size(&named, 'k'), n_images);
    return FALSE;
  }
  char **names = assembly->image_names = named.entry ? pct_role_array_read_texts(&named, error) : NULL;
  if (named.entry && !names)
    return FALSE;
  assembly->image = g_new(gint32, MAX(assembly->n_rows, 1));
  if (!table.entry)
    return match_order(assembly, n_images, error);
  return pct_role_array_is_text(&table) ? read_names(assembly, &table, names, n_images, error)
                                        : read_numbers(assembly, &table, names, n_images, error);
}
