// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/image-item.h"

struct _PctImageItem {
  GObject parent_instance;
  int image, tier, n_trials;
  double mean_response;
};

G_DEFINE_FINAL_TYPE(PctImageItem, pct_image_item, G_TYPE_OBJECT)

static void
pct_image_item_class_init(PctImageItemClass *klass)
{
}

static void
pct_image_item_init(PctImageItem *self)
{
  self->tier = -1;
}

PctImageItem *
pct_image_item_new(int image, int tier, int n_trials, double mean_response)
{
  PctImageItem *self = g_object_new(PCT_TYPE_IMAGE_ITEM, NULL);
  self->image = image;
  self->tier = tier;
  self->n_trials = n_trials;
  self->mean_response = mean_response;
  return self;
}

int
pct_image_item_get_image(PctImageItem *self)
{
  return self->image;
}

gboolean
pct_image_item_has_tier(PctImageItem *self)
{
  return self->tier >= 0;
}

int
pct_image_item_get_tier(PctImageItem *self)
{
  return self->tier;
}

int
pct_image_item_get_n_trials(PctImageItem *self)
{
  return self->n_trials;
}

double
pct_image_item_get_mean_response(PctImageItem *self)
{
  return self->mean_response;
}
