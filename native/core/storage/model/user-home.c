/*
 * A user's directories: the home, and one for files that need not survive; and locks in them.
 */
#include "lib.h"

#include "home-expand.h"
#include "mail-namespace.h"
#include "mail-user.h"
#include "mailbox-list-private.h"
#include "mkdir-parents.h"
#include "model/lock-file.h"
#include "model/user.h"
#include "str.h"
#include "var-expand.h"

void mail_user_set_home(struct mail_user *user, const char *home)
{
    user->_home = p_strdup(user->pool, home);
    user->home_looked_up = TRUE;
    user->var_expand_table = NULL;
}

/* The setting, with the variables that are known without a home. */
static int look_up_home(struct mail_user *user)
{
    const char *home = user->unexpanded_set->mail_home, *error;
    string_t *expanded = t_str_new(128);

    if (*home == '\0')
        return 0;
    if (var_expand(expanded, home, mail_user_var_expand_table_without_home(user), &error) <= 0) {
        e_error(user->event, "mail_home '%s' cannot be expanded: %s", home, error);
        return -1;
    }
    user->_home = p_strdup(user->pool, str_c(expanded));
    return 0;
}

int mail_user_get_home(struct mail_user *user, const char **home_r)
{
    int ret = 0;

    if (!user->home_looked_up) {
        T_BEGIN
        {
            ret = look_up_home(user);
        }
        T_END;
        if (ret < 0) {
            *home_r = NULL;
            return -1;
        }
        user->home_looked_up = TRUE;
    }
    *home_r = user->_home;
    return user->_home != NULL ? 1 : 0;
}

int mail_user_try_home_expand(struct mail_user *user, const char **path)
{
    const char *home;

    if (**path != '~')
        return 0;
    if (mail_user_get_home(user, &home) <= 0)
        return -1;
    *path = home_expand_tilde(*path, home);
    return 0;
}

const char *mail_user_home_expand(struct mail_user *user, const char *path)
{
    (void)mail_user_try_home_expand(user, &path);
    return path;
}

int mail_user_home_mkdir(struct mail_user *user)
{
    const char *home;
    int ret = mail_user_get_home(user, &home);

    if (ret <= 0 || *home != '/')
        return ret < 0 ? -1 : 0;
    if (mkdir_parents(home, 0700) < 0 && errno != EEXIST) {
        e_error(user->event, "mkdir(%s) failed: %s (the user's home)", home, strerror(errno));
        return -1;
    }
    return 0;
}

const char *mail_user_get_volatile_dir(struct mail_user *user)
{
    if (user->namespaces == NULL)
        return NULL;
    return mail_namespace_find_inbox(user->namespaces)->list->set.volatile_dir;
}

int mail_user_lock_file_create(struct mail_user *user, const char *lock_fname,
                               unsigned int lock_secs, struct file_lock **lock_r,
                               const char **error_r)
{
    const char *dir = mail_user_get_volatile_dir(user);
    struct lock_file_request request = {.secs = lock_secs,
                                        .method = user->mail_set->parsed_lock_method,
                                        .file_mode = 0600,
                                        .dir_mode = 0700,
                                        .gid = (gid_t)-1};

    if (dir == NULL && mail_user_get_home(user, &dir) <= 0) {
        *error_r =
            t_strdup_printf("User %s has no home directory: there is no place for the lock %s",
                            user->username, lock_fname);
        return -1;
    }
    request.path = t_strconcat(dir, "/", lock_fname, NULL);
    return lock_file_create(&request, lock_r, error_r);
}
