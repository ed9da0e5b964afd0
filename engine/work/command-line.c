// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/command-line.h"
#include <string.h>

#define PLAIN G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_./=,:+@%"

struct _PctCommandLine {
  GString *text;
};

PctCommandLine *
pct_command_line_new(const char *name)
{
  PctCommandLine *line = g_new(PctCommandLine, 1);
  line->text = g_string_new("percept-cli ");
  g_string_append(line->text, name);
  return line;
}

char *
pct_command_line_free(PctCommandLine *line)
{
  char *text = g_string_free(line->text, FALSE);
  g_free(line);
  return text;
}

static void
add_word(PctCommandLine *line, const char *word)
{
  // What needs no quotation marks is easier to read without.
  gboolean plain = *word && strspn(word, PLAIN) == strlen(word);
  g_autofree char *quoted = plain ? g_strdup(word) : g_shell_quote(word);
  g_string_append_c(line->text, ' ');
  g_string_append(line->text, quoted);
}

void
pct_command_line_add(PctCommandLine *line, ...)
{
  va_list words;
  va_start(words, line);
  for (const char *word; (word = va_arg(words, const char *));)
    add_word(line, word);
  va_end(words);
}

void
pct_command_line_add_integer(PctCommandLine *line, const char *name, gint64 value)
{
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);
  pct_command_line_add(line, name, text, NULL);
}

// Nine digits tell every float from its neighbours.
static char *
dup_float(float value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup(g_ascii_formatd(text, sizeof text, "%.9g", (double)value));
}

void
pct_command_line_add_float(PctCommandLine *line, const char *name, float value)
{
  g_autofree char *text = dup_float(value);
  // An option's value that begins with a minus must not be taken for an option.
  g_autofree char *word = g_strdup_printf("%s=%s", name, text);
  add_word(line, word);
}

void
pct_command_line_add_recording(PctCommandLine *line, const char *option, PctProject *project)
{
  const char *path = pct_project_get_path(project);
  if (option)
    add_word(line, option);
  add_word(line, path ? path : "demo");
  if (pct_project_get_trials(project))
    pct_command_line_add(line, "--trials", pct_project_get_trials(project), NULL);
}

void
pct_command_line_add_model(PctCommandLine *line, const char *option, PctModel *model)
{
  g_autofree char *folder = g_canonicalize_filename(pct_model_get_folder(model), NULL);
  pct_command_line_add(line, option, folder, NULL);
}

void
pct_command_line_add_in_hand(PctCommandLine *line, PctSlide *slide)
{
  const float *now = pct_slide_get_responses(slide), *recorded = pct_slide_get_recorded_responses(slide);
  int n = pct_project_get_n_neurons(pct_slide_get_project(slide)), n_averaged = pct_slide_get_n_averaged(slide);
  g_return_if_fail(now && recorded);
  pct_command_line_add_integer(line, "--image", pct_slide_get_image(slide));
  if (pct_slide_get_repeat(slide) != PCT_MEAN_OF_REPEATS)
    pct_command_line_add_integer(line, "--repeat", pct_slide_get_repeat(slide));
  for (int i = 0; i < n; i++)
    if (now[i] != recorded[i]) {
      g_autofree char *value = dup_float(now[i]), *setting = g_strdup_printf("%d=%s", i, value);
      pct_command_line_add(line, "--response", setting, NULL);
    }
  if (n_averaged != pct_slide_get_n_recorded(slide))
    pct_command_line_add_integer(line, "--averaged-over", n_averaged);
  if (pct_slide_get_n_latent(slide) > 0 && !pct_slide_is_latent_zero(slide)) {
    g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, pct_slide_get_latent_seed(slide));
    pct_command_line_add(line, "--z-seed", seed, NULL);
  }
}
