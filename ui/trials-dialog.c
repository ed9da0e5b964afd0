// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "trials-dialog.h"
#include <glib/gi18n.h>
#include <math.h>
#include "plots/number-text.h"

struct _PctTrialsDialog {
  AdwWindow parent_instance;
  GtkWidget *entry, *answer, *apply;
  PctTrialTable *table;
};

G_DEFINE_FINAL_TYPE(PctTrialsDialog, pct_trials_dialog, ADW_TYPE_WINDOW)

static char *
describe_count(PctTrialsDialog *self, const PctTrialCount *count)
{
  PctTrialCount all = pct_trial_table_count(self->table);
  g_autofree char *n = pct_number_text(count->n, 0), *n_all = pct_number_text(all.n, 0);
  g_autofree char *test = pct_number_text(count->of_tier[PCT_TIER_TEST], 0);
  g_autofree char *test_all = pct_number_text(all.of_tier[PCT_TIER_TEST], 0);
  return g_strdup_printf(_("%s of %s trials (%s of %s test)"), n, n_all, test, test_all);
}

// Whether the condition can be used; else the sentence why not.
static gboolean
judge(PctTrialsDialog *self, char **sentence)
{
  g_autoptr(GError) error = NULL;
  PctTrialCount count;
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->entry));
  if (!pct_trial_table_filter(self->table, text, NULL, &count, NULL, &error)) {
    *sentence = g_strdup(error->message);
    return FALSE;
  }
  g_autofree char *counted = describe_count(self, &count);
  if (count.of_tier[PCT_TIER_TRAIN] > 0) {
    *sentence = g_steal_pointer(&counted);
    return TRUE;
  }
  *sentence = g_strdup_printf(_("%s. No train trial is left, from which anything could be learned."), counted);
  return FALSE;
}

static void
on_changed(PctTrialsDialog *self)
{
  g_autofree char *sentence = NULL;
  gboolean good = judge(self, &sentence);
  gtk_label_set_label(GTK_LABEL(self->answer), sentence);
  gtk_widget_set_sensitive(self->apply, good);
  if (good) {
    gtk_widget_remove_css_class(self->entry, "error");
    gtk_widget_remove_css_class(self->answer, "error");
  } else {
    gtk_widget_add_css_class(self->entry, "error");
    gtk_widget_add_css_class(self->answer, "error");
  }
  gtk_accessible_update_state(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                              good ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);
}

static void
on_apply(PctTrialsDialog *self)
{
  if (!gtk_widget_get_sensitive(self->apply))
    return;
  GtkWindow *parent = gtk_window_get_transient_for(GTK_WINDOW(self));
  g_action_group_activate_action(G_ACTION_GROUP(parent), "set-trials",
                                 g_variant_new_string(gtk_editable_get_text(GTK_EDITABLE(self->entry))));
  gtk_window_destroy(GTK_WINDOW(self));
}

// A word is written where the cursor stands, with a space before it if there is none.
static void
on_variable(AdwActionRow *row, PctTrialsDialog *self)
{
  GtkEditable *entry = GTK_EDITABLE(self->entry);
  int at = gtk_editable_get_position(entry);
  g_autofree char *before = gtk_editable_get_chars(entry, 0, at);
  g_autofree char *word = g_strdup_printf("%s%s ", *before && !g_str_has_suffix(before, " ") ? " " : "",
                                          adw_preferences_row_get_title(ADW_PREFERENCES_ROW(row)));
  gtk_editable_insert_text(entry, word, -1, &at);
  gtk_widget_grab_focus(self->entry);
  gtk_editable_set_position(entry, at);
}

// whole: counted things.
static char *
describe_range(const double *values, int n, gboolean whole)
{
  double least = INFINITY, most = -INFINITY;
  int known = 0;
  for (int i = 0; i < n; i++)
    if (!isnan(values[i])) {
      least = MIN(least, values[i]);
      most = MAX(most, values[i]);
      known++;
    }
  if (known == 0)
    return g_strdup("–");
  int decimals = whole || most - least >= 50 ? 0 : most - least >= 5 ? 1 : 2;
  g_autofree char *low = pct_number_text(least, decimals), *high = pct_number_text(most, decimals);
  g_autofree char *missing = pct_number_text(n - known, 0);
  return known == n ? g_strdup_printf(_("%s to %s"), low, high)
                    : g_strdup_printf(_("%s to %s, unknown in %s"), low, high, missing);
}

static GtkWidget *
make_variables(PctTrialsDialog *self)
{
  GtkWidget *list = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(list, "boxed-list");
  int n = pct_trial_table_count(self->table).n;
  for (int i = 0; i < PCT_N_TRIAL_VARIABLES; i++) {
    const double *values = pct_trial_table_get_values(self->table, (PctTrialVariable)i);
    if (!values)
      continue;
    GtkWidget *row = adw_action_row_new();
    g_autofree char *range = describe_range(values, n, i >= PCT_TRIAL_NUMBER);
    GtkWidget *suffix = gtk_label_new(range);
    gtk_widget_add_css_class(suffix, "dim-label");
    gtk_widget_add_css_class(suffix, "numeric");
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), pct_trial_variable_get_name((PctTrialVariable)i));
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), pct_trial_variable_get_help((PctTrialVariable)i));
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), suffix);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
    g_signal_connect_object(row, "activated", G_CALLBACK(on_variable), self, 0);
    gtk_list_box_append(GTK_LIST_BOX(list), row);
  }
  return list;
}

static gboolean
has_behaviour(PctTrialsDialog *self)
{
  for (int i = 0; i <= PCT_TRIAL_PUPIL_Y; i++)
    if (pct_trial_table_get_values(self->table, (PctTrialVariable)i))
      return TRUE;
  return FALSE;
}

static GtkWidget *
add_sentence(GtkWidget *box, const char *text)
{
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_box_append(GTK_BOX(box), label);
  return label;
}

static GtkWidget *
make_content(PctTrialsDialog *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10);
  add_sentence(box, _("Every picture, score and training is then of the trials that meet a condition. Models trained "
                      "before stay as they are."));
  self->entry = gtk_entry_new();
  gtk_entry_set_placeholder_text(GTK_ENTRY(self->entry), has_behaviour(self) ? "speed < 1 and pupil > 0.4"
                                                                              : "trial < 500 or repeat = 0");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Condition that trials must meet"), -1);
  g_signal_connect_object(self->entry, "changed", G_CALLBACK(on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->entry, "activate", G_CALLBACK(on_apply), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(box), self->entry);
  self->answer = add_sentence(box, "");
  gtk_widget_add_css_class(self->answer, "numeric");
  if (!has_behaviour(self))
    add_sentence(box, _("The recording does not say how fast the animal ran, nor how wide its pupil was."));
  GtkWidget *grammar = add_sentence(box, _("Compare by < <= > >= = !=, join by and, or, not, and parentheses. What was "
                                           "not measured in a trial meets no comparison."));
  gtk_widget_add_css_class(grammar, "dim-label");
  gtk_widget_add_css_class(grammar, "small");
  gtk_box_append(GTK_BOX(box), make_variables(self));
  gtk_widget_set_margin_top(box, 6);
  gtk_widget_set_margin_bottom(box, 18);
  gtk_widget_set_margin_start(box, 18);
  gtk_widget_set_margin_end(box, 18);
  return box;
}

static GtkWidget *
make_header(PctTrialsDialog *self)
{
  GtkWidget *header = adw_header_bar_new(), *cancel = gtk_button_new_with_mnemonic(_("_Cancel"));
  adw_header_bar_set_show_start_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_set_show_end_title_buttons(ADW_HEADER_BAR(header), FALSE);
  self->apply = gtk_button_new_with_mnemonic(_("_Filter"));
  gtk_widget_add_css_class(self->apply, "suggested-action");
  g_signal_connect_object(cancel, "clicked", G_CALLBACK(gtk_window_destroy), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->apply, "clicked", G_CALLBACK(on_apply), self, G_CONNECT_SWAPPED);
  adw_header_bar_pack_start(ADW_HEADER_BAR(header), cancel);
  adw_header_bar_pack_end(ADW_HEADER_BAR(header), self->apply);
  return header;
}

static void
pct_trials_dialog_finalize(GObject *object)
{
  pct_trial_table_unref(PCT_TRIALS_DIALOG(object)->table);
  G_OBJECT_CLASS(pct_trials_dialog_parent_class)->finalize(object);
}

static void
pct_trials_dialog_class_init(PctTrialsDialogClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = pct_trials_dialog_finalize;
  gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pct_trials_dialog_init(PctTrialsDialog *self)
{
}

GtkWidget *
pct_trials_dialog_new(GtkWindow *parent, PctProject *project)
{
  PctTrialsDialog *self = g_object_new(PCT_TYPE_TRIALS_DIALOG, "transient-for", parent, "modal", TRUE, "title",
                                       _("Filter Trials"), "default-width", 560, NULL);
  self->table = pct_trial_table_ref(pct_project_get_trial_table(project));
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append(GTK_BOX(box), make_header(self));
  gtk_box_append(GTK_BOX(box), make_content(self));
  adw_window_set_content(ADW_WINDOW(self), box);
  const char *now = pct_project_get_trials(project);
  pct_trials_dialog_set_text(self, now ? now : "");
  gtk_widget_grab_focus(self->entry);
  return GTK_WIDGET(self);
}

void
pct_trials_dialog_set_text(PctTrialsDialog *self, const char *text)
{
  g_return_if_fail(PCT_IS_TRIALS_DIALOG(self));
  gtk_editable_set_text(GTK_EDITABLE(self->entry), text);
  gtk_editable_set_position(GTK_EDITABLE(self->entry), -1);
  on_changed(self);
}

const char *
pct_trials_dialog_get_answer(PctTrialsDialog *self)
{
  g_return_val_if_fail(PCT_IS_TRIALS_DIALOG(self), NULL);
  return gtk_label_get_label(GTK_LABEL(self->answer));
}
