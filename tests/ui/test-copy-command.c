// SPDX-License-Identifier: GPL-3.0-or-later
// “Copy as Command” on every page: the commands are run by the percept-cli that was built ($PCT_CLI), and what they make is
// what the page shows. Skipped where there is no display.
#include "demo-window.h"
#include <math.h>
#include "compare/compare-page.h"
#include "data/npy.h"
#include "images/images-page.h"
#include "look/look-page.h"
#include "model/weights-hash.h"
#include "neurons/neurons-page.h"
#include "slide/lesion-card.h"
#include "slide/slide-page.h"
#include "slide/sweep-card.h"
#include "slide/slide-panel.h"
#include "train/train-page.h"
#include "work/scores.h"

static DemoWindow fixture;

// In the test's folder. What it prints; free with g_free.
static char *
run(const char *line)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) words = NULL;
  char *out = NULL;
  g_autofree char *err = NULL;
  int status;
  g_assert_true(g_str_has_prefix(line, "percept-cli "));
  g_assert_true(g_shell_parse_argv(line, NULL, &words, &error));
  g_free(words[0]);
  words[0] = g_strdup(g_getenv("PCT_CLI"));
  g_spawn_sync(fixture.folder, words, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, &error);
  g_assert_no_error(error);
  if (!g_spawn_check_wait_status(status, NULL))
    g_error("%s: %s", line, err);
  return out;
}

static char **
dup_commands(char *(*dup)(GtkWidget *, GError **), GtkWidget *page)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = dup(page, &error);
  g_assert_no_error(error);
  return g_strsplit(text, "\n", -1);
}

// The command of that name among them.
static const char *
find(char **lines, const char *name)
{
  g_autofree char *start = g_strdup_printf("percept-cli %s ", name);
  for (char **line = lines; *line; line++)
    if (g_str_has_prefix(*line, start))
      return *line;
  g_error("no “%s” among %s", name, lines[0]);
}

// Picture i of the .npy that a command wrote, against what the page shows.
static void
assert_picture(const char *name, gsize i, PctPicture *shown)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(fixture.folder, name, NULL);
  g_autoptr(PctNpyArray) array = pct_npy_load(path, NULL, &error);
  g_assert_no_error(error);
  g_autofree float *values = pct_npy_array_dup_floats(array, NULL, &error);
  gsize n = (gsize)pct_picture_get_height(shown) * (gsize)pct_picture_get_width(shown);
  g_assert_cmpuint(array->n_items, >=, (i + 1) * n);
  for (gsize p = 0; p < n; p++)
    g_assert_cmpfloat_with_epsilon(values[i * n + p], pct_picture_get_pixels(shown)[p], 1e-3);
}

// The number in a column of a line of CSV.
static double
get_number(const char *csv, guint row, const char *column)
{
  g_auto(GStrv) lines = g_strsplit(csv, "\n", -1);
  g_auto(GStrv) names = g_strsplit(lines[0], ",", -1), values = g_strsplit(lines[row], ",", -1);
  for (guint i = 0; names[i]; i++)
    if (g_str_equal(names[i], column))
      return values[i] && *values[i] ? g_ascii_strtod(values[i], NULL) : NAN;
  g_error("no column “%s” in %s", column, lines[0]);
}

static guint
count_lines(const char *text)
{
  guint n = 0;
  for (; *text; text++)
    n += *text == '\n';
  return n;
}

static void
activate(GtkWidget *page, const char *action, GVariant *parameter)
{
  g_assert_true(gtk_widget_activate_action_variant(page, action, parameter));
}

static int
get_test_image(int i)
{
  int n;
  return pct_project_get_tier_images(fixture.project, PCT_TIER_TEST, &n)[i];
}

// Three neurons held elsewhere, one trial, a z that was drawn: each card with what is in hand.
static void
test_slide(void)
{
  pct_selection_set_image(fixture.selection, get_test_image(2));
  pct_selection_set_model(fixture.selection, "cgan");
  GtkWidget *page = pct_slide_page_new(fixture.project, fixture.selection);
  demo_window_show(&fixture, page);
  PctSlide *slide = pct_slide_page_get_slide(PCT_SLIDE_PAGE(page));
  spin_until(pct_slide_get_reconstruction(slide) && !pct_slide_is_busy(slide));
  g_autofree char *file = g_strdup_printf("image-%d.npy", get_test_image(2));
  // As recorded.
  g_auto(GStrv) plain = dup_commands(pct_slide_page_dup_command, page);
  g_assert_null(strstr(plain[0], "--response"));
  g_free(run(plain[0]));
  assert_picture(file, 0, pct_slide_get_reconstruction(slide));
  // As somebody holds it.
  activate(page, "slide.repeat", g_variant_new_int32(3));
  activate(page, "slide.set-response", g_variant_new("(id)", 7, 4.25));
  activate(page, "slide.set-response", g_variant_new("(id)", 300, -1.5));
  activate(page, "slide.set-response", g_variant_new("(id)", 11, 0.1));
  activate(page, "slide.redraw", NULL);
  activate(page, "slide.region", g_variant_new("(iiii)", 10, 5, 12, 9));
  activate(page, "slide.sweep-steps", g_variant_new_int32(4));
  PctSlideSweep *sweep =
    pct_sweep_card_get_sweep(PCT_SWEEP_CARD(pct_slide_page_get_card(PCT_SLIDE_PAGE(page), "sweep")));
  spin(300);
  spin_until(!pct_slide_is_busy(slide) && pct_slide_sweep_is_done(sweep));
  PctSlidePanel *panel = find_widget(page, PCT_TYPE_SLIDE_PANEL);
  PctSlideInfluence *influence = pct_influence_card_get_influence(pct_slide_panel_get_influence(panel));
  spin_until(pct_slide_influence_get_ranking(influence, NULL) && !pct_slide_influence_is_busy(influence));
  g_auto(GStrv) lines = dup_commands(pct_slide_page_dup_command, page);
  g_assert_cmpuint(g_strv_length(lines), ==, 3);
  g_free(run(find(lines, "reconstruct")));
  assert_picture(file, 0, pct_slide_get_reconstruction(slide));
  g_assert_cmpint(pct_slide_get_latent_seed(slide), >, 0);
  g_free(run(find(lines, "sweep")));
  g_autofree char *strip = g_strdup_printf("sweep-%d.npy", get_test_image(2));
  for (guint i = 0; i < 4; i++)
    assert_picture(strip, i, pct_slide_sweep_get_picture(sweep, i));
  g_autofree char *csv_line = g_strconcat(find(lines, "contribute"), " --csv", NULL), *ranked = run(csv_line);
  g_assert_nonnull(strstr(csv_line, "--region 10,5,12,9"));
  int n;
  const PctNeuronInfluence *ranking = pct_slide_influence_get_ranking(influence, &n);
  for (guint i = 0; i < 5; i++) {
    g_assert_cmpfloat(get_number(ranked, i + 1, "neuron"), ==, ranking[i].neuron);
    g_assert_cmpfloat_with_epsilon(get_number(ranked, i + 1, "contribution"), ranking[i].value, 1e-3);
  }
  // Lesions of the pinned ones.
  activate(page, "slide.card", g_variant_new_string("lesions"));
  PctSlideLesion *lesion =
    pct_lesion_card_get_lesion(PCT_LESION_CARD(pct_slide_page_get_card(PCT_SLIDE_PAGE(page), "lesions")));
  spin(300);
  spin_until(!pct_slide_lesion_is_busy(lesion));
  guint n_points;
  const PctLesionPoint *points = pct_slide_lesion_get_points(lesion, &n_points);
  g_assert_cmpuint(n_points, ==, 4);
  g_auto(GStrv) cut = dup_commands(pct_slide_page_dup_command, page);
  g_free(run(find(cut, "lesion")));
  g_autofree char *table = g_strdup_printf("%s/lesion-%d.csv", fixture.folder, get_test_image(2)), *written = NULL;
  g_assert_true(g_file_get_contents(table, &written, NULL, NULL));
  for (guint i = 0; i < n_points; i++) {
    g_assert_cmpfloat_with_epsilon(get_number(written, i + 1, "pixcorr_full"),
                                   points[i].score.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], 1e-4);
    g_assert_cmpfloat_with_epsilon(get_number(written, i + 1, "random_pixcorr_full"),
                                   points[i].random.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], 1e-4);
  }
  demo_window_let_go(&fixture, page);
}

// With a filter of trials on, the mean is of those that pass.
static void
test_trials(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctJob) opening = pct_project_open_async(fixture.lanes, NULL, "speed < 5");
  wait_for_job(opening);
  g_autoptr(PctProject) all = g_steal_pointer(&fixture.project);
  fixture.project = pct_project_open_finish(opening, &error);
  g_assert_no_error(error);
  int image = -1;
  for (int i = 0; i < 40 && image < 0; i++) {
    int candidate = get_test_image(i), n = pct_project_get_n_repeats(fixture.project, candidate);
    if (n > 0 && n < pct_project_get_n_repeats(all, candidate))
      image = candidate;
  }
  g_assert_cmpint(image, >=, 0);
  pct_selection_set_image(fixture.selection, image);
  pct_selection_set_model(fixture.selection, "cgan");
  GtkWidget *page = pct_slide_page_new(fixture.project, fixture.selection);
  demo_window_show(&fixture, page);
  PctSlide *slide = pct_slide_page_get_slide(PCT_SLIDE_PAGE(page));
  spin_until(pct_slide_get_reconstruction(slide) && !pct_slide_is_busy(slide));
  g_auto(GStrv) lines = dup_commands(pct_slide_page_dup_command, page);
  g_assert_nonnull(strstr(lines[0], "--trials 'speed < 5'"));
  g_free(run(lines[0]));
  g_autofree char *file = g_strdup_printf("image-%d.npy", image);
  assert_picture(file, 0, pct_slide_get_reconstruction(slide));
  demo_window_let_go(&fixture, page);
  GtkWidget *listed = pct_images_page_new(fixture.project, fixture.selection);
  g_object_ref_sink(listed);
  g_auto(GStrv) images = dup_commands(pct_images_page_dup_command, listed);
  g_autofree char *csv_line = g_strconcat(images[0], " --csv", NULL), *csv = run(csv_line);
  // Those that the filter leaves, as on the page, in their order.
  guint n_left = 0, row = 0;
  for (int i = 0; i < pct_project_get_n_images(fixture.project); i++) {
    n_left += pct_project_get_n_repeats(fixture.project, i) > 0;
    row = i == image ? n_left : row;
  }
  g_assert_cmpuint(count_lines(csv), ==, 1 + n_left);
  g_assert_cmpfloat(get_number(csv, row, "image"), ==, image);
  g_assert_cmpfloat(get_number(csv, row, "trials"), ==, pct_project_get_n_repeats(fixture.project, image));
  g_object_unref(listed);
  g_object_unref(fixture.project);
  fixture.project = g_steal_pointer(&all);
}

// The first look.
static void
test_look(void)
{
  GtkWidget *page = pct_look_page_new(fixture.project, fixture.selection);
  demo_window_show(&fixture, page);
  PctLook *look = pct_look_page_get_look(PCT_LOOK_PAGE(page));
  spin_until(pct_look_get_facts(look));
  g_auto(GStrv) lines = dup_commands(pct_look_page_dup_command, page);
  g_autofree char *line = g_strconcat(lines[0], " --no-score", NULL), *text = run(line);
  g_autofree char *n = g_strdup_printf("%d", pct_project_get_n_neurons(fixture.project));
  g_assert_nonnull(strstr(text, n));
  demo_window_let_go(&fixture, page);
}

// The table, and a picture a decoder.
static void
test_compare(void)
{
  pct_selection_set_image(fixture.selection, get_test_image(1));
  GtkWidget *page = pct_compare_page_new(fixture.project, fixture.selection);
  demo_window_show(&fixture, page);
  PctCompare *compare = pct_compare_page_get_compare(PCT_COMPARE_PAGE(page));
  guint n = g_list_model_get_n_items(G_LIST_MODEL(compare));
  g_assert_cmpuint(n, ==, 2);
  g_auto(GStrv) lines = dup_commands(pct_compare_page_dup_command, page);
  g_assert_cmpuint(g_strv_length(lines), ==, 1 + n);
  g_autofree char *csv_line = g_strconcat(lines[0], " --csv", NULL), *csv = run(csv_line);
  g_autoptr(PctScoreTable) table = pct_score_table_new(fixture.project);
  pct_score_table_set_active(table, TRUE);
  for (guint i = 0; i < n; i++) {
    g_autoptr(PctComparison) comparison = g_list_model_get_item(G_LIST_MODEL(compare), i);
    PctModel *model = pct_comparison_get_model(comparison);
    spin_until(pct_comparison_get_picture(comparison) && !pct_comparison_is_busy(comparison));
    g_free(run(lines[1 + i]));
    g_autofree char *file = g_strdup_printf("image-%d-%s.npy", get_test_image(1), pct_model_get_name(model));
    assert_picture(file, 0, pct_comparison_get_picture(comparison));
    PctScoreRow *row = pct_score_table_find(table, model);
    spin_until(pct_score_row_is_ready(row));
    double shown = pct_score_row_get_mean(row, PCT_FRAME_FULL, PCT_MEASURE_PIXCORR);
    // The line of that model's means over repeats.
    g_autofree char *start = g_strdup_printf("\"%s\",model,averaged,", pct_model_get_name(model));
    g_auto(GStrv) rows = g_strsplit(csv, "\n", -1);
    guint k = 1;
    while (rows[k] && !g_str_has_prefix(rows[k], start))
      k++;
    g_assert_nonnull(rows[k]);
    g_assert_cmpfloat_with_epsilon(get_number(csv, k, "pixcorr_full"), shown, 1e-4);
  }
  demo_window_let_go(&fixture, page);
}

static void
test_images(void)
{
  GtkWidget *page = pct_images_page_new(fixture.project, fixture.selection);
  demo_window_show(&fixture, page);
  const char *sorts[] = { "number", "mean-response", pct_model_get_name(fixture.ridge) };
  for (guint i = 0; i < G_N_ELEMENTS(sorts); i++) {
    activate(page, "images.sort", g_variant_new_string(sorts[i]));
    g_auto(GStrv) lines = dup_commands(pct_images_page_dup_command, page);
    g_autofree char *csv_line = g_strconcat(lines[0], " --csv", NULL), *csv = run(csv_line);
    g_assert_cmpuint(count_lines(csv), ==, 1 + (guint)pct_project_get_n_images(fixture.project));
    // The order that “next image” walks; scores come by a job.
    int first = (int)get_number(csv, 1, "image");
    spin_until((pct_selection_set_image(fixture.selection, -1), pct_selection_step(fixture.selection, 1),
                pct_selection_get_image(fixture.selection)) == first);
    for (guint k = 2; k < 40; k++) {
      pct_selection_step(fixture.selection, 1);
      g_assert_cmpint(pct_selection_get_image(fixture.selection), ==, (int)get_number(csv, k, "image"));
    }
  }
  demo_window_let_go(&fixture, page);
}

static void
test_neurons(void)
{
  GtkWidget *page = pct_neurons_page_new(fixture.project, fixture.selection);
  demo_window_show(&fixture, page);
  PctNeurons *neurons = pct_neurons_page_get_neurons(PCT_NEURONS_PAGE(page));
  PctNeuronList *list = pct_neurons_page_get_list(PCT_NEURONS_PAGE(page));
  spin_until(pct_neurons_get_pending(neurons) == 0 && pct_neurons_get_column(neurons, PCT_COLUMN_CORRELATION));
  activate(page, "neurons.filter", g_variant_new_string("reliability > 0.2 and mean < 3"));
  activate(page, "neurons.order", g_variant_new("(sb)", "correlation", TRUE));
  spin(200);
  guint n = pct_neuron_list_get_n(list);
  g_assert_true(n > 5 && n < (guint)pct_neurons_get_n(neurons));
  g_auto(GStrv) lines = dup_commands(pct_neurons_page_dup_command, page);
  g_autofree char *csv_line = g_strconcat(lines[0], " --csv", NULL), *csv = run(csv_line);
  g_assert_cmpuint(count_lines(csv), ==, 1 + n);
  for (guint i = 0; i < MIN(n, 30); i++) {
    int neuron = pct_neuron_list_get_neuron(list, i);
    g_assert_cmpint((int)get_number(csv, i + 1, "number"), ==, neuron);
    g_assert_cmpfloat_with_epsilon(get_number(csv, i + 1, "correlation"),
                                   pct_neurons_get_value(neurons, PCT_COLUMN_CORRELATION, neuron), 1e-6);
  }
  // A line drawn around some: those are named.
  activate(page, "neurons.clear-filter", NULL);
  g_autoptr(GVariant) lasso = g_variant_ref_sink(g_variant_new_parsed(
    "('cortex', [(-1e6, -1e6), (0.0, -1e6), (0.0, 1e6), (-1e6, 1e6)])"));
  activate(page, "neurons.lasso", lasso);
  spin(200);
  g_assert_true(pct_neuron_list_has_lasso(list));
  g_assert_cmpuint(pct_neuron_list_get_n(list), <, (guint)pct_neurons_get_n(neurons));
  g_auto(GStrv) inside = dup_commands(pct_neurons_page_dup_command, page);
  g_autofree char *few = g_strconcat(inside[0], " --csv", NULL), *printed = run(few);
  g_assert_cmpuint(count_lines(printed), ==, 1 + pct_neuron_list_get_n(list));
  demo_window_let_go(&fixture, page);
}

// The model that the command trains has the weights of the one that the button trains.
static void
test_train(void)
{
  g_autoptr(GError) error = NULL;
  GtkWidget *window = adw_application_window_new(NULL), *page = pct_train_page_new(fixture.project, fixture.selection);
  adw_application_window_set_content(ADW_APPLICATION_WINDOW(window), page);
  gtk_window_present(GTK_WINDOW(window));
  spin(200);
  g_action_group_change_action_state(G_ACTION_GROUP(window), "train.kind", g_variant_new_string("ridge"));
  g_auto(GStrv) lines = dup_commands(pct_train_page_dup_command, page);
  g_autofree char *folder = g_strstrip(run(lines[0]));
  g_autofree char *there = g_build_filename(folder, "weights.safetensors", NULL);
  g_autofree char *here = g_build_filename(pct_model_get_folder(fixture.ridge), "weights.safetensors", NULL);
  g_autofree char *one = pct_weights_hash(there, NULL, &error), *other = pct_weights_hash(here, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(there, !=, here);
  g_assert_cmpstr(one, ==, other);
  // What is made with others names them, by folder.
  g_action_group_change_action_state(G_ACTION_GROUP(window), "train.kind", g_variant_new_string("lmmse"));
  g_auto(GStrv) sources = dup_commands(pct_train_page_dup_command, page);
  g_assert_nonnull(strstr(sources[0], "/gaussian"));
  gtk_window_destroy(GTK_WINDOW(window));
  spin(50);
}

int
main(int argc, char **argv)
{
  if (!demo_window_begin(&fixture, argc, argv))
    return 0;
  g_test_add_func("/ui/copy-command/slide", test_slide);
  g_test_add_func("/ui/copy-command/trials", test_trials);
  g_test_add_func("/ui/copy-command/look", test_look);
  g_test_add_func("/ui/copy-command/compare", test_compare);
  g_test_add_func("/ui/copy-command/images", test_images);
  g_test_add_func("/ui/copy-command/neurons", test_neurons);
  g_test_add_func("/ui/copy-command/train", test_train);
  int failed = g_test_run();
  demo_window_end(&fixture);
  return failed;
}
