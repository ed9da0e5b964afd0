// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/training-sources.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"

char *
pct_training_sources_dup_missing(PctKind *kind, PctModelNeeds which)
{
  return g_strdup_printf(which == PCT_NEEDS_ENCODER
                           ? _("“%s” needs a trained encoder, and there is none yet: train “gaussian” first, here or by "
                               "“percept-cli train gaussian”.")
                           : _("“%s” needs most exciting inputs, and there are none yet: train “mei” first, here or by "
                               "“percept-cli train mei”."),
                         pct_kind_get_title(kind));
}

static gboolean
find_one(PctModel **found, PctProject *project, PctKind *kind, PctModelNeeds which, PctModel *wanted, PctModel *resume,
         GError **error)
{
  gboolean encodes = which == PCT_NEEDS_ENCODER;
  const char *begun_with = !resume ? NULL : encodes ? pct_model_get_encoder_name(resume) : pct_model_get_meis_name(resume);
  PctModel *source = resume    ? pct_project_find_model(project, begun_with)
                     : wanted  ? wanted
                     : encodes ? pct_project_find_best_encoder(project)
                               : pct_project_find_newest_meis(project);
  if (source && pct_model_get_role(source) == (encodes ? PCT_ROLE_ENCODER : PCT_ROLE_MEI_SET) &&
      pct_model_get_state(source) == PCT_MODEL_FINISHED) {
    *found = source;
    return TRUE;
  }
  g_autofree char *missing = pct_training_sources_dup_missing(kind, which);
  if (resume)
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                encodes ? _("The encoder “%s” that “%s” was begun with is not here any more.")
                        : _("The most exciting inputs “%s” that “%s” was begun with are not here any more."),
                begun_with ? begun_with : "", pct_model_get_name(resume));
  else
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, missing);
  return FALSE;
}

gboolean
pct_training_sources_find(PctTrainingSources *found, PctProject *project, PctKind *kind, PctModelNeeds needs,
                          const PctTrainingSources *wanted, PctModel *resume, GError **error)
{
  static const PctTrainingSources nothing;
  const PctTrainingSources *chosen = wanted && !resume ? wanted : &nothing;
  *found = nothing;
  found->photographs = resume ? pct_model_get_photographs(resume) : chosen->photographs;
  return (!(needs & PCT_NEEDS_ENCODER) ||
          find_one(&found->encoder, project, kind, PCT_NEEDS_ENCODER, chosen->encoder, resume, error)) &&
         (!(needs & PCT_NEEDS_MEIS) ||
          find_one(&found->meis, project, kind, PCT_NEEDS_MEIS, chosen->meis, resume, error));
}
