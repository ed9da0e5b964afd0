// SPDX-License-Identifier: GPL-3.0-or-later
// What the programs share that measure the real window: they turn the main loop themselves, and give up with one line.
#pragma once
#include <gtk/gtk.h>

// The first widget of that type at or below root, depth first; NULL: none. Borrowed.
GtkWidget *bench_find(GtkWidget *root, GType type);
// Turns the main loop for so long.
void bench_spin(guint milliseconds);
// Says why on the standard error, and exits with 1.
G_NORETURN void bench_die(const char *why);
// For g_array_sort.
int bench_compare_doubles(gconstpointer a, gconstpointer b);
void bench_remove_tree(const char *path);
