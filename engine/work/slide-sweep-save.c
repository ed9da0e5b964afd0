// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/slide-sweep-save.h"
#include <glib/gi18n-lib.h>
#include "decode/model-folder.h"
#include "work/sweep-file.h"

typedef struct {
  PctSweepWork *work;  // dropped when the job is over
  char *path;
  PctAnimationOptions animation;
} Saving;

static void
saving_free(gpointer data)
{
  Saving *saving = data;
  pct_sweep_work_unref(saving->work);
  g_free(saving->path);
  g_free(saving);
}

static gboolean
save_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  Saving *saving = pct_job_get_data(job);
  PctSweepWork *work = saving->work;
  g_autofree char *hash = pct_decoder_folder_dup_hash(pct_kept_get_folder(work->source), run, error);
  if (!hash)
    return FALSE;
  PctSweepFile file = {
    .recipe = &work->recipe, .sweep = work->sweep, .pictures = work->pictures,
    // What was drawn: a decoder without z has it as it is.
    .latent = work->drawn_latent, .seed = work->seed, .fixed_seed = work->fixed_seed,
    .recording = pct_recording_get_name(work->opened->recording),
    .fingerprint = pct_recording_get_fingerprint(work->opened->recording),
    .trials = pct_recording_get_trials(work->opened->recording), .info = work->info, .model_hash = hash,
    .image = work->image, .repeat = work->repeat, .recorded = work->recorded, .responses = work->responses };
  return pct_sweep_file_save(&file, saving->path, &saving->animation, run, error);
}

static void
finished(PctJob *job)
{
  // The list of finished jobs must not keep a recording.
  g_clear_pointer(&((Saving *)pct_job_get_data(job))->work, pct_sweep_work_unref);
}

PctJob *
pct_sweep_work_save(PctSweepWork *work, const char *path, const PctAnimationOptions *animation)
{
  Saving *saving = g_new(Saving, 1);
  *saving = (Saving){ pct_sweep_work_ref(work), g_strdup(path), *animation };
  g_autofree char *shown = g_filename_display_basename(path);
  // Translators: %s is a file.
  g_autofree char *title = g_strdup_printf(_("Saving “%s”"), shown);
  PctJob *job = pct_job_new(title, save_in_thread, saving, saving_free);
  g_signal_connect(job, "finished", G_CALLBACK(finished), NULL);
  return job;
}
