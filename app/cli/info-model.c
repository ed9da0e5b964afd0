// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include <glib/gi18n.h>
#include <math.h>
#include "info.h"
#include "models.h"
#include "nn/torch-file.h"
#include "work/fill-meis.h"
#include "work/workspace.h"

void
pct_info_add_text(PctInfo *out, const char *name, const char *label, const char *value)
{
  if (out->json) {
    json_builder_set_member_name(out->json, name);
    json_builder_add_string_value(out->json, value ? value : "");
  } else {
    pct_table_add(out->table, label, value);
  }
}

void
pct_info_add_integer(PctInfo *out, const char *name, const char *label, gint64 value)
{
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);
  if (out->json) {
    json_builder_set_member_name(out->json, name);
    json_builder_add_int_value(out->json, value);
  } else {
    pct_table_add(out->table, label, text);
  }
}

void
pct_info_add_number(PctInfo *out, const char *name, const char *label, double value, const char *unit)
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

void
pct_info_add_size(PctInfo *out, int height, int width)
{
  g_autofree char *text = g_strdup_printf(_("%d × %d pixels"), width, height);
  if (out->json) {
    pct_info_add_integer(out, "height", NULL, height);
    pct_info_add_integer(out, "width", NULL, width);
  } else {
    pct_table_add(out->table, _("Frame"), text);
  }
}

static const char *
get_role(const PctInfo *out, PctRole role)
{
  static const char *const names[] = { "encoder", "mei-set", "decoder" };
  return out->json                  ? names[role]
         : role == PCT_ROLE_ENCODER ? _("encoder: images to responses")
         : role == PCT_ROLE_MEI_SET ? _("most exciting inputs")
                                    : _("decoder: responses to images");
}

// Of a set that may not be complete.
static gboolean
add_rows(PctInfo *out, const char *folder, const PctModelInfo *info, GError **error)
{
  g_autofree char *path = pct_workspace_folder_dup_meis_path(folder);
  g_autoptr(PctMeiSet) set = pct_mei_set_load(path, error);
  if (set)
    pct_info_add_integer(out, "ready", _("Found"), pct_mei_set_count_ready(set));
  return set != NULL;
}

// What it was made with.
static void
add_origins(PctInfo *out, const PctModelInfo *info)
{
  if (info->encoder) {
    g_autofree char *shown = g_filename_display_name(info->encoder);
    pct_info_add_text(out, "encoder", _("Made with encoder"), shown);
    pct_info_add_text(out, "encoder_hash", _("Its weights’ SHA-256"), info->encoder_hash);
  }
  if (info->meis) {
    g_autofree char *shown = g_filename_display_name(info->meis);
    pct_info_add_text(out, "meis", _("Made with MEI set"), shown);
    pct_info_add_text(out, "meis_hash", _("Its images’ SHA-256"), info->meis_hash);
  }
  if (info->photographs) {
    g_autofree char *shown = g_filename_display_name(info->photographs);
    pct_info_add_text(out, "photographs", _("Shown photographs"), shown);
  }
}

// What a fit found that is one number: a gain, what a bank of filters can show at best. Where the weights are not to be
// read, whoever wants to use the model is told why.
static void
add_fitted(PctInfo *out, const char *folder)
{
  g_autofree char *path = g_build_filename(folder, "weights.safetensors", NULL);
  g_autoptr(PctTensors) tensors = pct_safetensors_load(path, NULL);
  if (!tensors)
    return;
  if (out->json) {
    json_builder_set_member_name(out->json, "fitted");
    json_builder_begin_object(out->json);
  }
  for (guint i = 0; i < pct_tensors_get_n(tensors); i++) {
    const PctTensor *tensor = pct_tensors_get(tensors, i);
    if (tensor->rank == 0)
      pct_info_add_number(out, tensor->name, tensor->name, tensor->values[0], "");
  }
  if (out->json)
    json_builder_end_object(out->json);
}

gboolean
pct_info_describe_model(PctInfo *out, const char *folder, GError **error)
{
  g_autoptr(PctModelInfo) info = pct_model_info_load(folder, pct_model_kinds_find, error);
  if (!info)
    return FALSE;
  g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, info->seed);
  pct_info_add_text(out, "type", _("Type"), out->json ? "model" : _("model"));
  pct_info_add_text(out, "name", _("Name"), info->name);
  pct_info_add_text(out, "kind", _("Kind"), info->kind->kind);
  pct_info_add_text(out, "role", _("Role"), get_role(out, info->kind->role));
  pct_info_add_text(out, "state", _("State"),
           info->finished ? (out->json ? "finished" : _("finished")) : (out->json ? "stopped" : _("stopped")));
  pct_info_add_text(out, "recording", _("Recording"), info->recording_name);
  if (info->trials)
    pct_info_add_text(out, "recording_trials", _("Its trials"), info->trials);
  pct_info_add_text(out, "fingerprint", _("Fingerprint"), info->fingerprint);
  pct_info_add_integer(out, "neurons", _("Neurons"), info->n_neurons);
  pct_info_add_size(out, info->height, info->width);
  pct_info_add_text(out, "created", _("Begun"), info->created);
  pct_info_add_number(out, "seconds", _("Fitted in"), info->seconds, "s");
  pct_info_add_text(out, "seed", _("Seed"), seed);
  if (info->kind->role == PCT_ROLE_DECODER) {
    pct_info_add_number(out, "validation_pixcorr", _("Validation PixCorr"), info->validation_pixcorr, "");
    pct_info_add_number(out, "validation_ssim", _("Validation SSIM"), info->validation_ssim, "");
  } else if (info->kind->role == PCT_ROLE_ENCODER) {
    pct_info_add_number(out, "validation_correlation", _("Validation correlation"), info->validation_correlation, "");
  } else if (!add_rows(out, folder, info, error)) {
    return FALSE;
  }
  add_origins(out, info);
  if (out->json) {
    json_builder_set_member_name(out->json, "options");
    json_builder_begin_object(out->json);
  }
  const PctOptionTable *table = info->options->table;
  for (guint i = 0; i < table->n_options; i++) {
    g_autofree char *value = pct_option_values_dup_text(info->options, table->options[i].name);
    g_autofree char *label = g_strdup_printf("  %s", table->options[i].name);
    pct_info_add_text(out, table->options[i].name, label, value);
  }
  if (out->json)
    json_builder_end_object(out->json);
  if (info->kind->role == PCT_ROLE_DECODER)
    add_fitted(out, folder);
  return TRUE;
}

gboolean
pct_info_describe_workspace(PctInfo *out, const char *folder, GError **error)
{
  g_autofree char *recording = pct_workspace_folder_find_recording(folder, NULL);
  g_autoptr(GPtrArray) models = pct_workspace_folder_list_models(folder);
  pct_info_add_text(out, "type", _("Type"), out->json ? "workspace" : _("workspace"));
  pct_info_add_text(out, "recording", _("Recording"), recording ? recording : "demo");
  if (out->json) {
    json_builder_set_member_name(out->json, "models");
    json_builder_begin_array(out->json);
  }
  for (guint i = 0; i < models->len; i++) {
    g_autoptr(PctModelInfo) info = pct_model_info_load(models->pdata[i], pct_model_kinds_find, NULL);
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

// What network these are the weights of, if they are an encoder's.
static void
add_design(PctInfo *out, const char *path)
{
  static const char *const readouts[] = { "point", "mask", "full" };
  // What images it will see is in no weights' file; any size tells the rest, where the readout's shape does not hold it.
  g_autoptr(PctEncoder) encoder = pct_encoder_open_weights(path, FALSE, 36, 64, NULL);
  if (!encoder)
    return;
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  pct_info_add_text(out, "design", _("Holds"), out->json ? "encoder" : _("an encoder’s weights"));
  pct_info_add_integer(out, "neurons", _("Neurons"), design->n_neurons);
  pct_info_add_integer(out, "layers", _("Layers"), design->n_layers);
  if (design->n_layers > 0) {
    pct_info_add_integer(out, "channels", _("Channels"), design->channels);
    pct_info_add_integer(out, "input_kernel", _("First kernel"), design->input_kernel);
  }
  if (design->n_layers > 1) {
    pct_info_add_integer(out, "hidden_kernel", _("Other kernels"), design->hidden_kernel);
    pct_info_add_text(out, "separable", _("Depth-separable"), design->depth_separable ? "true" : "false");
  }
  pct_info_add_text(out, "readout", _("Readout"), readouts[design->readout]);
}

gboolean
pct_info_describe_weights(PctInfo *out, const char *path, GError **error)
{
  g_autoptr(PctTensors) tensors =
    g_str_has_suffix(path, ".safetensors") ? pct_safetensors_load(path, error) : pct_torch_load(path, error);
  if (!tensors)
    return FALSE;
  gint64 total = 0;
  for (guint i = 0; i < pct_tensors_get_n(tensors); i++)
    total += (gint64)pct_tensors_get(tensors, i)->count;
  pct_info_add_text(out, "type", _("Type"), out->json ? "weights" : _("weights"));
  pct_info_add_integer(out, "numbers", _("Numbers"), total);
  add_design(out, path);
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
    pct_info_add_text(out, tensor->name, tensor->name, shape->str);
  }
  if (out->json)
    json_builder_end_object(out->json);
  return TRUE;
}

gboolean
pct_info_describe_meis(PctInfo *out, const char *path, GError **error)
{
  g_autoptr(PctMeiSet) set = pct_mei_set_load(path, error);
  if (!set)
    return FALSE;
  int ready = 0;
  double gain = 0;
  for (int i = 0; i < set->n; i++)
    if (set->ready[i]) {
      ready++;
      gain += (double)set->activations[i] - (double)set->baselines[i];
    }
  pct_info_add_text(out, "type", _("Type"), out->json ? "mei-set" : _("most exciting inputs"));
  pct_info_add_integer(out, "neurons", _("Neurons"), set->n);
  pct_info_add_integer(out, "ready", _("Found"), ready);
  pct_info_add_size(out, set->height, set->width);
  pct_info_add_number(out, "gain", _("Mean activation above grey"), ready ? gain / ready : NAN, "");
  return TRUE;
}
