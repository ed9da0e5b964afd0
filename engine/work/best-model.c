// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a project's models stands for its role where nobody chose one.
#include "config.h"
#include <math.h>
#include "work/project.h"

static gboolean
is_newer(PctModel *one, PctModel *other)
{
  const char *first = pct_model_get_created(one), *second = pct_model_get_created(other);
  return g_strcmp0(first, second) >= 0;
}

// One that was never validated is the last choice.
static double
get_rank(PctModel *model)
{
  double validation = pct_model_get_validation(model);
  return isnan(validation) ? -INFINITY : validation;
}

// The finished model of the role (kind NULL: of any kind) that is better than every other; of equals, and where it is
// unknown which is better, the newest, or with by_name the last in the list.
static PctModel *
find_best(GListModel *models, PctRole role, const char *kind, gboolean by_name)
{
  PctModel *best = NULL;
  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(PctModel) model = g_list_model_get_item(models, i);
    if (pct_model_get_state(model) != PCT_MODEL_FINISHED || pct_model_get_role(model) != role ||
        (kind && g_strcmp0(pct_model_get_kind_name(model), kind) != 0))
      continue;
    if (!best) {
      best = model;
      continue;
    }
    double here = get_rank(model), there = get_rank(best);
    if (here > there || (here == there && (by_name || is_newer(model, best))))
      best = model;
  }
  return best;
}

PctModel *
pct_project_find_best_model(PctProject *self, const char *kind)
{
  return find_best(pct_project_get_decoders(self), PCT_ROLE_DECODER, kind, TRUE);
}

PctModel *
pct_project_find_best_encoder(PctProject *self)
{
  return find_best(pct_project_get_models(self), PCT_ROLE_ENCODER, NULL, FALSE);
}

PctModel *
pct_project_find_newest_meis(PctProject *self)
{
  return find_best(pct_project_get_models(self), PCT_ROLE_MEI_SET, NULL, FALSE);
}
