// SPDX-License-Identifier: GPL-3.0-or-later
// The whole window as a person meets it: the demo, every page, a file that is no recording, a training started, stopped
// and left behind on closing, all through the application's and the window's actions. Skipped where there is no display.
#include <adwaita.h>
#include <glib/gstdio.h>
#include "application.h"
#include "images/images-page.h"
#include "main-window.h"
#include "trials-dialog.h"

static PctApplication *application;

typedef gboolean (*Condition)(gpointer data);

static gboolean
wake(gpointer data)
{
  return G_SOURCE_CONTINUE;
}

// TRUE when the condition came to hold within so many seconds.
static gboolean
wait_for(Condition condition, gpointer data, double seconds)
{
  gint64 end = g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC);
  guint source = g_timeout_add(10, wake, NULL);
  gboolean holds;
  while (!(holds = condition(data)) && g_get_monotonic_time() < end)
    g_main_context_iteration(NULL, TRUE);
  g_source_remove(source);
  return holds;
}

static void
remove_tree(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    remove_tree(child);
  }
  g_remove(path);
}

static PctMainWindow *
get_window(void)
{
  for (GList *link = gtk_application_get_windows(GTK_APPLICATION(application)); link != NULL; link = link->next)
    if (PCT_IS_MAIN_WINDOW(link->data))
      return link->data;
  return NULL;
}

// A mapped widget of this type below root; NULL if there is none.
static GtkWidget *
find_mapped(GtkWidget *root, const char *type)
{
  if (g_str_equal(G_OBJECT_TYPE_NAME(root), type) && gtk_widget_get_mapped(root))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find_mapped(child, type);
    if (found != NULL)
      return found;
  }
  return NULL;
}

static gboolean
is_mapped(gpointer type)
{
  return find_mapped(GTK_WIDGET(get_window()), type) != NULL;
}

static gboolean
is_enabled(gpointer action)
{
  return g_action_group_get_action_enabled(G_ACTION_GROUP(get_window()), action);
}

static gboolean
is_disabled(gpointer action)
{
  return !is_enabled(action);
}

static void
activate(const char *action, const char *target)
{
  g_action_group_activate_action(G_ACTION_GROUP(get_window()), action,
                                 target != NULL ? g_variant_new_string(target) : NULL);
}

static AdwMessageDialog *
find_dialog(void)
{
  GListModel *windows = gtk_window_get_toplevels();
  for (guint i = 0; i < g_list_model_get_n_items(windows); i++) {
    g_autoptr(GtkWindow) window = g_list_model_get_item(windows, i);
    if (ADW_IS_MESSAGE_DIALOG(window) && gtk_widget_get_mapped(GTK_WIDGET(window)))
      return ADW_MESSAGE_DIALOG(window);
  }
  return NULL;
}

static gboolean
has_dialog(gpointer data)
{
  return find_dialog() != NULL;
}

static gboolean
has_no_dialog(gpointer data)
{
  return find_dialog() == NULL;
}

static void
test_demo(void)
{
  g_application_activate(G_APPLICATION(application));
  g_assert_nonnull(get_window());
  g_assert_true(wait_for(is_mapped, (gpointer)"PctImagesPage", 60));
  g_assert_nonnull(strstr(gtk_window_get_title(GTK_WINDOW(get_window())), "demo"));
}

static void
test_pages(void)
{
  const struct {
    const char *name, *type;
  } pages[] = { { "look", "PctLookPage" }, { "neurons", "PctNeuronsPage" }, { "compare", "PctComparePage" },
                { "slide", "PctSlidePage" }, { "train", "PctTrainPage" }, { "images", "PctImagesPage" } };
  g_assert_cmpuint(pct_main_window_get_n_pages(), ==, G_N_ELEMENTS(pages));
  for (guint i = 0; i < G_N_ELEMENTS(pages); i++) {
    activate("page", pages[i].name);
    g_assert_true(wait_for(is_mapped, (gpointer)pages[i].type, 5));
    g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(get_window()), "page");
    g_assert_cmpstr(g_variant_get_string(state, NULL), ==, pages[i].name);
  }
}

// All pages' names fit a small window, beside the recording's and the buttons.
static void
test_header(void)
{
  int least;
  GtkWidget *header = find_mapped(GTK_WIDGET(get_window()), "AdwHeaderBar");
  g_assert_nonnull(header);
  gtk_widget_measure(header, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  g_test_message("the header takes at least %d pixels", least);
  g_assert_cmpint(least, <=, 980);
}

static void
test_walk(void)
{
  PctSelection *selection = pct_main_window_get_selection(get_window());
  int first;

  pct_selection_set_image(selection, 7);
  activate("next-image", NULL);
  first = pct_selection_get_image(selection);
  g_assert_cmpint(first, ==, 8);
  activate("previous-image", NULL);
  g_assert_cmpint(pct_selection_get_image(selection), ==, 7);
  pct_selection_set_image(selection, 0);
  activate("previous-image", NULL);
  g_assert_cmpint(pct_selection_get_image(selection), ==, 0);
}

static GtkWidget *
find_trials_dialog(void)
{
  GListModel *windows = gtk_window_get_toplevels();
  for (guint i = 0; i < g_list_model_get_n_items(windows); i++) {
    g_autoptr(GtkWidget) window = g_list_model_get_item(windows, i);
    if (PCT_IS_TRIALS_DIALOG(window))
      return window;
  }
  return NULL;
}

// A label that begins so, somewhere in sight below root.
static gboolean
says(GtkWidget *root, const char *beginning)
{
  if (GTK_IS_LABEL(root) && gtk_widget_get_mapped(root) &&
      g_str_has_prefix(gtk_label_get_label(GTK_LABEL(root)), beginning))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child; child = gtk_widget_get_next_sibling(child))
    if (says(child, beginning))
      return TRUE;
  return FALSE;
}

static gboolean
window_says(gpointer beginning)
{
  return says(GTK_WIDGET(get_window()), beginning);
}

static gboolean
window_says_no_trials(gpointer data)
{
  return !window_says((gpointer)"Trials: ");
}

// A filter of trials: every page is made anew of what is left, and what was in hand stays there.
static void
test_filter_trials(void)
{
  PctSelection *selection = pct_main_window_get_selection(get_window());
  const int pinned[] = { 3, 8 };
  guint n_pinned;
  g_assert_false(window_says((gpointer)"Trials: "));
  int image = pct_selection_get_image(selection);
  pct_selection_set_neurons(selection, pinned, 2);
  activate("set-trials", " trial >= 1300 ");
  g_assert_true(wait_for(window_says, (gpointer)"Trials: trial >= 1300 — 1,300 of 2,600", 60));
  g_assert_true(window_says((gpointer)"All "));
  g_assert_cmpint(pct_selection_get_image(selection), >=, 0);
  pct_selection_get_neurons(selection, &n_pinned);
  g_assert_cmpuint(n_pinned, ==, 2);

  // The question knows all trials, not those alone that are left.
  activate("filter-trials", NULL);
  GtkWidget *dialog = find_trials_dialog();
  g_assert_nonnull(dialog);
  PctTrialsDialog *asked = PCT_TRIALS_DIALOG(dialog);
  g_assert_cmpstr(pct_trials_dialog_get_answer(asked), ==, "1,300 of 2,600 trials (199 of 400 test)");
  pct_trials_dialog_set_text(asked, "trial >= 0 and speed >= 0");
  g_assert_cmpstr(pct_trials_dialog_get_answer(asked), ==, "2,600 of 2,600 trials (400 of 400 test)");
  pct_trials_dialog_set_text(asked, "sped < 1");
  g_assert_nonnull(strstr(pct_trials_dialog_get_answer(asked), "there is no “sped”"));
  pct_trials_dialog_set_text(asked, "speed < 0");
  g_assert_nonnull(strstr(pct_trials_dialog_get_answer(asked), "No train trial is left"));
  gtk_window_destroy(GTK_WINDOW(dialog));

  // A condition that leaves nothing is told, and changes nothing.
  activate("set-trials", "speed < 0");
  g_assert_true(wait_for(has_dialog, NULL, 60));
  g_assert_nonnull(strstr(adw_message_dialog_get_body(find_dialog()), "“speed < 0”"));
  gtk_window_close(GTK_WINDOW(find_dialog()));
  g_assert_true(wait_for(has_no_dialog, NULL, 5));
  g_assert_true(window_says((gpointer)"Trials: trial >= 1300"));

  activate("set-trials", "");
  g_assert_true(wait_for(window_says_no_trials, NULL, 60));
  g_assert_true(window_says((gpointer)"All 2,250"));
  pct_selection_set_neurons(selection, NULL, 0);
  pct_selection_set_image(selection, image);
}

static void
test_bad_file(void)
{
  g_autofree char *path = g_build_filename(g_get_user_cache_dir(), "bad_<b>.npz", NULL);
  GFile *files[] = { g_file_new_for_path(path) };

  g_assert_true(g_mkdir_with_parents(g_get_user_cache_dir(), 0700) == 0);
  g_assert_true(g_file_set_contents(path, "no recording", -1, NULL));
  g_application_open(G_APPLICATION(application), files, 1, "");
  g_assert_true(wait_for(has_dialog, NULL, 20));
  // The sentence names the file, exactly as it is called.
  g_assert_nonnull(strstr(adw_message_dialog_get_body(find_dialog()), "bad_<b>.npz"));
  gtk_window_close(GTK_WINDOW(find_dialog()));
  g_assert_true(wait_for(has_no_dialog, NULL, 5));
  // What was open stays open.
  g_assert_nonnull(strstr(gtk_window_get_title(GTK_WINDOW(get_window())), "demo"));
  g_assert_true(is_mapped((gpointer)"PctImagesPage"));
  g_object_unref(files[0]);
  g_remove(path);
}

static void
test_train(void)
{
  activate("page", "train");
  g_assert_true(wait_for(is_mapped, (gpointer)"PctTrainPage", 5));
  activate("train.kind", "cgan");
  g_assert_true(is_enabled((gpointer)"train.start"));
  g_assert_false(is_enabled((gpointer)"train.stop"));
  activate("train.start", NULL);
  g_assert_true(wait_for(is_enabled, (gpointer)"train.stop", 5));
  g_assert_false(is_enabled((gpointer)"train.start"));
  g_assert_true(wait_for(is_mapped, (gpointer)"PctNowCard", 5));
  g_assert_true(wait_for(is_mapped, (gpointer)"PctPreviewCard", 5));
  activate("train.stop", NULL);
  g_assert_true(wait_for(is_disabled, (gpointer)"train.stop", 20));
  g_assert_true(wait_for(is_enabled, (gpointer)"train.start", 20));
}

static void
test_present(void)
{
  g_action_group_activate_action(G_ACTION_GROUP(get_window()), "present", NULL);
  g_assert_true(gtk_widget_has_css_class(GTK_WIDGET(get_window()), "presenting"));
  g_action_group_activate_action(G_ACTION_GROUP(get_window()), "present", NULL);
  g_assert_false(gtk_widget_has_css_class(GTK_WIDGET(get_window()), "presenting"));
}

static void
got_text(GObject *clipboard, GAsyncResult *result, gpointer text)
{
  *(char **)text = gdk_clipboard_read_text_finish(GDK_CLIPBOARD(clipboard), result, NULL);
}

static gboolean
is_set(gpointer text)
{
  return *(char **)text != NULL;
}

// What the page in sight shows, as a command on the clipboard.
static void
test_copy_command(void)
{
  char *text = NULL;
  activate("page", "images");
  g_assert_true(wait_for(is_mapped, (gpointer)"PctImagesPage", 5));
  activate("copy-command", NULL);
  gdk_clipboard_read_text_async(gtk_widget_get_clipboard(GTK_WIDGET(get_window())), NULL, got_text, &text);
  g_assert_true(wait_for(is_set, &text, 5));
  g_assert_cmpstr(text, ==, "percept-cli images demo --sort number");
  g_free(text);
}

static gboolean
exists(gpointer path)
{
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

static gboolean
is_titled(gpointer name)
{
  return strstr(gtk_window_get_title(GTK_WINDOW(get_window())), name) != NULL;
}

static gboolean
has_model(gpointer name)
{
  return pct_project_find_model(pct_main_window_get_project(get_window()), name) != NULL;
}

static void
open_file(const char *path)
{
  GFile *files[] = { g_file_new_for_path(path) };
  g_application_open(G_APPLICATION(application), files, 1, "");
  g_object_unref(files[0]);
}

// Given away with its recording, and opened; without it, which asks for the recording, or takes the models in.
static void
test_share(void)
{
  g_autofree char *folder = g_dir_make_tmp("percept-share-XXXXXX", NULL);
  g_autofree char *with = g_build_filename(folder, "given.percept.zip", NULL);
  g_autofree char *without = g_build_filename(folder, "alone.percept.zip", NULL);
  const char *names[] = { "gaussian", "cgan", NULL };
  g_action_group_activate_action(G_ACTION_GROUP(get_window()), "share-to", g_variant_new("(sb^as)", with, TRUE, names));
  g_assert_true(wait_for(exists, with, 30));
  open_file(with);
  g_assert_true(wait_for(is_titled, (gpointer)"given", 30));
  g_assert_true(has_model((gpointer)"gaussian"));
  // A model that another has trained meanwhile.
  g_action_group_activate_action(G_ACTION_GROUP(get_window()), "share-to", g_variant_new("(sb^as)", without, FALSE, names));
  g_assert_true(wait_for(exists, without, 30));
  g_autofree char *gone = g_build_filename(folder, "given", "given.percept", "models", "cgan", NULL);
  g_assert_true(has_model((gpointer)"cgan"));
  remove_tree(gone);
  open_file(without);
  g_autofree char *taken = g_build_filename(folder, "given", "given.percept", "models", "cgan-1", NULL);
  g_assert_true(wait_for(exists, taken, 30));
  g_assert_true(wait_for(has_model, (gpointer)"cgan-1", 30));
  g_action_group_activate_action(G_ACTION_GROUP(application), "open-demo", NULL);
  g_assert_true(wait_for(is_titled, (gpointer)"demo", 60));
  remove_tree(folder);
}

static gboolean
is_gone(gpointer window)
{
  return *(gpointer *)window == NULL;
}

// While something trains: gone within two seconds (more under a sanitizer), and nothing of the window is left.
static void
test_close(void)
{
  gpointer window = get_window();

  activate("train.start", NULL);
  g_assert_true(wait_for(is_enabled, (gpointer)"train.stop", 5));
  g_object_add_weak_pointer(window, &window);
  gint64 start = g_get_monotonic_time();
  gtk_window_close(window);
  g_assert_true(wait_for(is_gone, &window, 10));
  g_assert_cmpfloat((g_get_monotonic_time() - start) / 1e6, <, 4);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  int status;

  g_autofree char *folder = g_dir_make_tmp("percept-window-XXXXXX", NULL);

  // Drivers that are unloaded again leave allocations that no leak checker can name.
  g_setenv("GDK_DEBUG", "gl-disable", TRUE);
  g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv("XDG_DATA_HOME", folder, TRUE);
  g_setenv("XDG_CACHE_HOME", folder, TRUE);
  g_test_init(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_print("1..0 # SKIP no display\n");
    g_rmdir(folder);
    return 0;
  }
  application = pct_application_new();
  g_application_set_flags(G_APPLICATION(application), G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);
  g_application_set_default(G_APPLICATION(application));
  if (!g_application_register(G_APPLICATION(application), NULL, &error))
    g_error("%s", error->message);
  g_test_add_func("/window/demo", test_demo);
  g_test_add_func("/window/pages", test_pages);
  g_test_add_func("/window/header", test_header);
  g_test_add_func("/window/walk", test_walk);
  g_test_add_func("/window/filter-trials", test_filter_trials);
  g_test_add_func("/window/bad-file", test_bad_file);
  g_test_add_func("/window/copy-command", test_copy_command);
  g_test_add_func("/window/share", test_share);
  g_test_add_func("/window/train", test_train);
  g_test_add_func("/window/present", test_present);
  g_test_add_func("/window/close", test_close);
  status = g_test_run();
  g_object_unref(application);
  remove_tree(folder);
  return status;
}
