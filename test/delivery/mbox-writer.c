/*
 * Another mail program that writes to an mbox file: `mbox-writer LOCKS FILE COUNT`, with LOCKS "fcntl", "dotlock" or
 * "both" (in Debian's order). It appends COUNT mails, each in two halves with a pause between them. COUNT 0: it locks,
 * says so on stdout and keeps the lock until its stdin ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int lock_file(const char *file, bool use_fcntl)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open(file, O_RDWR | O_APPEND | O_CREAT, 0600);

    if (fd < 0)
        fail(file);
    if (use_fcntl && fcntl(fd, F_SETLKW, &lock) < 0)
        fail("fcntl");
    return fd;
}

static void take_dotlock(const char *lock)
{
    int fd;

    while ((fd = open(lock, O_WRONLY | O_CREAT | O_EXCL, 0600)) < 0) {
        if (errno != EEXIST)
            fail(lock);
        usleep(500);
    }
    close(fd);
}

static void put(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) < 0)
        fail("write");
}

static void append(int fd)
{
    put(fd, "From other Thu Jan  1 00:00:00 1970\nSubject: other\n");
    usleep(300);
    put(fd, "\nbody of other\n\n");
}

static void hold(void)
{
    char byte;

    puts("locked");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
}

int main(int argc, char **argv)
{
    char lock[4096];
    bool use_fcntl, use_dotlock;
    int count;

    if (argc != 4)
        return 2;
    use_fcntl = strcmp(argv[1], "dotlock") != 0;
    use_dotlock = strcmp(argv[1], "fcntl") != 0;
    count = atoi(argv[3]);
    snprintf(lock, sizeof lock, "%s.lock", argv[2]);
    for (int i = 0; i < (count == 0 ? 1 : count); i++) {
        int fd = lock_file(argv[2], use_fcntl);

        if (use_dotlock)
            take_dotlock(lock);
        if (count == 0)
            hold();
        else
            append(fd);
        if (use_dotlock)
            unlink(lock);
        close(fd);
        usleep(200);
    }
    return 0;
}
