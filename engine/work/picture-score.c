// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/scores.h"

PctPictureScore
pct_picture_score(const PctPicture *picture, const PctPicture *original)
{
  PctPictureScore score = PCT_PICTURE_SCORE_UNKNOWN;
  int height = pct_picture_get_height(original), width = pct_picture_get_width(original);
  g_return_val_if_fail(pct_picture_get_height(picture) == height && pct_picture_get_width(picture) == width, score);
  const PctWindow windows[PCT_N_FRAMES] = {
    [PCT_FRAME_FULL] = pct_window_full(height, width),
    [PCT_FRAME_CENTRAL] = pct_window_central(height, width),
  };
  const float *a = pct_picture_get_pixels(picture), *b = pct_picture_get_pixels(original);
  for (int f = 0; f < PCT_N_FRAMES; f++) {
    score.pixcorr[f] = pct_pixcorr(a, b, height, width, windows[f]);
    score.ssim[f] = pct_ssim(a, b, height, width, windows[f]);
    score.mse[f] = pct_mse(a, b, height, width, windows[f]);
  }
  return score;
}
