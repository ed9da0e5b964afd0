// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of encoders: three tables of options over one core/readout code.
#include "config.h"
#include <glib/gi18n-lib.h>
#include "encode/encoder-private.h"
#include "encode/encoder-training.h"

#define EPOCHS \
  { .name = "epochs", .type = PCT_OPTION_INTEGER, .minimum = 1, .maximum = 1000, .unit = N_("epochs"), \
    .title = N_("Epochs"), .help = N_("How often every train trial is seen, at most.") }
#define RATE \
  { .name = "rate", .type = PCT_OPTION_REAL, .minimum = 1e-6, .maximum = 0.1, .title = N_("Learning rate"), \
    .help = N_("Of Adam, at the start; multiplied by 0.3 when validation stops improving.") }
#define BATCH \
  { .name = "batch", .type = PCT_OPTION_INTEGER, .minimum = 2, .maximum = 512, .unit = N_("trials"), \
    .title = N_("Batch"), .help = N_("Trials a training step."), .advanced = TRUE }
#define PATIENCE \
  { .name = "patience", .type = PCT_OPTION_INTEGER, .minimum = 1, .maximum = 100, .unit = N_("epochs"), \
    .title = N_("Patience"), .help = N_("Epochs without a better validation before the learning rate falls."), \
    .advanced = TRUE }
#define DECAYS \
  { .name = "decays", .type = PCT_OPTION_INTEGER, .minimum = 0, .maximum = 10, .title = N_("Decays"), \
    .help = N_("How often the learning rate falls; then the training ends."), .advanced = TRUE }
#define LAYERS \
  { .name = "layers", .type = PCT_OPTION_INTEGER, .minimum = 1, .maximum = 8, .title = N_("Layers"), \
    .help = N_("Convolutional layers of the core.") }
#define CHANNELS \
  { .name = "channels", .type = PCT_OPTION_INTEGER, .minimum = 2, .maximum = 512, .unit = N_("channels"), \
    .title = N_("Channels"), .help = N_("Of every layer.") }
#define INPUT_KERNEL \
  { .name = "input_kernel", .type = PCT_OPTION_INTEGER, .minimum = 1, .maximum = 63, .unit = N_("pixels"), \
    .title = N_("First kernel"), .help = N_("Side of the first layer’s kernels."), .advanced = TRUE }
#define HIDDEN_KERNEL \
  { .name = "hidden_kernel", .type = PCT_OPTION_INTEGER, .minimum = 1, .maximum = 63, .unit = N_("pixels"), \
    .title = N_("Other kernels"), .help = N_("Side of the other layers’ kernels; an even number is taken one up."), \
    .advanced = TRUE }
#define SEPARABLE \
  { .name = "separable", .type = PCT_OPTION_BOOLEAN, .title = N_("Depth-separable"), \
    .help = N_("The layers after the first filter each channel apart and mix them pixel by pixel; else full " \
               "convolutions (Cadena et al. 2019)."), .advanced = TRUE }
#define LINEAR_CORE \
  { .name = "linear", .type = PCT_OPTION_BOOLEAN, .title = N_("Linear core"), \
    .help = N_("Without nonlinearities but the output’s."), .advanced = TRUE }
#define SMOOTH \
  { .name = "smooth", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1e6, .title = N_("Smooth first layer"), \
    .help = N_("Weight of the first kernels’ squared Laplacian, relative to their size."), .advanced = TRUE }

static const PctOption gaussian_options[] = {
  EPOCHS, RATE, LAYERS, CHANNELS, SMOOTH,
  { .name = "sparse", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1e6, .title = N_("Sparse readout"),
    .help = N_("Weight of the sum of the readout’s absolute weights.") },
  { .name = "positions", .type = PCT_OPTION_BOOLEAN, .title = N_("Cortical positions"),
    .help = N_("Where a neuron looks is a linear map of its place in the cortex, if the recording has that; else each "
               "neuron’s own.") },
  INPUT_KERNEL, HIDDEN_KERNEL, SEPARABLE, LINEAR_CORE,
  { .name = "mean_range", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1, .title = N_("Range of positions"),
    .help = N_("Neurons start by looking within this share of the map’s half width."), .advanced = TRUE },
  { .name = "sigma_range", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1, .title = N_("Range of spreads"),
    .help = N_("Entries of each neuron’s spread start within this."), .advanced = TRUE },
  BATCH, PATIENCE, DECAYS,
};
static const double gaussian_values[] = { 200, 0.005, 4, 64, 1, 2.439, 1, 15, 13, 1, 0, 0.55, 0.4, 60, 5, 3 };
G_STATIC_ASSERT(G_N_ELEMENTS(gaussian_values) == G_N_ELEMENTS(gaussian_options));
static const PctPreset gaussian_presets[] = { { "default", N_("Default"), gaussian_values } };
static const PctOptionTable gaussian_table = { gaussian_options, G_N_ELEMENTS(gaussian_options), gaussian_presets, 1 };

static const char *const losses[] = { "poisson", "squared", NULL };

static const PctOption factorized_options[] = {
  EPOCHS, RATE, LAYERS, CHANNELS,
  { .name = "loss", .type = PCT_OPTION_CHOICE, .choices = losses, .title = N_("Loss"),
    .help = N_("Poisson, as used for recordings of V1, or the squared error of the paper.") },
  { .name = "softplus", .type = PCT_OPTION_BOOLEAN, .title = N_("Softplus"),
    .help = N_("The output is log(1 + exp x) instead of ELU(x) + 1."), .advanced = TRUE },
  { .name = "non_negative", .type = PCT_OPTION_BOOLEAN, .title = N_("Non-negative readout"),
    .help = N_("Masks and weights are not negative."), .advanced = TRUE },
  { .name = "sparse_product", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1e6, .title = N_("Sparse neurons"),
    .help = N_("Weight of the sum over neurons of (sum |mask|) (sum |weights|).") },
  { .name = "sparse_mask", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1e6, .title = N_("Sparse masks"),
    .help = N_("Weight of the sum of absolute masks: λ_m of the paper."), .advanced = TRUE },
  { .name = "sparse_weights", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1e6, .title = N_("Sparse weights"),
    .help = N_("Weight of the sum of absolute feature weights: λ_w of the paper."), .advanced = TRUE },
  SMOOTH,
  { .name = "group", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1e6, .title = N_("Group sparsity"),
    .help = N_("Weight of the sum of the lengths of the kernels after the first layer."), .advanced = TRUE },
  { .name = "pool", .type = PCT_OPTION_INTEGER, .minimum = 1, .maximum = 8, .unit = N_("pixels"), .title = N_("Pooling"),
    .help = N_("Masks see averages over squares of so many pixels."), .advanced = TRUE },
  INPUT_KERNEL, HIDDEN_KERNEL, SEPARABLE, LINEAR_CORE, BATCH, PATIENCE, DECAYS,
};
static const double factorized_v1[] = { 200, 0.003, 3, 32, 0, 1, 1, 0.02, 0, 0, 1, 0.5, 2, 13, 7, 1, 0, 60, 5, 3 };
static const double factorized_paper[] = { 200, 0.003, 3, 32, 1, 0, 0, 0, 0.002, 0.002, 1, 0, 2, 13, 7, 1, 0, 60, 5, 3 };
G_STATIC_ASSERT(G_N_ELEMENTS(factorized_v1) == G_N_ELEMENTS(factorized_options));
G_STATIC_ASSERT(G_N_ELEMENTS(factorized_paper) == G_N_ELEMENTS(factorized_options));
static const PctPreset factorized_presets[] = { { "v1", N_("Recordings of V1"), factorized_v1 },
                                                { "paper", N_("As in the paper"), factorized_paper } };
static const PctOptionTable factorized_table = { factorized_options, G_N_ELEMENTS(factorized_options),
                                                 factorized_presets, 2 };

static const PctOption ln_options[] = {
  EPOCHS, RATE,
  { .name = "rank", .type = PCT_OPTION_INTEGER, .minimum = 0, .maximum = 2000, .title = N_("Rank"),
    .help = N_("Receptive fields are mixtures of so many that all neurons share; 0: each neuron has its own.") },
  { .name = "smooth_field", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1e9, .title = N_("Smooth fields"),
    .help = N_("Weight of the receptive fields’ squared Laplacian.") },
  { .name = "small_field", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1e9, .title = N_("Small fields"),
    .help = N_("Weight of the receptive fields’ squares.") },
  BATCH, PATIENCE, DECAYS,
};
static const double ln_values[] = { 60, 0.0005, 0, 30, 30, 60, 3, 3 };
G_STATIC_ASSERT(G_N_ELEMENTS(ln_values) == G_N_ELEMENTS(ln_options));
static const PctPreset ln_presets[] = { { "default", N_("Default"), ln_values } };
static const PctOptionTable ln_table = { ln_options, G_N_ELEMENTS(ln_options), ln_presets, 1 };

static const PctModelKind ln = {
  .role = PCT_ROLE_ENCODER, .kind = "ln", .title = N_("Linear–nonlinear"),
  .summary = N_("Each neuron has one linear receptive field, and answers with a rate that is not negative: the simplest "
                "honest model."),
  .formula = "r = ELU(w · (I − m) / s + b) + 1",
  .source = "Chichilnisky 2001, Network 12:199", .options = &ln_table, .iterative = TRUE,
};

static const PctModelKind factorized = {
  .role = PCT_ROLE_ENCODER, .kind = "factorized", .title = N_("Factorized readout"),
  .summary = N_("A convolutional core that all neurons share; each neuron has a mask (where) and weights of the features "
                "(what)."),
  .formula = "r = f(Σₖ wₖ Σᵢⱼ mᵢⱼ φₖ(I)ᵢⱼ + b)",
  .source = "Klindt et al. 2017, arXiv:1711.02653", .options = &factorized_table, .iterative = TRUE,
};

static const PctModelKind gaussian = {
  .role = PCT_ROLE_ENCODER, .kind = "gaussian", .title = N_("Gaussian readout"),
  .summary = N_("A convolutional core that all neurons share; each neuron reads its features at one point, which is drawn "
                "from a Gaussian while it learns."),
  .formula = "r = ELU(w · φ(I)(x) + b) + 1,  x ~ N(μ, ΣΣᵀ)",
  .source = "Lurz et al. 2021, ICLR", .options = &gaussian_table, .iterative = TRUE,
};

static const PctModelKind *const kinds[] = { &gaussian, &factorized, &ln };

const PctModelKind *const *
pct_encoder_get_kinds(guint *n)
{
  *n = G_N_ELEMENTS(kinds);
  return kinds;
}

const PctModelKind *
pct_encoder_find_kind(const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (g_strcmp0(kinds[i]->kind, name) == 0)
      return kinds[i];
  return NULL;
}

static double
number(const PctOptionValues *options, const char *name)
{
  return pct_option_values_get(options, name);
}

PctEncoderPlan
pct_encoder_plan_of(const PctModelKind *kind, const PctOptionValues *o, int height, int width, int n_neurons,
                    gboolean has_positions)
{
  PctEncoderPlan plan = { .design = { .height = height, .width = width, .n_neurons = n_neurons, .pool = 1 },
                          .initial = PCT_ENCODER_INITIAL_DEFAULT };
  PctEncoderDesign *d = &plan.design;
  plan.epochs = (int)number(o, "epochs");
  plan.batch = (int)number(o, "batch");
  plan.patience = (int)number(o, "patience");
  plan.decays = (int)number(o, "decays");
  plan.rate = number(o, "rate");
  if (kind == &ln) {
    d->readout = PCT_READOUT_FULL;
    d->rank = (int)number(o, "rank");
    plan.step.smooth_field = number(o, "smooth_field");
    plan.step.small_field = number(o, "small_field");
    return plan;
  }
  d->n_layers = (int)number(o, "layers");
  d->channels = (int)number(o, "channels");
  d->input_kernel = (int)number(o, "input_kernel");
  d->hidden_kernel = (int)number(o, "hidden_kernel") | 1;
  d->depth_separable = number(o, "separable") != 0;
  d->linear = number(o, "linear") != 0;
  plan.step.smooth_input = number(o, "smooth");
  if (kind == &gaussian) {
    d->readout = PCT_READOUT_POINT;
    d->has_positions = has_positions && number(o, "positions") != 0;
    plan.initial.mean_range = (float)number(o, "mean_range");
    plan.initial.sigma_range = (float)number(o, "sigma_range");
    plan.step.sparse_features = number(o, "sparse");
    return plan;
  }
  d->readout = PCT_READOUT_MASK;
  d->pool = (int)number(o, "pool");
  d->softplus = number(o, "softplus") != 0;
  d->non_negative = number(o, "non_negative") != 0;
  plan.step.loss = number(o, "loss") == 0 ? PCT_RATE_POISSON : PCT_RATE_SQUARED;
  plan.step.sparse_product = number(o, "sparse_product");
  plan.step.sparse_mask = number(o, "sparse_mask");
  plan.step.sparse_weights = number(o, "sparse_weights");
  plan.step.group_sparsity = number(o, "group");
  return plan;
}
