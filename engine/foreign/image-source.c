// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/image-source.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/error.h"
#include "data/area-resize.h"
#include "foreign/image-file.h"
#include "foreign/text-array.h"

#define MOST_IMAGES 2000000

typedef struct {
  guint file, page;
  int height, width;
} Image;

typedef struct {
  PctArraySource base;
  GPtrArray *files;    // paths
  GPtrArray *names;    // (images,)
  GArray *images;      // of Image
  int height, width;   // of the stack
  gboolean is_whole;   // grey levels of 8 bits
  PctImageFile *open;  // the file read last: pages are read one after another
  guint open_file;
} ImageSource;

static void
image_source_free(PctArraySource *base)
{
  ImageSource *self = (ImageSource *)base;
  g_clear_pointer(&self->open, pct_image_file_free);
  g_ptr_array_unref(self->files);
  g_ptr_array_unref(self->names);
  g_array_unref(self->images);
  pct_array_source_clear(base);
  g_free(self);
}

int
pct_compare_naturally(gconstpointer a, gconstpointer b)
{
  const char *one = *(const char *const *)a, *other = *(const char *const *)b;
  const char *x = one, *y = other;
  while (*x && *y) {
    if (g_ascii_isdigit(*x) && g_ascii_isdigit(*y)) {
      x += strspn(x, "0");
      y += strspn(y, "0");
      gsize m = strspn(x, "0123456789"), n = strspn(y, "0123456789");
      int order = m != n ? (m < n ? -1 : 1) : strncmp(x, y, m);
      if (order != 0)
        return order;
      x += m;
      y += n;
    } else {
      int order = (guchar)g_ascii_tolower(*x) - (guchar)g_ascii_tolower(*y);
      if (order != 0)
        return order;
      x++;
      y++;
    }
  }
  return *x != *y ? (*x ? 1 : -1) : strcmp(one, other);
}

static gboolean
read_image(ImageSource *self, const Image *image, float *out, GError **error)
{
  const char *path = self->files->pdata[image->file];
  if (!self->open || self->open_file != image->file) {
    g_clear_pointer(&self->open, pct_image_file_free);
    self->open = pct_image_file_open(path, error);
    self->open_file = image->file;
    if (!self->open)
      return FALSE;
  }
  if (!pct_image_file_go(self->open, image->page)) {
    g_autofree char *shown = g_filename_display_basename(path);
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is cut short or damaged: it has no page %u."), shown,
                image->page + 1);
    return FALSE;
  }
  int height, width;
  g_autofree float *pixels = pct_image_file_read(self->open, &height, &width, error);
  if (!pixels)
    return FALSE;
  if (height == self->height && width == self->width)
    memcpy(out, pixels, (gsize)height * (gsize)width * sizeof *out);
  else
    pct_area_resize_middle(pixels, height, width, self->height, self->width, out);
  return TRUE;
}

static PctNpyArray *
image_source_read(PctArraySource *base, guint number, gsize first, gsize n, GError **error)
{
  ImageSource *self = (ImageSource *)base;
  if (number == 1)
    return pct_text_array_new((const char *const *)self->names->pdata + first, 1, &n, base->shown, error);
  gsize size = (gsize)self->height * (gsize)self->width, shape[] = { n, (gsize)self->height, (gsize)self->width };
  g_autoptr(PctNpyArray) out = pct_npy_array_new(self->is_whole ? PCT_NPY_UINT : PCT_NPY_FLOAT,
                                                 self->is_whole ? 1 : sizeof(float), 3, shape, base->shown, error);
  g_autofree float *image = out ? g_try_new(float, size) : NULL;
  if (out && !image)
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for “%s”."), base->shown);
  for (gsize i = 0; i < n && image; i++) {
    if (!read_image(self, &g_array_index(self->images, Image, first + i), image, error))
      return NULL;
    for (gsize k = 0; k < size && self->is_whole; k++)
      ((guint8 *)out->data)[i * size + k] = (guint8)CLAMP(image[k] + 0.5f, 0.0f, 255.0f);
    if (!self->is_whole)
      memcpy((float *)out->data + i * size, image, size * sizeof *image);
  }
  return image ? g_steal_pointer(&out) : NULL;
}

static const PctArraySourceClass image_source_class = { image_source_read, image_source_free };

static gboolean
list_pages(ImageSource *self, guint file, const PctRun *run, GError **error)
{
  const char *path = self->files->pdata[file];
  g_autoptr(PctImageFile) open = pct_image_file_open(path, error);
  if (!open)
    return FALSE;
  Image image = { .file = file };
  gboolean is_whole;
  guint n_before = self->images->len;
  for (; pct_image_file_next(open, &image.height, &image.width, &is_whole); image.page++) {
    if (image.height < 1 || image.width < 1 || self->images->len >= MOST_IMAGES)
      break;
    self->is_whole = self->is_whole && is_whole;
    g_array_append_val(self->images, image);
    if (image.page % 64 == 0 && !pct_run_step(run, file, self->files->len, error))
      return FALSE;
  }
  guint n = self->images->len - n_before;
  g_autofree char *shown = g_filename_display_basename(path);
  if (n == 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is cut short or damaged: it holds no image."), shown);
    return FALSE;
  }
  char *ending = strrchr(shown, '.');
  if (ending && ending > shown)
    *ending = 0;
  for (guint i = 0; i < n; i++)
    g_ptr_array_add(self->names, n == 1 ? g_strdup(shown) : g_strdup_printf("%s %u", shown, i + 1));
  return TRUE;
}

// The size that most images have, of equally many the first's; how many have another.
static guint
choose_size(ImageSource *self)
{
  g_autoptr(GHashTable) counts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  guint most = 0;
  for (int pass = 0; pass < 2; pass++)
    for (guint i = 0; i < self->images->len; i++) {
      const Image *image = &g_array_index(self->images, Image, i);
      gint64 size = (gint64)image->height << 32 | image->width;
      guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, &size));
      if (pass == 0) {
        g_hash_table_insert(counts, g_memdup2(&size, sizeof size), GUINT_TO_POINTER(count + 1));
      } else if (count > most) {
        most = count;
        self->height = image->height;
        self->width = image->width;
      }
    }
  return self->images->len - most;
}

PctArraySource *
pct_image_source_open(const char *path, const GPtrArray *files, const PctRun *run, GError **error)
{
  ImageSource *self = g_new0(ImageSource, 1);
  pct_array_source_init(&self->base, &image_source_class, path, files ? "image folder" : "image file");
  g_autoptr(PctArraySource) source = &self->base;
  self->files = g_ptr_array_new_with_free_func(g_free);
  self->names = g_ptr_array_new_with_free_func(g_free);
  self->images = g_array_new(FALSE, FALSE, sizeof(Image));
  self->is_whole = TRUE;
  if (!files)
    g_ptr_array_add(self->files, g_strdup(path));
  g_autoptr(GPtrArray) sorted = g_ptr_array_new();
  for (guint i = 0; files && i < files->len; i++)
    g_ptr_array_add(sorted, files->pdata[i]);
  g_ptr_array_sort(sorted, pct_compare_naturally);
  for (guint i = 0; i < sorted->len; i++)
    g_ptr_array_add(self->files, g_build_filename(path, sorted->pdata[i], NULL));
  for (guint i = 0; i < self->files->len; i++)
    if (!list_pages(self, i, run, error))
      return NULL;
  guint n_other = choose_size(self);
  if ((double)self->height * self->width > 2e8) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("“%s” is %d x %d pixels, larger than an image can be meant to be."),
                source->shown, self->width, self->height);
    return NULL;
  }
  if (n_other > 0)
    g_ptr_array_add(source->remarks,
                    g_strdup_printf(g_dngettext(GETTEXT_PACKAGE,
                                                "%u of %u images of “%s” differs in size; it is cropped and scaled to %d × %d pixels, the size of most.",
                                                "%u of %u images of “%s” differ in size; they are cropped and scaled to %d × %d pixels, the size of most.",
                                                n_other),
                                    n_other, self->images->len, source->shown, self->width, self->height));
  gsize shape[] = { self->images->len, (gsize)self->height, (gsize)self->width };
  g_ptr_array_add(source->arrays, pct_foreign_array_new("", self->is_whole ? PCT_NPY_UINT : PCT_NPY_FLOAT,
                                                        self->is_whole ? 1 : sizeof(float), 3, shape));
  g_ptr_array_add(source->arrays, pct_foreign_array_new("names", PCT_NPY_UNICODE, 0, 1, shape));
  return g_steal_pointer(&source);
}
