// SPDX-License-Identifier: GPL-3.0-or-later
// Scores as percept-cli prints them: for a person, as JSON, as CSV. Single trials and means over repeats stay apart,
// and responses that a recording already holds as means are never called single trials.
#pragma once
#include "measure/score-summary.h"
#include "score-encoders.h"
#include "score-repeats.h"

typedef enum { PCT_ROLE_FLOOR, PCT_ROLE_MODEL, PCT_ROLE_SHUFFLED } PctScoreRole;

typedef struct {
  char *name;  // for a person
  char *model;  // its folder; NULL for a floor without one
  PctScoreRole role;
  PctScoreSummary score;
} PctScoreLine;

// Lines of one mode, floors first.
typedef struct {
  gboolean averaged;
  int n, least_repeats, most_repeats;  // pictures; trials behind each
  GPtrArray *lines;  // of PctScoreLine
} PctScoreSection;

typedef struct {
  const PctRecording *recording;
  const char *fingerprint;
  PctTier tier;
  GPtrArray *sections;  // of PctScoreSection: decoders
  const PctEncoderScores *encoders;  // NULL: none
  const GPtrArray *repeats;          // of PctRepeatLine; NULL: not asked for
} PctScoreReport;

PctScoreSection *pct_score_section_new(const PctScoreSet *set);
void pct_score_section_free(PctScoreSection *section);
// name and model are copied, score, of the set, is summarised on the pool.
void pct_score_section_add(PctScoreSection *section, const char *name, const char *model, PctScoreRole role,
                           const PctScore *score, const PctScoreSet *set, PctPool *pool);

void pct_score_report_print(const PctScoreReport *report);
void pct_score_report_print_json(const PctScoreReport *report);
void pct_score_report_print_csv(const PctScoreReport *report);
