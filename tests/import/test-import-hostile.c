// SPDX-License-Identifier: GPL-3.0-or-later
// What does not fit is one sentence that names the arrays and the numbers; nothing comes of it.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "import/assemble.h"
#include "import/guess.h"
#include "memory-source.h"

enum { N = 20, M = 6, K = 10, F = 300 };

// The names of arrays that the plan has, and of those whose content a case changes.
typedef struct {
  float responses[N * M];
  guint8 images[K * 8 * 12];
  gint32 numbers[N + 1], tiers[N], ends[M], cells[M];
  float traces[F * M];
  double times[F + 1], onsets[N + 1], offsets[N], spikes[100];
  int n_numbers, n_onsets, n_times, n_images, n_tiers, n_cells;
  const char *const *names;  // of images, or NULL
  const char *const *shown;  // names of images in place of numbers, or NULL
  gboolean transposed;
  PctImportPlan *plan;
} Session;

static void
assign(Session *session, PctImportRole role, const char *array, const char *axes)
{
  g_autofree char *name = array ? g_strconcat("s.mat/", array, NULL) : NULL;
  pct_import_plan_assign(session->plan, role, name, axes);
}

static void
set(Session *session, const char *assignment)
{
  g_assert_true(pct_option_values_parse(session->plan->settings, assignment, NULL));
}

static Session *
make_session(gboolean traces)
{
  Session *session = g_new0(Session, 1);
  session->plan = pct_import_plan_new();
  session->n_numbers = session->n_onsets = session->n_tiers = N;
  session->n_times = F;
  session->n_images = K;
  session->n_cells = M;
  for (int i = 0; i < N * M; i++)
    session->responses[i] = (float)(i % 17);
  for (int i = 0; i < K * 8 * 12; i++)
    session->images[i] = (guint8)(i * 57 + i / 96);
  for (int i = 0; i < F * M; i++)
    session->traces[i] = (float)(i % 23);
  for (int i = 0; i <= N; i++) {
    session->numbers[i] = i % K;
    session->onsets[i] = 1 + i;
    if (i < N)
      session->offsets[i] = session->onsets[i] + .5;
  }
  for (int f = 0; f <= F; f++)
    session->times[f] = .1 * f;
  for (int s = 0; s < 100; s++)
    session->spikes[s] = .2 * s;
  for (int j = 0; j < M; j++) {
    session->ends[j] = 10 * (j + 1);
    session->cells[j] = 1;
  }
  assign(session, PCT_ROLE_IMAGES, "images", NULL);
  assign(session, PCT_ROLE_IMAGE_NUMBERS, "numbers", NULL);
  assign(session, traces ? PCT_ROLE_TRACES : PCT_ROLE_RESPONSES, traces ? "traces" : "resp", NULL);
  if (traces) {
    assign(session, PCT_ROLE_FRAME_TIMES, "times", NULL);
    assign(session, PCT_ROLE_ONSETS, "onsets", NULL);
    set(session, "window=0.5");
  }
  return session;
}

static void
session_free(Session *session)
{
  pct_import_plan_free(session->plan);
  g_free(session);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_free)

static PctCatalogue *
make_catalogue(const Session *session)
{
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
  gsize shape[] = { session->transposed ? M : N, session->transposed ? N : M };
  memory_source_add(source, "resp", PCT_NPY_FLOAT, 4, 2, shape, session->responses);
  memory_source_add_bytes(source, "images", session->images, (gsize)session->n_images, 8, 12);
  if (session->shown)
    memory_source_add_texts(source, "numbers", session->shown, (gsize)session->n_numbers);
  else
    memory_source_add_ints(source, "numbers", session->numbers, (gsize)session->n_numbers);
  if (session->names)
    memory_source_add_texts(source, "names", session->names, (gsize)session->n_images);
  memory_source_add_floats(source, "traces", session->traces, F, M);
  memory_source_add_doubles(source, "times", session->times, (gsize)session->n_times);
  memory_source_add_doubles(source, "onsets", session->onsets, (gsize)session->n_onsets);
  memory_source_add_doubles(source, "offsets", session->offsets, N);
  memory_source_add_ints(source, "tiers", session->tiers, (gsize)session->n_tiers);
  memory_source_add_doubles(source, "spikes", session->spikes, 100);
  memory_source_add_ints(source, "ends", session->ends, M);
  memory_source_add_ints(source, "cells", session->cells, (gsize)session->n_cells);
  return memory_catalogue_new(source, NULL);
}

// Every word stands in the one sentence.
static void
refuses(const Session *session, int code, const char *const *words)
{
  g_autoptr(PctCatalogue) catalogue = make_catalogue(session);
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_import_assemble(catalogue, session->plan, NULL, &error));
  g_assert_error(error, PCT_ERROR, code);
  g_test_message("%s", error->message);
  for (; *words; words++)
    g_assert_nonnull(strstr(error->message, *words));
  g_assert_null(strchr(error->message, '\n'));
}

#define REFUSES(session, code, ...) refuses(session, code, (const char *const[]){ __VA_ARGS__, NULL })

static void
test_transposed_responses(void)
{
  g_autoptr(Session) session = make_session(FALSE);
  session->transposed = TRUE;
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/resp", "6 trials", "s.mat/numbers", "20");
}

static void
test_index_past_the_end(void)
{
  g_autoptr(Session) session = make_session(FALSE);
  for (int i = 0; i < N; i++)
    session->numbers[i]++;
  session->numbers[13] = K + 1;
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/numbers", "trial 13", "image 11", "10 images", "1 to 10");
  session->numbers[13] = 1;
  set(session, "first_image=0");
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/numbers", "trial 9", "image 10", "0 to 9");
  session->numbers[9] = -7;
  REFUSES(session, PCT_ERROR_SHAPE, "trial 9", "image -7");
}

static void
test_table_one_row_short_or_long(void)
{
  g_autoptr(Session) session = make_session(FALSE);
  session->n_numbers = N - 1;
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/resp", "20 trials", "s.mat/numbers", "19");
  session->n_numbers = N + 1;
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/resp", "20 trials", "s.mat/numbers", "21");
  session->n_numbers = N;
  session->n_tiers = N - 1;
  assign(session, PCT_ROLE_TIERS, "tiers", NULL);
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/tiers", "19", "20");
  g_autoptr(Session) timed = make_session(TRUE);
  timed->n_onsets = N + 1;
  REFUSES(timed, PCT_ERROR_SHAPE, "s.mat/onsets", "21", "s.mat/numbers", "20");
}

static void
test_no_numbers(void)
{
  g_autoptr(Session) session = make_session(FALSE);
  assign(session, PCT_ROLE_IMAGE_NUMBERS, NULL, NULL);
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/resp", "20 trials", "10 images");
}

static void
test_names(void)
{
  static const char *const names[K] = { "a.png", "b.png", "c.png", "d.png", "e.png", "f.png", "g.png", "h.png", "i.png",
                                        "j.png" };
  static const char *const shown[N] = { "a", "b", "x1", "c", "x2", "d", "x3", "x4", "a", "a", "a", "a", "a", "a", "a",
                                        "a", "a", "a", "a", "a" };
  g_autoptr(Session) session = make_session(FALSE);
  session->shown = shown;
  REFUSES(session, PCT_ERROR_UNSUPPORTED, "s.mat/numbers", "names of the images");
  session->names = names;
  assign(session, PCT_ROLE_IMAGE_NAMES, "names", NULL);
  REFUSES(session, PCT_ERROR_FORMAT, "s.mat/numbers", "4 trials", "“x1”", "“x2”", "“x3”", "trial 2", "“a.png”");
  // Two images of a name that spellings share.
  static const char *const twice[K] = { "one/a.png", "two/a.png", "c", "d", "e", "f", "g", "h", "i", "j" };
  session->names = twice;
  REFUSES(session, PCT_ERROR_FORMAT, "“a”", "trial 0");
}

static void
test_frame_times_backwards(void)
{
  g_autoptr(Session) session = make_session(TRUE);
  session->times[117] = 3;
  REFUSES(session, PCT_ERROR_FORMAT, "s.mat/times", "row 117", "3 s", "11.6 s");
  session->times[117] = NAN;
  REFUSES(session, PCT_ERROR_FORMAT, "s.mat/times", "row 117");
}

static void
test_frame_counts(void)
{
  g_autoptr(Session) session = make_session(TRUE);
  session->n_times = F + 1;
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/times", "301", "s.mat/traces", "300");
  assign(session, PCT_ROLE_FRAME_TIMES, NULL, NULL);
  REFUSES(session, PCT_ERROR_UNSUPPORTED, "s.mat/traces", "frame rate");
  session->n_times = F;
  assign(session, PCT_ROLE_FRAME_TIMES, "times", NULL);
  assign(session, PCT_ROLE_ONSETS, NULL, NULL);
  REFUSES(session, PCT_ERROR_UNSUPPORTED, "s.mat/traces", "onsets");
}

// Frames stop for a while, and a window falls between; a window shorter than a frame.
static void
test_window_without_a_frame(void)
{
  g_autoptr(Session) session = make_session(TRUE);
  for (int f = 69; f < F; f++)
    session->times[f] += 2;
  REFUSES(session, PCT_ERROR_FORMAT, "s.mat/traces", "trial 6", "7 s", "7.5 s", "0.1 s apart");
  g_autoptr(Session) narrow = make_session(TRUE);
  set(narrow, "window=0.02");
  set(narrow, "delay=0.05");
  REFUSES(narrow, PCT_ERROR_FORMAT, "trial 0", "1.05 s", "1.07 s");
}

static void
test_offsets_before_onsets(void)
{
  g_autoptr(Session) session = make_session(TRUE);
  session->offsets[4] = session->onsets[4] - 1;
  assign(session, PCT_ROLE_OFFSETS, "offsets", NULL);
  set(session, "window=0");
  REFUSES(session, PCT_ERROR_FORMAT, "trial 4", "5 s", "4 s");
}

static void
test_spikes(void)
{
  g_autoptr(Session) session = make_session(TRUE);
  assign(session, PCT_ROLE_TRACES, NULL, NULL);
  assign(session, PCT_ROLE_SPIKE_TIMES, "spikes", NULL);
  REFUSES(session, PCT_ERROR_UNSUPPORTED, "s.mat/spikes");
  assign(session, PCT_ROLE_SPIKE_ENDS, "ends", NULL);
  session->ends[3] = 101;
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/ends", "neuron 3", "101", "30 to 100", "s.mat/spikes");
  session->ends[3] = 12;
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/ends", "neuron 3", "12");
  session->ends[3] = 40;
  session->spikes[7] = NAN;
  REFUSES(session, PCT_ERROR_FORMAT, "s.mat/spikes", "place 7");
  set(session, "summary=maximum");
  REFUSES(session, PCT_ERROR_UNSUPPORTED, "maximum");
}

static void
test_roles(void)
{
  g_autoptr(Session) session = make_session(FALSE);
  assign(session, PCT_ROLE_IMAGES, "resp", NULL);
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/resp", "images × height × width", "20 × 6");
  assign(session, PCT_ROLE_IMAGES, "not there", NULL);
  REFUSES(session, PCT_ERROR_FORMAT, "s.mat/not there");
  assign(session, PCT_ROLE_IMAGES, NULL, NULL);
  REFUSES(session, PCT_ERROR_UNSUPPORTED, "images");
  assign(session, PCT_ROLE_IMAGES, "images", "kh");
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/images", "10 × 8 × 12");
  assign(session, PCT_ROLE_IMAGES, "images", "khk");
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/images", "10 × 8 × 12");
  assign(session, PCT_ROLE_IMAGES, "images", "zz");
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/images", "?");
  assign(session, PCT_ROLE_IMAGES, "images", "k1w");
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/images");
  assign(session, PCT_ROLE_IMAGES, "images", "khw");
  assign(session, PCT_ROLE_RESPONSES, NULL, NULL);
  REFUSES(session, PCT_ERROR_UNSUPPORTED, "responses");
  assign(session, PCT_ROLE_RESPONSES, "resp", NULL);
  session->n_cells = M - 1;
  assign(session, PCT_ROLE_CELLS, "cells", NULL);
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/cells", "5 neurons", "s.mat/resp", "6 neurons");
  assign(session, PCT_ROLE_CELLS, NULL, NULL);
  assign(session, PCT_ROLE_UNIT_IDS, "cells", NULL);
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/cells", "5 neurons", "6");
}

static void
test_tiers(void)
{
  g_autoptr(Session) session = make_session(FALSE);
  assign(session, PCT_ROLE_TIERS, "tiers", NULL);
  session->tiers[11] = 7;
  REFUSES(session, PCT_ERROR_FORMAT, "s.mat/tiers", "7", "place 11");
  for (int i = 0; i < N; i++)
    session->tiers[i] = 2;
  REFUSES(session, PCT_ERROR_SHAPE, "s.mat/tiers", "20 trials", "train");
  assign(session, PCT_ROLE_TIERS, NULL, NULL);
  set(session, "tiers=recorded");
  REFUSES(session, PCT_ERROR_UNSUPPORTED, "tiers");
}

static void
test_all_blank(void)
{
  g_autoptr(Session) session = make_session(FALSE);
  for (int i = 0; i < N; i++)
    session->numbers[i] = -1;
  REFUSES(session, PCT_ERROR_SHAPE, "No trial", "s.mat/images");
}

// An empty array, and one whose sizes no number can hold: nothing of them is read.
static void
test_absurd_sizes(void)
{
  g_autoptr(Session) session = make_session(FALSE);
  g_autoptr(PctCatalogue) catalogue = make_catalogue(session);
  PctForeignArray *images = pct_catalogue_find(catalogue, "s.mat/images")->source->arrays->pdata[1];
  g_autoptr(GError) error = NULL;
  images->shape[1] = 0;
  g_assert_null(pct_import_assemble(catalogue, session->plan, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_clear_error(&error);
  images->shape[1] = (gsize)1 << 40;
  g_assert_null(pct_import_assemble(catalogue, session->plan, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  g_clear_error(&error);
  images->shape[1] = images->shape[2] = G_MAXINT;
  g_assert_null(pct_import_assemble(catalogue, session->plan, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_MEMORY);
}

// Axes that an array can have in a role, those of another, or letters.
static const char *
choose_axes(PctRandom *random, GPtrArray *listed)
{
  static const char *const others[] = { "tm", "mt", "khw", "t", "m", "b", "1t", "zz", "ttt", "cwhk", "xm" };
  if (listed->len > 0 && pct_random_below(random, 4) > 0)
    return listed->pdata[pct_random_below(random, listed->len)];
  return pct_random_below(random, 2) ? others[pct_random_below(random, G_N_ELEMENTS(others))] : NULL;
}

// Any role for any array under any settings: a recording or a sentence, and nothing else.
static void
test_anything(void)
{
  g_autoptr(Session) session = make_session(TRUE);
  g_autoptr(PctCatalogue) catalogue = make_catalogue(session);
  const PctOptionTable *settings = pct_import_get_settings();
  PctRandom random = pct_random(1, 1);
  int n_made = 0;
  for (int turn = 0; turn < 4000; turn++) {
    g_autoptr(PctImportPlan) plan = pct_import_plan_copy(session->plan);
    for (int r = 0; r < PCT_N_IMPORT_ROLES; r++) {
      if (pct_random_below(&random, 6) > 0)
        continue;
      const PctCatalogueEntry *entry = catalogue->entries->pdata[pct_random_below(&random, catalogue->entries->len)];
      g_autoptr(GPtrArray) listed = pct_import_list_axes(catalogue, plan, (PctImportRole)r, entry->name);
      pct_import_plan_assign(plan, (PctImportRole)r, entry->name, choose_axes(&random, listed));
    }
    for (guint s = 0; s < settings->n_options; s++) {
      const PctOption *option = &settings->options[s];
      double value = option->type == PCT_OPTION_CHOICE
                       ? pct_random_below(&random, g_strv_length((char **)option->choices))
                     : option->type == PCT_OPTION_BOOLEAN ? pct_random_below(&random, 2)
                     : option->type == PCT_OPTION_INTEGER ? pct_random_below(&random, 40)
                     : CLAMP(pct_random_normal(&random), option->minimum, option->maximum);
      if (pct_random_below(&random, 6) == 0)
        pct_option_values_set_number(plan->settings, option->name, value, NULL);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(PctImportResult) result = pct_import_assemble(catalogue, plan, NULL, &error);
    g_assert_true((result != NULL) != (error != NULL));
    n_made += result != NULL;
    if (error)
      g_assert_cmpint(error->message[strlen(error->message) - 1], ==, '.');
  }
  g_assert_cmpint(n_made, >, 100);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/import-hostile/transposed-responses", test_transposed_responses);
  g_test_add_func("/import-hostile/index-past-the-end", test_index_past_the_end);
  g_test_add_func("/import-hostile/table-one-row-short-or-long", test_table_one_row_short_or_long);
  g_test_add_func("/import-hostile/no-numbers", test_no_numbers);
  g_test_add_func("/import-hostile/names", test_names);
  g_test_add_func("/import-hostile/frame-times-backwards", test_frame_times_backwards);
  g_test_add_func("/import-hostile/frame-counts", test_frame_counts);
  g_test_add_func("/import-hostile/window-without-a-frame", test_window_without_a_frame);
  g_test_add_func("/import-hostile/offsets-before-onsets", test_offsets_before_onsets);
  g_test_add_func("/import-hostile/spikes", test_spikes);
  g_test_add_func("/import-hostile/roles", test_roles);
  g_test_add_func("/import-hostile/tiers", test_tiers);
  g_test_add_func("/import-hostile/all-blank", test_all_blank);
  g_test_add_func("/import-hostile/absurd-sizes", test_absurd_sizes);
  g_test_add_func("/import-hostile/anything", test_anything);
  return g_test_run();
}
