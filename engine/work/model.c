// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include <math.h>
#include "work/model-private.h"

struct _PctModel {
  GObject parent_instance;
  char *folder, *name, *problem;
  gboolean shipped;
  PctKind *kind;
  PctModelInfo *info;
  PctModelDecoder *decoder;  // by the role, one of the three
  PctModelEncoder *encoder;
  PctMeis *meis;
  PctJob *job;
};

G_DEFINE_FINAL_TYPE(PctModel, pct_model, G_TYPE_OBJECT)

enum { PROP_NAME = 1, PROP_STATE, PROP_JOB, N_PROPS };
static GParamSpec *props[N_PROPS];
static guint changed_signal;

GType
pct_model_state_get_type(void)
{
  static gsize type = 0;
  if (g_once_init_enter(&type)) {
    static const GEnumValue values[] = {
      { PCT_MODEL_TRAINING, "PCT_MODEL_TRAINING", "training" },
      { PCT_MODEL_UNFINISHED, "PCT_MODEL_UNFINISHED", "unfinished" },
      { PCT_MODEL_FINISHED, "PCT_MODEL_FINISHED", "finished" },
      { PCT_MODEL_BROKEN, "PCT_MODEL_BROKEN", "broken" },
      { 0, NULL, NULL },
    };
    g_once_init_leave(&type, g_enum_register_static("PctModelState", values));
  }
  return type;
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PctModel *self = PCT_MODEL(object);
  switch (id) {
    case PROP_NAME: g_value_set_string(value, self->name); break;
    case PROP_STATE: g_value_set_enum(value, (gint)pct_model_get_state(self)); break;
    case PROP_JOB: g_value_set_object(value, self->job); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
finalize(GObject *object)
{
  PctModel *self = PCT_MODEL(object);
  g_free(self->folder);
  g_free(self->name);
  g_free(self->problem);
  g_clear_object(&self->kind);
  g_clear_object(&self->job);
  pct_model_info_free(self->info);
  pct_kept_unref(self->decoder);
  pct_kept_unref(self->encoder);
  g_clear_object(&self->meis);
  G_OBJECT_CLASS(pct_model_parent_class)->finalize(object);
}

static void
pct_model_class_init(PctModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  props[PROP_NAME] = g_param_spec_string("name", NULL, NULL, NULL, flags);
  props[PROP_STATE] = g_param_spec_enum("state", NULL, NULL, PCT_TYPE_MODEL_STATE, PCT_MODEL_BROKEN, flags);
  props[PROP_JOB] = g_param_spec_object("job", NULL, NULL, PCT_TYPE_JOB, flags);
  g_object_class_install_properties(object_class, N_PROPS, props);
  changed_signal = g_signal_new("changed", PCT_TYPE_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_model_init(PctModel *self)
{
}

PctModel *
pct_model_new(const char *folder, gboolean shipped, PctKind *kind, PctModelInfo *info, const char *problem,
              const PctModelFrame *frame)
{
  PctModel *self = g_object_new(PCT_TYPE_MODEL, NULL);
  self->folder = g_strdup(folder);
  self->name = g_path_get_basename(folder);
  self->shipped = shipped;
  self->kind = kind ? g_object_ref(kind) : NULL;
  self->info = info;
  self->problem = g_strdup(problem);
  switch (pct_model_get_role(self)) {
  case PCT_ROLE_ENCODER:
    self->encoder = pct_model_encoder_new(folder, frame->n_neurons, frame->height, frame->width);
    break;
  case PCT_ROLE_MEI_SET:
    self->meis = pct_meis_new(folder, frame->n_neurons, frame->height, frame->width);
    break;
  case PCT_ROLE_DECODER:
    self->decoder = pct_model_decoder_new(folder, frame->n_neurons, frame->height, frame->width);
    break;
  }
  return self;
}

static void
changed(PctModel *self)
{
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_STATE]);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_JOB]);
  g_signal_emit(self, changed_signal, 0);
}

void
pct_model_set_job(PctModel *self, PctJob *job)
{
  g_set_object(&self->job, job);
  changed(self);
}

void
pct_model_end_job(PctModel *self, PctModelInfo *info)
{
  g_autoptr(PctModelInfo) old = NULL;
  if (info) {
    old = self->info;
    self->info = info;
  }
  g_clear_object(&self->job);
  changed(self);
}

PctModelDecoder *
pct_model_get_decoder(PctModel *self)
{
  return self->decoder;
}

PctModelEncoder *
pct_model_get_encoder(PctModel *self)
{
  return self->encoder;
}

PctMeis *
pct_model_get_meis(PctModel *self)
{
  return self->meis;
}

const PctModelInfo *
pct_model_get_info(PctModel *self)
{
  return self->info;
}

const char *
pct_model_get_name(PctModel *self)
{
  return self->name;
}

const char *
pct_model_get_folder(PctModel *self)
{
  return self->folder;
}

const char *
pct_model_get_kind_name(PctModel *self)
{
  return self->info ? self->info->kind->kind : "";
}

PctKind *
pct_model_get_kind(PctModel *self)
{
  return self->kind;
}

PctRole
pct_model_get_role(PctModel *self)
{
  return self->kind ? pct_kind_get_role(self->kind) : PCT_ROLE_DECODER;
}

PctModelState
pct_model_get_state(PctModel *self)
{
  if (self->problem)
    return PCT_MODEL_BROKEN;
  if (self->job)
    return PCT_MODEL_TRAINING;
  return self->info && self->info->finished ? PCT_MODEL_FINISHED : PCT_MODEL_UNFINISHED;
}

const char *
pct_model_get_problem(PctModel *self)
{
  return self->problem;
}

gboolean
pct_model_is_shipped(PctModel *self)
{
  return self->shipped;
}

PctJob *
pct_model_get_job(PctModel *self)
{
  return self->job;
}

const PctOptionValues *
pct_model_get_options(PctModel *self)
{
  return self->info ? self->info->options : NULL;
}

guint64
pct_model_get_seed(PctModel *self)
{
  return self->info ? self->info->seed : 0;
}

const char *
pct_model_get_created(PctModel *self)
{
  return self->info ? self->info->created : NULL;
}

double
pct_model_get_seconds(PctModel *self)
{
  return self->info ? self->info->seconds : 0;
}

double
pct_model_get_validation_pixcorr(PctModel *self)
{
  return self->info ? self->info->validation_pixcorr : NAN;
}

double
pct_model_get_validation_ssim(PctModel *self)
{
  return self->info ? self->info->validation_ssim : NAN;
}

double
pct_model_get_validation_correlation(PctModel *self)
{
  return self->info ? self->info->validation_correlation : NAN;
}

double
pct_model_get_validation(PctModel *self)
{
  return pct_model_get_role(self) == PCT_ROLE_ENCODER ? pct_model_get_validation_correlation(self)
                                                      : pct_model_get_validation_pixcorr(self);
}

const char *
pct_model_get_encoder_name(PctModel *self)
{
  return self->info ? self->info->encoder : NULL;
}

const char *
pct_model_get_meis_name(PctModel *self)
{
  return self->info ? self->info->meis : NULL;
}

const char *
pct_model_get_trials(PctModel *self)
{
  return self->info ? self->info->trials : NULL;
}

const char *
pct_model_get_photographs(PctModel *self)
{
  return self->info ? self->info->photographs : NULL;
}

PctCurves *
pct_model_dup_curves(PctModel *self, GError **error)
{
  if (self->job && pct_job_get_curves(self->job))
    return g_object_ref(pct_job_get_curves(self->job));
  g_autofree char *path = g_build_filename(self->folder, "curves.csv", NULL);
  return g_file_test(path, G_FILE_TEST_EXISTS) ? pct_curves_new_from_csv(path, error) : pct_curves_new();
}
