// SPDX-License-Identifier: GPL-3.0-or-later
// The rows are made once and told what to show, so that a ranking that follows a slider makes no widgets.
#include "config.h"
#include "slide/influence-card.h"
#include <glib/gi18n.h>
#include <math.h>
#include "page-actions.h"
#include "plots/number-text.h"
#include "region-picker.h"
#include "save-dialog.h"
#include "slide/influence-row.h"
#include "work/neurons.h"

#define N_ROWS 12
// Of the list, pixels: six rows, the pinned neurons take what the panel has left.
#define LEAST_HEIGHT 92
#define USUAL_HEIGHT 182

struct _PctInfluenceCard {
  GtkWidget parent_instance;
  PctProject *project;
  PctSelection *selection;
  PctSlideInfluence *influence;
  PctNeurons *neurons;
  GSimpleActionGroup *actions;  // the page's; NULL: not attached yet
  PctPictureView *picture;
  GtkWidget *box, *heading, *measures, *list, *rows[N_ROWS], *note, *legend, *silence, *progress, *stop, *pin;
};

G_DEFINE_FINAL_TYPE(PctInfluenceCard, pct_influence_card, GTK_TYPE_WIDGET)

static void
show_heading(PctInfluenceCard *self)
{
  PctInfluenceMeasure measure = pct_slide_influence_get_measure(self->influence);
  PctRegion region = pct_slide_influence_get_region(self->influence);
  const char *text = measure == PCT_INFLUENCE_SILENCING ? _("Who is missed most?")
                     : pct_region_is_whole(&region)     ? _("Who makes the picture?")
                                                        : _("Who makes the marked region?");
  gtk_label_set_label(GTK_LABEL(self->heading), text);
  gtk_widget_set_tooltip_text(self->heading, measure == PCT_INFLUENCE_SILENCING
                                               ? NULL
                                               : _("Drag on the reconstruction to mark a region; by keys: Ctrl+G, then "
                                                   "Enter, arrows and Shift with arrows. Escape clears it."));
}

// What to know of these numbers, in a line.
static char *
dup_note(PctInfluenceCard *self, gboolean ranked)
{
  PctInfluenceMeasure measure = pct_slide_influence_get_measure(self->influence);
  const char *problem = pct_slide_influence_get_problem(self->influence);
  double change, gap;
  if (problem)
    return g_strdup(problem);
  if (pct_slide_influence_is_out_of_date(self->influence))
    return g_strdup(_("▲ Out of date: something has changed since."));
  if (measure == PCT_INFLUENCE_SILENCING && !ranked)
    return g_strdup(_("Each neuron in turn is set to its mean, and the picture drawn: a picture a neuron."));
  if (!pct_slide_influence_get_completeness(self->influence, &change, &gap))
    return g_strdup(pct_influence_measure_get_help(measure));
  g_autofree char *sum = pct_number_text(change - gap, 1), *left = pct_number_text(fabs(gap), 2);
  // Translators: what the measure is, the contributions' sum, and how far that is from the change that it should be.
  return g_strdup_printf(_("%s All together %s%s, exact to %s."), pct_influence_measure_get_help(measure),
                         change - gap > 0 ? "+" : "", sum, left);
}

static void
show_job(PctInfluenceCard *self)
{
  PctJob *job = pct_slide_influence_get_job(self->influence);
  gboolean silencing = pct_slide_influence_get_measure(self->influence) == PCT_INFLUENCE_SILENCING;
  gtk_widget_set_visible(self->silence, silencing && !job);
  gtk_widget_set_visible(self->progress, silencing && job);
  gtk_widget_set_visible(self->stop, silencing && job);
  if (self->actions)
    pct_page_actions_set_enabled(self->actions, "stop-silencing", job != NULL);
  if (job)
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->progress), CLAMP(pct_job_get_progress(job), 0, 1));
}

static void
show_ranking(PctInfluenceCard *self)
{
  int n;
  PctInfluenceMeasure measure = pct_slide_influence_get_measure(self->influence);
  const PctNeuronInfluence *ranking = pct_slide_influence_get_ranking(self->influence, &n);
  for (int i = 0; i < N_ROWS; i++) {
    gboolean shown = ranking && i < n && ranking[i].value != 0;
    gtk_widget_set_visible(self->rows[i], shown);
    if (!shown)
      continue;
    g_autoptr(PctPicture) mei = pct_neurons_dup_mei(self->neurons, ranking[i].neuron);
    pct_influence_row_show(PCT_INFLUENCE_ROW(self->rows[i]), measure, ranking[i], fabs(ranking[0].value), mei,
                           pct_selection_has_neuron(self->selection, ranking[i].neuron));
  }
  g_autofree char *note = dup_note(self, ranking != NULL);
  gtk_label_set_label(GTK_LABEL(self->note), note);
  gboolean warn = pct_slide_influence_is_out_of_date(self->influence);
  (warn ? gtk_widget_add_css_class : gtk_widget_remove_css_class)(self->note, "warning");
  (warn ? gtk_widget_remove_css_class : gtk_widget_add_css_class)(self->note, "dim-label");
  gtk_widget_set_opacity(self->list, warn ? 0.6 : 1);
  gtk_widget_set_visible(self->legend, measure != PCT_INFLUENCE_SILENCING);
  if (self->actions) {
    pct_page_actions_set_enabled(self->actions, "pin-influential", ranking != NULL);
    pct_page_actions_set_enabled(self->actions, "export-influence", ranking != NULL);
  }
}

static void
on_changed(PctInfluenceCard *self)
{
  show_heading(self);
  show_ranking(self);
  show_job(self);
}

static void
on_region(PctInfluenceCard *self)
{
  PctRegion region = pct_slide_influence_get_region(self->influence);
  GdkRectangle at = { region.x, region.y, region.width, region.height };
  gboolean whole = pct_region_is_whole(&region);
  if (self->picture)
    pct_picture_view_set_rectangle(self->picture, whole ? NULL : &at);
  if (self->actions)
    pct_page_actions_set_enabled(self->actions, "clear-region", !whole);
  show_heading(self);
}

static void
on_job(PctInfluenceCard *self)
{
  PctJob *job = pct_slide_influence_get_job(self->influence);
  if (job)
    g_signal_connect_object(job, "notify::progress", G_CALLBACK(show_job), self, G_CONNECT_SWAPPED);
  show_job(self);
}

static void
on_measure(PctInfluenceCard *self)
{
  PctInfluenceMeasure measure = pct_slide_influence_get_measure(self->influence);
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->measures), measure);
  gtk_widget_set_tooltip_text(self->measures, pct_influence_measure_get_help(measure));
  if (self->actions) {
    GAction *action = g_action_map_lookup_action(G_ACTION_MAP(self->actions), "influence-measure");
    g_simple_action_set_state(G_SIMPLE_ACTION(action), g_variant_new_string(pct_influence_measure_get_name(measure)));
  }
}

static void
on_chosen(PctInfluenceCard *self)
{
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->measures));
  if (chosen < PCT_N_INFLUENCE_MEASURES)
    pct_slide_influence_set_measure(self->influence, (PctInfluenceMeasure)chosen);
}

static void
set_region(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctInfluenceCard *self = data;
  PctRegion region;
  g_variant_get(parameter, "(iiii)", &region.x, &region.y, &region.width, &region.height);
  pct_slide_influence_set_region(self->influence, &region);
}

static void
clear_region(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_slide_influence_set_region(PCT_INFLUENCE_CARD(data)->influence, NULL);
}

static void
focus_picture(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_widget_grab_focus(GTK_WIDGET(PCT_INFLUENCE_CARD(data)->picture));
}

static void
change_measure(GSimpleAction *action, GVariant *value, gpointer data)
{
  PctInfluenceMeasure measure;
  if (pct_influence_measure_from_name(g_variant_get_string(value, NULL), &measure))
    pct_slide_influence_set_measure(PCT_INFLUENCE_CARD(data)->influence, measure);
}

static void
pin_influential(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctInfluenceCard *self = data;
  guint n_pinned;
  const int *before = pct_selection_get_neurons(self->selection, &n_pinned);
  g_autoptr(GArray) neurons = g_array_new(FALSE, FALSE, sizeof(int));
  if (n_pinned > 0)
    g_array_append_vals(neurons, before, n_pinned);
  for (int i = 0; i < N_ROWS; i++) {
    int neuron = pct_influence_card_get_neuron(self, i);
    if (neuron >= 0 && !pct_selection_has_neuron(self->selection, neuron))
      g_array_append_val(neurons, neuron);
  }
  pct_selection_set_neurons(self->selection, (const int *)(gpointer)neurons->data, neurons->len);
}

static void
silence_each(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_slide_influence_silence(PCT_INFLUENCE_CARD(data)->influence);
}

static void
stop_silencing(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctJob *job = pct_slide_influence_get_job(PCT_INFLUENCE_CARD(data)->influence);
  if (job)
    pct_job_cancel(job);
}

static void
save(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctInfluenceCard *self = data;
  const char *path = g_variant_get_string(parameter, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_filename_display_basename(path);
  g_autofree char *saved = g_strdup_printf(_("Saved as “%s”."), name);
  gtk_label_set_label(GTK_LABEL(self->note),
                      pct_slide_influence_save(self->influence, path, &error) ? saved : error->message);
}

static void
export(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static const PctSaveFormat format = { ".csv", N_("Table (CSV)") };
  pct_save_dialog_ask(data, _("Export the Ranking"), "influence.csv", &format, 1, "slide.save-influence");
}

static const GActionEntry entries[] = {
  { "region", set_region, "(iiii)" }, { "clear-region", clear_region }, { "focus-picture", focus_picture },
  { "influence-measure", NULL, "s", "'contribution'", change_measure },
  { "pin-influential", pin_influential }, { "silence-each", silence_each }, { "stop-silencing", stop_silencing },
  { "save-influence", save, "s" }, { "export-influence", export },
};

void
pct_influence_card_attach(PctInfluenceCard *self, GtkWidget *page, GSimpleActionGroup *actions, PctPictureView *picture)
{
  g_return_if_fail(PCT_IS_INFLUENCE_CARD(self) && !self->actions);
  self->actions = g_object_ref(actions);
  self->picture = g_object_ref(picture);
  g_action_map_add_action_entries(G_ACTION_MAP(actions), entries, G_N_ELEMENTS(entries), self);
  pct_page_actions_add_key(page, "<Control>g", "slide.focus-picture");
  pct_page_actions_add_key(page, "<Control><Shift>p", "slide.pin-influential");
  pct_region_picker_attach(picture, "slide.region", "slide.clear-region");
  on_region(self);
  on_measure(self);
  on_changed(self);
}

static void
on_map(PctInfluenceCard *self)
{
  pct_neurons_set_active(self->neurons, TRUE);
  pct_slide_influence_set_active(self->influence, TRUE);
}

static void
on_unmap(PctInfluenceCard *self)
{
  pct_neurons_set_active(self->neurons, FALSE);
  pct_slide_influence_set_active(self->influence, FALSE);
}

static void
pct_influence_card_dispose(GObject *object)
{
  PctInfluenceCard *self = PCT_INFLUENCE_CARD(object);
  // The page's group may outlive the card by a moment.
  for (guint i = 0; self->actions && i < G_N_ELEMENTS(entries); i++)
    g_action_map_remove_action(G_ACTION_MAP(self->actions), entries[i].name);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->actions);
  g_clear_object(&self->picture);
  g_clear_object(&self->influence);
  g_clear_object(&self->neurons);
  g_clear_object(&self->selection);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_influence_card_parent_class)->dispose(object);
}

static void
pct_influence_card_class_init(PctInfluenceCardClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_influence_card_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_influence_card_init(PctInfluenceCard *self)
{
}

static GtkWidget *
text_button(const char *label, const char *tooltip, const char *action)
{
  GtkWidget *button = gtk_button_new_with_mnemonic(label);
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  return button;
}

static GtkWidget *
make_top(PctInfluenceCard *self)
{
  const char *titles[PCT_N_INFLUENCE_MEASURES + 1] = { NULL };
  for (int i = 0; i < PCT_N_INFLUENCE_MEASURES; i++)
    titles[i] = pct_influence_measure_get_title((PctInfluenceMeasure)i);
  self->heading = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->heading, "heading");
  gtk_label_set_xalign(GTK_LABEL(self->heading), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->heading), PANGO_ELLIPSIZE_END);
  self->measures = gtk_drop_down_new_from_strings(titles);
  gtk_widget_add_css_class(self->measures, "influence-measures");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->measures), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Ranked by"), -1);
  g_signal_connect_swapped(self->measures, "notify::selected", G_CALLBACK(on_chosen), self);
  self->pin = text_button(_("_Pin All"), _("Pin the neurons of this list"), "slide.pin-influential");
  gtk_widget_set_hexpand(self->pin, TRUE);
  gtk_widget_set_halign(self->pin, GTK_ALIGN_END);
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class(line, "tight-buttons");
  GtkWidget *save = gtk_button_new_from_icon_name("document-save-symbolic");
  gtk_widget_add_css_class(save, "flat");
  gtk_widget_set_tooltip_text(save, _("Export the ranking of all neurons as CSV, with what it is of"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(save), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Export the ranking"), -1);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(save), "slide.export-influence");
  gtk_box_append(GTK_BOX(line), self->measures);
  gtk_box_append(GTK_BOX(line), self->pin);
  gtk_box_append(GTK_BOX(line), save);
  GtkWidget *top = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append(GTK_BOX(top), self->heading);
  gtk_box_append(GTK_BOX(top), line);
  return top;
}

static GtkWidget *
make_list(PctInfluenceCard *self)
{
  self->list = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(self->list, "influence-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Neurons by their influence"), -1);
  for (int i = 0; i < N_ROWS; i++) {
    self->rows[i] = pct_influence_row_new();
    gtk_list_box_append(GTK_LIST_BOX(self->list), self->rows[i]);
  }
  return g_object_new(GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER,
                      "min-content-height", LEAST_HEIGHT, "max-content-height", USUAL_HEIGHT, "propagate-natural-height", TRUE, "child", self->list, NULL);
}

static GtkWidget *
make_bottom(PctInfluenceCard *self)
{
  // Translators: the colours of a bar's legend; keep the markup.
  self->legend = gtk_label_new(NULL);
  gtk_label_set_markup(GTK_LABEL(self->legend), _("<span foreground='#e01b24'>■</span> brighter  "
                                                  "<span foreground='#3584e4'>■</span> darker"));
  gtk_widget_add_css_class(self->legend, "caption");
  self->silence = text_button(_("_Measure"), _("Silence each neuron in turn"), "slide.silence-each");
  self->progress = gtk_progress_bar_new();
  gtk_widget_set_valign(self->progress, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand(self->progress, TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Neurons silenced so far"), -1);
  self->stop = text_button(_("_Stop"), NULL, "slide.stop-silencing");
  GtkWidget *bottom = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_add_css_class(bottom, "tight-buttons");
  GtkWidget *parts[] = { self->legend, self->silence, self->progress, self->stop };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(bottom), parts[i]);
  return bottom;
}

GtkWidget *
pct_influence_card_new(PctProject *project, PctSelection *selection, PctSlide *slide)
{
  PctInfluenceCard *self = g_object_new(PCT_TYPE_INFLUENCE_CARD, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->neurons = pct_neurons_dup_shared(project);
  self->influence = pct_slide_influence_new(project, slide);
  self->note = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(self->note), TRUE);
  gtk_label_set_xalign(GTK_LABEL(self->note), 0);
  gtk_label_set_max_width_chars(GTK_LABEL(self->note), 30);
  gtk_widget_add_css_class(self->note, "caption");
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *parts[] = { make_top(self), make_list(self), self->note, make_bottom(self) };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(self->box), parts[i]);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  const struct {
    gpointer object;
    const char *signal;
    GCallback callback;
  } signals[] = {
    { self->influence, "changed", G_CALLBACK(on_changed) },
    { self->influence, "notify::region", G_CALLBACK(on_region) },
    { self->influence, "notify::measure", G_CALLBACK(on_measure) },
    { self->influence, "notify::job", G_CALLBACK(on_job) },
    { self->neurons, "meis-changed", G_CALLBACK(show_ranking) },
    { selection, "neurons-changed", G_CALLBACK(show_ranking) },
  };
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect_object(signals[i].object, signals[i].signal, signals[i].callback, self, G_CONNECT_SWAPPED);
  g_signal_connect(self, "map", G_CALLBACK(on_map), NULL);
  g_signal_connect(self, "unmap", G_CALLBACK(on_unmap), NULL);
  on_measure(self);
  on_changed(self);
  return GTK_WIDGET(self);
}

PctSlideInfluence *
pct_influence_card_get_influence(PctInfluenceCard *self)
{
  g_return_val_if_fail(PCT_IS_INFLUENCE_CARD(self), NULL);
  return self->influence;
}

int
pct_influence_card_get_neuron(PctInfluenceCard *self, int row)
{
  g_return_val_if_fail(PCT_IS_INFLUENCE_CARD(self) && row >= 0, -1);
  return row < N_ROWS && gtk_widget_get_visible(self->rows[row])
           ? pct_influence_row_get_neuron(PCT_INFLUENCE_ROW(self->rows[row])) : -1;
}
