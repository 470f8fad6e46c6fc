/*
 * What the files about users share with the rest of the model.
 */
#ifndef STORAGE_MODEL_USER_H
#define STORAGE_MODEL_USER_H

#include "lib.h"

#include "array.h"
#include "mail-user.h"

/**
 * The table without the home's variables, which are not known yet when the home itself is
 * expanded.
 */
const struct var_expand_table *mail_user_var_expand_table_without_home(struct mail_user *user);

#endif
