package org.openlockbox.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// An approved request for the demo's API, and tokens for it: made by the same commands a person
/// types. Each token opens a session of its own.
///
/// @param headers `Authorization: Bearer …`, one for each token
record HttpGrant(String request, List<String> headers) {
  private static final Pattern ID = Pattern.compile("\"id\":\\s*\"(R-[0-9A-Z]+)\"");
  private static final Pattern FILE = Pattern.compile("LOCKBOX_HEADER_FILE='?([^'\\n]*)'?");
  private static final String APPROVER = "acme-approver";

  static HttpGrant open(String level, int tokens) {
    String created =
        lockbox("engineer")
            .with("request", "create", "--tenant", "acme", "--resource", "helpdesk-api")
            .with("--level", level, "--for", "PT2H", "--purpose", "customer_ticket")
            .with("--ticket", "BENCH-1", "--reason", "Benchmark", "-o", "json")
            .with("--sessions", String.valueOf(2 * tokens + 2))
            .output();
    Matcher id = ID.matcher(created);
    if (!id.find()) {
      throw new IllegalStateException("no request id in " + created);
    }
    String request = id.group(1);
    decide("approve", request);
    return new HttpGrant(request, Stream.generate(() -> token(request)).limit(tokens).toList());
  }

  private static String token(String request) {
    Matcher file = FILE.matcher(lockbox("engineer").with("connect", request, "env").output());
    if (!file.find()) {
      throw new IllegalStateException("no token for " + request);
    }
    try {
      return Files.readString(Path.of(file.group(1))).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void revoke() {
    decide("revoke", request);
  }

  private static void decide(String verb, String request) {
    lockbox(APPROVER).with(verb, request, "--key", APPROVER + ".key").output();
  }

  private static Command lockbox(String profile) {
    return new Command(Map.of("LOCKBOX_PROFILE", profile), "./lockbox");
  }

  @Override
  public String toString() {
    return request;
  }
}
