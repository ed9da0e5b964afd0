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
#include "slide/lesion-card-private.h"
#include "tier-badge.h"
#include "train/curves-card.h"

#define CONTROLS_WIDTH 300

G_DEFINE_FINAL_TYPE(PctLesionCard, pct_lesion_card, GTK_TYPE_WIDGET)

// The points (n,) as curves: what was named, and random ones between the least and the greatest of them.
static void
add_points(PctLesionCard *self, const PctLesionPoint *points, guint n, const char *title, const char *random_title,
           gboolean dim)
{
  PctFrame frame = pct_lesion_card_get_frame(self);
  PctMeasure measure = pct_lesion_card_get_measure(self);
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
    g_autofree char *name = g_strdup_printf("%s%s_%s", prefixes[i], pct_measure_get_name(pct_lesion_card_get_measure(self)),
                                            pct_frame_get_name(pct_lesion_card_get_frame(self)));
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
  return pct_lesion_curve_dup_sentence(curve, pct_lesion_card_get_frame(self), pct_lesion_card_get_measure(self));
}

static void
set_text(GtkWidget *label, const char *text)
{
  if (g_strcmp0(gtk_label_get_label(GTK_LABEL(label)), text ? text : ""))
    gtk_label_set_label(GTK_LABEL(label), text ? text : "");
  gtk_widget_set_visible(label, text && *text);
}

void
pct_lesion_card_say(PctLesionCard *self, const char *text)
{
  set_text(self->note, text);
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
    g_autofree char *note = g_strdup_printf(_("%s, %s"), pct_measure_get_title(pct_lesion_card_get_measure(self)),
                                            pct_lesion_card_get_frame(self) == PCT_FRAME_CENTRAL ? _("central window") : _("full frame"));
    pct_curves_card_set_note(card, note);
    const char *none = pct_slide_lesion_get_of(self->lesion) == PCT_LESION_PINNED
                         ? _("Pin neurons, one by one or with the lasso of the Neurons page, to see what the picture owes "
                             "to them.")
                         : _("No neuron is known to see this area.");
    g_autofree char *text = live ? dup_sentence(self, live) : n_order == 0 ? g_strdup(none) : NULL;
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

void
pct_lesion_card_take_job(PctLesionCard *self, PctJob *job)
{
  self->job = job;
  g_signal_connect_object(job, "notify", G_CALLBACK(show_job), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(job, "finished", G_CALLBACK(on_finished), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(pct_job_get_curves(job), "changed", G_CALLBACK(show_curves), self, G_CONNECT_SWAPPED);
  show_job(self);
  show_curves(self);
}

// The widgets follow the actions' states.
void
pct_lesion_card_show_choice(PctLesionCard *self)
{
  PctLesionOf of = pct_slide_lesion_get_of(self->lesion);
  g_autofree char *area = g_strdup_printf("%d %d %d %d", self->area[0], self->area[1], self->area[2], self->area[3]);
  self->filling = TRUE;
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->of), (guint)of);
  gtk_editable_set_text(GTK_EDITABLE(self->where), area);
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(self->most), pct_slide_lesion_get_most(self->lesion));
  for (guint i = 0; i < PCT_N_LESION_MEASURES; i++)
    if (pct_lesion_measures[i] == pct_lesion_card_get_measure(self))
      gtk_drop_down_set_selected(GTK_DROP_DOWN(self->measure), i);
  self->filling = FALSE;
  gtk_widget_set_visible(self->most, of == PCT_LESION_FIRST);
  gtk_widget_set_visible(self->where, of == PCT_LESION_AREA);
  pct_curves_card_set_title(PCT_CURVES_CARD(self->curves), _("Quality against neurons"),
                            pct_slide_lesion_get_others(self->lesion) ? _("neurons left") : _("neurons silenced"));
  show_curves(self);
}

static void
on_of(PctLesionCard *self)
{
  guint of = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->of));
  if (!self->filling && of < PCT_N_LESION_OF)
    gtk_widget_activate_action(GTK_WIDGET(self), "slide.lesion-of", "s", pct_lesion_of_names[of]);
}

// Four numbers, apart by anything.
static void
on_where(PctLesionCard *self)
{
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->where));
  int area[4] = { 0 };
  for (int i = 0; i < 4; i++) {
    char *end;
    text += strcspn(text, "0123456789");
    area[i] = (int)MIN(g_ascii_strtoull(text, &end, 10), (guint64)G_MAXINT);
    text = end;
  }
  gtk_widget_activate_action(GTK_WIDGET(self), "slide.lesion-area", "(iiii)", area[0], area[1], area[2], area[3]);
}

static void
on_measure(PctLesionCard *self)
{
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->measure));
  if (!self->filling && i < PCT_N_LESION_MEASURES)
    gtk_widget_activate_action(GTK_WIDGET(self), "slide.lesion-measure", "s", pct_measure_get_name(pct_lesion_measures[i]));
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
  pct_lesion_card_remove_commands(self);
  g_clear_object(&self->actions);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_pointer(&self->whole, pct_lesion_curve_free);
  if (self->neurons) {
    g_signal_handlers_disconnect_by_data(self->neurons, self);
    pct_neurons_set_active(self->neurons, FALSE);
  }
  g_clear_object(&self->neurons);
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
  gtk_label_set_max_width_chars(GTK_LABEL(label), 36);
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
  const char *const ofs[] = { _("Pinned neurons"), _("Those that see"), _("Strongest responses"), NULL };
  const char *const names[] = { pct_measure_get_title(pct_lesion_measures[0]), pct_measure_get_title(pct_lesion_measures[1]),
                                pct_measure_get_title(pct_lesion_measures[2]), NULL };
  const char *const tiers[] = { pct_tier_get_title(PCT_TIER_TEST), pct_tier_get_title(PCT_TIER_VALIDATION),
                                pct_tier_get_title(PCT_TIER_TRAIN), NULL };
  self->of = make_drop_down(ofs, _("Silenced neurons"), _("Whose responses become their means, in this order"),
                            G_CALLBACK(on_of), self);
  self->most = gtk_spin_button_new_with_range(1, MAX(1, pct_project_get_n_neurons(self->project)), 10);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->most), GTK_ACCESSIBLE_PROPERTY_LABEL, _("How many neurons"), -1);
  gtk_widget_set_tooltip_text(self->most, _("How many of those that come first"));
  g_signal_connect_swapped(self->most, "value-changed", G_CALLBACK(on_most), self);
  self->where = gtk_entry_new();
  gtk_editable_set_width_chars(GTK_EDITABLE(self->where), 11);
  gtk_editable_set_max_width_chars(GTK_EDITABLE(self->where), 11);
  const char *where = _("Left column, upper row, width and height of the area, pixels; Enter takes them");
  gtk_widget_set_tooltip_text(self->where, where);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->where), GTK_ACCESSIBLE_PROPERTY_LABEL, where, -1);
  g_signal_connect_swapped(self->where, "activate", G_CALLBACK(on_where), self);
  self->others = make_toggle(_("All but these"), _("Silence all other neurons and see what these alone can draw"),
                             "slide.lesion-others");
  self->measure = make_drop_down(names, _("Measure"), _("What the curves show"), G_CALLBACK(on_measure), self);
  self->central = make_toggle(_("Centre"), _("Score the middle of the image alone"), "slide.lesion-central");
  self->tier = make_drop_down(tiers, _("Tier"), _("The images to measure: means over repeats, z = 0"), NULL, self);
  self->start = make_button(_("Measure Tier"), _("The same lesions of every image of the tier"), NULL);
  g_signal_connect_swapped(self->start, "clicked", G_CALLBACK(on_start), self);
  self->cancel = make_button(_("Cancel"), NULL, "slide.cancel-lesion");
  self->progress = gtk_progress_bar_new();
  gtk_widget_set_valign(self->progress, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand(self->progress, TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Lesions of the tier"), -1);
  GtkWidget *save = make_button(_("Export…"), _("The numbers behind the curve, and what they are of"), "slide.export-lesion");
  self->words = make_label();
  self->tier_words = make_label();
  self->note = make_label();
  gtk_widget_add_css_class(self->note, "dim-label");
  GtkWidget *of_line[] = { self->of, self->most, self->where };
  GtkWidget *measure_line[] = { self->measure, self->others, self->central };
  GtkWidget *tier_line[] = { self->tier, self->start, self->progress, self->cancel, save };
  GtkWidget *parts[] = { make_line(of_line, G_N_ELEMENTS(of_line)), make_line(measure_line, G_N_ELEMENTS(measure_line)),
                         make_line(tier_line, G_N_ELEMENTS(tier_line)), self->words, self->tier_words, self->note };
  GtkWidget *controls = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(controls), parts[i]);
  gtk_widget_set_size_request(controls, CONTROLS_WIDTH, -1);
  gtk_widget_set_hexpand(controls, FALSE);  // the progress bar fills its line alone
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
  // The middle, until another is asked for.
  int height = pct_project_get_height(project), width = pct_project_get_width(project);
  memcpy(self->area, (const int[]){ width / 4, height / 4, MAX(1, width / 2), MAX(1, height / 2) }, sizeof self->area);
  pct_lesion_card_add_commands(self);
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
  pct_lesion_card_show_choice(self);
  return GTK_WIDGET(self);
}

// The word for those that come first says by what.
static void
on_ranking(PctLesionCard *self, PctSlideInfluence *influence)
{
  int n;
  const PctNeuronInfluence *ranking = pct_slide_influence_get_ranking(influence, &n);
  gboolean had = pct_slide_lesion_has_ranking(self->lesion);
  g_autofree int *neurons = ranking ? g_new(int, MAX(n, 1)) : NULL;
  for (int i = 0; ranking && i < n; i++)
    neurons[i] = ranking[i].neuron;
  pct_slide_lesion_set_ranking(self->lesion, neurons, ranking ? (guint)n : 0);
  if (had == (ranking != NULL))
    return;
  const char *word[] = { ranking ? _("Most influential") : _("Strongest responses"), NULL };
  self->filling = TRUE;
  gtk_string_list_splice(GTK_STRING_LIST(gtk_drop_down_get_model(GTK_DROP_DOWN(self->of))), PCT_LESION_FIRST, 1, word);
  self->filling = FALSE;
  pct_lesion_card_show_choice(self);
}

static void
on_region(PctLesionCard *self, GParamSpec *pspec, PctSlideInfluence *influence)
{
  PctRegion region = pct_slide_influence_get_region(influence);
  if (!pct_region_is_whole(&region))
    pct_lesion_card_set_area(self, region.x, region.y, region.width, region.height);
}

void
pct_lesion_card_follow(PctLesionCard *self, PctSlideInfluence *influence)
{
  g_return_if_fail(PCT_IS_LESION_CARD(self) && PCT_IS_SLIDE_INFLUENCE(influence));
  g_signal_connect_object(influence, "changed", G_CALLBACK(on_ranking), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(influence, "notify::region", G_CALLBACK(on_region), self, G_CONNECT_SWAPPED);
  on_ranking(self, influence);
  on_region(self, NULL, influence);
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
