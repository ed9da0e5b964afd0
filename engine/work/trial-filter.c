// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/trial-filter.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "data/recording-hash.h"
#include "data/recording-subset.h"
#include "work/filter-parser.h"

struct _PctTrialTable {
  gatomicrefcount references;
  int n;
  double *values[PCT_N_TRIAL_VARIABLES];
  guint8 *tiers;  // (N,)
};

static const struct {
  const char *name, *help;
} variables[PCT_N_TRIAL_VARIABLES] = {
  [PCT_TRIAL_SPEED] = { "speed", N_("How fast the animal ran, in cm/s or the recording’s own unit.") },
  [PCT_TRIAL_PUPIL] = { "pupil", N_("How wide the pupil was, in the recording’s own unit.") },
  [PCT_TRIAL_PUPIL_X] = { "pupil_x", N_("Where the pupil was, first coordinate.") },
  [PCT_TRIAL_PUPIL_Y] = { "pupil_y", N_("Where the pupil was, second coordinate.") },
  [PCT_TRIAL_TIME] = { "time", N_("When the trial began, in seconds.") },
  [PCT_TRIAL_NUMBER] = { "trial", N_("The trial’s place in the recording, counted from 0.") },
  [PCT_TRIAL_REPEAT] = { "repeat", N_("Which showing of its image the trial is, counted from 0.") },
};

const char *
pct_trial_variable_get_name(PctTrialVariable variable)
{
  return variables[variable].name;
}

const char *
pct_trial_variable_get_help(PctTrialVariable variable)
{
  return _(variables[variable].help);
}

// values (N, columns) of which one; NULL: the recording has none, and where all are unknown there are none either.
static double *
copy_known(const float *values, int columns, int column, int n)
{
  gboolean known = FALSE;
  double *copy = values ? g_new(double, n) : NULL;
  for (int i = 0; copy && i < n; i++) {
    copy[i] = values[i * columns + column];
    known |= !isnan(copy[i]);
  }
  if (!known)
    g_clear_pointer(&copy, g_free);
  return copy;
}

static double *
number_repeats(const PctRecording *recording)
{
  int n = pct_recording_get_n_trials(recording);
  const gint32 *given = pct_recording_get_data(recording)->trial_repeat;
  g_autofree int *seen = g_new0(int, pct_recording_get_n_images(recording));
  double *repeats = g_new(double, n);
  for (int i = 0; i < n; i++)
    repeats[i] = given ? given[i] : seen[pct_recording_get_trial_image(recording, i)]++;
  return repeats;
}

PctTrialTable *
pct_trial_table_new(const PctRecording *recording)
{
  PctTrialTable *self = g_new0(PctTrialTable, 1);
  int n = self->n = pct_recording_get_n_trials(recording);
  g_atomic_ref_count_init(&self->references);
  self->values[PCT_TRIAL_SPEED] = copy_known(pct_recording_get_running_speed(recording), 1, 0, n);
  self->values[PCT_TRIAL_PUPIL] = copy_known(pct_recording_get_pupil_size(recording), 1, 0, n);
  self->values[PCT_TRIAL_PUPIL_X] = copy_known(pct_recording_get_pupil_position(recording), 2, 0, n);
  self->values[PCT_TRIAL_PUPIL_Y] = copy_known(pct_recording_get_pupil_position(recording), 2, 1, n);
  const double *times = pct_recording_get_trial_time(recording);
  self->values[PCT_TRIAL_TIME] = times ? g_memdup2(times, (gsize)n * sizeof *times) : NULL;
  self->values[PCT_TRIAL_NUMBER] = g_new(double, n);
  self->values[PCT_TRIAL_REPEAT] = number_repeats(recording);
  self->tiers = g_new(guint8, n);
  for (int i = 0; i < n; i++) {
    self->values[PCT_TRIAL_NUMBER][i] = i;
    self->tiers[i] = (guint8)pct_recording_get_trial_tier(recording, i);
  }
  return self;
}

PctTrialTable *
pct_trial_table_ref(PctTrialTable *self)
{
  g_atomic_ref_count_inc(&self->references);
  return self;
}

void
pct_trial_table_unref(PctTrialTable *self)
{
  if (!self || !g_atomic_ref_count_dec(&self->references))
    return;
  for (int i = 0; i < PCT_N_TRIAL_VARIABLES; i++)
    g_free(self->values[i]);
  g_free(self->tiers);
  g_free(self);
}

const double *
pct_trial_table_get_values(const PctTrialTable *self, PctTrialVariable variable)
{
  g_return_val_if_fail((guint)variable < PCT_N_TRIAL_VARIABLES, NULL);
  return self->values[variable];
}

// What there is to be compared, for whoever wrote another word.
static char *
list_variables(const PctTrialTable *self)
{
  GString *list = g_string_new(NULL);
  for (int i = 0; i < PCT_N_TRIAL_VARIABLES; i++)
    if (self->values[i])
      g_string_append_printf(list, "%s%s", list->len ? ", " : "", variables[i].name);
  return g_string_free(list, FALSE);
}

static gboolean
find(gconstpointer data, const char *word, PctFilterStep *step, char **why)
{
  const PctTrialTable *self = data;
  g_autofree char *known = list_variables(self);
  for (int i = 0; i < PCT_N_TRIAL_VARIABLES; i++)
    if (g_ascii_strcasecmp(word, variables[i].name) == 0) {
      if (self->values[i]) {
        *step = (PctFilterStep){ PCT_FILTER_COLUMN, i, 0 };
        return TRUE;
      }
      // Translators: the first %s is a variable such as "speed", the second a list of them.
      *why = g_strdup_printf(_("the recording has no %s; it has %s"), variables[i].name, known);
      return FALSE;
    }
  g_autofree char *shown = g_strndup(word, 24);
  *why = g_strdup_printf(_("there is no “%s” of a trial; there are %s"), shown, known);
  return FALSE;
}

PctTrialCount
pct_trial_table_count(const PctTrialTable *self)
{
  PctTrialCount count = { .n = self->n };
  for (int i = 0; i < self->n; i++)
    count.of_tier[self->tiers[i]]++;
  return count;
}

gboolean
pct_trial_table_filter(const PctTrialTable *self, const char *text, guint8 *pass, PctTrialCount *count, int *position,
                       GError **error)
{
  const PctFilterLanguage language = { N_("a variable or a number"), N_("a variable or a number, not a comparison"), find,
                                       NULL, self };
  PctFilterProgram program;
  pct_filter_program_init(&program);
  gboolean good = pct_filter_parse(&program, &language, text, position, error);
  if (good) {
    g_autofree guint8 *own = pass ? NULL : g_new(guint8, self->n);
    guint8 *out = pass ? pass : own;
    *count = (PctTrialCount){ pct_filter_program_run(&program, (const double *const *)self->values, self->n, out) };
    for (int i = 0; i < self->n; i++)
      count->of_tier[self->tiers[i]] += out[i];
  }
  pct_filter_program_clear(&program);
  return good;
}

PctRecording *
pct_trial_table_apply(const PctTrialTable *self, PctRecording *recording, const char *text, GError **error)
{
  g_return_val_if_fail(self->n == pct_recording_get_n_trials(recording), NULL);
  g_autofree char *condition = g_strstrip(g_strdup(text ? text : ""));
  if (!*condition)
    return pct_recording_ref(recording);
  PctTrialCount count;
  g_autofree guint8 *pass = g_new(guint8, self->n);
  if (!pct_trial_table_filter(self, condition, pass, &count, NULL, error))
    return NULL;
  if (count.of_tier[PCT_TIER_TRAIN] == 0) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("“%s” is met by %d of the %d trials of “%s”, none of them in the tier “train”; nothing could be "
                  "learned from them."), condition, count.n, self->n, pct_recording_get_name(recording));
    return NULL;
  }
  g_autofree int *trials = g_new(int, count.n);
  for (int i = 0, n = 0; i < self->n; i++)
    if (pass[i])
      trials[n++] = i;
  return pct_recording_filter_trials(recording, trials, count.n, condition, error);
}
