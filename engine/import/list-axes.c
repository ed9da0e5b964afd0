// SPDX-License-Identifier: GPL-3.0-or-later
// Along which axes an array can have a role: every order of the role's letters that its sizes allow, judged by whether
// those sizes are also those of other arrays (as many trials as the list of images has), and images by their
// proportions.
#include "config.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "import/guess-private.h"

#define MOST_DIMS 6
#define AGREEMENT 4.0

typedef struct {
  char *axes;
  double score;
  guint place;  // in the order in which they were found: the role's own order first
} Candidate;

static void
candidate_clear(gpointer data)
{
  g_free(((Candidate *)data)->axes);
}

static gboolean
letter_allows(char letter, gsize size)
{
  switch (letter) {
  case '1': return size == 1;
  case 'c': return size <= 4;
  case 'x': return size == 2 || size == 3;
  case 'p': return size <= 3;
  case 'h':
  case 'w': return size >= 2;
  default: return TRUE;
  }
}

// Gives dimension d and all later ones letters of form that are not used yet, or '1'.
static void
extend(GArray *found, const PctForeignArray *array, const char *form, char *axes, guint d)
{
  guint n_letters = (guint)strlen(form);
  guint left = 0;
  for (guint i = 0; i < n_letters; i++)
    left += memchr(axes, form[i], d) == NULL;
  if (left > array->n_dims - d)
    return;
  if (d == array->n_dims) {
    Candidate candidate = { g_strndup(axes, d), 0, found->len };
    g_array_append_val(found, candidate);
    return;
  }
  for (guint i = 0; i < n_letters; i++)
    if (!memchr(axes, form[i], d) && letter_allows(form[i], array->shape[d])) {
      axes[d] = form[i];
      extend(found, array, form, axes, d + 1);
    }
  if (array->shape[d] == 1 && left < array->n_dims - d) {
    axes[d] = '1';
    extend(found, array, form, axes, d + 1);
  }
}

// Letters of different names may count the same things: where nothing says which image a trial showed, trials are
// images.
static double
agreement_of(const PctImportPlan *plan, char mine, char other)
{
  if (mine == other)
    return AGREEMENT;
  gboolean by_order = !plan->roles[PCT_ROLE_IMAGE_NUMBERS].array;
  return by_order && ((mine == 't' && other == 'k') || (mine == 'k' && other == 't')) ? AGREEMENT / 4 : 0;
}

static gsize
size_of(const PctForeignArray *array, const char *axes, char letter)
{
  const char *at = strchr(axes, letter);
  return at ? array->shape[at - axes] : 0;
}

// Of the numbers that trials call their images by; 0: there are none to be had.
static double
find_greatest_number(const PctCatalogue *catalogue, const PctImportPlan *plan)
{
  const char *name = plan->roles[PCT_ROLE_IMAGE_NUMBERS].array;
  const PctCatalogueEntry *entry = name ? pct_catalogue_find(catalogue, name) : NULL;
  gsize n;
  g_autofree double *values = entry ? pct_guesser_read_vector(entry, &n) : NULL;
  double most = 0;
  for (gsize i = 0; values && i < n; i++)
    most = MAX(most, values[i]);
  return most;
}

// Numbers of trials go to the last image, counted from 0 or from 1, or to a blank beyond it. Landscape pictures that
// are not strips are the most likely; rows come before columns, and the images first or, in MATLAB, last.
static double
score_pictures(const PctForeignArray *array, const char *axes, double greatest)
{
  double h = (double)size_of(array, axes, 'h'), w = (double)size_of(array, axes, 'w');
  double k = (double)size_of(array, axes, 'k');
  gsize c = size_of(array, axes, 'c');
  double score = -fabs(log(w / h)) - (w < h ? 1 : 0) - (c == 1 || c == 2 ? 1 : 0);
  const char *at_h = strchr(axes, 'h'), *at_w = strchr(axes, 'w'), *at_k = strchr(axes, 'k');
  if (at_w < at_h || (at_k > at_h && at_k < at_w))
    score -= 3;
  else if (at_k > at_h)
    score -= 0.3;
  if (greatest > 0)
    score += greatest >= k - 1 && greatest <= k + 1 ? AGREEMENT : greatest > k + 1 ? -AGREEMENT : 0;
  return score;
}

double
pct_axes_score(const PctCatalogue *catalogue, const PctImportPlan *plan, PctImportRole role,
               const PctForeignArray *array, const char *axes, const char **agrees, gsize *size, char *letter)
{
  double score = role == PCT_ROLE_IMAGES ? score_pictures(array, axes, find_greatest_number(catalogue, plan)) : 0;
  // There are more frames than neurons, where nothing else tells.
  if (role == PCT_ROLE_TRACES || role == PCT_ROLE_NEUROPIL)
    score += size_of(array, axes, 'f') > size_of(array, axes, 'm') ? 0.5 : 0;
  if (strchr(axes, 'r'))
    score += size_of(array, axes, 'm') > size_of(array, axes, 'r') ? 0.5 : 0;
  *agrees = NULL;
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++) {
    PctRoleArray other;
    if ((PctImportRole)i == role || !plan->roles[i].array ||
        !pct_role_array_open(&other, catalogue, plan, (PctImportRole)i, NULL))
      continue;
    for (guint d = 0; d < array->n_dims; d++)
      for (const char *theirs = other.form; *theirs; theirs++) {
        double weight = strchr("chwxpr1", axes[d]) ? 0 : agreement_of(plan, axes[d], *theirs);
        gboolean equal = array->shape[d] == (gsize)pct_role_array_get_size(&other, *theirs);
        // That trials are images is a guess, and no contradiction where it fails.
        score += equal ? weight : weight == AGREEMENT ? -weight : 0;
        if (equal && weight > 0 && !*agrees) {
          *agrees = other.entry->name;
          *size = array->shape[d];
          *letter = axes[d];
        }
      }
  }
  return score;
}

static int
compare_candidates(gconstpointer a, gconstpointer b)
{
  const Candidate *x = a, *y = b;
  if (x->score != y->score)
    return x->score < y->score ? 1 : -1;
  return (x->place > y->place) - (x->place < y->place);
}

GPtrArray *
pct_import_list_axes(const PctCatalogue *catalogue, const PctImportPlan *plan, PctImportRole role, const char *array)
{
  g_return_val_if_fail(catalogue && plan && array, NULL);
  GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
  const PctCatalogueEntry *entry = pct_catalogue_find(catalogue, array);
  if (!entry || entry->array->n_dims > MOST_DIMS)
    return list;
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Candidate));
  g_array_set_clear_func(found, candidate_clear);
  for (const char *const *form = pct_role_get_forms(role); *form; form++) {
    char axes[MOST_DIMS];
    extend(found, entry->array, *form, axes, 0);
  }
  for (guint i = 0; i < found->len; i++) {
    Candidate *candidate = &g_array_index(found, Candidate, i);
    const char *agrees;
    gsize size;
    char letter;
    candidate->score = pct_axes_score(catalogue, plan, role, entry->array, candidate->axes, &agrees, &size, &letter);
  }
  g_array_sort(found, compare_candidates);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add(list, g_strdup(g_array_index(found, Candidate, i).axes));
  return list;
}
