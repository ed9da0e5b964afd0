// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench-window.h"
#include <glib/gstdio.h>
#include <stdlib.h>

GtkWidget *
bench_find(GtkWidget *root, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE(root, type))
    return root;
  GtkWidget *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child && !found; child = gtk_widget_get_next_sibling(child))
    found = bench_find(child, type);
  return found;
}

void
bench_spin(guint milliseconds)
{
  gint64 end = g_get_monotonic_time() + milliseconds * 1000;
  while (g_get_monotonic_time() < end)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(500);
}

void
bench_remove_tree(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    bench_remove_tree(child);
  }
  g_remove(path);
}

int
bench_compare_doubles(gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void
bench_die(const char *why)
{
  g_printerr("%s: %s\n", g_get_prgname(), why);
  exit(1);
}
