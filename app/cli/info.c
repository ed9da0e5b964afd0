// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli info: what a file holds: a recording, a model, a workspace, weights, or one array. Every description is a
// list of fields, printed as lines or as JSON.
#include "config.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include "base/error.h"
#include "command.h"
#include "console.h"
#include "data/archive.h"
#include "info.h"
#include "models.h"

static void
add_tier(PctInfo *out, const PctRecording *recording, PctTier tier)
{
  int n_trials, n_images;
  pct_recording_get_tier_trials(recording, tier, &n_trials);
  const int *images = pct_recording_get_tier_images(recording, tier, &n_images);
  int least = G_MAXINT, most = 0;
  for (int i = 0; i < n_images; i++) {
    int n;
    pct_recording_get_image_trials(recording, images[i], &n);
    least = MIN(least, n);
    most = MAX(most, n);
  }
  if (out->json) {
    json_builder_set_member_name(out->json, pct_tier_get_name(tier));
    json_builder_begin_object(out->json);
    pct_info_add_integer(out, "trials", NULL, n_trials);
    pct_info_add_integer(out, "images", NULL, n_images);
    pct_info_add_integer(out, "repeats_least", NULL, n_images ? least : 0);
    pct_info_add_integer(out, "repeats_most", NULL, most);
    json_builder_end_object(out->json);
    return;
  }
  g_autofree char *repeats = least == most ? g_strdup_printf("%d", most) : g_strdup_printf("%d–%d", least, most);
  g_autofree char *text = n_trials == 0 ? g_strdup("–")
                                        : g_strdup_printf(_("%d trials of %d images, each shown %s times"), n_trials,
                                                          n_images,
                                                          repeats);
  g_autofree char *once = most == 1 ? g_strdup_printf(_("%d trials of %d images"), n_trials, n_images) : NULL;
  g_autofree char *label = g_strdup_printf(_("Tier %s"), pct_tier_get_name(tier));
  pct_table_add(out->table, label, once ? once : text);
}

static gboolean
describe_recording(PctInfo *out, const char *argument, const char *trials, const PctRun *run, GError **error)
{
  g_auto(PctOpenedRecording) opened = { 0 };
  if (!pct_recording_argument_open(&opened, argument, trials, run, error))
    return FALSE;
  PctRecording *recording = opened.recording;
  const PctStatistics *statistics = opened.statistics;
  int dimensions = 0;
  gboolean positions = pct_recording_get_cell_positions(recording, &dimensions) != NULL;
  gboolean averaged = pct_recording_is_averaged(recording);
  pct_info_add_text(out, "type", _("Type"), out->json ? "recording" : _("recording"));
  pct_info_add_text(out, "name", _("Name"), pct_recording_get_name(recording));
  pct_info_add_text(out, "fingerprint", _("Fingerprint"), pct_recording_get_fingerprint(recording));
  pct_info_add_integer(out, "neurons", _("Neurons"), pct_recording_get_n_neurons(recording));
  pct_info_add_integer(out, "trials", _("Trials"), pct_recording_get_n_trials(recording));
  if (pct_recording_get_trials(recording)) {
    pct_info_add_text(out, "condition", _("That meet"), pct_recording_get_trials(recording));
    pct_info_add_integer(out, "all_trials", _("Of trials in all"), opened.n_all_trials);
  }
  pct_info_add_integer(out, "images", _("Images"), pct_recording_get_n_images(recording));
  pct_info_add_size(out, pct_recording_get_height(recording), pct_recording_get_width(recording));
  if (out->json) {
    json_builder_set_member_name(out->json, "tiers");
    json_builder_begin_object(out->json);
  }
  for (int tier = 0; tier < PCT_N_TIERS; tier++)
    add_tier(out, recording, tier);
  if (out->json) {
    json_builder_end_object(out->json);
    json_builder_set_member_name(out->json, "recorded_as_means");
    json_builder_add_boolean_value(out->json, averaged);
    pct_info_add_integer(out, "position_dimensions", NULL, positions ? dimensions : 0);
  } else {
    g_autofree char *text = g_strdup_printf(_("%d coordinates each"), dimensions);
    pct_table_add(out->table, _("Responses"), averaged ? _("means over repeats") : _("single trials"));
    pct_table_add(out->table, _("Cell positions"), positions ? text : _("not in the file"));
  }
  pct_info_add_recording(out, recording);
  pct_info_add_number(out, "image_mean", _("Mean of the images"), statistics->image_mean, _("grey levels"));
  pct_info_add_number(out, "image_std", _("Their spread"), statistics->image_std, _("grey levels"));
  double mean = 0, spread = 0;
  for (int j = 0; j < statistics->n_neurons; j++) {
    mean += (double)statistics->response_mean[j] / statistics->n_neurons;
    spread += (double)statistics->response_std[j] / statistics->n_neurons;
  }
  pct_info_add_number(out, "response_mean", _("Mean response"), mean, "");
  pct_info_add_number(out, "response_std", _("Its spread over trials"), spread, "");
  return TRUE;
}

static gboolean
describe_array(PctInfo *out, const char *path, GError **error)
{
  g_autoptr(PctNpyArray) array = pct_npy_load(path, NULL, error);
  if (!array)
    return FALSE;
  g_autofree char *text = pct_npy_array_describe(array);
  pct_info_add_text(out, "type", _("Type"), out->json ? "array" : _("array"));
  pct_info_add_text(out, "array", _("Holds"), text);
  return TRUE;
}

static gboolean
holds(const char *folder, const char *name, GFileTest test)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return g_file_test(path, test);
}

// An .npz file of most exciting inputs is no recording; what cannot be opened is told of as one.
static gboolean
holds_meis(const char *path)
{
  g_autoptr(PctArchive) archive =
    g_str_has_suffix(path, ".npz") && g_file_test(path, G_FILE_TEST_IS_REGULAR) ? pct_archive_open(path, NULL, NULL) : NULL;
  return archive && pct_archive_has(archive, "meis.npy");
}

static gboolean
describe_other(PctInfo *out, const char *path, gboolean *is_other, GError **error)
{
  if (holds(path, "model.json", G_FILE_TEST_IS_REGULAR))
    return pct_info_describe_model(out, path, error);
  if (holds(path, "workspace.json", G_FILE_TEST_IS_REGULAR) || holds(path, "models", G_FILE_TEST_IS_DIR))
    return pct_info_describe_workspace(out, path, error);
  if (g_str_has_suffix(path, ".safetensors") || g_str_has_suffix(path, ".pt") || g_str_has_suffix(path, ".pth"))
    return pct_info_describe_weights(out, path, error);
  if (g_str_has_suffix(path, ".npy"))
    return describe_array(out, path, error);
  if (holds_meis(path))
    return pct_info_describe_meis(out, path, error);
  *is_other = FALSE;
  return TRUE;
}

static gboolean
describe(PctInfo *out, const char *path, const char *trials, const PctRun *run, GError **error)
{
  gboolean is_other = TRUE;
  if (!describe_other(out, path, &is_other, error))
    return FALSE;
  if (!is_other)
    return describe_recording(out, path, trials, run, error);
  if (trials)
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("“%s” is no recording, and has no trials to choose from."),
                path);
  return !trials;
}

static int
run_info(char **arguments)
{
  g_autofree char *trials = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print as JSON"), NULL },
    PCT_TRIALS_ENTRY(&trials),
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, "FILE", 1,
                         _("FILE is a recording, “demo”, a model’s folder, a workspace, weights (.pt, .safetensors), a set\n"
                           "of most exciting inputs (.npz) or an .npy file.")))
    return PCT_EXIT_USAGE;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  g_autoptr(PctTable) table = json ? NULL : pct_table_new("ll");
  g_autoptr(JsonBuilder) builder = json ? json_builder_new() : NULL;
  PctInfo out = { table, builder };
  if (json)
    json_builder_begin_object(builder);
  if (!console || !describe(&out, arguments[1], trials, pct_console_get_run(console), &error))
    return pct_console_fail(console, error);
  pct_console_finish(console);
  if (json) {
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    g_autofree char *text = json_to_string(root, TRUE);
    puts(text);
  } else {
    pct_table_print(table, "");
  }
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_info = { "info", N_("tell what a recording, a model or a weights file holds"), run_info };
