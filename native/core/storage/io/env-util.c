/*
 * The environment.
 */
#include "lib.h"

#include "env-util.h"

#include <unistd.h>

struct env_backup {
    char **entries; /* "name=value", NULL at the end */
};

void env_put(const char *name, const char *value)
{
    i_assert(strchr(name, '=') == NULL);
    if (setenv(name, value, 1) < 0)
        i_fatal("setenv(%s) failed: %m", name);
}

void env_put_array(const char *const *envs)
{
    for (; *envs != NULL; envs++) {
        const char *equals = strchr(*envs, '=');

        i_assert(equals != NULL);
        T_BEGIN
        {
            env_put(t_strdup_until(*envs, equals), equals + 1);
        }
        T_END;
    }
}

void env_remove(const char *name)
{
    if (unsetenv(name) < 0)
        i_fatal("unsetenv(%s) failed: %m", name);
}

void env_clean(void)
{
    if (clearenv() != 0)
        i_fatal("clearenv() failed");
}

void env_clean_except(const char *const preserve_envs[])
{
    struct env_backup kept;
    unsigned int count = 0, total = 0;

    while (preserve_envs[total] != NULL)
        total++;
    kept.entries = i_new(char *, total + 1);
    for (unsigned int i = 0; i < total; i++) {
        const char *value = getenv(preserve_envs[i]);

        if (value != NULL)
            kept.entries[count++] = i_strconcat(preserve_envs[i], "=", value, NULL);
    }
    env_backup_restore(&kept);
    for (unsigned int i = 0; i < count; i++)
        i_free(kept.entries[i]);
    i_free(kept.entries);
}

struct env_backup *env_backup_save(void)
{
    struct env_backup *env = i_new(struct env_backup, 1);
    char **environ_p = *env_get_environ_p();
    unsigned int count = 0;

    while (environ_p != NULL && environ_p[count] != NULL)
        count++;
    env->entries = i_new(char *, count + 1);
    for (unsigned int i = 0; i < count; i++)
        env->entries[i] = i_strdup(environ_p[i]);
    return env;
}

void env_backup_restore(struct env_backup *env)
{
    env_clean();
    env_put_array((const char *const *)env->entries);
}

void env_backup_free(struct env_backup **_env)
{
    struct env_backup *env = *_env;

    *_env = NULL;
    for (char **entry = env->entries; *entry != NULL; entry++)
        i_free(*entry);
    i_free(env->entries);
    i_free(env);
}

char ***env_get_environ_p(void)
{
    return &environ;
}
