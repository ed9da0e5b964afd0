// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/fill-meis.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"

// A tenth, as the course's notebook has it.
#define SHARE_OF_CONTRAST 0.1

static gboolean
resolve_one(PctOptionValues *options, const char *name, double value, GError **error)
{
  if (pct_option_values_get(options, name) > 0)
    return TRUE;
  if (value > 0)
    return pct_option_values_set_number(options, name, value, error);
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
              _("The train images are all of one grey level or black: set “%s” of the most exciting inputs yourself."),
              name);
  return FALSE;
}

gboolean
pct_mei_options_resolve(PctOptionValues *options, double image_mean, double image_std, GError **error)
{
  g_return_val_if_fail(options && options->table == pct_mei_kind.options, FALSE);
  return resolve_one(options, "mean", image_mean, error) &&
         resolve_one(options, "contrast", SHARE_OF_CONTRAST * image_std, error);
}

typedef struct {
  PctMeiSet *set;
  const char *path;
  const PctRun *run;
  gint64 saved;    // monotonic time
  GError *error;   // why it could not be written
} Filling;

// Between two parts of the work, when no row is being written.
static gboolean
report(const PctProgress *progress, gpointer data)
{
  Filling *filling = data;
  gint64 now = g_get_monotonic_time();
  if (now - filling->saved >= PCT_MEIS_SAVE_SECONDS * G_USEC_PER_SEC) {
    if (!pct_mei_set_save(filling->set, filling->path, &filling->error))
      return FALSE;
    filling->saved = g_get_monotonic_time();
  }
  return pct_run_report(filling->run, progress, NULL);
}

int
pct_mei_set_count_ready(const PctMeiSet *set)
{
  int n = 0;
  for (int i = 0; i < set->n; i++)
    n += pct_mei_set_is_ready(set, i);
  return n;
}

gboolean
pct_meis_fill_file(PctMeiSet *set, const PctEncoder *encoder, const PctOptionValues *options, guint64 seed,
                   const char *path, const PctRun *run, GError **error)
{
  Filling filling = { set, path, run, g_get_monotonic_time(), NULL };
  PctRun inner = { report, &filling, pct_run_get_pool(run) };
  g_autoptr(GError) why = NULL;
  gboolean filled = pct_mei_set_fill(set, encoder, options, seed, &inner, &why);
  if (filling.error) {
    g_propagate_error(error, filling.error);
    return FALSE;
  }
  if (filled)
    return pct_mei_set_save(set, path, error);
  // What is ready is kept, if it can be; the error that is told is the first.
  if (pct_mei_set_count_ready(set) > 0)
    pct_mei_set_save(set, path, NULL);
  g_propagate_error(error, g_steal_pointer(&why));
  return FALSE;
}
