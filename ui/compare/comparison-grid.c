// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "compare/comparison-grid.h"
#include <glib/gi18n.h>
#include "picture-card.h"
#include "tier-badge.h"

// Full colour of every difference map on the page: one scale, so that they compare.
#define DIFFERENCE_LIMIT 128.0
#define MOST_COLUMNS 4
#define LEAST_COLUMNS 3

struct _PctComparisonGrid {
  GtkWidget parent_instance;
  GtkWidget *grid, *original, *original_badge;
  PctProject *project;
  PctCompare *compare;
  PctFieldLegend *legend;
  GPtrArray *watched;   // of PctComparison, in the order of the cards
  GPtrArray *widgets;   // their cards and badges, borrowed from the grid
  GPtrArray *badges;
  gboolean differences;
};

G_DEFINE_FINAL_TYPE(PctComparisonGrid, pct_comparison_grid, GTK_TYPE_WIDGET)

static void
show_difference(PctPictureCard *card, PctPicture *picture, PctPicture *original)
{
  int height = pct_picture_get_height(picture), width = pct_picture_get_width(picture);
  gsize n = (gsize)height * width;
  const float *a = pct_picture_get_pixels(picture), *b = pct_picture_get_pixels(original);
  g_autofree float *difference = g_new(float, n);
  for (gsize i = 0; i < n; i++)
    difference[i] = a[i] - b[i];
  pct_picture_card_set_difference(card, difference, height, width, DIFFERENCE_LIMIT);
}

static void
show_comparison(PctComparisonGrid *self, guint i)
{
  PctComparison *comparison = self->watched->pdata[i];
  PctPictureCard *card = self->widgets->pdata[i];
  PctPicture *picture = pct_comparison_get_picture(comparison);
  PctPicture *original = pct_compare_get_original(self->compare);
  const char *problem = pct_comparison_get_problem(comparison);
  if (problem || !picture) {
    pct_picture_card_clear(card);
    pct_picture_card_set_note(card, problem ? problem : "…");
    pct_picture_card_set_subtitle(card, NULL);
    return;
  }
  // While a newer picture is on its way the old one stays, but not as a difference from the new original.
  gboolean difference = self->differences && original && !pct_comparison_is_busy(comparison);
  if (difference)
    show_difference(card, picture, original);
  else if (!self->differences)
    pct_picture_card_show(card, picture);
  pct_picture_card_set_subtitle(card, self->differences ? _("− original, ±128") : NULL);
  PctPictureScore score = pct_comparison_get_score(comparison);
  pct_picture_card_set_scores(card, score.pixcorr[PCT_FRAME_FULL], score.ssim[PCT_FRAME_FULL],
                              score.mse[PCT_FRAME_FULL]);
}

static void
on_comparison(PctComparison *comparison, PctComparisonGrid *self)
{
  guint i;
  if (g_ptr_array_find(self->watched, comparison, &i))
    show_comparison(self, i);
}

static void
show_original(PctComparisonGrid *self, int image)
{
  PctPictureCard *card = PCT_PICTURE_CARD(self->original);
  g_autoptr(PctPicture) picture = image >= 0 ? pct_project_dup_picture(self->project, image) : NULL;
  pct_picture_card_show(card, picture);
  pct_tier_badge_set_image(PCT_TIER_BADGE(self->original_badge), self->project, image);
  if (!picture) {
    pct_picture_card_set_note(card, _("No image is chosen"));
    return;
  }
  int n = pct_project_get_n_repeats(self->project, image);
  g_autofree char *note = g_strdup_printf(ngettext("Image %d · shown once", "Image %d · shown %d times", (gulong)n),
                                          image, n);
  pct_picture_card_set_note(card, note);
}

void
pct_comparison_grid_update(PctComparisonGrid *self)
{
  g_return_if_fail(PCT_IS_COMPARISON_GRID(self));
  int image = pct_compare_get_image(self->compare);
  show_original(self, image);
  for (guint i = 0; i < self->watched->len; i++) {
    show_comparison(self, i);
    pct_tier_badge_set_image(self->badges->pdata[i], self->project, image);
  }
}

void
pct_comparison_grid_set_differences(PctComparisonGrid *self, gboolean differences)
{
  g_return_if_fail(PCT_IS_COMPARISON_GRID(self));
  self->differences = differences;
  for (guint i = 0; i < self->watched->len; i++)
    show_comparison(self, i);
}

static void
show_fields(PctComparisonGrid *self)
{
  pct_field_legend_apply(self->legend, pct_picture_card_get_view(PCT_PICTURE_CARD(self->original)));
  for (guint i = 0; i < self->widgets->len; i++)
    pct_field_legend_apply(self->legend, pct_picture_card_get_view(self->widgets->pdata[i]));
}

static void
unwatch(PctComparisonGrid *self)
{
  for (guint i = 0; i < self->watched->len; i++)
    g_signal_handlers_disconnect_by_data(self->watched->pdata[i], self);
  g_ptr_array_set_size(self->watched, 0);
  g_ptr_array_set_size(self->widgets, 0);
  g_ptr_array_set_size(self->badges, 0);
}

static GtkWidget *
make_detail_button(const char *model)
{
  g_autofree char *label = g_strdup_printf(_("Details of %s: repeats, coarse and fine structure"), model);
  GtkWidget *button = gtk_button_new_from_icon_name("view-more-horizontal-symbolic");
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "small-button");
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(button, label);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "compare.detail");
  gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "s", model);
  return button;
}

static GtkWidget *
make_card(PctComparisonGrid *self, PctComparison *comparison)
{
  PctModel *model = pct_comparison_get_model(comparison);
  PctKind *kind = pct_model_get_kind(model);
  g_autofree char *label = g_strdup_printf(_("Reconstruction by %s"), pct_model_get_name(model));
  GtkWidget *card = pct_picture_card_new(pct_model_get_name(model), label);
  GtkWidget *badge = pct_tier_badge_new(), *suffix = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_box_append(GTK_BOX(suffix), badge);
  gtk_box_append(GTK_BOX(suffix), make_detail_button(pct_model_get_name(model)));
  pct_picture_card_set_suffix(PCT_PICTURE_CARD(card), suffix);
  if (kind)
    gtk_widget_set_tooltip_text(card, pct_kind_get_title(kind));
  g_ptr_array_add(self->watched, g_object_ref(comparison));
  g_ptr_array_add(self->widgets, card);
  g_ptr_array_add(self->badges, badge);
  g_signal_connect(comparison, "changed", G_CALLBACK(on_comparison), self);
  pct_field_legend_apply(self->legend, pct_picture_card_get_view(PCT_PICTURE_CARD(card)));
  return card;
}

// Rows of equal length where that can be: five cards are three and two, not four and one.
static int
columns_for(int n)
{
  int n_rows = (n + MOST_COLUMNS - 1) / MOST_COLUMNS;
  return MAX(LEAST_COLUMNS, (n + n_rows - 1) / MAX(1, n_rows));
}

static void
rebuild(PctComparisonGrid *self)
{
  GListModel *list = G_LIST_MODEL(self->compare);
  guint n = g_list_model_get_n_items(list);
  int columns = columns_for((int)n + 1);
  unwatch(self);
  g_object_ref(self->original);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(self->grid)))
    gtk_grid_remove(GTK_GRID(self->grid), child);
  gtk_grid_attach(GTK_GRID(self->grid), self->original, 0, 0, 1, 1);
  g_object_unref(self->original);
  for (guint i = 0; i < n; i++) {
    g_autoptr(PctComparison) comparison = g_list_model_get_item(list, i);
    gtk_grid_attach(GTK_GRID(self->grid), make_card(self, comparison), (int)(i + 1) % columns, (int)(i + 1) / columns,
                    1, 1);
  }
  for (int c = (int)n + 1; c < columns; c++)  // an empty place keeps the others' size
    gtk_grid_attach(GTK_GRID(self->grid), gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), c, 0, 1, 1);
  pct_comparison_grid_update(self);
}

static void
pct_comparison_grid_dispose(GObject *object)
{
  PctComparisonGrid *self = PCT_COMPARISON_GRID(object);
  unwatch(self);
  if (self->compare)
    g_signal_handlers_disconnect_by_data(self->compare, self);
  if (self->legend)
    g_signal_handlers_disconnect_by_data(self->legend, self);
  g_clear_pointer(&self->grid, gtk_widget_unparent);
  g_clear_object(&self->legend);
  g_clear_object(&self->compare);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_comparison_grid_parent_class)->dispose(object);
}

static void
pct_comparison_grid_finalize(GObject *object)
{
  PctComparisonGrid *self = PCT_COMPARISON_GRID(object);
  g_ptr_array_unref(self->watched);
  g_ptr_array_unref(self->widgets);
  g_ptr_array_unref(self->badges);
  G_OBJECT_CLASS(pct_comparison_grid_parent_class)->finalize(object);
}

static void
pct_comparison_grid_class_init(PctComparisonGridClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_comparison_grid_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_comparison_grid_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_comparison_grid_init(PctComparisonGrid *self)
{
  self->watched = g_ptr_array_new_with_free_func(g_object_unref);
  self->widgets = g_ptr_array_new();
  self->badges = g_ptr_array_new();
  self->grid = gtk_grid_new();
  gtk_grid_set_column_homogeneous(GTK_GRID(self->grid), TRUE);
  gtk_grid_set_column_spacing(GTK_GRID(self->grid), 12);
  gtk_grid_set_row_spacing(GTK_GRID(self->grid), 12);
  self->original = pct_picture_card_new(_("Original"), _("The image as it was shown"));
  self->original_badge = pct_tier_badge_new();
  pct_picture_card_set_suffix(PCT_PICTURE_CARD(self->original), self->original_badge);
  gtk_grid_attach(GTK_GRID(self->grid), self->original, 0, 0, 1, 1);
  gtk_widget_set_parent(self->grid, GTK_WIDGET(self));
}

GtkWidget *
pct_comparison_grid_new(PctProject *project, PctCompare *compare, PctFieldLegend *legend)
{
  PctComparisonGrid *self = g_object_new(PCT_TYPE_COMPARISON_GRID, NULL);
  pct_picture_view_set_degrees(pct_picture_card_get_view(PCT_PICTURE_CARD(self->original)),
                               pct_project_get_degrees_per_pixel(project), TRUE);
  self->project = g_object_ref(project);
  self->compare = g_object_ref(compare);
  self->legend = g_object_ref(legend);
  g_signal_connect_object(compare, "items-changed", G_CALLBACK(rebuild), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(legend, "changed", G_CALLBACK(show_fields), self, G_CONNECT_SWAPPED);
  rebuild(self);
  return GTK_WIDGET(self);
}
