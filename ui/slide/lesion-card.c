// SPDX-License-Identifier: GPL-3.0-or-later
// Controls and words on the left, the curves on the right. The tier's curve stays, and says of what it is, until another
// is measured; the image's follows whatever is in hand.
#include "config.h"
#include "slide/lesion-card.h"
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>
#include "measure-text.h"
#include "page-actions.h"
#include "tier-badge.h"
#include "train/curves-card.h"

#define CONTROLS_WIDTH 330

struct _PctLesionCard {
  GtkWidget parent_instance;
  GtkWidget *box, *of, *others, *most, *measure, *central, *words, *tier_words, *note, *tier, *start, *cancel, *progress,
    *curves;
  PctProject *project;
  PctSelection *selection;
  PctSlide *slide;
  PctSlideLesion *lesion;
  GSimpleActionGroup *actions;
  PctJob *job;            // under way; NULL: none
  PctLesionCurve *whole;  // the last tier's; NULL: none yet
  gboolean filling;
};

G_DEFINE_FINAL_TYPE(PctLesionCard, pct_lesion_card, GTK_TYPE_WIDGET)

static const char *const of_names[] = { "pinned", "first" };
static const PctMeasure measures[] = { PCT_MEASURE_PIXCORR, PCT_MEASURE_SSIM, PCT_MEASURE_MSE };

static gboolean
get_flag(PctLesionCard *self, const char *action)
{
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(self->actions), action);
  return g_variant_get_boolean(state);
}

static PctMeasure
get_measure(PctLesionCard *self)
{
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(self->actions), "lesion-measure");
  for (guint i = 0; i < G_N_ELEMENTS(measures); i++)
    if (g_str_equal(g_variant_get_string(state, NULL), pct_measure_get_name(measures[i])))
      return measures[i];
  return measures[0];
}

static PctFrame
get_frame(PctLesionCard *self)
{
  return get_flag(self, "lesion-central") ? PCT_FRAME_CENTRAL : PCT_FRAME_FULL;
}

// The points (n,) as curves: what was named, and random ones between the least and the greatest of them.
static void
add_points(PctLesionCard *self, const PctLesionPoint *points, guint n, const char *title, const char *random_title,
           gboolean dim)
{
  PctFrame frame = get_frame(self);
  PctMeasure measure = get_measure(self);
  g_autofree double *x = g_new(double, n), *y = g_new(double, n), *random = g_new(double, n), *low = g_new(double, n),
                    *high = g_new(double, n);
  for (guint i = 0; i < n; i++) {
    x[i] = points[i].count;
    y[i] = points[i].score.mean[frame][measure];
    random[i] = points[i].random.mean[frame][measure];
    low[i] = points[i].random.interval[frame][measure].low;
    high[i] = points[i].random.interval[frame][measure].high;
  }
  pct_curves_card_add(PCT_CURVES_CARD(self->curves), title, dim, x, y, n);
  if (n > 0 && isfinite(random[n - 1]))
    pct_curves_card_add_between(PCT_CURVES_CARD(self->curves), random_title, dim, x, random, low, high, n);
}

// The points of the job under way, as it tells them.
static void
add_running(PctLesionCard *self)
{
  PctCurves *curves = pct_job_get_curves(self->job);
  const char *const prefixes[] = { "", "random_" };
  const char *const titles[] = { _("tier"), _("tier, random") };
  for (int i = 0; i < 2; i++) {
    g_autofree char *name = g_strdup_printf("%s%s_%s", prefixes[i], pct_measure_get_name(get_measure(self)),
                                            pct_frame_get_name(get_frame(self)));
    int series = pct_curves_find(curves, name);
    const double *x, *y;
    gsize n = series >= 0 ? pct_curves_get_points(curves, (guint)series, &x, &y) : 0;
    if (n > 0)
      pct_curves_card_add(PCT_CURVES_CARD(self->curves), titles[i], FALSE, x, y, n);
  }
}

static char *
dup_sentence(PctLesionCard *self, const PctLesionCurve *curve)
{
  return pct_lesion_curve_dup_sentence(curve, get_frame(self), get_measure(self));
}

static void
set_text(GtkWidget *label, const char *text)
{
  if (g_strcmp0(gtk_label_get_label(GTK_LABEL(label)), text ? text : ""))
    gtk_label_set_label(GTK_LABEL(label), text ? text : "");
  gtk_widget_set_visible(label, text && *text);
}

static void
show_curves(PctLesionCard *self)
{
  PctCurvesCard *card = PCT_CURVES_CARD(self->curves);
  guint n, n_order;
  const PctLesionPoint *points = pct_slide_lesion_get_points(self->lesion, &n);
  pct_slide_lesion_get_order(self->lesion, &n_order);
  g_autoptr(PctLesionCurve) live = pct_slide_lesion_dup_curve(self->lesion);
  // A curve that is measured anew stays in sight until its successor is there.
  if (live || !pct_slide_lesion_is_busy(self->lesion)) {
    pct_curves_card_clear(card);
    if (points)
      add_points(self, points, n, _("this image"), _("this image, random"), FALSE);
    if (self->job)
      add_running(self);
    else if (self->whole)
      add_points(self, (const PctLesionPoint *)(gpointer)self->whole->points->data, self->whole->points->len, _("tier"),
                 _("tier, random"), FALSE);
    // Translators: a measure ("PixCorr") and a part of the image.
    g_autofree char *note = g_strdup_printf(_("%s, %s"), pct_measure_get_title(get_measure(self)),
                                            get_frame(self) == PCT_FRAME_CENTRAL ? _("central window") : _("full frame"));
    pct_curves_card_set_note(card, note);
    g_autofree char *text = live ? dup_sentence(self, live)
                            : n_order == 0 && pct_slide_lesion_get_of(self->lesion) == PCT_LESION_PINNED
                              ? g_strdup(_("Pin neurons, one by one or with the lasso of the Neurons page, to see what the "
                                           "picture owes to them."))
                              : NULL;
    set_text(self->words, text);
  }
  g_autofree char *tier = self->whole ? dup_sentence(self, self->whole) : NULL;
  g_autofree char *with_model =
    // Translators: a decoder's name and a sentence about it.
    tier ? g_strdup_printf(_("%s: %s"), self->whole->model, tier) : NULL;
  set_text(self->tier_words, with_model);
  pct_page_actions_set_enabled(self->actions, "save-lesion", self->whole || live);
  pct_page_actions_set_enabled(self->actions, "export-lesion", self->whole || live);
}

static void
show_job(PctLesionCard *self)
{
  gtk_widget_set_visible(self->start, !self->job);
  gtk_widget_set_visible(self->tier, !self->job);
  gtk_widget_set_visible(self->cancel, self->job != NULL);
  gtk_widget_set_visible(self->progress, self->job != NULL);
  pct_page_actions_set_enabled(self->actions, "lesion-tier", !self->job);
  pct_page_actions_set_enabled(self->actions, "cancel-lesion", self->job && !pct_job_is_cancelling(self->job));
  if (self->job)
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->progress), CLAMP(pct_job_get_progress(self->job), 0, 1));
}

static void
forget_job(PctLesionCard *self)
{
  if (!self->job)
    return;
  g_signal_handlers_disconnect_by_data(self->job, self);
  g_signal_handlers_disconnect_by_data(pct_job_get_curves(self->job), self);
  g_clear_object(&self->job);
}

static void
on_finished(PctLesionCard *self)
{
  const GError *error = pct_job_get_error(self->job);
  set_text(self->note, error ? error->message
                       : pct_job_get_state(self->job) == PCT_JOB_CANCELLED ? _("Cancelled.") : NULL);
  PctLesionCurve *curve = pct_job_steal_result(self->job);
  if (curve) {
    pct_lesion_curve_free(self->whole);
    self->whole = curve;
  }
  forget_job(self);
  show_job(self);
  show_curves(self);
}

static void
measure_tier(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctLesionCard *self = data;
  const char *name;
  gboolean averaged;
  PctTier tier;
  g_autoptr(GError) error = NULL;
  g_variant_get(parameter, "(&sb)", &name, &averaged);
  if (self->job)
    return;
  if (!pct_tier_from_name(name, &tier)) {
    set_text(self->note, _("There is no such tier."));
    return;
  }
  self->job = pct_slide_lesion_measure_tier(self->lesion, tier, averaged, &error);
  set_text(self->note, error ? error->message : NULL);
  if (!self->job)
    return;
  g_signal_connect_object(self->job, "notify", G_CALLBACK(show_job), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->job, "finished", G_CALLBACK(on_finished), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(pct_job_get_curves(self->job), "changed", G_CALLBACK(show_curves), self, G_CONNECT_SWAPPED);
  show_job(self);
  show_curves(self);
}

static void
cancel_job(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctLesionCard *self = data;
  if (self->job)
    pct_job_cancel(self->job);
}

// The tier's, or, before one is measured, the image's.
static void
save_curve(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctLesionCard *self = data;
  g_autoptr(PctLesionCurve) live = self->whole ? NULL : pct_slide_lesion_dup_curve(self->lesion);
  g_autoptr(GError) error = NULL;
  const PctLesionCurve *curve = self->whole ? self->whole : live;
  if (!curve)
    return;
  const char *path = g_variant_get_string(parameter, NULL);
  g_autofree char *name = g_filename_display_basename(path);
  g_autofree char *saved = g_strdup_printf(_("Saved as “%s”."), name);
  set_text(self->note, pct_lesion_curve_save(curve, path, &error) ? saved : error->message);
}

static void
on_chosen(GtkNativeDialog *dialog, int response, PctLesionCard *self)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
  g_autofree char *path = response == GTK_RESPONSE_ACCEPT && file ? g_file_get_path(file) : NULL;
  if (path)
    gtk_widget_activate_action(GTK_WIDGET(self), "slide.save-lesion", "s", path);
  gtk_native_dialog_destroy(dialog);
  g_object_unref(dialog);
}

static void
export_curve(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctLesionCard *self = data;
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new(_("Export the Curve"), GTK_IS_WINDOW(root) ? GTK_WINDOW(root) : NULL,
                                GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), _("_Cancel"));
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), "lesion.csv");
  g_signal_connect_object(chooser, "response", G_CALLBACK(on_chosen), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

// The widgets follow the actions' states.
static void
show_choice(PctLesionCard *self)
{
  gboolean first = pct_slide_lesion_get_of(self->lesion) == PCT_LESION_FIRST;
  self->filling = TRUE;
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->of), first);
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(self->most), pct_slide_lesion_get_most(self->lesion));
  for (guint i = 0; i < G_N_ELEMENTS(measures); i++)
    if (measures[i] == get_measure(self))
      gtk_drop_down_set_selected(GTK_DROP_DOWN(self->measure), i);
  self->filling = FALSE;
  gtk_widget_set_visible(self->most, first);
  pct_curves_card_set_title(PCT_CURVES_CARD(self->curves), _("Quality against neurons"),
                            pct_slide_lesion_get_others(self->lesion) ? _("neurons left") : _("neurons silenced"));
  show_curves(self);
}

static void
change_of(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctLesionCard *self = data;
  const char *name = g_variant_get_string(state, NULL);
  if (!g_strv_contains((const char *const[]){ of_names[0], of_names[1], NULL }, name))
    return;
  g_simple_action_set_state(action, state);
  pct_slide_lesion_set_of(self->lesion, g_str_equal(name, of_names[1]) ? PCT_LESION_FIRST : PCT_LESION_PINNED,
                          pct_slide_lesion_get_others(self->lesion));
  show_choice(self);
}

static void
change_others(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctLesionCard *self = data;
  g_simple_action_set_state(action, state);
  pct_slide_lesion_set_of(self->lesion, pct_slide_lesion_get_of(self->lesion), g_variant_get_boolean(state));
  show_choice(self);
}

static void
change_measure(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctMeasure measure;
  if (!pct_table_measure_from_name(g_variant_get_string(state, NULL), &measure) ||
      (measure != measures[0] && measure != measures[1] && measure != measures[2]))
    return;
  g_simple_action_set_state(action, state);
  show_choice(data);
}

static void
change_central(GSimpleAction *action, GVariant *state, gpointer data)
{
  g_simple_action_set_state(action, state);
  show_choice(data);
}

static void
set_most(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctLesionCard *self = data;
  int most = g_variant_get_int32(parameter);
  pct_slide_lesion_set_most(self->lesion, CLAMP(most, 1, pct_project_get_n_neurons(self->project)));
  show_choice(self);
}

static const GActionEntry entries[] = {
  { "lesion-of", NULL, "s", "'pinned'", change_of }, { "lesion-others", NULL, NULL, "false", change_others },
  { "lesion-measure", NULL, "s", "'pixcorr'", change_measure }, { "lesion-central", NULL, NULL, "false", change_central },
  { "lesion-most", set_most, "i" }, { "lesion-tier", measure_tier, "(sb)" }, { "cancel-lesion", cancel_job },
  { "save-lesion", save_curve, "s" }, { "export-lesion", export_curve },
};

static void
on_of(PctLesionCard *self)
{
  if (!self->filling)
    gtk_widget_activate_action(GTK_WIDGET(self), "slide.lesion-of", "s",
                               of_names[gtk_drop_down_get_selected(GTK_DROP_DOWN(self->of)) == 1]);
}

static void
on_measure(PctLesionCard *self)
{
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->measure));
  if (!self->filling && i < G_N_ELEMENTS(measures))
    gtk_widget_activate_action(GTK_WIDGET(self), "slide.lesion-measure", "s", pct_measure_get_name(measures[i]));
}

static void
on_most(PctLesionCard *self)
{
  if (!self->filling)
    gtk_widget_activate_action(GTK_WIDGET(self), "slide.lesion-most", "i",
                               gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(self->most)));
}

// Tiers by single trials where the recording has no repeats of them, as the score table would.
static void
on_start(PctLesionCard *self)
{
  guint selected = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->tier));
  PctTier tier = selected == 0 ? PCT_TIER_TEST : selected == 1 ? PCT_TIER_VALIDATION : PCT_TIER_TRAIN;
  gtk_widget_activate_action(GTK_WIDGET(self), "slide.lesion-tier", "(sb)", pct_tier_get_name(tier), TRUE);
}

static void
on_neurons(PctLesionCard *self)
{
  guint n;
  const int *neurons = pct_selection_get_neurons(self->selection, &n);
  pct_slide_lesion_set_pinned(self->lesion, neurons, n);
}

static void
on_map(PctLesionCard *self)
{
  pct_slide_lesion_set_active(self->lesion, TRUE);
}

static void
on_unmap(PctLesionCard *self)
{
  pct_slide_lesion_set_active(self->lesion, FALSE);
}

static void
pct_lesion_card_dispose(GObject *object)
{
  PctLesionCard *self = PCT_LESION_CARD(object);
  forget_job(self);
  if (self->lesion)
    g_signal_handlers_disconnect_by_data(self->lesion, self);
  for (guint i = 0; self->actions && i < G_N_ELEMENTS(entries); i++)
    g_action_map_remove_action(G_ACTION_MAP(self->actions), entries[i].name);
  g_clear_object(&self->actions);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_pointer(&self->whole, pct_lesion_curve_free);
  g_clear_object(&self->lesion);
  g_clear_object(&self->slide);
  g_clear_object(&self->selection);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_lesion_card_parent_class)->dispose(object);
}

static void
pct_lesion_card_class_init(PctLesionCardClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_lesion_card_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_lesion_card_init(PctLesionCard *self)
{
}

static GtkWidget *
make_drop_down(const char *const *words, const char *label, const char *tooltip, GCallback selected, PctLesionCard *self)
{
  GtkWidget *drop_down = gtk_drop_down_new_from_strings(words);
  gtk_accessible_update_property(GTK_ACCESSIBLE(drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text(drop_down, tooltip);
  if (selected)
    g_signal_connect_swapped(drop_down, "notify::selected", selected, self);
  return drop_down;
}

static GtkWidget *
make_toggle(const char *label, const char *tooltip, const char *action)
{
  GtkWidget *toggle = gtk_check_button_new_with_label(label);
  gtk_widget_set_tooltip_text(toggle, tooltip);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(toggle), action);
  return toggle;
}

static GtkWidget *
make_button(const char *label, const char *tooltip, const char *action)
{
  GtkWidget *button = gtk_button_new_with_label(label);
  gtk_widget_set_tooltip_text(button, tooltip);
  if (action)
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  return button;
}

static GtkWidget *
make_label(void)
{
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 40);
  gtk_label_set_selectable(GTK_LABEL(label), FALSE);
  return label;
}

static GtkWidget *
make_line(GtkWidget *const *parts, guint n)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  for (guint i = 0; i < n; i++)
    gtk_box_append(GTK_BOX(line), parts[i]);
  return line;
}

static GtkWidget *
make_controls(PctLesionCard *self)
{
  const char *const ofs[] = { _("Pinned neurons"), _("Strongest, or ranked"), NULL };
  const char *const names[] = { pct_measure_get_title(measures[0]), pct_measure_get_title(measures[1]),
                                pct_measure_get_title(measures[2]), NULL };
  const char *const tiers[] = { pct_tier_get_title(PCT_TIER_TEST), pct_tier_get_title(PCT_TIER_VALIDATION),
                                pct_tier_get_title(PCT_TIER_TRAIN), NULL };
  self->of = make_drop_down(ofs, _("Silenced neurons"), _("Whose responses become their means, in this order"),
                            G_CALLBACK(on_of), self);
  self->most = gtk_spin_button_new_with_range(1, MAX(1, pct_project_get_n_neurons(self->project)), 10);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->most), GTK_ACCESSIBLE_PROPERTY_LABEL, _("How many neurons"), -1);
  gtk_widget_set_tooltip_text(self->most, _("How many of those that come first"));
  g_signal_connect_swapped(self->most, "value-changed", G_CALLBACK(on_most), self);
  self->others = make_toggle(_("All but these"), _("Silence all other neurons and see what these alone can draw"),
                             "slide.lesion-others");
  self->measure = make_drop_down(names, _("Measure"), _("What the curves show"), G_CALLBACK(on_measure), self);
  self->central = make_toggle(_("Central window"), _("Score the middle of the image alone"), "slide.lesion-central");
  self->tier = make_drop_down(tiers, _("Tier"), _("The images to measure: means over repeats, z = 0"), NULL, self);
  self->start = make_button(_("Measure Tier"), _("The same lesions of every image of the tier"), NULL);
  g_signal_connect_swapped(self->start, "clicked", G_CALLBACK(on_start), self);
  self->cancel = make_button(_("Cancel"), NULL, "slide.cancel-lesion");
  self->progress = gtk_progress_bar_new();
  gtk_widget_set_valign(self->progress, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand(self->progress, TRUE);
  GtkWidget *save = make_button(_("Export…"), _("The numbers behind the curve, and what they are of"), "slide.export-lesion");
  self->words = make_label();
  self->tier_words = make_label();
  self->note = make_label();
  gtk_widget_add_css_class(self->note, "dim-label");
  GtkWidget *of_line[] = { self->of, self->most, self->others }, *measure_line[] = { self->measure, self->central };
  GtkWidget *tier_line[] = { self->tier, self->start, self->progress, self->cancel, save };
  GtkWidget *parts[] = { make_line(of_line, G_N_ELEMENTS(of_line)), make_line(measure_line, G_N_ELEMENTS(measure_line)),
                         make_line(tier_line, G_N_ELEMENTS(tier_line)), self->words, self->tier_words, self->note };
  GtkWidget *controls = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(controls), parts[i]);
  gtk_widget_set_size_request(controls, CONTROLS_WIDTH, -1);
  gtk_widget_add_css_class(controls, "small");
  return controls;
}

GtkWidget *
pct_lesion_card_new(PctProject *project, PctSelection *selection, PctSlide *slide, GSimpleActionGroup *actions)
{
  PctLesionCard *self = g_object_new(PCT_TYPE_LESION_CARD, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->slide = g_object_ref(slide);
  self->lesion = pct_slide_lesion_new(project, slide);
  self->actions = g_object_ref(actions);
  g_action_map_add_action_entries(G_ACTION_MAP(actions), entries, G_N_ELEMENTS(entries), self);
  self->curves = g_object_new(PCT_TYPE_CURVES_CARD, NULL);
  gtk_widget_set_hexpand(self->curves, TRUE);
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_box_append(GTK_BOX(self->box), make_controls(self));
  gtk_box_append(GTK_BOX(self->box), self->curves);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  g_signal_connect_object(self->lesion, "changed", G_CALLBACK(show_curves), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "neurons-changed", G_CALLBACK(on_neurons), self, G_CONNECT_SWAPPED);
  g_signal_connect(self, "map", G_CALLBACK(on_map), NULL);
  g_signal_connect(self, "unmap", G_CALLBACK(on_unmap), NULL);
  set_text(self->note, NULL);
  on_neurons(self);
  show_job(self);
  show_choice(self);
  return GTK_WIDGET(self);
}

PctSlideLesion *
pct_lesion_card_get_lesion(PctLesionCard *self)
{
  g_return_val_if_fail(PCT_IS_LESION_CARD(self), NULL);
  return self->lesion;
}

PctJob *
pct_lesion_card_get_job(PctLesionCard *self)
{
  g_return_val_if_fail(PCT_IS_LESION_CARD(self), NULL);
  return self->job;
}

const char *
pct_lesion_card_get_sentence(PctLesionCard *self)
{
  g_return_val_if_fail(PCT_IS_LESION_CARD(self), NULL);
  return gtk_label_get_label(GTK_LABEL(self->tier_words));
}
