package org.openlockbox.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An approved request of the demo, and how to log in with it: made by the same commands a person
/// types.
public record DemoGrant(String tenant, String request, Map<String, String> environment) {
  private static final Pattern ID = Pattern.compile("\"id\":\\s*\"(R-[0-9A-Z]+)\"");
  private static final Pattern EXPORT = Pattern.compile("export (PG[A-Z]+)='?([^'\\n]*)'?");

  public static DemoGrant open(String level) {
    return open("acme", level);
  }

  public static DemoGrant open(String tenant, String level) {
    String created =
        lockbox("engineer")
            .with("request", "create", "--tenant", tenant, "--resource", "helpdesk")
            .with("--level", level, "--for", "PT2H", "--purpose", "customer_ticket")
            .with(
                "--ticket", "BENCH-1", "--reason", "Benchmark", "--sessions", "1000", "-o", "json")
            .output();
    Matcher id = ID.matcher(created);
    if (!id.find()) {
      throw new IllegalStateException("no request id in " + created);
    }
    var access = new DemoGrant(tenant, id.group(1), Map.of());
    access.asApprover("approve");
    return new DemoGrant(tenant, id.group(1), connect(id.group(1)));
  }

  /// Signed revocation, as the approver would type it.
  public void revoke() {
    asApprover("revoke");
  }

  private void asApprover(String verb) {
    String approver = tenant + "-approver";
    lockbox(approver).with(verb, request, "--key", approver + ".key").output();
  }

  private static Map<String, String> connect(String request) {
    var environment = new LinkedHashMap<String, String>();
    Matcher exports = EXPORT.matcher(lockbox("engineer").with("connect", request, "env").output());
    while (exports.find()) {
      environment.put(exports.group(1), exports.group(2));
    }
    return environment;
  }

  /// How to log in with it at another gateway than the demo's.
  public Map<String, String> at(String port) {
    var there = new LinkedHashMap<>(environment);
    there.put("PGPORT", port);
    there.put("PGPASSWORD", password(environment));
    return there;
  }

  /// The password that belongs to such an environment. Its file names the demo's own port.
  public static String password(Map<String, String> environment) {
    try {
      String line = Files.readString(Path.of(environment.getOrDefault("PGPASSFILE", ""))).strip();
      return line.substring(line.lastIndexOf(':') + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Command lockbox(String profile) {
    return new Command(Map.of("LOCKBOX_PROFILE", profile), "./lockbox");
  }
}
