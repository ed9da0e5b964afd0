// SPDX-License-Identifier: GPL-3.0-or-later
// The Neurons page over the demo recording, driven by its actions as a person would: what is filtered, sorted, drawn
// around, chosen and pinned is what the list, the maps and the other pages then hold. Skipped where there is no display.
#include "data/demo.h"
#include "demo-window.h"
#include <math.h>
#include <string.h>
#include "neurons/mei-cache.h"
#include "neurons/neurons-page.h"
#include "neurons/neuron-table.h"
#include "neurons/neuron-tile.h"

typedef struct {
  DemoWindow demo;
  GtkWidget *widget;
  PctNeuronsPage *page;
  PctNeurons *neurons;
  PctNeuronList *list;
} Fixture;

static Fixture fixture;

static void
wait_for_column(PctNeuronColumn column)
{
  for (int i = 0; i < 3000 && !pct_neurons_get_column(fixture.neurons, column); i++)
    spin(20);
  g_assert_nonnull(pct_neurons_get_column(fixture.neurons, column));
  spin(100);
}

static void
activate(const char *action, const char *format, ...)
{
  GVariant *parameter = NULL;
  if (format) {
    va_list arguments;
    va_start(arguments, format);
    parameter = g_variant_ref_sink(g_variant_new_va(format, NULL, &arguments));
    va_end(arguments);
  }
  g_assert_true(gtk_widget_activate_action_variant(fixture.widget, action, parameter));
  g_clear_pointer(&parameter, g_variant_unref);
}

static guint
shown(void)
{
  return pct_neuron_list_get_n(fixture.list);
}

// Every shown neuron is shown once, and the list's three ways of saying so agree.
static void
check_list(void)
{
  int n_all = pct_neurons_get_n(fixture.neurons);
  const guint8 *flags = pct_neuron_list_get_shown(fixture.list);
  guint n = 0;
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(fixture.list)), ==, shown());
  for (int i = 0; i < n_all; i++) {
    guint at = pct_neuron_list_find(fixture.list, i);
    g_assert_true(flags[i] == (at != PCT_NEURON_NOWHERE));
    if (at == PCT_NEURON_NOWHERE)
      continue;
    g_assert_cmpint(pct_neuron_list_get_neuron(fixture.list, at), ==, i);
    g_autoptr(PctNeuronItem) item = g_list_model_get_item(G_LIST_MODEL(fixture.list), at);
    g_assert_cmpint(pct_neuron_item_get_neuron(item), ==, i);
    n++;
  }
  g_assert_cmpuint(n, ==, shown());
}

static void
test_sort(void)
{
  wait_for_column(PCT_COLUMN_RELIABILITY);
  const PctNeuronColumn columns[] = { PCT_COLUMN_RELIABILITY, PCT_COLUMN_MEAN, PCT_COLUMN_NUMBER };
  for (guint c = 0; c < G_N_ELEMENTS(columns); c++)
    for (int descending = 0; descending < 2; descending++) {
      activate("neurons.order", "(sb)", pct_column_get_name(columns[c]), descending);
      gboolean told;
      g_assert_cmpint(pct_neuron_list_get_sort(fixture.list, &told), ==, columns[c]);
      g_assert_cmpint(told, ==, descending);
      check_list();
      gboolean unknown = FALSE;
      for (guint i = 0; i < shown(); i++) {
        double now = pct_neurons_get_value(fixture.neurons, columns[c], pct_neuron_list_get_neuron(fixture.list, i));
        double before = i == 0 ? now : pct_neurons_get_value(fixture.neurons, columns[c],
                                                             pct_neuron_list_get_neuron(fixture.list, i - 1));
        g_assert_true(!unknown || isnan(now));  // those not known come last, whichever way
        unknown |= isnan(now);
        g_assert_true(isnan(now) || (descending ? now <= before : now >= before));
      }
    }
  activate("neurons.sort", "s", "reliability");
  gboolean descending;
  pct_neuron_list_get_sort(fixture.list, &descending);
  g_assert_true(descending);  // the best first
  activate("neurons.sort", "s", "no_such_column");
  g_assert_cmpint(pct_neuron_list_get_sort(fixture.list, NULL), ==, PCT_COLUMN_RELIABILITY);
}

static void
test_filter(void)
{
  const double *reliability = pct_neurons_get_column(fixture.neurons, PCT_COLUMN_RELIABILITY);
  int n_all = pct_neurons_get_n(fixture.neurons), expected = 0;
  g_assert_cmpuint(shown(), ==, n_all);
  for (int i = 0; i < n_all; i++)
    expected += reliability[i] > 0.3 && i < 200;
  activate("neurons.filter", "s", "reliability > 0.3 and number < 200");
  g_assert_cmpuint(shown(), ==, expected);
  g_assert_cmpint(expected, >, 0);
  check_list();
  g_assert_cmpstr(pct_neuron_side_get_problem(pct_neurons_page_get_side(fixture.page)), ==, "");

  // What cannot be read changes nothing, and says why.
  activate("neurons.filter", "s", "relability > 0.3");
  g_assert_cmpuint(shown(), ==, expected);
  g_assert_nonnull(strstr(pct_neuron_side_get_problem(pct_neurons_page_get_side(fixture.page)), "relability"));
  // None left: the page offers all of them.
  activate("neurons.filter", "s", "number < 0");
  g_assert_cmpuint(shown(), ==, 0);
  g_assert_cmpstr(pct_neuron_side_get_problem(pct_neurons_page_get_side(fixture.page)), ==, "");
  spin_until(!gtk_widget_get_mapped(GTK_WIDGET(pct_neurons_page_get_grid(fixture.page))));
  activate("neurons.clear-filter", NULL);
  g_assert_cmpuint(shown(), ==, n_all);
  spin_until(gtk_widget_get_mapped(GTK_WIDGET(pct_neurons_page_get_grid(fixture.page))));
}

static void
draw_lasso(const char *map, const double (*corners)[2], int n)
{
  GVariantBuilder line;
  g_variant_builder_init(&line, G_VARIANT_TYPE("a(dd)"));
  for (int i = 0; i < n; i++)
    g_variant_builder_add(&line, "(dd)", corners[i][0], corners[i][1]);
  activate("neurons.lasso", "(sa(dd))", map, &line);
}

static void
test_lasso(void)
{
  PctMapPoints points;
  g_assert_true(pct_neuron_map_get(fixture.neurons, PCT_MAP_CORTEX, &points));
  double x = (points.least.x + points.most.x) / 2, y = (points.least.y + points.most.y) / 2;
  double left = points.least.x - 1, top = points.least.y - 1;
  const double corners[][2] = { { left, top }, { x, top }, { x, y }, { left, y } };
  int expected = 0;
  for (int i = 0; i < points.n; i++)
    expected += points.x[i] < x && points.y[i] < y;
  draw_lasso("cortex", corners, 4);
  g_assert_cmpuint(shown(), ==, expected);
  g_assert_cmpint(expected, >, 2);
  check_list();
  int n;
  pct_neuron_list_get_lasso(fixture.list, PCT_MAP_CORTEX, &n);
  g_assert_cmpint(n, ==, 4);
  pct_neuron_list_get_lasso(fixture.list, PCT_MAP_IMAGE, &n);
  g_assert_cmpint(n, ==, 0);

  // All inside are pinned, but no more than a hand can hold.
  pct_selection_set_neurons(fixture.demo.selection, NULL, 0);
  pct_neuron_grid_select(pct_neurons_page_get_grid(fixture.page), NULL, 0);
  spin(50);
  activate("neurons.pin-selection", NULL);
  guint n_pinned;
  const int *pinned = pct_selection_get_neurons(fixture.demo.selection, &n_pinned);
  g_assert_cmpuint(n_pinned, ==, MIN(expected, PCT_MOST_PINNED));
  for (guint i = 0; i < n_pinned; i++)
    g_assert_true(points.x[pinned[i]] < x && points.y[pinned[i]] < y);
  pct_selection_set_neurons(fixture.demo.selection, NULL, 0);

  // A filter holds inside the line too; no map of that name, or a line of two corners, is none.
  activate("neurons.filter", "s", "number >= 256");
  g_assert_cmpuint(shown(), <, expected);
  activate("neurons.filter", "s", "");
  draw_lasso("nowhere", corners, 4);
  g_assert_cmpuint(shown(), ==, expected);
  activate("neurons.clear-lasso", NULL);
  g_assert_cmpuint(shown(), ==, points.n);
  draw_lasso("cortex", corners, 2);
  g_assert_cmpuint(shown(), ==, points.n);
}

static void
test_choose(void)
{
  PctNeuronGrid *grid = pct_neurons_page_get_grid(fixture.page);
  PctNeuronDetail *detail = pct_neuron_pane_get_detail(pct_neurons_page_get_pane(fixture.page));
  guint n;
  activate("neurons.choose", "i", 73);
  g_assert_cmpint(pct_selection_get_neuron(fixture.demo.selection), ==, 73);
  g_assert_cmpint(pct_neuron_detail_get_neuron(detail), ==, 73);
  g_assert_true(pct_neuron_grid_get_selected(grid, &n)[73]);
  g_assert_cmpuint(n, ==, 1);
  activate("neurons.choose", "i", -4);
  activate("neurons.choose", "i", 1 << 30);
  g_assert_cmpint(pct_selection_get_neuron(fixture.demo.selection), ==, 73);
  for (int i = 0; i < 500 && pct_neuron_detail_get_shown(detail) != 73; i++)
    spin(10);
  g_assert_cmpint(pct_neuron_detail_get_shown(detail), ==, 73);

  // The next is the list's next, and stops at its end.
  guint at = pct_neuron_list_find(fixture.list, 73);
  activate("neurons.next", NULL);
  g_assert_cmpint(pct_selection_get_neuron(fixture.demo.selection), ==, pct_neuron_list_get_neuron(fixture.list, at + 1));
  activate("neurons.previous", NULL);
  g_assert_cmpint(pct_selection_get_neuron(fixture.demo.selection), ==, 73);
  activate("neurons.choose", "i", pct_neuron_list_get_neuron(fixture.list, 0));
  activate("neurons.previous", NULL);
  g_assert_cmpint(pct_selection_get_neuron(fixture.demo.selection), ==, pct_neuron_list_get_neuron(fixture.list, 0));

  // Another page chooses; one that is filtered away stays in hand, unselected, and is selected when it is back.
  pct_selection_set_neuron(fixture.demo.selection, 300);
  g_assert_true(pct_neuron_grid_get_selected(grid, &n)[300]);
  activate("neurons.filter", "s", "number < 100");
  g_assert_cmpint(pct_selection_get_neuron(fixture.demo.selection), ==, 300);
  pct_neuron_grid_get_selected(grid, &n);
  g_assert_cmpuint(n, ==, 0);
  activate("neurons.filter", "s", "");
  g_assert_true(pct_neuron_grid_get_selected(grid, &n)[300]);
}

static void
test_pin(void)
{
  guint n;
  pct_selection_set_neurons(fixture.demo.selection, NULL, 0);
  activate("neurons.pin", "i", 12);
  activate("neurons.pin", "i", 12);
  g_assert_true(pct_selection_has_neuron(fixture.demo.selection, 12));
  activate("neurons.unpin", "i", 12);
  g_assert_false(pct_selection_has_neuron(fixture.demo.selection, 12));
  const gint32 several[] = { 5, 90, 311 };
  g_autoptr(GVariant) list = g_variant_ref_sink(g_variant_new_fixed_array(G_VARIANT_TYPE_INT32, several, 3, sizeof *several));
  g_assert_true(gtk_widget_activate_action_variant(fixture.widget, "neurons.select", list));
  pct_neuron_grid_get_selected(pct_neurons_page_get_grid(fixture.page), &n);
  g_assert_cmpuint(n, ==, 3);
  g_assert_true(pct_neuron_grid_get_selected(pct_neurons_page_get_grid(fixture.page), NULL)[pct_selection_get_neuron(
    fixture.demo.selection)]);
  spin(50);
  activate("neurons.pin-selection", NULL);
  activate("neurons.pin-selection", NULL);  // pinned already: once is enough
  pct_selection_get_neurons(fixture.demo.selection, &n);
  g_assert_cmpuint(n, ==, 3);
  for (int i = 0; i < 3; i++)
    g_assert_true(pct_selection_has_neuron(fixture.demo.selection, several[i]));
  // To the Slide page with the one in hand.
  activate("neurons.choose", "i", 40);
  spin(50);
  activate("neurons.slide", NULL);
  g_assert_true(pct_selection_has_neuron(fixture.demo.selection, 40));
  // And to the Images page with an image.
  activate("neurons.show-image", "i", 17);
  g_assert_cmpint(pct_selection_get_image(fixture.demo.selection), ==, 17);
  activate("neurons.show-image", "i", -1);
  g_assert_cmpint(pct_selection_get_image(fixture.demo.selection), ==, 17);
  pct_selection_set_neurons(fixture.demo.selection, NULL, 0);
}

static GtkWidget *
find(GtkWidget *root, const char *type)
{
  if (g_str_equal(G_OBJECT_TYPE_NAME(root), type) && gtk_widget_get_mapped(root))
    return root;
  GtkWidget *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child && !found; child = gtk_widget_get_next_sibling(child))
    found = find(child, type);
  return found;
}

static void
test_views(void)
{
  g_assert_nonnull(find(fixture.widget, "PctNeuronTile"));
  activate("neurons.view", "s", "list");
  spin(200);
  GtkWidget *view = find(fixture.widget, "GtkColumnView");
  g_assert_nonnull(view);
  g_assert_null(find(fixture.widget, "PctNeuronTile"));
  // A header pressed is an order asked for, either way.
  GListModel *columns = gtk_column_view_get_columns(GTK_COLUMN_VIEW(view));
  g_autoptr(GtkColumnViewColumn) number = g_list_model_get_item(columns, 0);
  gboolean descending;
  gtk_column_view_sort_by_column(GTK_COLUMN_VIEW(view), number, GTK_SORT_DESCENDING);
  g_assert_cmpint(pct_neuron_list_get_sort(fixture.list, &descending), ==, PCT_COLUMN_NUMBER);
  g_assert_true(descending);
  g_assert_cmpint(pct_neuron_list_get_neuron(fixture.list, 0), ==, pct_neurons_get_n(fixture.neurons) - 1);
  gtk_column_view_sort_by_column(GTK_COLUMN_VIEW(view), number, GTK_SORT_ASCENDING);
  g_assert_cmpint(pct_neuron_list_get_neuron(fixture.list, 0), ==, 0);
  activate("neurons.other-view", NULL);
  spin(200);
  g_assert_nonnull(find(fixture.widget, "PctNeuronTile"));
  activate("neurons.view", "s", "sideways");
  spin(50);
  g_assert_nonnull(find(fixture.widget, "PctNeuronTile"));
  activate("neurons.colour", "s", "reliability");
  activate("neurons.sort", "s", "reliability");
}

// The demo's neurons have areas, layers and depths: in the table, in filters, as colours, and sorted.
static void
test_labels(void)
{
  PctProject *project = pct_neurons_get_project(fixture.neurons);
  PctRecording *demo = pct_demo_new(PCT_DEMO_SEED, NULL, NULL);
  char *const *layers = pct_recording_get_cell_layer(demo);
  const float *depths = pct_recording_get_cell_depth(demo);
  guint n_expected = 0, n_columns;
  for (int i = 0; layers[i]; i++)
    n_expected += g_str_equal(layers[i], "L4") && depths[i] > 350;
  activate("neurons.filter", "s", "layer = \"L4\" and depth > 350");
  g_assert_cmpuint(n_expected, >, 0);
  g_assert_cmpuint(pct_neuron_list_get_n(fixture.list), ==, n_expected);
  int first = pct_neuron_list_get_neuron(fixture.list, 0);
  g_autofree char *layer = pct_neurons_format(fixture.neurons, PCT_COLUMN_LAYER, first);
  g_autofree char *depth = pct_neurons_format(fixture.neurons, PCT_COLUMN_DEPTH, first);
  g_autofree char *expected = g_strdup_printf("%.0f", (double)depths[first]);
  g_assert_cmpstr(layer, ==, "L4");
  g_assert_cmpstr(depth, ==, expected);
  // What is wrong with a filter is told, and changes nothing.
  activate("neurons.filter", "s", "layer = \"L9\"");
  g_assert_cmpuint(pct_neuron_list_get_n(fixture.list), ==, n_expected);
  activate("neurons.filter", "s", "");
  activate("neurons.sort", "s", "layer");
  g_assert_cmpstr(layers[pct_neuron_list_get_neuron(fixture.list, 0)], ==, "L2/3");
  activate("neurons.colour", "s", "layer");
  spin(200);
  g_autofree PctNeuronColumn *columns = pct_neuron_table_dup_columns(fixture.neurons, &n_columns);
  g_assert_cmpint(columns[1], ==, PCT_COLUMN_AREA);
  g_assert_cmpint(columns[2], ==, PCT_COLUMN_LAYER);
  g_assert_cmpint(columns[3], ==, PCT_COLUMN_DEPTH);
  // A recording of a plane has no z, though it has a depth.
  for (guint i = 0; i < n_columns; i++)
    g_assert_cmpint(columns[i], !=, PCT_COLUMN_Z);
  g_assert_cmpfloat_with_epsilon(pct_project_get_degrees_per_pixel(project), 1.1, 1e-6);
  activate("neurons.colour", "s", "reliability");
  activate("neurons.sort", "s", "reliability");
  pct_recording_unref(demo);
}

// Without an encoder there is nothing to see of MEIs, and the page says what to do about it.
static void
test_empty(void)
{
  if (pct_neurons_get_encoder(fixture.neurons)) {
    g_test_skip("The demo has an encoder.");
    return;
  }
  g_assert_nonnull(pct_neurons_page_get_offer(fixture.page));
  // A disabled action does nothing, and nothing is started.
  GListModel *jobs = pct_lanes_get_jobs(fixture.demo.lanes);
  guint n = g_list_model_get_n_items(jobs);
  gtk_widget_activate_action(fixture.widget, "neurons.make-meis", NULL);
  g_assert_cmpuint(g_list_model_get_n_items(jobs), ==, n);
}

static void
test_cache(void)
{
  PctMeiCache *cache = pct_mei_cache_new(fixture.neurons, 3);
  for (int i = 0; i < 10; i++) {
    cairo_surface_t *surface = pct_mei_cache_get(cache, i);
    g_assert_true(surface == pct_mei_cache_get(cache, i));
    g_assert_cmpuint(pct_mei_cache_get_n(cache), ==, MIN(i + 1, 3));
  }
  pct_mei_cache_clear(cache);
  g_assert_cmpuint(pct_mei_cache_get_n(cache), ==, 0);
  pct_mei_cache_free(cache);
}

static void
test_stretched(void)
{
  const float low[] = { 100, 104, 98, 98 }, flat[] = { 90, 90, 90, 90 };
  g_autoptr(PctPicture) a = pct_picture_new(2, 2, low), b = pct_picture_new(2, 2, flat);
  g_autoptr(PctPicture) stretched = pct_mei_dup_stretched(a), grey = pct_mei_dup_stretched(b);
  const float *pixels = pct_picture_get_pixels(stretched);
  g_assert_cmpfloat_with_epsilon(pixels[0], 127.5, 1e-3);
  g_assert_cmpfloat_with_epsilon(pixels[1], 255, 1e-3);
  g_assert_cmpfloat_with_epsilon(pixels[2], 63.75, 1e-3);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon(pct_picture_get_pixels(grey)[i], 127.5, 1e-3);
}

static void
test_released(void)
{
  g_object_ref(fixture.widget);
  gtk_window_set_child(GTK_WINDOW(fixture.demo.window), NULL);
  spin(100);
  g_assert_finalize_object(fixture.widget);
}

static void
open_page(void)
{
  fixture.widget = pct_neurons_page_new(fixture.demo.project, fixture.demo.selection);
  fixture.page = PCT_NEURONS_PAGE(fixture.widget);
  fixture.neurons = pct_neurons_page_get_neurons(fixture.page);
  fixture.list = pct_neurons_page_get_list(fixture.page);
  demo_window_show(&fixture.demo, fixture.widget);
}

int
main(int argc, char **argv)
{
  if (!demo_window_begin(&fixture.demo, argc, argv))
    return 0;
  open_page();
  g_test_add_func("/neurons/sort", test_sort);
  g_test_add_func("/neurons/filter", test_filter);
  g_test_add_func("/neurons/lasso", test_lasso);
  g_test_add_func("/neurons/choose", test_choose);
  g_test_add_func("/neurons/pin", test_pin);
  g_test_add_func("/neurons/views", test_views);
  g_test_add_func("/neurons/labels", test_labels);
  g_test_add_func("/neurons/empty", test_empty);
  g_test_add_func("/neurons/cache", test_cache);
  g_test_add_func("/neurons/stretched", test_stretched);
  g_test_add_func("/neurons/released", test_released);
  int status = g_test_run();
  demo_window_end(&fixture.demo);
  return status;
}
