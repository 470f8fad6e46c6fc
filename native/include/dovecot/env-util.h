/*
 * The environment of the process, which all its threads share: change it only while starting.
 */
#ifndef DOVECOT_ENV_UTIL_H
#define DOVECOT_ENV_UTIL_H

#include "macros.h"

struct env_backup;

DOVECOT_API_BEGIN

void env_put(const char *name, const char *value);
/** "name=value" each, NULL at the end. */
void env_put_array(const char *const *envs);
void env_remove(const char *name);
void env_clean(void);
/** All but these names, NULL at the end. */
void env_clean_except(const char *const preserve_envs[]);

struct env_backup *env_backup_save(void);
void env_backup_restore(struct env_backup *env);
void env_backup_free(struct env_backup **env);

char ***env_get_environ_p(void);

DOVECOT_API_END

#endif
