// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "data/animation-file.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <webp/encode.h>
#include <webp/mux.h>
#include "base/atomic-file.h"
#include "base/error.h"
#include "data/enlarged.h"

#define MOST_PIXELS 5e8  // of all frames: minutes of compression, and more is a mistake

G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebPAnimEncoder, WebPAnimEncoderDelete)

static gboolean
refuse(const char *path, const char *why, GError **error)
{
  g_autofree char *shown = g_filename_display_name(path);
  g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("The animation “%s” could not be compressed: %s."), shown, why);
  return FALSE;
}

static gboolean
check(const char *path, gsize n, int height, int width, int scale, GError **error)
{
  g_autofree char *shown = g_filename_display_name(path);
  double wide = (double)width * scale, high = (double)height * scale;
  if (wide > WEBP_MAX_DIMENSION || high > WEBP_MAX_DIMENSION) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("The animation “%s” would be %.0f × %.0f pixels large; a WebP has at most %d a side."), shown, wide,
                high, WEBP_MAX_DIMENSION);
    return FALSE;
  }
  if (wide * high * (double)n > MOST_PIXELS) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("The animation “%s” would have %zu frames of %.0f × %.0f pixels; enlarge less, or take fewer steps."),
                shown, n, wide, high);
    return FALSE;
  }
  return TRUE;
}

static gboolean
add_frame(WebPAnimEncoder *encoder, const float *pixels, int height, int width, int scale, int when, guint8 *bytes,
          const WebPConfig *config)
{
  WebPPicture picture;
  if (!WebPPictureInit(&picture))
    return FALSE;
  int stride = width * scale * 4;
  picture.use_argb = 1;
  picture.width = width * scale;
  picture.height = height * scale;
  pct_enlarge_grey(pixels, height, width, scale, bytes, (gsize)stride, 4);
  gboolean added =
    WebPPictureImportRGBX(&picture, bytes, stride) && WebPAnimEncoderAdd(encoder, &picture, when, config);
  WebPPictureFree(&picture);
  return added;
}

gboolean
pct_animation_save(const char *path, const float *frames, gsize n, int height, int width,
                   const PctAnimationOptions *options, const PctRun *run, GError **error)
{
  int scale = options->scale;
  g_return_val_if_fail(path && frames && n >= 1 && height >= 1 && width >= 1 && scale >= 1, FALSE);
  g_return_val_if_fail(options->rate >= PCT_ANIMATION_LEAST_RATE && options->rate <= PCT_ANIMATION_MOST_RATE, FALSE);
  gsize n_shown = options->there_and_back && n > 2 ? 2 * n - 2 : n;
  if (!check(path, n_shown, height, width, scale, error))
    return FALSE;
  WebPAnimEncoderOptions settings;
  WebPConfig config;
  if (!WebPAnimEncoderOptionsInit(&settings) || !WebPConfigInit(&config))
    return refuse(path, _("another libwebp than Percept was built with"), error);
  config.lossless = 1;
  config.exact = 1;
  g_autoptr(WebPAnimEncoder) encoder = WebPAnimEncoderNew(width * scale, height * scale, &settings);
  g_autofree guint8 *bytes = g_try_malloc((gsize)height * (gsize)width * (gsize)scale * (gsize)scale * 4);
  if (!encoder || !bytes)
    return refuse(path, _("there is no memory for it"), error);
  for (gsize i = 0; i < n_shown; i++) {
    gsize frame = i < n ? i : 2 * n - 2 - i;
    int when = (int)lround((double)i * 1000 / options->rate);
    if (!add_frame(encoder, frames + frame * (gsize)height * (gsize)width, height, width, scale, when, bytes, &config))
      return refuse(path, WebPAnimEncoderGetError(encoder), error);
    if (!pct_run_step(run, (double)(i + 1), (double)n_shown, error))
      return FALSE;
  }
  WebPData data;
  WebPDataInit(&data);
  // The end of the last frame.
  int end = (int)lround((double)n_shown * 1000 / options->rate);
  gboolean made = WebPAnimEncoderAdd(encoder, NULL, end, NULL) && WebPAnimEncoderAssemble(encoder, &data);
  gboolean saved = made ? pct_atomic_file_set(path, data.bytes, data.size, error)
                        : refuse(path, WebPAnimEncoderGetError(encoder), error);
  WebPDataClear(&data);
  return saved;
}
