// SPDX-License-Identifier: GPL-3.0-or-later
// What tests of pages share: the demo recording with a freshly fitted ridge regression, in a folder of its own, and a
// window to put a page in; turns of the main loop.
#pragma once
#include <adwaita.h>
#include <glib/gstdio.h>
#include "selection.h"
#include "work/training.h"

typedef struct {
  char *folder;
  PctLanes *lanes;
  PctProject *project;
  PctSelection *selection;
  PctModel *ridge;
  GtkWidget *window;
} DemoWindow;

static inline gboolean
demo_set_flag(gpointer flag)
{
  *(gboolean *)flag = TRUE;
  return G_SOURCE_REMOVE;
}

static inline void
spin(guint milliseconds)
{
  gboolean done = FALSE;
  g_timeout_add(milliseconds, demo_set_flag, &done);
  while (!done)
    g_main_context_iteration(NULL, TRUE);
}

// Fails after a minute: a sanitizer is slow, a machine may be busy.
#define spin_until(condition)                                          \
  do {                                                                 \
    gint64 spin_end = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;    \
    while (!(condition)) {                                             \
      spin(10);                                                        \
      g_assert_cmpint(g_get_monotonic_time(), <, spin_end);            \
    }                                                                  \
  } while (0)

static inline void
wait_until_over(PctJob *job)
{
  for (int i = 0; i < 6000 && !pct_job_is_over(job); i++)
    spin(20);
  g_assert_true(pct_job_is_over(job));
}

static inline void
wait_for_job(PctJob *job)
{
  wait_until_over(job);
  if (pct_job_get_error(job))
    g_error("%s", pct_job_get_error(job)->message);
  g_assert_cmpint(pct_job_get_state(job), ==, PCT_JOB_DONE);
}

static inline void
remove_tree(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    remove_tree(child);
  }
  g_remove(path);
}

static inline gpointer
demo_find(GtkWidget *widget, GType type, gboolean visible)
{
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    if (visible && !gtk_widget_get_visible(child))
      continue;
    gpointer found = G_TYPE_CHECK_INSTANCE_TYPE(child, type) ? child : demo_find(child, type, visible);
    if (found)
      return found;
  }
  return NULL;
}

// The first widget of a type below one, and the first that is visible; NULL: there is none.
static inline gpointer
find_widget(GtkWidget *widget, GType type)
{
  return demo_find(widget, type, FALSE);
}

static inline gpointer
find_visible(GtkWidget *widget, GType type)
{
  return demo_find(widget, type, TRUE);
}

static inline PctProject *
demo_open_project(PctLanes *lanes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctJob) opening = pct_project_open_async(lanes, NULL, NULL);
  wait_for_job(opening);
  PctProject *project = pct_project_open_finish(opening, &error);
  g_assert_no_error(error);
  return project;
}

// A model of a kind with one "name=value" (NULL: the defaults), new reference.
static inline PctModel *
demo_train(PctProject *project, const char *kind_name, const char *setting)
{
  g_autoptr(GError) error = NULL;
  PctKind *kind = pct_project_find_kind(project, kind_name);
  g_autoptr(PctOptionValues) options = pct_option_values_new(pct_kind_get_options(kind));
  g_assert_true(!setting || pct_option_values_parse(options, setting, &error));
  g_autoptr(PctJob) job = pct_project_train(project, kind, options, 1, NULL, &error);
  g_assert_no_error(error);
  wait_for_job(job);
  return g_object_ref(pct_training_get_model(job));
}

// Before anything else. FALSE where there is no display: the test is over then, and skipped.
static inline gboolean
demo_window_begin(DemoWindow *self, int argc, char **argv)
{
  self->folder = g_dir_make_tmp("percept-ui-XXXXXX", NULL);
  g_setenv("XDG_DATA_HOME", self->folder, TRUE);
  g_setenv("XDG_CACHE_HOME", self->folder, TRUE);
  g_test_init(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_print("1..0 # SKIP no display\n");
    remove_tree(self->folder);
    g_free(self->folder);
    return FALSE;
  }
  adw_init();
  g_autoptr(GError) error = NULL;
  self->lanes = pct_lanes_new(&error);
  g_assert_no_error(error);
  self->project = demo_open_project(self->lanes);
  self->ridge = demo_train(self->project, "ridge", NULL);
  self->selection = pct_selection_new();
  pct_selection_set_model(self->selection, pct_model_get_name(self->ridge));
  self->window = gtk_window_new();
  gtk_window_set_default_size(GTK_WINDOW(self->window), 1280, 760);
  gtk_window_present(GTK_WINDOW(self->window));
  return TRUE;
}

static inline void
demo_window_end(DemoWindow *self)
{
  gtk_window_destroy(GTK_WINDOW(self->window));
  g_object_unref(self->selection);
  g_object_unref(self->ridge);
  g_object_unref(self->project);
  pct_lanes_shutdown(self->lanes);
  g_object_unref(self->lanes);
  remove_tree(self->folder);
  g_free(self->folder);
}

static inline void
demo_window_show(DemoWindow *self, GtkWidget *page)
{
  gtk_window_set_child(GTK_WINDOW(self->window), page);
  spin(200);
}

// Drops a page, and sees that nothing else holds it.
static inline void
demo_window_let_go(DemoWindow *self, GtkWidget *page)
{
  g_object_ref(page);
  gtk_window_set_child(GTK_WINDOW(self->window), NULL);
  spin(50);
  g_assert_finalize_object(page);
}
