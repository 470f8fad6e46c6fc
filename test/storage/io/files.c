/*
 * Files and directories: making, removing, reading and writing all, and telling what is in the way.
 */
#include "tap.h"

#include "eacces-error.h"
#include "env-util.h"
#include "home-expand.h"
#include "hostpid.h"
#include "ipwd.h"
#include "lib.h"
#include "mkdir-parents.h"
#include "nfs-workarounds.h"
#include "read-full.h"
#include "safe-mkdir.h"
#include "safe-mkstemp.h"
#include "str.h"
#include "unlink-directory.h"
#include "write-full.h"

#include <fcntl.h>
#include <sys/stat.h>

static mode_t mode_of(const char *path)
{
    struct stat st;

    return lstat(path, &st) < 0 ? (mode_t)-1 : st.st_mode & 07777;
}

static bool exists(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

static void touch(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT, 0600);

    i_close_fd(&fd);
}

static void test_full(void)
{
    int fd = open("full", O_RDWR | O_CREAT, 0600), full = open("/dev/full", O_WRONLY);
    char bytes[8];

    is_int(write_full(fd, "abcdef", 6), 0, "all is written");
    is_int(pwrite_full(fd, "XY", 2, 1), 0, "at an offset too");
    is_int(pread_full(fd, bytes, 6, 0), 1, "all is read");
    ok(memcmp(bytes, "aXYdef", 6) == 0, "as it was written");
    is_int(pread_full(fd, bytes, 8, 0), 0, "an end before that is told");
    is_int(read_full(-1, bytes, 1), -1, "and an error");
    is_int(write_full(full, "x", 1), -1, "a full disk is an error");
    is_int(errno, ENOSPC, "of that name");
    i_close_fd(&full);
    i_close_fd(&fd);
    is_int(fd, -1, "a closed descriptor is -1");
    i_close_fd(&fd);
}

static void close_zero(void)
{
    int fd = 0;

    i_close_fd(&fd);
}

static void find_leak(void)
{
    fd_debug_verify_leaks(STDOUT_FILENO, STDERR_FILENO);
}

static void test_descriptors(void)
{
    int fds[2];

    (void)pipe(fds);
    fd_close_on_exec(fds[0], TRUE);
    fd_set_nonblock(fds[0], TRUE);
    ok((fcntl(fds[0], F_GETFD) & FD_CLOEXEC) != 0, "a descriptor can be closed on exec");
    ok((fcntl(fds[0], F_GETFL) & O_NONBLOCK) != 0, "and not block");
    fd_set_nonblock(fds[0], FALSE);
    ok((fcntl(fds[0], F_GETFL) & O_NONBLOCK) == 0, "or block again");
    i_close_fd(&fds[1]);
    fds[1] = fds[0];
    fd_close_maybe_stdio(&fds[0], &fds[1]);
    ok(fds[0] == -1 && fds[1] == -1, "the same descriptor twice is closed once");
    ok(panics(close_zero), "closing 0 is a panic");
    ok(panics(find_leak), "so is a leak");
}

static void test_mkdir(void)
{
    const char *root;
    struct stat st;

    is_int(mkdir_parents("a/b/c", 0750), 0, "a directory is made with its parents");
    is_int(mode_of("a/b"), 0750, "which have the same mode");
    is_int(mkdir_parents("a/b/c", 0700), -1, "one that is there is not made");
    is_int(errno, EEXIST, "and said to be there");
    is_int(mkdir_parents("a/d/", 0700), 0, "a slash at the end does no harm");
    is_int(mkdir_parents_chgrp("a/e/f", 0770, getegid(), "a test"), 0, "a group can be given");
    is_int(mode_of("a/e/f"), 0770, "then the umask does not matter");
    is_int(mkdir_chown("a/g/h", 0700, getuid(), (gid_t)-1), -1,
           "without parents there must be some");
    touch("a/file");
    is_int(mkdir_parents("a/file/x", 0700), -1, "a file is no parent");
    is_int(errno, ENOTDIR, "that is ENOTDIR");
    is_int(stat_first_parent("a/b/x/y", &root, &st), 0, "the first parent that exists");
    is_str(root, "a/b", "is found");
    is_int(safe_mkdir("safe", 0711, (uid_t)-1, (gid_t)-1), 1, "a safe directory is made");
    is_int(safe_mkdir("safe", 0711, (uid_t)-1, (gid_t)-1), 2, "or is right");
    is_int(safe_mkdir("safe", 0700, (uid_t)-1, (gid_t)-1), 0, "or is set right");
    is_int(mode_of("safe"), 0700, "as wanted");
}

static void test_mkstemp(void)
{
    string_t *one = t_str_new(32), *two = t_str_new(32);
    int fd;

    str_append(one, "tmp.");
    str_append(two, "tmp.");
    fd = safe_mkstemp(one, 0644, (uid_t)-1, (gid_t)-1);
    ok(fd != -1 && exists(str_c(one)), "a temporary file is made");
    is_int(mode_of(str_c(one)), 0644, "with that mode");
    i_close_fd(&fd);
    fd = safe_mkstemp_hostpid_group(two, 0600, getegid(), "a test");
    ok(fd != -1 && strcmp(str_c(one), str_c(two)) != 0, "its name is its own");
    ok(strstr(str_c(two), my_pid) != NULL && strstr(str_c(two), my_hostname) != NULL,
       "with host and process in it if wanted");
    i_close_fd(&fd);
    str_truncate(one, 0);
    str_append(one, "missing/tmp.");
    is_int(safe_mkstemp(one, 0600, (uid_t)-1, (gid_t)-1), -1, "without a directory there is none");
}

static void test_unlink_directory(void)
{
    const char *error;

    (void)mkdir_parents("tree/sub/deep", 0700);
    (void)mkdir_parents("other", 0700);
    touch("tree/file");
    touch("tree/.hidden");
    touch("tree/sub/deep/file");
    touch("other/kept");
    (void)symlink("../other", "tree/link");
    is_int(unlink_directory("tree", UNLINK_DIRECTORY_FLAG_FILES_ONLY, &error), 1,
           "files of a directory are removed");
    ok(exists("tree/sub/deep/file") && !exists("tree/file"), "alone");
    touch("tree/.hidden");
    is_int(unlink_directory("tree", UNLINK_DIRECTORY_FLAG_SKIP_DOTFILES, &error), 1,
           "or all but the hidden ones");
    ok(exists("tree/.hidden") && !exists("tree/sub"), "with what is below");
    is_int(unlink_directory("tree", UNLINK_DIRECTORY_FLAG_RMDIR, &error), 1, "or everything");
    ok(!exists("tree") && exists("other/kept"), "but nothing that a link leads to");
    is_int(unlink_directory("tree", 0, &error), 0, "what is not there is told");
    is_str(error, "open(tree) failed: No such file or directory", "with a text");
}

static void test_messages(void)
{
    const char *text;

    errno = EACCES;
    text = eacces_error_get("open", "dir/file");
    ok(strncmp(text, "open(dir/file) failed: Permission denied (euid=", 47) == 0,
       "a message says who we are");
    is_int(errno, EACCES, "errno is kept");
    errno = EPERM;
    text = eperm_error_get_chgrp("chown", "file", getegid(), "mail directory");
    ok(strstr(text, "the group is that of mail directory") != NULL, "or why a group was wanted");
}

static void test_homes(void)
{
    struct passwd pw;
    struct group gr;
    const char *path = "~nobody-of-that-name/x";

    env_put("HOME", "/home/joe");
    is_str(home_expand("~/mail"), "/home/joe/mail", "~/ is the home directory");
    is_str(home_expand("/~/mail"), "/~/mail", "at the beginning only");
    is_int(home_try_expand(&path), -1, "an unknown user has none");
    is_str(path, "~nobody-of-that-name/x", "and the path stays");
    is_int(i_getpwuid(0, &pw), 1, "a user is found");
    is_str(home_expand(t_strdup_printf("~%s/x", pw.pw_name)), t_strdup_printf("%s/x", pw.pw_dir),
           "whose home is meant by name");
    is_str(home_expand_tilde("~/x", "/h"), "/h/x", "a home can be given");
    is_str(home_expand_tilde("~x/y", "/h"), "~x/y", "for oneself only");
    is_int(i_getpwnam("nobody-of-that-name", &pw), 0, "an unknown user is no error");
    is_int(i_getgrgid(0, &gr), 1, "a group is found");
    is_int(i_getgrnam("nogroup-of-that-name", &gr), 0, "an unknown group is no error");
    ipwd_deinit();
}

static void test_environment(void)
{
    struct env_backup *backup = env_backup_save();

    env_put_array((const char *const[]){"A=1", "B=x=y", NULL});
    is_str(getenv("B"), "x=y", "variables can be set");
    env_remove("A");
    is_str(getenv("A"), NULL, "and removed");
    env_clean_except((const char *const[]){"B", "C", NULL});
    is_str(getenv("B"), "x=y", "all but some can be removed");
    is_str(getenv("HOME"), NULL, "with those that nobody named");
    env_backup_restore(backup);
    env_backup_free(&backup);
    is_str(getenv("HOME"), "/home/joe", "and what was saved comes back");
}

static void test_nfs(void)
{
    struct stat st;
    int fd;

    touch("source");
    is_int(nfs_safe_link("source", "target", TRUE), 0, "a link is made");
    is_int(nfs_safe_link("source", "target", FALSE), -1, "but not over another");
    is_int(errno, EEXIST, "which is said");
    ok(nfs_safe_stat("target", &st) == 0 && st.st_nlink == 2, "stat works");
    is_int(nfs_safe_lstat("nowhere", &st), -1, "or fails");
    fd = nfs_safe_open("target", O_RDONLY);
    ok(fd != -1, "a file is opened");
    i_close_fd(&fd);
}

static void test_host(void)
{
    env_put(MY_HOSTNAME_ENV, "mail/host");
    hostpid_init();
    is_str(my_hostname, "mail_host", "a host name can stand in file names");
    is_str(my_pid, dec2str((uintmax_t)getpid()), "the process has its number");
    env_put(MY_HOSTDOMAIN_ENV, "mail.example.org");
    is_str(my_hostdomain(), "mail.example.org", "a domain can be given");
    env_remove(MY_HOSTNAME_ENV);
    hostpid_init();
}

int main(void)
{
    (void)umask(022);
    lib_init();
    hostpid_init();
    test_full();
    test_descriptors();
    test_mkdir();
    test_mkstemp();
    test_unlink_directory();
    test_messages();
    test_homes();
    test_environment();
    test_nfs();
    test_host();
    hostpid_deinit();
    lib_deinit();
    return done();
}
