package org.openlockbox.e2e.failover;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// What happens to an installation.
enum Strike {
  SWITCHOVER("switchover") {
    @Override
    void on(Installation all) throws IOException, InterruptedException {
      all.primary().switchesOver();
    }
  },
  CRASH("kill -9 of the primary's PostgreSQL") {
    @Override
    void on(Installation all) {
      all.primary().postgresDies();
    }
  },
  LOSS("kill -9 of Patroni and PostgreSQL") {
    @Override
    void on(Installation all) {
      var primary = all.primary();
      primary.dies();
      whileItLasts();
      primary.comesBack();
    }
  },
  STANDSTILL("the primary and its Patroni stand still and come back") {
    @Override
    void on(Installation all) {
      var primary = all.primary();
      primary.standsStill();
      whileItLasts();
      primary.goesOn();
    }
  },
  PARTITION("the primary is cut off from etcd") {
    @Override
    void on(Installation all) {
      var primary = all.primary();
      primary.losesEtcd();
      whileItLasts();
      primary.reachesEtcd();
    }
  },
  SERVER("kill -9 of a server") {
    @Override
    void on(Installation all) {
      all.kills("lockbox-1");
      all.startsAgain("lockbox-1");
    }
  },
  OTHER_SERVER("kill -9 of the other server") {
    @Override
    void on(Installation all) {
      all.kills("lockbox-2");
      all.startsAgain("lockbox-2");
    }
  },
  GATEWAY("kill -9 of a gateway") {
    @Override
    void on(Installation all) {
      all.kills("gw-1");
      all.startsAgain("gw-1");
    }
  };

  /// Longer than Patroni waits for a primary: another one is elected meanwhile.
  private static final Duration LASTS = Duration.ofSeconds(35);

  final String words;

  Strike(String words) {
    this.words = words;
  }

  abstract void on(Installation all) throws IOException, InterruptedException;

  private static void whileItLasts() {
    LockSupport.parkNanos(LASTS.toNanos());
  }
}
