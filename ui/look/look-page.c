// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "look/look-page.h"
#include <adwaita.h>
#include <glib/gi18n.h>
#include "look/image-strip.h"
#include "look/look-figures.h"
#include "look/remark-list.h"
#include "look/tier-card.h"
#include "page-actions.h"
#include "plots/number-text.h"
#include "save-dialog.h"
#include "work/command-line.h"
#include "work/look-file.h"

#define LEAST_CARD 290  // pixels

struct _PctLookPage {
  GtkWidget parent_instance;
  PctLook *look;
  GSimpleActionGroup *actions;
  GtkWidget *states, *waiting, *bar, *retry, *content, *said, *flows[2], *expected;
  PctJob *job;       // whose progress is shown; NULL: none
  gboolean filled;   // the facts are there
};

G_DEFINE_FINAL_TYPE(PctLookPage, pct_look_page, GTK_TYPE_WIDGET)

static void
say(PctLookPage *self, const char *sentence)
{
  gtk_label_set_label(GTK_LABEL(self->said), sentence);
  gtk_widget_set_visible(self->said, *sentence != '\0');
}

static GtkWidget *
make_headline(const PctFirstLook *facts)
{
  g_autofree char *text = pct_first_look_dup_headline(facts, pct_number_text);
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  gtk_widget_add_css_class(label, "page-title");
  gtk_widget_add_css_class(label, "numeric");
  return label;
}

// What there is no card for, in a line; NULL: nothing.
static GtkWidget *
make_missing(const PctFirstLook *facts)
{
  const char *const names[PCT_N_BEHAVIOURS] = { N_("running speed"), N_("pupil size") };
  g_autoptr(GString) missing = g_string_new(NULL);
  for (int b = 0; b < PCT_N_BEHAVIOURS; b++)
    if (facts->behaviour[b].n == 0)
      g_string_append_printf(missing, "%s%s", missing->len > 0 ? _(", ") : "", _(names[b]));
  if (missing->len == 0)
    return NULL;
  g_autofree char *text = g_strdup_printf(_("Not in this recording: %s."), missing->str);
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_widget_add_css_class(label, "dim-label");
  return label;
}

// Cards (n,) that are there, as many a line as leave no gap.
static GtkWidget *
make_flow(GtkWidget *const *cards, guint n)
{
  GtkWidget *flow = gtk_flow_box_new();
  guint n_shown = 0;
  for (guint i = 0; i < n; i++) {
    if (!cards[i])
      continue;
    gtk_widget_set_size_request(cards[i], LEAST_CARD, -1);
    gtk_flow_box_append(GTK_FLOW_BOX(flow), cards[i]);
    // Its buttons take the focus, not the card.
    gtk_widget_set_focusable(gtk_widget_get_parent(cards[i]), FALSE);
    n_shown++;
  }
  gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(flow), TRUE);
  gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(flow), n_shown == 4 ? 2 : CLAMP(n_shown, 1, 3));
  gtk_flow_box_set_row_spacing(GTK_FLOW_BOX(flow), 12);
  gtk_flow_box_set_column_spacing(GTK_FLOW_BOX(flow), 12);
  return flow;
}

// What the neurons are, the score, then what surrounds it.
static void
fill(PctLookPage *self)
{
  const PctFirstLook *facts = pct_look_get_facts(self->look);
  self->filled = TRUE;
  gtk_box_append(GTK_BOX(self->content), make_headline(facts));
  gtk_box_append(GTK_BOX(self->content), self->said);
  gtk_box_append(GTK_BOX(self->content), pct_remark_list_new(pct_look_get_remarks(self->look)));
  GtkWidget *tiers = pct_tier_card_new(facts), *missing = make_missing(facts);
  GtkWidget *const above[] = { facts->repeated ? tiers : NULL, pct_look_reliability_card_new(self->look),
                               pct_look_noise_card_new(self->look) };
  GtkWidget *const below[] = { facts->repeated ? NULL : tiers, self->expected = pct_look_expected_card_new(self->look),
                               pct_look_drift_card_new(self->look),
                               pct_look_behaviour_card_new(self->look, PCT_BEHAVIOUR_RUNNING),
                               pct_look_behaviour_card_new(self->look, PCT_BEHAVIOUR_PUPIL) };
  self->flows[1] = make_flow(below, G_N_ELEMENTS(below));
  if (facts->repeated)
    gtk_box_append(GTK_BOX(self->content), self->flows[0] = make_flow(above, G_N_ELEMENTS(above)));
  gtk_box_append(GTK_BOX(self->content), pct_score_card_new(self->look));
  gtk_box_append(GTK_BOX(self->content), self->flows[1]);
  if (missing)
    gtk_box_append(GTK_BOX(self->content), missing);
  gtk_box_append(GTK_BOX(self->content), pct_image_strip_new(pct_look_get_project(self->look)));
}

static void
show_progress(PctLookPage *self)
{
  if (!self->job)
    return;
  const char *phase = pct_job_get_phase(self->job);
  double progress = pct_job_get_progress(self->job);
  adw_status_page_set_description(ADW_STATUS_PAGE(self->waiting), phase ? phase : "");
  if (progress >= 0)
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->bar), progress);
  else
    gtk_progress_bar_pulse(GTK_PROGRESS_BAR(self->bar));
}

static void
follow(PctLookPage *self, PctJob *job)
{
  if (self->job == job)
    return;
  if (self->job)
    g_signal_handlers_disconnect_by_func(self->job, show_progress, self);
  g_set_object(&self->job, job);
  if (job)
    g_signal_connect_object(job, "notify", G_CALLBACK(show_progress), self, G_CONNECT_SWAPPED);
}

static void
on_changed(PctLookPage *self)
{
  const char *problem = pct_look_get_problem(self->look, PCT_LOOK_FACTS);
  const PctFirstLook *facts = pct_look_get_facts(self->look);
  gboolean scoring = pct_look_get_job(self->look, PCT_LOOK_SCORE) != NULL;
  follow(self, pct_look_get_job(self->look, PCT_LOOK_FACTS));
  show_progress(self);
  if (problem)
    adw_status_page_set_description(ADW_STATUS_PAGE(self->waiting), problem);
  gtk_widget_set_visible(self->bar, !problem);
  gtk_widget_set_visible(self->retry, problem != NULL);
  if (facts && !self->filled)
    fill(self);
  if (self->expected && pct_look_get_score(self->look))
    pct_look_expected_card_update(PCT_LOOK_CARD(self->expected), self->look);
  gtk_stack_set_visible_child_name(GTK_STACK(self->states), facts ? "content" : "waiting");
  pct_page_actions_set_enabled(self->actions, "score", !scoring && !pct_look_get_score(self->look));
  pct_page_actions_set_enabled(self->actions, "stop", scoring || self->job);
}

// Looked for when somebody looks.
static void
on_map(PctLookPage *self)
{
  if (!pct_look_get_problem(self->look, PCT_LOOK_FACTS))
    pct_look_start(self->look, PCT_LOOK_FACTS);
  if (!pct_look_get_problem(self->look, PCT_LOOK_SCORE) && pct_look_estimate_score(self->look) <= PCT_LOOK_SECONDS)
    pct_look_start(self->look, PCT_LOOK_SCORE);
}

static void
start_score(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_look_start(((PctLookPage *)data)->look, PCT_LOOK_SCORE);
}

static void
start_facts(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  pct_look_start(((PctLookPage *)data)->look, PCT_LOOK_FACTS);
}

static void
stop(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  for (int part = 0; part < PCT_N_LOOK_PARTS; part++)
    pct_look_cancel(((PctLookPage *)data)->look, (PctLookPart)part);
}

// The card with the figure of a name; NULL: it has none.
static PctLookCard *
find_card(PctLookPage *self, const char *name)
{
  for (guint f = 0; f < G_N_ELEMENTS(self->flows); f++) {
    GtkFlowBoxChild *child;
    for (int i = 0; self->flows[f] && (child = gtk_flow_box_get_child_at_index(GTK_FLOW_BOX(self->flows[f]), i)); i++) {
      GtkWidget *card = gtk_flow_box_child_get_child(child);
      if (PCT_IS_LOOK_CARD(card) && g_strcmp0(pct_look_card_get_name(PCT_LOOK_CARD(card)), name) == 0)
        return PCT_LOOK_CARD(card);
    }
  }
  return NULL;
}

static const char *
get_figure(PctLookPage *self)
{
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(self->actions), "figure");
  return g_intern_string(g_variant_get_string(state, NULL));
}

static void
set_figure(GSimpleAction *action, GVariant *state, gpointer data)
{
  if (pct_look_file_has(((PctLookPage *)data)->look, g_variant_get_string(state, NULL)))
    g_simple_action_set_state(action, state);
}

static void
activate_state(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_action_change_state(G_ACTION(action), parameter);
}

static void
ask(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static const PctSaveFormat formats[] = {
    { ".csv", N_("Table (CSV)") }, { ".png", N_("Picture (PNG)") }, { ".svg", N_("Drawing (SVG)") },
    { ".pdf", N_("Document (PDF)") },
  };
  PctLookPage *self = data;
  g_action_group_change_action_state(G_ACTION_GROUP(self->actions), "figure", parameter);
  if (g_strcmp0(get_figure(self), g_variant_get_string(parameter, NULL)) != 0)
    return;
  g_autofree char *name = g_strconcat(get_figure(self), ".csv", NULL);
  // The score is a table and no figure.
  guint n = find_card(self, get_figure(self)) ? G_N_ELEMENTS(formats) : 1;
  pct_save_dialog_ask(GTK_WIDGET(self), _("Export"), name, formats, n, "look.save");
}

static void
save(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PctLookPage *self = data;
  const char *path = g_variant_get_string(parameter, NULL), *figure = get_figure(self);
  g_autoptr(GError) error = NULL;
  PctLookCard *card = find_card(self, figure);
  gboolean saved = !card || g_str_has_suffix(path, ".csv") ? pct_look_file_save(self->look, figure, path, &error)
                                                           : pct_look_card_export(card, path, &error);
  g_autofree char *name = g_filename_display_basename(path);
  g_autofree char *done = g_strdup_printf(_("Saved as “%s”."), name);
  say(self, saved ? done : error->message);
}

static const GActionEntry entries[] = {
  { "look", start_facts }, { "score", start_score }, { "stop", stop },
  { "figure", activate_state, "s", "'drift'", set_figure }, { "export", ask, "s" }, { "save", save, "s" },
};

static void
pct_look_page_dispose(GObject *object)
{
  PctLookPage *self = PCT_LOOK_PAGE(object);
  follow(self, NULL);
  // Figures borrow their numbers from the look.
  g_clear_pointer(&self->states, gtk_widget_unparent);
  self->flows[0] = self->flows[1] = self->expected = NULL;
  g_clear_object(&self->said);
  if (self->look)
    g_signal_handlers_disconnect_by_data(self->look, self);
  g_clear_object(&self->look);
  G_OBJECT_CLASS(pct_look_page_parent_class)->dispose(object);
}

static void
pct_look_page_class_init(PctLookPageClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_look_page_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_look_page_init(PctLookPage *self)
{
}

static GtkWidget *
make_waiting(PctLookPage *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  self->waiting = adw_status_page_new();
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(self->waiting), "percept-look-symbolic");
  adw_status_page_set_title(ADW_STATUS_PAGE(self->waiting), _("Looking at the recording"));
  self->bar = gtk_progress_bar_new();
  gtk_widget_set_size_request(self->bar, 240, -1);
  self->retry = gtk_button_new_with_mnemonic(_("_Look Again"));
  gtk_widget_add_css_class(self->retry, "pill");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->retry), "look.look");
  gtk_widget_set_halign(box, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(box), self->bar);
  gtk_box_append(GTK_BOX(box), self->retry);
  adw_status_page_set_child(ADW_STATUS_PAGE(self->waiting), box);
  return self->waiting;
}

GtkWidget *
pct_look_page_new(PctProject *project, PctSelection *selection)
{
  PctLookPage *self = g_object_new(PCT_TYPE_LOOK_PAGE, NULL);
  self->look = pct_look_new(project);
  self->actions = pct_page_actions_new(GTK_WIDGET(self), "look", entries, G_N_ELEMENTS(entries), self);
  self->said = g_object_ref_sink(gtk_label_new(NULL));
  gtk_label_set_xalign(GTK_LABEL(self->said), 0);
  gtk_label_set_wrap(GTK_LABEL(self->said), TRUE);
  gtk_widget_set_visible(self->said, FALSE);
  self->content = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_add_css_class(self->content, "page-content");
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), self->content);
  self->states = gtk_stack_new();
  gtk_stack_add_named(GTK_STACK(self->states), make_waiting(self), "waiting");
  gtk_stack_add_named(GTK_STACK(self->states), scroller, "content");
  gtk_widget_set_parent(self->states, GTK_WIDGET(self));
  g_signal_connect_object(self->look, "changed", G_CALLBACK(on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect(self, "map", G_CALLBACK(on_map), NULL);
  on_changed(self);
  return GTK_WIDGET(self);
}

PctLook *
pct_look_page_get_look(PctLookPage *self)
{
  g_return_val_if_fail(PCT_IS_LOOK_PAGE(self), NULL);
  return self->look;
}

const char *
pct_look_page_get_said(PctLookPage *self)
{
  g_return_val_if_fail(PCT_IS_LOOK_PAGE(self), NULL);
  return gtk_label_get_label(GTK_LABEL(self->said));
}

char *
pct_look_page_dup_command(GtkWidget *page, GError **error)
{
  PctCommandLine *line = pct_command_line_new("look");
  pct_command_line_add_recording(line, NULL, pct_look_get_project(PCT_LOOK_PAGE(page)->look));
  return pct_command_line_free(line);
}
