// SPDX-License-Identifier: GPL-3.0-or-later
// What a model of a project is made with: chosen or the best there is, noted, and the same when it is resumed. Goes
// through every kind that needs something.
#include "project-fixture.h"
#include "model/weights-hash.h"
#include "small-options.h"
#include "work/kinds.h"
#include "work/model-private.h"
#include "work/origins.h"
#include "work/workspace.h"

// Small, and where a kind can be pretrained, pretrained.
static PctOptionValues *
make_options(PctKind *kind)
{
  PctOptionValues *values = small_options_new(pct_kind_get_options(kind));
  if (pct_option_table_has(pct_kind_get_options(kind), PCT_OPTION_PRETRAIN))
    g_assert_true(pct_option_values_set_number(values, PCT_OPTION_PRETRAIN, 1, NULL));
  return values;
}

// Kinds from first on that need something with their small options; NULL after the last. options: free.
static PctKind *
next_needy(PctProject *project, guint *next, PctOptionValues **options)
{
  GListModel *kinds = pct_project_get_kinds(project);
  for (; *next < g_list_model_get_n_items(kinds); (*next)++) {
    g_autoptr(PctKind) kind = g_list_model_get_item(kinds, *next);
    g_autoptr(PctOptionValues) values = make_options(kind);
    if (pct_kind_get_needs(kind, values) == PCT_NEEDS_NOTHING)
      continue;
    (*next)++;
    *options = g_steal_pointer(&values);
    return kind;
  }
  return NULL;
}

#define for_each_needy(project, kind, options)                                                                  \
  guint next_##kind = 0;                                                                                        \
  PctOptionValues *options = NULL;                                                                              \
  for (PctKind *kind; (pct_option_values_free(g_steal_pointer(&options)),                                       \
                       kind = next_needy(project, &next_##kind, &options));)

static void
test_none_there(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  guint tried = 0;
  for_each_needy(project, kind, options) {
    g_autoptr(GError) error = NULL;
    PctModelNeeds needs = pct_kind_get_needs(kind, options);
    g_assert_null(pct_project_train(project, kind, options, 1, NULL, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
    g_assert_nonnull(strstr(error->message, pct_kind_get_title(kind)));
    g_assert_nonnull(strstr(error->message, needs & PCT_NEEDS_ENCODER ? "percept-cli train gaussian"
                                                                      : "percept-cli train mei"));
    tried++;
  }
  g_assert_cmpuint(tried, >=, 1);
  g_assert_cmpuint(g_list_model_get_n_items(pct_project_get_models(project)), ==, 0);
  g_autofree char *inside = g_build_filename(pct_project_get_workspace(project), "models", NULL);
  g_assert_false(g_file_test(inside, G_FILE_TEST_EXISTS));
  close_project(fixture, project);
}

static void
assert_noted(const char *name, const char *hash, PctModel *source, const char *file)
{
  g_autoptr(GError) error = NULL;
  if (!source) {
    g_assert_null(name);
    g_assert_null(hash);
    return;
  }
  g_autofree char *path = g_build_filename(pct_model_get_folder(source), file, NULL);
  g_autofree char *expected = pct_weights_hash(path, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(name, ==, pct_model_get_name(source));
  g_assert_cmpstr(hash, ==, expected);
}

// Trains a kind, and looks at what its description says, in the project and on the disk.
static PctModel *
train_with(PctProject *project, PctKind *kind, const PctOptionValues *options, const PctTrainingSources *sources,
           PctModel *encoder, PctModel *meis)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctJob) job = pct_project_train_with(project, kind, options, 3, sources, NULL, &error);
  g_assert_no_error(error);
  wait_until(pct_job_is_over(job));
  g_assert_no_error(pct_job_get_error(job));
  PctModel *model = pct_training_get_model(job);
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_FINISHED);
  PctModelNeeds needs = pct_kind_get_needs(kind, options);
  g_autoptr(PctModelInfo) read = pct_model_info_load(pct_model_get_folder(model), pct_model_kinds_find, &error);
  g_assert_no_error(error);
  const PctModelInfo *infos[] = { pct_model_get_info(model), read };
  for (guint i = 0; i < G_N_ELEMENTS(infos); i++) {
    assert_noted(infos[i]->encoder, infos[i]->encoder_hash, needs & PCT_NEEDS_ENCODER ? encoder : NULL,
                 "weights.safetensors");
    assert_noted(infos[i]->meis, infos[i]->meis_hash, needs & PCT_NEEDS_MEIS ? meis : NULL, "meis.npz");
    g_assert_null(infos[i]->photographs);
  }
  return pct_project_find_model(project, pct_model_get_name(model));
}

// Two encoders and two sets; the second encoder is the worse.
static void
train_sources(PctProject *project)
{
  train_kind(project, "ln", "epochs=8");
  train_kind(project, "ln", "epochs=1 rate=0.000001");
  train_kind(project, "mei", "steps=2");
  train_kind(project, "mei", "steps=3");
}

static void
test_best_and_chosen(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  train_sources(project);
  PctModel *good = pct_project_find_model(project, "ln-1"), *poor = pct_project_find_model(project, "ln-2");
  PctModel *older = pct_project_find_model(project, "mei-1");
  for_each_needy(project, kind, options) {
    PctModelNeeds needs = pct_kind_get_needs(kind, options);
    PctModel *newest = pct_project_find_newest_meis(project);
    train_with(project, kind, options, NULL, good, newest);
    PctTrainingSources chosen = { .encoder = needs & PCT_NEEDS_ENCODER ? poor : NULL,
                                  .meis = needs & PCT_NEEDS_MEIS ? older : NULL };
    PctModel *model = train_with(project, kind, options, &chosen, poor, older);
    g_assert_cmpstr(pct_model_get_meis_name(model), ==, chosen.meis ? "mei-1" : NULL);
  }
  close_project(fixture, project);
}

// What is no finished model of the role is refused, before there is a folder.
static void
test_wrong_role(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  train_sources(project);
  PctModel *ridge = train_ridge(project);
  guint n = g_list_model_get_n_items(pct_project_get_models(project));
  for_each_needy(project, kind, options) {
    g_autoptr(GError) error = NULL;
    gboolean encodes = (pct_kind_get_needs(kind, options) & PCT_NEEDS_ENCODER) != 0;
    PctTrainingSources chosen = { .encoder = encodes ? ridge : NULL, .meis = encodes ? NULL : ridge };
    g_assert_null(pct_project_train_with(project, kind, options, 1, &chosen, NULL, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  }
  g_assert_cmpuint(g_list_model_get_n_items(pct_project_get_models(project)), ==, n);
  close_project(fixture, project);
}

// As a stop leaves it: unfinished, with something to go on from.
static void
undo(const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctModelInfo) info = pct_model_info_load(folder, pct_model_kinds_find, &error);
  g_assert_no_error(error);
  info->finished = FALSE;
  g_assert_true(pct_model_info_save(info, folder, &error));
  g_autofree char *checkpoint = g_build_filename(folder, "optimizer.safetensors", NULL);
  g_assert_true(g_file_set_contents(checkpoint, "never read", -1, NULL));
}

static void
change_byte(const char *path)
{
  g_autofree char *bytes = NULL;
  gsize n;
  g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
  bytes[n - 2] ^= 1;
  g_assert_true(g_file_set_contents(path, bytes, (gssize)n, NULL));
}

// An encoder that has become another, or has gone: a sentence with its name, and the model stays as it was.
static void
test_resumed_with_another(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  train_sources(project);
  g_autofree char *encoder = g_strdup(pct_model_get_folder(pct_project_find_model(project, "ln-1")));
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for_each_needy(project, kind, options) {
    PctModelNeeds needs = pct_kind_get_needs(kind, options);
    if (!(needs & PCT_NEEDS_ENCODER) || (!pct_kind_is_iterative(kind) && pct_kind_get_role(kind) != PCT_ROLE_MEI_SET))
      continue;
    PctModel *good = pct_project_find_model(project, "ln-1"), *set = pct_project_find_model(project, "mei-1");
    PctTrainingSources sources = { .encoder = good, .meis = needs & PCT_NEEDS_MEIS ? set : NULL };
    PctModel *model = train_with(project, kind, options, &sources, good, set);
    undo(pct_model_get_folder(model));
    g_ptr_array_add(names, g_strdup(pct_model_get_name(model)));
  }
  g_assert_cmpuint(names->len, >=, 1);
  close_project(fixture, project);
  g_autofree char *weights = g_build_filename(encoder, "weights.safetensors", NULL);
  change_byte(weights);

  project = open_project(fixture);
  for (guint i = 0; i < names->len; i++) {
    g_autoptr(GError) error = NULL;
    PctModel *model = pct_project_find_model(project, names->pdata[i]);
    g_autoptr(PctJob) job = pct_project_train(project, pct_model_get_kind(model), NULL, 1, model, &error);
    g_assert_no_error(error);
    wait_until(pct_job_is_over(job));
    g_assert_error(pct_job_get_error(job), PCT_ERROR, PCT_ERROR_UNSUPPORTED);
    g_assert_nonnull(strstr(pct_job_get_error(job)->message, "ln-1"));
    g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_UNFINISHED);
  }
  close_project(fixture, project);
  remove_tree(encoder);

  project = open_project(fixture);
  for (guint i = 0; i < names->len; i++) {
    g_autoptr(GError) error = NULL;
    PctModel *model = pct_project_find_model(project, names->pdata[i]);
    g_assert_null(pct_project_train(project, pct_model_get_kind(model), NULL, 1, model, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
    g_assert_nonnull(strstr(error->message, "ln-1"));
  }
  close_project(fixture, project);
}

// The notes themselves: of files, of photographs, and what a resumed training finds otherwise.
static void
test_notes(Fixture *fixture, gconstpointer data)
{
  const PctModelNeeds which[] = { PCT_NEEDS_ENCODER, PCT_NEEDS_MEIS };
  g_autofree char *file = g_build_filename(fixture->folder, "file", NULL);
  g_assert_true(g_file_set_contents(file, "some weights", -1, NULL));
  g_autoptr(PctModelInfo) info = pct_model_info_new(pct_model_kinds_find("ridge"));
  info->name = g_strdup("ridge-1");
  info->fingerprint = g_strdup("f");
  for (guint i = 0; i < G_N_ELEMENTS(which); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(file, "some weights", -1, NULL));
    g_assert_true(pct_origin_note(info, which[i], "source", file, FALSE, NULL, &error));
    g_assert_true(pct_origin_note(info, which[i], "source", file, TRUE, NULL, &error));
    g_assert_no_error(error);
    g_assert_true(g_file_set_contents(file, "other weights", -1, NULL));
    g_assert_false(pct_origin_note(info, which[i], "source", file, TRUE, NULL, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
    g_assert_nonnull(strstr(error->message, "ridge-1"));
    g_assert_nonnull(strstr(error->message, "source"));
    g_clear_error(&error);
    g_assert_false(pct_origin_note(info, which[i], "source", "/no/such/file", FALSE, NULL, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
  }
  g_assert_cmpstr(info->encoder, ==, "source");
  g_assert_cmpstr(info->meis, ==, "source");
  g_assert_cmpstr(info->encoder_hash, ==, info->meis_hash);

  // A folder's name need not be UTF-8.
  const char *const folders[] = { "photographs", "photo\xff" };
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_build_filename(fixture->folder, folders[i], NULL);
    g_assert_false(pct_origin_note_photographs(info, folder, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
    g_clear_error(&error);
    g_assert_cmpint(g_mkdir(folder, 0755), ==, 0);
    g_assert_true(pct_origin_note_photographs(info, folder, &error));
    g_assert_true(pct_model_info_save(info, fixture->folder, &error));
    g_autoptr(PctModelInfo) read = pct_model_info_load(fixture->folder, pct_model_kinds_find, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(read->photographs, ==, folder);
    g_assert_cmpstr(read->encoder, ==, "source");
    g_autoptr(PctModelInfo) copy = pct_model_info_copy(read);
    g_assert_cmpstr(copy->photographs, ==, folder);
  }
  g_assert_true(pct_origin_note_photographs(info, NULL, NULL));
  g_assert_null(info->photographs);
}

static void
add_all(void)
{
  add("/sources/none-there", test_none_there);
  add("/sources/best-and-chosen", test_best_and_chosen);
  add("/sources/wrong-role", test_wrong_role);
  add("/sources/resumed-with-another", test_resumed_with_another);
  add("/sources/notes", test_notes);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
