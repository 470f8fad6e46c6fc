/* Deliveries: what lies in the Maildir after them, and what they answer. */
#include "../hosting.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

static const char base[] = "1763600000.M123456P42Q7.mx";
static const char mail[] = "Return-Path: <a@b.example>\r\nSubject: one\r\n\r\nHello\r\n";

/* The only name in a folder; "" for none, "?" for several. */
static const char *only_in(const char *folder)
{
    static char name[256];
    const struct dirent *entry;
    DIR *directory = opendir(folder);
    int count = 0;

    name[0] = '\0';
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(name, sizeof name, "%s", count++ == 0 ? entry->d_name : "?");
    }
    if (directory != NULL)
        (void)closedir(directory);
    return name;
}

static const char *content_of(const char *folder)
{
    static char content[4096];
    char path[512];
    ssize_t size;
    int fd;

    (void)snprintf(path, sizeof path, "%s/%s", folder, only_in(folder));
    fd = open(path, O_RDONLY);
    size = fd < 0 ? -1 : read(fd, content, sizeof content - 1);
    content[size < 0 ? 0 : size] = '\0';
    if (fd >= 0)
        (void)close(fd);
    return content;
}

static void a_first_mail(void)
{
    char expected[4096], folder[2048];

    (void)snprintf(expected, sizeof expected,
                   "{file: \"%s/mails/new/%s,S=%zu,W=%zu\", mailbox: \"INBOX\", uid: 1}",
                   getcwd(folder, sizeof folder), base, strlen(mail), strlen(mail));
    is_str(host_ask_mail(mail, "operation=deliver|%s|name=%s", host_user(""), base), expected,
           "a delivery tells the file and the uid");
    is_str(content_of("mails/new"), mail, "the file holds the mail byte for byte");
    is_str(only_in("mails/tmp"), "", "nothing is left in tmp");
}

static void again(void)
{
    const char *answer =
        host_ask_mail(mail, "operation=deliver|%s|name=%s|again=true", host_user(""), base);

    ok(strstr(answer, base) != NULL && strstr(answer, "uid: ()") != NULL,
       "a mail that was delivered before is found when it is tried again");
    ok(strchr(only_in("mails/new"), '?') == NULL, "it is there once");
}

static void the_same_name(void)
{
    const char *answer =
        host_ask_mail("Return-Path: <c@d.example>\r\nSubject: two\r\n\r\nWorld\r\n",
                      "operation=deliver|%s|name=%s", host_user(""), base);

    ok(strncmp(answer, "EXISTS INBOX", 12) == 0,
       "another mail does not take the name of the first: %s", answer);
    is_str(content_of("mails/new"), mail, "which is as it was");
    is_str(only_in("mails/tmp"), "", "nothing is left in tmp");
}

static void with_flags(void)
{
    (void)host_ask_mail(
        mail,
        "operation=deliver|user:=|name=x|location=maildir:%s/flagged|}|name=1.M2P3.h"
        "|flags[=|\\Seen|\\Flagged|]",
        getcwd((char[2048]){0}, 2048));
    ok(strstr(only_in("flagged/cur"), ":2,FS") != NULL, "a mail with flags lies in cur: %s",
       only_in("flagged/cur"));
    is_str(host_ask_mail(mail, "operation=deliver|%s|name=1.M2P4.h|flags[=|\\Nonsense|]",
                         host_user("")),
           "PARAMS: \\Nonsense is no flag that can be set", "a flag that there is not is refused");
}

static void in_parts(void)
{
    struct iovec parts[] = {{(void *)(uintptr_t) "A: 1\r\n", 6},
                            {(void *)(uintptr_t) "", 0},
                            {(void *)(uintptr_t) "\r\nbody\r\n", 8}};
    char words[2048], folder[1024];

    (void)snprintf(words, sizeof words,
                   "operation=deliver|user:=|name=x|location=maildir:%s/parts|}|name=1.M2P3.h",
                   getcwd(folder, sizeof folder));
    (void)host_ask_with((vsmtp_storage_parts){parts, 3}, -1, words);
    is_str(content_of("parts/new"), "A: 1\r\n\r\nbody\r\n",
           "the parts of a mail follow each other");
}

static void from_a_file(void)
{
    int fd = open("source", O_RDWR | O_CREAT, 0600);
    char words[2048], folder[1024];

    (void)snprintf(words, sizeof words,
                   "operation=deliver|user:=|name=x|location=maildir:%s/file|}|name=1.M2P3.h",
                   getcwd(folder, sizeof folder));
    ok(write(fd, "skip this\nA: 1\r\n\r\nbody\r\n", 24) == 24 && lseek(fd, 10, SEEK_SET) == 10,
       "a file is written");
    (void)host_ask_with((vsmtp_storage_parts){NULL, 0}, fd, words);
    is_str(content_of("file/new"), "A: 1\r\n\r\nbody\r\n",
           "a mail is read from the current place of its file");
    (void)close(fd);
}

static void what_cannot_be(void)
{
    const char *answer;

    is_str(host_ask_mail(mail, "operation=deliver|%s|name=../x", host_user("")),
           "PARAMS: A mail cannot have the name ../x", "a name cannot leave the folder");
    is_str(host_ask_mail(mail, "operation=deliver|name=1.M2P5.h"), "PARAMS: No user was given",
           "a delivery needs a user");
    answer =
        host_ask_mail(mail, "operation=deliver|%s|name=1.M2P6.h|mailbox=Nowhere", host_user(""));
    is_str(answer, "NOTFOUND Nowhere: Mailbox doesn't exist: Nowhere",
           "no mailbox is made but INBOX");
    (void)close(open("blocked", O_WRONLY | O_CREAT, 0600));
    answer = host_ask_mail(
        mail, "operation=deliver|user:=|name=x|location=maildir:%s/blocked|}|name=1.M2P7.h",
        getcwd((char[2048]){0}, 2048));
    ok(strncmp(answer, "TEMP", 4) == 0 && strstr(answer, "blocked") != NULL,
       "a Maildir that cannot be made is an error that names it: %s", answer);
}

/* A limit on the size of files fails amid a write, as a full disk does. */
static void a_full_disk(void)
{
    const size_t size = (size_t)1 << 20;
    struct rlimit limit, small;
    char *large = malloc(size + 1), words[2048], folder[1024];

    memset(large, 'x', size);
    memcpy(large, "A: 1\r\n\r\n", 8);
    large[size] = '\0';
    (void)snprintf(words, sizeof words, "user:=|name=x|location=maildir:%s/full|}|name=1.M2P8.h",
                   getcwd(folder, sizeof folder));
    (void)host_ask_mail(
        mail, "operation=deliver|user:=|name=x|location=maildir:%s/full|}|name=1.M2P7.h", folder);
    (void)getrlimit(RLIMIT_FSIZE, &limit);
    small = (struct rlimit){.rlim_cur = size / 2, .rlim_max = limit.rlim_max};
    (void)setrlimit(RLIMIT_FSIZE, &small);
    ok(strncmp(host_ask_mail(large, "operation=deliver|%s", words), "TEMP INBOX", 10) == 0,
       "a mail that does not fit on the disk is an error for now: %s", host_reply);
    (void)setrlimit(RLIMIT_FSIZE, &limit);
    is_str(only_in("full/tmp"), "", "nothing of it is left in tmp");
    ok(strncmp(only_in("full/new"), "1.M2P7.h", 8) == 0, "nor in new");
    ok(strstr(host_ask_mail(large, "operation=deliver|%s|again=true", words), "uid: 2") != NULL,
       "it is delivered when there is room again: %s", host_reply);
    free(large);
}

int main(void)
{
    host_start();
    is_str(host_ask("operation=begin"), "", "the storage begins");
    a_first_mail();
    again();
    the_same_name();
    with_flags();
    in_parts();
    from_a_file();
    what_cannot_be();
    a_full_disk();
    is_str(host_ask("operation=end"), "", "the storage ends");
    return done();
}
