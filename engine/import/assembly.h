// SPDX-License-Identifier: GPL-3.0-or-later
// What the parts of an assembly share: which rows of the list of trials become trials of the recording, and of which
// images. A row is a trial as the files list them; a trial is a row that is kept.
// Invariant: whatever reads rows checks their number with pct_assembly_match_rows first; image numbers are those of the
// files until pct_image_stack_read has renumbered them.
#pragma once
#include "base/run.h"
#include "data/recording.h"
#include "import/assemble.h"
#include "import/role-array.h"

typedef struct {
  const PctCatalogue *catalogue;
  const PctImportPlan *plan;
  const PctRun *run;
  GPtrArray *remarks;         // of char *, sentences
  int n_rows;                 // 0: not known yet
  char *rows_from;            // the array that told it
  gint32 *image;              // (n_rows,) number of the image; -1: the row is left out
  gboolean image_by_order;    // nothing told the images: row i showed image i
  int n_repeats;              // rows of one image after another, of responses by image and repeat; 0: of others
  char **image_names;         // of all images as they came, NULL-terminated; or NULL
  double *onset, *offset;     // (n_rows,) seconds, NAN: not known; NULL: not given
  int n_source_neurons;       // as the files have them; 0: not known yet
  int *neurons, n_neurons;    // (n_neurons,) the kept ones among them, ascending
  float *responses;           // (n_rows, n_neurons), or NULL: then
  guint16 *half;              // the same as float16
  PctImportPreview *preview;
} PctAssembly;

void pct_assembly_clear(PctAssembly *assembly);

// "%d trials ..." as a remark; consumes text.
void pct_assembly_take_remark(PctAssembly *assembly, char *text);
// n rows come from `from`; FALSE with PCT_ERROR_SHAPE if others had another number.
gboolean pct_assembly_match_rows(PctAssembly *assembly, int n, const char *from, GError **error);
// A setting that is a choice, by its identifier ("crop").
gboolean pct_assembly_setting_is(const PctAssembly *assembly, const char *setting, const char *choice);
gboolean pct_assembly_open(const PctAssembly *assembly, PctImportRole role, PctRoleArray *out, GError **error);
// How many rows are kept.
int pct_assembly_count_kept(const PctAssembly *assembly);

// image-table.c: fills `image` of n_images, from numbers, names, or their order.
gboolean pct_image_table_read(PctAssembly *assembly, int n_images, GError **error);

// neuron-selection.c: fills `neurons`, of n_source_neurons in `from`.
gboolean pct_neuron_selection_read(PctAssembly *assembly, int n_source_neurons, const char *from, GError **error);

// responses.c: fills `responses` or `half`, from whichever role has them, and drops what is missing.
gboolean pct_responses_read(PctAssembly *assembly, GError **error);

// trial-times.c: fills onset and offset, in seconds; frame_times (n_frames,), or NULL: there are no frames.
gboolean pct_trial_times_read(PctAssembly *assembly, const double *frame_times, int n_frames, GError **error);
// How long each row's image was shown (n_rows,) seconds: to its offset; without one as long as to the next onset, at
// most the median of that. NULL with PCT_ERROR_FORMAT where it cannot be told. Free with g_free.
double *pct_trial_times_dup_durations(const PctAssembly *assembly, GError **error);

// trace-responses.c, spike-responses.c: fill `responses` in windows of rows, and the preview; rows beyond are left out.
gboolean pct_trace_responses_read(PctAssembly *assembly, GError **error);
gboolean pct_spike_responses_read(PctAssembly *assembly, GError **error);

// tiers.c: out (n_trials,) of kept rows in order, whose images are data->image_index. same (data->n_images,): a number
// that equal pictures share; source_image (data->n_images,): the number among the images as they came.
guint8 *pct_tiers_read(PctAssembly *assembly, const PctRecordingData *data, const gint32 *same,
                       const gint32 *source_image, int n_source_images, GError **error);

// behaviour.c, neuron-labels.c: what the recording knows more.
gboolean pct_behaviour_read(PctAssembly *assembly, PctRecordingData *data, GError **error);
gboolean pct_neuron_labels_read(PctAssembly *assembly, PctRecordingData *data, GError **error);

// provenance.c: JSON text, free with g_free.
char *pct_import_provenance_new(const PctAssembly *assembly, GError **error);
