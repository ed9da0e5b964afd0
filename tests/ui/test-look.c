// SPDX-License-Identifier: GPL-3.0-or-later
// The First Look page over the demo recording: nothing is looked for before somebody looks, then facts, score and cards
// are there; figures and numbers are exported by the page's actions. Skipped where there is no display.
#include "demo-window.h"
#include <string.h>
#include "look/look-card.h"
#include "look/look-page.h"
#include "plot-view.h"

static DemoWindow fixture;

static gboolean
activate(GtkWidget *page, const char *action, const char *text)
{
  return text ? gtk_widget_activate_action(page, action, "s", text) : gtk_widget_activate_action(page, action, NULL);
}

// The card with the figure of a name below a widget.
static PctLookCard *
find_card(GtkWidget *widget, const char *name)
{
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    if (PCT_IS_LOOK_CARD(child) && g_strcmp0(pct_look_card_get_name(PCT_LOOK_CARD(child)), name) == 0)
      return PCT_LOOK_CARD(child);
    PctLookCard *found = find_card(child, name);
    if (found)
      return found;
  }
  return NULL;
}

static gboolean
has_label(GtkWidget *widget, const char *part)
{
  if (GTK_IS_LABEL(widget) && gtk_widget_get_mapped(widget) && strstr(gtk_label_get_label(GTK_LABEL(widget)), part))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    if (has_label(child, part))
      return TRUE;
  return FALSE;
}

static void
test_page(void)
{
  GtkWidget *widget = pct_look_page_new(fixture.project, fixture.selection);
  PctLook *look = pct_look_page_get_look(PCT_LOOK_PAGE(widget));
  g_object_ref_sink(widget);
  spin(50);
  g_assert_null(pct_look_get_job(look, PCT_LOOK_FACTS));  // nobody looks
  g_assert_null(pct_look_get_facts(look));
  demo_window_show(&fixture, widget);
  spin_until(pct_look_get_facts(look) && pct_look_get_score(look));
  spin(100);
  PctScoreCard *score = find_widget(widget, PCT_TYPE_SCORE_CARD);
  g_assert_nonnull(score);
  g_assert_cmpstr(pct_score_card_get_state(score), ==, "table");
  g_assert_true(has_label(widget, "512 neurons, 2,250 images of 64 × 36 pixels, 2,600 trials; 50 test images shown 8 "
                                  "times."));
  g_assert_true(has_label(widget, "Nothing is odd"));
  g_assert_true(has_label(widget, "Means of up to 8 trials"));
  // The demo's animal runs and has a pupil: nothing is missing, every card has a figure and says it in words.
  const char *const names[] = { "reliability", "noise", "expected", "drift", "running_speed", "pupil_size" };
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    PctLookCard *card = find_card(widget, names[i]);
    g_assert_nonnull(card);
    PctPlotView *view = find_widget(GTK_WIDGET(card), PCT_TYPE_PLOT_VIEW);
    g_assert_nonnull(view);
    g_assert_nonnull(pct_plot_view_get_figure(view));
    g_assert_cmpuint(strlen(pct_look_card_get_note(card)), >, 20);
  }
  g_assert_false(has_label(widget, "Not in this recording"));
  g_assert_nonnull(strstr(pct_look_card_get_note(find_card(widget, "running_speed")), "Correlation 0."));
  g_object_unref(widget);
  demo_window_let_go(&fixture, widget);
}

static void
test_export(void)
{
  GtkWidget *widget = pct_look_page_new(fixture.project, fixture.selection);
  PctLookPage *page = PCT_LOOK_PAGE(widget);
  PctLook *look = pct_look_page_get_look(page);
  demo_window_show(&fixture, widget);
  spin_until(pct_look_get_facts(look) && pct_look_get_score(look));
  spin(100);
  const struct {
    const char *figure, *name, *begins;
  } files[] = {
    { "reliability", "r.csv", "neuron,unit_id," }, { "noise", "n.svg", "<?xml" }, { "drift", "d.png", "\x89PNG" },
    { "pupil_size", "p.pdf", "%PDF" }, { "running_speed", "s.csv", "trial,running_speed,gain" },
    { "score", "t.csv", "mode,name,pictures" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_build_filename(fixture.folder, files[i].name, NULL), *content = NULL;
    g_assert_true(activate(widget, "look.figure", files[i].figure));
    g_assert_true(activate(widget, "look.save", path));
    g_assert_true(g_str_has_suffix(pct_look_page_get_said(page), "”."));
    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    g_assert_true(g_str_has_prefix(content, files[i].begins));
  }
  // A figure that is not there leaves the one in hand; a path that cannot be written is told.
  g_assert_true(activate(widget, "look.figure", "nothing"));
  g_autofree char *nowhere = g_build_filename(fixture.folder, "absent", "x.csv", NULL);
  g_assert_true(activate(widget, "look.save", nowhere));
  g_assert_nonnull(strstr(pct_look_page_get_said(page), "absent"));
  g_assert_false(g_file_test(nowhere, G_FILE_TEST_EXISTS));
  demo_window_let_go(&fixture, widget);
}

// Stopped, and begun again by hand.
static void
test_stop(void)
{
  GtkWidget *widget = pct_look_page_new(fixture.project, fixture.selection);
  PctLook *look = pct_look_page_get_look(PCT_LOOK_PAGE(widget));
  gtk_window_set_child(GTK_WINDOW(fixture.window), widget);
  spin_until(pct_look_get_job(look, PCT_LOOK_SCORE) || pct_look_get_score(look));
  activate(widget, "look.stop", NULL);
  spin_until(!pct_look_get_job(look, PCT_LOOK_FACTS) && !pct_look_get_job(look, PCT_LOOK_SCORE));
  if (!pct_look_get_facts(look)) {
    g_assert_true(activate(widget, "look.look", NULL));
    spin_until(pct_look_get_facts(look));
  }
  spin(50);
  PctScoreCard *score = find_widget(widget, PCT_TYPE_SCORE_CARD);
  if (!pct_look_get_score(look)) {
    g_assert_cmpstr(pct_score_card_get_state(score), ==, "start");
    g_assert_true(activate(widget, "look.score", NULL));
    spin_until(pct_look_get_score(look));
  }
  spin(50);
  g_assert_cmpstr(pct_score_card_get_state(score), ==, "table");
  demo_window_let_go(&fixture, widget);
}

int
main(int argc, char **argv)
{
  if (!demo_window_begin(&fixture, argc, argv))
    return 0;
  g_test_add_func("/look/page", test_page);
  g_test_add_func("/look/export", test_export);
  g_test_add_func("/look/stop", test_stop);
  int status = g_test_run();
  demo_window_end(&fixture);
  return status;
}
