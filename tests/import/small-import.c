// SPDX-License-Identifier: GPL-3.0-or-later
#include "small-import.h"
#include <string.h>

float
small_response(int trial, int neuron)
{
  return (float)((trial * 37 + neuron * 11) % 29) / 7.0f - 1.0f;
}

guint8
small_pixel(int image, int y, int x)
{
  return (guint8)((image * 53 + y * 17 + x * 31) % 256);
}

int
small_image_of(int trial)
{
  return trial < 11 ? trial : trial % 11;
}

void
small_fill(float *responses, guint8 *images, gint32 *numbers)
{
  for (int i = 0; i < N; i++) {
    numbers[i] = small_image_of(i);
    for (int j = 0; j < M; j++)
      responses[i * M + j] = small_response(i, j);
  }
  for (int k = 0; k < K; k++)
    for (int y = 0; y < H; y++)
      for (int x = 0; x < W; x++)
        images[(k * H + y) * W + x] = small_pixel(k, y, x);
}

PctImportPlan *
small_plan(void)
{
  PctImportPlan *plan = pct_import_plan_new();
  pct_import_plan_assign(plan, PCT_ROLE_RESPONSES, "s.mat/resp", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_IMAGES, "s.mat/images", NULL);
  pct_import_plan_assign(plan, PCT_ROLE_IMAGE_NUMBERS, "s.mat/numbers", NULL);
  return plan;
}

PctImportResult *
small_assemble(const PctCatalogue *catalogue, const PctImportPlan *plan)
{
  g_autoptr(GError) error = NULL;
  PctImportResult *result = pct_import_assemble(catalogue, plan, NULL, &error);
  g_assert_no_error(error);
  return result;
}

gboolean
small_says(const GPtrArray *sentences, const char *what)
{
  for (guint i = 0; i < sentences->len; i++)
    if (strstr(sentences->pdata[i], what))
      return TRUE;
  return FALSE;
}
