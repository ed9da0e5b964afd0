// SPDX-License-Identifier: GPL-3.0-or-later
// What the Slide page remembers and does to many responses at once, driven by its actions and sliders as a person would:
// undo and redo, bookmarks, the group's slider, the clipboard, other trials' responses, and lesions. Skipped where there is
// no display.
#include "demo-window.h"
#include <math.h>
#include <string.h>
#include "slide/group-row.h"
#include "slide/influence-card.h"
#include "slide/lesion-card.h"
#include "slide/slide-page.h"

typedef struct {
  DemoWindow demo;
  GtkWidget *widget;
  PctSlidePage *page;
  PctSlide *slide;
  PctSlideHistory *history;
  const int *images;  // of the test tier
} Fixture;

static Fixture fixture;

static gboolean
activate(const char *action, const char *format, ...)
{
  GVariant *parameter = NULL;
  if (format) {
    va_list arguments;
    va_start(arguments, format);
    parameter = g_variant_ref_sink(g_variant_new_va(format, NULL, &arguments));
    va_end(arguments);
  }
  gboolean found = gtk_widget_activate_action_variant(fixture.widget, action, parameter);
  g_clear_pointer(&parameter, g_variant_unref);
  // A command ends its turn of the main loop, and no other is a part of the same step.
  pct_slide_history_release(fixture.history);
  return found;
}

static void
open_page(void)
{
  int n;
  fixture.images = pct_project_get_tier_images(fixture.demo.project, PCT_TIER_TEST, &n);
  pct_selection_set_order(fixture.demo.selection, fixture.images, (guint)n);
  pct_selection_set_image(fixture.demo.selection, fixture.images[0]);
  pct_selection_set_neurons(fixture.demo.selection, NULL, 0);
  fixture.widget = pct_slide_page_new(fixture.demo.project, fixture.demo.selection);
  fixture.page = PCT_SLIDE_PAGE(fixture.widget);
  fixture.slide = pct_slide_page_get_slide(fixture.page);
  fixture.history = pct_slide_memory_get_history(pct_slide_page_get_memory(fixture.page));
  gtk_window_set_child(GTK_WINDOW(fixture.demo.window), fixture.widget);
  spin(100);
  spin_until(pct_slide_get_reconstruction(fixture.slide));
}

// GTK 4.8 asks for the pointer in a popover's surface that is gone, if it goes while it is open.
static void
close_menus(GtkWidget *widget)
{
  if (GTK_IS_MENU_BUTTON(widget))
    gtk_menu_button_popdown(GTK_MENU_BUTTON(widget));
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    close_menus(child);
}

static void
close_page(void)
{
  close_menus(fixture.widget);
  spin(300);
  g_object_ref(fixture.widget);
  gtk_window_set_child(GTK_WINDOW(fixture.demo.window), NULL);
  spin(50);
  g_assert_finalize_object(fixture.widget);
}

static void
test_undo(void)
{
  open_page();
  guint n;
  g_assert_true(activate("slide.pin-strongest", NULL));
  int first = pct_selection_get_neurons(fixture.demo.selection, &n)[0];
  g_autofree char *model = g_strdup(pct_selection_get_model(fixture.demo.selection));
  GtkRange *range = pct_neuron_row_get_range(pct_slide_page_find_row(fixture.page, first));
  double recorded = gtk_range_get_value(range), most = gtk_adjustment_get_upper(gtk_range_get_adjustment(range));
  guint steps = pct_slide_history_get_n_steps(fixture.history);
  // A drag, over many turns of the main loop.
  for (int i = 0; i <= 20; i++) {
    gtk_range_set_value(range, recorded + (most - recorded) * i / 20);
    spin(5);
  }
  g_assert_cmpuint(pct_slide_history_get_n_steps(fixture.history), ==, steps + 1);
  g_autofree char *text = pct_slide_history_dup_undo_text(fixture.history);
  g_autofree char *wanted = g_strdup_printf("response of neuron %d", first);
  g_assert_cmpstr(text, ==, wanted);
  pct_slide_history_release(fixture.history);
  g_assert_true(activate("slide.unpin", "i", first));
  g_assert_true(activate("slide.next", NULL));
  g_assert_true(activate("slide.repeat", "i", 1));
  g_assert_true(activate("slide.set-response", "(id)", 5, 3.0));
  g_assert_cmpuint(pct_slide_history_get_n_steps(fixture.history), ==, steps + 5);
  // All the way back: the slider's neuron is pinned and moved again, at last as it was.
  for (int i = 0; i < 3; i++)
    g_assert_true(activate("slide.undo", NULL));
  g_assert_cmpint(pct_selection_get_image(fixture.demo.selection), ==, fixture.images[0]);
  g_assert_cmpint(pct_slide_get_image(fixture.slide), ==, fixture.images[0]);
  g_assert_cmpint(pct_slide_get_repeat(fixture.slide), ==, PCT_MEAN_OF_REPEATS);
  g_assert_null(pct_slide_page_find_row(fixture.page, first));
  g_assert_true(activate("slide.undo", NULL));
  PctNeuronRow *row = pct_slide_page_find_row(fixture.page, first);
  g_assert_nonnull(row);
  g_assert_cmpfloat_with_epsilon(pct_neuron_row_get_value(row), most, 1e-4);
  g_assert_cmpfloat_with_epsilon(pct_slide_get_response(fixture.slide, first), most, 1e-4);
  g_assert_true(activate("slide.undo", NULL));
  g_assert_cmpfloat_with_epsilon(pct_neuron_row_get_value(row), recorded, 1e-4);
  g_assert_false(pct_slide_is_changed(fixture.slide));
  for (int i = 0; i < 5; i++)
    g_assert_true(activate("slide.redo", NULL));
  g_assert_cmpint(pct_slide_get_image(fixture.slide), ==, fixture.images[1]);
  g_assert_cmpint(pct_slide_get_repeat(fixture.slide), ==, 1);
  g_assert_cmpfloat(pct_slide_get_response(fixture.slide, 5), ==, 3);
  g_assert_true(pct_selection_has_neuron(fixture.demo.selection, 5));
  g_assert_cmpstr(pct_selection_get_model(fixture.demo.selection), ==, model);
  close_page();

  // Another day: what was in hand comes back.
  open_page();
  g_assert_true(activate("slide.undo", NULL));
  g_assert_cmpint(pct_selection_get_image(fixture.demo.selection), ==, fixture.images[1]);
  g_assert_cmpint(pct_slide_get_repeat(fixture.slide), ==, 1);
  g_assert_cmpfloat(pct_slide_get_response(fixture.slide, 5), ==, 3);
  close_page();
}

static void
test_bookmarks(void)
{
  open_page();
  g_assert_true(activate("slide.set-response", "(id)", 7, 4.5));
  g_assert_true(activate("slide.card", "s", "lesions"));
  g_assert_true(activate("slide.add-bookmark", "s", "one"));
  g_assert_true(activate("slide.add-bookmark", "s", "one"));  // says that there is one
  g_assert_true(activate("slide.add-bookmark", "s", "two"));
  g_assert_true(activate("slide.rename-bookmark", "(ss)", "two", "three"));
  g_assert_true(activate("slide.delete-bookmark", "s", "none"));
  g_assert_true(activate("slide.bookmarks", NULL));
  spin(300);
  close_page();

  open_page();
  PctSlideBookmarks *bookmarks = pct_slide_memory_get_bookmarks(pct_slide_page_get_memory(fixture.page));
  g_assert_cmpuint(pct_slide_bookmarks_get_n(bookmarks), ==, 2);
  g_assert_cmpint(pct_slide_bookmarks_find(bookmarks, "three"), ==, 1);
  g_assert_false(pct_slide_is_changed(fixture.slide));
  g_assert_false(gtk_widget_get_mapped(pct_slide_page_get_card(fixture.page, "lesions")));
  g_assert_true(activate("slide.go-to-bookmark", "s", "three"));
  g_assert_cmpfloat(pct_slide_get_response(fixture.slide, 7), ==, 4.5f);
  g_assert_true(pct_selection_has_neuron(fixture.demo.selection, 7));
  spin(50);
  g_assert_true(gtk_widget_get_mapped(pct_slide_page_get_card(fixture.page, "lesions")));
  g_assert_true(activate("slide.undo", NULL));
  g_assert_false(pct_slide_is_changed(fixture.slide));
  g_assert_true(activate("slide.delete-bookmark", "s", "three"));
  g_assert_true(activate("slide.go-to-bookmark", "s", "three"));
  g_assert_false(pct_slide_is_changed(fixture.slide));
  close_page();
}

static GtkWidget *
find_child(GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE(widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find_child(child, type);
    if (found)
      return found;
  }
  return NULL;
}

static void
test_group(void)
{
  open_page();
  GtkWidget *group = find_child(fixture.widget, PCT_TYPE_GROUP_ROW);
  g_assert_false(gtk_widget_get_visible(group));
  const int neurons[] = { 3, 40, 77 };
  const float *mean = pct_project_get_ranges(fixture.demo.project)->mean;
  pct_selection_set_neurons(fixture.demo.selection, neurons, 3);
  spin(50);
  g_assert_true(gtk_widget_get_mapped(group));
  guint steps = pct_slide_history_get_n_steps(fixture.history);
  for (int i = 0; i <= 10; i++) {
    gtk_range_set_value(pct_group_row_get_range(PCT_GROUP_ROW(group)), 1 + i * 0.1);
    spin(5);
  }
  g_assert_cmpuint(pct_slide_history_get_n_steps(fixture.history), ==, steps + 1);
  for (int i = 0; i < 3; i++)
    g_assert_cmpfloat_with_epsilon(pct_slide_get_response(fixture.slide, neurons[i]),
                                   2 * pct_slide_get_recorded(fixture.slide, neurons[i]) - mean[neurons[i]], 1e-3);
  g_assert_cmpfloat_with_epsilon(pct_neuron_row_get_value(pct_slide_page_find_row(fixture.page, 40)),
                                 pct_slide_get_response(fixture.slide, 40), 1e-3);
  g_assert_true(activate("slide.group-scale", "d", NAN));  // is none
  g_assert_cmpfloat_with_epsilon(pct_slide_get_scale(fixture.slide, neurons, 3), 2, 1e-3);
  g_assert_true(activate("slide.silence", NULL));
  g_assert_cmpfloat(gtk_range_get_value(pct_group_row_get_range(PCT_GROUP_ROW(group))), ==, 0);
  g_assert_true(activate("slide.undo", NULL));
  g_assert_cmpfloat_with_epsilon(gtk_range_get_value(pct_group_row_get_range(PCT_GROUP_ROW(group))), 2, 1e-3);
  close_page();
}

static char *clipboard_text;

static void
on_read(GObject *clipboard, GAsyncResult *result, gpointer done)
{
  g_free(clipboard_text);
  clipboard_text = gdk_clipboard_read_text_finish(GDK_CLIPBOARD(clipboard), result, NULL);
  *(gboolean *)done = TRUE;
}

static void
test_clipboard(void)
{
  open_page();
  GdkClipboard *clipboard = gtk_widget_get_clipboard(fixture.widget);
  int m = pct_project_get_n_neurons(fixture.demo.project);
  g_assert_true(activate("slide.repeat", "i", 1));
  g_assert_true(activate("slide.set-response", "(id)", 2, 1.25));
  g_autofree float *copied = g_memdup2(pct_slide_get_responses(fixture.slide), (gsize)m * sizeof(float));
  g_assert_true(activate("slide.copy-responses", NULL));
  gboolean done = FALSE;
  gdk_clipboard_read_text_async(clipboard, NULL, on_read, &done);
  spin_until(done);
  g_assert_true(g_str_has_prefix(clipboard_text, "0\t"));
  g_assert_nonnull(strstr(clipboard_text, "\n2\t1.25\n"));

  // Onto another image's mean: the same vector, of a single trial; one step.
  g_assert_true(activate("slide.mean-of-repeats", NULL));
  g_assert_true(activate("slide.next", NULL));
  g_assert_cmpint(pct_slide_get_n_averaged(fixture.slide), >, 1);
  g_assert_true(activate("slide.paste-responses", NULL));
  spin_until(pct_slide_is_changed(fixture.slide));
  g_assert_cmpmem(pct_slide_get_responses(fixture.slide), (gsize)m * sizeof(float), copied, (gsize)m * sizeof(float));
  g_assert_cmpint(pct_slide_get_n_averaged(fixture.slide), ==, 1);
  g_assert_cmpint(pct_slide_get_image(fixture.slide), ==, fixture.images[1]);
  pct_slide_history_release(fixture.history);
  g_assert_true(activate("slide.undo", NULL));
  g_assert_false(pct_slide_is_changed(fixture.slide));
  g_assert_cmpint(pct_slide_get_n_averaged(fixture.slide), >, 1);

  // A part of the neurons, by hand in a spreadsheet; and what is no such thing changes nothing.
  gdk_clipboard_set_text(clipboard, "neuron, response\n4\t2.5\n\n9, -1\n");
  g_assert_true(activate("slide.paste-responses", NULL));
  spin_until(pct_slide_is_changed(fixture.slide));
  g_assert_cmpfloat(pct_slide_get_response(fixture.slide, 4), ==, 2.5f);
  g_assert_cmpfloat(pct_slide_get_response(fixture.slide, 9), ==, -1);
  g_assert_cmpfloat(pct_slide_get_response(fixture.slide, 5), ==, pct_slide_get_recorded(fixture.slide, 5));
  const char *bad[] = { "", "neurons", "1\t2\n1\t3", "4\t", "4\tx", "4 5 6", "999999\t1", "1\tinf", "-1\t2", "3\t1e99",
                        "99999999999999999999999\t1" };
  g_assert_true(activate("slide.reset", NULL));
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    gdk_clipboard_set_text(clipboard, bad[i]);
    g_assert_true(activate("slide.paste-responses", NULL));
    spin(30);
    g_assert_false(pct_slide_is_changed(fixture.slide));
  }

  // Another trial's responses over these, and the trials one after another. Sliders range as single trials do.
  const PctResponseRanges *ranges = pct_project_get_ranges(fixture.demo.project);
  int pinned = 0;
  while (ranges->single_maximum[pinned] <= 1.1f * ranges->averaged_maximum[pinned])
    pinned++;
  g_assert_true(activate("slide.pin", "i", pinned));
  GtkRange *range = pct_neuron_row_get_range(pct_slide_page_find_row(fixture.page, pinned));
  double most = gtk_adjustment_get_upper(gtk_range_get_adjustment(range));
  g_autoptr(PctResponses) other = pct_project_dup_responses(fixture.demo.project, fixture.images[3], 2);
  g_assert_true(activate("slide.take-responses", "(ii)", fixture.images[3], 2));
  g_assert_cmpmem(pct_slide_get_responses(fixture.slide), (gsize)m * sizeof(float), pct_responses_get_values(other),
                  (gsize)m * sizeof(float));
  g_assert_cmpint(pct_slide_get_n_averaged(fixture.slide), ==, 1);
  g_assert_cmpfloat(gtk_adjustment_get_upper(gtk_range_get_adjustment(range)), >, most);
  g_assert_true(activate("slide.take-responses", "(ii)", -4, 0));
  g_assert_true(activate("slide.take-responses", "(ii)", fixture.images[3], 1 << 20));
  g_assert_cmpint(pct_slide_get_image(fixture.slide), ==, fixture.images[1]);
  int n = pct_project_get_n_repeats(fixture.demo.project, fixture.images[1]);
  for (int i = 0; i <= n; i++) {
    g_assert_cmpint(pct_slide_get_repeat(fixture.slide), ==, i - 1);
    g_assert_true(activate("slide.next-repeat", NULL));
  }
  g_assert_cmpint(pct_slide_get_repeat(fixture.slide), ==, PCT_MEAN_OF_REPEATS);
  g_assert_true(activate("slide.previous-repeat", NULL));
  g_assert_cmpint(pct_slide_get_repeat(fixture.slide), ==, n - 1);
  g_assert_true(activate("slide.mean-of-repeats", NULL));
  g_assert_cmpint(pct_slide_get_repeat(fixture.slide), ==, PCT_MEAN_OF_REPEATS);
  g_clear_pointer(&clipboard_text, g_free);
  close_page();
}

static void
test_lesions(void)
{
  open_page();
  guint n;
  PctLesionCard *card = PCT_LESION_CARD(pct_slide_page_get_card(fixture.page, "lesions"));
  PctSlideLesion *lesion = pct_lesion_card_get_lesion(card);
  g_assert_true(activate("slide.pin-strongest", NULL));
  spin(300);
  g_assert_null(pct_slide_lesion_get_points(lesion, &n));  // nobody sees it
  g_assert_true(activate("slide.card", "s", "lesions"));
  spin_until(pct_slide_lesion_get_points(lesion, &n) && !pct_slide_lesion_is_busy(lesion));
  const PctLesionPoint *points = pct_slide_lesion_get_points(lesion, &n);
  g_assert_cmpint(points[n - 1].count, ==, 10);
  double whole = points[0].score.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR];
  g_assert_cmpfloat_with_epsilon(whole, pct_slide_get_score(fixture.slide).pixcorr[PCT_FRAME_FULL], 1e-5);
  double lost = points[n - 1].score.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR];
  // What the page itself shows when they are silenced.
  g_assert_true(activate("slide.silence", NULL));
  spin_until(!pct_slide_is_busy(fixture.slide));
  g_assert_cmpfloat_with_epsilon(lost, pct_slide_get_score(fixture.slide).pixcorr[PCT_FRAME_FULL], 1e-5);
  g_assert_true(activate("slide.undo", NULL));
  g_assert_true(gtk_widget_get_mapped(GTK_WIDGET(card)));  // what is in sight stays

  g_assert_true(activate("slide.lesion-tier", "(sb)", "nonsense", TRUE));
  g_assert_null(pct_lesion_card_get_job(card));
  g_assert_true(activate("slide.lesion-tier", "(sb)", "train", FALSE));
  g_assert_nonnull(pct_lesion_card_get_job(card));
  g_assert_true(activate("slide.cancel-lesion", NULL));
  spin_until(!pct_lesion_card_get_job(card));
  g_assert_cmpstr(pct_lesion_card_get_sentence(card), ==, "");
  g_assert_true(activate("slide.lesion-tier", "(sb)", "test", TRUE));
  spin_until(!pct_lesion_card_get_job(card));
  g_test_message("%s", pct_lesion_card_get_sentence(card));
  g_assert_nonnull(strstr(pct_lesion_card_get_sentence(card), "Without these 10 neurons PixCorr falls from 0."));
  g_assert_nonnull(strstr(pct_lesion_card_get_sentence(card), "test images; 10 random ones: 0."));
  g_assert_true(activate("slide.lesion-measure", "s", "mse"));
  g_assert_nonnull(strstr(pct_lesion_card_get_sentence(card), "MSE rises from "));
  g_assert_true(activate("slide.lesion-measure", "s", "identification"));  // not of a single picture
  g_assert_nonnull(strstr(pct_lesion_card_get_sentence(card), "MSE rises from "));
  g_autofree char *path = g_build_filename(g_get_user_data_dir(), "lesion.csv", NULL), *text = NULL;
  g_assert_true(activate("slide.save-lesion", "s", path));
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_assert_true(g_str_has_prefix(text, "count,silenced,mse_full,"));

  g_assert_true(activate("slide.lesion-of", "s", "first"));
  g_assert_true(activate("slide.lesion-others", NULL));
  g_assert_true(activate("slide.lesion-most", "i", 20));
  spin_until(pct_slide_lesion_get_points(lesion, &n) && !pct_slide_lesion_is_busy(lesion));
  points = pct_slide_lesion_get_points(lesion, &n);
  g_assert_cmpint(points[n - 1].count, ==, 20);
  g_assert_cmpint(points[n - 1].n_silenced, ==, pct_project_get_n_neurons(fixture.demo.project) - 20);
  g_assert_cmpfloat(points[n - 1].score.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], <, whole);
  // An area is told by receptive fields, which nobody had found.
  g_assert_true(activate("slide.lesion-area", "(iiii)", 0, 0, 1 << 30, 4));
  g_assert_true(activate("slide.lesion-area", "(iiii)", 4, 4, 10, 10));
  g_assert_true(activate("slide.lesion-of", "s", "area"));
  pct_slide_lesion_get_order(lesion, &n);
  g_assert_cmpuint(n, ==, 0);
  g_assert_true(activate("slide.lesion-tier", "(sb)", "test", TRUE));
  g_assert_null(pct_lesion_card_get_job(card));  // there is nothing to silence
  g_assert_true(activate("slide.lesion-of", "s", "nonsense"));
  g_assert_cmpint(pct_slide_lesion_get_of(lesion), ==, PCT_LESION_AREA);
  // The first are those that the page ranks by influence, for the region marked.
  g_assert_true(activate("slide.lesion-of", "s", "first"));
  g_assert_true(activate("slide.region", "(iiii)", 6, 5, 8, 9));
  PctSlideInfluence *influence =
    pct_influence_card_get_influence(PCT_INFLUENCE_CARD(find_child(fixture.widget, PCT_TYPE_INFLUENCE_CARD)));
  int n_ranked;
  spin_until(pct_slide_influence_get_ranking(influence, &n_ranked) && !pct_slide_influence_is_busy(influence));
  g_assert_true(pct_slide_lesion_has_ranking(lesion));
  const int *order = pct_slide_lesion_get_order(lesion, &n);
  g_assert_cmpuint(n, ==, 20);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint(order[i], ==, pct_slide_influence_get_ranking(influence, &n_ranked)[i].neuron);
  spin_until(pct_slide_lesion_get_points(lesion, &n));
  // Closed in the middle of a tier: the job goes on by itself, or stops.
  g_assert_true(activate("slide.lesion-tier", "(sb)", "train", FALSE));
  g_autoptr(PctJob) job = g_object_ref(pct_lesion_card_get_job(card));
  close_page();
  pct_job_cancel(job);
  spin_until(pct_job_is_over(job));
}

// Every key of the page is one of an action that there is.
static void
test_keys(void)
{
  open_page();
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(fixture.widget);
  int n_keys = 0;
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GObject) controller = g_list_model_get_item(controllers, i);
    for (guint k = 0; GTK_IS_SHORTCUT_CONTROLLER(controller) && k < g_list_model_get_n_items(G_LIST_MODEL(controller)); k++) {
      g_autoptr(GtkShortcut) shortcut = g_list_model_get_item(G_LIST_MODEL(controller), k);
      GtkShortcutAction *action = gtk_shortcut_get_action(shortcut);
      g_assert_true(g_hash_table_add(seen, gtk_shortcut_trigger_to_string(gtk_shortcut_get_trigger(shortcut))));
      if (!GTK_IS_NAMED_ACTION(action))
        continue;
      const char *name = gtk_named_action_get_action_name(GTK_NAMED_ACTION(action));
      g_autofree char *group = g_strndup(name, (gsize)(strchr(name, '.') - name));
      g_assert_cmpstr(group, ==, "slide");
      g_assert_true(g_action_group_has_action(pct_slide_page_get_actions(fixture.page), strchr(name, '.') + 1));
      n_keys++;
    }
  }
  g_assert_cmpint(n_keys, >, 15);
  const char *const wanted[] = { "<Control>z", "<Shift><Control>z", "<Control>b", "<Control>c", "<Control>v", "<Alt>Down" };
  for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
    g_assert_true(g_hash_table_contains(seen, wanted[i]));
  close_page();
}

int
main(int argc, char **argv)
{
  if (!demo_window_begin(&fixture.demo, argc, argv))
    return 0;
  g_test_add_func("/slide-memory/undo", test_undo);
  g_test_add_func("/slide-memory/bookmarks", test_bookmarks);
  g_test_add_func("/slide-memory/group", test_group);
  g_test_add_func("/slide-memory/clipboard", test_clipboard);
  g_test_add_func("/slide-memory/lesions", test_lesions);
  g_test_add_func("/slide-memory/keys", test_keys);
  int status = g_test_run();
  demo_window_end(&fixture.demo);
  return status;
}
