// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/slide-bookmarks.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "work/kept-json.h"

#define MOST 500
// What fits the file; a changed response takes up to 32 bytes of it.
#define MOST_NUMBERS (PCT_KEPT_JSON_MAX_BYTES / 32 - 256 * MOST / 32)

typedef struct {
  char *name;
  PctSlideState *state;
} Bookmark;

struct _PctSlideBookmarks {
  GObject parent_instance;
  PctProject *project;
  GPtrArray *list;  // of Bookmark
  gboolean loaded;
  PctKeptJson *file;
  char *problem;
};

G_DEFINE_FINAL_TYPE(PctSlideBookmarks, pct_slide_bookmarks, G_TYPE_OBJECT)

static guint changed_signal;

static void
bookmark_free(gpointer data)
{
  Bookmark *bookmark = data;
  g_free(bookmark->name);
  pct_slide_state_free(bookmark->state);
  g_free(bookmark);
}

static Bookmark *
get(PctSlideBookmarks *self, guint i)
{
  return self->list->pdata[i];
}

static void
append(GPtrArray *list, const char *name, PctSlideState *state)
{
  Bookmark *bookmark = g_new(Bookmark, 1);
  *bookmark = (Bookmark){ g_strdup(name), state };
  g_ptr_array_add(list, bookmark);
}

static int
find(GPtrArray *list, const char *name)
{
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal(((Bookmark *)list->pdata[i])->name, name))
      return (int)i;
  return -1;
}

static void
ensure_loaded(PctSlideBookmarks *self)
{
  if (self->loaded)
    return;
  self->loaded = TRUE;
  g_autoptr(GError) error = NULL;
  GPtrArray *list = pct_kept_json_take(self->file, &error);
  if (list) {
    g_ptr_array_unref(self->list);
    self->list = list;
  }
  self->problem = error ? g_strdup(error->message) : NULL;
  g_signal_emit(self, changed_signal, 0);
}

guint
pct_slide_bookmarks_get_n(PctSlideBookmarks *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_BOOKMARKS(self), 0);
  return self->list->len;
}

const char *
pct_slide_bookmarks_get_name(PctSlideBookmarks *self, guint i)
{
  g_return_val_if_fail(PCT_IS_SLIDE_BOOKMARKS(self) && i < self->list->len, NULL);
  return get(self, i)->name;
}

const PctSlideState *
pct_slide_bookmarks_get_state(PctSlideBookmarks *self, guint i)
{
  g_return_val_if_fail(PCT_IS_SLIDE_BOOKMARKS(self) && i < self->list->len, NULL);
  return get(self, i)->state;
}

int
pct_slide_bookmarks_find(PctSlideBookmarks *self, const char *name)
{
  g_return_val_if_fail(PCT_IS_SLIDE_BOOKMARKS(self) && name, -1);
  ensure_loaded(self);
  return find(self->list, name);
}

static void
save(PctSlideBookmarks *self)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func(bookmark_free);
  for (guint i = 0; i < self->list->len; i++)
    append(copy, get(self, i)->name, pct_slide_state_copy(get(self, i)->state));
  pct_kept_json_save(self->file, copy);
  g_signal_emit(self, changed_signal, 0);
}

// The name as it is kept; NULL with an error where it cannot be. Free with g_free.
static char *
dup_name(PctSlideBookmarks *self, const char *name, GError **error)
{
  g_autofree char *kept = g_strstrip(g_strdup(name));
  if (!*kept || !g_utf8_validate(kept, -1, NULL)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("A bookmark needs a name."));
    return NULL;
  }
  if (pct_slide_bookmarks_find(self, kept) < 0)
    return g_steal_pointer(&kept);
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("There is a bookmark “%s” already."), kept);
  return NULL;
}

gboolean
pct_slide_bookmarks_add(PctSlideBookmarks *self, const char *name, const PctSlideState *state, GError **error)
{
  g_return_val_if_fail(PCT_IS_SLIDE_BOOKMARKS(self) && name && state, FALSE);
  g_autofree char *kept = dup_name(self, name, error);
  if (!kept)
    return FALSE;
  gsize size = pct_slide_state_get_size(state);
  for (guint i = 0; i < self->list->len; i++)
    size += pct_slide_state_get_size(get(self, i)->state);
  if (self->list->len >= MOST || size > MOST_NUMBERS) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("There are too many bookmarks; delete one that you do not need."));
    return FALSE;
  }
  append(self->list, kept, pct_slide_state_copy(state));
  save(self);
  return TRUE;
}

gboolean
pct_slide_bookmarks_rename(PctSlideBookmarks *self, const char *from, const char *to, GError **error)
{
  g_return_val_if_fail(PCT_IS_SLIDE_BOOKMARKS(self) && from && to, FALSE);
  int i = pct_slide_bookmarks_find(self, from);
  if (i < 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("There is no bookmark “%s”."), from);
    return FALSE;
  }
  char *kept = dup_name(self, to, error);
  if (!kept)
    return FALSE;
  g_free(get(self, (guint)i)->name);
  get(self, (guint)i)->name = kept;
  save(self);
  return TRUE;
}

void
pct_slide_bookmarks_remove(PctSlideBookmarks *self, const char *name)
{
  g_return_if_fail(PCT_IS_SLIDE_BOOKMARKS(self) && name);
  int i = pct_slide_bookmarks_find(self, name);
  if (i < 0)
    return;
  g_ptr_array_remove_index(self->list, (guint)i);
  save(self);
}

const char *
pct_slide_bookmarks_get_problem(PctSlideBookmarks *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_BOOKMARKS(self), NULL);
  return self->problem;
}

static void
on_written(gpointer owner, const char *problem)
{
  PctSlideBookmarks *self = owner;
  if (g_strcmp0(self->problem, problem) == 0)
    return;
  g_free(self->problem);
  self->problem = g_strdup(problem);
  g_signal_emit(self, changed_signal, 0);
}

static gpointer
read_list(JsonObject *root, PctProject *project)
{
  JsonNode *node = json_object_get_member(root, "bookmarks");
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(bookmark_free);
  for (guint i = 0; array && i < json_array_get_length(array); i++) {
    JsonNode *element = json_array_get_element(array, i);
    JsonObject *object = JSON_NODE_HOLDS_OBJECT(element) ? json_node_get_object(element) : NULL;
    JsonNode *name = object ? json_object_get_member(object, "name") : NULL;
    PctSlideState *state = object ? pct_slide_state_read(object, project, FALSE) : NULL;
    if (!state || !name || !JSON_NODE_HOLDS_VALUE(name) || json_node_get_value_type(name) != G_TYPE_STRING ||
        find(list, json_node_get_string(name)) >= 0) {
      pct_slide_state_free(state);
      return NULL;
    }
    append(list, json_node_get_string(name), state);
  }
  return array ? g_steal_pointer(&list) : NULL;
}

static void
write_list(gconstpointer content, JsonBuilder *builder)
{
  const GPtrArray *list = content;
  json_builder_set_member_name(builder, "bookmarks");
  json_builder_begin_array(builder);
  for (guint i = 0; i < list->len; i++) {
    const Bookmark *bookmark = list->pdata[i];
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "name");
    json_builder_add_string_value(builder, bookmark->name);
    pct_slide_state_write(bookmark->state, builder);
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
}

static void
free_list(gpointer list)
{
  g_ptr_array_unref(list);
}

static const PctKeptJsonClass file_class = { "slide-bookmarks.json", "percept-slide-bookmarks-1", read_list, write_list,
                                             free_list };

static void
on_read(gpointer owner, const char *problem)
{
  ensure_loaded(owner);
}

static void
dispose(GObject *object)
{
  PctSlideBookmarks *self = PCT_SLIDE_BOOKMARKS(object);
  g_clear_pointer(&self->file, pct_kept_json_free);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_slide_bookmarks_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  PctSlideBookmarks *self = PCT_SLIDE_BOOKMARKS(object);
  g_ptr_array_unref(self->list);
  g_free(self->problem);
  G_OBJECT_CLASS(pct_slide_bookmarks_parent_class)->finalize(object);
}

static void
pct_slide_bookmarks_class_init(PctSlideBookmarksClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = dispose;
  G_OBJECT_CLASS(klass)->finalize = finalize;
  changed_signal =
    g_signal_new("changed", PCT_TYPE_SLIDE_BOOKMARKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_slide_bookmarks_init(PctSlideBookmarks *self)
{
  self->list = g_ptr_array_new_with_free_func(bookmark_free);
}

PctSlideBookmarks *
pct_slide_bookmarks_new(PctProject *project)
{
  g_return_val_if_fail(PCT_IS_PROJECT(project), NULL);
  PctSlideBookmarks *self = g_object_new(PCT_TYPE_SLIDE_BOOKMARKS, NULL);
  self->project = g_object_ref(project);
  self->file = pct_kept_json_new(&file_class, project, on_read, on_written, self);
  return self;
}
