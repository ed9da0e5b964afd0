// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include <glib/gi18n-lib.h>
#include "work/model-private.h"

struct _PctKind {
  GObject parent_instance;
  const PctModelKind *about;
};

G_DEFINE_FINAL_TYPE(PctKind, pct_kind, G_TYPE_OBJECT)

enum { PROP_NAME = 1, PROP_TITLE, N_PROPS };

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PctKind *self = PCT_KIND(object);
  switch (id) {
    case PROP_NAME: g_value_set_static_string(value, pct_kind_get_name(self)); break;
    case PROP_TITLE: g_value_set_static_string(value, pct_kind_get_title(self)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
pct_kind_class_init(PctKindClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_property;
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  g_object_class_install_property(object_class, PROP_NAME, g_param_spec_string("name", NULL, NULL, NULL, flags));
  g_object_class_install_property(object_class, PROP_TITLE, g_param_spec_string("title", NULL, NULL, NULL, flags));
}

static void
pct_kind_init(PctKind *self)
{
}

PctKind *
pct_kind_new(const PctModelKind *about)
{
  PctKind *self = g_object_new(PCT_TYPE_KIND, NULL);
  self->about = about;
  return self;
}

const PctModelKind *
pct_kind_get_about(PctKind *self)
{
  return self->about;
}

const char *
pct_kind_get_name(PctKind *self)
{
  return self->about->kind;
}

const char *
pct_kind_get_title(PctKind *self)
{
  return _(self->about->title);
}

const char *
pct_kind_get_summary(PctKind *self)
{
  return _(self->about->summary);
}

const char *
pct_kind_get_formula(PctKind *self)
{
  return self->about->formula;
}

const char *
pct_kind_get_source(PctKind *self)
{
  return self->about->source;
}

const PctOptionTable *
pct_kind_get_options(PctKind *self)
{
  return self->about->options;
}

PctRole
pct_kind_get_role(PctKind *self)
{
  return self->about->role;
}

gboolean
pct_kind_is_iterative(PctKind *self)
{
  return self->about->iterative;
}

PctModelNeeds
pct_kind_get_needs(PctKind *self, const PctOptionValues *options)
{
  return options ? pct_model_kind_get_needs(self->about, options) : self->about->needs;
}

gboolean
pct_kind_needs_by_options(PctKind *self)
{
  return self->about->get_needs != NULL;
}

gboolean
pct_kind_uses_photographs(PctKind *self, const PctOptionValues *options)
{
  return options ? pct_model_kind_uses_photographs(self->about, options) : pct_model_kind_takes_photographs(self->about);
}
