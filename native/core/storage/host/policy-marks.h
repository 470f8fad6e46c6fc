/*
 * Flags and keywords as they will be after a change. All on the data stack. Private to host/.
 */
#ifndef STORAGE_HOST_POLICY_MARKS_H
#define STORAGE_HOST_POLICY_MARKS_H

#include "lib.h"

#include "mail-types.h"

struct mail_keywords;

/** The names of keywords (NULL: none), ended by NULL. */
const char *const *marks_of_keywords(const struct mail_keywords *keywords);

enum mail_flags marks_after_flags(enum mail_flags before, enum modify_type type,
                                  enum mail_flags flags);
const char *const *marks_after_keywords(const char *const *before, enum modify_type type,
                                        const char *const *keywords);
/** Whether two lists hold the same keywords, in any order. */
bool marks_equal(const char *const *one, const char *const *other);

#endif
