// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/image-stack.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/area-resize.h"

#define MOST_PICTURES 12
#define MOST_SIDE 112            // of an image that is left as it is
#define MOST_HEIGHT 64           // of one that is made smaller
#define MOST_WIDTH 112
#define PIECE ((gsize)8 << 20)   // bytes read at a time

gboolean
pct_image_stack_open(PctImageStack *stack, const PctAssembly *assembly, GError **error)
{
  *stack = (PctImageStack){ 0 };
  if (!pct_assembly_open(assembly, PCT_ROLE_IMAGES, &stack->array, error))
    return FALSE;
  if (!stack->array.entry || pct_role_array_is_text(&stack->array)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                        _("Nothing has the images; expected a stack of pictures, or a folder of them."));
    return FALSE;
  }
  stack->n_images = pct_role_array_get_size(&stack->array, 'k');
  stack->height = pct_role_array_get_size(&stack->array, 'h');
  stack->width = pct_role_array_get_size(&stack->array, 'w');
  stack->colours = pct_role_array_get_size(&stack->array, 'c');
  return TRUE;
}

// The smallest whole number that divides both sides, is at least `needed`, and does not make them much smaller than
// need be; 0: there is none. Whole blocks of pixels are averaged exactly.
static int
find_divisor(int height, int width, double needed)
{
  for (int by = (int)ceil(needed); by <= 2 * needed; by++)
    if (height % by == 0 && width % by == 0)
      return by;
  return 0;
}

void
pct_image_stack_choose_size(const PctImportPlan *plan, int height, int width, int *out_height, int *out_width)
{
  *out_height = (int)pct_import_plan_get(plan, "height");
  *out_width = (int)pct_import_plan_get(plan, "width");
  if (*out_height == 0 && *out_width == 0) {
    double needed = MAX((double)height / MOST_HEIGHT, (double)width / MOST_WIDTH);
    gboolean large = height > MOST_SIDE || width > MOST_SIDE;
    int by = large ? find_divisor(height, width, needed) : 1;
    *out_height = by ? height / by : MAX(1, (int)lround(height / needed));
    *out_width = by ? width / by : MAX(1, (int)lround(width / needed));
  } else if (*out_height == 0) {
    *out_height = MAX(1, (int)lround((double)height * *out_width / width));
  } else if (*out_width == 0) {
    *out_width = MAX(1, (int)lround((double)width * *out_height / height));
  }
}

// What is done to every picture, and what is found on the way.
typedef struct {
  const PctImageStack *stack;
  PctAssembly *assembly;
  PctRecordingData *data;
  gint32 *used;           // (stack->n_images,) its number among the shown ones, or -1
  int n_used;
  gboolean stretch;
  float *grey;            // (height, width) as they came
  float least, most;      // of all pixels as they came
  int *picture;           // (n_used,) its place in the preview, or -1
} Reader;

// Rec. 601 luma; a second or fourth channel is how opaque a pixel is, and not asked.
static void
make_grey(const Reader *reader, const float *in, float *out)
{
  gsize n = (gsize)reader->stack->height * (gsize)reader->stack->width, c = (gsize)reader->stack->colours;
  if (c <= 2) {
    for (gsize i = 0; i < n; i++)
      out[i] = in[i * c];
    return;
  }
  for (gsize i = 0; i < n; i++)
    out[i] = 0.299f * in[i * c] + 0.587f * in[i * c + 1] + 0.114f * in[i * c + 2];
}

static gboolean
check_pixels(Reader *reader, int image, GError **error)
{
  gsize n = (gsize)reader->stack->height * (gsize)reader->stack->width;
  for (gsize i = 0; i < n; i++) {
    if (!isfinite(reader->grey[i])) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” has a pixel that is not a finite number, in image %d."),
                  reader->stack->array.entry->name, image);
      return FALSE;
    }
    reader->least = MIN(reader->least, reader->grey[i]);
    reader->most = MAX(reader->most, reader->grey[i]);
  }
  return TRUE;
}

static gboolean
take_image(Reader *reader, const float *pixels, int image, GError **error)
{
  const PctImageStack *stack = reader->stack;
  int number = reader->used[image], h = reader->data->height, w = reader->data->width;
  make_grey(reader, pixels, reader->grey);
  if (!check_pixels(reader, image, error))
    return FALSE;
  float *out = reader->data->image_floats + (gsize)number * (gsize)h * (gsize)w;
  if (reader->stretch)
    pct_area_resize(reader->grey, stack->height, stack->width, 0, 0, stack->height, stack->width, h, w, out);
  else
    pct_area_resize_middle(reader->grey, stack->height, stack->width, h, w, out);
  int picture = reader->picture[number];
  gsize full = (gsize)stack->height * (gsize)stack->width;
  if (picture >= 0)
    memcpy(reader->assembly->preview->full + (gsize)picture * full, reader->grey, full * sizeof(float));
  return TRUE;
}

static gboolean
read_piece(Reader *reader, int first, int n, GError **error)
{
  const PctRoleArray *array = &reader->stack->array;
  g_autoptr(PctNpyArray) piece = n < reader->stack->n_images ? pct_role_array_read_part(array, first, n, error)
                                                             : pct_role_array_read(array, error);
  if (!piece)
    return FALSE;
  // Image by image: bytes as floats would be four times the stack.
  PctNpyArray one = *piece;
  one.n_items = piece->n_items / (gsize)n;
  for (int i = 0; i < n; i++) {
    one.data = (guint8 *)piece->data + (gsize)i * one.n_items * one.item_size;
    g_autofree float *pixels = reader->used[first + i] >= 0 ? pct_npy_array_dup_floats(&one, array->entry->name, error)
                                                            : NULL;
    if ((reader->used[first + i] >= 0 && !pixels) || (pixels && !take_image(reader, pixels, first + i, error)) ||
        (i % 16 == 15 && !pct_run_step(reader->assembly->run, first + i, reader->stack->n_images, error)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_all(Reader *reader, GError **error)
{
  const PctImageStack *stack = reader->stack;
  gsize bytes = (gsize)stack->height * (gsize)stack->width * (gsize)stack->colours *
                MAX(sizeof(float), stack->array.entry->array->item_size);
  // Other orders than image by image can only be turned as a whole.
  int piece = pct_role_array_is_first(&stack->array, 'k') ? (int)CLAMP(PIECE / bytes, 1, (gsize)stack->n_images)
                                                           : stack->n_images;
  for (int first = 0; first < stack->n_images; first += piece)
    if (!read_piece(reader, first, MIN(piece, stack->n_images - first), error) ||
        !pct_run_step(reader->assembly->run, first, stack->n_images, error))
      return FALSE;
  return TRUE;
}

// Grey level = scale * pixel + shift, and what is said of it; NULL: nothing.
static char *
choose_levels(const Reader *reader, float *scale, float *shift)
{
  const PctAssembly *assembly = reader->assembly;
  const char *name = reader->stack->array.entry->name;
  float least = reader->least, most = reader->most;
  gboolean automatic = pct_assembly_setting_is(assembly, "levels", "auto");
  *scale = 1;
  *shift = 0;
  if (pct_assembly_setting_is(assembly, "levels", "as-they-are") ||
      (automatic && least >= 0 && most > 1 && most <= 255))
    return NULL;
  if (pct_assembly_setting_is(assembly, "levels", "unit") || (automatic && least >= 0 && most <= 1)) {
    *scale = 255;
    return g_strdup_printf(_("Pixel values in “%s” go from %g to %g; 0 to 1 were taken as grey levels 0 to 255."), name,
                           (double)least, (double)most);
  }
  if (!(most > least))
    return g_strdup_printf(_("All pixels in “%s” are %g."), name, (double)least);
  *scale = 255 / (most - least);
  *shift = -least * *scale;
  return g_strdup_printf(_("Pixel values in “%s” go from %g to %g; these were taken as grey levels 0 to 255."), name,
                         (double)least, (double)most);
}

static void
apply_levels(float *pixels, gsize n, float scale, float shift)
{
  if (scale == 1 && shift == 0)
    return;
  for (gsize i = 0; i < n; i++)
    pixels[i] = CLAMP(scale * pixels[i] + shift, 0.0f, 255.0f);
}

static void
set_levels(const Reader *reader)
{
  float scale, shift;
  char *remark = choose_levels(reader, &scale, &shift);
  const PctRecordingData *data = reader->data;
  PctImportPreview *preview = reader->assembly->preview;
  apply_levels(data->image_floats, (gsize)reader->n_used * (gsize)data->height * (gsize)data->width, scale, shift);
  apply_levels(preview->full,
               (gsize)preview->n_pictures * (gsize)preview->full_height * (gsize)preview->full_width, scale, shift);
  if (remark)
    pct_assembly_take_remark(reader->assembly, remark);
}

// Numbers the images that rows showed, in the order of the stack.
static void
find_used(Reader *reader)
{
  int n = reader->stack->n_images;
  reader->used = g_new(gint32, n);
  for (int i = 0; i < n; i++)
    reader->used[i] = -1;
  for (int i = 0; i < reader->assembly->n_rows; i++)
    if (reader->assembly->image[i] >= 0)
      reader->used[reader->assembly->image[i]] = 0;
  for (int i = 0; i < n; i++)
    if (reader->used[i] == 0)
      reader->used[i] = reader->n_used++;
  if (reader->n_used < n && reader->n_used > 0)
    pct_assembly_take_remark(reader->assembly, g_strdup_printf(
      _("%d of %d images in “%s” were not shown in any trial and are left out."), n - reader->n_used, n,
      reader->stack->array.entry->name));
}

static void
choose_size(Reader *reader)
{
  const PctImageStack *stack = reader->stack;
  PctRecordingData *data = reader->data;
  pct_image_stack_choose_size(reader->assembly->plan, stack->height, stack->width, &data->height, &data->width);
  // Of the part that is kept: a cropped image loses degrees, not pixels' worth.
  double by = MIN((double)stack->height / data->height, (double)stack->width / data->width);
  if (reader->stretch)
    by = (double)stack->width / data->width;
  data->degrees_per_pixel = (float)(pct_import_plan_get(reader->assembly->plan, "degrees_per_pixel") * by);
  if (data->height == stack->height && data->width == stack->width)
    return;
  // What rounding to whole pixels takes off is less than one of them.
  double lost = stack->height - by * data->height + stack->width - by * data->width;
  gboolean cropped = !reader->stretch && lost >= by;
  pct_assembly_take_remark(reader->assembly, g_strdup_printf(
    cropped ? _("Images of %d × %d pixels were cropped to their middle and resized to %d × %d by averaging over areas.")
            : _("Images of %d × %d pixels were resized to %d × %d by averaging over areas."),
    stack->height, stack->width, data->height, data->width));
}

static gboolean
allocate(Reader *reader, GError **error)
{
  const PctImageStack *stack = reader->stack;
  PctRecordingData *data = reader->data;
  PctImportPreview *preview = reader->assembly->preview;
  gsize small = (gsize)data->height * (gsize)data->width, full, n_full, n_small;
  gboolean sound = g_size_checked_mul(&full, (gsize)stack->height, (gsize)stack->width) &&
                   g_size_checked_mul(&n_full, full, MOST_PICTURES * sizeof(float)) &&
                   g_size_checked_mul(&n_small, small * sizeof(float), (gsize)reader->n_used);
  preview->n_pictures = MIN(MOST_PICTURES, reader->n_used);
  preview->height = data->height;
  preview->width = data->width;
  preview->full_height = stack->height;
  preview->full_width = stack->width;
  data->image_floats = sound ? g_try_malloc(n_small) : NULL;
  reader->grey = sound ? g_try_new(float, full) : NULL;
  preview->full = sound ? g_try_new(float, full * (gsize)preview->n_pictures) : NULL;
  preview->pictures = g_try_new(float, small * (gsize)preview->n_pictures);
  if (data->image_floats && reader->grey && preview->full && preview->pictures)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for %d images of %d × %d pixels."),
              reader->n_used, stack->height, stack->width);
  return FALSE;
}

static void
choose_pictures(Reader *reader)
{
  int n = reader->assembly->preview->n_pictures;
  reader->picture = g_new(int, reader->n_used);
  for (int i = 0; i < reader->n_used; i++)
    reader->picture[i] = -1;
  for (int i = 0; i < n; i++)
    reader->picture[(gint64)i * reader->n_used / n] = i;
}

static void
finish_pictures(const Reader *reader)
{
  const PctRecordingData *data = reader->data;
  PctImportPreview *preview = reader->assembly->preview;
  char **names = reader->assembly->image_names;
  gsize small = (gsize)data->height * (gsize)data->width;
  preview->picture_names = names ? g_new0(char *, preview->n_pictures + 1) : NULL;
  for (int i = 0; i < reader->stack->n_images; i++) {
    int number = reader->used[i], picture = number >= 0 ? reader->picture[number] : -1;
    if (picture < 0)
      continue;
    memcpy(preview->pictures + (gsize)picture * small, data->image_floats + (gsize)number * small,
           small * sizeof(float));
    if (names)
      preview->picture_names[picture] = g_strdup(names[i]);
  }
}

// For each image the first one of the same pixels. *n_different: how many different ones there are.
static gboolean
find_equal(const Reader *reader, gint32 *same, int *n_different, GError **error)
{
  const PctRecordingData *data = reader->data;
  gsize pixels = (gsize)data->height * (gsize)data->width;
  g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (int i = 0; i < reader->n_used; i++) {
    char *content = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
      (const guchar *)(data->image_floats + (gsize)i * pixels), pixels * sizeof(float));
    gpointer first;
    if (g_hash_table_lookup_extended(known, content, NULL, &first)) {
      same[i] = GPOINTER_TO_INT(first);
      g_free(content);
    } else {
      same[i] = i;
      g_hash_table_insert(known, content, GINT_TO_POINTER(i));
    }
    if (i % 256 == 255 && !pct_run_step(reader->assembly->run, 1, 1, error))
      return FALSE;
  }
  *n_different = (int)g_hash_table_size(known);
  return TRUE;
}

// Rows of equal pictures show one image; numbers close up.
static void
merge_equal(Reader *reader, gint32 *source_image, gint32 *same, int n_different)
{
  PctRecordingData *data = reader->data;
  gsize pixels = (gsize)data->height * (gsize)data->width;
  int n = reader->n_used, at = 0;
  g_autofree gint32 *number = g_new(gint32, n);
  for (int i = 0; i < n; i++) {
    number[i] = same[i] == i ? at : number[same[i]];
    if (same[i] != i)
      continue;
    memmove(data->image_floats + (gsize)at * pixels, data->image_floats + (gsize)i * pixels, pixels * sizeof(float));
    source_image[at++] = source_image[i];
  }
  for (int i = 0; i < reader->assembly->n_rows; i++)
    if (reader->assembly->image[i] >= 0)
      reader->assembly->image[i] = number[reader->assembly->image[i]];
  for (int i = 0; i < n_different; i++)
    same[i] = i;
  data->n_images = n_different;
  pct_assembly_take_remark(reader->assembly, g_strdup_printf(
    _("%d pictures in “%s”, one a trial, are %d different images; trials of equal pictures showed one image."), n,
    reader->stack->array.entry->name, n_different));
}

static void
renumber(Reader *reader, gint32 *source_image)
{
  PctAssembly *assembly = reader->assembly;
  for (int i = 0; i < reader->stack->n_images; i++)
    if (reader->used[i] >= 0)
      source_image[reader->used[i]] = i;
  for (int i = 0; i < assembly->n_rows; i++)
    if (assembly->image[i] >= 0)
      assembly->image[i] = reader->used[assembly->image[i]];
  reader->data->n_images = reader->n_used;
}

static gboolean
read_stack(Reader *reader, gint32 **source_image, gint32 **same, GError **error)
{
  find_used(reader);
  if (reader->n_used == 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("No trial showed an image of “%s”."),
                reader->stack->array.entry->name);
    return FALSE;
  }
  choose_size(reader);
  if (!allocate(reader, error))
    return FALSE;
  choose_pictures(reader);
  if (!read_all(reader, error))
    return FALSE;
  set_levels(reader);
  finish_pictures(reader);
  *source_image = g_new(gint32, reader->n_used);
  *same = g_new(gint32, reader->n_used);
  renumber(reader, *source_image);
  int n_different;
  if (!find_equal(reader, *same, &n_different, error))
    return FALSE;
  if (reader->assembly->image_by_order && n_different < reader->n_used)
    merge_equal(reader, *source_image, *same, n_different);
  return TRUE;
}

gboolean
pct_image_stack_read(const PctImageStack *stack, PctAssembly *assembly, PctRecordingData *data, gint32 **source_image,
                     gint32 **same, GError **error)
{
  Reader reader = { stack, assembly, data, .least = INFINITY, .most = -INFINITY };
  reader.stretch = pct_assembly_setting_is(assembly, "fit", "stretch");
  gboolean ok = read_stack(&reader, source_image, same, error);
  g_free(reader.used);
  g_free(reader.grey);
  g_free(reader.picture);
  return ok;
}
