// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/recording-hash.h"
#include <string.h>
#include "data/half.h"

#define DIGEST 32

gboolean
pct_is_whole_bytes(const float *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!(values[i] >= 0 && values[i] <= 255 && values[i] == (float)(int)values[i]))
      return FALSE;
  return TRUE;
}

static void
add_number(GChecksum *sum, guint64 value)
{
  guint64 bytes = GUINT64_TO_LE(value);
  g_checksum_update(sum, (const guchar *)&bytes, sizeof bytes);
}

static void
add_floats(GChecksum *sum, const float *values, gsize n)
{
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN) {
    g_checksum_update(sum, (const guchar *)values, (gssize)(n * sizeof *values));
    return;
  }
  for (gsize i = 0; i < n; i++) {
    guint32 bits;
    memcpy(&bits, values + i, sizeof bits);
    bits = GUINT32_TO_LE(bits);
    g_checksum_update(sum, (const guchar *)&bits, sizeof bits);
  }
}

// An image as bytes where all of it are whole grey levels, else as floats.
static void
hash_image(const PctRecordingData *data, int image, guint8 *bytes, guint8 *digest)
{
  gsize hw = (gsize)data->height * (gsize)data->width, first = (gsize)image * hw, n = DIGEST;
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  if (data->image_bytes) {
    g_checksum_update(sum, data->image_bytes + first, (gssize)hw);
  } else if (pct_is_whole_bytes(data->image_floats + first, hw)) {
    for (gsize i = 0; i < hw; i++)
      bytes[i] = (guint8)data->image_floats[first + i];
    g_checksum_update(sum, bytes, (gssize)hw);
  } else {
    add_floats(sum, data->image_floats + first, hw);
  }
  g_checksum_get_digest(sum, digest, &n);
}

// A trial's responses as float16 where all of them fit, else as float32.
static void
add_responses(GChecksum *sum, const PctRecordingData *data, int trial, guint16 *half, float *back)
{
  gsize m = (gsize)data->n_neurons, first = (gsize)trial * m;
  const guint16 *row = half;
  if (data->responses_half) {
    row = data->responses_half + first;
  } else {
    pct_half_from_float(half, data->responses_float + first, m);
    pct_half_to_float(back, half, m);
    if (memcmp(back, data->responses_float + first, m * sizeof *back) != 0) {
      add_floats(sum, data->responses_float + first, m);
      return;
    }
  }
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN) {
    g_checksum_update(sum, (const guchar *)row, (gssize)(m * sizeof *row));
    return;
  }
  for (gsize i = 0; i < m; i++) {
    guint16 bits = GUINT16_TO_LE(row[i]);
    g_checksum_update(sum, (const guchar *)&bits, sizeof bits);
  }
}

char *
pct_recording_data_hash(const PctRecordingData *data)
{
  gsize hw = (gsize)data->height * (gsize)data->width, m = (gsize)data->n_neurons;
  g_autofree guint8 *bytes = g_malloc(hw), *digests = g_malloc((gsize)data->n_images * DIGEST);
  g_autofree guint16 *half = data->responses_half ? NULL : g_new(guint16, m);
  g_autofree float *back = data->responses_half ? NULL : g_new(float, m);
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  for (int i = 0; i < data->n_images; i++)
    hash_image(data, i, bytes, digests + (gsize)i * DIGEST);
  const guint64 frame[] = { (guint64)data->height, (guint64)data->width, (guint64)data->n_trials, m };
  for (guint i = 0; i < G_N_ELEMENTS(frame); i++)
    add_number(sum, frame[i]);
  for (int i = 0; i < data->n_trials; i++) {
    g_checksum_update(sum, digests + (gsize)(data->image_index ? data->image_index[i] : i) * DIGEST, DIGEST);
    g_checksum_update(sum, data->tiers + i, 1);
    add_responses(sum, data, i, half, back);
  }
  return g_strdup(g_checksum_get_string(sum));
}
