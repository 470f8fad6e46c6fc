/*
 * The settings of a mail user, from plain data. Private to host/.
 */
#ifndef STORAGE_HOST_USER_SETTINGS_H
#define STORAGE_HOST_USER_SETTINGS_H

#include "host/operation.h"

struct storage_settings;

/** From the map of a user, in `pool`. NULL: the operation has failed. */
struct storage_settings *user_settings_create(struct operation *operation, const vsmtp_value *map,
                                              pool_t pool);

#endif
