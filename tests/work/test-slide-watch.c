// SPDX-License-Identifier: GPL-3.0-or-later
// What watches a slide: the neuron's filter and pattern, the re-encoding check and the distance from the recording, all
// decoders in a row.
#include "project-fixture.h"
#include <gdk-pixbuf/gdk-pixbuf.h>
#include "decode/sweep.h"
#include "work/project-private.h"
#include "work/slide-check.h"
#include "work/slide-effect.h"
#include "work/slide-photograph.h"
#include "work/slide-row.h"
#include "work/slide-tangent.h"

static PctSlide *
slide_new(PctProject *project, PctModel *model)
{
  PctSlide *slide = pct_slide_new(project);
  pct_slide_set_model(slide, model);
  pct_slide_set_base(slide, FIRST_TEST, PCT_MEAN_OF_REPEATS);
  wait_until(!pct_slide_is_busy(slide));
  return slide;
}

static void
test_effect(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctSlide *slide = slide_new(project, train_ridge(project));
  PctSlideEffect *effect = pct_slide_effect_new(project, slide);
  pct_slide_effect_set_neuron(effect, 5);
  drain();
  g_assert_null(pct_slide_effect_get_filter(effect));
  pct_slide_effect_set_active(effect, TRUE);
  wait_until(pct_slide_effect_get_filter(effect));
  // Ridge is linear: the filter is the change that a standard deviation makes.
  g_autofree float *filter = g_memdup2(pct_slide_effect_get_filter(effect), SIDE * SIDE * sizeof(float));
  pct_slide_set_response(slide, 5, pct_slide_get_recorded(slide, 5) + pct_project_get_ranges(project)->std[5]);
  wait_until(!pct_slide_is_busy(slide));
  const float *after = pct_picture_get_pixels(pct_slide_get_reconstruction(slide));
  const float *before = pct_picture_get_pixels(pct_slide_get_baseline(slide));
  for (int i = 0; i < SIDE * SIDE; i++)
    g_assert_cmpfloat_with_epsilon(filter[i], after[i] - before[i], 0.02);
  // Each neuron has a wave of its own, which both show.
  g_assert_cmpfloat(pct_slide_effect_get_likeness(effect), >, 0.5);
  // With its companions the others move as well: another picture, and of a linear decoder the sum of theirs.
  g_autofree float *alone = g_memdup2(pct_slide_effect_get_filter(effect), SIDE * SIDE * sizeof(float));
  pct_slide_effect_set_companions(effect, TRUE);
  wait_until(memcmp(pct_slide_effect_get_filter(effect), alone, SIDE * SIDE * sizeof(float)) != 0);
  const PctRecording *recording = pct_project_get_opened(project)->recording;
  float slopes[N_NEURONS];
  g_assert_true(pct_response_slopes(recording, 5, slopes, NULL, NULL));
  g_autofree float *together = g_memdup2(pct_slide_effect_get_filter(effect), SIDE * SIDE * sizeof(float));
  for (int j = 0; j < N_NEURONS; j++)
    pct_slide_set_response(slide, j, pct_slide_get_recorded(slide, j) + pct_project_get_ranges(project)->std[5] * slopes[j]);
  wait_until(!pct_slide_is_busy(slide));
  after = pct_picture_get_pixels(pct_slide_get_reconstruction(slide));
  for (int i = 0; i < SIDE * SIDE; i++)
    g_assert_cmpfloat_with_epsilon(together[i], after[i] - pct_picture_get_pixels(pct_slide_get_baseline(slide))[i], 0.02);
  pct_slide_effect_set_neuron(effect, 6);
  g_assert_null(pct_slide_effect_get_pattern(effect));
  wait_until(pct_slide_effect_get_pattern(effect));
  pct_slide_set_model(slide, NULL);
  g_assert_null(pct_slide_effect_get_pattern(effect));
  g_assert_true(isnan(pct_slide_effect_get_likeness(effect)));
  g_assert_finalize_object(effect);
  g_assert_finalize_object(slide);
  close_project(fixture, project);
}

static void
test_check(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctSlide *slide = slide_new(project, train_ridge(project));
  PctSlideCheck *check = pct_slide_check_new(project, slide);
  pct_slide_check_set_neuron(check, 4);
  pct_slide_check_set_active(check, TRUE);
  g_assert_null(pct_slide_check_get_reencoding(check).encoder);
  wait_until(!isnan(pct_slide_check_get_distance(check).distance));
  double recorded = pct_slide_check_get_distance(check).distance;
  g_assert_cmpfloat(recorded, <, pct_slide_check_get_distance(check).far);

  // An encoder comes: it is asked at once, and is no relation of ridge's.
  PctModel *encoder = train_kind(project, "ln", "epochs=40");
  wait_until(pct_slide_check_get_reencoding(check).known);
  PctReencoding said = pct_slide_check_get_reencoding(check);
  g_assert_true(said.encoder == encoder);
  g_assert_false(said.circular);
  g_assert_cmpfloat(said.before, ==, said.after);
  g_assert_cmpfloat(said.change, ==, 0);
  g_assert_false(said.follows);
  // Far out the picture shows what the neuron answers to, and everything is further from the recording.
  pct_slide_set_response(slide, 4, pct_slide_get_recorded(slide, 4) + 30);
  wait_until(!pct_slide_is_busy(slide) && pct_slide_check_get_reencoding(check).after != said.after);
  said = pct_slide_check_get_reencoding(check);
  g_assert_cmpfloat(said.change, >, 29);
  g_assert_true(said.follows == ((said.after - said.before) / said.change >= PCT_SLIDE_FOLLOWS));
  g_assert_cmpfloat(said.after, >, said.before);
  g_assert_cmpfloat(pct_slide_check_get_distance(check).distance, >, recorded);

  // A decoder that the encoder informed agrees with it in any case.
  pct_slide_set_model(slide, train_kind(project, "lmmse", "copies=0"));
  wait_until(!pct_slide_is_busy(slide));
  g_assert_true(pct_slide_check_get_reencoding(check).circular);
  // One of another seed is independent, and preferred although its kind is the same.
  train_kind(project, "ln", "epochs=1");
  wait_until(!pct_slide_check_get_reencoding(check).circular);
  pct_slide_check_set_neuron(check, -1);
  g_assert_false(pct_slide_check_get_reencoding(check).known);
  g_assert_finalize_object(check);
  g_assert_finalize_object(slide);
  close_project(fixture, project);
}

static void
count(PctSlideRow *row, int index, int *counts)
{
  counts[index + 1]++;
}

static void
test_row(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctModel *ridge = train_ridge(project);
  PctSlide *slide = slide_new(project, ridge);
  PctSlideRow *row = pct_slide_row_new(project, slide);
  int counts[3] = { 0 };
  g_signal_connect(row, "changed", G_CALLBACK(count), counts);
  g_assert_cmpuint(pct_slide_row_get_n(row), ==, 1);
  drain();
  g_assert_null(pct_slide_row_get_reconstruction(row, 0));
  pct_slide_row_set_active(row, TRUE);
  wait_until(pct_slide_row_get_reconstruction(row, 0));
  // Another decoder joins; the picture that is there stays.
  PctModel *other = train_kind(project, "ridge", "penalty=5");
  wait_until(pct_slide_row_get_n(row) == 2);
  g_assert_true(pct_slide_row_get_model(row, 1) == other);
  g_assert_nonnull(pct_slide_row_get_reconstruction(row, 0));
  wait_until(pct_slide_row_get_reconstruction(row, 1));
  for (int i = 0; i < 100; i++)
    pct_slide_set_response(slide, 3, 0.1f * (float)i);
  wait_until(!pct_slide_is_busy(slide));
  wait_until(largest_difference(pct_slide_row_get_reconstruction(row, 0), pct_slide_get_reconstruction(slide)) < 1e-3);
  wait_until(largest_difference(pct_slide_row_get_reconstruction(row, 1), pct_slide_row_get_baseline(row, 1)) > 0.1);
  // As the slide itself shows it with that model.
  g_autoptr(PctPicture) kept = pct_picture_ref(pct_slide_row_get_reconstruction(row, 1));
  pct_slide_set_model(slide, other);
  wait_until(!pct_slide_is_busy(slide));
  g_assert_cmpfloat(largest_difference(kept, pct_slide_get_reconstruction(slide)), <, 1e-3);
  g_assert_cmpfloat(pct_slide_row_get_score(row, 1).pixcorr[PCT_FRAME_FULL], ==,
                    pct_slide_get_score(slide).pixcorr[PCT_FRAME_FULL]);
  g_assert_null(pct_slide_row_get_problem(row, 1));
  pct_slide_set_base(slide, -1, PCT_MEAN_OF_REPEATS);
  g_assert_null(pct_slide_row_get_reconstruction(row, 0));
  g_assert_cmpint(counts[0], >=, 1);
  g_assert_finalize_object(row);
  g_assert_finalize_object(slide);
  close_project(fixture, project);
}

// A photograph of 3 SIDE x 2 SIDE pixels: dark, with a bright square in its middle.
static char *
save_photograph(Fixture *fixture, const char *name, int width, int height)
{
  g_autoptr(GdkPixbuf) photo = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  gdk_pixbuf_fill(photo, 0x404040ff);
  g_autoptr(GdkPixbuf) middle = gdk_pixbuf_new_subpixbuf(photo, width / 4, height / 4, width / 2, height / 2);
  gdk_pixbuf_fill(middle, 0xc0c0c0ff);
  char *path = g_build_filename(fixture->folder, name, NULL);
  g_assert_true(gdk_pixbuf_save(photo, path, "png", NULL, NULL));
  return path;
}

static PctJob *
show(PctProject *project, const char *path, PctModel *encoder, gboolean with_noise)
{
  PctJob *job = pct_project_show_photograph(project, path, encoder, with_noise, 7);
  wait_until(pct_job_is_over(job));
  return job;
}

static void
test_photograph(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctSlide *slide = slide_new(project, train_ridge(project));
  PctModel *encoder = train_kind(project, "ln", "epochs=20");
  g_autofree char *path = save_photograph(fixture, "square.png", 3 * SIDE, 2 * SIDE);
  g_autoptr(PctJob) job = show(project, path, encoder, FALSE);
  const PctPhotograph *photograph = pct_photograph_job_get(job);
  g_assert_nonnull(photograph);
  g_assert_cmpstr(photograph->name, ==, "square.png");
  // The middle square of 2 SIDE: half its columns left and right of the bright part's are cut off.
  const float *pixels = pct_picture_get_pixels(photograph->picture);
  g_assert_cmpfloat_with_epsilon(pixels[0], 0x40, 0.5);
  g_assert_cmpfloat_with_epsilon(pixels[SIDE / 2 * SIDE + SIDE / 2], 0xc0, 0.5);
  pct_slide_set_shown(slide, photograph->picture, photograph->responses);
  g_assert_cmpint(pct_slide_get_image(slide), ==, -1);
  wait_until(!pct_slide_is_busy(slide));
  g_assert_true(pct_slide_get_original(slide) == photograph->picture);
  g_assert_nonnull(pct_slide_get_reconstruction(slide));
  g_assert_false(pct_slide_is_changed(slide));
  pct_slide_set_response(slide, 2, 5);
  g_assert_true(pct_slide_is_changed(slide));

  // A trial's noise: other responses, of a single trial, the same for the same seed.
  g_autoptr(PctJob) trial = show(project, path, encoder, TRUE), again = show(project, path, encoder, TRUE);
  const PctPhotograph *noisy = pct_photograph_job_get(trial), *same = pct_photograph_job_get(again);
  g_assert_cmpint(pct_responses_get_n_averaged(noisy->responses), ==, 1);
  const float *a = pct_responses_get_values(photograph->responses), *b = pct_responses_get_values(noisy->responses);
  g_assert_cmpmem(b, N_NEURONS * sizeof(float), pct_responses_get_values(same->responses), N_NEURONS * sizeof(float));
  for (int i = 0; i < N_NEURONS; i++)
    g_assert_cmpfloat(a[i], !=, b[i]);

  g_autofree char *small = save_photograph(fixture, "small.png", SIDE - 1, SIDE), *text = NULL;
  g_autoptr(PctJob) refused = show(project, small, encoder, FALSE);
  g_assert_error(pct_job_get_error(refused), PCT_ERROR, PCT_ERROR_SHAPE);
  text = g_build_filename(fixture->folder, "text.png", NULL);
  g_assert_true(g_file_set_contents(text, "not a picture", -1, NULL));
  g_autoptr(PctJob) unread = show(project, text, encoder, FALSE);
  g_assert_error(pct_job_get_error(unread), PCT_ERROR, PCT_ERROR_FORMAT);
  g_assert_nonnull(strstr(pct_job_get_error(unread)->message, "text.png"));
  g_assert_finalize_object(slide);
  g_clear_object(&job);
  g_clear_object(&trial);
  g_clear_object(&again);
  g_clear_object(&refused);
  g_clear_object(&unread);
  close_project(fixture, project);
}

// Two pictures of responses that differ in one neuron say what to expect of that one alone.
static void
test_tangent(void)
{
  const float slope[6] = { 1, -2, 0.5f, 0, 3, 10 };
  float responses[3][4] = { { 1, 2, 3, 4 }, { 1, 2, 5, 4 }, { 1, 2, -7, 4 } }, pixels[2][6];
  for (int k = 0; k < 2; k++)
    for (int i = 0; i < 6; i++)
      pixels[k][i] = 100 + slope[i] * responses[k][2];
  g_autoptr(PctPicture) from = pct_picture_new(2, 3, pixels[0]), to = pct_picture_new(2, 3, pixels[1]);
  PctSlideTangent *tangent = pct_slide_tangent_new(from, responses[0], to, responses[1], 4);
  g_autoptr(PctPicture) expected = pct_slide_tangent_extend(tangent, responses[2]);
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat_with_epsilon(pct_picture_get_pixels(expected)[i], 100 - 7 * slope[i], 1e-3);
  g_assert_null(pct_slide_tangent_extend(tangent, responses[1]));
  responses[2][0] = 2;
  g_assert_null(pct_slide_tangent_extend(tangent, responses[2]));
  g_assert_null(pct_slide_tangent_new(from, responses[0], to, responses[2], 4));
  g_assert_null(pct_slide_tangent_new(from, responses[0], from, responses[0], 4));
  pct_slide_tangent_free(tangent);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/work/slide-watch/effect", Fixture, NULL, set_up, test_effect, tear_down);
  g_test_add("/work/slide-watch/check", Fixture, NULL, set_up, test_check, tear_down);
  g_test_add("/work/slide-watch/row", Fixture, NULL, set_up, test_row, tear_down);
  g_test_add("/work/slide-watch/photograph", Fixture, NULL, set_up, test_photograph, tear_down);
  g_test_add_func("/work/slide-watch/tangent", test_tangent);
  return g_test_run();
}
