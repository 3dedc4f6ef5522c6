// The two event queues of the C++ references, first in first out among equal times, and a growable queue of parts.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <queue>
#include <vector>

struct Event {
  double time;
  uint64_t key;  // order of scheduling << 24 | what happens
  uint32_t what() const { return key & 0xffffff; }
};

static inline bool precedes(const Event& a, const Event& b) { return a.time < b.time || (a.time == b.time && a.key < b.key); }

struct StandardQueue {
  struct Later {
    bool operator()(const Event& a, const Event& b) const { return precedes(b, a); }
  };
  std::priority_queue<Event, std::vector<Event>, Later> events;
  uint64_t scheduled = 0;

  inline void push(double time, uint32_t what) { events.push({time, (scheduled++ << 24) | what}); }
  inline Event pop() {
    const Event first = events.top();
    events.pop();
    return first;
  }
  bool empty() const { return events.empty(); }
  size_t size() const { return events.size(); }
};

// Four children a node: half the depth of a binary heap, and the children share a cache line.
struct FourAryHeap {
  std::vector<Event> events;
  uint64_t scheduled = 0;

  inline void push(double time, uint32_t what) {
    const Event event{time, (scheduled++ << 24) | what};
    size_t i = events.size();
    events.push_back(event);
    Event* heap = events.data();
    while (i) {
      const size_t parent = (i - 1) >> 2;
      if (!precedes(event, heap[parent])) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = event;
  }

  inline Event pop() {
    Event* heap = events.data();
    const Event first = heap[0], last = events.back();
    events.pop_back();
    const size_t count = events.size();
    if (count) {
      size_t i = 0;
      for (;;) {
        const size_t child = 4 * i + 1;
        if (child >= count) break;
        size_t least = child;
        const size_t end = child + 4 < count ? child + 4 : count;
        for (size_t j = child + 1; j < end; j++) {
          if (precedes(heap[j], heap[least])) least = j;
        }
        if (!precedes(heap[least], last)) break;
        heap[i] = heap[least];
        i = least;
      }
      heap[i] = last;
    }
    return first;
  }
  bool empty() const { return events.empty(); }
  size_t size() const { return events.size(); }
};

// First in, first out: when each part that waits has entered the line.
struct Parts {
  std::vector<double> entered;
  size_t mask, head = 0, tail = 0;

  explicit Parts(size_t capacity = 16) {
    size_t room = 1;
    while (room < capacity) room <<= 1;
    entered.resize(room);
    mask = room - 1;
  }
  size_t size() const { return tail - head; }
  void push(double time) {
    if (tail - head > mask) grow();
    entered[tail++ & mask] = time;
  }
  double pop() { return entered[head++ & mask]; }
  size_t bytes() const { return sizeof(Parts) + entered.size() * sizeof(double); }

 private:
  void grow() {
    std::vector<double> larger(2 * entered.size());
    const size_t count = size();
    for (size_t i = 0; i < count; i++) larger[i] = entered[(head + i) & mask];
    entered.swap(larger);
    head = 0;
    tail = count;
    mask = entered.size() - 1;
  }
};
