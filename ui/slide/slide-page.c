// SPDX-License-Identifier: GPL-3.0-or-later
// The page only passes on: what the person does goes to PctSlide and PctSelection, what they notify goes to the
// widgets. Between a slider and the screen nothing waits: a new picture is drawn in the very next frame.
#include "config.h"
#include "slide/slide-page-private.h"
#include <glib/gi18n.h>
#include <math.h>
#include "empty-page.h"
#include "image-bar.h"
#include "model-pills.h"
#include "page-actions.h"
#include "plots/number-text.h"
#include "slide/change-scale.h"
#include "slide/check-line.h"
#include "slide/decoder-row.h"
#include "slide/effect-card.h"
#include "slide/group-row.h"
#include "slide/lesion-card.h"
#include "slide/photograph-bar.h"
#include "slide/response-commands.h"
#include "slide/slide-memory.h"
#include "slide/slide-panel.h"
#include "slide/slide-stage.h"
#include "slide/sweep-card.h"

G_DEFINE_FINAL_TYPE(PctSlidePage, pct_slide_page, GTK_TYPE_WIDGET)

// What the stage shows: of the responses as set, or the picture that a sweep has on while it plays.
static PctPicture *
get_shown(PctSlidePage *self)
{
  PctPicture *played = pct_sweep_card_get_picture(PCT_SWEEP_CARD(self->sweep));
  return played ? played : pct_slide_get_reconstruction(self->slide);
}

static void
show_score(PctSlidePage *self)
{
  const char *played = pct_sweep_card_get_frame_text(PCT_SWEEP_CARD(self->sweep));
  double before = pct_slide_get_baseline_score(self->slide).pixcorr[PCT_FRAME_FULL];
  double after = pct_slide_get_score(self->slide).pixcorr[PCT_FRAME_FULL];
  g_autofree char *before_text = pct_number_text(before, 3), *after_text = pct_number_text(after, 3), *text = NULL;
  if (pct_slide_get_reconstruction(self->slide))
    text = pct_slide_is_changed(self->slide) ? g_strdup_printf(_("PixCorr %s → %s"), before_text, after_text)
                                             : g_strdup_printf(_("PixCorr %s"), after_text);
  pct_picture_card_set_subtitle(pct_slide_stage_get_reconstruction(PCT_SLIDE_STAGE(self->stage)),
                                played ? played : text);
}

void
pct_slide_page_show_change(PctSlidePage *self)
{
  PctPictureCard *card = pct_slide_stage_get_change(PCT_SLIDE_STAGE(self->stage));
  PctPicture *after = get_shown(self), *before = pct_slide_get_baseline(self->slide);
  if (!after || !before || (after == pct_slide_get_reconstruction(self->slide) && !pct_slide_is_changed(self->slide))) {
    pct_picture_card_clear(card);
    pct_picture_card_set_subtitle(card, after && before ? _("none yet") : NULL);
    if (!self->locked)
      self->limit = 0;
    return;
  }
  int height = pct_picture_get_height(after), width = pct_picture_get_width(after);
  pct_change_compute(after, before, self->change);
  double limit = self->locked && self->limit > 0 ? self->limit : pct_change_limit(self->change, (gsize)height * width);
  pct_picture_card_set_difference(card, self->change, height, width, limit);
  self->limit = limit;
  g_autofree char *text = pct_change_scale_text(limit);
  pct_picture_card_set_subtitle(card, text);
}

static void
on_reconstruction(PctSlidePage *self)
{
  pct_picture_card_show(pct_slide_stage_get_reconstruction(PCT_SLIDE_STAGE(self->stage)), get_shown(self));
  pct_slide_page_show_change(self);
  show_score(self);
}

static void
on_original(PctSlidePage *self)
{
  pct_picture_card_show(pct_slide_stage_get_original(PCT_SLIDE_STAGE(self->stage)),
                        pct_slide_get_original(self->slide));
}

// One line below the pictures: what stands in the way, or what to be careful about.
static void
show_status(PctSlidePage *self)
{
  const char *problem = pct_slide_get_problem(self->slide);
  guint n, n_beyond = 0;
  const int *neurons = pct_selection_get_neurons(self->selection, &n);
  int beyond = -1;
  for (guint i = 0; i < n; i++) {
    PctNeuronRow *row = pct_slide_panel_find(PCT_SLIDE_PANEL(self->panel), neurons[i]);
    if (row && pct_neuron_row_is_beyond(row)) {
      beyond = neurons[i];
      n_beyond++;
    }
  }
  g_autofree char *text = NULL;
  if (n_beyond == 1)
    text = g_strdup_printf(_("▲ Neuron %d is beyond its observed range (%s)"), beyond,
                           pct_slide_get_n_averaged(self->slide) > 1 ? _("means over repeats") : _("single trials"));
  else if (n_beyond > 1)
    text = g_strdup_printf(ngettext("▲ %d neuron is beyond its observed range",
                                    "▲ %d neurons are beyond their observed range", n_beyond), (int)n_beyond);
  const char *shown = problem ? problem : text ? text : "";
  if (g_strcmp0(gtk_label_get_label(GTK_LABEL(self->status)), shown))
    gtk_label_set_label(GTK_LABEL(self->status), shown);
  gtk_widget_remove_css_class(self->status, problem ? "warning" : "error");
  gtk_widget_add_css_class(self->status, problem ? "error" : "warning");
}

static void
on_responses(PctSlidePage *self)
{
  gboolean based = pct_slide_get_responses(self->slide) != NULL;
  guint n;
  pct_selection_get_neurons(self->selection, &n);
  pct_page_actions_set_enabled(self->actions, "reset", based && pct_slide_is_changed(self->slide));
  pct_page_actions_set_enabled(self->actions, "silence", based && n > 0);
  pct_page_actions_set_enabled(self->actions, "unpin-all", n > 0);
  pct_page_actions_set_enabled(self->actions, "pin-strongest", based);
  show_status(self);
}

static void
on_latent(PctSlidePage *self)
{
  int n = pct_slide_get_n_latent(self->slide);
  gboolean zero = pct_slide_is_latent_zero(self->slide);
  guint64 seed = pct_slide_get_latent_seed(self->slide);
  self->latent_seed = MAX(self->latent_seed, seed);  // the next draw is one that was not there yet
  gtk_widget_set_visible(self->latent_box, n > 0);
  g_autofree char *text = zero ? g_strdup(_("z = 0")) : g_strdup_printf(_("z: draw %d"), (int)seed);
  gtk_label_set_label(GTK_LABEL(self->latent_label), text);
  pct_page_actions_set_enabled(self->actions, "redraw", n > 0);
  pct_page_actions_set_enabled(self->actions, "zero-latent", n > 0 && !zero);
}

// The badge tells the tier of what is shown: of a photograph there is none.
static void
on_shown(PctSlidePage *self)
{
  pct_slide_stage_set_image(PCT_SLIDE_STAGE(self->stage), self->project, pct_slide_get_image(self->slide));
  pct_slide_panel_update_base(PCT_SLIDE_PANEL(self->panel));
}

void
pct_slide_page_take_image(PctSlidePage *self)
{
  int image = pct_image_bar_get_image(PCT_IMAGE_BAR(self->bar));
  pct_photograph_bar_close(PCT_PHOTOGRAPH_BAR(self->photograph));
  pct_page_actions_set_enabled(self->actions, "close-photograph", FALSE);
  pct_slide_set_base(self->slide, image, pct_image_bar_get_repeat(PCT_IMAGE_BAR(self->bar)));
  on_shown(self);
  on_responses(self);
}

static void
on_model(PctSlidePage *self)
{
  PctModel *model = pct_model_pills_get_model(PCT_MODEL_PILLS(self->pills));
  gtk_stack_set_visible_child_name(GTK_STACK(self->states), model ? "stage" : "empty");
  if (model != pct_slide_get_model(self->slide))
    pct_slide_set_model(self->slide, model);
  on_latent(self);
}

static void
say(PctSlidePage *self, const char *sentence)
{
  pct_slide_panel_say(PCT_SLIDE_PANEL(self->panel), sentence);
}

// The card in sight is a part of what the memory keeps.
static void
on_card(PctSlidePage *self)
{
  pct_slide_history_set_view(pct_slide_memory_get_history(self->memory),
                             gtk_stack_get_visible_child_name(GTK_STACK(self->cards)));
}

void
pct_slide_page_show_card(PctSlidePage *self, const char *name)
{
  if (gtk_stack_get_child_by_name(GTK_STACK(self->cards), name))
    gtk_stack_set_visible_child_name(GTK_STACK(self->cards), name);
}

static void
pct_slide_page_dispose(GObject *object)
{
  PctSlidePage *self = PCT_SLIDE_PAGE(object);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self))))
    gtk_widget_unparent(child);
  g_clear_object(&self->memory);
  g_clear_object(&self->commands);
  if (self->slide)
    g_signal_handlers_disconnect_by_data(self->slide, self);
  g_clear_object(&self->chooser);
  g_clear_object(&self->slide);
  g_clear_object(&self->project);
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(pct_slide_page_parent_class)->dispose(object);
}

static void
pct_slide_page_finalize(GObject *object)
{
  g_free(PCT_SLIDE_PAGE(object)->change);
  G_OBJECT_CLASS(pct_slide_page_parent_class)->finalize(object);
}

static void
pct_slide_page_class_init(PctSlidePageClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_slide_page_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_slide_page_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BOX_LAYOUT);
}

static void
pct_slide_page_init(PctSlidePage *self)
{
}

// z: what it is now, another draw, back to zero.
static GtkWidget *
make_latent_box(PctSlidePage *self)
{
  self->latent_box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->latent_label = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->latent_label, "dim-label");
  gtk_widget_add_css_class(self->latent_label, "numeric");
  GtkWidget *another = gtk_button_new_with_label(_("Redraw z"));
  gtk_widget_set_tooltip_text(another, _("Another picture that is as plausible: z drawn anew from N(0, 1)"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(another), "slide.redraw");
  GtkWidget *zero = gtk_button_new_with_label(_("z to zero"));
  gtk_widget_set_tooltip_text(zero, _("The picture that scores are made of"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(zero), "slide.zero-latent");
  gtk_box_append(GTK_BOX(self->latent_box), self->latent_label);
  gtk_box_append(GTK_BOX(self->latent_box), another);
  gtk_box_append(GTK_BOX(self->latent_box), zero);
  return self->latent_box;
}

static GtkWidget *
make_toggle(const char *label, const char *tooltip, const char *action)
{
  GtkWidget *toggle = gtk_toggle_button_new_with_label(label);
  gtk_widget_set_tooltip_text(toggle, tooltip);
  gtk_widget_set_valign(toggle, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(toggle), action);
  return toggle;
}

// The one large picture, or all decoders' in a row.
static GtkWidget *
make_views(PctSlidePage *self)
{
  self->stage = pct_slide_stage_new();
  pct_slide_stage_set_shape(PCT_SLIDE_STAGE(self->stage), pct_project_get_height(self->project),
                            pct_project_get_width(self->project));
  self->row = pct_decoder_row_new(self->project, self->selection, self->slide);
  GtkWidget *changes = make_toggle(_("Changes"), _("What was changed in each picture, on one scale for all"), "slide.row-changes");
  gtk_widget_set_halign(changes, GTK_ALIGN_START);
  GtkWidget *all = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_vexpand(self->row, TRUE);
  gtk_box_append(GTK_BOX(all), changes);
  gtk_box_append(GTK_BOX(all), self->row);
  self->views = gtk_stack_new();
  gtk_stack_set_vhomogeneous(GTK_STACK(self->views), FALSE);
  gtk_stack_set_hhomogeneous(GTK_STACK(self->views), FALSE);
  gtk_stack_add_named(GTK_STACK(self->views), self->stage, "one");
  gtk_stack_add_named(GTK_STACK(self->views), all, "all");
  gtk_widget_set_vexpand(self->views, TRUE);
  return self->views;
}

// Below the pictures: one card at a time.
static GtkWidget *
make_cards(PctSlidePage *self)
{
  const struct {
    const char *name, *title;
    GtkWidget *card;
  } cards[] = {
    { "sweep", _("Sweep"), self->sweep },
    { "neuron", _("Neuron"), pct_effect_card_new(self->project, self->selection, self->slide) },
    { "lesions", _("Lesions"), pct_lesion_card_new(self->project, self->selection, self->slide, self->actions) },
  };
  GtkWidget *stack = self->cards = gtk_stack_new();
  gtk_stack_set_vhomogeneous(GTK_STACK(stack), FALSE);
  for (guint i = 0; i < G_N_ELEMENTS(cards); i++)
    gtk_stack_add_titled(GTK_STACK(stack), cards[i].card, cards[i].name, cards[i].title);
  GtkWidget *switcher = gtk_stack_switcher_new();
  gtk_stack_switcher_set_stack(GTK_STACK_SWITCHER(switcher), GTK_STACK(stack));
  gtk_widget_set_halign(switcher, GTK_ALIGN_START);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append(GTK_BOX(box), switcher);
  gtk_box_append(GTK_BOX(box), stack);
  return box;
}

static GtkWidget *
make_content(PctSlidePage *self)
{
  GtkWidget *top = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_set_hexpand(self->bar, TRUE);
  gtk_box_append(GTK_BOX(top), self->bar);
  gtk_box_append(GTK_BOX(top), self->pills);
  GtkWidget *photograph = gtk_button_new_from_icon_name("image-x-generic-symbolic");
  const char *tip = _("Show a photograph instead: its responses are predicted by an encoder. One can also be dropped on the page.");
  gtk_widget_set_tooltip_text(photograph, tip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(photograph), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Show a photograph"), -1);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(photograph), "slide.open-photograph");
  gtk_widget_set_valign(photograph, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(top), photograph);
  gtk_box_append(GTK_BOX(top), make_toggle(_("All in a Row"), _("The pictures of all decoders, of the same responses"),
                                           "slide.all-decoders"));
  self->status = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->status), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->status), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(self->status, TRUE);
  GtkWidget *bottom = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_set_size_request(bottom, -1, 34);  // its buttons come and go with the model; the pictures stay put
  GtkWidget *latent = make_latent_box(self);
  gtk_widget_set_hexpand(latent, TRUE);
  gtk_widget_set_halign(latent, GTK_ALIGN_START);
  gtk_box_append(GTK_BOX(bottom), latent);
  gtk_box_append(GTK_BOX(bottom), make_toggle(_("Lock Scale"), _("Keep the scale of the changes from picture to picture"),
                                              "slide.lock-scale"));
  gtk_box_append(GTK_BOX(bottom), pct_slide_memory_make_menu(self->memory));
  gtk_box_append(GTK_BOX(bottom), pct_response_commands_make_menu(self->commands));
  GtkWidget *content = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_add_css_class(content, "page-content");
  gtk_widget_set_hexpand(content, TRUE);
  self->photograph = pct_photograph_bar_new(self->project, self->slide);
  GtkWidget *lines = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_add_css_class(self->status, "caption");
  gtk_box_append(GTK_BOX(lines), self->status);
  gtk_box_append(GTK_BOX(lines), pct_check_line_new(self->project, self->selection, self->slide));
  GtkWidget *parts[] = { top, self->photograph, make_views(self), make_cards(self),
                         lines, bottom };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(content), parts[i]);
  return content;
}

GtkWidget *
pct_slide_page_new(PctProject *project, PctSelection *selection)
{
  PctSlidePage *self = g_object_new(PCT_TYPE_SLIDE_PAGE, NULL);
  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  self->slide = pct_slide_new(project);
  self->change = g_new(float, (gsize)pct_project_get_height(project) * pct_project_get_width(project));
  pct_slide_page_add_commands(self);

  self->bar = pct_image_bar_new(project, selection, "slide");
  pct_image_bar_hide_badge(PCT_IMAGE_BAR(self->bar));
  self->pills = pct_model_pills_new(project, selection);
  self->sweep = pct_sweep_card_new(project, selection, self->slide, G_ACTION_MAP(self->actions));
  self->panel = pct_slide_panel_new(project, selection, self->slide);
  self->memory = pct_slide_memory_new(GTK_WIDGET(self), self->actions, project, selection, self->slide,
                                      PCT_IMAGE_BAR(self->bar));
  self->commands = pct_response_commands_new(GTK_WIDGET(self), self->actions, project, selection, self->slide,
                                             PCT_IMAGE_BAR(self->bar));
  pct_slide_panel_add_to_heading(PCT_SLIDE_PANEL(self->panel), pct_slide_memory_make_buttons(self->memory));
  pct_slide_panel_add_below(PCT_SLIDE_PANEL(self->panel), pct_group_row_new(project, selection, self->slide));
  GtkWidget *both = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_box_append(GTK_BOX(both), self->panel);
  gtk_box_append(GTK_BOX(both), gtk_separator_new(GTK_ORIENTATION_VERTICAL));
  gtk_box_append(GTK_BOX(both), make_content(self));
  GtkWidget *empty =
    pct_empty_page_new("percept-slide-symbolic", _("No decoder is trained yet"),
                       _("Train one, and the picture here follows every neuron you slide. Ridge regression "
                         "takes seconds."));
  self->states = gtk_stack_new();
  gtk_widget_set_hexpand(self->states, TRUE);
  gtk_stack_add_named(GTK_STACK(self->states), empty, "empty");
  gtk_stack_add_named(GTK_STACK(self->states), both, "stage");
  gtk_widget_set_parent(self->states, GTK_WIDGET(self));

  pct_influence_card_attach(pct_slide_panel_get_influence(PCT_SLIDE_PANEL(self->panel)), GTK_WIDGET(self), self->actions,
                            pct_slide_page_get_reconstruction_view(self));
  pct_lesion_card_follow(PCT_LESION_CARD(pct_slide_page_get_card(self, "lesions")),
                         pct_influence_card_get_influence(pct_slide_panel_get_influence(PCT_SLIDE_PANEL(self->panel))));
  const struct {
    gpointer object;
    const char *signal;
    GCallback callback;
  } signals[] = {
    { self->slide, "notify::reconstruction", G_CALLBACK(on_reconstruction) },
    { self->slide, "notify::baseline", G_CALLBACK(on_reconstruction) },
    { self->slide, "notify::original", G_CALLBACK(on_original) },
    { self->slide, "notify::image", G_CALLBACK(on_shown) },
    { self->slide, "notify::problem", G_CALLBACK(show_status) },
    { self->slide, "notify::n-latent", G_CALLBACK(on_latent) },
    { self->slide, "notify::latent", G_CALLBACK(on_latent) },
    { self->memory, "say", G_CALLBACK(say) },
    { self->memory, "view", G_CALLBACK(pct_slide_page_show_card) },
    { self->commands, "say", G_CALLBACK(say) },
    { self->cards, "notify::visible-child-name", G_CALLBACK(on_card) },
    { self->slide, "responses-changed", G_CALLBACK(on_responses) },
    { selection, "notify::image", G_CALLBACK(pct_slide_page_take_image) },
    { selection, "neurons-changed", G_CALLBACK(on_responses) },
    { self->sweep, "notify::frame", G_CALLBACK(on_reconstruction) },
    { self->bar, "notify::repeat", G_CALLBACK(pct_slide_page_take_image) },
    { self->pills, "notify::model", G_CALLBACK(on_model) },
    { self->pills, "notify::n-models", G_CALLBACK(on_model) },
  };
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect_object(signals[i].object, signals[i].signal, signals[i].callback, self, G_CONNECT_SWAPPED);
  on_model(self);
  pct_slide_page_take_image(self);
  on_original(self);
  on_reconstruction(self);
  on_card(self);
  return GTK_WIDGET(self);
}

PctProject *
pct_slide_page_get_project(PctSlidePage *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_PAGE(self), NULL);
  return self->project;
}

PctSelection *
pct_slide_page_get_selection(PctSlidePage *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_PAGE(self), NULL);
  return self->selection;
}

PctSlide *
pct_slide_page_get_slide(PctSlidePage *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_PAGE(self), NULL);
  return self->slide;
}

PctNeuronRow *
pct_slide_page_find_row(PctSlidePage *self, int neuron)
{
  g_return_val_if_fail(PCT_IS_SLIDE_PAGE(self), NULL);
  return pct_slide_panel_find(PCT_SLIDE_PANEL(self->panel), neuron);
}

PctSlideMemory *
pct_slide_page_get_memory(PctSlidePage *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_PAGE(self), NULL);
  return self->memory;
}

GtkWidget *
pct_slide_page_get_card(PctSlidePage *self, const char *name)
{
  g_return_val_if_fail(PCT_IS_SLIDE_PAGE(self) && name, NULL);
  return gtk_stack_get_child_by_name(GTK_STACK(self->cards), name);
}

PctPictureView *
pct_slide_page_get_reconstruction_view(PctSlidePage *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_PAGE(self), NULL);
  return pct_picture_card_get_view(pct_slide_stage_get_reconstruction(PCT_SLIDE_STAGE(self->stage)));
}

GActionGroup *
pct_slide_page_get_actions(PctSlidePage *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_PAGE(self), NULL);
  return G_ACTION_GROUP(self->actions);
}

double
pct_slide_page_get_change_limit(PctSlidePage *self)
{
  g_return_val_if_fail(PCT_IS_SLIDE_PAGE(self), 0);
  return self->limit;
}
