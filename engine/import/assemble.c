// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/assemble.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "import/assembly.h"
#include "import/describe.h"
#include "import/image-stack.h"

static void
clear_preview(PctImportPreview *preview)
{
  g_free(preview->pictures);
  g_free(preview->full);
  g_strfreev(preview->picture_names);
  g_free(preview->times);
  g_free(preview->mean);
  g_free(preview->deviation);
}

void
pct_import_result_free(PctImportResult *result)
{
  if (!result)
    return;
  pct_recording_unref(result->recording);
  g_ptr_array_unref(result->remarks);
  g_ptr_array_unref(result->sentences);
  clear_preview(&result->preview);
  g_free(result);
}

// Whatever lists trials has as many of them, and a table that is a row short is found before anything large is read.
static gboolean
match_all_rows(PctAssembly *assembly, GError **error)
{
  static const PctImportRole roles[] = { PCT_ROLE_RESPONSES, PCT_ROLE_ONSETS, PCT_ROLE_OFFSETS,
                                         PCT_ROLE_IMAGE_NUMBERS };
  for (guint i = 0; i < G_N_ELEMENTS(roles); i++) {
    PctRoleArray array;
    if (!pct_assembly_open(assembly, roles[i], &array, error))
      return FALSE;
    if (array.entry &&
        !pct_assembly_match_rows(assembly, pct_role_array_count_rows(&array), array.entry->name, error))
      return FALSE;
    if (array.entry && strchr(array.form, 'r'))
      assembly->n_repeats = pct_role_array_get_size(&array, 'r');
  }
  if (assembly->n_rows > 0)
    return TRUE;
  g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                      _("Nothing says which trials there were: expected responses, or stimulus onsets."));
  return FALSE;
}

// Times of trials whose responses needed none.
static gboolean
read_times(PctAssembly *assembly, GError **error)
{
  return assembly->onset || pct_trial_times_read(assembly, NULL, 0, error);
}

// The responses of kept rows close up and become the recording's.
static void
move_responses(PctAssembly *assembly, PctRecordingData *data)
{
  gsize m = (gsize)assembly->n_neurons, size = assembly->half ? sizeof(guint16) : sizeof(float);
  char *values = assembly->half ? (char *)assembly->half : (char *)assembly->responses;
  data->n_neurons = assembly->n_neurons;
  data->n_trials = pct_assembly_count_kept(assembly);
  data->image_index = g_new(gint32, MAX(data->n_trials, 1));
  for (int i = 0, at = 0; i < assembly->n_rows; i++) {
    if (assembly->image[i] < 0)
      continue;
    if (at < i)
      memcpy(values + (gsize)at * m * size, values + (gsize)i * m * size, m * size);
    data->image_index[at++] = assembly->image[i];
  }
  data->responses_half = g_steal_pointer(&assembly->half);
  data->responses_float = g_steal_pointer(&assembly->responses);
}

// A row an image, with nothing to tell a trial from a mean, counts as a mean (as in data/npz-recording.h).
static gboolean
are_averages(const PctAssembly *assembly, const PctRecordingData *data)
{
  if (!pct_assembly_setting_is(assembly, "averaged", "auto"))
    return pct_assembly_setting_is(assembly, "averaged", "yes");
  const PctAssignment *roles = assembly->plan->roles;
  if (!roles[PCT_ROLE_RESPONSES].array || roles[PCT_ROLE_IMAGE_NUMBERS].array || roles[PCT_ROLE_ONSETS].array)
    return FALSE;
  return data->n_images == data->n_trials;
}

static char *
dup_name(const PctAssembly *assembly)
{
  const PctImportPlan *plan = assembly->plan;
  if (plan->name && *plan->name)
    return g_strdup(plan->name);
  const char *path = plan->paths->len > 0 ? plan->paths->pdata[0]
                                          : ((PctArraySource *)assembly->catalogue->sources->pdata[0])->path;
  return g_filename_display_basename(path);
}

static void
add_source_remarks(PctAssembly *assembly)
{
  for (guint i = 0; i < assembly->catalogue->sources->len; i++) {
    const PctArraySource *source = assembly->catalogue->sources->pdata[i];
    for (guint j = 0; j < source->remarks->len; j++)
      pct_assembly_take_remark(assembly, g_strdup(source->remarks->pdata[j]));
  }
}

// The parts in the order in which they depend on each other; whatever reads pixels or responses comes after the checks
// that need none.
static gboolean
read_parts(PctAssembly *assembly, PctRecordingData *data, GError **error)
{
  PctImageStack stack;
  g_autofree gint32 *source_image = NULL, *same = NULL;
  if (!pct_image_stack_open(&stack, assembly, error) || !match_all_rows(assembly, error) ||
      !pct_image_table_read(assembly, stack.n_images, error))
    return FALSE;
  PctRunPart part;
  const PctRun *whole = assembly->run;
  assembly->run = pct_run_part(&part, whole, 0, .6, 1);
  gboolean ok = pct_responses_read(assembly, error) && read_times(assembly, error);
  assembly->run = pct_run_part(&part, whole, .6, .3, 1);
  ok = ok && pct_image_stack_read(&stack, assembly, data, &source_image, &same, error);
  assembly->run = whole;
  if (!ok)
    return FALSE;
  move_responses(assembly, data);
  data->tiers = pct_tiers_read(assembly, data, same, source_image, stack.n_images, error);
  if (!data->tiers || !pct_behaviour_read(assembly, data, error) || !pct_neuron_labels_read(assembly, data, error))
    return FALSE;
  data->averaged = are_averages(assembly, data);
  data->name = dup_name(assembly);
  data->provenance = pct_import_provenance_new(assembly, error);
  return data->provenance && pct_run_step(assembly->run, 1, 1, error);
}

PctImportResult *
pct_import_assemble(const PctCatalogue *catalogue, const PctImportPlan *plan, const PctRun *run, GError **error)
{
  g_return_val_if_fail(catalogue && plan, NULL);
  g_autoptr(PctImportResult) result = g_new0(PctImportResult, 1);
  result->remarks = g_ptr_array_new_with_free_func(g_free);
  result->sentences = g_ptr_array_new_with_free_func(g_free);
  PctAssembly assembly = { .catalogue = catalogue, .plan = plan, .run = run, .remarks = result->remarks,
                           .preview = &result->preview };
  PctRecordingData data = { 0 };
  add_source_remarks(&assembly);
  if (read_parts(&assembly, &data, error)) {
    result->recording = pct_recording_new_take(&data, error);
    if (result->recording)
      pct_import_describe(&assembly, result->recording, result->sentences);
  }
  pct_recording_data_clear(&data);
  pct_assembly_clear(&assembly);
  return result->recording ? g_steal_pointer(&result) : NULL;
}
