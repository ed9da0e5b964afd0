// SPDX-License-Identifier: GPL-3.0-or-later
// The assistant, driven by its actions: files come and go, what they hold is guessed, assigned and shown, the recording
// is written; a person's choice stays, a hostile file is a sentence, and a window that goes meanwhile harms nobody.
#include "demo-window.h"
#include "assistant/import-window.h"
#include "assistant/outcome-view.h"
#include "assistant/role-row.h"

#define N_TRIALS 40
#define N_NEURONS 6
#define N_IMAGES 30
#define SIDE 8

typedef struct {
  char *folder, *responses, *images, *numbers;
  PctLanes *lanes;
  GtkWidget *window;
  PctImport *import;
  char *imported;
} Fixture;

// As numpy would have written it: header and data.
static void
save(const char *path, PctNpyKind kind, gsize item_size, guint n_dims, const gsize *shape, gconstpointer data)
{
  g_assert_true(pct_npy_save(path, kind, item_size, n_dims, shape, data, NULL));
}

static void
on_imported(PctImportWindow *window, const char *path, Fixture *fixture)
{
  fixture->imported = g_strdup(path);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
  float responses[N_NEURONS][N_TRIALS];
  guint8 images[N_IMAGES][SIDE][SIDE];
  gint32 numbers[N_TRIALS];
  for (int i = 0; i < N_TRIALS; i++) {
    numbers[i] = 1 + i % N_IMAGES;
    for (int j = 0; j < N_NEURONS; j++)
      responses[j][i] = (float)((i * 7 + j * 3) % 11);
  }
  for (int k = 0; k < N_IMAGES; k++)
    for (int y = 0; y < SIDE; y++)
      for (int x = 0; x < SIDE; x++)
        images[k][y][x] = (guint8)(k * 37 + y * 11 + x * x);
  fixture->folder = g_dir_make_tmp("percept-import-XXXXXX", NULL);
  fixture->responses = g_build_filename(fixture->folder, "responses.npy", NULL);
  fixture->images = g_build_filename(fixture->folder, "images.npy", NULL);
  fixture->numbers = g_build_filename(fixture->folder, "image_index.npy", NULL);
  // Neurons first: a transpose to be seen.
  save(fixture->responses, PCT_NPY_FLOAT, 4, 2, (gsize[]){ N_NEURONS, N_TRIALS }, responses);
  save(fixture->images, PCT_NPY_UINT, 1, 3, (gsize[]){ N_IMAGES, SIDE, SIDE }, images);
  save(fixture->numbers, PCT_NPY_INT, 4, 1, (gsize[]){ N_TRIALS }, numbers);
  fixture->lanes = pct_lanes_new(NULL);
  fixture->window = pct_import_window_new(NULL, fixture->lanes, NULL);
  fixture->import = g_object_ref(pct_import_window_get_import(PCT_IMPORT_WINDOW(fixture->window)));
  g_signal_connect(fixture->window, "imported", G_CALLBACK(on_imported), fixture);
  g_object_add_weak_pointer(G_OBJECT(fixture->window), (gpointer *)&fixture->window);
  gtk_window_present(GTK_WINDOW(fixture->window));
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
  if (fixture->window)
    gtk_window_destroy(GTK_WINDOW(fixture->window));
  g_assert_finalize_object(fixture->import);
  pct_lanes_shutdown(fixture->lanes);
  g_assert_finalize_object(fixture->lanes);
  remove_tree(fixture->folder);
  g_free(fixture->folder);
  g_free(fixture->responses);
  g_free(fixture->images);
  g_free(fixture->numbers);
  g_free(fixture->imported);
}

static void
act(Fixture *fixture, const char *action, GVariant *parameter)
{
  g_assert_true(gtk_widget_activate_action_variant(fixture->window, action, parameter));
}

static void
add_all(Fixture *fixture)
{
  const char *paths[] = { fixture->responses, fixture->images, fixture->numbers };
  for (guint i = 0; i < G_N_ELEMENTS(paths); i++)
    act(fixture, "import.add-path", g_variant_new_string(paths[i]));
}

// Until nothing is done any more, and nothing is about to be.
static void
settle(Fixture *fixture)
{
  do {
    spin_until(!pct_import_get_job(fixture->import));
    spin(400);
  } while (pct_import_get_job(fixture->import));
}

static gboolean
can_make(Fixture *fixture)
{
  spin(1);
  return gtk_widget_activate_action(fixture->window, "import.output", "s", "/nowhere/x.npz") &&
         pct_import_get_outcome(fixture->import) != NULL;
}

static void
test_from_files_to_recording(Fixture *fixture, gconstpointer data)
{
  add_all(fixture);
  settle(fixture);
  g_assert_cmpstr(pct_import_get_error(fixture->import), ==, NULL);
  const PctImportOutcome *outcome = pct_import_get_outcome(fixture->import);
  g_assert_nonnull(outcome);
  g_assert_cmpint(outcome->n_trials, ==, N_TRIALS);
  g_assert_cmpint(outcome->n_neurons, ==, N_NEURONS);
  g_assert_cmpint(outcome->n_images, ==, N_IMAGES);
  g_assert_cmpuint(outcome->pictures->len, >, 0);
  g_assert_cmpstr(pct_import_plan_get_axes(pct_import_get_plan(fixture->import), PCT_ROLE_RESPONSES), ==, "mt");
  g_autofree char *path = g_build_filename(fixture->folder, "kept", NULL);
  act(fixture, "import.output", g_variant_new_string(path));
  act(fixture, "import.make", NULL);
  spin_until(fixture->imported != NULL);
  g_assert_true(g_str_has_suffix(fixture->imported, "kept.npz"));
  spin_until(fixture->window == NULL);
  PctJob *job = pct_project_open_async(fixture->lanes, fixture->imported, NULL);
  wait_for_job(job);
  g_autoptr(PctProject) project = pct_project_open_finish(job, NULL);
  g_object_unref(job);
  g_assert_cmpint(pct_project_get_n_trials(project), ==, N_TRIALS);
}

static void
test_a_choice_stays(Fixture *fixture, gconstpointer data)
{
  add_all(fixture);
  settle(fixture);
  act(fixture, "import.assign", g_variant_new("(sss)", "image-numbers", "", ""));
  settle(fixture);
  // 40 trials and 30 images: without their numbers nothing can be said.
  g_assert_null(pct_import_get_outcome(fixture->import));
  g_assert_nonnull(strstr(pct_import_get_error(fixture->import), "40"));
  // Another file, and the guess of it: what the person took away stays away.
  g_autofree char *table = g_build_filename(fixture->folder, "table.csv", NULL);
  g_assert_true(g_file_set_contents(table, "a,b\n1,2\n3,4\n", -1, NULL));
  act(fixture, "import.add-path", g_variant_new_string(table));
  settle(fixture);
  g_assert_null(pct_import_get_plan(fixture->import)->roles[PCT_ROLE_IMAGE_NUMBERS].array);
  act(fixture, "import.assign", g_variant_new("(sss)", "image-numbers", "image_index.npy", ""));
  settle(fixture);
  g_assert_nonnull(pct_import_get_outcome(fixture->import));
  // The wrong way round it is a sentence.
  act(fixture, "import.assign", g_variant_new("(sss)", "responses", "responses.npy", "tm"));
  settle(fixture);
  g_assert_null(pct_import_get_outcome(fixture->import));
  g_assert_nonnull(pct_import_get_error(fixture->import));
  act(fixture, "import.set", g_variant_new("(sd)", "test", 0.5));
  settle(fixture);
  g_assert_cmpfloat(pct_import_plan_get(pct_import_get_plan(fixture->import), "test"), ==, 0.5);
}

// The rows' own lists, as a hand would use them: a list that sets itself again while it tells of a choice never ends.
static gboolean
choose_in(GtkWidget *widget, const char *row_title, guint which, guint position)
{
  if (PCT_IS_ROLE_ROW(widget)) {
    if (!g_str_equal(adw_preferences_row_get_title(ADW_PREFERENCES_ROW(widget)), row_title))
      return FALSE;
    GtkWidget *box = gtk_widget_get_ancestor(demo_find(widget, GTK_TYPE_DROP_DOWN, FALSE), GTK_TYPE_BOX);
    GtkWidget *list = gtk_widget_get_first_child(box);
    gtk_drop_down_set_selected(GTK_DROP_DOWN(which ? gtk_widget_get_next_sibling(list) : list), position);
    return TRUE;
  }
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    if (choose_in(child, row_title, which, position))
      return TRUE;
  return FALSE;
}

static void
test_lists(Fixture *fixture, gconstpointer data)
{
  add_all(fixture);
  settle(fixture);
  for (guint position = 2; position-- > 0;) {
    g_assert_true(choose_in(fixture->window, "Responses", 1, position));
    settle(fixture);
    g_assert_cmpstr(pct_import_plan_get_axes(pct_import_get_plan(fixture->import), PCT_ROLE_RESPONSES), ==,
                    position ? "tm" : "mt");
    g_assert_true((pct_import_get_outcome(fixture->import) != NULL) == (position == 0));
  }
  g_assert_true(choose_in(fixture->window, "Responses", 0, 0));
  settle(fixture);
  g_assert_null(pct_import_get_plan(fixture->import)->roles[PCT_ROLE_RESPONSES].array);
  g_assert_true(choose_in(fixture->window, "Responses", 0, 1));
  settle(fixture);
  g_assert_cmpstr(pct_import_get_plan(fixture->import)->roles[PCT_ROLE_RESPONSES].array, !=, NULL);
}

static void
test_files_go(Fixture *fixture, gconstpointer data)
{
  add_all(fixture);
  act(fixture, "import.add-path", g_variant_new_string(fixture->images));  // no second time
  g_assert_cmpuint(pct_import_get_paths(fixture->import)->len, ==, 3);
  settle(fixture);
  act(fixture, "import.remove-path", g_variant_new_uint32(1));
  settle(fixture);
  g_assert_null(pct_import_get_outcome(fixture->import));
  g_assert_nonnull(pct_import_get_error(fixture->import));
  act(fixture, "import.remove-path", g_variant_new_uint32(1));
  act(fixture, "import.remove-path", g_variant_new_uint32(0));
  act(fixture, "import.remove-path", g_variant_new_uint32(0));  // nothing there
  settle(fixture);
  g_assert_cmpuint(pct_import_get_paths(fixture->import)->len, ==, 0);
  g_assert_null(pct_import_get_listing(fixture->import));
}

static void
test_a_hostile_file(Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename(fixture->folder, "giant.npy", NULL);
  static const char header[] = "\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (50000, 50000), }";
  g_autofree char *bytes = g_malloc0(400);
  memset(bytes, ' ', 128);
  memcpy(bytes, header, sizeof header - 1);
  bytes[127] = '\n';
  g_assert_true(g_file_set_contents(path, bytes, 400, NULL));
  act(fixture, "import.add-path", g_variant_new_string(path));
  settle(fixture);
  g_assert_nonnull(pct_import_get_files_error(fixture->import));
  g_assert_nonnull(strstr(pct_import_get_files_error(fixture->import), "giant.npy"));
  act(fixture, "import.remove-path", g_variant_new_uint32(0));
  add_all(fixture);
  settle(fixture);
  g_assert_nonnull(pct_import_get_outcome(fixture->import));
}

static void
test_gone_meanwhile(Fixture *fixture, gconstpointer data)
{
  add_all(fixture);
  spin(GPOINTER_TO_INT(data));
  act(fixture, "import.cancel", NULL);
  spin_until(fixture->window == NULL);
  spin(300);
}

static void
test_not_written(Fixture *fixture, gconstpointer data)
{
  add_all(fixture);
  settle(fixture);
  g_assert_true(can_make(fixture));
  act(fixture, "import.make", NULL);
  settle(fixture);
  spin(100);
  g_assert_nonnull(fixture->window);
  g_assert_null(fixture->imported);
  GListModel *windows = gtk_window_get_toplevels();
  gboolean told = FALSE;
  for (guint i = 0; i < g_list_model_get_n_items(windows); i++) {
    g_autoptr(GtkWindow) window = g_list_model_get_item(windows, i);
    if (ADW_IS_MESSAGE_DIALOG(window)) {
      told = strstr(adw_message_dialog_get_body(ADW_MESSAGE_DIALOG(window)), "x.npz") != NULL ||
             strstr(adw_message_dialog_get_body(ADW_MESSAGE_DIALOG(window)), "nowhere") != NULL;
      gtk_window_destroy(window);
    }
  }
  g_assert_true(told);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_print("1..0 # SKIP there is no display\n");
    return 0;
  }
  adw_init();
#define ADD(name, data) g_test_add("/import/" name, Fixture, data, set_up
  ADD("from-files-to-recording", NULL), test_from_files_to_recording, tear_down);
  ADD("a-choice-stays", NULL), test_a_choice_stays, tear_down);
  ADD("lists", NULL), test_lists, tear_down);
  ADD("files-go", NULL), test_files_go, tear_down);
  ADD("a-hostile-file", NULL), test_a_hostile_file, tear_down);
  ADD("gone-at-once", GINT_TO_POINTER(1)), test_gone_meanwhile, tear_down);
  ADD("gone-while-listing", GINT_TO_POINTER(60)), test_gone_meanwhile, tear_down);
  ADD("gone-while-looking", GINT_TO_POINTER(500)), test_gone_meanwhile, tear_down);
  ADD("not-written", NULL), test_not_written, tear_down);
  return g_test_run();
}
