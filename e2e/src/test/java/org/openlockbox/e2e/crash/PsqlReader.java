package org.openlockbox.e2e.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.Typed;

/// Reads with psql, a file of statements at a time. A result counts once psql has printed it.
final class PsqlReader implements Reader {
  private static final int STATEMENTS = 200;
  private static final String PRINTED = "|";

  private final Demo demo;
  private final String tenant;
  private final String url;
  private final Path script;
  private final Markers markers;

  PsqlReader(Demo demo, String name, String tenant, String typedUrl) {
    this.demo = demo;
    this.markers = new Markers(name);
    this.tenant = tenant;
    this.url = typedUrl;
    this.script = demo.desk().resolve(name + ".sql");
  }

  @Override
  public String tenant() {
    return tenant;
  }

  @Override
  public Markers markers() {
    return markers;
  }

  @Override
  public void run() {
    String command = "exec psql -XAtq -f %s '%s'".formatted(script.getFileName(), url);
    while (!markers.isStopped()) {
      write();
      try (Typed psql = demo.terminal("engineer").begins(command)) {
        while (psql.runs() && !markers.isStopped()) {
          note(psql.out());
          Pause.briefly();
        }
        if (psql.runs()) {
          psql.signal("KILL");
        }
        psql.ends();
        note(psql.out());
      }
      Pause.briefly();
    }
  }

  private void write() {
    String statements =
        IntStream.range(0, STATEMENTS)
            .mapToObj(_ -> markers.next())
            .map(PsqlReader::statement)
            .collect(Collectors.joining());
    try {
      Files.writeString(script, statements);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String statement(String marker) {
    return "select '%s', count(*), pg_sleep(0.01) from tickets /* marker %s. */;\n"
        .formatted(marker, marker);
  }

  private void note(String printed) {
    printed
        .lines()
        .filter(line -> line.contains(PRINTED))
        .map(line -> line.substring(0, line.indexOf(PRINTED)))
        .forEach(markers::received);
  }
}
