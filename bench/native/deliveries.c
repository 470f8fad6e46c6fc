/*
 * Each round begins with an empty Maildir, so that rounds are alike.
 */
#include "deliveries.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

enum { MAILS = 200, BYTES = 4096 };

static char mail[BYTES];
static int sequence;

static void fill_mail(void)
{
    static const char header[] = "From: sender@example.org\r\nTo: user@example.com\r\n"
                                 "Subject: bench\r\nMessage-Id: <1@example.org>\r\n\r\n";
    size_t size = sizeof header - 1;

    memcpy(mail, header, size);
    for (; size < BYTES; size++)
        mail[size] =
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"[size % 64];
}

static double now(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void deliver(struct vsmtp_out *request, const char *location)
{
    struct iovec whole = {mail, sizeof mail};
    char name[64];

    (void)snprintf(name, sizeof name, "1700000000.M%dP1Q1.bench", sequence++);
    request_begin(request, "deliver");
    request_text(request, "name", name);
    request_user(request, "user@example.com", location, "");
    vsmtp_out_end(request);
    (void)host_request(request, &whole);
}

/* ---- The files alone ------------------------------------------------------------------------- */

static void must(int result, const char *what)
{
    if (result < 0) {
        perror(what);
        exit(1);
    }
}

static void write_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    must(fd, path);
    must((int)write(fd, mail, sizeof mail), path);
    must(fsync(fd), path);
    must(close(fd), path);
}

static void sync_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    must(fd, path);
    must(fsync(fd), path);
    must(close(fd), path);
}

static void append_line(const char *path, const char *line)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    must(fd, path);
    must((int)write(fd, line, strlen(line)), path);
    must(fdatasync(fd), path);
    must(close(fd), path);
}

static void save_one(const char *name)
{
    char from[128], to[128], line[160];

    (void)snprintf(from, sizeof from, "tmp/%s", name);
    (void)snprintf(to, sizeof to, "new/%s,S=%d,W=%d", name, BYTES, BYTES);
    (void)snprintf(line, sizeof line, "%d :%s\n", sequence, to + 4);
    write_file(from);
    must(rename(from, to), to);
    sync_directory("new");
    append_line("dovecot-uidlist", line);
}

static void make_directories(const char *directory)
{
    must(chdir(directory), directory);
    if (mkdir("tmp", 0700) == 0)
        must(mkdir("new", 0700), "new");
}

static void make_file(void)
{
    char name[64];

    (void)snprintf(name, sizeof name, "1700000000.M%dP1Q1.bench", sequence++);
    save_one(name);
}

/* ---- By turns -------------------------------------------------------------------------------- */

struct delivery_figures measure_deliveries(const char *location, const char *directory)
{
    static struct vsmtp_out request;
    struct delivery_figures sums = {0, 0};

    fill_mail();
    make_directories(directory);
    deliver(&request, location); /* makes the Maildir */
    for (int i = 0; i < MAILS; i++) {
        double start = now(), middle;

        deliver(&request, location);
        middle = now();
        make_file();
        sums.delivery += middle - start;
        sums.files += now() - middle;
    }
    return (struct delivery_figures){sums.delivery / MAILS, sums.files / MAILS};
}
