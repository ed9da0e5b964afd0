// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/neuron-search.h"
#include <glib/gi18n.h>
#include <string.h>
#include "work/neurons.h"

#define N_OFFERED 10

struct _PctNeuronSearch {
  GtkWidget parent_instance;
  GtkWidget *box, *entry, *note, *offer;
  PctProject *project;
  PctSelection *selection;
  PctSlide *slide;
  PctNeurons *neurons;
  GArray *offered;  // of int
};

G_DEFINE_FINAL_TYPE(PctNeuronSearch, pct_neuron_search, GTK_TYPE_WIDGET)

static guint pinned_signal;

static void
say(PctNeuronSearch *self, const char *note, gboolean wrong)
{
  gtk_label_set_label(GTK_LABEL(self->note), note ? note : "");
  gtk_widget_set_visible(self->note, note != NULL);
  gtk_widget_set_visible(self->offer, FALSE);
  GtkWidget *widgets[] = { self->entry, self->note };
  for (guint i = 0; i < G_N_ELEMENTS(widgets); i++)
    (wrong ? gtk_widget_add_css_class : gtk_widget_remove_css_class)(widgets[i], "error");
  if (wrong)
    gtk_widget_error_bell(self->entry);
}

// One change of the selection, however many there are.
static void
pin(PctNeuronSearch *self, const GArray *neurons)
{
  guint n;
  const int *before = pct_selection_get_neurons(self->selection, &n);
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(int));
  if (n > 0)
    g_array_append_vals(all, before, n);
  for (guint i = 0; i < neurons->len; i++) {
    int neuron = g_array_index(neurons, int, i);
    gboolean there = FALSE;
    for (guint j = 0; j < all->len; j++)
      there = there || g_array_index(all, int, j) == neuron;
    if (!there)
      g_array_append_val(all, neuron);
  }
  if (all->len > n)
    pct_selection_set_neurons(self->selection, (const int *)(gpointer)all->data, all->len);
  gtk_editable_set_text(GTK_EDITABLE(self->entry), "");
  say(self, NULL, FALSE);
  if (neurons->len > 0)
    g_signal_emit(self, pinned_signal, 0, g_array_index(neurons, int, neurons->len - 1));
}

// Numbers, apart from one another by spaces or commas. FALSE: it is something else.
static gboolean
find_by_number(PctNeuronSearch *self, const char *text)
{
  if (!*text || strspn(text, "0123456789 ,;#") != strlen(text))
    return FALSE;
  g_auto(GStrv) words = g_strsplit_set(text, " ,;#", -1);
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(int));
  int n = pct_project_get_n_neurons(self->project);
  for (int i = 0; words[i]; i++) {
    guint64 number;
    if (!*words[i])
      continue;
    if (n < 1 || !g_ascii_string_to_unsigned(words[i], 10, 0, (guint64)n - 1, &number, NULL)) {
      g_autofree char *note = g_strdup_printf(_("“%s” is no neuron: they are numbered 0 to %d."), words[i], n - 1);
      say(self, note, TRUE);
      return TRUE;
    }
    int neuron = (int)number;
    g_array_append_val(found, neuron);
  }
  pin(self, found);
  return TRUE;
}

// The first that the condition reads and that is not known of any neuron.
static gboolean
find_unknown(PctNeuronSearch *self, const PctNeuronFilter *filter, PctNeuronColumn *column)
{
  PctNeuronColumns columns = pct_neuron_filter_get_columns(filter);
  for (int i = 0; i < PCT_N_COLUMNS; i++)
    if ((columns & PCT_COLUMN_BIT(i)) && !pct_neurons_get_column(self->neurons, (PctNeuronColumn)i)) {
      *column = (PctNeuronColumn)i;
      return TRUE;
    }
  return FALSE;
}

// The strongest of many, in the responses as they are now.
static void
offer_strongest(PctNeuronSearch *self, const guint8 *pass)
{
  int n = pct_project_get_n_neurons(self->project);
  const float *values = pct_slide_get_responses(self->slide);
  if (!values)
    return;
  g_autoptr(PctResponses) responses = pct_responses_new(n, values, MAX(1, pct_slide_get_n_averaged(self->slide)));
  g_autoptr(GArray) strongest = pct_project_dup_strongest(self->project, responses, n);
  g_array_set_size(self->offered, 0);
  for (guint i = 0; i < strongest->len && self->offered->len < N_OFFERED; i++) {
    int neuron = g_array_index(strongest, PctNeuronResponse, i).neuron;
    if (pass[neuron])
      g_array_append_val(self->offered, neuron);
  }
  gtk_widget_set_visible(self->offer, self->offered->len > 0);
}

static void
find_by_condition(PctNeuronSearch *self, const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctNeuronFilter) filter = pct_neurons_new_filter(self->neurons, text, NULL, &error);
  int n = pct_neurons_get_n(self->neurons);
  g_autofree guint8 *pass = g_new0(guint8, MAX(n, 1));
  PctNeuronColumn unknown;
  if (!filter) {
    say(self, error->message, TRUE);
    return;
  }
  if (find_unknown(self, filter, &unknown)) {
    gboolean pending = pct_neurons_get_pending(self->neurons) & PCT_COLUMN_BIT(unknown);
    g_autofree char *note = g_strdup_printf(
      pending ? _("Not known yet: %s. It is being computed.")
              : _("Not known: %s. The Neurons page says how to find it."),
      pct_column_get_title(unknown));
    say(self, note, FALSE);
    return;
  }
  int n_found = pct_neurons_evaluate(self->neurons, filter, pass);
  if (n_found == 0) {
    say(self, _("No neuron meets this condition."), FALSE);
  } else if (n_found > PCT_NEURON_SEARCH_MOST) {
    g_autofree char *note = g_strdup_printf(
      ngettext("%d neuron meets this condition, too many to pin.", "%d neurons meet this condition, too many to pin.",
               (gulong)n_found), n_found);
    say(self, note, FALSE);
    offer_strongest(self, pass);
  } else {
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(int));
    for (int i = 0; i < n; i++)
      if (pass[i])
        g_array_append_val(found, i);
    pin(self, found);
  }
}

static void
on_activate(PctNeuronSearch *self)
{
  g_autofree char *text = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->entry))));
  if (*text && !find_by_number(self, text))
    find_by_condition(self, text);
}

static void
on_changed(PctNeuronSearch *self)
{
  if (*gtk_editable_get_text(GTK_EDITABLE(self->entry)))
    say(self, NULL, FALSE);
}

static void
on_offer(PctNeuronSearch *self)
{
  g_autoptr(GArray) offered = g_array_copy(self->offered);
  pin(self, offered);
}

void
pct_neuron_search_focus(PctNeuronSearch *self)
{
  g_return_if_fail(PCT_IS_NEURON_SEARCH(self));
  gtk_widget_grab_focus(self->entry);
}

void
pct_neuron_search_say(PctNeuronSearch *self, const char *note)
{
  g_return_if_fail(PCT_IS_NEURON_SEARCH(self));
  say(self, note, FALSE);
}

void
pct_neuron_search_find(PctNeuronSearch *self, const char *text)
{
  g_return_if_fail(PCT_IS_NEURON_SEARCH(self) && text);
  gtk_editable_set_text(GTK_EDITABLE(self->entry), text);
  on_activate(self);
}

const char *
pct_neuron_search_get_note(PctNeuronSearch *self)
{
  g_return_val_if_fail(PCT_IS_NEURON_SEARCH(self), NULL);
  return gtk_widget_get_visible(self->note) ? gtk_label_get_label(GTK_LABEL(self->note)) : NULL;
}

static void
pct_neuron_search_dispose(GObject *object)
{
  PctNeuronSearch *self = PCT_NEURON_SEARCH(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->neurons);
  g_clear_object(&self->slide);
  g_clear_object(&self->selection);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_neuron_search_parent_class)->dispose(object);
}

static void
pct_neuron_search_finalize(GObject *object)
{
  g_array_unref(PCT_NEURON_SEARCH(object)->offered);
  G_OBJECT_CLASS(pct_neuron_search_parent_class)->finalize(object);
}

static void
pct_neuron_search_class_init(PctNeuronSearchClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_neuron_search_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_neuron_search_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  pinned_signal = g_signal_new("pinned", PCT_TYPE_NEURON_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                               G_TYPE_INT);
}

static void
pct_neuron_search_init(PctNeuronSearch *self)
{
  self->offered = g_array_new(FALSE, FALSE, sizeof(int));
}

static GtkWidget *
make_line(PctNeuronSearch *self)
{
  self->entry = gtk_entry_new();
  gtk_entry_set_placeholder_text(GTK_ENTRY(self->entry), _("Neuron number or filter"));
  gtk_entry_set_icon_from_icon_name(GTK_ENTRY(self->entry), GTK_ENTRY_ICON_PRIMARY, "system-search-symbolic");
  gtk_widget_set_hexpand(self->entry, TRUE);
  gtk_widget_set_tooltip_text(self->entry, _("One or several numbers, or a condition as on the Neurons page, such as "
                                             "reliability > 0.5; Enter pins them"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Numbers of neurons to pin, or a condition"), -1);
  g_signal_connect_swapped(self->entry, "activate", G_CALLBACK(on_activate), self);
  g_signal_connect_swapped(self->entry, "changed", G_CALLBACK(on_changed), self);
  GtkWidget *add = gtk_button_new_from_icon_name("list-add-symbolic");
  gtk_widget_set_tooltip_text(add, _("Pin"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(add), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pin"), -1);
  g_signal_connect_swapped(add, "clicked", G_CALLBACK(on_activate), self);
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append(GTK_BOX(line), self->entry);
  gtk_box_append(GTK_BOX(line), add);
  return line;
}

GtkWidget *
pct_neuron_search_new(PctProject *project, PctSelection *selection, PctSlide *slide)
{
  PctNeuronSearch *self = g_object_new(PCT_TYPE_NEURON_SEARCH, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->slide = g_object_ref(slide);
  self->neurons = pct_neurons_dup_shared(project);
  self->note = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(self->note), TRUE);
  gtk_label_set_xalign(GTK_LABEL(self->note), 0);
  gtk_label_set_max_width_chars(GTK_LABEL(self->note), 30);
  gtk_widget_add_css_class(self->note, "caption");
  gtk_widget_set_visible(self->note, FALSE);
  self->offer = gtk_button_new_with_mnemonic(_("Pin the _Ten Strongest"));
  gtk_widget_set_tooltip_text(self->offer, _("Those of them that answer most, against their usual answer"));
  gtk_widget_set_visible(self->offer, FALSE);
  g_signal_connect_swapped(self->offer, "clicked", G_CALLBACK(on_offer), self);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append(GTK_BOX(self->box), make_line(self));
  gtk_box_append(GTK_BOX(self->box), self->note);
  gtk_box_append(GTK_BOX(self->box), self->offer);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  return GTK_WIDGET(self);
}
