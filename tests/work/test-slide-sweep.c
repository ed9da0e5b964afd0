// SPDX-License-Identifier: GPL-3.0-or-later
// A slide's sweep: what is drawn anew and what is not, the newest wins, steps taken, z told apart, and files.
#include <json-glib/json-glib.h>
#include "data/npy.h"
#include "project-fixture.h"
#include "work/slide-sweep.h"

enum { P = SIDE * SIDE };

typedef struct {
  PctProject *project;
  PctSlide *slide;
  PctSlideSweep *sweep;
  int n_changed;
} Setting;

static void
count(PctSlideSweep *sweep, int *n_changed)
{
  (*n_changed)++;
}

static Setting
setting_new(Fixture *fixture)
{
  Setting setting = { open_project(fixture) };
  setting.slide = pct_slide_new(setting.project);
  setting.sweep = pct_slide_sweep_new(setting.project, setting.slide);
  pct_slide_set_base(setting.slide, FIRST_TEST, PCT_MEAN_OF_REPEATS);
  return setting;
}

static void
setting_clear(Setting *setting, Fixture *fixture)
{
  g_assert_finalize_object(setting->sweep);
  g_assert_finalize_object(setting->slide);
  close_project(fixture, setting->project);
}

static PctSlideSweepRequest
ask(PctSweepKind kind, int neuron, int n)
{
  PctSlideSweepRequest request = PCT_SLIDE_SWEEP_REQUEST_DEFAULT;
  request.recipe.kind = kind;
  request.recipe.neurons[0] = neuron;
  request.recipe.n_steps[0] = n;
  return request;
}

// Longer than a hand must rest.
static void
rest(void)
{
  gint64 end = g_get_monotonic_time() + 400 * G_TIME_SPAN_MILLISECOND;
  while (g_get_monotonic_time() < end) {
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

// Sets the slide to every vector, and compares what it draws with the sweep's picture.
static void
check_pictures(Setting *setting)
{
  const PctSweep *sweep = pct_slide_sweep_get_sweep(setting->sweep);
  g_autofree float *before = g_memdup2(pct_slide_get_responses(setting->slide), N_NEURONS * sizeof(float));
  g_autofree float *rows = g_memdup2(sweep->responses, sweep->n * N_NEURONS * sizeof(float));
  gsize n = sweep->n;
  int n_averaged = pct_slide_get_n_averaged(setting->slide);
  g_autoptr(GPtrArray) pictures = g_ptr_array_new_with_free_func((GDestroyNotify)pct_picture_unref);
  g_autofree int *averaged = g_new(int, n);
  for (gsize i = 0; i < n; i++) {
    g_ptr_array_add(pictures, pct_picture_ref(pct_slide_sweep_get_picture(setting->sweep, (guint)i)));
    averaged[i] = (int)lround(sweep->n_averaged[i]);
  }
  for (gsize i = 0; i < n; i++) {
    pct_slide_set_all(setting->slide, rows + i * N_NEURONS, averaged[i]);
    wait_until(!pct_slide_is_busy(setting->slide));
    g_assert_cmpfloat(largest_difference(pct_slide_get_reconstruction(setting->slide), pictures->pdata[i]), <, 1e-2);
  }
  pct_slide_set_all(setting->slide, before, n_averaged);
}

static void
test_neuron(Fixture *fixture, gconstpointer data)
{
  Setting setting = setting_new(fixture);
  PctSlideSweep *sweep = setting.sweep;
  g_signal_connect(sweep, "changed", G_CALLBACK(count), &setting.n_changed);
  PctSlideSweepRequest request = ask(PCT_SWEEP_ALONE, 4, 7);
  pct_slide_sweep_set_request(sweep, &request);
  pct_slide_sweep_set_active(sweep, TRUE);
  rest();
  g_assert_true(!pct_slide_sweep_get_sweep(sweep) && pct_slide_sweep_get_nearest(sweep) == -1);  // no model yet
  pct_slide_set_model(setting.slide, train_ridge(setting.project));
  wait_until(pct_slide_sweep_is_done(sweep));
  const PctSweep *made = pct_slide_sweep_get_sweep(sweep);
  const PctResponseRanges *ranges = pct_project_get_ranges(setting.project);
  g_assert_cmpuint(made->n, ==, 7);
  g_assert_cmpfloat(made->values[0], ==, ranges->averaged_minimum[4]);
  g_assert_cmpfloat(made->values[12], ==, ranges->averaged_maximum[4]);
  g_assert_cmpfloat(pct_slide_sweep_get_recipe(sweep)->to[0], ==, ranges->averaged_maximum[4]);
  g_assert_true(isnan(pct_slide_sweep_get_spread(sweep)));
  g_assert_cmpfloat(pct_slide_sweep_get_change(sweep), >, 0.1);
  g_assert_null(pct_slide_sweep_get_problem(sweep));
  check_pictures(&setting);
  rest();

  // The neuron's own slider moves the mark alone.
  g_autoptr(PctPicture) third = pct_picture_ref(pct_slide_sweep_get_picture(sweep, 3));
  setting.n_changed = 0;
  pct_slide_set_response(setting.slide, 4, (float)made->values[12] + 1e-3f);
  g_assert_cmpint(pct_slide_sweep_get_nearest(sweep), ==, 6);
  pct_slide_set_response(setting.slide, 4, 1e4f);
  g_assert_cmpint(pct_slide_sweep_get_nearest(sweep), ==, -1);
  pct_slide_sweep_take(sweep, 3);
  g_assert_cmpfloat(pct_slide_get_response(setting.slide, 4), ==, made->values[6]);
  g_assert_cmpint(pct_slide_sweep_get_nearest(sweep), ==, 3);
  rest();
  g_assert_true(pct_slide_sweep_is_done(sweep) && pct_slide_sweep_get_picture(sweep, 3) == third);
  g_assert_cmpint(setting.n_changed, ==, 0);

  // Another one's has all drawn anew, of the last change only.
  for (int i = 0; i <= 20; i++)
    pct_slide_set_response(setting.slide, 5, (float)i);
  rest();
  wait_until(pct_slide_sweep_is_done(sweep));
  g_assert_true(pct_slide_sweep_get_picture(sweep, 3) != third);
  g_assert_cmpfloat(largest_difference(pct_slide_sweep_get_picture(sweep, 3), third), >, 0.1);
  g_assert_cmpfloat(pct_slide_sweep_get_sweep(sweep)->responses[5], ==, 20);
  check_pictures(&setting);

  // Newest wins, also among wishes; what is not looked at is not drawn.
  for (int neuron = 0; neuron < N_NEURONS; neuron++) {
    request.recipe.neurons[0] = neuron;
    pct_slide_sweep_set_request(sweep, &request);
  }
  wait_until(pct_slide_sweep_is_done(sweep));
  g_assert_cmpint(pct_slide_sweep_get_recipe(sweep)->neurons[0], ==, N_NEURONS - 1);
  pct_slide_sweep_set_active(sweep, FALSE);
  setting.n_changed = 0;
  pct_slide_reset(setting.slide, NULL, 0);
  request.recipe.n_steps[0] = 3;
  pct_slide_sweep_set_request(sweep, &request);
  rest();
  g_assert_cmpint(setting.n_changed, ==, 0);
  pct_slide_sweep_set_active(sweep, TRUE);
  wait_until(pct_slide_sweep_is_done(sweep));
  g_assert_cmpuint(pct_slide_sweep_get_sweep(sweep)->n, ==, 3);
  // A single trial has its own range.
  pct_slide_set_base(setting.slide, FIRST_TEST + 1, 0);
  rest();
  wait_until(pct_slide_sweep_is_done(sweep));
  g_assert_cmpfloat(pct_slide_sweep_get_sweep(sweep)->values[0], ==, ranges->single_minimum[N_NEURONS - 1]);
  pct_slide_sweep_set_request(sweep, NULL);
  g_assert_null(pct_slide_sweep_get_sweep(sweep));
  // Gone while a picture is under way.
  pct_slide_sweep_set_request(sweep, &request);
  setting_clear(&setting, fixture);
}

static void
test_kinds(Fixture *fixture, gconstpointer data)
{
  Setting setting = setting_new(fixture);
  PctSlideSweep *sweep = setting.sweep;
  pct_slide_set_model(setting.slide, train_ridge(setting.project));
  pct_slide_sweep_set_active(sweep, TRUE);
  PctSlideSweepRequest request = ask(PCT_SWEEP_GRID, 2, 3);
  request.recipe.neurons[1] = 9;
  request.recipe.n_steps[1] = 4;
  pct_slide_sweep_set_request(sweep, &request);
  wait_until(pct_slide_sweep_is_done(sweep));
  g_assert_cmpuint(pct_slide_sweep_get_sweep(sweep)->n, ==, 12);
  check_pictures(&setting);
  pct_slide_sweep_take(sweep, 7);
  g_assert_cmpfloat(pct_slide_get_response(setting.slide, 2), ==, pct_slide_sweep_get_sweep(sweep)->values[14]);
  g_assert_cmpfloat(pct_slide_get_response(setting.slide, 9), ==, pct_slide_sweep_get_sweep(sweep)->values[15]);
  g_assert_cmpint(pct_slide_sweep_get_nearest(sweep), ==, 7);
  pct_slide_reset(setting.slide, NULL, 0);

  // With companions every step leads along the same line.
  request = ask(PCT_SWEEP_COMPANIONS, 2, 5);
  pct_slide_sweep_set_request(sweep, &request);
  wait_until(pct_slide_sweep_is_done(sweep));
  check_pictures(&setting);
  g_autofree float *line = g_memdup2(pct_slide_sweep_get_sweep(sweep)->responses, 5 * N_NEURONS * sizeof(float));
  pct_slide_sweep_take(sweep, 4);
  rest();
  wait_until(pct_slide_sweep_is_done(sweep));
  for (int i = 0; i < 5 * N_NEURONS; i++)
    g_assert_cmpfloat_with_epsilon(pct_slide_sweep_get_sweep(sweep)->responses[i], line[i], 1e-4);
  g_assert_cmpint(pct_slide_sweep_get_nearest(sweep), ==, 4);

  // A walk starts from what was recorded, whatever is set now, and a step taken does not move it.
  request = ask(PCT_SWEEP_WALK, 0, 5);
  request.recipe.image = FIRST_TEST + 3;
  pct_slide_sweep_set_request(sweep, &request);
  wait_until(pct_slide_sweep_is_done(sweep));
  const PctSweep *made = pct_slide_sweep_get_sweep(sweep);
  const float *recorded = pct_slide_get_recorded_responses(setting.slide);
  g_assert_cmpint(memcmp(made->responses, recorded, N_NEURONS * sizeof(float)), ==, 0);
  check_pictures(&setting);
  pct_slide_sweep_take(sweep, 2);
  rest();
  g_assert_true(pct_slide_sweep_get_sweep(sweep) == made && pct_slide_sweep_get_nearest(sweep) == 2);
  g_assert_cmpint(pct_slide_get_n_averaged(setting.slide), ==, N_REPEATS);

  request = ask(PCT_SWEEP_REPEATS, 0, 1);
  pct_slide_sweep_set_request(sweep, &request);
  wait_until(pct_slide_sweep_is_done(sweep));
  g_assert_cmpuint(pct_slide_sweep_get_sweep(sweep)->n, ==, N_REPEATS);
  pct_slide_sweep_take(sweep, 1);
  g_assert_cmpint(pct_slide_get_n_averaged(setting.slide), ==, 1);
  request.recipe.image = FIRST_TEST + 2;
  pct_slide_sweep_set_request(sweep, &request);
  wait_until(pct_slide_sweep_is_done(sweep));
  g_assert_cmpuint(pct_slide_sweep_get_sweep(sweep)->n, ==, N_REPEATS + 1);
  check_pictures(&setting);
  setting_clear(&setting, fixture);
}

static void
test_latent(Fixture *fixture, gconstpointer data)
{
  Setting setting = setting_new(fixture);
  PctSlideSweep *sweep = setting.sweep;
  pct_slide_set_model(setting.slide, train_kind(setting.project, "cgan", "epochs=1 width=4 batch=16"));
  pct_slide_sweep_set_active(sweep, TRUE);
  PctSlideSweepRequest request = ask(PCT_SWEEP_ALONE, 4, 10);
  request.recipe.to[0] = 5;
  request.recipe.from[0] = -5;
  pct_slide_sweep_set_request(sweep, &request);
  wait_until(pct_slide_sweep_is_done(sweep) && pct_slide_get_n_latent(setting.slide) > 0);
  g_autoptr(PctPicture) at_zero = pct_picture_ref(pct_slide_sweep_get_picture(sweep, 0));
  pct_slide_draw_latent(setting.slide, 3);
  rest();
  wait_until(pct_slide_sweep_is_done(sweep));
  g_assert_cmpfloat(largest_difference(at_zero, pct_slide_sweep_get_picture(sweep, 0)), >, 1e-3);
  check_pictures(&setting);  // with the slide's own z
  request.latent = PCT_SWEEP_LATENT_AVERAGED;
  pct_slide_sweep_set_request(sweep, &request);
  wait_until(pct_slide_sweep_is_done(sweep));
  double spread = pct_slide_sweep_get_spread(sweep);
  g_assert_cmpfloat(spread, >, 1e-3);
  g_autoptr(PctPicture) averaged = pct_picture_ref(pct_slide_sweep_get_picture(sweep, 9));
  request.seed = 2;
  pct_slide_sweep_set_request(sweep, &request);
  wait_until(pct_slide_sweep_is_done(sweep));
  g_assert_cmpfloat(pct_slide_sweep_get_spread(sweep), !=, spread);
  request.seed = 1;
  pct_slide_sweep_set_request(sweep, &request);
  // Interrupted again and again by a hand that leaves the pictures as they are, and the same bits in the end.
  for (int i = 0; i < 5; i++) {
    pct_slide_set_response(setting.slide, 4, (float)i);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(2000);
  }
  wait_until(pct_slide_sweep_is_done(sweep));
  g_assert_cmpfloat(pct_slide_sweep_get_spread(sweep), ==, spread);
  g_assert_cmpfloat(largest_difference(averaged, pct_slide_sweep_get_picture(sweep, 9)), ==, 0);
  setting_clear(&setting, fixture);
}

static JsonObject *
load_json(JsonParser *parser, const char *path)
{
  g_autoptr(GError) error = NULL;
  json_parser_load_from_file(parser, path, &error);
  g_assert_no_error(error);
  return json_node_get_object(json_parser_get_root(parser));
}

static void
save(PctSlideSweep *sweep, const char *path)
{
  g_autoptr(GError) error = NULL;
  PctAnimationOptions options = PCT_ANIMATION_OPTIONS_DEFAULT;
  g_autoptr(PctJob) job = pct_slide_sweep_save(sweep, path, &options, &error);
  g_assert_no_error(error);
  wait_until(pct_job_is_over(job));
  g_assert_no_error(pct_job_get_error(job));
}

static void
test_save(Fixture *fixture, gconstpointer data)
{
  Setting setting = setting_new(fixture);
  PctSlideSweep *sweep = setting.sweep;
  g_autoptr(GError) error = NULL;
  PctAnimationOptions options = PCT_ANIMATION_OPTIONS_DEFAULT;
  g_autofree char *npy = g_build_filename(fixture->folder, "x.npy", NULL);
  g_assert_null(pct_slide_sweep_save(sweep, npy, &options, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_clear_error(&error);
  PctModel *model = train_kind(setting.project, "cgan", "epochs=1 width=4 batch=16");
  pct_slide_set_model(setting.slide, model);
  pct_slide_sweep_set_active(sweep, TRUE);
  PctSlideSweepRequest request = ask(PCT_SWEEP_GRID, 4, 2);
  request.recipe.neurons[1] = 6;
  request.recipe.n_steps[1] = 3;
  request.latent = PCT_SWEEP_LATENT_AVERAGED;
  request.n_draws = 4;
  pct_slide_set_response(setting.slide, 7, 1.5f);
  pct_slide_sweep_set_request(sweep, &request);
  rest();
  wait_until(pct_slide_sweep_is_done(sweep));
  save(sweep, npy);
  g_autoptr(PctNpyArray) array = pct_npy_load(npy, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(array->n_dims == 3 && array->shape[0] == 6 && array->shape[1] == SIDE && array->shape[2] == SIDE);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpint(memcmp((float *)array->data + i * P, pct_picture_get_pixels(pct_slide_sweep_get_picture(sweep, i)),
                           P * sizeof(float)), ==, 0);
  g_autofree char *spread = g_build_filename(fixture->folder, "x-spread.npy", NULL);
  g_autofree char *csv = g_build_filename(fixture->folder, "x.csv", NULL), *text = NULL;
  g_autofree char *json = g_build_filename(fixture->folder, "x.json", NULL);
  g_assert_true(g_file_test(spread, G_FILE_TEST_EXISTS));
  g_assert_true(g_file_get_contents(csv, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_assert_cmpstr(lines[0], ==, "step,neuron_4,neuron_6,n_averaged,spread");
  g_assert_cmpuint(g_strv_length(lines), ==, 8);
  g_auto(GStrv) fields = g_strsplit(lines[6], ",", -1);
  g_assert_cmpstr(fields[0], ==, "5");
  g_assert_cmpfloat_with_epsilon(g_ascii_strtod(fields[2], NULL), pct_slide_sweep_get_recipe(sweep)->to[1], 1e-5);
  g_autoptr(JsonParser) parser = json_parser_new();
  JsonObject *about = load_json(parser, json);
  g_assert_cmpstr(json_object_get_string_member(about, "sweep"), ==, "grid");
  g_assert_cmpstr(json_object_get_string_member(about, "z"), ==, "averaged");
  g_assert_cmpint(json_object_get_int_member(about, "draws"), ==, 4);
  g_assert_cmpstr(json_object_get_string_member(about, "model"), ==, pct_model_get_name(model));
  g_assert_cmpstr(json_object_get_string_member(about, "fingerprint"), ==,
                  pct_project_get_fingerprint(setting.project));
  g_assert_cmpuint(strlen(json_object_get_string_member(about, "model_hash")), ==, 64);
  JsonArray *changed = json_object_get_array_member(about, "changed");
  g_assert_cmpuint(json_array_get_length(changed), ==, 1);
  g_assert_cmpint(json_array_get_int_element(json_array_get_array_element(changed, 0), 0), ==, 7);
  g_assert_cmpfloat(json_array_get_double_element(json_array_get_array_element(changed, 0), 1), ==, 1.5);

  const char *names[] = { "y.webp", "y.png" };
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(fixture->folder, names[i], NULL);
    save(sweep, path);
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
  }
  g_assert_null(pct_slide_sweep_save(sweep, "x.gif", &options, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  setting_clear(&setting, fixture);
}

static void
add_all(void)
{
  add("/work/slide-sweep/neuron", test_neuron);
  add("/work/slide-sweep/kinds", test_kinds);
  add("/work/slide-sweep/latent", test_latent);
  add("/work/slide-sweep/save", test_save);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
