// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli info: what a file holds: a recording, a model, a workspace, weights, or one array. Every description is a
// list of fields, printed as lines or as JSON.
#include "config.h"
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>
#include "command.h"
#include "console.h"
#include "data/npy.h"
#include "models.h"
#include "table.h"
#include "work/workspace.h"

// Where fields go: a table for a person or an object for a machine; the other is NULL.
typedef struct {
  PctTable *table;
  JsonBuilder *json;
} Out;

static void
add_text(Out *out, const char *name, const char *label, const char *value)
{
  if (out->json) {
    json_builder_set_member_name(out->json, name);
    json_builder_add_string_value(out->json, value ? value : "");
  } else {
    pct_table_add(out->table, label, value);
  }
}

static void
add_integer(Out *out, const char *name, const char *label, gint64 value)
{
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);
  if (out->json) {
    json_builder_set_member_name(out->json, name);
    json_builder_add_int_value(out->json, value);
  } else {
    pct_table_add(out->table, label, text);
  }
}

static void
add_number(Out *out, const char *name, const char *label, double value, const char *unit)
{
  g_autofree char *text = isfinite(value) ? g_strdup_printf("%.4g%s%s", value, *unit ? " " : "", unit) : g_strdup("–");
  if (!out->json) {
    pct_table_add(out->table, label, text);
    return;
  }
  json_builder_set_member_name(out->json, name);
  if (isfinite(value))
    json_builder_add_double_value(out->json, value);
  else
    json_builder_add_null_value(out->json);
}

static void
add_size(Out *out, int height, int width)
{
  g_autofree char *text = g_strdup_printf(_("%d × %d pixels"), width, height);
  if (out->json) {
    add_integer(out, "height", NULL, height);
    add_integer(out, "width", NULL, width);
  } else {
    pct_table_add(out->table, _("Frame"), text);
  }
}

static void
add_tier(Out *out, const PctRecording *recording, PctTier tier)
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
    add_integer(out, "trials", NULL, n_trials);
    add_integer(out, "images", NULL, n_images);
    add_integer(out, "repeats_least", NULL, n_images ? least : 0);
    add_integer(out, "repeats_most", NULL, most);
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
describe_recording(Out *out, const char *argument, const PctRun *run, GError **error)
{
  g_auto(PctOpenedRecording) opened = { 0 };
  if (!pct_recording_argument_open(&opened, argument, run, error))
    return FALSE;
  PctRecording *recording = opened.recording;
  const PctStatistics *statistics = opened.statistics;
  int dimensions = 0;
  gboolean positions = pct_recording_get_cell_positions(recording, &dimensions) != NULL;
  gboolean averaged = pct_recording_is_averaged(recording);
  add_text(out, "type", _("Type"), out->json ? "recording" : _("recording"));
  add_text(out, "name", _("Name"), pct_recording_get_name(recording));
  add_text(out, "fingerprint", _("Fingerprint"), pct_recording_get_fingerprint(recording));
  add_integer(out, "neurons", _("Neurons"), pct_recording_get_n_neurons(recording));
  add_integer(out, "trials", _("Trials"), pct_recording_get_n_trials(recording));
  add_integer(out, "images", _("Images"), pct_recording_get_n_images(recording));
  add_size(out, pct_recording_get_height(recording), pct_recording_get_width(recording));
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
    add_integer(out, "position_dimensions", NULL, positions ? dimensions : 0);
  } else {
    g_autofree char *text = g_strdup_printf(_("%d coordinates each"), dimensions);
    pct_table_add(out->table, _("Responses"), averaged ? _("means over repeats") : _("single trials"));
    pct_table_add(out->table, _("Cell positions"), positions ? text : _("not in the file"));
  }
  add_number(out, "image_mean", _("Mean of the images"), statistics->image_mean, _("grey levels"));
  add_number(out, "image_std", _("Their spread"), statistics->image_std, _("grey levels"));
  double mean = 0, spread = 0;
  for (int j = 0; j < statistics->n_neurons; j++) {
    mean += (double)statistics->response_mean[j] / statistics->n_neurons;
    spread += (double)statistics->response_std[j] / statistics->n_neurons;
  }
  add_number(out, "response_mean", _("Mean response"), mean, "");
  add_number(out, "response_std", _("Its spread over trials"), spread, "");
  return TRUE;
}

static gboolean
describe_model(Out *out, const char *folder, GError **error)
{
  g_autoptr(PctModelInfo) info = pct_model_info_load(folder, pct_decoder_find_kind, error);
  if (!info)
    return FALSE;
  g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, info->seed);
  add_text(out, "type", _("Type"), out->json ? "model" : _("model"));
  add_text(out, "name", _("Name"), info->name);
  add_text(out, "kind", _("Kind"), info->kind->kind);
  add_text(out, "state", _("State"),
           info->finished ? (out->json ? "finished" : _("finished")) : (out->json ? "stopped" : _("stopped")));
  add_text(out, "recording", _("Recording"), info->recording_name);
  add_text(out, "fingerprint", _("Fingerprint"), info->fingerprint);
  add_integer(out, "neurons", _("Neurons"), info->n_neurons);
  add_size(out, info->height, info->width);
  add_text(out, "created", _("Begun"), info->created);
  add_number(out, "seconds", _("Fitted in"), info->seconds, "s");
  add_text(out, "seed", _("Seed"), seed);
  add_number(out, "validation_pixcorr", _("Validation PixCorr"), info->validation_pixcorr, "");
  add_number(out, "validation_ssim", _("Validation SSIM"), info->validation_ssim, "");
  if (out->json) {
    json_builder_set_member_name(out->json, "options");
    json_builder_begin_object(out->json);
  }
  const PctOptionTable *table = info->options->table;
  for (guint i = 0; i < table->n_options; i++) {
    g_autofree char *value = pct_option_values_dup_text(info->options, table->options[i].name);
    g_autofree char *label = g_strdup_printf("  %s", table->options[i].name);
    add_text(out, table->options[i].name, label, value);
  }
  if (out->json)
    json_builder_end_object(out->json);
  return TRUE;
}

static gboolean
describe_workspace(Out *out, const char *folder, GError **error)
{
  g_autofree char *recording = pct_workspace_folder_find_recording(folder, NULL);
  g_autoptr(GPtrArray) models = pct_workspace_folder_list_models(folder);
  add_text(out, "type", _("Type"), out->json ? "workspace" : _("workspace"));
  add_text(out, "recording", _("Recording"), recording ? recording : "demo");
  if (out->json) {
    json_builder_set_member_name(out->json, "models");
    json_builder_begin_array(out->json);
  }
  for (guint i = 0; i < models->len; i++) {
    g_autoptr(PctModelInfo) info = pct_model_info_load(models->pdata[i], pct_decoder_find_kind, NULL);
    g_autofree char *name = g_path_get_basename(models->pdata[i]);
    if (out->json)
      json_builder_add_string_value(out->json, name);
    else
      pct_table_add(out->table, name, !info ? _("unreadable") : info->finished ? _("finished") : _("stopped"));
  }
  if (out->json)
    json_builder_end_array(out->json);
  return TRUE;
}

static gboolean
describe_weights(Out *out, const char *path, GError **error)
{
  g_autoptr(PctTensors) tensors = pct_safetensors_load(path, error);
  if (!tensors)
    return FALSE;
  gint64 total = 0;
  for (guint i = 0; i < pct_tensors_get_n(tensors); i++)
    total += (gint64)pct_tensors_get(tensors, i)->count;
  add_text(out, "type", _("Type"), out->json ? "weights" : _("weights"));
  add_integer(out, "numbers", _("Numbers"), total);
  if (out->json) {
    json_builder_set_member_name(out->json, "tensors");
    json_builder_begin_object(out->json);
  }
  for (guint i = 0; i < pct_tensors_get_n(tensors); i++) {
    const PctTensor *tensor = pct_tensors_get(tensors, i);
    g_autoptr(GString) shape = g_string_new("(");
    for (int d = 0; d < tensor->rank; d++)
      g_string_append_printf(shape, "%s%" G_GSIZE_FORMAT, d ? ", " : "", tensor->shape[d]);
    g_string_append_c(shape, ')');
    add_text(out, tensor->name, tensor->name, shape->str);
  }
  if (out->json)
    json_builder_end_object(out->json);
  return TRUE;
}

static gboolean
describe_array(Out *out, const char *path, GError **error)
{
  g_autoptr(PctNpyArray) array = pct_npy_load(path, NULL, error);
  if (!array)
    return FALSE;
  g_autofree char *text = pct_npy_array_describe(array);
  add_text(out, "type", _("Type"), out->json ? "array" : _("array"));
  add_text(out, "array", _("Holds"), text);
  return TRUE;
}

static gboolean
holds(const char *folder, const char *name, GFileTest test)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return g_file_test(path, test);
}

static gboolean
describe(Out *out, const char *path, const PctRun *run, GError **error)
{
  if (holds(path, "model.json", G_FILE_TEST_IS_REGULAR))
    return describe_model(out, path, error);
  if (holds(path, "workspace.json", G_FILE_TEST_IS_REGULAR) || holds(path, "models", G_FILE_TEST_IS_DIR))
    return describe_workspace(out, path, error);
  if (g_str_has_suffix(path, ".safetensors"))
    return describe_weights(out, path, error);
  if (g_str_has_suffix(path, ".npy"))
    return describe_array(out, path, error);
  return describe_recording(out, path, run, error);
}

static int
run_info(char **arguments)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print as JSON"), NULL },
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, "FILE", 1,
                         _("FILE is a recording, “demo”, a model’s folder, a workspace, a .safetensors or an .npy file.")))
    return PCT_EXIT_USAGE;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  g_autoptr(PctTable) table = json ? NULL : pct_table_new("ll");
  g_autoptr(JsonBuilder) builder = json ? json_builder_new() : NULL;
  Out out = { table, builder };
  if (json)
    json_builder_begin_object(builder);
  if (!console || !describe(&out, arguments[1], pct_console_get_run(console), &error))
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
