/*
 * What the files about namespaces share.
 */
#ifndef STORAGE_MODEL_NAMESPACES_H
#define STORAGE_MODEL_NAMESPACES_H

#include "lib.h"

#include "array.h"
#include "mail-namespace.h"

/** Ends a namespace that is in no list. */
void mail_namespace_free(struct mail_namespace *ns);

/** mail_namespace_find(), but a shared root stays itself: nothing is made. Never NULL. */
struct mail_namespace *mail_namespace_find_existing(struct mail_namespace *namespaces,
                                                    const char *mailbox);

/** The rules that all namespaces of a user must keep together; also connects aliases. 0, or -1. */
int mail_namespaces_check(struct mail_namespace *namespaces, const char **error_r);

#endif
