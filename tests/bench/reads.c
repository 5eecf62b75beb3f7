/* The same GET again and again over kept connections, in one process and one loop.

   reads PORT PATH CONNECTIONS SECONDS [HEADER]

   Prints how many answers came in a second, and how many of all had another status than the first one, and that status.
   An answer ends where its Content-Length says; a 304 has no body. Every connection has one question out; one that the
   server closes between two answers is opened again. */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROOM (1 << 17)

struct reader {
    int fd;
    unsigned have;
    char *answer;
};

static char question[2048];
static size_t question_size;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static struct sockaddr_in to;
static int poller;

static void open_one(struct reader *r) {
    int yes = 1;
    r->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(r->fd, (struct sockaddr *)&to, sizeof to) < 0) {
        perror("connect");
        exit(1);
    }
    setsockopt(r->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = r};
    epoll_ctl(poller, EPOLL_CTL_ADD, r->fd, &e);
}

static void ask(struct reader *r) {
    r->have = 0;
    if (write(r->fd, question, question_size) != (ssize_t)question_size) {
        perror("write");
        exit(1);
    }
}

/* The status of an answer that is whole, 0 for one that is not. */
static int whole(struct reader *r) {
    r->answer[r->have] = 0;
    char *end = strstr(r->answer, "\r\n\r\n");
    if (!end) return 0;
    int status = atoi(r->answer + 9);
    size_t body = 0;
    if (status != 304) {
        char *length = strcasestr(r->answer, "\r\ncontent-length:");
        if (!length || length > end) {
            fprintf(stderr, "an answer without Content-Length:\n%.400s\n", r->answer);
            exit(1);
        }
        body = atol(length + 17);
    }
    return r->have >= (size_t)(end - r->answer) + 4 + body ? status : 0;
}

int main(int count, char **words) {
    if (count < 5) return 2;
    int port = atoi(words[1]), connections = atoi(words[3]), expected = 0;
    poller = epoll_create1(0);
    question_size = snprintf(question, sizeof question, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s\r\n", words[2], port,
                             count > 5 ? words[5] : "", count > 5 ? "\r\n" : "");
    to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < connections; i++) {
        struct reader *r = calloc(1, sizeof *r);
        r->answer = malloc(ROOM + 1);
        open_one(r);
        ask(r);
    }
    long answers = 0, others = 0;
    double began = now(), end = began + atof(words[4]);
    while (now() < end) {
        struct epoll_event events[64];
        int ready = epoll_wait(poller, events, 64, 100);
        for (int i = 0; i < ready; i++) {
            struct reader *r = events[i].data.ptr;
            ssize_t size = read(r->fd, r->answer + r->have, ROOM - r->have);
            if (size <= 0) {
                if (r->have) {
                    fprintf(stderr, "a connection was closed in the middle of an answer\n");
                    return 1;
                }
                close(r->fd);
                open_one(r);
                ask(r);
                continue;
            }
            r->have += size;
            int status = whole(r);
            if (!status) continue;
            if (!expected) expected = status;
            answers++;
            others += status != expected;
            ask(r);
        }
    }
    printf("%.0f %d %ld\n", answers / (now() - began), expected, others);
    return 0;
}
