package org.openlockbox.bench.load;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.openlockbox.bench.peer.DemoGrant;
import org.postgresql.PGConnection;

/// One session that does one thing until it is ended, and notes when its last byte of data came and
/// when it was told, by the clock that the log uses as well.
public final class BusySession {
  /// What it does.
  public enum Kind {
    IDLE("idle"),
    STREAMING("reading rows"),
    COPY("copying out"),
    LONG("in a long statement"),
    LOCK("waiting for a lock");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /// Of which milliseconds with data it is known, the last ones.
  private static final int MOMENTS = 1 << 13;

  private final Kind kind;
  private final Map<String, String> environment;
  private final Semaphore loggingIn;
  private volatile @Nullable Connection connection;
  private final long[] came = new long[MOMENTS];
  private int moments;
  private volatile long lastByte;
  private volatile long told;
  private volatile boolean opened;
  private volatile boolean hungUp;

  public BusySession(Kind kind, Map<String, String> environment, Semaphore loggingIn) {
    this.kind = kind;
    this.environment = environment;
    this.loggingIn = loggingIn;
  }

  public Kind kind() {
    return kind;
  }

  public boolean isOpened() {
    return opened;
  }

  /// Milliseconds from that moment to the last byte of data; a session without data has none.
  public OptionalDouble lastByte(long since) {
    return lastByte == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.max(0.0, (double) (lastByte - since)));
  }

  /// Milliseconds from the last byte of data before that moment until then: for how long it had got
  /// nothing. A session without data has none. To be asked when it is over.
  public OptionalDouble silentBefore(long moment) {
    for (int i = moments - 1; i >= Math.max(0, moments - MOMENTS); i--) {
      if (came[i % MOMENTS] <= moment) {
        return OptionalDouble.of((double) (moment - came[i % MOMENTS]));
      }
    }
    return OptionalDouble.empty();
  }

  private void noteByte() {
    long now = System.currentTimeMillis();
    if (now != lastByte) {
      came[moments++ % MOMENTS] = now;
      lastByte = now;
    }
  }

  public OptionalDouble told(long since) {
    return told == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.max(0.0, (double) (told - since)));
  }

  /// Does it until it is ended.
  ///
  /// @param ready counted down when it is open, or cannot be opened
  /// @param locked open when there is a lock to wait for
  public void run(CountDownLatch ready, CountDownLatch locked) {
    try (Connection open = connect();
        Statement statement = open.createStatement()) {
      connection = open;
      opened = true;
      ready.countDown();
      locked.await();
      work(open, statement);
    } catch (SQLException e) {
      if ("57P01".equals(e.getSQLState())) {
        told = System.currentTimeMillis();
      } else if (!hungUp && kind != Kind.COPY) { // there pgjdbc writes on before it reads why
        System.err.printf("a session %s ended with %s%n", kind.words(), e.getMessage());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!opened) {
        ready.countDown();
      }
    }
  }

  private void work(Connection open, Statement statement) throws SQLException {
    switch (kind) {
      case IDLE -> open.unwrap(PGConnection.class).getNotifications(0);
      case STREAMING -> {
        while (true) {
          try (var rows = statement.executeQuery("select id from customers limit 50")) {
            while (rows.next()) {
              noteByte();
            }
          }
        }
      }
      case COPY -> copy(open);
      case LONG -> statement.execute("select pg_sleep(600)");
      case LOCK -> statement.execute("select count(*) from tickets");
    }
  }

  /// Again and again, so that it never outlasts what a client's sockets hold.
  private void copy(Connection open) throws SQLException {
    var copies = open.unwrap(PGConnection.class).getCopyAPI();
    OutputStream noted =
        new OutputStream() {
          @Override
          public void write(int b) {
            noteByte();
          }

          @Override
          public void write(byte[] bytes, int at, int count) {
            noteByte();
          }
        };
    while (true) {
      try {
        copies.copyOut("copy (select id from customers limit 500) to stdout", noted);
      } catch (IOException e) {
        throw new SQLException(e);
      }
    }
  }

  /// Ends it from here, if nobody else has.
  public void hangUp() {
    hungUp = true;
    Connection open = connection;
    if (open != null) {
      try {
        open.abort(Runnable::run);
      } catch (SQLException e) {
        // it has ended already
      }
    }
  }

  private Connection connect() throws SQLException {
    loggingIn.acquireUninterruptibly();
    try {
      return logIn();
    } finally {
      loggingIn.release();
    }
  }

  private Connection logIn() throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", environment.getOrDefault("PGUSER", ""));
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", environment.getOrDefault("PGSSLROOTCERT", ""));
    properties.setProperty("password", DemoGrant.password(environment));
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%s/%s"
            .formatted(
                environment.get("PGHOST"),
                environment.get("PGPORT"),
                environment.get("PGDATABASE")),
        properties);
  }
}
