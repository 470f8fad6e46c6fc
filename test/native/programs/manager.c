/*
 * A service manager that listens for notifications: binds the socket `argv[1]` (with `@`: an abstract
 * one), runs the rest of its arguments from argv[3] on as a program, and prints the first argv[2]
 * notifications, each with a line that tells whether that program said it. Then it waits for the
 * program's end.
 */
#define _GNU_SOURCE

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int on = 1;
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const size_t length = strlen(name);

    if (fd < 0 || length >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, name, length);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0)
        return -1;
    const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    return bind(fd, (struct sockaddr *)&address, size) < 0 ? -1 : fd;
}

static pid_t hear(int fd, char *text, size_t room)
{
    union {
        struct cmsghdr first;
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
    } control;
    struct iovec piece = {text, room - 1};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    struct ucred sender = {0};
    const ssize_t size = recvmsg(fd, &message, 0);

    text[size > 0 ? size : 0] = '\0';
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head != NULL && head->cmsg_type == SCM_CREDENTIALS)
        memcpy(&sender, CMSG_DATA(head), sizeof sender);
    return sender.pid;
}

int main(int argc, char **argv)
{
    char text[1024];
    const int fd = argc > 3 ? listen_at(argv[1]) : -1;

    if (fd < 0) {
        perror("manager");
        return 1;
    }
    (void)alarm(55); /* for a program that says nothing */
    const pid_t child = fork();
    if (child == 0) {
        execv(argv[3], argv + 3);
        _exit(127);
    }
    for (long left = strtol(argv[2], NULL, 10); left > 0; left--) {
        const pid_t sender = hear(fd, text, sizeof text);

        printf("%s\n%s\n", text, sender == child ? "by the program" : "by somebody else");
        (void)fflush(stdout);
    }
    (void)waitpid(child, NULL, 0);
    return 0;
}
