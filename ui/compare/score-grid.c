// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "compare/score-grid.h"
#include <glib/gi18n.h>
#include <string.h>
#include "measure-text.h"
#include "plot-view.h"
#include "plots/histogram.h"
#include "plots/number-text.h"
#include "plots/ticks.h"
#include "tier-badge.h"

#define N_BINS 40
#define N_COLUMNS PCT_N_TABLE_MEASURES
#define SPREAD_WIDTH 150

// One row's widgets; owned by the grid's children and forgotten with them.
typedef struct {
  PctScoreRow *row;
  GtkWidget *labels[N_COLUMNS], *plot;
  int series;
} Line;

typedef struct {
  PctHistogramPlot plot;
  float values[];
} Spread;

struct _PctScoreGrid {
  GtkWidget parent_instance;
  GtkWidget *box, *title, *grid, *spread_title, *axis, *mode_box, *badge;
  PctProject *project;
  PctScoreTable *table;
  GPtrArray *lines;
  int image;
  PctFrame frame;
  PctMeasure measure;    // whose spread is drawn
  double axis_minimum, axis_maximum;  // one for all rows, so that they compare
};

G_DEFINE_FINAL_TYPE(PctScoreGrid, pct_score_grid, GTK_TYPE_WIDGET)

static void
line_free(gpointer data)
{
  Line *line = data;
  g_object_unref(line->row);
  g_free(line);
}

static void
fill_numbers(PctScoreGrid *self, Line *line)
{
  const char *problem = pct_score_row_get_problem(line->row);
  gboolean ready = pct_score_row_is_ready(line->row);
  for (int c = 0; c < N_COLUMNS; c++) {
    GtkWidget *label = line->labels[c];
    if (!ready) {
      gtk_label_set_label(GTK_LABEL(label), problem ? "–" : "…");
      gtk_widget_set_tooltip_text(label, problem ? problem : _("Being computed"));
      continue;
    }
    PctMeasure measure = pct_table_measures[c];
    double mean = pct_score_row_get_mean(line->row, self->frame, measure);
    PctInterval interval = pct_score_row_get_interval(line->row, self->frame, measure);
    g_autofree char *text = pct_measure_dup_text(measure, mean);
    g_autofree char *between = pct_measure_dup_interval_text(measure, interval);
    // The interval beside the mean, small enough that five measures fit in a window of ordinary width.
    g_autofree char *markup =
      between ? g_strdup_printf("%s <span size=\"75%%\" alpha=\"65%%\">%s</span>", text, between) : g_strdup(text);
    gtk_label_set_markup(GTK_LABEL(label), markup);
    // xgettext:no-c-format
    gtk_widget_set_tooltip_text(label, _("Mean, and the 95 % interval of a bootstrap over images"));
  }
}

// The axis that all spreads share, from what is there; errors begin at none.
static void
find_axis(PctScoreGrid *self)
{
  double low = NAN, high = NAN;
  for (guint i = 0; i < self->lines->len; i++) {
    int n = 0;
    const float *values =
      pct_score_row_get_values(((Line *)self->lines->pdata[i])->row, self->frame, self->measure, &n, NULL);
    for (int k = 0; values && k < n; k++)
      pct_range_add(&low, &high, values[k]);
  }
  if (!isfinite(low))
    low = 0, high = 1;
  if (pct_measure_is_error(self->measure))
    low = 0;
  // Out to round numbers, so that the axis stays as it is while rows come.
  double step = 0.1;
  if (pct_measure_is_error(self->measure))
    for (step = 1; step * 10 < high; step *= 10) {}
  self->axis_minimum = floor(low / step) * step;
  self->axis_maximum = MAX(ceil(high / step) * step, self->axis_minimum + step);
  PctHistogramPlot *axis = g_new(PctHistogramPlot, 1);
  *axis = (PctHistogramPlot){ .minimum = self->axis_minimum, .maximum = self->axis_maximum, .marked = NAN };
  pct_plot_view_take_figure(PCT_PLOT_VIEW(self->axis), axis, g_free);
  g_autofree char *from = pct_measure_dup_text(self->measure, self->axis_minimum);
  g_autofree char *to = pct_measure_dup_text(self->measure, self->axis_maximum);
  g_autofree char *range = g_strdup_printf(_("from %s to %s"), from, to);
  pct_plot_view_describe(PCT_PLOT_VIEW(self->axis), _("Axis of the spreads"), range);
}

// In words what the spread shows.
static char *
dup_spread_text(PctScoreGrid *self, Line *line, double marked)
{
  PctInterval interval = pct_score_row_get_interval(line->row, self->frame, self->measure);
  g_autofree char *mean = pct_measure_dup_sentence(
    self->measure, pct_score_row_get_mean(line->row, self->frame, self->measure), interval);
  if (!isfinite(marked))
    return g_strdup_printf(_("Mean %s. The image in hand is not in this tier."), mean);
  g_autofree char *value = pct_measure_dup_text(self->measure, marked);
  return g_strdup_printf(_("Mean %s. Image %d: %s."), mean, self->image, value);
}

static void
fill_spread(PctScoreGrid *self, Line *line)
{
  int n = 0;
  const float *values = pct_score_row_get_values(line->row, self->frame, self->measure, &n, NULL);
  // Translators: a measure ("PixCorr") and a decoder.
  g_autofree char *label =
    g_strdup_printf(_("Spread of %s of %s"), pct_measure_get_title(self->measure), pct_score_row_get_title(line->row));
  if (!values) {
    pct_plot_view_take_figure(PCT_PLOT_VIEW(line->plot), NULL, NULL);
    pct_plot_view_describe(PCT_PLOT_VIEW(line->plot), label, NULL);
    gtk_widget_set_tooltip_text(line->plot, NULL);
    return;
  }
  double marked = self->image >= 0 ? pct_score_row_get_image_value(line->row, self->frame, self->measure, self->image)
                                   : NAN;
  PctInterval interval = pct_score_row_get_interval(line->row, self->frame, self->measure);
  Spread *spread = g_malloc(sizeof *spread + (gsize)n * sizeof(float));
  memcpy(spread->values, values, (gsize)n * sizeof(float));
  spread->plot = (PctHistogramPlot){ .values = spread->values, .n = (gsize)n, .minimum = self->axis_minimum,
                                     .maximum = self->axis_maximum, .n_bins = N_BINS, .marked = marked,
                                     .mean = pct_score_row_get_mean(line->row, self->frame, self->measure),
                                     .low = interval.low, .high = interval.high, .series = line->series,
                                     .bare = TRUE };
  pct_plot_view_take_figure(PCT_PLOT_VIEW(line->plot), spread, g_free);
  g_autofree char *text = dup_spread_text(self, line, marked);
  pct_plot_view_describe(PCT_PLOT_VIEW(line->plot), label, text);
  gtk_widget_set_tooltip_text(line->plot, text);
}

static void
update_all(PctScoreGrid *self)
{
  int n = 0;
  if (!self->spread_title)
    return;
  find_axis(self);
  for (guint i = 0; i < self->lines->len; i++) {
    Line *line = self->lines->pdata[i];
    fill_numbers(self, line);
    fill_spread(self, line);
    if (pct_score_row_is_ready(line->row))
      pct_score_row_get_values(line->row, self->frame, self->measure, &n, NULL);
  }
  const char *measure = pct_measure_get_title(self->measure);
  g_autofree char *number = pct_number_text(n, 0);
  g_autofree char *text =
    n == 0 ? g_strdup(measure)
    : pct_score_table_get_averaged(self->table)
      // Translators: a measure ("PixCorr"), and how many images.
      ? g_strdup_printf(ngettext("%s, %s image, this one marked", "%s, %s images, this one marked", (gulong)n),
                        measure, number)
      : g_strdup_printf(ngettext("%s, %s trial, this image’s mean marked", "%s, %s trials, this image’s mean marked",
                                 (gulong)n), measure, number);
  gtk_label_set_label(GTK_LABEL(self->spread_title), text);
  gtk_widget_set_tooltip_text(self->spread_title, _("How the pictures’ values spread; above, the mean with its interval of 95 %"));
}

static GtkWidget *
cell(const char *text, float align, const char *css_class)
{
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), align);
  gtk_label_set_ellipsize(GTK_LABEL(label), align > 0 ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
  // Names are what tells the floors apart.
  if (align == 0)
    gtk_label_set_width_chars(GTK_LABEL(label), 14);
  if (css_class)
    gtk_widget_add_css_class(label, css_class);
  return label;
}

static void
attach_rule(PctScoreGrid *self, int at)
{
  GtkWidget *rule = gtk_separator_new(GTK_ORIENTATION_HORIZONTAL);
  gtk_grid_attach(GTK_GRID(self->grid), rule, 0, at, N_COLUMNS + 2, 1);
}

static void
disconnect_lines(PctScoreGrid *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    g_signal_handlers_disconnect_by_data(((Line *)self->lines->pdata[i])->row, self);
  g_ptr_array_set_size(self->lines, 0);
}

static void
add_line(PctScoreGrid *self, PctScoreRow *row, int at, int *n_models)
{
  Line *line = g_new0(Line, 1);
  line->row = g_object_ref(row);
  gboolean model = pct_score_row_get_kind(row) == PCT_ROW_MODEL;
  line->series = model ? (*n_models)++ : -1;
  GtkWidget *title = cell(pct_score_row_get_title(row), 0, model ? "heading" : "dim-label");
  gtk_widget_set_hexpand(title, TRUE);
  gtk_grid_attach(GTK_GRID(self->grid), title, 0, at, 1, 1);
  for (int c = 0; c < N_COLUMNS; c++) {
    line->labels[c] = cell(NULL, 1, "numeric");
    if (!model)
      gtk_widget_add_css_class(line->labels[c], "dim-label");
    gtk_grid_attach(GTK_GRID(self->grid), line->labels[c], c + 1, at, 1, 1);
  }
  line->plot = pct_plot_view_new(pct_histogram_plot_draw, SPREAD_WIDTH, 30);
  gtk_widget_set_valign(line->plot, GTK_ALIGN_CENTER);
  gtk_grid_attach(GTK_GRID(self->grid), line->plot, N_COLUMNS + 1, at, 1, 1);
  g_signal_connect_object(row, "changed", G_CALLBACK(update_all), self, G_CONNECT_SWAPPED);
  g_ptr_array_add(self->lines, line);
}

static void
rebuild(PctScoreGrid *self)
{
  GtkWidget *child;
  int n_models = 0;
  disconnect_lines(self);
  while ((child = gtk_widget_get_first_child(self->grid)))
    gtk_grid_remove(GTK_GRID(self->grid), child);
  for (int c = 0; c < N_COLUMNS + 1; c++) {
    GtkWidget *label = cell(c < N_COLUMNS ? pct_measure_get_title(pct_table_measures[c]) : NULL, c < N_COLUMNS ? 1 : 0,
                            "caption-heading");
    gtk_grid_attach(GTK_GRID(self->grid), label, c + 1, 0, 1, 1);
    if (c < N_COLUMNS && pct_measure_is_error(pct_table_measures[c]))
      gtk_widget_set_tooltip_text(label, _("Squared error, grey levels²"));
    if (c == N_COLUMNS)
      self->spread_title = label;
  }
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(self->table)); i++) {
    g_autoptr(PctScoreRow) row = g_list_model_get_item(G_LIST_MODEL(self->table), i);
    attach_rule(self, 2 * (int)i + 1);
    add_line(self, row, 2 * (int)i + 2, &n_models);
  }
  // The spreads' one axis, below the last of them.
  self->axis = pct_plot_view_new(pct_histogram_plot_draw, SPREAD_WIDTH, 20);
  gtk_grid_attach(GTK_GRID(self->grid), self->axis, N_COLUMNS + 1,
                  2 * (int)g_list_model_get_n_items(G_LIST_MODEL(self->table)) + 1, 1, 1);
  update_all(self);
}

static void
show_title(PctScoreGrid *self)
{
  PctTier tier = pct_score_table_get_tier(self->table);
  const char *mode = pct_project_is_averaged(self->project)          ? _("means over repeats, as recorded")
                     : pct_score_table_get_averaged(self->table) ? _("means over repeats")
                                                                 : _("single trials");
  g_autofree char *text = g_strdup_printf(_("%s tier, %s"), pct_tier_get_title(tier), mode);
  gtk_label_set_label(GTK_LABEL(self->title), text);
  pct_tier_badge_set_tier(PCT_TIER_BADGE(self->badge), tier);
}

gboolean
pct_score_grid_has_both(PctScoreGrid *self)
{
  g_return_val_if_fail(PCT_IS_SCORE_GRID(self), FALSE);
  PctTier tier = pct_score_table_get_tier(self->table);
  return !pct_project_is_averaged(self->project) &&
         pct_project_get_n_tier_trials(self->project, tier) > pct_project_get_n_tier_images(self->project, tier);
}

void
pct_score_grid_set_image(PctScoreGrid *self, int image)
{
  g_return_if_fail(PCT_IS_SCORE_GRID(self));
  self->image = image;
  for (guint i = 0; i < self->lines->len; i++)
    fill_spread(self, self->lines->pdata[i]);
}

void
pct_score_grid_set_averaged(PctScoreGrid *self, gboolean averaged)
{
  g_return_if_fail(PCT_IS_SCORE_GRID(self));
  pct_score_table_set_mode(self->table, pct_score_table_get_tier(self->table), averaged);
  show_title(self);
  update_all(self);
}

gboolean
pct_score_grid_get_averaged(PctScoreGrid *self)
{
  g_return_val_if_fail(PCT_IS_SCORE_GRID(self), FALSE);
  return pct_score_table_get_averaged(self->table);
}

void
pct_score_grid_set_frame(PctScoreGrid *self, PctFrame frame)
{
  g_return_if_fail(PCT_IS_SCORE_GRID(self) && frame < PCT_N_FRAMES);
  self->frame = frame;
  update_all(self);
}

PctFrame
pct_score_grid_get_frame(PctScoreGrid *self)
{
  g_return_val_if_fail(PCT_IS_SCORE_GRID(self), PCT_FRAME_FULL);
  return self->frame;
}

void
pct_score_grid_set_measure(PctScoreGrid *self, PctMeasure measure)
{
  g_return_if_fail(PCT_IS_SCORE_GRID(self));
  self->measure = measure;
  update_all(self);
}

PctScoreTable *
pct_score_grid_get_table(PctScoreGrid *self)
{
  g_return_val_if_fail(PCT_IS_SCORE_GRID(self), NULL);
  return self->table;
}

static void
pct_score_grid_map(GtkWidget *widget)
{
  GTK_WIDGET_CLASS(pct_score_grid_parent_class)->map(widget);
  pct_score_table_set_active(PCT_SCORE_GRID(widget)->table, TRUE);
}

static void
pct_score_grid_unmap(GtkWidget *widget)
{
  pct_score_table_set_active(PCT_SCORE_GRID(widget)->table, FALSE);
  GTK_WIDGET_CLASS(pct_score_grid_parent_class)->unmap(widget);
}

static void
pct_score_grid_dispose(GObject *object)
{
  PctScoreGrid *self = PCT_SCORE_GRID(object);
  disconnect_lines(self);
  if (self->table)
    g_signal_handlers_disconnect_by_data(self->table, self);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->table);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_score_grid_parent_class)->dispose(object);
}

static void
pct_score_grid_finalize(GObject *object)
{
  g_ptr_array_unref(PCT_SCORE_GRID(object)->lines);
  G_OBJECT_CLASS(pct_score_grid_parent_class)->finalize(object);
}

static void
pct_score_grid_class_init(PctScoreGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = pct_score_grid_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_score_grid_finalize;
  widget_class->map = pct_score_grid_map;
  widget_class->unmap = pct_score_grid_unmap;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
pct_score_grid_init(PctScoreGrid *self)
{
  self->lines = g_ptr_array_new_with_free_func(line_free);
  self->image = -1;
  self->measure = pct_table_measures[0];
  self->axis_maximum = 1;
}

// Two pills that set a boolean action one way or the other.
static GtkWidget *
make_switch(const char *action, const char *off, const char *on)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
  for (int i = 0; i < 2; i++) {
    GtkWidget *pill = gtk_toggle_button_new_with_label(i ? on : off);
    gtk_widget_add_css_class(pill, "pill-toggle");
    gtk_actionable_set_action_name(GTK_ACTIONABLE(pill), action);
    gtk_actionable_set_action_target(GTK_ACTIONABLE(pill), "b", i);
    gtk_box_append(GTK_BOX(box), pill);
  }
  return box;
}

GtkWidget *
pct_score_grid_new(PctProject *project)
{
  PctScoreGrid *self = g_object_new(PCT_TYPE_SCORE_GRID, NULL);
  self->project = g_object_ref(project);
  self->table = pct_score_table_new(project);
  // A recording without a test tier still has something held out.
  PctTier tier = pct_project_get_n_tier_images(project, PCT_TIER_TEST) > 0 ? PCT_TIER_TEST : PCT_TIER_VALIDATION;
  pct_score_table_set_mode(self->table, tier, TRUE);
  pct_score_table_set_mode(self->table, tier, pct_score_grid_has_both(self));

  self->title = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->title, "heading");
  self->badge = pct_tier_badge_new();
  GtkWidget *gap = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_hexpand(gap, TRUE);
  self->mode_box = make_switch("compare.averaged", _("Single trials"), _("Means over repeats"));
  gtk_widget_set_visible(self->mode_box, pct_score_grid_has_both(self));
  GtkWidget *frame_box = make_switch("compare.central", _("Full frame"), _("Central window"));
  GtkWidget *top = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *parts[] = { self->title, self->badge, gap, self->mode_box, frame_box };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(top), parts[i]);

  self->grid = gtk_grid_new();
  gtk_grid_set_column_spacing(GTK_GRID(self->grid), 16);
  gtk_grid_set_row_spacing(GTK_GRID(self->grid), 4);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10);
  gtk_widget_add_css_class(self->box, "card");
  gtk_widget_add_css_class(self->box, "picture-card");
  gtk_box_append(GTK_BOX(self->box), top);
  gtk_box_append(GTK_BOX(self->box), self->grid);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  g_signal_connect_object(self->table, "items-changed", G_CALLBACK(rebuild), self, G_CONNECT_SWAPPED);
  show_title(self);
  rebuild(self);
  return GTK_WIDGET(self);
}
