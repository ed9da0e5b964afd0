// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "compare/data-curves-card.h"
#include <glib/gi18n.h>
#include "measure-text.h"
#include "tier-badge.h"
#include "train/curves-card.h"

struct _PctDataCurvesCard {
  GtkWidget parent_instance;
  GtkWidget *box, *against, *what, *start, *cancel, *progress, *note, *plots, *neurons, *images, *list;
  PctProject *project;
  PctTier tier;
  PctFrame frame;
  PctMeasure measure;
  gboolean averaged;
  PctJob *job;  // under way; NULL: none
  PctDataCurveAbout running;  // what it measures; path NULL
  GPtrArray *kept;  // of PctDataCurveAbout
  GPtrArray *checks;  // their check buttons, borrowed from the list
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE(PctDataCurvesCard, pct_data_curves_card, GTK_TYPE_WIDGET)

static char *
dup_title(PctDataCurvesCard *self, const PctDataCurveAbout *about)
{
  g_autofree char *title = about->against == PCT_AGAINST_SILENCED
                             // Translators: a decoder of which some neurons are silenced.
                             ? g_strdup_printf(_("%s, silenced"), about->model ? about->model : about->kind)
                             : g_strdup(about->kind);
  if (about->tier == self->tier)
    return g_steal_pointer(&title);
  // Translators: a curve and the tier it was scored on.
  return g_strdup_printf(_("%s (%s)"), title, pct_tier_get_title(about->tier));
}

static GtkWidget *
find_card(PctDataCurvesCard *self, PctCurveAgainst against)
{
  return against == PCT_AGAINST_IMAGES ? self->images : self->neurons;
}

static gboolean
is_running(PctDataCurvesCard *self, const PctDataCurveAbout *about)
{
  return self->job && about->against == self->running.against && about->tier == self->running.tier &&
         g_strcmp0(about->kind, self->running.kind) == 0 && g_strcmp0(about->model, self->running.model) == 0;
}

static void
add_curve(PctDataCurvesCard *self, const PctDataCurveAbout *about, PctCurves *curves)
{
  g_autofree char *name = g_strdup_printf("%s_%s_%s", self->averaged ? "averaged" : "single",
                                          pct_measure_get_name(self->measure), pct_frame_get_name(self->frame));
  g_autofree char *low = g_strconcat(name, "_low", NULL), *high = g_strconcat(name, "_high", NULL);
  g_autofree char *title = dup_title(self, about);
  const double *x, *y, *from = NULL, *to = NULL;
  int series = pct_curves_find(curves, name), below = pct_curves_find(curves, low), above = pct_curves_find(curves, high);
  if (series < 0)
    return;
  gsize n = pct_curves_get_points(curves, (guint)series, &x, &y);
  if (below < 0 || above < 0 || pct_curves_get_points(curves, (guint)below, NULL, &from) != n ||
      pct_curves_get_points(curves, (guint)above, NULL, &to) != n)
    from = to = NULL;
  pct_curves_card_add_between(PCT_CURVES_CARD(find_card(self, about->against)), title, FALSE, x, y, from, to, n);
}

static void
show_curves(PctDataCurvesCard *self)
{
  GtkWidget *cards[] = { self->neurons, self->images };
  for (guint i = 0; i < G_N_ELEMENTS(cards); i++)
    pct_curves_card_clear(PCT_CURVES_CARD(cards[i]));
  for (guint i = 0; i < self->kept->len; i++) {
    const PctDataCurveAbout *about = self->kept->pdata[i];
    if (is_running(self, about) || !gtk_check_button_get_active(self->checks->pdata[i]))
      continue;
    g_autoptr(PctCurves) curves = pct_curves_new_from_csv(about->path, NULL);
    if (curves)
      add_curve(self, about, curves);
  }
  if (self->job)
    add_curve(self, &self->running, pct_job_get_curves(self->job));
  // Translators: a measure ("PixCorr"), and whether single trials were decoded or means.
  g_autofree char *note = g_strdup_printf(_("%s, %s"), pct_measure_get_title(self->measure),
                                          self->averaged ? _("means over repeats") : _("single trials"));
  gboolean any = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(cards); i++) {
    gboolean empty = pct_curves_card_is_empty(PCT_CURVES_CARD(cards[i]));
    pct_curves_card_set_note(PCT_CURVES_CARD(cards[i]), note);
    gtk_widget_set_visible(cards[i], !empty);
    any = any || !empty;
  }
  gtk_widget_set_visible(self->plots, any);
}

static void
list_kept(PctDataCurvesCard *self)
{
  GtkWidget *child;
  g_autoptr(GHashTable) hidden = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; self->kept && i < self->kept->len; i++)
    if (!gtk_check_button_get_active(self->checks->pdata[i]))
      g_hash_table_add(hidden, g_strdup(((PctDataCurveAbout *)self->kept->pdata[i])->path));
  while ((child = gtk_widget_get_first_child(self->list)))
    gtk_flow_box_remove(GTK_FLOW_BOX(self->list), child);
  g_clear_pointer(&self->kept, g_ptr_array_unref);
  g_ptr_array_set_size(self->checks, 0);
  self->kept = pct_project_list_data_curves(self->project);
  for (guint i = 0; i < self->kept->len; i++) {
    const PctDataCurveAbout *about = self->kept->pdata[i];
    g_autofree char *title = dup_title(self, about), *name = g_path_get_basename(about->path);
    g_autofree char *label = about->against == PCT_AGAINST_IMAGES ? g_strdup_printf(_("%s against images"), title)
                                                                  : g_strdup_printf(_("%s against neurons"), title);
    GtkWidget *check = gtk_check_button_new_with_label(label), *item = gtk_flow_box_child_new();
    gtk_check_button_set_active(GTK_CHECK_BUTTON(check), !g_hash_table_contains(hidden, about->path));
    gtk_widget_set_tooltip_text(check, name);
    g_signal_connect_object(check, "toggled", G_CALLBACK(show_curves), self, G_CONNECT_SWAPPED);
    g_ptr_array_add(self->checks, check);
    gtk_flow_box_child_set_child(GTK_FLOW_BOX_CHILD(item), check);
    gtk_widget_set_focusable(item, FALSE);
    gtk_flow_box_insert(GTK_FLOW_BOX(self->list), item, -1);
  }
  gtk_widget_set_visible(self->list, self->kept->len > 0);
}

static void
say(PctDataCurvesCard *self, const char *text)
{
  gtk_label_set_label(GTK_LABEL(self->note), text);
}

static void
show_state(PctDataCurvesCard *self)
{
  gtk_widget_set_visible(self->start, !self->job);
  gtk_widget_set_visible(self->cancel, self->job != NULL);
  gtk_widget_set_visible(self->progress, self->job != NULL);
  if (!self->job)
    return;
  double progress = pct_job_get_progress(self->job);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->progress), CLAMP(progress, 0, 1));
  say(self, pct_job_get_state(self->job) == PCT_JOB_QUEUED ? _("Waits for another training to end …")
            : pct_job_is_cancelling(self->job)             ? _("Being cancelled …")
                                                           : pct_job_get_title(self->job));
}

static void
forget_job(PctDataCurvesCard *self)
{
  if (!self->job)
    return;
  g_signal_handlers_disconnect_by_data(self->job, self);
  g_signal_handlers_disconnect_by_data(pct_job_get_curves(self->job), self);
  g_clear_object(&self->job);
  g_clear_pointer(&self->running.kind, g_free);
  g_clear_pointer(&self->running.model, g_free);
}

static void
on_finished(PctDataCurvesCard *self)
{
  const GError *error = pct_job_get_error(self->job);
  g_autofree char *text = g_strdup(error ? error->message
                                   : pct_job_get_state(self->job) == PCT_JOB_CANCELLED
                                     ? _("Cancelled; what was measured is kept, and goes on when started again.")
                                     : _("Every point is a decoder fitted anew, or silenced, and scored, with an interval of 95 %."));
  forget_job(self);
  list_kept(self);
  say(self, text);
  show_state(self);
  show_curves(self);
  g_signal_emit(self, changed_signal, 0);
}

gboolean
pct_data_curves_card_start(PctDataCurvesCard *self, const char *against, const char *what)
{
  g_return_val_if_fail(PCT_IS_DATA_CURVES_CARD(self) && against && what, FALSE);
  g_autoptr(GError) error = NULL;
  PctDataCurveRequest request = { .seed = 1, .tier = self->tier };
  if (self->job || !pct_curve_against_from_name(against, &request.against))
    return FALSE;
  if (request.against == PCT_AGAINST_SILENCED) {
    request.model = pct_project_find_model(self->project, what);
    request.kind = request.model ? pct_model_get_kind(request.model) : NULL;
  } else
    request.kind = pct_project_find_kind(self->project, what);
  if (!request.kind || pct_kind_get_role(request.kind) != PCT_ROLE_DECODER ||
      (request.model && pct_model_get_state(request.model) != PCT_MODEL_FINISHED)) {
    g_autofree char *text = g_strdup_printf(_("“%s” is no decoder that a curve can be measured of."), what);
    say(self, text);
    return FALSE;
  }
  self->job = pct_project_measure_data_curve(self->project, &request, &error);
  if (!self->job) {
    say(self, error->message);
    return FALSE;
  }
  self->running = (PctDataCurveAbout){ .kind = g_strdup(pct_kind_get_name(request.kind)),
                                       .model = request.model ? g_strdup(what) : NULL,
                                       .against = request.against, .tier = request.tier };
  g_signal_connect_object(self->job, "notify", G_CALLBACK(show_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->job, "finished", G_CALLBACK(on_finished), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(pct_job_get_curves(self->job), "changed", G_CALLBACK(show_curves), self, G_CONNECT_SWAPPED);
  show_state(self);
  show_curves(self);
  g_signal_emit(self, changed_signal, 0);
  return TRUE;
}

void
pct_data_curves_card_cancel(PctDataCurvesCard *self)
{
  g_return_if_fail(PCT_IS_DATA_CURVES_CARD(self));
  if (self->job)
    pct_job_cancel(self->job);
}

PctJob *
pct_data_curves_card_get_job(PctDataCurvesCard *self)
{
  g_return_val_if_fail(PCT_IS_DATA_CURVES_CARD(self), NULL);
  return self->job;
}

GPtrArray *
pct_data_curves_card_get_kept(PctDataCurvesCard *self)
{
  g_return_val_if_fail(PCT_IS_DATA_CURVES_CARD(self), NULL);
  return self->kept;
}

void
pct_data_curves_card_show(PctDataCurvesCard *self, PctFrame frame, PctMeasure measure, gboolean averaged)
{
  g_return_if_fail(PCT_IS_DATA_CURVES_CARD(self) && frame < PCT_N_FRAMES && (guint)measure < PCT_N_MEASURES);
  self->frame = frame;
  self->measure = measure;
  self->averaged = averaged;
  show_curves(self);
}

void
pct_data_curves_card_update(PctDataCurvesCard *self)
{
  g_return_if_fail(PCT_IS_DATA_CURVES_CARD(self));
  GtkStringObject *chosen = gtk_drop_down_get_selected_item(GTK_DROP_DOWN(self->what));
  g_autofree char *wanted = chosen ? g_strdup(gtk_string_object_get_string(chosen)) : NULL;
  gboolean models = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->against)) == PCT_AGAINST_SILENCED;
  GListModel *list = models ? pct_project_get_decoders(self->project) : pct_project_get_kinds(self->project);
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  for (guint i = 0; i < g_list_model_get_n_items(list); i++) {
    g_autoptr(GObject) item = g_list_model_get_item(list, i);
    if (models && pct_model_get_state(PCT_MODEL(item)) == PCT_MODEL_FINISHED)
      gtk_string_list_append(names, pct_model_get_name(PCT_MODEL(item)));
    else if (!models && pct_kind_get_role(PCT_KIND(item)) == PCT_ROLE_DECODER)
      gtk_string_list_append(names, pct_kind_get_name(PCT_KIND(item)));
  }
  guint n = g_list_model_get_n_items(G_LIST_MODEL(names));
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->what), G_LIST_MODEL(names));
  for (guint i = 0; i < n; i++)
    if (g_strcmp0(gtk_string_list_get_string(names, i), wanted) == 0)
      gtk_drop_down_set_selected(GTK_DROP_DOWN(self->what), i);
  gtk_widget_set_sensitive(self->start, n > 0);
}

static void
on_start(PctDataCurvesCard *self)
{
  GtkStringObject *what = gtk_drop_down_get_selected_item(GTK_DROP_DOWN(self->what));
  PctCurveAgainst against = (PctCurveAgainst)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->against));
  if (what && against < PCT_N_CURVE_AGAINST)
    gtk_widget_activate_action(GTK_WIDGET(self), "compare.start-curve", "(ss)", pct_curve_against_get_name(against),
                               gtk_string_object_get_string(what));
}

static void
pct_data_curves_card_dispose(GObject *object)
{
  PctDataCurvesCard *self = PCT_DATA_CURVES_CARD(object);
  forget_job(self);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_pointer(&self->kept, g_ptr_array_unref);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_data_curves_card_parent_class)->dispose(object);
}

static void
pct_data_curves_card_finalize(GObject *object)
{
  g_ptr_array_unref(PCT_DATA_CURVES_CARD(object)->checks);
  G_OBJECT_CLASS(pct_data_curves_card_parent_class)->finalize(object);
}

static void
pct_data_curves_card_class_init(PctDataCurvesCardClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_data_curves_card_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_data_curves_card_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  changed_signal =
    g_signal_new("changed", PCT_TYPE_DATA_CURVES_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_data_curves_card_init(PctDataCurvesCard *self)
{
  self->measure = PCT_MEASURE_PIXCORR;
  self->checks = g_ptr_array_new();
}

static GtkWidget *
make_controls(PctDataCurvesCard *self)
{
  const char *againsts[] = { _("Neurons, fitted anew"), _("Neurons, the others silenced"), _("Train images"), NULL };
  GtkWidget *title = gtk_label_new(_("Quality against the amount of data"));
  gtk_widget_add_css_class(title, "heading");
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_widget_set_hexpand(title, TRUE);
  self->against = gtk_drop_down_new_from_strings(againsts);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->against), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Against"), -1);
  gtk_widget_set_tooltip_text(self->against, _("What there is less of from point to point"));
  self->what = gtk_drop_down_new(NULL, NULL);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->what), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Decoder"), -1);
  gtk_widget_set_tooltip_text(self->what, _("The kind of decoder that is fitted at every point, or the model itself"));
  self->start = gtk_button_new_with_label(_("Measure"));
  gtk_widget_add_css_class(self->start, "suggested-action");
  g_signal_connect_swapped(self->start, "clicked", G_CALLBACK(on_start), self);
  self->cancel = gtk_button_new_with_label(_("Cancel"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->cancel), "compare.cancel-curve");
  self->progress = gtk_progress_bar_new();
  gtk_widget_set_valign(self->progress, GTK_ALIGN_CENTER);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *parts[] = { title, self->progress, self->against, self->what, self->start, self->cancel };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  g_signal_connect_object(self->against, "notify::selected", G_CALLBACK(pct_data_curves_card_update), self,
                          G_CONNECT_SWAPPED);
  pct_data_curves_card_update(self);
  return box;
}

static GtkWidget *
make_plot(const char *title, const char *x_title)
{
  GtkWidget *card = g_object_new(PCT_TYPE_CURVES_CARD, NULL);
  pct_curves_card_set_title(PCT_CURVES_CARD(card), title, x_title);
  pct_curves_card_set_logarithmic_x(PCT_CURVES_CARD(card), TRUE);
  return card;
}

GtkWidget *
pct_data_curves_card_new(PctProject *project, PctTier tier)
{
  PctDataCurvesCard *self = g_object_new(PCT_TYPE_DATA_CURVES_CARD, NULL);
  self->project = g_object_ref(project);
  self->tier = tier;
  self->neurons = make_plot(_("Against the number of neurons"), _("neurons"));
  self->images = make_plot(_("Against the number of train images"), _("images"));
  self->plots = g_object_new(GTK_TYPE_BOX, "spacing", 12, "homogeneous", TRUE, NULL);
  gtk_box_append(GTK_BOX(self->plots), self->neurons);
  gtk_box_append(GTK_BOX(self->plots), self->images);
  self->note = gtk_label_new(_("Nothing is measured yet: a curve takes as many trainings as it has points."));
  gtk_label_set_xalign(GTK_LABEL(self->note), 0);
  gtk_label_set_wrap(GTK_LABEL(self->note), TRUE);
  gtk_widget_add_css_class(self->note, "dim-label");
  gtk_widget_add_css_class(self->note, "small");
  self->list = gtk_flow_box_new();
  gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(self->list), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(self->list), 5);
  gtk_flow_box_set_column_spacing(GTK_FLOW_BOX(self->list), 12);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Curves kept"), -1);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10);
  gtk_widget_add_css_class(self->box, "card");
  gtk_widget_add_css_class(self->box, "picture-card");
  GtkWidget *parts[] = { make_controls(self), self->note, self->list, self->plots };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(self->box), parts[i]);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  list_kept(self);
  if (self->kept->len > 0)
    say(self, _("Every point is a decoder fitted anew, or silenced, and scored, with an interval of 95 %."));
  show_state(self);
  show_curves(self);
  return GTK_WIDGET(self);
}
