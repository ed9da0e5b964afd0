// SPDX-License-Identifier: GPL-3.0-or-later
// What is done on a slide, undone and done again; bookmarks; and both read back after a restart, from files that somebody
// may have meddled with.
#include <json-glib/json-glib.h>
#include "project-fixture.h"
#include "work/slide-bookmarks.h"
#include "work/slide-history.h"

typedef struct {
  PctProject *project;
  PctSlide *slide;
  PctSlideHistory *history;
  int pinned[N_NEURONS];
  guint n_pinned;
} Page;

static void
on_restore(Page *page, const PctSlideState *state)
{
  if (state->n_pinned > 0)
    memcpy(page->pinned, state->pinned, state->n_pinned * sizeof(int));
  page->n_pinned = state->n_pinned;
  pct_slide_history_set_pinned(page->history, page->pinned, page->n_pinned);
  pct_slide_set_model(page->slide, state->model ? pct_project_find_model(page->project, state->model) : NULL);
  pct_slide_state_restore(state, page->slide);
}

static void
open_page(Page *page, Fixture *fixture)
{
  memset(page, 0, sizeof *page);
  page->project = open_project(fixture);
  page->slide = pct_slide_new(page->project);
  page->history = pct_slide_history_new(page->project, page->slide);
  g_signal_connect_swapped(page->history, "restore", G_CALLBACK(on_restore), page);
  pct_slide_set_base(page->slide, FIRST_TEST, PCT_MEAN_OF_REPEATS);
  pct_slide_history_flush(page->history);
}

static void
close_page(Page *page, Fixture *fixture)
{
  g_assert_finalize_object(page->history);
  g_object_unref(page->slide);
  close_project(fixture, page->project);
}

static void
pin(Page *page, int neuron)
{
  page->pinned[page->n_pinned++] = neuron;
  pct_slide_history_set_pinned(page->history, page->pinned, page->n_pinned);
}

static void
step_ends(Page *page)
{
  pct_slide_history_release(page->history);
}

static void
test_undo(Fixture *fixture, gconstpointer data)
{
  Page page;
  open_page(&page, fixture);
  PctSlideHistory *history = page.history;
  PctSlide *slide = page.slide;
  float recorded = pct_slide_get_recorded(slide, 4);
  // Looking around is no step.
  pct_slide_set_base(slide, FIRST_TEST + 1, 0);
  pct_slide_history_flush(history);
  pct_slide_set_base(slide, FIRST_TEST, PCT_MEAN_OF_REPEATS);
  pct_slide_history_flush(history);
  g_assert_false(pct_slide_history_can_undo(history));
  g_assert_false(pct_slide_history_undo(history));

  // A drag of a hundred values is one step; without the knob, so is a quick row of keys.
  pct_slide_history_hold(history);
  for (int i = 0; i < 100; i++) {
    pct_slide_set_response(slide, 4, (float)i);
    pct_slide_history_flush(history);
  }
  pct_slide_history_release(history);
  g_assert_cmpuint(pct_slide_history_get_n_steps(history), ==, 1);
  for (int i = 0; i < 10; i++) {
    pct_slide_set_response(slide, 4, 100 + (float)i);
    drain();
  }
  g_assert_cmpuint(pct_slide_history_get_n_steps(history), ==, 2);
  // Another neuron is another step, without a pause between.
  pct_slide_set_response(slide, 5, 7);
  pct_slide_history_flush(history);
  g_assert_cmpuint(pct_slide_history_get_n_steps(history), ==, 3);
  g_autofree char *text = pct_slide_history_dup_undo_text(history);
  g_assert_cmpstr(text, ==, "response of neuron 5");
  g_assert_true(pct_slide_history_undo(history));
  g_assert_cmpfloat(pct_slide_get_response(slide, 5), ==, pct_slide_get_recorded(slide, 5));
  g_assert_cmpfloat(pct_slide_get_response(slide, 4), ==, 109);
  g_assert_true(pct_slide_history_undo(history));
  g_assert_cmpfloat(pct_slide_get_response(slide, 4), ==, 99);
  g_assert_true(pct_slide_history_undo(history));
  g_assert_cmpfloat(pct_slide_get_response(slide, 4), ==, recorded);
  g_assert_false(pct_slide_is_changed(slide));
  g_assert_false(pct_slide_history_can_undo(history));
  for (int i = 0; i < 3; i++)
    g_assert_true(pct_slide_history_redo(history));
  g_assert_false(pct_slide_history_redo(history));
  g_assert_cmpfloat(pct_slide_get_response(slide, 5), ==, 7);

  // Letting a pinned neuron go puts it back as well: one turn of the main loop, one step.
  pin(&page, 5);
  step_ends(&page);
  page.n_pinned = 0;
  pct_slide_reset(slide, (int[]){ 5 }, 1);
  pct_slide_history_set_pinned(history, NULL, 0);
  drain();
  g_assert_cmpuint(pct_slide_history_get_n_steps(history), ==, 5);
  g_assert_true(pct_slide_history_undo(history));
  g_assert_cmpfloat(pct_slide_get_response(slide, 5), ==, 7);
  g_assert_cmpuint(page.n_pinned, ==, 1);

  // Another image forgets the changes; going back brings them. What is done then cuts off what was ahead.
  step_ends(&page);
  pct_slide_set_base(slide, FIRST_TEST + 2, 1);
  step_ends(&page);
  g_assert_false(pct_slide_is_changed(slide));
  g_assert_true(pct_slide_history_undo(history));
  g_assert_cmpint(pct_slide_get_image(slide), ==, FIRST_TEST);
  g_assert_cmpint(pct_slide_get_repeat(slide), ==, PCT_MEAN_OF_REPEATS);
  g_assert_cmpfloat(pct_slide_get_response(slide, 4), ==, 109);
  pct_slide_draw_latent(slide, 12);
  step_ends(&page);
  g_assert_false(pct_slide_history_can_redo(history));
  g_assert_true(pct_slide_history_undo(history));
  g_assert_true(pct_slide_is_latent_zero(slide));
  g_assert_true(pct_slide_history_redo(history));
  g_assert_cmpuint(pct_slide_get_latent_seed(slide), ==, 12);

  // Dragged there and back: no step at all.
  guint before = pct_slide_history_get_n_steps(history);
  pct_slide_history_hold(history);
  float value = pct_slide_get_response(slide, 9);
  for (int i = 0; i < 2; i++) {
    pct_slide_set_response(slide, 9, i == 0 ? 50 : value);
    pct_slide_history_flush(history);
    g_assert_cmpuint(pct_slide_history_get_n_steps(history), ==, before + 1 - (guint)i);
  }
  pct_slide_history_release(history);
  close_page(&page, fixture);
}

// Anything at random, then all the way back and forth: every state is met again exactly.
static void
test_random_walk(Fixture *fixture, gconstpointer data)
{
  Page page;
  open_page(&page, fixture);
  PctRandom random = pct_random(4, 0);
  g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func((GDestroyNotify)pct_slide_state_free);
  g_ptr_array_add(states, pct_slide_history_dup_state(page.history));
  for (int i = 0; i < 300; i++) {
    int neuron = (int)pct_random_below(&random, N_NEURONS);
    switch (i == 0 ? 0 : pct_random_below(&random, 7)) {
      case 0: pct_slide_set_response(page.slide, neuron, (float)pct_random_normal(&random)); break;
      case 1: pct_slide_reset(page.slide, &neuron, 1); break;
      case 2: pct_slide_scale(page.slide, (int[]){ neuron, (neuron + 1) % N_NEURONS }, 2, pct_random_uniform(&random)); break;
      case 3: pct_slide_set_base(page.slide, FIRST_TEST + neuron % N_TEST, neuron % N_REPEATS); break;
      case 4: pct_slide_draw_latent(page.slide, 1 + pct_random_below(&random, 3)); break;
      case 5: page.n_pinned = 0, pin(&page, neuron); break;
      case 6: {
        g_autoptr(PctResponses) other = pct_project_dup_responses(page.project, neuron, PCT_MEAN_OF_REPEATS);
        pct_slide_set_all(page.slide, pct_responses_get_values(other), pct_responses_get_n_averaged(other));
        break;
      }
      default: g_assert_not_reached();
    }
    step_ends(&page);
    PctSlideState *now = pct_slide_history_dup_state(page.history);
    if (pct_slide_state_compare(states->pdata[states->len - 1], now))
      g_ptr_array_add(states, now);
    else
      pct_slide_state_free(now);
  }
  // The oldest are forgotten.
  g_assert_cmpuint(states->len, >, 210);
  g_assert_cmpuint(pct_slide_history_get_n_steps(page.history), ==, 200);
  guint oldest = states->len - 201;
  for (int way = 0; way < 2; way++)
    for (guint i = 0; i < 200; i++) {
      g_autofree char *text = way == 0 ? pct_slide_history_dup_undo_text(page.history)
                                       : pct_slide_history_dup_redo_text(page.history);
      g_assert_nonnull(text);
      g_assert_true(way == 0 ? pct_slide_history_undo(page.history) : pct_slide_history_redo(page.history));
      g_autoptr(PctSlideState) now = pct_slide_history_dup_state(page.history);
      g_assert_cmpint(pct_slide_state_compare(now, states->pdata[way == 0 ? oldest + 199 - i : oldest + 1 + i]), ==, 0);
      if (way == 0 && i == 100) {  // closed and opened again here
        close_page(&page, fixture);
        open_page(&page, fixture);
        g_assert_cmpuint(pct_slide_history_get_n_steps(page.history), ==, 200);
        g_assert_null(pct_slide_history_get_problem(page.history));
        // The first undo brings back what was in hand.
        g_assert_true(pct_slide_history_undo(page.history));
        g_autoptr(PctSlideState) again = pct_slide_history_dup_state(page.history);
        g_assert_cmpint(pct_slide_state_compare(again, now), ==, 0);
      }
    }
  close_page(&page, fixture);
}

static void
test_restart(Fixture *fixture, gconstpointer data)
{
  Page page;
  open_page(&page, fixture);
  pin(&page, 3);
  pct_slide_set_response(page.slide, 3, 0.1f);
  step_ends(&page);
  close_page(&page, fixture);

  open_page(&page, fixture);
  g_assert_false(pct_slide_is_changed(page.slide));
  g_assert_false(pct_slide_history_can_redo(page.history));
  g_assert_true(pct_slide_history_undo(page.history));
  g_assert_cmpfloat(pct_slide_get_response(page.slide, 3), ==, 0.1f);
  g_assert_cmpint(page.pinned[0], ==, 3);
  // Something else in hand after opening is a step to come back to.
  g_assert_true(pct_slide_history_redo(page.history));
  g_assert_false(pct_slide_is_changed(page.slide));
  close_page(&page, fixture);

  open_page(&page, fixture);
  pct_slide_set_base(page.slide, FIRST_TEST + 3, 0);  // looking
  drain();
  pct_slide_set_response(page.slide, 8, 5);
  step_ends(&page);
  g_assert_true(pct_slide_history_undo(page.history));
  g_assert_cmpint(pct_slide_get_image(page.slide), ==, FIRST_TEST + 3);
  g_assert_false(pct_slide_is_changed(page.slide));
  g_assert_true(pct_slide_history_undo(page.history));
  g_assert_cmpint(pct_slide_get_image(page.slide), ==, FIRST_TEST);
  close_page(&page, fixture);
}

#define STATE(extra)                                                                                                     \
  "{\"image\":0,\"repeat\":-1,\"n_averaged\":0,\"latent_seed\":\"0\",\"neurons\":[1],\"values\":[2.5],\"pinned\":[]" extra "}"

static char *
dup_history_path(PctProject *project, const char *name)
{
  return g_build_filename(pct_project_get_workspace(project), name, NULL);
}

static void
test_hostile(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  g_autofree char *path = dup_history_path(project, "slide-history.json");
  g_autofree char *marks = dup_history_path(project, "slide-bookmarks.json");
  g_autofree char *fingerprint = g_strdup(pct_project_get_fingerprint(project));
  g_mkdir_with_parents(pct_project_get_workspace(project), 0755);
  close_project(fixture, project);
  const struct {
    const char *body;  // after format and fingerprint; a whole text if it begins otherwise
    gboolean good;
  } cases[] = {
    { "\"position\":0,\"first\":" STATE("") ",\"steps\":[]}", TRUE },
    { "\"position\":1,\"first\":" STATE("") ",\"steps\":[" STATE("") "]}", TRUE },
    { "\"position\":2,\"first\":" STATE("") ",\"steps\":[" STATE("") "]}", FALSE },
    { "\"position\":-1,\"first\":" STATE("") ",\"steps\":[]}", FALSE },
    { "\"position\":\"0\",\"first\":" STATE("") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE("") ",\"steps\":[7]}", FALSE },
    { "\"position\":0,\"first\":" STATE("") ",\"steps\":{}}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"image\":108") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"image\":-2") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"image\":1e300") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"repeat\":1") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"latent_seed\":\"-1\"") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"latent_seed\":5") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"neurons\":[24]") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"neurons\":[2,1],\"values\":[1,1]") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"neurons\":[1,1],\"values\":[1,1]") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"neurons\":[1,2]") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"values\":[null]") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"values\":[1e300]") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"values\":[\"1\"]") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"values\":[[]]") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"pinned\":[3,3]") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"pinned\":3") ",\"steps\":[]}", FALSE },
    { "\"position\":0,\"first\":" STATE(",\"n_averaged\":-1") ",\"steps\":[]}", FALSE },
    { "\"position\":1,\"first\":" STATE("") ",\"steps\":[" STATE(",\"values\":[null]") "]}", TRUE },
    { "{}", FALSE },
    { "[1", FALSE },
    { "{\"format\":\"percept-slide-history-2\"}", FALSE },
    { "{\"format\":\"percept-slide-history-1\",\"fingerprint\":\"0123\"}", FALSE },
    { "{\"format\":[\"percept-slide-history-1\"]}", FALSE },
    { "\xff\xfe", FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text =
      cases[i].body[0] == '"' ? g_strdup_printf("{\"format\":\"percept-slide-history-1\",\"fingerprint\":\"%s\",%s",
                                                fingerprint, cases[i].body)
                              : g_strdup(cases[i].body);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    Page page;
    open_page(&page, fixture);
    g_autofree char *shown = g_utf8_make_valid(cases[i].body, -1);
    g_test_message("%s: %s", shown, pct_slide_history_get_problem(page.history));
    if (cases[i].good)
      g_assert_null(pct_slide_history_get_problem(page.history));
    else
      g_assert_nonnull(pct_slide_history_get_problem(page.history));
    // What is done now is kept; what was there stands beside it, if it was of no use.
    pct_slide_set_response(page.slide, 2, 9);
    step_ends(&page);
    close_page(&page, fixture);
    g_autofree char *aside = g_strconcat(path, ".1", NULL), *kept = NULL, *now = NULL;
    g_assert_true(g_file_get_contents(path, &now, NULL, NULL));
    g_assert_nonnull(strstr(now, "\"neurons\":[2]"));
    g_assert_cmpint(g_file_test(aside, G_FILE_TEST_EXISTS), ==, !cases[i].good);
    if (!cases[i].good) {
      g_assert_true(g_file_get_contents(aside, &kept, NULL, NULL));
      g_assert_cmpstr(kept, ==, text);
      g_remove(aside);
    }
  }
  // The same of bookmarks, which name a state twice or not at all.
  const char *lists[] = { "{}", "[{}]", "[{\"name\":\"a\"}]", "[" STATE("") "]",
                          "[" STATE(",\"name\":\"a\"") "," STATE(",\"name\":\"a\"") "]", "[" STATE(",\"name\":3") "]" };
  project = open_project(fixture);
  for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
    g_autofree char *text = g_strdup_printf("{\"format\":\"percept-slide-bookmarks-1\",\"fingerprint\":\"%s\","
                                            "\"bookmarks\":%s}", fingerprint, lists[i]);
    g_assert_true(g_file_set_contents(marks, text, -1, NULL));
    g_autoptr(PctSlideBookmarks) bookmarks = pct_slide_bookmarks_new(project);
    g_assert_cmpint(pct_slide_bookmarks_find(bookmarks, "a"), ==, -1);
    g_assert_nonnull(pct_slide_bookmarks_get_problem(bookmarks));
    g_assert_cmpuint(pct_slide_bookmarks_get_n(bookmarks), ==, 0);
  }
  close_project(fixture, project);
}

static void
test_bookmarks(Fixture *fixture, gconstpointer data)
{
  Page page;
  open_page(&page, fixture);
  PctModel *model = train_ridge(page.project);
  g_autofree char *model_name = g_strdup(pct_model_get_name(model));
  g_autoptr(GError) error = NULL;
  PctSlideBookmarks *bookmarks = pct_slide_bookmarks_new(page.project);
  pct_slide_set_model(page.slide, model);
  pct_slide_set_base(page.slide, FIRST_TEST + 1, 2);
  pct_slide_set_response(page.slide, 6, 0.3f);
  pct_slide_draw_latent(page.slide, G_MAXUINT64 - 1);
  pin(&page, 6);
  pin(&page, 2);
  pct_slide_history_set_view(page.history, "lesions");
  step_ends(&page);
  g_autoptr(PctSlideState) state = pct_slide_history_dup_state(page.history);
  g_assert_true(pct_slide_bookmarks_add(bookmarks, "  Dark “edge” \n", state, &error));
  g_assert_cmpstr(pct_slide_bookmarks_get_name(bookmarks, 0), ==, "Dark “edge”");
  g_assert_false(pct_slide_bookmarks_add(bookmarks, "Dark “edge”", state, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_clear_error(&error);
  g_assert_false(pct_slide_bookmarks_add(bookmarks, " ", state, &error));
  g_clear_error(&error);
  g_assert_true(pct_slide_bookmarks_add(bookmarks, "two", state, &error));
  g_assert_true(pct_slide_bookmarks_add(bookmarks, "three", state, &error));
  pct_slide_bookmarks_remove(bookmarks, "two");
  pct_slide_bookmarks_remove(bookmarks, "none of this name");
  g_assert_false(pct_slide_bookmarks_rename(bookmarks, "three", "Dark “edge”", &error));
  g_clear_error(&error);
  g_assert_false(pct_slide_bookmarks_rename(bookmarks, "two", "four", &error));
  g_clear_error(&error);
  g_assert_true(pct_slide_bookmarks_rename(bookmarks, "three", "four", &error));
  g_assert_finalize_object(bookmarks);
  close_page(&page, fixture);

  // Opened again: the same, and what is gone to can be undone.
  open_page(&page, fixture);
  bookmarks = pct_slide_bookmarks_new(page.project);
  wait_until(pct_slide_bookmarks_get_n(bookmarks) == 2);  // read meanwhile
  g_assert_null(pct_slide_bookmarks_get_problem(bookmarks));
  g_assert_cmpint(pct_slide_bookmarks_find(bookmarks, "four"), ==, 1);
  const PctSlideState *kept = pct_slide_bookmarks_get_state(bookmarks, 0);
  g_assert_cmpint(pct_slide_state_compare(kept, state), ==, 0);
  g_assert_cmpstr(kept->view, ==, "lesions");
  pct_slide_history_go_to(page.history, kept);
  g_assert_cmpint(pct_slide_get_image(page.slide), ==, FIRST_TEST + 1);
  g_assert_cmpint(pct_slide_get_repeat(page.slide), ==, 2);
  g_assert_cmpfloat(pct_slide_get_response(page.slide, 6), ==, 0.3f);
  g_assert_cmpuint(pct_slide_get_latent_seed(page.slide), ==, G_MAXUINT64 - 1);
  g_assert_cmpstr(pct_model_get_name(pct_slide_get_model(page.slide)), ==, model_name);
  g_assert_cmpuint(page.n_pinned, ==, 2);
  g_assert_true(pct_slide_history_undo(page.history));
  g_assert_cmpint(pct_slide_get_image(page.slide), ==, FIRST_TEST);
  g_assert_finalize_object(bookmarks);
  close_page(&page, fixture);
}

// Where nothing can be written there is a sentence, and everything goes on.
static void
test_unwritable(Fixture *fixture, gconstpointer data)
{
  Page page;
  open_page(&page, fixture);
  // A file where the workspace's folder should be.
  g_assert_true(g_file_set_contents(pct_project_get_workspace(page.project), "", -1, NULL));
  pct_slide_set_response(page.slide, 1, 5);
  step_ends(&page);
  wait_until(pct_slide_history_get_problem(page.history));
  g_assert_true(pct_slide_history_undo(page.history));
  g_assert_false(pct_slide_is_changed(page.slide));
  close_page(&page, fixture);
}

static void
test_several(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctSlide *slide = pct_slide_new(project);
  const float *mean = pct_project_get_ranges(project)->mean;
  const int neurons[] = { 7, 2, 19 };
  pct_slide_set_base(slide, FIRST_TEST, PCT_MEAN_OF_REPEATS);
  g_assert_cmpfloat(pct_slide_get_scale(slide, neurons, 3), ==, 1);
  pct_slide_scale(slide, neurons, 3, 2.5);
  for (int i = 0; i < 3; i++) {
    double recorded = pct_slide_get_recorded(slide, neurons[i]), usual = mean[neurons[i]];
    g_assert_cmpfloat_with_epsilon(pct_slide_get_response(slide, neurons[i]), usual + 2.5 * (recorded - usual), 1e-5);
  }
  g_assert_cmpfloat(pct_slide_get_response(slide, 0), ==, pct_slide_get_recorded(slide, 0));
  g_assert_cmpfloat_with_epsilon(pct_slide_get_scale(slide, neurons, 3), 2.5, 1e-4);
  pct_slide_silence(slide, neurons, 3);
  for (int i = 0; i < 3; i++)
    g_assert_cmpfloat(pct_slide_get_response(slide, neurons[i]), ==, mean[neurons[i]]);
  g_assert_cmpfloat_with_epsilon(pct_slide_get_scale(slide, neurons, 3), 0, 1e-6);
  pct_slide_set_response(slide, 2, 50);
  g_assert_true(isnan(pct_slide_get_scale(slide, neurons, 3)));
  pct_slide_scale(slide, neurons, 3, 1);
  g_assert_false(pct_slide_is_changed(slide));

  // Another trial's responses over these: a single one, which a decoder that shrinks by the number of trials must know.
  train_kind(project, "ln", "epochs=2");
  pct_slide_set_model(slide, train_kind(project, "lmmse", ""));
  g_autoptr(PctResponses) single = pct_project_dup_responses(project, FIRST_TEST, 1);
  pct_slide_set_all(slide, pct_responses_get_values(single), 1);
  g_assert_true(pct_slide_is_changed(slide));
  g_assert_cmpint(pct_slide_get_n_averaged(slide), ==, 1);
  g_assert_cmpint(pct_slide_get_n_recorded(slide), ==, N_REPEATS);
  wait_until(!pct_slide_is_busy(slide));
  g_autoptr(PctPicture) drawn = pct_picture_ref(pct_slide_get_reconstruction(slide));
  pct_slide_set_all(slide, pct_responses_get_values(single), 0);
  g_assert_cmpint(pct_slide_get_n_averaged(slide), ==, N_REPEATS);
  wait_until(!pct_slide_is_busy(slide));
  g_assert_cmpfloat(largest_difference(drawn, pct_slide_get_reconstruction(slide)), >, 0.5);
  pct_slide_set_base(slide, FIRST_TEST, 1);
  wait_until(!pct_slide_is_busy(slide));
  g_assert_cmpfloat(largest_difference(drawn, pct_slide_get_reconstruction(slide)), <, 1e-2);
  g_object_unref(slide);
  close_project(fixture, project);
}

static void
add_all(void)
{
  add("/work/slide-history/undo", test_undo);
  add("/work/slide-history/random-walk", test_random_walk);
  add("/work/slide-history/restart", test_restart);
  add("/work/slide-history/hostile", test_hostile);
  add("/work/slide-history/unwritable", test_unwritable);
  add("/work/slide-bookmarks/bookmarks", test_bookmarks);
  add("/work/slide/several", test_several);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
