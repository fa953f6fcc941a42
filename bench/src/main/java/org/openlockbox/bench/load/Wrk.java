package org.openlockbox.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openlockbox.bench.peer.Command;
import org.openlockbox.bench.peer.HttpPeers;

/// wrk, one program for each group of connections that share a session.
public final class Wrk {
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern MEDIAN = Pattern.compile("50%\\s+([0-9.]+)(us|ms|s)\\b");
  private static final Pattern LATE = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)\\b");
  private static final Pattern WRONG = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
  private static final Map<String, Double> MILLIS = Map.of("us", 0.001, "ms", 1.0, "s", 1000.0);

  private Wrk() {}

  /// What a run came to.
  ///
  /// @param rate requests a second
  /// @param p50 in milliseconds, of the slowest group
  /// @param p99 in milliseconds, of the slowest group
  public record HttpLoad(double rate, double p50, double p99) {
    HttpLoad and(HttpLoad other) {
      return new HttpLoad(rate + other.rate, Math.max(p50, other.p50), Math.max(p99, other.p99));
    }
  }

  /// Asks for so long with so many connections at a time.
  ///
  /// @param headers what each group of at most [HttpPeers#CONNECTIONS] shows; none if empty
  public static HttpLoad run(String url, int clients, List<String> headers, int seconds)
      throws Exception {
    List<Future<HttpLoad>> groups = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int left = clients; left > 0; left -= HttpPeers.CONNECTIONS) {
        int some = Math.min(left, HttpPeers.CONNECTIONS);
        int group = groups.size();
        groups.add(
            threads.submit(
                () -> group(url, some, headers.stream().skip(group).findFirst(), seconds)));
      }
      HttpLoad all = new HttpLoad(0, 0, 0);
      for (Future<HttpLoad> each : groups) {
        all = all.and(each.get());
      }
      return all;
    }
  }

  /// A token stands in a file that others cannot read, and on no command line.
  private static HttpLoad group(String url, int clients, Optional<String> header, int seconds)
      throws IOException {
    Path script = Files.createTempFile("lockbox-wrk", ".lua");
    try {
      Files.write(script, header.map(Wrk::setting).stream().toList());
      String told =
          new Command(Map.of(), "wrk", "--latency", "-t1", "-c" + clients, "-d" + seconds + "s")
              .with("--timeout", "20s", "--script", script.toString(), url)
              .output();
      if (WRONG.matcher(told).find()) {
        throw new IllegalStateException("not every answer was one: " + told);
      }
      return new HttpLoad(number(RATE, told), millis(MEDIAN, told), millis(LATE, told));
    } finally {
      Files.delete(script);
    }
  }

  private static String setting(String header) {
    int colon = header.indexOf(':');
    return "wrk.headers[\"%s\"] = \"%s\""
        .formatted(header.substring(0, colon), header.substring(colon + 1).strip());
  }

  private static double millis(Pattern pattern, String told) {
    Matcher found = found(pattern, told);
    return Double.parseDouble(found.group(1)) * MILLIS.getOrDefault(found.group(2), 1.0);
  }

  private static double number(Pattern pattern, String told) {
    return Double.parseDouble(found(pattern, told).group(1));
  }

  private static Matcher found(Pattern pattern, String told) {
    Matcher found = pattern.matcher(told);
    if (!found.find()) {
      throw new IllegalStateException("wrk says something else: " + told);
    }
    return found;
  }
}
