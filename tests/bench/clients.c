/* Many websocket clients in one process and one loop, so that measuring costs little beside what is measured.

   clients PORT COUNT PATH SOCKETIO

   Connects COUNT clients to ws://127.0.0.1:PORT PATH, a hundred at a time; with SOCKETIO=1 each one says "40" after the
   server's opening packet and answers pings. Prints "ready" when all of them are in (with Socket.IO: have a board).
   A board is a text frame with "seq":N near its beginning. For each N, once every client has a board with that or a
   later seq in it:

   N FIRST LAST        nanoseconds of CLOCK_MONOTONIC, taken when the frame had been read whole

   A client that the server closes is counted out, with a line "closed". Ends when its standard input does. */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define AT_ONCE 100
#define HEAD 160
#define RING 65536

enum state { CONNECTING, ANSWER, FRAMES, CLOSED };

struct client {
    int fd;
    enum state state;
    int counted;               /* whether it is among those that are in */
    unsigned matched;          /* how much of the answer's end, \r\n\r\n, was seen */
    unsigned char head[HEAD];  /* the frame's head and the beginning of its payload */
    unsigned have;             /* how much of that is there */
    unsigned long long left;   /* what is left of the payload beyond it */
    long long seq;
};

struct round {
    long long seq;
    unsigned count;
    long long first, last;
};

static struct client *clients;
static struct round rounds[RING];
static unsigned wanted, started, in, alive;
static int poller, port, socketio;
static const char *path;
static unsigned char buffer[1 << 18];

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void start_one(void) {
    struct client *c = &clients[started++];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0) die("socket");
    int yes = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) die("connect");
    struct epoll_event e = {.events = EPOLLOUT, .data.ptr = c};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &e) < 0) die("epoll_ctl");
}

static void say(struct client *c, const char *text) {
    unsigned char frame[16] = {0x81, 0x80 | (unsigned char)strlen(text)};  /* masked with zeros */
    memcpy(frame + 6, text, strlen(text));
    if (write(c->fd, frame, 6 + strlen(text)) < 0 && errno != EAGAIN && errno != EPIPE && errno != ECONNRESET) die("write");
}

static void greet(struct client *c) {
    char request[512];
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                          path, port);
    if (write(c->fd, request, length) != length) die("write");
    c->state = ANSWER;
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &e);
}

static void finish(struct round *r) {
    if (r->seq && r->count >= alive) {
        printf("%lld %lld %lld\n", r->seq, r->first, r->last);
        r->seq = 0;
    }
}

static void close_one(struct client *c) {
    close(c->fd);
    c->state = CLOSED;
    alive--;
    printf("closed\n");
    for (unsigned i = 0; i < RING; i++) finish(&rounds[i]);
}

static void come_in(struct client *c) {
    if (c->counted) return;
    c->counted = 1;
    if (++in == wanted) printf("ready\n");
    if (started < wanted) start_one();
}

static void arrived(struct client *c, long long seq) {
    if (seq <= c->seq) return;
    long long at = now(), from = c->seq ? c->seq + 1 : seq;
    c->seq = seq;
    if (in < wanted) return;   /* rounds count from when everybody is in */
    if (seq - from >= RING) from = seq;
    for (long long each = from; each <= seq; each++) {
        struct round *r = &rounds[each % RING];
        if (r->seq != each) *r = (struct round){.seq = each, .first = at};
        r->count++;
        r->last = at;
        finish(r);
    }
}

static void frame_ended(struct client *c, unsigned start) {
    unsigned char *payload = c->head + start;
    unsigned length = c->have - start;
    c->head[c->have < HEAD ? c->have : HEAD - 1] = 0;
    unsigned opcode = c->head[0] & 15;
    c->have = 0;
    if (opcode == 8) {
        close_one(c);
        return;
    }
    if (opcode != 1 || !length) return;
    if (socketio && payload[0] == '0') say(c, "40");
    else if (socketio && payload[0] == '2') say(c, "3");
    else {
        char *found = strstr((char *)payload, "\"seq\":");
        if (!found) return;
        arrived(c, atoll(found + 6));
        come_in(c);
    }
}

static void take(struct client *c, unsigned char *data, unsigned size) {
    unsigned at = 0;
    while (at < size && c->state == ANSWER) {
        static const char end[] = "\r\n\r\n";
        c->matched = data[at] == end[c->matched] ? c->matched + 1 : data[at] == '\r';
        at++;
        if (c->matched == 4) {
            c->state = FRAMES;
            if (!socketio) come_in(c);
        }
    }
    while (c->state == FRAMES) {
        if (c->left) {
            unsigned skip = c->left < size - at ? (unsigned)c->left : size - at;
            c->left -= skip;
            at += skip;
            if (c->left) return;
            unsigned l = c->head[1] & 127;
            frame_ended(c, l < 126 ? 2 : l == 126 ? 4 : 10);
            continue;
        }
        while (c->have < 2 && at < size) c->head[c->have++] = data[at++];
        if (c->have < 2) return;
        unsigned l = c->head[1] & 127, start = l < 126 ? 2 : l == 126 ? 4 : 10;
        while (c->have < start && at < size) c->head[c->have++] = data[at++];
        if (c->have < start) return;
        unsigned long long length = l;
        if (l >= 126) {
            length = 0;
            for (unsigned i = 2; i < start; i++) length = length << 8 | c->head[i];
        }
        unsigned long long keep = start + length < HEAD - 1 ? start + length : HEAD - 1;
        while (c->have < keep && at < size) c->head[c->have++] = data[at++];
        if (c->have < keep) return;
        c->left = start + length - keep;
        if (!c->left) frame_ended(c, start);
        else if (at == size) return;
    }
}

int main(int count, char **words) {
    if (count != 5) {
        fprintf(stderr, "clients PORT COUNT PATH SOCKETIO\n");
        return 2;
    }
    port = atoi(words[1]);
    wanted = alive = atoi(words[2]);
    path = words[3];
    socketio = atoi(words[4]);
    struct rlimit most;
    getrlimit(RLIMIT_NOFILE, &most);
    most.rlim_cur = most.rlim_max;
    setrlimit(RLIMIT_NOFILE, &most);
    setvbuf(stdout, NULL, _IOLBF, 0);
    clients = calloc(wanted, sizeof *clients);
    poller = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL}, events[256];
    epoll_ctl(poller, EPOLL_CTL_ADD, 0, &e);
    while (started < wanted && started < AT_ONCE) start_one();
    for (;;) {
        int ready = epoll_wait(poller, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            struct client *c = events[i].data.ptr;
            if (!c) {
                if (read(0, buffer, sizeof buffer) <= 0) return 0;
                continue;
            }
            if (c->state == CLOSED) continue;
            if (c->state == CONNECTING) {
                int error = 0;
                socklen_t size = sizeof error;
                getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
                if (error) {
                    errno = error;
                    die("connect");
                }
                greet(c);
                continue;
            }
            ssize_t size = read(c->fd, buffer, sizeof buffer);
            if (size > 0) take(c, buffer, size);
            else if (size == 0 || (errno != EAGAIN && errno != EINTR)) close_one(c);
        }
    }
}
