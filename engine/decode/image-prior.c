// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "decode/image-prior.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/principal-directions.h"

static PctImagePrior *
prior_new(gsize n_pixels, gsize n_components)
{
  PctImagePrior *prior = g_new0(PctImagePrior, 1);
  prior->n_pixels = n_pixels;
  prior->n_components = n_components;
  prior->mean = g_new0(float, n_pixels);
  prior->basis = g_new0(float, n_components * n_pixels);
  return prior;
}

void
pct_image_prior_free(PctImagePrior *prior)
{
  if (!prior)
    return;
  g_free(prior->mean);
  g_free(prior->basis);
  g_free(prior);
}

PctImagePrior *
pct_image_prior_new_grey(gsize n_pixels, double grey)
{
  PctImagePrior *prior = prior_new(n_pixels, 0);
  for (gsize i = 0; i < n_pixels; i++)
    prior->mean[i] = (float)grey;
  return prior;
}

PctImagePrior *
pct_image_prior_new(const PctRecording *recording, const PctStatistics *statistics, gsize n_components,
                    gboolean mirrored, const PctRun *run, GError **error)
{
  int n_images;
  const int *tier = pct_recording_get_tier_images(recording, PCT_TIER_TRAIN, &n_images);
  gsize n = (gsize)n_images, p = (gsize)statistics->n_pixels, width = (gsize)pct_recording_get_width(recording);
  gsize rows = mirrored ? 2 * n : n, k = MIN(n_components, MIN(rows, p)), kept = 0;
  g_autoptr(PctFloats) images = pct_aligned_new(rows * p, error);
  if (!images)
    return NULL;
  g_autofree float *values = g_new(float, k), *vectors = g_new(float, p * k);
  for (gsize i = 0; i < n; i++) {
    float *image = images + i * p;
    pct_recording_read_image(recording, tier[i], image);
    for (gsize j = 0; j < p; j++)
      image[j] -= statistics->mean_image[j];
    for (gsize j = 0; mirrored && j < p; j++)
      images[(n + i) * p + j] = image[j - j % width + (width - 1 - j % width)];
  }
  if (!pct_principal_directions(images, rows, p, k, 1, values, vectors, run, error))
    return NULL;
  while (kept < k && values[kept] > 1e-6f * values[0])
    kept++;
  if (kept == 0) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED, _("The training images are all alike."));
    return NULL;
  }
  PctImagePrior *prior = prior_new(p, kept);
  memcpy(prior->mean, statistics->mean_image, p * sizeof(float));
  for (gsize a = 0; a < kept; a++)
    for (gsize j = 0; j < p; j++)
      prior->basis[a * p + j] = sqrtf(values[a]) * vectors[j * k + a];
  return prior;
}

void
pct_image_prior_draw(const PctImagePrior *prior, const float *coordinates, gsize n, float *images, PctPool *pool)
{
  gsize p = prior->n_pixels, k = prior->n_components;
  for (gsize i = 0; i < n; i++)
    memcpy(images + i * p, prior->mean, p * sizeof(float));
  pct_gemm(pool, FALSE, FALSE, n, p, k, 1, coordinates, k, prior->basis, p, 1, images, p);
}

void
pct_image_prior_pull_back(const PctImagePrior *prior, const float *by_pixels, gsize n, float *by_coordinates,
                          PctPool *pool)
{
  gsize p = prior->n_pixels, k = prior->n_components;
  pct_gemm(pool, FALSE, TRUE, n, k, p, 1, by_pixels, p, prior->basis, p, 0, by_coordinates, k);
}

void
pct_image_prior_save(const PctImagePrior *prior, gsize height, gsize width, PctTensors *tensors)
{
  pct_tensors_add(tensors, "prior.mean", prior->mean, 2, (gsize[]){ height, width });
  pct_tensors_add(tensors, "prior.basis", prior->basis, 2, (gsize[]){ prior->n_components, prior->n_pixels });
}

PctImagePrior *
pct_image_prior_load(const PctTensors *tensors, GError **error)
{
  const PctTensor *mean = pct_tensors_find(tensors, "prior.mean"), *basis = pct_tensors_find(tensors, "prior.basis");
  if (!mean || !basis || mean->rank != 2 || basis->rank != 2 || mean->count == 0 || mean->count > 1u << 24 ||
      mean->shape[0] > 4096 || mean->shape[1] > 4096 || basis->shape[1] != mean->count) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_FORMAT,
                        _("There are no arrays “prior.mean” and “prior.basis” of images of one size."));
    return NULL;
  }
  PctImagePrior *prior = prior_new(mean->count, basis->shape[0]);
  memcpy(prior->mean, mean->values, mean->count * sizeof(float));
  if (basis->count > 0)
    memcpy(prior->basis, basis->values, basis->count * sizeof(float));
  return prior;
}
