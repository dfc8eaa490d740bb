/*
 * A server for measuring load generators: HTTP/1.1 with keep-alive on loopback, one thread, 1 KiB for whatever is asked.
 * It writes down when each request came and when it was answered, can delay answers by known times without blocking, and can
 * stand still once. It takes lines of JSON on standard input, and ends with it:
 *
 *   {"kind":"reset","constantUs":0,"slowUs":0,"slowEvery":0,"stallAfterMs":0,"stallMs":0}
 *       forgets what was; from now on answers take constantUs, every slowEvery-th slowUs; stallAfterMs after the next request
 *       the server does nothing for stallMs
 *   {"kind":"count"}                    answers with the requests since the reset and the time
 *   {"kind":"dump","path":"/tmp/x"}     writes pairs of doubles, arrival and answer in nanoseconds, oldest first
 *
 * Requests have no body here, so each ends with an empty line.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define BODY 1024
#define RECORDS (1 << 20) /* a power of two */
#define PENDING (1 << 16) /* a power of two */
#define MAX_FDS 4096
#define INPUT 16384
#define MAX_BATCH 64

struct record { double arrived, answered; };
struct pending { int fd; uint32_t generation; uint64_t dueNs; uint64_t index; };
struct queue { struct pending items[PENDING]; uint32_t head, tail; };

static struct record records[RECORDS];
static uint64_t requests;
static uint64_t firstNs;
/* One for each delay there is, so that each is in the order of its times. */
static struct queue queues[2];
static uint64_t constantNs, slowNs, slowEvery, stallAfterNs, stallNs;
static char answer[BODY + 256];
static size_t answerLength;
/* How much of the empty line that ends a request has been seen, per connection; and which connection a number is. */
static uint8_t matched[MAX_FDS];
static uint32_t generations[MAX_FDS];
static int timerFd, epollFd;

static uint64_t nowNs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void writeAnswers(int fd, int count) {
  static char batch[(BODY + 256) * MAX_BATCH];
  const char *bytes = answer;
  size_t length = answerLength;
  if (count > 1) {
    for (int at = 0; at < count; at++) memcpy(batch + at * answerLength, answer, answerLength);
    bytes = batch;
    length *= (size_t)count;
  }
  /* Generators have at most a few answers under way per connection, so that the socket's buffer has room. */
  while (length > 0) {
    ssize_t sent = write(fd, bytes, length);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return;
    bytes += sent;
    length -= (size_t)sent;
  }
}

static void later(int fd, uint64_t index, uint64_t arrivedNs) {
  int isSlow = slowEvery > 0 && index % slowEvery == slowEvery - 1;
  struct queue *queue = &queues[isSlow];
  if (queue->tail - queue->head == PENDING) return;
  queue->items[queue->tail++ & (PENDING - 1)] =
      (struct pending){fd, generations[fd], arrivedNs + (isSlow ? slowNs : constantNs), index};
}

static void setTimer(void) {
  uint64_t dueNs = UINT64_MAX;
  for (int at = 0; at < 2; at++) {
    struct queue *queue = &queues[at];
    if (queue->head == queue->tail) continue;
    uint64_t first = queue->items[queue->head & (PENDING - 1)].dueNs;
    if (first < dueNs) dueNs = first;
  }
  struct itimerspec timer = {0};
  if (dueNs != UINT64_MAX) timer.it_value = (struct timespec){(time_t)(dueNs / 1000000000ull), (long)(dueNs % 1000000000ull)};
  timerfd_settime(timerFd, TFD_TIMER_ABSTIME, &timer, NULL);
}

static void answerDue(void) {
  for (int at = 0; at < 2; at++) {
    struct queue *queue = &queues[at];
    while (queue->head != queue->tail) {
      struct pending *next = &queue->items[queue->head & (PENDING - 1)];
      if (next->dueNs > nowNs()) break;
      if (generations[next->fd] == next->generation) {
        writeAnswers(next->fd, 1);
        records[next->index & (RECORDS - 1)].answered = (double)nowNs();
      }
      queue->head++;
    }
  }
  setTimer();
}

static void closeConnection(int fd) {
  generations[fd]++;
  close(fd);
}

/* One read is enough, since epoll tells of what is left. */
static void serve(int fd) {
  static char input[INPUT];
  static const char end[] = "\r\n\r\n";
  ssize_t length = read(fd, input, sizeof input);
  if (length <= 0) {
    if (length == 0 || (errno != EAGAIN && errno != EINTR)) closeConnection(fd);
    return;
  }
  uint64_t arrivedNs = nowNs();
  int found = 0;
  for (ssize_t at = 0; at < length; at++) {
    matched[fd] = input[at] == end[matched[fd]] ? matched[fd] + 1 : input[at] == '\r';
    if (matched[fd] < 4) continue;
    matched[fd] = 0;
    uint64_t index = requests++;
    if (index == 0) firstNs = arrivedNs;
    records[index & (RECORDS - 1)] = (struct record){(double)arrivedNs, (double)arrivedNs};
    if (constantNs > 0 || slowEvery > 0) later(fd, index, arrivedNs);
    else found++;
    if (found == MAX_BATCH) {
      writeAnswers(fd, found);
      found = 0;
    }
  }
  if (found > 0) writeAnswers(fd, found);
}

static void acceptAll(int listener) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    if (fd >= MAX_FDS) {
      close(fd);
      continue;
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    matched[fd] = 0;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epollFd, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
  }
}

static void stallIfDue(void) {
  if (stallNs == 0 || requests == 0 || nowNs() < firstNs + stallAfterNs) return;
  struct timespec until;
  uint64_t untilNs = firstNs + stallAfterNs + stallNs;
  until = (struct timespec){(time_t)(untilNs / 1000000000ull), (long)(untilNs % 1000000000ull)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {}
  stallNs = 0;
}

static uint64_t numberOf(const char *line, const char *name) {
  const char *found = strstr(line, name);
  return found == NULL ? 0 : strtoull(found + strlen(name), NULL, 10);
}

static void dump(char *line) {
  char *path = strstr(line, "\"path\":\"");
  if (path == NULL) return;
  path += 8;
  path[strcspn(path, "\"")] = 0;
  FILE *file = fopen(path, "wb");
  if (file == NULL) fail(path);
  uint64_t first = requests > RECORDS ? requests - RECORDS : 0;
  for (uint64_t index = first; index < requests; index++) fwrite(&records[index & (RECORDS - 1)], sizeof(struct record), 1, file);
  fclose(file);
  printf("{\"kind\":\"dumped\",\"requests\":%llu}\n", (unsigned long long)(requests - first));
}

static void obey(char *line) {
  if (strstr(line, "\"kind\":\"reset\"") != NULL) {
    requests = 0;
    queues[0].head = queues[0].tail = queues[1].head = queues[1].tail = 0;
    constantNs = numberOf(line, "\"constantUs\":") * 1000;
    slowNs = numberOf(line, "\"slowUs\":") * 1000;
    slowEvery = numberOf(line, "\"slowEvery\":");
    stallAfterNs = numberOf(line, "\"stallAfterMs\":") * 1000000;
    stallNs = numberOf(line, "\"stallMs\":") * 1000000;
    printf("{\"kind\":\"reset\"}\n");
  } else if (strstr(line, "\"kind\":\"count\"") != NULL) {
    printf("{\"kind\":\"count\",\"requests\":%llu,\"atNs\":%llu}\n", (unsigned long long)requests, (unsigned long long)nowNs());
  } else if (strstr(line, "\"kind\":\"dump\"") != NULL) {
    dump(line);
  }
  fflush(stdout);
}

static void readCommands(void) {
  static char buffer[4096];
  static size_t length;
  ssize_t got = read(0, buffer + length, sizeof buffer - 1 - length);
  if (got <= 0) exit(0);
  length += (size_t)got;
  buffer[length] = 0;
  for (char *newline; (newline = memchr(buffer, '\n', length)) != NULL;) {
    *newline = 0;
    obey(buffer);
    length -= (size_t)(newline + 1 - buffer);
    memmove(buffer, newline + 1, length);
  }
}

static int watch(int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(epollFd, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
  return fd;
}

int main(void) {
  prctl(PR_SET_TIMERSLACK, 1);
  answerLength = (size_t)snprintf(answer, sizeof answer,
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n", BODY);
  memset(answer + answerLength, 'x', BODY);
  answerLength += BODY;

  epollFd = epoll_create1(0);
  int listener = watch(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 1024) < 0) fail("listen");
  if (getsockname(listener, (struct sockaddr *)&address, &size) < 0) fail("getsockname");
  timerFd = watch(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
  watch(0);
  printf("{\"kind\":\"ready\",\"port\":%d}\n", ntohs(address.sin_port));
  fflush(stdout);

  static struct epoll_event events[256];
  for (;;) {
    /* Without a stall ahead there is nothing to wake up for. */
    int count = epoll_wait(epollFd, events, 256, stallNs > 0 ? 1 : -1);
    stallIfDue();
    int hasQueued = 0;
    for (int at = 0; at < count; at++) {
      int fd = events[at].data.fd;
      if (fd == listener) acceptAll(listener);
      else if (fd == 0) readCommands();
      else if (fd == timerFd) {
        uint64_t expirations;
        if (read(timerFd, &expirations, sizeof expirations) < 0 && errno != EAGAIN) fail("timerfd");
        hasQueued = 1;
      } else serve(fd);
    }
    if (hasQueued || constantNs > 0 || slowEvery > 0) answerDue();
  }
}
