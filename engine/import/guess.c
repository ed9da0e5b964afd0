// SPDX-License-Identifier: GPL-3.0-or-later
// Known layouts first; what they leave open is found by name, by sizes that agree with what is found already, and by
// values. Nothing is assigned against a size that contradicts it.
#include "config.h"
#include "import/guess.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "import/guess-private.h"
#include "import/tiers.h"

#define MOST_VALUES ((gsize)1 << 20)  // of a vector that is read to be looked at
#define LEAST_SIDE 8                  // of images that nothing calls images

void
pct_import_guess_free(PctImportGuess *guess)
{
  if (!guess)
    return;
  pct_import_plan_free(guess->plan);
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++)
    g_free(guess->reasons[i]);
  g_ptr_array_unref(guess->missing);
  g_free(guess);
}

gboolean
pct_guesser_has(const PctGuesser *guesser, PctImportRole role)
{
  return guesser->guess->plan->roles[role].array != NULL;
}

// What was deconvolved has had its neuropil subtracted.
static gboolean
takes_neuropil(const PctImportPlan *plan)
{
  const char *traces = plan->roles[PCT_ROLE_TRACES].array;
  return traces && !strstr(traces, "spks") && !strstr(traces, "deconv") && !strstr(traces, "events");
}

// "1khw" and "khw1" say the same as "khw".
static gboolean
same_axes(const char *axes, const char *wanted)
{
  for (; *axes; axes++)
    if (*axes != '1' && *axes != *wanted++)
      return FALSE;
  return *wanted == 0;
}

gboolean
pct_guesser_assign(PctGuesser *guesser, PctImportRole role, const PctCatalogueEntry *entry, const char *axes,
                   char *reason)
{
  PctImportPlan *plan = guesser->guess->plan;
  g_autoptr(GPtrArray) list = pct_import_list_axes(guesser->catalogue, plan, role, entry->name);
  const char *chosen = NULL;
  for (guint i = 0; axes && !chosen && i < list->len; i++)
    chosen = same_axes(list->pdata[i], axes) ? list->pdata[i] : NULL;
  if (list->len == 0 || (role == PCT_ROLE_NEUROPIL && !takes_neuropil(plan))) {
    g_free(reason);
    return FALSE;
  }
  pct_import_plan_assign(plan, role, entry->name, chosen ? chosen : list->pdata[0]);
  g_free(guesser->guess->reasons[role]);
  guesser->guess->reasons[role] = reason;
  return TRUE;
}

static gboolean
is_text(const PctForeignArray *array)
{
  return array->kind == PCT_NPY_UNICODE || array->kind == PCT_NPY_BYTES;
}

static gsize
count_items(const PctForeignArray *array, guint *n_long)
{
  gsize n = 1;
  *n_long = 0;
  for (guint d = 0; d < array->n_dims; d++) {
    if (!g_size_checked_mul(&n, n, array->shape[d]))
      return G_MAXSIZE;
    *n_long += array->shape[d] > 1;
  }
  return n;
}

double *
pct_guesser_read_vector(const PctCatalogueEntry *entry, gsize *n)
{
  guint n_long;
  *n = count_items(entry->array, &n_long);
  if (n_long > 1 || *n == 0 || *n > MOST_VALUES || is_text(entry->array))
    return NULL;
  g_autoptr(PctNpyArray) read = pct_catalogue_read(entry, NULL);
  return read && read->n_items == *n ? pct_npy_array_dup_doubles(read, entry->name, NULL) : NULL;
}

static gboolean
is_taken(const PctGuesser *guesser, const PctCatalogueEntry *entry)
{
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++)
    if (g_strcmp0(guesser->guess->plan->roles[i].array, entry->name) == 0)
      return TRUE;
  return FALSE;
}

// Whether values can be what the role holds; text says what they are, or is NULL.
typedef struct {
  double score;     // below 0: they cannot
  char *text;
} Judgement;

static Judgement
judge_image_numbers(const PctGuesser *guesser, const PctCatalogueEntry *entry)
{
  gsize n;
  PctRoleArray images;
  if (!pct_role_array_open(&images, guesser->catalogue, guesser->guess->plan, PCT_ROLE_IMAGES, NULL))
    return (Judgement){ -1, NULL };
  // Text beside the images, as long as they are many, are their names.
  guint n_long;
  gboolean beside = images.entry && images.entry->source == entry->source &&
                    count_items(entry->array, &n_long) == (gsize)pct_role_array_get_size(&images, 'k');
  if (is_text(entry->array))
    return (Judgement){ beside ? -1 : 0, NULL };
  g_autofree double *values = pct_guesser_read_vector(entry, &n);
  if (!values)
    return (Judgement){ -1, NULL };
  double least = INFINITY, most = -INFINITY;
  for (gsize i = 0; i < n; i++) {
    if (isnan(values[i]))
      continue;
    if (values[i] != floor(values[i]) || values[i] < -1)
      return (Judgement){ -1, NULL };
    least = MIN(least, values[i]);
    most = MAX(most, values[i]);
  }
  if (!(most > least))
    return (Judgement){ -1, NULL };
  // Which of its dimensions counts the images may still be seen by these numbers.
  gboolean fits = FALSE;
  double largest = 0;
  for (guint d = 0; images.entry && d < images.entry->array->n_dims; d++) {
    double size = (double)images.entry->array->shape[d];
    largest = MAX(largest, size);
    fits |= most >= size - 1 && most <= size + 1;
  }
  if (images.entry && most > largest + 1)
    return (Judgement){ -2, NULL };
  return (Judgement){ fits ? 4 : 1, g_strdup_printf(_("It holds whole numbers from %.0f to %.0f."), least, most) };
}

static Judgement
judge_tiers(const PctCatalogueEntry *entry)
{
  guint n_long;
  gsize n = count_items(entry->array, &n_long);
  if (!is_text(entry->array) || n_long > 1 || n > MOST_VALUES)
    return (Judgement){ 0, NULL };
  g_autoptr(PctNpyArray) read = pct_catalogue_read(entry, NULL);
  for (gsize i = 0; read && i < read->n_items; i++) {
    g_autofree char *name = pct_npy_array_dup_text(read, i);
    PctTier tier;
    if (!pct_tier_from_any_name(name, &tier))
      return (Judgement){ -1, NULL };
  }
  return (Judgement){ read ? 10 : -1, g_strdup(_("It holds names of tiers.")) };
}

static gboolean
ascends(const PctCatalogueEntry *entry)
{
  gsize n;
  g_autofree double *values = pct_guesser_read_vector(entry, &n);
  for (gsize i = 1; values && i < n; i++)
    if (values[i] < values[i - 1])
      return FALSE;
  return values != NULL;
}

static Judgement
judge_values(const PctGuesser *guesser, PctImportRole role, const PctCatalogueEntry *entry)
{
  gboolean text = is_text(entry->array);
  gsize n;
  switch (role) {
  case PCT_ROLE_IMAGE_NUMBERS: return judge_image_numbers(guesser, entry);
  case PCT_ROLE_TIERS: return judge_tiers(entry);
  case PCT_ROLE_IMAGE_NAMES:
  case PCT_ROLE_AREAS: return (Judgement){ text ? 2 : -1, NULL };
  case PCT_ROLE_LAYERS: return (Judgement){ 0, NULL };
  case PCT_ROLE_SPIKE_ENDS:
  case PCT_ROLE_BEHAVIOUR_TIMES: return (Judgement){ ascends(entry) ? 1 : -1, NULL };
  case PCT_ROLE_ONSETS:
  case PCT_ROLE_OFFSETS: {
    g_autofree double *values = pct_guesser_read_vector(entry, &n);
    return (Judgement){ values ? 0 : -1, NULL };
  }
  default: return (Judgement){ text ? -1 : 0, NULL };
  }
}

// What only its shape can speak for, where no name does.
static double
judge_shape(PctImportRole role, const PctForeignArray *array, const char *axes)
{
  gsize least = G_MAXSIZE;
  for (guint d = 0; d < array->n_dims; d++)
    if (strchr("hwtmf", axes[d]))
      least = MIN(least, array->shape[d]);
  switch (role) {
  case PCT_ROLE_IMAGES: return least >= LEAST_SIDE ? 2 : -1;
  case PCT_ROLE_RESPONSES: return least >= 2 && !strchr(axes, 'r') ? 1 : -1;
  default: return -1;
  }
}

static gboolean
may_be_nameless(PctImportRole role)
{
  return role == PCT_ROLE_IMAGES || role == PCT_ROLE_RESPONSES || role == PCT_ROLE_IMAGE_NUMBERS ||
         role == PCT_ROLE_TIERS;
}

// Images of odd proportions contradict nothing; and what is called the responses is believed before smaller things.
static gboolean
may_contradict(PctImportRole role, int name)
{
  return role == PCT_ROLE_IMAGES || (name > 0 && (role == PCT_ROLE_RESPONSES || role == PCT_ROLE_TRACES));
}

typedef struct {
  const PctCatalogueEntry *entry;
  double score;
  char *axes, *reason;
} Choice;

static char *
make_reason(int name, const char *agrees, gsize size, char letter, const char *value_text)
{
  GString *text = g_string_new(NULL);
  if (name > 0)
    g_string_append(text, _("Its name says so."));
  if (agrees) {
    g_string_append_printf(text, "%s", text->len ? " " : "");
    g_string_append_printf(text, _("It has as many %s as “%s”: %zu."), pct_import_axis_get_title(letter), agrees, size);
  }
  if (value_text)
    g_string_append_printf(text, "%s%s", text->len ? " " : "", value_text);
  if (text->len == 0)
    g_string_append(text, _("Its shape is that of one, and nothing fits better."));
  return g_string_free(text, FALSE);
}

static void
consider(const PctGuesser *guesser, PctImportRole role, const PctCatalogueEntry *entry, Choice *best)
{
  int name = pct_guess_score_name(role, entry->array->name[0] ? entry->array->name : entry->name);
  if (name == 0 && !may_be_nameless(role))
    return;
  g_autoptr(GPtrArray) list = pct_import_list_axes(guesser->catalogue, guesser->guess->plan, role, entry->name);
  if (list->len == 0)
    return;
  const char *axes = list->pdata[0], *agrees;
  gsize size = 0;
  char letter = 0;
  double agreement = pct_axes_score(guesser->catalogue, guesser->guess->plan, role, entry->array, axes, &agrees, &size,
                                    &letter);
  double shape = name == 0 && role != PCT_ROLE_TIERS && role != PCT_ROLE_IMAGE_NUMBERS
                   ? judge_shape(role, entry->array, axes) : 0;
  if (shape < 0 || (agreement < 0 && !may_contradict(role, name)))
    return;
  Judgement judgement = judge_values(guesser, role, entry);
  double score = name + agreement + shape + judgement.score;
  // A vector of numbers without a name is the images' only if its length says so, too.
  gboolean vague = name == 0 && role == PCT_ROLE_IMAGE_NUMBERS && !(agrees && judgement.score >= 4);
  gboolean empty = name == 0 && role == PCT_ROLE_TIERS && judgement.score <= 0;
  if (judgement.score >= 0 && !vague && !empty && (!best->entry || score > best->score)) {
    g_free(best->axes);
    g_free(best->reason);
    *best = (Choice){ entry, score, g_strdup(axes), make_reason(name, agrees, size, letter, judgement.text) };
  }
  g_free(judgement.text);
}

static void
guess_role(PctGuesser *guesser, PctImportRole role)
{
  Choice best = { 0 };
  if (pct_guesser_has(guesser, role))
    return;
  for (guint i = 0; i < guesser->catalogue->entries->len && !guesser->stopped; i++) {
    const PctCatalogueEntry *entry = guesser->catalogue->entries->pdata[i];
    if (!is_taken(guesser, entry))
      consider(guesser, role, entry, &best);
    if (i % 64 == 0)
      pct_run_step(guesser->run, 0, 0, &guesser->stopped);
  }
  if (best.entry)
    pct_guesser_assign(guesser, role, best.entry, best.axes, g_steal_pointer(&best.reason));
  g_free(best.axes);
  g_free(best.reason);
}

static void
forget(PctGuesser *guesser, PctImportRole role)
{
  pct_import_plan_assign(guesser->guess->plan, role, NULL, NULL);
  g_clear_pointer(&guesser->guess->reasons[role], g_free);
}

// One way to responses is enough: as they are, else from traces with their times, else from spikes.
static void
guess_answers(PctGuesser *guesser)
{
  if (pct_guesser_has(guesser, PCT_ROLE_RESPONSES) || pct_guesser_has(guesser, PCT_ROLE_TRACES) ||
      pct_guesser_has(guesser, PCT_ROLE_SPIKE_TIMES))
    return;
  guess_role(guesser, PCT_ROLE_SPIKE_TIMES);
  guess_role(guesser, PCT_ROLE_SPIKE_ENDS);
  if (pct_guesser_has(guesser, PCT_ROLE_SPIKE_TIMES) && pct_guesser_has(guesser, PCT_ROLE_SPIKE_ENDS))
    return;
  forget(guesser, PCT_ROLE_SPIKE_TIMES);
  forget(guesser, PCT_ROLE_SPIKE_ENDS);
  guess_role(guesser, PCT_ROLE_RESPONSES);
  const char *array = guesser->guess->plan->roles[PCT_ROLE_RESPONSES].array;
  gboolean named = array && pct_guess_score_name(PCT_ROLE_RESPONSES, array) > 0;
  if (named)
    return;
  // Something two-dimensional that is called a trace is one.
  g_autofree char *axes = g_strdup(guesser->guess->plan->roles[PCT_ROLE_RESPONSES].axes), *kept = g_strdup(array);
  char *reason = g_strdup(guesser->guess->reasons[PCT_ROLE_RESPONSES]);
  forget(guesser, PCT_ROLE_RESPONSES);
  guess_role(guesser, PCT_ROLE_TRACES);
  if (!pct_guesser_has(guesser, PCT_ROLE_TRACES) && kept)
    pct_guesser_assign(guesser, PCT_ROLE_RESPONSES, pct_catalogue_find(guesser->catalogue, kept), axes, reason);
  else
    g_free(reason);
}

// What was found before the responses and is of another size than they are is something else.
static void
drop_contradictions(PctGuesser *guesser)
{
  const PctImportPlan *plan = guesser->guess->plan;
  for (int i = 0; i < PCT_N_IMPORT_ROLES; i++) {
    PctRoleArray array;
    const char *agrees;
    gsize size;
    char letter;
    if (!plan->roles[i].array || i <= PCT_ROLE_SPIKE_ENDS || i == PCT_ROLE_IMAGES ||
        !pct_role_array_open(&array, guesser->catalogue, plan, (PctImportRole)i, NULL))
      continue;
    if (pct_axes_score(guesser->catalogue, plan, (PctImportRole)i, array.entry->array, array.axes, &agrees, &size,
                       &letter) < 0)
      forget(guesser, (PctImportRole)i);
  }
}

// An array's best axes may change with what was found after it.
static void
turn_again(PctGuesser *guesser, PctImportRole role)
{
  PctImportPlan *plan = guesser->guess->plan;
  if (!plan->roles[role].array)
    return;
  g_autofree char *array = g_strdup(plan->roles[role].array);
  g_autoptr(GPtrArray) list = pct_import_list_axes(guesser->catalogue, plan, role, array);
  if (list->len > 0)
    pct_import_plan_assign(plan, role, array, list->pdata[0]);
}

// Responses whose axes only their shape has chosen, and no list of as many trials: turned, there may be one.
static void
turn_for_numbers(PctGuesser *guesser)
{
  const PctImportPlan *plan = guesser->guess->plan;
  if (!plan->roles[PCT_ROLE_RESPONSES].array || pct_guesser_has(guesser, PCT_ROLE_IMAGE_NUMBERS))
    return;
  g_autofree char *array = g_strdup(plan->roles[PCT_ROLE_RESPONSES].array);
  g_autofree char *kept = g_strdup(plan->roles[PCT_ROLE_RESPONSES].axes);
  g_autofree char *reason = g_strdup(guesser->guess->reasons[PCT_ROLE_RESPONSES]);
  const PctCatalogueEntry *entry = pct_catalogue_find(guesser->catalogue, array);
  g_autoptr(GPtrArray) list = pct_import_list_axes(guesser->catalogue, plan, PCT_ROLE_RESPONSES, array);
  for (guint i = 0; i < list->len; i++) {
    if (g_strcmp0(list->pdata[i], kept) == 0 ||
        !pct_guesser_assign(guesser, PCT_ROLE_RESPONSES, entry, list->pdata[i],
                            g_strdup(_("Lying so, it has as many trials as there are image numbers."))))
      continue;
    guess_role(guesser, PCT_ROLE_IMAGE_NUMBERS);
    if (pct_guesser_has(guesser, PCT_ROLE_IMAGE_NUMBERS))
      return;
  }
  pct_guesser_assign(guesser, PCT_ROLE_RESPONSES, entry, kept, g_steal_pointer(&reason));
}

// Times of what was measured at times of its own: beside it ("…/data", "…/timestamps"), or those of the frames. Without
// any, it says nothing.
static void
settle_behaviour(PctGuesser *guesser, PctImportRole role)
{
  PctImportPlan *plan = guesser->guess->plan;
  PctRoleArray measure, frames;
  if (pct_guesser_has(guesser, PCT_ROLE_BEHAVIOUR_TIMES) || !plan->roles[role].array ||
      !pct_role_array_open(&measure, guesser->catalogue, plan, role, NULL) || measure.form[0] != 'b' ||
      !pct_role_array_open(&frames, guesser->catalogue, plan, PCT_ROLE_FRAME_TIMES, NULL))
    return;
  g_autofree char *folder = g_path_get_dirname(measure.entry->name);
  g_autofree char *beside = g_strconcat(folder, "/timestamps", NULL);
  const PctCatalogueEntry *times = pct_catalogue_find(guesser->catalogue, beside);
  if (!times && frames.entry && pct_role_array_get_size(&frames, 'f') == pct_role_array_get_size(&measure, 'b'))
    times = frames.entry;
  if (!times || !pct_guesser_assign(guesser, PCT_ROLE_BEHAVIOUR_TIMES, times, "b",
                                    g_strdup_printf(_("“%s” was measured at these times."), measure.entry->name)))
    forget(guesser, role);
}

PctImportGuess *
pct_import_guess(const PctCatalogue *catalogue, const PctRun *run, GError **error)
{
  // Lists of trials, neurons and frames come first: by their lengths one sees how the responses lie.
  static const PctImportRole first[] = { PCT_ROLE_IMAGES, PCT_ROLE_IMAGE_NUMBERS, PCT_ROLE_TIERS, PCT_ROLE_ONSETS,
                                         PCT_ROLE_POSITIONS, PCT_ROLE_UNIT_IDS, PCT_ROLE_FRAME_TIMES };
  static const PctImportRole later[] = {
    PCT_ROLE_IMAGE_NUMBERS, PCT_ROLE_ONSETS, PCT_ROLE_OFFSETS, PCT_ROLE_TIERS, PCT_ROLE_IMAGE_NAMES,
    PCT_ROLE_NEUROPIL, PCT_ROLE_FRAME_TIMES, PCT_ROLE_CELLS, PCT_ROLE_PUPIL_POSITION, PCT_ROLE_BEHAVIOUR_TIMES,
    PCT_ROLE_SPEED, PCT_ROLE_PUPIL_SIZE, PCT_ROLE_UNIT_IDS, PCT_ROLE_POSITIONS, PCT_ROLE_AREAS, PCT_ROLE_LAYERS,
    PCT_ROLE_DEPTHS,
  };
  g_return_val_if_fail(catalogue, NULL);
  g_autoptr(PctImportGuess) guess = g_new0(PctImportGuess, 1);
  PctGuesser guesser = { catalogue, guess, run, NULL };
  guess->plan = pct_import_plan_new();
  guess->missing = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < catalogue->sources->len; i++)
    g_ptr_array_add(guess->plan->paths, g_strdup(((PctArraySource *)catalogue->sources->pdata[i])->path));
  pct_guess_known_layout(&guesser);
  for (guint i = 0; i < G_N_ELEMENTS(first); i++)
    guess_role(&guesser, first[i]);
  guess_answers(&guesser);
  if (!guess->layout)
    drop_contradictions(&guesser);
  gboolean traces = pct_guesser_has(&guesser, PCT_ROLE_TRACES);
  if (!traces)
    forget(&guesser, PCT_ROLE_FRAME_TIMES);
  for (guint i = 0; i < G_N_ELEMENTS(later); i++) {
    gboolean of_traces = later[i] == PCT_ROLE_NEUROPIL || later[i] == PCT_ROLE_FRAME_TIMES;
    if (!of_traces || traces)
      guess_role(&guesser, later[i]);
    if (later[i] == PCT_ROLE_IMAGE_NUMBERS && !guess->layout)
      turn_for_numbers(&guesser);
  }
  if (guesser.stopped) {
    g_propagate_error(error, guesser.stopped);
    return NULL;
  }
  settle_behaviour(&guesser, PCT_ROLE_SPEED);
  settle_behaviour(&guesser, PCT_ROLE_PUPIL_SIZE);
  settle_behaviour(&guesser, PCT_ROLE_PUPIL_POSITION);
  if (!guess->layout) {
    turn_again(&guesser, PCT_ROLE_IMAGES);
    turn_again(&guesser, PCT_ROLE_RESPONSES);
    turn_again(&guesser, PCT_ROLE_TRACES);
    turn_again(&guesser, PCT_ROLE_TIERS);
  }
  pct_guess_list_missing(&guesser);
  return g_steal_pointer(&guess);
}
