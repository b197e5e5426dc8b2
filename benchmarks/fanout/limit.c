/* The limit: the same prices with one send() for each frame and nothing else. Linux only.
 *
 * limit SYMBOLS: prints where it listens, takes sockets that ask for symbols as the plain dialect does, and carries out the
 * orders that come on standard input, as driving.py describes them. It trusts its clients: a handshake is answered with the
 * accept key of RFC 6455's example, which the load client sends, and a frame arrives whole.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_SYMBOLS = 1000, MAX_WATCHERS = 4096, MAX_SOCKETS = 65536, BUFFER = 16384, STAMPS = 1000000000 };

static const char UPGRADE[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

struct Client { size_t held; int is_open; unsigned char bytes[BUFFER]; };
static struct Client *clients[MAX_SOCKETS];
static int watchers[MAX_SYMBOLS][MAX_WATCHERS];
static int watcher_count[MAX_SYMBOLS];
static int symbol_count, epoll;
static long made;

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static size_t frame_of(unsigned char *frame, int symbol, double at) {
    struct timespec now;
    struct tm utc;
    char day[32];
    long long stamp = (long long)(at * 1e6) % STAMPS;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &utc);
    double price = (stamp ? stamp : 1) / 100.0;
    int size = snprintf((char *)frame + 4, 512,
        "{\"symbol\":\"S%03d\",\"price\":%.2f,\"change\":%.0f,\"currency\":\"USD\",\"previous_close\":100.0,"
        "\"time\":\"%s.%03ldZ\",\"quality\":\"live\",\"source\":\"synthetic\"}",
        symbol, price, price - 100.0, day, now.tv_nsec / 1000000);
    frame[0] = 0x81, frame[1] = 126, frame[2] = size >> 8, frame[3] = size & 255;
    return 4 + size;
}

static void deliver(int symbol, double at) {
    unsigned char frame[600];
    size_t size = frame_of(frame, symbol, at);
    for (int each = 0; each < watcher_count[symbol]; each++)
        send(watchers[symbol][each], frame, size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void forget(int socket) {
    for (int symbol = 0; symbol < symbol_count; symbol++)
        for (int each = 0; each < watcher_count[symbol]; each++)
            if (watchers[symbol][each] == socket) watchers[symbol][each--] = watchers[symbol][--watcher_count[symbol]];
    free(clients[socket]);
    clients[socket] = NULL;
    close(socket);
}

static void take_text(int socket, const char *text) {
    const char *found = strstr(text, "\"S");
    int symbol = found ? atoi(found + 2) : -1;
    if (symbol < 0 || symbol >= symbol_count || watcher_count[symbol] == MAX_WATCHERS) return;
    unsigned char frame[600];
    watchers[symbol][watcher_count[symbol]++] = socket;
    send(socket, frame, frame_of(frame, symbol, 0), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static size_t take_frame(int socket, unsigned char *bytes, size_t held) {
    if (held < 2) return 0;
    size_t size = bytes[1] & 127, head = 2;
    if (size == 126) {
        if (held < 4) return 0;
        size = bytes[2] << 8 | bytes[3], head = 4;
    }
    if (held < head + 4 + size) return 0;
    unsigned char *mask = bytes + head, *payload = mask + 4;
    char text[BUFFER];
    for (size_t each = 0; each < size; each++) text[each] = payload[each] ^ mask[each & 3];
    text[size] = 0;
    if ((bytes[0] & 15) == 1) take_text(socket, text);
    return head + 4 + size;
}

static void take_bytes(int socket) {
    struct Client *client = clients[socket];
    ssize_t got = recv(socket, client->bytes + client->held, BUFFER - 1 - client->held, MSG_DONTWAIT);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN) forget(socket);
        return;
    }
    client->held += got;
    client->bytes[client->held] = 0;
    size_t used = 0, taken;
    if (!client->is_open) {
        char *end = strstr((char *)client->bytes, "\r\n\r\n");
        if (!end) return;
        used = end + 4 - (char *)client->bytes;
        client->is_open = 1;
        send(socket, UPGRADE, sizeof UPGRADE - 1, MSG_NOSIGNAL);
    }
    while ((taken = take_frame(socket, client->bytes + used, client->held - used))) used += taken;
    memmove(client->bytes, client->bytes + used, client->held -= used);
}

static void take_socket(int listening) {
    int socket = accept4(listening, NULL, NULL, SOCK_NONBLOCK), on = 1;
    if (socket < 0 || socket >= MAX_SOCKETS) return;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    clients[socket] = calloc(1, sizeof(struct Client));
    struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
    epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
}

static void carry_out(const char *order) {
    long ticks, per_second, burst;
    if (sscanf(order, "{\"ticks\": %ld, \"per_second\": %ld, \"burst\": %ld", &ticks, &per_second, &burst) != 3) exit(2);
    double began = seconds();
    for (long first = 0; first < ticks; first += burst) {
        double due = began + (double)first / per_second, wait = due - seconds();
        if (wait > 0) {
            struct timespec pause = {.tv_sec = (long)wait, .tv_nsec = (long)((wait - (long)wait) * 1e9)};
            nanosleep(&pause, NULL);
            due = seconds();
        }
        for (long each = first; each < first + burst && each < ticks; each++) deliver(made++ % symbol_count, due);
    }
    printf("{\"ticks\": %ld}\n", ticks);
    fflush(stdout);
}

int main(int count, char **words) {
    symbol_count = count == 2 ? atoi(words[1]) : 0;
    if (symbol_count < 1 || symbol_count > MAX_SYMBOLS) return 2;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listening, (struct sockaddr *)&address, size) || listen(listening, 2048)) return 1;
    getsockname(listening, (struct sockaddr *)&address, &size);
    printf("127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    epoll = epoll_create1(0);
    int watched[] = {listening, STDIN_FILENO};
    for (int each = 0; each < 2; each++) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = watched[each]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, watched[each], &event);
    }
    for (;;) {
        struct epoll_event events[256];
        int ready = epoll_wait(epoll, events, 256, -1);
        for (int each = 0; each < ready; each++) {
            int socket = events[each].data.fd;
            if (socket == listening) take_socket(listening);
            else if (socket != STDIN_FILENO) take_bytes(socket);
            else {
                char order[512];
                ssize_t got = read(STDIN_FILENO, order, sizeof order - 1);
                if (got <= 0) return 0;
                order[got] = 0;
                carry_out(order);
            }
        }
    }
}
