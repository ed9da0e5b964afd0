// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/slide-view.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/atomic-file.h"
#include "base/error.h"
#include "data/npy.h"
#include "data/picture-sheet.h"
#include "decode/model-folder.h"
#include "model/provenance.h"
#include "work/project-private.h"
#include "work/slide-draw.h"

#define N_PICTURES 3
#define GAP 4            // pixels between the pictures of a sheet
#define USUAL_WIDTH 512  // pixels of a picture in a file, about

typedef struct {
  PctSlideRequest *at;     // what was drawn
  PctOpened *opened;
  PctModelInfo *info;
  PctPicture *pictures[N_PICTURES];
  PctPictureScore score, baseline_score;
  int image, repeat;
  char *path;
} Saving;

static void
saving_free(gpointer data)
{
  Saving *saving = data;
  pct_slide_request_free(saving->at);
  pct_opened_unref(saving->opened);
  pct_model_info_free(saving->info);
  for (int i = 0; i < N_PICTURES; i++)
    pct_picture_unref(saving->pictures[i]);
  g_free(saving->path);
  g_free(saving);
}

static gboolean
save_pictures(const Saving *saving, GError **error)
{
  gsize height = (gsize)pct_picture_get_height(saving->pictures[0]), width = (gsize)pct_picture_get_width(saving->pictures[0]);
  gsize pixels = height * width;
  g_autofree float *all = g_new(float, (N_PICTURES + 1) * pixels);
  for (gsize i = 0; i < N_PICTURES; i++)
    memcpy(all + i * pixels, pct_picture_get_pixels(saving->pictures[i]), pixels * sizeof(float));
  for (gsize j = 0; j < pixels; j++)
    all[N_PICTURES * pixels + j] = all[2 * pixels + j] - all[pixels + j];
  if (g_str_has_suffix(saving->path, ".npy"))
    return pct_npy_save(saving->path, PCT_NPY_FLOAT, sizeof(float), 3, (gsize[]){ N_PICTURES + 1, height, width }, all, error);
  return pct_picture_sheet_save(saving->path, all, N_PICTURES, N_PICTURES, (int)height, (int)width,
                                MAX(1, USUAL_WIDTH / (int)width), GAP, error);
}

// Of a picture that is not in the recording, all responses.
static gboolean
save_responses(const Saving *saving, GError **error)
{
  const float *recorded = pct_responses_get_values(saving->at->base);
  g_autoptr(GString) text = g_string_new("neuron,recorded,set\n");
  char first[G_ASCII_DTOSTR_BUF_SIZE], second[G_ASCII_DTOSTR_BUF_SIZE];
  for (int i = 0; i < pct_responses_get_n_neurons(saving->at->base); i++)
    if (saving->image < 0 || recorded[i] != saving->at->responses[i])
      g_string_append_printf(text, "%d,%s,%s\n", i, g_ascii_formatd(first, sizeof first, "%.9g", recorded[i]),
                             g_ascii_formatd(second, sizeof second, "%.9g", saving->at->responses[i]));
  g_autofree char *path = pct_provenance_dup_beside(saving->path, ".csv");
  return pct_atomic_file_set(path, text->str, text->len, error);
}

static gboolean
save_provenance(const Saving *saving, const PctRun *run, GError **error)
{
  g_autofree char *hash = pct_decoder_folder_dup_hash(pct_kept_get_folder(saving->at->source), run, error);
  if (!hash)
    return FALSE;
  PctRecording *recording = saving->opened->recording;
  g_autoptr(JsonBuilder) builder = json_builder_new();
  json_builder_begin_object(builder);
  pct_provenance_add_text(builder, "format", "percept-view-1");
  pct_provenance_add_text(builder, "version", PCT_VERSION);
  pct_provenance_add_text(builder, "pictures",
                          g_str_has_suffix(saving->path, ".npy") ? "original, recorded, set, set - recorded"
                                                                 : "original, recorded, set");
  pct_provenance_add_integer(builder, "image", saving->image);
  pct_provenance_add_integer(builder, "trial", saving->repeat);
  pct_provenance_add_integer(builder, "n_averaged", saving->at->n_averaged);
  pct_provenance_add_seed(builder, "z_seed", saving->at->latent_seed);
  if (!isnan(saving->baseline_score.pixcorr[PCT_FRAME_FULL])) {
    pct_provenance_add_number(builder, "pixcorr_recorded", saving->baseline_score.pixcorr[PCT_FRAME_FULL]);
    pct_provenance_add_number(builder, "pixcorr_set", saving->score.pixcorr[PCT_FRAME_FULL]);
  }
  pct_provenance_add_model(builder, pct_recording_get_name(recording), pct_recording_get_fingerprint(recording),
                           pct_recording_get_trials(recording), saving->info->name, hash, saving->info);
  json_builder_end_object(builder);
  g_autoptr(JsonNode) root = json_builder_get_root(builder);
  g_autofree char *text = json_to_string(root, TRUE), *path = pct_provenance_dup_path(saving->path);
  return pct_atomic_file_set(path, text, strlen(text), error);
}

static gboolean
save_in_thread(PctJob *job, const PctRun *run, GError **error)
{
  const Saving *saving = pct_job_get_data(job);
  return save_pictures(saving, error) && save_responses(saving, error) && save_provenance(saving, run, error);
}

static void
finished(PctJob *job)
{
  // The list of finished jobs must not keep a recording.
  g_clear_pointer(&((Saving *)pct_job_get_data(job))->opened, pct_opened_unref);
}

PctJob *
pct_slide_save_view(PctSlide *slide, PctProject *project, const char *path, GError **error)
{
  g_return_val_if_fail(PCT_IS_SLIDE(slide) && PCT_IS_PROJECT(project) && path, NULL);
  if (!g_str_has_suffix(path, ".png") && !g_str_has_suffix(path, ".npy")) {
    g_autofree char *shown = g_filename_display_name(path);
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("Pictures are saved as .png or .npy; “%s” is neither."), shown);
    return NULL;
  }
  PctPicture *pictures[N_PICTURES] = { pct_slide_get_original(slide), pct_slide_get_baseline(slide),
                                       pct_slide_get_reconstruction(slide) };
  PctSlideRequest *at = pictures[0] && pictures[1] && pictures[2] ? pct_slide_dup_request(slide) : NULL;
  if (!at || pct_slide_is_busy(slide)) {
    pct_slide_request_free(at);
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("There is no picture to save yet."));
    return NULL;
  }
  Saving *saving = g_new0(Saving, 1);
  *saving = (Saving){ .at = at, .opened = pct_opened_ref(pct_project_get_opened(project)),
                      .info = pct_model_info_copy(pct_model_get_info(pct_slide_get_model(slide))),
                      .score = pct_slide_get_score(slide), .baseline_score = pct_slide_get_baseline_score(slide),
                      .image = pct_slide_get_image(slide), .repeat = pct_slide_get_repeat(slide), .path = g_strdup(path) };
  for (int i = 0; i < N_PICTURES; i++)
    saving->pictures[i] = pct_picture_ref(pictures[i]);
  g_autofree char *shown = g_filename_display_basename(path), *title = g_strdup_printf(_("Saving “%s”"), shown);
  PctJob *job = pct_job_new(title, save_in_thread, saving, saving_free);
  g_signal_connect(job, "finished", G_CALLBACK(finished), NULL);
  pct_lanes_submit(pct_project_get_lanes(project), PCT_LANE_BACKGROUND, job);
  return job;
}
