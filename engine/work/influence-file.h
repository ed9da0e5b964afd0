// SPDX-License-Identifier: GPL-3.0-or-later
// A ranking of neurons by influence as text, for percept-cli and the window alike: a row a neuron as CSV, and what they
// are of as JSON (model/provenance.h).
#pragma once
#include "data/recording.h"
#include "data/statistics.h"
#include "decode/influence.h"
#include "model/model-info.h"

typedef struct {
  int neuron;
  double value;  // in the measure's unit
} PctNeuronInfluence;

// Everything borrowed.
typedef struct {
  PctInfluenceMeasure measure;
  PctRegion region;
  const PctNeuronInfluence *ranking;  // (n,) the strongest first
  int n;
  double change, gap;                 // of contributions, as in PctInfluence
  int n_steps;
  PctRecording *recording;
  const PctStatistics *statistics;
  const float *responses;             // (M,)
  int n_averaged;                     // trials that they are the mean of
  gboolean changed;                   // by hand: not as recorded
  guint64 latent_seed;                // 0: z = 0
  int image, repeat;                  // image -1: none of the recording; repeat -1: the mean over all
  const PctModelInfo *info;
  const char *model_hash;             // NULL: not known
} PctInfluenceFile;

// "neuron,unit_id,contribution,response,response_mean,response_std" and a row a neuron. Free with g_free.
char *pct_influence_file_dup_csv(const PctInfluenceFile *file);
// neurons: with the rows. Free with g_free.
char *pct_influence_file_dup_json(const PctInfluenceFile *file, gboolean neurons);
// The rows as X.csv, then what they are of as X.json. FALSE with PCT_ERROR_IO, or _UNSUPPORTED (another ending).
gboolean pct_influence_file_save(const PctInfluenceFile *file, const char *path, GError **error);
