/*
 * Modifiers and widths of variables: what may stand between a `%` and its key.
 */
#ifndef STORAGE_FORMAT_VAR_EXPAND_MODIFIER_H
#define STORAGE_FORMAT_VAR_EXPAND_MODIFIER_H

#include "lib.h"

#define VAR_MODIFIERS_MAX 8

struct var_modifiers {
    char letters[VAR_MODIFIERS_MAX];
    unsigned int count;
    int offset; /**< negative: from the end */
    int width;  /**< 0: all; negative: up to so many bytes before the end */
    bool zero_padded;
};

/** Reads them; returns where the key begins. */
const char *var_modifiers_parse(struct var_modifiers *modifiers, const char *str);
/** The value as they want it, on the data stack. */
const char *var_modifiers_apply(const struct var_modifiers *modifiers, const char *value);

#endif
