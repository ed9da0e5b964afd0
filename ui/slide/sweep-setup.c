// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/sweep-setup.h"
#include <glib/gi18n.h>
#include <math.h>
#include "slide/sweep-modes.h"

#define MOST_STEPS 32       // of an axis: a grid of so many is all that is looked at
#define MOST_RESPONSE 1e6

typedef enum {
  NEURON,
  OTHER,
  IMAGE,
  STEPS,
  OTHER_STEPS,
  OBSERVED,
  FROM,
  TO,
  OTHER_FROM,
  OTHER_TO,
  DRAWS,
  SEED,
  RATE,
  N_FIELDS,
} Field;

struct _PctSweepSetup {
  GtkWidget parent_instance;
  GtkWidget *grid, *labels[N_FIELDS], *fields[N_FIELDS];
  gboolean setting;
};

G_DEFINE_FINAL_TYPE(PctSweepSetup, pct_sweep_setup, GTK_TYPE_WIDGET)

static guint edited_signal;

static void
set_number(PctSweepSetup *self, Field field, double value)
{
  GtkSpinButton *spin = GTK_SPIN_BUTTON(self->fields[field]);
  if (!isnan(value) && gtk_spin_button_get_value(spin) != value)
    gtk_spin_button_set_value(spin, value);
}

static double
get_number(PctSweepSetup *self, Field field)
{
  return gtk_spin_button_get_value(GTK_SPIN_BUTTON(self->fields[field]));
}

static gboolean
is_observed(PctSweepSetup *self)
{
  return gtk_check_button_get_active(GTK_CHECK_BUTTON(self->fields[OBSERVED]));
}

static void
set_visible(PctSweepSetup *self, Field field, gboolean visible)
{
  gtk_widget_set_visible(self->fields[field], visible);
  gtk_widget_set_visible(self->labels[field], visible);
}

void
pct_sweep_setup_show(PctSweepSetup *self, const PctSlideSweepRequest *request, const PctSweepRecipe *resolved,
                     gboolean has_latent, double rate)
{
  g_return_if_fail(PCT_IS_SWEEP_SETUP(self));
  const PctSweepRecipe *recipe = &request->recipe, *range = resolved ? resolved : recipe;
  const PctSweepMode *mode = &pct_sweep_modes[pct_sweep_mode_find(recipe)];
  gboolean drawn = has_latent && request->latent != PCT_SWEEP_LATENT_FIXED, grid = mode->n_neurons > 1;
  gboolean observed = isnan(recipe->from[0]);
  const gboolean visible[N_FIELDS] = {
    [NEURON] = mode->n_neurons > 0, [OTHER] = grid, [IMAGE] = mode->image, [STEPS] = mode->steps, [OTHER_STEPS] = grid,
    [OBSERVED] = mode->n_neurons > 0, [FROM] = mode->n_neurons > 0, [TO] = mode->n_neurons > 0, [OTHER_FROM] = grid,
    [OTHER_TO] = grid, [DRAWS] = drawn && request->latent == PCT_SWEEP_LATENT_AVERAGED, [SEED] = drawn, [RATE] = TRUE };
  self->setting = TRUE;
  for (int i = 0; i < N_FIELDS; i++)
    set_visible(self, i, visible[i]);
  gtk_check_button_set_active(GTK_CHECK_BUTTON(self->fields[OBSERVED]), observed);
  for (int i = FROM; i <= OTHER_TO; i++)
    gtk_widget_set_sensitive(self->fields[i], !observed);
  gtk_label_set_label(GTK_LABEL(self->labels[STEPS]), grid ? _("Rows") : _("Pictures"));
  gtk_label_set_label(GTK_LABEL(self->labels[NEURON]), grid ? _("Neuron of the rows") : _("Neuron"));
  const struct {
    Field field;
    double value;
  } numbers[] = {
    { NEURON, recipe->neurons[0] }, { OTHER, recipe->neurons[1] }, { IMAGE, MAX(recipe->image, 0) },
    { STEPS, recipe->n_steps[0] }, { OTHER_STEPS, recipe->n_steps[1] }, { FROM, range->from[0] }, { TO, range->to[0] },
    { OTHER_FROM, range->from[1] }, { OTHER_TO, range->to[1] }, { DRAWS, request->n_draws },
    { SEED, (double)request->seed }, { RATE, rate },
  };
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
    set_number(self, numbers[i].field, numbers[i].value);
  self->setting = FALSE;
}

// A field shows two decimals; a number that it was given stays whole until another is typed.
static float
get_response(PctSweepSetup *self, Field field, float held)
{
  double shown = get_number(self, field);
  return fabs(shown - held) <= 0.0051 ? held : (float)shown;
}

void
pct_sweep_setup_read(PctSweepSetup *self, PctSlideSweepRequest *request, double *rate)
{
  g_return_if_fail(PCT_IS_SWEEP_SETUP(self));
  PctSweepRecipe *recipe = &request->recipe;
  gboolean observed = is_observed(self);
  recipe->neurons[0] = (int)get_number(self, NEURON);
  recipe->neurons[1] = (int)get_number(self, OTHER);
  if (pct_sweep_modes[pct_sweep_mode_find(recipe)].image)
    recipe->image = (int)get_number(self, IMAGE);
  recipe->n_steps[0] = (int)get_number(self, STEPS);
  recipe->n_steps[1] = (int)get_number(self, OTHER_STEPS);
  recipe->from[0] = observed ? NAN : get_response(self, FROM, recipe->from[0]);
  recipe->to[0] = observed ? NAN : get_response(self, TO, recipe->to[0]);
  recipe->from[1] = observed ? NAN : get_response(self, OTHER_FROM, recipe->from[1]);
  recipe->to[1] = observed ? NAN : get_response(self, OTHER_TO, recipe->to[1]);
  request->n_draws = (int)get_number(self, DRAWS);
  request->seed = (guint64)get_number(self, SEED);
  *rate = get_number(self, RATE);
}

static void
on_edited(PctSweepSetup *self)
{
  if (!self->setting)
    g_signal_emit(self, edited_signal, 0);
}

static void
pct_sweep_setup_dispose(GObject *object)
{
  g_clear_pointer(&PCT_SWEEP_SETUP(object)->grid, gtk_widget_unparent);
  G_OBJECT_CLASS(pct_sweep_setup_parent_class)->dispose(object);
}

static void
pct_sweep_setup_class_init(PctSweepSetupClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_sweep_setup_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  edited_signal = g_signal_new("edited", PCT_TYPE_SWEEP_SETUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_sweep_setup_init(PctSweepSetup *self)
{
  self->grid = g_object_new(GTK_TYPE_GRID, "row-spacing", 6, "column-spacing", 12, NULL);
  gtk_widget_set_parent(self->grid, GTK_WIDGET(self));
}

static void
add_field(PctSweepSetup *self, Field field, const char *title, GtkWidget *widget)
{
  GtkWidget *label = gtk_label_new(title);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_grid_attach(GTK_GRID(self->grid), label, 0, (int)field, 1, 1);
  gtk_grid_attach(GTK_GRID(self->grid), widget, 1, (int)field, 1, 1);
  gtk_accessible_update_relation(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
  self->labels[field] = label;
  self->fields[field] = widget;
}

GtkWidget *
pct_sweep_setup_new(PctProject *project)
{
  PctSweepSetup *self = g_object_new(PCT_TYPE_SWEEP_SETUP, NULL);
  double last_neuron = pct_project_get_n_neurons(project) - 1, last_image = pct_project_get_n_images(project) - 1;
  const struct {
    Field field;
    const char *title;
    double low, high, step;
    int digits;
  } spins[] = {
    { NEURON, _("Neuron"), 0, last_neuron, 1, 0 },
    { OTHER, _("Neuron of the columns"), 0, last_neuron, 1, 0 },
    { IMAGE, _("To image"), 0, last_image, 1, 0 },
    { STEPS, _("Pictures"), 2, MOST_STEPS, 1, 0 },
    { OTHER_STEPS, _("Columns"), 2, MOST_STEPS, 1, 0 },
    { FROM, _("From"), -MOST_RESPONSE, MOST_RESPONSE, 0.1, 2 },
    { TO, _("To"), -MOST_RESPONSE, MOST_RESPONSE, 0.1, 2 },
    { OTHER_FROM, _("Columns from"), -MOST_RESPONSE, MOST_RESPONSE, 0.1, 2 },
    { OTHER_TO, _("Columns to"), -MOST_RESPONSE, MOST_RESPONSE, 0.1, 2 },
    { DRAWS, _("Draws of z"), 2, PCT_SWEEP_MOST_DRAWS, 1, 0 },
    { SEED, _("Seed of the draws"), 0, G_MAXINT, 1, 0 },
    { RATE, _("Pictures a second"), 1, 30, 1, 0 },
  };
  for (guint i = 0; i < G_N_ELEMENTS(spins); i++) {
    GtkWidget *spin = gtk_spin_button_new_with_range(spins[i].low, spins[i].high, spins[i].step);
    gtk_spin_button_set_digits(GTK_SPIN_BUTTON(spin), (guint)spins[i].digits);
    gtk_editable_set_width_chars(GTK_EDITABLE(spin), 7);
    add_field(self, spins[i].field, spins[i].title, spin);
    g_signal_connect_object(spin, "value-changed", G_CALLBACK(on_edited), self, G_CONNECT_SWAPPED);
  }
  add_field(self, OBSERVED, _("Range as observed"), gtk_check_button_new());
  g_signal_connect_object(self->fields[OBSERVED], "toggled", G_CALLBACK(on_edited), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}
