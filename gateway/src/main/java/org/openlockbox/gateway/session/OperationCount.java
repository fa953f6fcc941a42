package org.openlockbox.gateway.session;

import java.util.concurrent.atomic.AtomicInteger;

/// How many operations of a session are under way, where each is a call that nobody but the gateway
/// and what it protects can end.
final class OperationCount implements OpenOperations {
  private final AtomicInteger count = new AtomicInteger();

  void begun() {
    count.incrementAndGet();
  }

  void ended() {
    count.decrementAndGet();
  }

  @Override
  public boolean isUnderWay() {
    return count.get() > 0;
  }

  @Override
  public boolean runsByItself() {
    return isUnderWay();
  }

  @Override
  public boolean awaitsClient() {
    return !isUnderWay();
  }
}
