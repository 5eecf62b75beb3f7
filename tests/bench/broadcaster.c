/* The yardstick: a bare websocket server on one core that sends the same bytes to everybody.

   broadcaster PORT

   Answers each upgrade (RFC 6455, section 4.2), drops what clients say, and, for each block on its standard input (a
   length of four bytes, big-endian, then a ready websocket frame), writes that frame to every client. What a socket
   does not take at once is kept and written when it can; a client that lags twice is closed. */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
    int fd, place, open;
    unsigned have, rest_size;
    char *request, *rest;
};

static struct client **clients;
static int count, room, poller, listener;

static uint32_t turn(uint32_t x, int by) { return x << by | x >> (32 - by); }

static void sha1_block(uint32_t *h, const unsigned char *block) {
    uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 80; i++) w[i] = turn(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 80; i++) {
        uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                     : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                     : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                              : (b ^ c ^ d) + 0xCA62C1D6;
        uint32_t next = turn(a, 5) + f + e + w[i];
        e = d, d = c, c = turn(b, 30), b = a, a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
}

/* Sec-WebSocket-Accept: base64 of SHA-1 of the client's key and the protocol's own. */
static void accept_key(const char *key, size_t length, char *answer) {
    static const char own[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char text[128] = {0}, digest[21] = {0};
    size_t size = length + 36;
    memcpy(text, key, length);
    memcpy(text + length, own, 36);
    text[size] = 0x80;
    text[126] = size * 8 >> 8, text[127] = size * 8;
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    sha1_block(h, text);
    sha1_block(h, text + 64);
    for (int i = 0; i < 20; i++) digest[i] = h[i / 4] >> (24 - 8 * (i % 4));
    for (int i = 0; i < 7; i++) {
        uint32_t three = digest[3 * i] << 16 | digest[3 * i + 1] << 8 | digest[3 * i + 2];
        for (int j = 0; j < 4; j++) answer[4 * i + j] = signs[three >> (18 - 6 * j) & 63];
    }
    answer[27] = '=', answer[28] = 0;
}

static void leave(struct client *c) {
    if (c->place >= 0) {
        clients[c->place] = clients[--count];
        clients[c->place]->place = c->place;
        c->place = -1;
    }
    close(c->fd);
    free(c->rest);
    free(c->request);
    c->rest = c->request = NULL;
    c->fd = -1;
}

static void watch(struct client *c, unsigned events) {
    struct epoll_event e = {.events = events, .data.ptr = c};
    epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &e);
}

static void give(struct client *c, const char *frame, unsigned size) {
    if (c->rest) {
        leave(c);
        return;
    }
    ssize_t written = send(c->fd, frame, size, MSG_NOSIGNAL);
    if (written == (ssize_t)size) return;
    if (written < 0 && errno != EAGAIN) {
        leave(c);
        return;
    }
    if (written < 0) written = 0;
    c->rest_size = size - written;
    c->rest = malloc(c->rest_size);
    memcpy(c->rest, frame + written, c->rest_size);
    watch(c, EPOLLIN | EPOLLOUT);
}

static void go_on(struct client *c) {
    ssize_t written = c->rest ? send(c->fd, c->rest, c->rest_size, MSG_NOSIGNAL) : 0;
    if (written < 0) return;
    c->rest_size -= written;
    if (c->rest_size) {
        memmove(c->rest, c->rest + written, c->rest_size);
        return;
    }
    free(c->rest);
    c->rest = NULL;
    watch(c, EPOLLIN);
}

static void upgrade(struct client *c, const char *data, size_t size) {
    if (!c->request) c->request = calloc(1, 2049);
    if (c->have + size > 2048) {
        leave(c);
        return;
    }
    memcpy(c->request + c->have, data, size);
    c->have += size;
    char *key = strcasestr(c->request, "sec-websocket-key:");
    if (!strstr(c->request, "\r\n\r\n")) return;
    if (!key) {
        leave(c);
        return;
    }
    key += 18 + strspn(key + 18, " ");
    size_t length = strcspn(key, "\r ");
    if (length > 60) {
        leave(c);
        return;
    }
    char accepted[32], answer[256];
    accept_key(key, length, accepted);
    int answer_size = snprintf(answer, sizeof answer,
                               "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                               "Sec-WebSocket-Accept: %s\r\n\r\n", accepted);
    free(c->request);
    c->request = NULL;
    if (send(c->fd, answer, answer_size, MSG_NOSIGNAL) != answer_size) {
        leave(c);
        return;
    }
    c->open = 1;
    if (count == room) clients = realloc(clients, (room = room ? 2 * room : 1024) * sizeof *clients);
    c->place = count;
    clients[count++] = c;
}

static int read_whole(char *into, size_t size) {
    while (size) {
        ssize_t got = read(0, into, size);
        if (got <= 0) return 0;
        into += got, size -= got;
    }
    return 1;
}

static int broadcast(void) {
    static char frame[1 << 20];
    uint32_t size;
    if (!read_whole((char *)&size, 4)) return 0;
    size = ntohl(size);
    if (size > sizeof frame || !read_whole(frame, size)) return 0;
    for (int i = count - 1; i >= 0; i--) give(clients[i], frame, size);
    return 1;
}

static void let_in(void) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        int yes = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct client *c = calloc(1, sizeof *c);
        c->fd = fd, c->place = -1;
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
    }
}

int main(int words, char **word) {
    if (words != 2) return 2;
    signal(SIGPIPE, SIG_IGN);
    struct rlimit most;
    getrlimit(RLIMIT_NOFILE, &most);
    most.rlim_cur = most.rlim_max;
    setrlimit(RLIMIT_NOFILE, &most);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(word[1]))};
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&here, sizeof here) < 0 || listen(listener, 2048) < 0) {
        perror("listen");
        return 1;
    }
    poller = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = &listener}, events[256];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &e);
    e.data.ptr = &poller;
    epoll_ctl(poller, EPOLL_CTL_ADD, 0, &e);
    puts("listening");
    fflush(stdout);
    for (;;) {
        int ready = epoll_wait(poller, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr == &listener) let_in();
            else if (events[i].data.ptr == &poller) {
                if (!broadcast()) return 0;
            } else {
                struct client *c = events[i].data.ptr;
                static char data[1 << 16];
                if (c->fd < 0) continue;
                if (events[i].events & EPOLLOUT) go_on(c);
                ssize_t size = recv(c->fd, data, sizeof data, 0);
                if (size == 0 || (size < 0 && errno != EAGAIN)) leave(c);
                else if (size > 0 && !c->open) upgrade(c, data, size);
            }
        }
    }
}
