// SPDX-License-Identifier: GPL-3.0-or-later
// What the Slide page shows, as commands: the picture of the responses in hand, who makes the marked region, and the card
// that is in sight. One a line.
#include "config.h"
#include <glib/gi18n.h>
#include <math.h>
#include "slide/lesion-card.h"
#include "slide/slide-page-private.h"
#include "slide/slide-panel.h"
#include "slide/sweep-card.h"
#include "work/command-line.h"

static PctCommandLine *
begin(PctSlidePage *self, const char *name, const char *option)
{
  PctCommandLine *line = pct_command_line_new(name);
  pct_command_line_add_recording(line, option, self->project);
  pct_command_line_add_model(line, "-m", pct_slide_get_model(self->slide));
  return line;
}

static char *
dup_file(PctSlidePage *self, const char *stem, const char *ending)
{
  return g_strdup_printf("%s-%d%s", stem, pct_slide_get_image(self->slide), ending);
}

static void
take(GString *text, PctCommandLine *line)
{
  g_autofree char *command = pct_command_line_free(line);
  g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", command);
}

static void
add_picture(PctSlidePage *self, GString *text)
{
  PctCommandLine *line = begin(self, "reconstruct", "-i");
  g_autofree char *file = dup_file(self, "image", ".npy");
  pct_command_line_add_in_hand(line, self->slide);
  pct_command_line_add(line, "-o", file, NULL);
  take(text, line);
}

static void
add_influence(PctSlidePage *self, GString *text)
{
  PctSlideInfluence *influence =
    pct_influence_card_get_influence(pct_slide_panel_get_influence(PCT_SLIDE_PANEL(self->panel)));
  PctInfluenceMeasure measure = pct_slide_influence_get_measure(influence);
  PctRegion region = pct_slide_influence_get_region(influence);
  if (!pct_slide_influence_get_ranking(influence, NULL) || pct_slide_influence_is_out_of_date(influence))
    return;
  PctCommandLine *line = begin(self, "contribute", NULL);
  pct_command_line_add_in_hand(line, self->slide);
  if (!pct_region_is_whole(&region) && measure != PCT_INFLUENCE_SILENCING) {
    g_autofree char *where = g_strdup_printf("%d,%d,%d,%d", region.x, region.y, region.width, region.height);
    pct_command_line_add(line, "--region", where, NULL);
  }
  pct_command_line_add(line, "--measure", pct_influence_measure_get_name(measure), NULL);
  take(text, line);
}

// "--from=0.1,-3": of a grid both.
static void
add_ends(PctCommandLine *line, const char *name, const float *ends, int n)
{
  char first[G_ASCII_DTOSTR_BUF_SIZE], second[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(first, sizeof first, "%.9g", (double)ends[0]);
  g_ascii_formatd(second, sizeof second, "%.9g", (double)ends[1]);
  g_autofree char *word = g_strdup_printf(n == 2 ? "%s=%s,%s" : "%s=%s", name, first, second);
  pct_command_line_add(line, word, NULL);
}

static void
add_numbers(PctCommandLine *line, const char *name, const int *numbers, int n)
{
  g_autofree char *word = g_strdup_printf(n == 2 ? "%d,%d" : "%d", numbers[0], numbers[1]);
  pct_command_line_add(line, name, word, NULL);
}

static void
add_recipe(PctCommandLine *line, const PctSweepRecipe *recipe)
{
  int n = recipe->kind == PCT_SWEEP_GRID ? 2 : 1;
  if (recipe->kind <= PCT_SWEEP_GRID) {
    add_numbers(line, n == 2 ? "--neurons" : "--neuron", recipe->neurons, n);
    add_ends(line, "--from", recipe->from, n);
    add_ends(line, "--to", recipe->to, n);
  }
  if (recipe->kind == PCT_SWEEP_COMPANIONS)
    pct_command_line_add(line, "--companions", NULL);
  if (recipe->kind >= PCT_SWEEP_WALK && recipe->image >= 0)
    pct_command_line_add_integer(line, "--to-image", recipe->image);
  if (recipe->kind == PCT_SWEEP_REPEATS)
    pct_command_line_add(line, "--along-repeats", NULL);
  else
    add_numbers(line, "--steps", recipe->n_steps, n);
}

static void
add_sweep(PctSlidePage *self, GString *text)
{
  PctSlideSweep *sweep = pct_sweep_card_get_sweep(PCT_SWEEP_CARD(self->sweep));
  const PctSlideSweepRequest *request = pct_slide_sweep_get_request(sweep);
  const PctSweepRecipe *recipe = pct_slide_sweep_get_recipe(sweep);
  if (!request || !recipe)
    return;
  PctCommandLine *line = begin(self, "sweep", NULL);
  g_autofree char *file = dup_file(self, "sweep", ".npy");
  pct_command_line_add_in_hand(line, self->slide);
  add_recipe(line, recipe);
  if (pct_slide_get_n_latent(self->slide) > 0 && request->latent != PCT_SWEEP_LATENT_FIXED) {
    pct_command_line_add(line, "--z", pct_sweep_latent_get_name(request->latent), NULL);
    pct_command_line_add_integer(line, "--seed", (gint64)request->seed);
    if (request->latent == PCT_SWEEP_LATENT_AVERAGED)
      pct_command_line_add_integer(line, "--draws", request->n_draws);
  }
  pct_command_line_add(line, "-o", file, NULL);
  take(text, line);
}

static void
add_lesion(PctSlidePage *self, GString *text)
{
  GtkWidget *card = gtk_stack_get_child_by_name(GTK_STACK(self->cards), "lesions");
  PctSlideLesion *lesion = pct_lesion_card_get_lesion(PCT_LESION_CARD(card));
  guint n;
  const int *order = pct_slide_lesion_get_order(lesion, &n);
  if (n == 0)
    return;
  PctCommandLine *line = begin(self, "lesion", NULL);
  g_autofree char *file = dup_file(self, "lesion", ".csv");
  g_autoptr(GString) neurons = g_string_new(NULL);
  for (guint i = 0; i < n; i++)
    g_string_append_printf(neurons, "%s%d", i > 0 ? "," : "", order[i]);
  pct_command_line_add_in_hand(line, self->slide);
  pct_command_line_add(line, "--neurons", neurons->str, NULL);
  if (pct_slide_lesion_get_others(lesion))
    pct_command_line_add(line, "--others", NULL);
  pct_command_line_add(line, "-o", file, NULL);
  take(text, line);
}

char *
pct_slide_page_dup_command(GtkWidget *page, GError **error)
{
  PctSlidePage *self = PCT_SLIDE_PAGE(page);
  const char *card = gtk_stack_get_visible_child_name(GTK_STACK(self->cards));
  const char *problem = pct_slide_get_problem(self->slide);
  if (!pct_slide_get_model(self->slide) || problem || pct_slide_get_image(self->slide) < 0) {
    const char *why = problem                            ? problem
                      : pct_slide_get_model(self->slide) ? _("No command makes this again: it is no image of the recording.")
                                                         : _("There is no decoder yet, and nothing to make again.");
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, why);
    return NULL;
  }
  GString *text = g_string_new(NULL);
  add_picture(self, text);
  add_influence(self, text);
  if (g_strcmp0(card, "sweep") == 0)
    add_sweep(self, text);
  if (g_strcmp0(card, "lesions") == 0)
    add_lesion(self, text);
  return g_string_free(text, FALSE);
}
