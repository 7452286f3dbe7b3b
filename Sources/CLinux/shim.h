#pragma once
// _GNU_SOURCE stays undefined: with it the C library's types would look different here and in Swift's own Glibc module.
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// prctl is variadic and so invisible to Swift. Wake-ups at the asked nanosecond instead of up to 50 us later.
static inline int mixd_set_timer_slack(unsigned long nanoseconds) {
  return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}

// The C library has no sched_setattr. A woken thread with a short slice goes before those that compute (Linux 6.12 and
// later, no privilege needed); a better nice value, which needs one, is taken where it is allowed.
struct mixd_sched_attr {
  unsigned int size, policy;
  unsigned long long flags;
  int nice;
  unsigned int priority;
  unsigned long long runtime, deadline, period;
};

static inline int mixd_schedule_early(unsigned long long slice_nanoseconds, int nice_gain) {
  // On Linux a nice value belongs to a thread: that of the first one is what the user chose for the process.
  const int nice = getpriority(PRIO_PROCESS, (id_t)getpid());
  struct mixd_sched_attr attributes = {.size = sizeof attributes, .nice = nice - nice_gain, .runtime = slice_nanoseconds};
  if (syscall(SYS_sched_setattr, 0, &attributes, 0) == 0) return 0;
  attributes.nice = nice;
  return (int)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

// pthread_setname_np needs _GNU_SOURCE. At most 15 bytes are kept.
static inline int mixd_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

// sched_setaffinity needs _GNU_SOURCE.
static inline int mixd_bind_thread(unsigned int processor) {
  unsigned long mask[16] = {0};
  const unsigned int width = 8 * sizeof mask[0];
  if (processor >= 16 * width) return -1;
  mask[processor / width] = 1UL << (processor % width);
  return (int)syscall(SYS_sched_setaffinity, 0, sizeof mask, mask);
}

// EFD_* and SOCK_* are enumerations in glibc, which Swift imports as types of their own.
static inline int mixd_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

static inline int mixd_udp_socket(int family) { return socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

// ppoll and the mmsg calls, like the structure, are only declared with _GNU_SOURCE.
static inline int mixd_ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *timeout) {
  struct timespec remaining = *timeout;  // The raw call writes what was left.
  return (int)syscall(SYS_ppoll, descriptors, count, &remaining, (void *)0, 8);
}

struct mixd_mmsghdr {
  struct msghdr msg_hdr;
  unsigned int msg_len;
};

static inline int mixd_recvmmsg(int fd, struct mixd_mmsghdr *messages, unsigned int count) {
  return (int)syscall(SYS_recvmmsg, fd, messages, count, MSG_DONTWAIT, (void *)0);
}

static inline int mixd_sendmmsg(int fd, struct mixd_mmsghdr *messages, unsigned int count) {
  return (int)syscall(SYS_sendmmsg, fd, messages, count, MSG_DONTWAIT);
}
