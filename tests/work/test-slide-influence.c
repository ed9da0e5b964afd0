// SPDX-License-Identifier: GPL-3.0-or-later
// Who makes what is seen: a planted neuron is found by the patch that it alone makes, and silencing it removes the
// patch; rankings follow the slide, and silencing is a job.
#include "project-fixture.h"
#include "work/slide-influence.h"

// A slide on a test image that shows the planted patch well, drawn by a ridge.
typedef struct {
  PctProject *project;
  PctSlide *slide;
  PctSlideInfluence *influence;
  int changed;
} Scene;

static const PctRegion patch = { PATCH_X, PATCH_Y, PATCH_SIDE, PATCH_SIDE };

static void
count(PctSlideInfluence *influence, Scene *scene)
{
  scene->changed++;
}

static double
patch_mean(PctPicture *picture)
{
  double sum = 0;
  for (int y = PATCH_Y; y < PATCH_Y + PATCH_SIDE; y++)
    for (int x = PATCH_X; x < PATCH_X + PATCH_SIDE; x++)
      sum += pct_picture_get_pixels(picture)[y * SIDE + x];
  return sum / (PATCH_SIDE * PATCH_SIDE);
}

static void
scene_init(Scene *scene, Fixture *fixture)
{
  g_autofree char *path = fixture_save(fixture->folder, "planted.npz", TRUE);
  g_autoptr(GError) error = NULL;
  scene->project = try_open(fixture->lanes, path, &error);
  g_assert_no_error(error);
  PctModel *model = train_ridge(scene->project);
  scene->slide = pct_slide_new(scene->project);
  scene->influence = pct_slide_influence_new(scene->project, scene->slide);
  scene->changed = 0;
  g_signal_connect(scene->influence, "changed", G_CALLBACK(count), scene);
  // The image whose planted response is farthest from the usual.
  int best = -1;
  double farthest = 0;
  for (int i = 0; i < N_TEST; i++) {
    g_autoptr(PctResponses) responses = pct_project_dup_responses(scene->project, FIRST_TEST + i, PCT_MEAN_OF_REPEATS);
    double by = fabs((double)pct_responses_get_values(responses)[PLANTED] -
                     pct_project_get_ranges(scene->project)->mean[PLANTED]);
    if (by > farthest) {
      farthest = by;
      best = FIRST_TEST + i;
    }
  }
  pct_slide_set_model(scene->slide, model);
  pct_slide_set_base(scene->slide, best, PCT_MEAN_OF_REPEATS);
}

static void
scene_clear(Scene *scene, Fixture *fixture)
{
  g_assert_finalize_object(scene->influence);
  g_assert_finalize_object(scene->slide);
  close_project(fixture, scene->project);
}

static void
wait(Scene *scene)
{
  wait_until(!pct_slide_is_busy(scene->slide) && !pct_slide_influence_is_busy(scene->influence));
}

static int
first_of(Scene *scene)
{
  int n;
  const PctNeuronInfluence *ranking = pct_slide_influence_get_ranking(scene->influence, &n);
  g_assert_nonnull(ranking);
  g_assert_cmpint(n, ==, N_NEURONS);
  int seen[N_NEURONS] = { 0 };
  for (int i = 0; i < n; i++) {
    g_assert_cmpint(seen[ranking[i].neuron]++, ==, 0);
    g_assert_true(i == 0 || fabs(ranking[i - 1].value) >= fabs(ranking[i].value));
  }
  return ranking[0].neuron;
}

// Saved as it stands, with what it is of.
static void
check_saved(Scene *scene, Fixture *fixture)
{
  g_autofree char *path = g_build_filename(fixture->folder, "ranking.csv", NULL), *rows = NULL, *about = NULL;
  g_autofree char *beside = g_build_filename(fixture->folder, "ranking.json", NULL);
  g_autofree char *elsewhere = g_build_filename(fixture->folder, "ranking.txt", NULL);
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_slide_influence_save(scene->influence, path, &error));
  g_assert_no_error(error);
  g_assert_true(g_file_get_contents(path, &rows, NULL, NULL) && g_file_get_contents(beside, &about, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(rows, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, N_NEURONS + 2);  // the last is empty
  g_assert_cmpstr(lines[0], ==, "neuron,unit_id,contribution,response,response_mean,response_std");
  g_auto(GStrv) first = g_strsplit(lines[1], ",", -1);
  int n;
  const PctNeuronInfluence *ranking = pct_slide_influence_get_ranking(scene->influence, &n);
  g_assert_cmpint(g_ascii_strtoll(first[0], NULL, 10), ==, ranking[0].neuron);
  g_assert_cmpfloat_with_epsilon(g_ascii_strtod(first[2], NULL), ranking[0].value, 1e-6);
  g_assert_cmpfloat_with_epsilon(g_ascii_strtod(first[3], NULL),
                                 pct_slide_get_response(scene->slide, ranking[0].neuron), 1e-6);
  const char *told[] = { "\"measure\" : \"contribution\"", "\"kind\" : \"ridge\"", "\"changed_by_hand\" : false",
                         "\"format\" : \"percept-influence-1\"", "\"n_averaged\" : 3", "\"tier\" : \"test\"", "\"gap\"",
                         pct_project_get_fingerprint(scene->project) };
  for (guint i = 0; i < G_N_ELEMENTS(told); i++)
    g_assert_nonnull(strstr(about, told[i]));
  g_assert_false(pct_slide_influence_save(scene->influence, elsewhere, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
}

static void
test_planted(Fixture *fixture, gconstpointer data)
{
  Scene scene;
  scene_init(&scene, fixture);
  pct_slide_influence_set_region(scene.influence, &patch);
  pct_slide_influence_set_active(scene.influence, TRUE);
  wait(&scene);
  g_assert_cmpint(first_of(&scene), ==, PLANTED);
  int n;
  const PctNeuronInfluence *ranking = pct_slide_influence_get_ranking(scene.influence, &n);
  // Alone: whoever comes next has nothing to do with it.
  g_assert_cmpfloat(fabs(ranking[0].value), >, 8 * fabs(ranking[1].value));
  check_saved(&scene, fixture);
  double contributed = ranking[0].value, change, gap, sum = 0;
  for (int i = 0; i < n; i++)
    sum += ranking[i].value;
  g_assert_true(pct_slide_influence_get_completeness(scene.influence, &change, &gap));
  g_assert_cmpfloat_with_epsilon(change, sum + gap, 1e-6);
  g_assert_cmpfloat_with_epsilon(gap, 0, 0.01);

  pct_slide_influence_set_measure(scene.influence, PCT_INFLUENCE_SENSITIVITY);
  g_assert_null(pct_slide_influence_get_ranking(scene.influence, NULL));
  wait(&scene);
  g_assert_cmpint(first_of(&scene), ==, PLANTED);
  g_assert_false(pct_slide_influence_get_completeness(scene.influence, &change, &gap));

  pct_slide_influence_set_measure(scene.influence, PCT_INFLUENCE_SILENCING);
  g_assert_null(pct_slide_influence_get_ranking(scene.influence, NULL));
  pct_slide_influence_silence(scene.influence);
  wait(&scene);
  g_assert_cmpint(first_of(&scene), ==, PLANTED);

  // Without it the patch is gone, by as much as it was said to contribute, and the rest stands.
  g_autoptr(PctPicture) before = pct_picture_ref(pct_slide_get_reconstruction(scene.slide));
  const float *old = pct_picture_get_pixels(before);
  pct_slide_silence(scene.slide, &(int){ PLANTED }, 1);
  wait(&scene);
  PctPicture *after = pct_slide_get_reconstruction(scene.slide);
  double usual = 128;  // no other neuron's wave reaches it
  g_assert_cmpfloat(fabs(patch_mean(before) - usual), >, 15);
  g_assert_cmpfloat(fabs(patch_mean(after) - usual), <, 0.25 * fabs(patch_mean(before) - usual));
  g_assert_cmpfloat_with_epsilon(patch_mean(before) - patch_mean(after), contributed, 0.05);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++) {
      gboolean inside = x >= PATCH_X && x < PATCH_X + PATCH_SIDE && y >= PATCH_Y && y < PATCH_Y + PATCH_SIDE;
      double by = fabs((double)old[y * SIDE + x] - pct_picture_get_pixels(after)[y * SIDE + x]);
      g_assert_true(inside || by < 0.2 * fabs(contributed));
    }
  // A neuron that is silent contributes nothing, and leads no more.
  pct_slide_influence_set_measure(scene.influence, PCT_INFLUENCE_CONTRIBUTION);
  wait(&scene);
  g_assert_cmpint(first_of(&scene), !=, PLANTED);
  scene_clear(&scene, fixture);
}

static void
test_follows(Fixture *fixture, gconstpointer data)
{
  Scene scene;
  scene_init(&scene, fixture);
  wait_until(!pct_slide_is_busy(scene.slide));
  g_assert_false(pct_slide_influence_is_busy(scene.influence));
  g_assert_null(pct_slide_influence_get_ranking(scene.influence, NULL));  // not active
  g_autoptr(GError) error = NULL;
  g_assert_false(pct_slide_influence_save(scene.influence, "nowhere.csv", &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  pct_slide_influence_set_active(scene.influence, TRUE);
  wait(&scene);
  int whole = first_of(&scene);
  PctRegion region = pct_slide_influence_get_region(scene.influence);
  g_assert_true(pct_region_is_whole(&region));
  // The neuron that is moved far takes the lead; a hundred moves ask once or so.
  int moved = 0;  // its wave has a mean of its own
  g_assert_cmpint(whole, !=, moved);
  scene.changed = 0;
  for (int i = 0; i <= 100; i++) {
    pct_slide_set_response(scene.slide, moved, (float)i);
    g_main_context_iteration(NULL, FALSE);
  }
  wait(&scene);
  g_assert_cmpint(first_of(&scene), ==, moved);
  g_assert_cmpint(scene.changed, <=, 6);
  // A region outside the picture is none.
  pct_slide_influence_set_region(scene.influence, &patch);
  pct_slide_influence_set_region(scene.influence, &(PctRegion){ 10, 10, 5, 5 });
  region = pct_slide_influence_get_region(scene.influence);
  g_assert_true(pct_region_is_whole(&region));
  pct_slide_reset(scene.slide, NULL, 0);
  wait(&scene);
  g_assert_cmpint(first_of(&scene), ==, whole);
  // Without a model there is nothing to rank.
  PctModel *model = pct_slide_get_model(scene.slide);
  pct_slide_set_model(scene.slide, NULL);
  wait(&scene);
  g_assert_null(pct_slide_influence_get_ranking(scene.influence, NULL));
  pct_slide_influence_silence(scene.influence);
  g_assert_null(pct_slide_influence_get_job(scene.influence));
  pct_slide_set_model(scene.slide, model);
  wait(&scene);
  g_assert_cmpint(first_of(&scene), ==, whole);
  scene_clear(&scene, fixture);
}

static void
test_job(Fixture *fixture, gconstpointer data)
{
  Scene scene;
  scene_init(&scene, fixture);
  pct_slide_influence_set_active(scene.influence, TRUE);
  pct_slide_influence_set_measure(scene.influence, PCT_INFLUENCE_SILENCING);
  wait(&scene);
  // Stopped: nothing is known, and it can be asked again.
  pct_slide_influence_silence(scene.influence);
  pct_job_cancel(pct_slide_influence_get_job(scene.influence));
  wait(&scene);
  int n;
  if (pct_slide_influence_get_ranking(scene.influence, &n))
    g_test_message("it was quicker than the wish to stop");
  g_assert_null(pct_slide_influence_get_problem(scene.influence));
  pct_slide_influence_silence(scene.influence);
  wait(&scene);
  g_assert_cmpint(first_of(&scene), ==, PLANTED);
  g_assert_false(pct_slide_influence_is_out_of_date(scene.influence));
  // Other responses make it old, the same again current.
  pct_slide_set_response(scene.slide, 2, 9);
  wait(&scene);
  g_assert_true(pct_slide_influence_is_out_of_date(scene.influence));
  g_assert_cmpint(first_of(&scene), ==, PLANTED);
  pct_slide_reset(scene.slide, NULL, 0);
  wait(&scene);
  g_assert_false(pct_slide_influence_is_out_of_date(scene.influence));
  int image = pct_slide_get_image(scene.slide);
  pct_slide_set_base(scene.slide, image == FIRST_TEST ? FIRST_TEST + 1 : FIRST_TEST, PCT_MEAN_OF_REPEATS);
  wait(&scene);
  g_assert_true(pct_slide_influence_is_out_of_date(scene.influence));
  pct_slide_set_base(scene.slide, image, PCT_MEAN_OF_REPEATS);
  wait(&scene);
  g_assert_false(pct_slide_influence_is_out_of_date(scene.influence));
  // It may go while its job is queued or runs.
  pct_slide_influence_silence(scene.influence);
  g_assert_nonnull(pct_slide_influence_get_job(scene.influence));
  g_assert_finalize_object(scene.influence);
  g_assert_finalize_object(scene.slide);
  wait_until(pct_lanes_get_n_running(fixture->lanes) == 0);
  close_project(fixture, scene.project);
}

static void
add_all(void)
{
  add("/work/slide-influence/planted", test_planted);
  add("/work/slide-influence/follows", test_follows);
  add("/work/slide-influence/job", test_job);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
