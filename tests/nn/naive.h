// SPDX-License-Identifier: GPL-3.0-or-later
// Every operation once more, as loops in double precision that follow its definition and PyTorch's layouts: what the
// fast ones are held against, and what is differentiated by central differences.
#pragma once
#include "nn/graph.h"

typedef struct _Case Case;

// in and out (batch, H, W, C); parameters in disk order.
typedef void (*Naive)(const Case *c, int batch, gboolean training, const double *const *in,
                      const double *const *parameters, double *out);

struct _Case {
  const char *name;
  int (*build)(PctGraph *graph, const Case *c, int a, int b);
  Naive naive;
  PctShape in[2];
  int batch;
  PctConv2d conv;
  PctShape shape;   // reshape: the new one; crop: its size, at (number, number)
  float number;
  gboolean keep_from_zero;  // inputs at least 0.1 from the kink
};

void naive_linear(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
                  double *out);
void naive_conv2d(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
                  double *out);
void naive_conv_transpose2d(const Case *c, int batch, gboolean training, const double *const *in,
                            const double *const *parameters, double *out);
void naive_depthwise_conv2d(const Case *c, int batch, gboolean training, const double *const *in,
                            const double *const *parameters, double *out);
void naive_point_readout(const Case *c, int batch, gboolean training, const double *const *in,
                         const double *const *parameters, double *out);
void naive_batch_norm(const Case *c, int batch, gboolean training, const double *const *in,
                      const double *const *parameters, double *out);
void naive_activation(const Case *c, int batch, gboolean training, const double *const *in,
                      const double *const *parameters, double *out);
void naive_identity(const Case *c, int batch, gboolean training, const double *const *in,
                    const double *const *parameters, double *out);
void naive_concat(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
                  double *out);
void naive_add(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
               double *out);
void naive_reshape(const Case *c, int batch, gboolean training, const double *const *in,
                   const double *const *parameters, double *out);
void naive_crop(const Case *c, int batch, gboolean training, const double *const *in, const double *const *parameters,
                double *out);
void naive_gaussian_positions(const Case *c, int batch, gboolean training, const double *const *in,
                              const double *const *parameters, double *out);
void naive_mask_readout(const Case *c, int batch, gboolean training, const double *const *in,
                        const double *const *parameters, double *out);
void naive_average_pool(const Case *c, int batch, gboolean training, const double *const *in,
                        const double *const *parameters, double *out);
void naive_max_pool(const Case *c, int batch, gboolean training, const double *const *in,
                    const double *const *parameters, double *out);
