// SPDX-License-Identifier: GPL-3.0-or-later
// What the Slide page shows of a change beside the one picture: all decoders in a row on one scale, the neuron's filter and
// pattern, whether an encoder agrees, how far the responses are from any recorded; and a photograph in place of an image.
// Driven by actions. Skipped where there is no display.
#include "demo-window.h"
#include <string.h>
#include "picture-card.h"
#include "slide/check-line.h"
#include "slide/decoder-row.h"
#include "slide/effect-card.h"
#include "slide/photograph-bar.h"
#include "slide/slide-page.h"

static DemoWindow fixture;

static GtkWidget *
show_page(void)
{
  GtkWidget *page = pct_slide_page_new(fixture.project, fixture.selection);
  int n;
  pct_selection_set_image(fixture.selection, pct_project_get_tier_images(fixture.project, PCT_TIER_TEST, &n)[0]);
  pct_selection_set_neurons(fixture.selection, (int[]){ 3, 9 }, 2);
  demo_window_show(&fixture, page);
  PctSlide *slide = pct_slide_page_get_slide(PCT_SLIDE_PAGE(page));
  spin_until(!pct_slide_is_busy(slide) && pct_slide_get_reconstruction(slide));
  return page;
}

static void
set_flag(GtkWidget *page, const char *action, gboolean on)
{
  GActionGroup *group = pct_slide_page_get_actions(PCT_SLIDE_PAGE(page));
  g_action_group_change_action_state(group, action, g_variant_new_boolean(on));
}

// All words in sight below a widget.
static void
collect_text(GtkWidget *widget, GString *text)
{
  if (GTK_IS_LABEL(widget) && gtk_widget_get_mapped(widget))
    g_string_append_printf(text, "%s\n", gtk_label_get_text(GTK_LABEL(widget)));
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    collect_text(child, text);
}

static gboolean
says(GtkWidget *widget, const char *words)
{
  g_autoptr(GString) text = g_string_new(NULL);
  collect_text(widget, text);
  return strstr(text->str, words) != NULL;
}

static guint
count_cards(GtkWidget *row)
{
  guint n = 0;
  GtkWidget *flow = find_widget(row, GTK_TYPE_FLOW_BOX);
  while (gtk_flow_box_get_child_at_index(GTK_FLOW_BOX(flow), (int)n))
    n++;
  return n;
}

static void
test_row(void)
{
  GtkWidget *page = show_page(), *row = find_widget(page, PCT_TYPE_DECODER_ROW);
  PctSlide *slide = pct_slide_page_get_slide(PCT_SLIDE_PAGE(page));
  g_assert_false(gtk_widget_get_mapped(row));
  set_flag(page, "all-decoders", TRUE);
  spin_until(gtk_widget_get_mapped(row));
  // The shipped GAN and the ridge.
  g_assert_cmpuint(count_cards(row), ==, 2);
  spin_until(says(row, "PixCorr"));
  gtk_widget_activate_action(page, "slide.set-response", "(id)", 3, 20.0);
  spin_until(!pct_slide_is_busy(slide));
  PctPictureView *view = pct_picture_card_get_view(find_widget(row, PCT_TYPE_PICTURE_CARD));
  guint serial = pct_picture_view_get_serial(view);
  set_flag(page, "row-changes", TRUE);
  g_assert_cmpuint(pct_picture_view_get_serial(view), >, serial);
  // A click on a picture takes its decoder in hand.
  GtkFlowBox *flow = find_widget(row, GTK_TYPE_FLOW_BOX);
  const char *before = pct_selection_get_model(fixture.selection);
  g_autofree char *was = g_strdup(before);
  for (int i = 0; i < 2; i++) {
    g_signal_emit_by_name(flow, "child-activated", gtk_flow_box_get_child_at_index(flow, i));
    spin(50);
    if (g_strcmp0(was, pct_selection_get_model(fixture.selection)) != 0)
      break;
  }
  g_assert_cmpstr(was, !=, pct_selection_get_model(fixture.selection));
  pct_selection_set_model(fixture.selection, was);
  set_flag(page, "all-decoders", FALSE);
  spin_until(!gtk_widget_get_mapped(row));
  demo_window_let_go(&fixture, page);
}

// Locked, the scale of a small change is that of the large one before it.
static void
test_locked_scale(void)
{
  GtkWidget *page = show_page();
  PctSlide *slide = pct_slide_page_get_slide(PCT_SLIDE_PAGE(page));
  gtk_widget_activate_action(page, "slide.set-response", "(id)", 3, 200.0);
  spin_until(!pct_slide_is_busy(slide));
  double large = pct_slide_page_get_change_limit(PCT_SLIDE_PAGE(page));
  set_flag(page, "lock-scale", TRUE);
  gtk_widget_activate_action(page, "slide.set-response", "(id)", 3, 2.0);
  spin_until(!pct_slide_is_busy(slide));
  g_assert_cmpfloat(pct_slide_page_get_change_limit(PCT_SLIDE_PAGE(page)), ==, large);
  set_flag(page, "lock-scale", FALSE);
  g_assert_cmpfloat(pct_slide_page_get_change_limit(PCT_SLIDE_PAGE(page)), <, large);
  demo_window_let_go(&fixture, page);
}

static void
test_neuron(void)
{
  GtkWidget *page = show_page();
  GtkWidget *card = find_widget(page, PCT_TYPE_EFFECT_CARD), *line = find_widget(page, PCT_TYPE_CHECK_LINE);
  PctSlide *slide = pct_slide_page_get_slide(PCT_SLIDE_PAGE(page));
  gtk_widget_activate_action(page, "slide.card", "s", "neuron");
  spin_until(says(card, "correlate by"));
  g_assert_true(says(card, "Neuron 3"));
  spin_until(says(line, "Distance of these responses"));
  g_assert_false(says(line, "#9"));
  // The demo's encoder knows nothing of this ridge: no circle.
  gtk_widget_activate_action(page, "slide.set-response", "(id)", 9, 30.0);
  spin_until(!pct_slide_is_busy(slide));
  spin_until(says(line, "#9") && says(line, "re-encoded by"));
  g_assert_false(says(line, "circular"));
  g_assert_true(says(card, "Neuron 9"));
  gtk_widget_activate_action(page, "slide.reset", NULL);
  spin_until(!says(line, "#9"));
  demo_window_let_go(&fixture, page);
}

static void
test_photograph(void)
{
  GtkWidget *page = show_page(), *bar = find_widget(page, PCT_TYPE_PHOTOGRAPH_BAR);
  PctSlide *slide = pct_slide_page_get_slide(PCT_SLIDE_PAGE(page));
  int image = pct_slide_get_image(slide);
  g_autoptr(GdkPixbuf) photo = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, 200, 150);
  gdk_pixbuf_fill(photo, 0x8040c0ff);
  g_autofree char *path = g_build_filename(fixture.folder, "violet.png", NULL);
  g_assert_true(gdk_pixbuf_save(photo, path, "png", NULL, NULL));
  g_assert_false(gtk_widget_get_mapped(bar));
  gtk_widget_activate_action(page, "slide.photograph", "s", path);
  spin_until(pct_slide_get_image(slide) == -1 && says(bar, "violet.png"));
  spin_until(!pct_slide_is_busy(slide));
  g_assert_nonnull(pct_slide_get_reconstruction(slide));
  float first = pct_slide_get_responses(slide)[0];
  set_flag(page, "photograph-noise", TRUE);
  spin_until(says(bar, "of a trial"));
  g_assert_cmpfloat(pct_slide_get_responses(slide)[0], !=, first);
  gtk_widget_activate_action(page, "slide.close-photograph", NULL);
  g_assert_cmpint(pct_slide_get_image(slide), ==, image);
  spin_until(!gtk_widget_get_mapped(bar));
  // What is no photograph is told, and what was there stays.
  gtk_widget_activate_action(page, "slide.photograph", "s", "/nowhere/at-all.png");
  spin_until(says(bar, "at-all.png"));
  g_assert_cmpint(pct_slide_get_image(slide), ==, image);
  gtk_widget_activate_action(page, "slide.close-photograph", NULL);
  demo_window_let_go(&fixture, page);
}

// What is shown, as files: pictures, numbers, what was changed, and what it was made of.
static void
test_save(void)
{
  GtkWidget *page = show_page();
  PctSlide *slide = pct_slide_page_get_slide(PCT_SLIDE_PAGE(page));
  gtk_widget_activate_action(page, "slide.set-response", "(id)", 3, 5.0);
  gtk_widget_activate_action(page, "slide.set-response", "(id)", 9, 6.0);
  spin_until(!pct_slide_is_busy(slide));
  g_autofree char *png = g_build_filename(fixture.folder, "view.png", NULL), *npy = g_build_filename(fixture.folder, "view.npy", NULL);
  g_autofree char *csv = g_build_filename(fixture.folder, "view.csv", NULL), *json = g_build_filename(fixture.folder, "view.json", NULL);
  gtk_widget_activate_action(page, "slide.save-view", "s", png);
  spin_until(says(page, "Saved as"));
  g_autoptr(GdkPixbuf) sheet = gdk_pixbuf_new_from_file(png, NULL);
  g_assert_nonnull(sheet);
  g_assert_cmpint(gdk_pixbuf_get_width(sheet), >, 3 * gdk_pixbuf_get_height(sheet));
  g_autofree char *rows = NULL, *made = NULL;
  g_assert_true(g_file_get_contents(csv, &rows, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(g_strstrip(rows), "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, 3);
  g_assert_true(g_str_has_prefix(lines[1], "3,") && g_str_has_suffix(lines[1], ",5"));
  g_assert_true(g_file_get_contents(json, &made, NULL, NULL));
  g_assert_nonnull(strstr(made, pct_project_get_fingerprint(fixture.project)));
  g_assert_nonnull(strstr(made, "model_hash"));
  gtk_widget_activate_action(page, "slide.save-view", "s", npy);
  spin_until(g_file_test(npy, G_FILE_TEST_EXISTS));
  gtk_widget_activate_action(page, "slide.save-view", "s", "/nowhere/view.gif");
  spin_until(says(page, "view.gif"));
  demo_window_let_go(&fixture, page);
}

int
main(int argc, char **argv)
{
  if (!demo_window_begin(&fixture, argc, argv))
    return 0;
  g_test_add_func("/slide-views/row", test_row);
  g_test_add_func("/slide-views/locked-scale", test_locked_scale);
  g_test_add_func("/slide-views/neuron", test_neuron);
  g_test_add_func("/slide-views/photograph", test_photograph);
  g_test_add_func("/slide-views/save", test_save);
  int status = g_test_run();
  demo_window_end(&fixture);
  return status;
}
