// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "neurons/fact-table.h"
#include <glib/gi18n.h>
#include <math.h>
#include "plots/number-text.h"
#include "plots/scale-bar.h"

#define MOST_PARTS 3

// One fact: some columns in a row, "212, −88, 250 µm".
typedef struct {
  const char *title;  // N_; NULL: the column's own
  int columns[MOST_PARTS], n;
} Fact;

static const Fact facts[] = {
  { NULL, { PCT_COLUMN_RELIABILITY }, 1 },
  { N_("Test corr., single trials"), { PCT_COLUMN_CORRELATION }, 1 },
  { NULL, { PCT_COLUMN_EXPLAINABLE_VARIANCE }, 1 },
  { N_("Test corr., means"), { PCT_COLUMN_CORRELATION_AVERAGED }, 1 },
  { N_("Mean response, std"), { PCT_COLUMN_MEAN, PCT_COLUMN_STD }, 2 },
  { N_("Normalised corr."), { PCT_COLUMN_CC_NORM }, 1 },
  { N_("Receptive field x, y"), { PCT_COLUMN_RF_X, PCT_COLUMN_RF_Y }, 2 },
  { NULL, { PCT_COLUMN_RF_SIZE }, 1 },
  { N_("Gabor orientation"), { PCT_COLUMN_ORIENTATION }, 1 },
  { N_("Gabor frequency"), { PCT_COLUMN_FREQUENCY }, 1 },
  { N_("Gabor size"), { PCT_COLUMN_GABOR_SIZE }, 1 },
  { N_("Gabor fit, correlation"), { PCT_COLUMN_GABOR_FIT }, 1 },
  { N_("Area, layer"), { PCT_COLUMN_AREA, PCT_COLUMN_LAYER }, 2 },
  { NULL, { PCT_COLUMN_DEPTH }, 1 },
  { N_("Position in cortex"), { PCT_COLUMN_X, PCT_COLUMN_Y, PCT_COLUMN_Z }, 3 },
  { NULL, { PCT_COLUMN_UNIT_ID }, 1 },
};

struct _PctFactTable {
  GtkWidget parent_instance;
  GtkWidget *grid, *values[G_N_ELEMENTS(facts)];
  PctNeurons *neurons;
};

G_DEFINE_FINAL_TYPE(PctFactTable, pct_fact_table, GTK_TYPE_WIDGET)

static void
add_second(GString *text, const char *unit, const char *second)
{
  // A line may end between the two, not within one of them.
  g_autofree char *spaced = g_strdup_printf(" %s", unit), *kept = g_strdup_printf("\u00a0%s", unit);
  g_string_replace(text, spaced, kept, 0);
  g_string_append_printf(text, ", %s", second);
  g_string_replace(text, "/", "/\u2060", 0);
}

// Lengths on the image in degrees beside pixels, where the recording knows how many a pixel covers.
static void
add_degrees(PctFactTable *self, GString *text, PctNeuronColumn column, double value)
{
  double degrees = pct_project_get_degrees_per_pixel(pct_neurons_get_project(self->neurons));
  if (isnan(degrees) || !isfinite(value))
    return;
  if (column == PCT_COLUMN_RF_SIZE || column == PCT_COLUMN_GABOR_SIZE) {
    g_autofree char *wide = pct_degrees_text(value, degrees);
    add_second(text, pct_column_get_unit(column), wide);
  } else if (column == PCT_COLUMN_FREQUENCY) {
    g_autofree char *frequency = pct_number_text(value / degrees, 3);
    // Translators: cycles a degree of the visual field; the space does not break.
    g_autofree char *second = g_strdup_printf(_("%s c/°"), frequency);
    add_second(text, pct_column_get_unit(column), second);
  }
}

static char *
format_fact(PctFactTable *self, const Fact *fact, int neuron)
{
  GString *text = g_string_new(NULL);
  gboolean known = FALSE;
  for (int i = 0; i < fact->n; i++) {
    PctNeuronColumn column = (PctNeuronColumn)fact->columns[i];
    double value = neuron >= 0 ? pct_neurons_get_value(self->neurons, column, neuron) : NAN;
    if (column == PCT_COLUMN_Z && isnan(value))  // a recording of a plane
      continue;
    g_autofree char *part = neuron >= 0 ? pct_neurons_format(self->neurons, column, neuron) : g_strdup("–");
    known |= isfinite(value);
    g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", part);
  }
  const char *unit = pct_column_get_unit((PctNeuronColumn)fact->columns[0]);
  if (!known)
    g_string_assign(text, "–");
  else if (*unit)
    g_string_append_printf(text, g_str_equal(unit, "°") ? "%s" : " %s", unit);
  if (known)
    add_degrees(self, text, (PctNeuronColumn)fact->columns[0],
                pct_neurons_get_value(self->neurons, (PctNeuronColumn)fact->columns[0], neuron));
  return g_string_free(text, FALSE);
}

void
pct_fact_table_show(PctFactTable *self, int neuron)
{
  g_return_if_fail(PCT_IS_FACT_TABLE(self));
  for (guint i = 0; i < G_N_ELEMENTS(facts); i++) {
    g_autofree char *text = format_fact(self, &facts[i], neuron);
    gtk_label_set_label(GTK_LABEL(self->values[i]), text);
  }
}

static void
pct_fact_table_dispose(GObject *object)
{
  PctFactTable *self = PCT_FACT_TABLE(object);
  g_clear_pointer(&self->grid, gtk_widget_unparent);
  g_clear_object(&self->neurons);
  G_OBJECT_CLASS(pct_fact_table_parent_class)->dispose(object);
}

static void
pct_fact_table_class_init(PctFactTableClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_fact_table_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_fact_table_init(PctFactTable *self)
{
  self->grid = gtk_grid_new();
  gtk_grid_set_column_spacing(GTK_GRID(self->grid), 10);
  gtk_grid_set_row_spacing(GTK_GRID(self->grid), 4);
  gtk_widget_set_parent(self->grid, GTK_WIDGET(self));
  for (guint i = 0; i < G_N_ELEMENTS(facts); i++) {
    PctNeuronColumn column = (PctNeuronColumn)facts[i].columns[0];
    GtkWidget *title = gtk_label_new(facts[i].title ? _(facts[i].title) : pct_column_get_title(column));
    GtkWidget *value = self->values[i] = gtk_label_new("–");
    int at = (int)i % 2 * 2, row = (int)i / 2 * 2;
    gtk_label_set_xalign(GTK_LABEL(title), 0);
    gtk_label_set_wrap(GTK_LABEL(title), TRUE);
    // Both wrap, neither is cut: three coordinates take two lines before they take the room of the words.
    gtk_label_set_wrap(GTK_LABEL(value), TRUE);
    gtk_label_set_justify(GTK_LABEL(value), GTK_JUSTIFY_RIGHT);
    gtk_label_set_xalign(GTK_LABEL(value), 1);
    gtk_widget_set_hexpand(title, TRUE);
    gtk_widget_add_css_class(title, "small");
    gtk_widget_add_css_class(title, "dim-label");
    gtk_widget_add_css_class(value, "small");
    gtk_widget_add_css_class(value, "numeric");
    gtk_widget_set_margin_start(title, at > 0 ? 12 : 0);
    gtk_widget_set_tooltip_text(title, pct_column_get_help(column));
    gtk_grid_attach(GTK_GRID(self->grid), title, at, row, 1, 1);
    gtk_grid_attach(GTK_GRID(self->grid), value, at + 1, row, 1, 1);
    if (at == 0 && row > 0)
      gtk_grid_attach(GTK_GRID(self->grid), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL), 0, row - 1, 4, 1);
  }
}

static gboolean
can_be_known(PctFactTable *self, const Fact *fact)
{
  for (int i = 0; i < fact->n; i++)
    if (!(PCT_COLUMN_BIT(fact->columns[i]) & PCT_COLUMNS_OPTIONAL) ||
        pct_neurons_get_column(self->neurons, (PctNeuronColumn)fact->columns[i]))
      return TRUE;
  return FALSE;
}

// A line of facts none of which this recording can ever tell takes no room.
static void
hide_lines(PctFactTable *self)
{
  for (guint i = 0; i + 1 < G_N_ELEMENTS(facts); i += 2)
    for (int column = 0; column < 4 && !can_be_known(self, &facts[i]) && !can_be_known(self, &facts[i + 1]); column++)
      for (int row = MAX((int)i - 1, 0); row <= (int)i; row++) {
        GtkWidget *child = gtk_grid_get_child_at(GTK_GRID(self->grid), column, row);
        if (child)
          gtk_widget_set_visible(child, FALSE);
      }
}

GtkWidget *
pct_fact_table_new(PctNeurons *neurons)
{
  PctFactTable *self = g_object_new(PCT_TYPE_FACT_TABLE, NULL);
  self->neurons = g_object_ref(neurons);
  hide_lines(self);
  return GTK_WIDGET(self);
}
